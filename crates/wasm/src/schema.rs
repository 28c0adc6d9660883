//! Payload schemas on their own.

use hookwarden::{SchemaOptions, Table};
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Misuse, misuse};

/// A compiled JSON Schema.
#[wasm_bindgen]
pub struct Schema(hookwarden::Schema);

#[wasm_bindgen]
impl Schema {
    /// Takes the text of a schema and `{"resources"?, "formats"?, "unknown_keywords"?}`.
    ///
    /// # Errors
    /// `{"code", "message"}` for a schema that cannot be honoured, or a mistake in the options.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, options: &str) -> Result<Schema, Misuse> {
        let options = Table::parse(options.as_bytes())
            .and_then(read)
            .map_err(|error| misuse("options_invalid", &error))?;
        hookwarden::Schema::compile_with(text.as_bytes(), &options)
            .map(Self)
            .map_err(|error| misuse(error.code(), &error))
    }

    /// Judges a payload: nothing where it satisfies the schema, else its violations as JSON.
    pub fn validate(&self, payload: &[u8]) -> Option<String> {
        match self.0.validate(payload) {
            Ok(violations) if violations.is_empty() => None,
            Ok(violations) => serde_json::to_string(&violations).ok(),
            Err(rejection) => {
                let message = rejection.detail.as_deref().unwrap_or(rejection.code.meaning());
                let code = rejection.code.as_str();
                Some(json!([{ "path": "", "keyword": code, "message": message, "schema": "" }]).to_string())
            }
        }
    }
}

fn read(mut table: Table) -> Result<SchemaOptions, String> {
    let formats = table.word("formats", &[("assert", true), ("annotate", false)])?;
    let unknown = table.word("unknown_keywords", &[("annotate", true), ("refuse", false)])?;
    let mut resources = Vec::new();
    if let Some(mut listed) = table.table("resources")? {
        while let Some((uri, text)) = listed.next_text() {
            resources.push((uri, text?.into_bytes()));
        }
    }
    table.end()?;
    Ok(SchemaOptions {
        resources,
        assert_format: formats.unwrap_or(false),
        annotate_unknown_keywords: unknown.unwrap_or(false),
        ..SchemaOptions::default()
    })
}
