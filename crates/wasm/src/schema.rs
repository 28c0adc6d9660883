//! A JSON Schema of the caller's own, without a delivery around the payload.

use hookwarden::{Code, Dialect, Reader, SchemaOptions, Table, Violation};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Misuse, json, misuse};

/// How much of a value at fault is shown, in bytes.
const SHOWN: usize = 256;

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
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen can pass")]
    pub fn new(text: &[u8], options: Option<String>) -> Result<Schema, Misuse> {
        let options = options.as_deref().unwrap_or("{}");
        let options = Table::parse(options.as_bytes())
            .and_then(|table| Reader::read(table, read))
            .map_err(|error| misuse("options_invalid", &error))?;
        let schema = hookwarden::Schema::compile_with(text, &options);
        schema.map(Self).map_err(|error| misuse(error.code(), &error))
    }

    /// Judges a payload. Nothing crosses the border for one that satisfies the schema; otherwise the
    /// answer is JSON: `{"code", "detail"?, "violations"}`. With `values`, each violation has the beginning
    /// of the `"value"` at fault.
    pub fn validate(&self, payload: &[u8], values: Option<bool>) -> Option<String> {
        let (code, detail, violations) = match self.0.validate(payload) {
            Ok(violations) if violations.is_empty() => return None,
            Ok(violations) => (Code::SchemaViolation, None, violations),
            Err(rejection) => (rejection.code, rejection.detail, Vec::new()),
        };
        let violations = violations
            .iter()
            .map(|violation| {
                let value = violation.value_in(payload).filter(|_| values.unwrap_or_default());
                Shown { violation, value: value.map(beginning) }
            })
            .collect();
        Some(json::text(&Outcome { code, detail, violations }))
    }
}

/// What is wrong with a payload.
#[derive(serde::Serialize)]
struct Outcome<'a> {
    code: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    violations: Vec<Shown<'a>>,
}

struct Shown<'a> {
    violation: &'a Violation,
    value: Option<String>,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Violation { path, keyword, message, schema, line, column, .. } = self.violation;
        let mut object = serializer.serialize_struct("Violation", 7)?;
        object.serialize_field("path", path)?;
        object.serialize_field("keyword", keyword)?;
        object.serialize_field("message", message)?;
        object.serialize_field("schema", schema)?;
        object.serialize_field("line", line)?;
        object.serialize_field("column", column)?;
        match &self.value {
            Some(value) => object.serialize_field("value", value)?,
            None => object.skip_field("value")?,
        }
        object.end()
    }
}

/// As much of a value's text as is shown.
fn beginning(value: &[u8]) -> String {
    // A payload is UTF-8, or it would not have been judged.
    let text = str::from_utf8(value).unwrap_or_default();
    match text.char_indices().map(|(at, _)| at).take_while(|&at| at <= SHOWN).last() {
        Some(end) if text.len() > SHOWN => format!("{}…", text.get(..end).unwrap_or_default()),
        _ => text.to_owned(),
    }
}

