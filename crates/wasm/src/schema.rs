//! A JSON Schema of the caller's own, without a delivery around the payload.

use hookwarden::{Dialect, SchemaOptions, Table};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Misuse, misuse};

/// A compiled JSON Schema.
#[wasm_bindgen]
pub struct Schema(hookwarden::Schema);

#[wasm_bindgen]
impl Schema {
    /// Compiles the text of a schema. The options are JSON: `{"resources"?: {"<uri>": "<text of a schema>"},
    /// "formats"?: "annotate" | "assert", "unknown_keywords"?: "refuse" | "annotate",
    /// "default_dialect"?: "2020-12" | "7"}`.
    ///
    /// # Errors
    /// `{"code", "message"}` for a schema that cannot be honoured and for a mistake in the options.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8], options: Option<String>) -> Result<Schema, Misuse> {
        let options = options
            .map_or_else(|| Ok(SchemaOptions::default()), |text| Table::parse(text.as_bytes()).and_then(read))
            .map_err(|error| misuse("options_invalid", &error))?;
        let schema = hookwarden::Schema::compile_with(text, &options);
        schema.map(Self).map_err(|error| misuse(error.code(), &error))
    }

    /// Judges a payload. Nothing crosses the border for one that satisfies the schema; otherwise the
    /// answer is JSON: `{"code", "detail"?, "violations": [...]}`.
    pub fn validate(&self, payload: &[u8]) -> Option<String> {
        match self.0.validate(payload) {
            Ok(violations) if violations.is_empty() => None,
            Ok(violations) => {
                let violations = violations.iter().map(|violation| serde_json::json!(violation)).collect();
                Outcome { code: "schema_violation", detail: None, violations }.text()
            }
            Err(rejection) => {
                let (code, detail) = (rejection.code.as_str(), rejection.detail.as_deref());
                Outcome { code, detail, violations: Vec::new() }.text()
            }
        }
    }
}

/// What is wrong with a payload.
#[derive(Serialize)]
struct Outcome<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    violations: Vec<serde_json::Value>,
}

impl Outcome<'_> {
    fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

fn read(mut table: Table) -> Result<SchemaOptions, String> {
    const FORMATS: &[(&str, bool)] = &[("annotate", false), ("assert", true)];
    const UNKNOWN: &[(&str, bool)] = &[("refuse", false), ("annotate", true)];
    const DIALECTS: &[(&str, Dialect)] = &[("2020-12", Dialect::Draft202012), ("7", Dialect::Draft7)];
    let mut resources = Vec::new();
    if let Some(mut listed) = table.table("resources")? {
        while let Some((uri, text)) = listed.next_text() {
            resources.push((uri, text?.into_bytes()));
        }
    }
    let options = SchemaOptions {
        resources,
        assert_format: table.word("formats", FORMATS)?.unwrap_or_default(),
        annotate_unknown_keywords: table.word("unknown_keywords", UNKNOWN)?.unwrap_or_default(),
        default_dialect: table.word("default_dialect", DIALECTS)?.unwrap_or_default(),
    };
    table.end()?;
    Ok(options)
}