fn read(reader: &mut Reader) -> SchemaOptions {
    const FORMATS: &[(&str, bool)] = &[("annotate", false), ("assert", true)];
    const UNKNOWN: &[(&str, bool)] = &[("refuse", false), ("annotate", true)];
    const DIALECTS: &[(&str, Dialect)] = &[("2020-12", Dialect::Draft202012), ("7", Dialect::Draft7)];
    let mut resources = Vec::new();
    reader.within("resources", &mut |listed| {
        while let Some((uri, text)) = listed.next_text() {
            resources.push((uri, text.into_bytes()));
        }
    });
    SchemaOptions {
        resources,
        assert_format: reader.word("formats", FORMATS).unwrap_or_default(),
        annotate_unknown_keywords: reader.word("unknown_keywords", UNKNOWN).unwrap_or_default(),
        default_dialect: reader.word("default_dialect", DIALECTS).unwrap_or_default(),
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use serde_json::{Value, json};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::Schema;

    fn compile(schema: &Value, options: &Value) -> Result<Schema, Value> {
        let made = Schema::new(schema.to_string().as_bytes(), Some(options.to_string()));
        made.map_err(|error| serde_json::from_str(&error).unwrap())
    }

    fn outcome(schema: &Schema, payload: &str, values: bool) -> Value {
        let outcome = schema.validate(payload.as_bytes(), Some(values));
        outcome.map_or(Value::Null, |outcome| serde_json::from_str(&outcome).unwrap())
    }

    #[wasm_bindgen_test]
    fn nothing_crosses_for_a_payload_that_satisfies_the_schema() {
        let schema = Schema::new(br#"{"type":"object"}"#, None).ok().unwrap();
        assert_eq!(schema.validate(b"{}", None), None);
        assert_eq!(schema.validate(b"{}", Some(true)), None);
    }

    #[wasm_bindgen_test]
    fn violations_show_values_only_when_asked() {
        let schema = compile(&json!({ "additionalProperties": { "type": "null" } }), &json!({})).unwrap();
        let payload = format!(r#"{{"a":"hunter2","b":"{}"}}"#, "é".repeat(200));
        let without = outcome(&schema, &payload, false);
        assert!(!without.to_string().contains("hunter2"), "{without}");
        assert_eq!(without["code"], "schema_violation");
        assert_eq!(without["violations"][0]["path"], "/a");
        assert_eq!(without["violations"][0]["column"], 6);
        let with = outcome(&schema, &payload, true);
        assert_eq!(with["violations"][0]["value"], r#""hunter2""#);
        // A quote and 127 characters of two bytes are 255.
        assert_eq!(with["violations"][1]["value"], format!("\"{}…", "é".repeat(127)));
    }

    #[wasm_bindgen_test]
    fn what_cannot_be_judged_has_a_code_and_no_violations() {
        let schema = Schema::new(b"true", None).ok().unwrap();
        for (payload, code) in [
            ("{", "payload_not_json"),
            (r#"{"a":1,"a":1}"#, "duplicate_key"),
            (&"[".repeat(1000), "payload_too_deep"),
        ] {
            let outcome = outcome(&schema, payload, true);
            assert_eq!(outcome["code"], code);
            assert_eq!(outcome["violations"], json!([]));
        }
    }

    #[wasm_bindgen_test]
    fn options_are_honoured() {
        let resources = json!({ "resources": { "https://example.com/s": r#"{"type":"string"}"# } });
        let referring = compile(&json!({ "$ref": "https://example.com/s" }), &resources).unwrap();
        assert_eq!(outcome(&referring, "1", false)["violations"][0]["keyword"], "type");

        let date = json!({ "format": "date" });
        assert_eq!(outcome(&compile(&date, &json!({})).unwrap(), r#""x""#, false), Value::Null);
        let asserted = compile(&date, &json!({ "formats": "assert" })).unwrap();
        assert_eq!(outcome(&asserted, r#""x""#, false)["violations"][0]["keyword"], "format");

        let unknown = json!({ "propertes": {} });
        assert_eq!(compile(&unknown, &json!({})).err().unwrap()["code"], "schema_invalid");
        assert!(compile(&unknown, &json!({ "unknown_keywords": "annotate" })).is_ok());

        let draft7 = json!({ "items": [{ "type": "null" }] });
        assert!(compile(&draft7, &json!({})).is_err());
        assert!(compile(&draft7, &json!({ "default_dialect": "7" })).is_ok());
    }

    #[wasm_bindgen_test]
    fn mistakes_in_the_options_say_where() {
        for (options, place) in [
            (json!({ "formats": "perhaps" }), "/formats"),
            (json!({ "resources": { "a": 1 } }), "/resources/a"),
            (json!({ "dialect": "7" }), "/dialect"),
        ] {
            let error = compile(&json!(true), &options).err().unwrap();
            assert_eq!(error["code"], "options_invalid");
            assert!(error["message"].as_str().unwrap().starts_with(place), "{error}");
        }
    }
}
