//! The core's surface for JavaScript: it turns arguments and results into what can cross the border,
//! and decides nothing.
//!
//! Everything structured crosses as JSON text, which JavaScript engines read faster than objects can be
//! built one property at a time. The npm package wraps this in its own types.

mod schema;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use hookwarden::{
    Delivery, EventPatterns, Options, OwnSchema, Provider, SchemaMode, Secret, Setting, Table, UnknownEvents,
};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

pub use schema::Schema;

/// A mistake of the caller, as it crosses the border: JSON `{"code", "message"}`.
type Misuse = String;

/// Judges the deliveries of one source.
#[wasm_bindgen]
pub struct Verifier(hookwarden::Verifier);

#[wasm_bindgen]
impl Verifier {
    /// Takes `{"provider", "secrets", "scheme"?, "source"?, "tolerance_seconds"?, "schemas"?,
    /// "schema_mode"?, "schema_modes"?, "unknown_events"?}`. `schemas` and `schema_modes` have event types
    /// or patterns such as `call.*` for keys; a schema is an object, a boolean, or a string with its text.
    ///
    /// # Errors
    /// `{"code", "message"}` for a mistake in the options; `schema_invalid` names the event type and the
    /// place in its schema.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Verifier, Misuse> {
        let (provider, options, schemas) = Table::parse(options.as_bytes())
            .and_then(read)
            .map_err(|error| misuse("options_invalid", &error))?;
        let verifier = Provider::builtin(&provider).and_then(|provider| {
            let schemas = schemas.try_map(|_, schema| schema.schema().map(OwnSchema::from))?;
            hookwarden::Verifier::new(provider, Options { schemas, ..options })
        });
        verifier.map(Self).map_err(|error| misuse(error.code(), &error))
    }

    /// Judges a delivery at a time in Unix seconds. `headers` are JSON pairs of name and value; the
    /// answer is the verdict as JSON.
    ///
    /// # Errors
    /// `{"code", "message"}` where `headers` are not such pairs, or the time is not a number.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen can pass")]
    pub fn verify(
        &self,
        method: Option<String>,
        headers: &str,
        body: &[u8],
        now: f64,
    ) -> Result<String, Misuse> {
        let headers: Vec<(String, String)> =
            serde_json::from_str(headers).map_err(|_| misuse("headers_invalid", &HEADERS))?;
        if !now.is_finite() {
            return Err(misuse("now_invalid", &"the time must be a number of Unix seconds"));
        }
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let delivery = Delivery { method: method.as_deref(), headers: &headers, body };
        // A float beyond the range of an integer becomes the nearest one.
        #[expect(clippy::cast_possible_truncation, reason = "JavaScript's only number type")]
        let verdict = self.0.verify(&delivery, now as i64);
        serde_json::to_string(&verdict).map_err(|error| misuse("internal", &error))
    }
}

/// The providers that come with the library: JSON `[{"name", "schemes", "events"}]`.
#[wasm_bindgen]
pub fn providers() -> String {
    #[derive(Serialize)]
    struct Listed<'p> {
        name: &'p str,
        schemes: Vec<&'p str>,
        events: Vec<&'p str>,
    }
    let providers: Vec<_> =
        Provider::builtin_names().filter_map(|name| Provider::builtin(name).ok()).collect();
    let listed: Vec<_> = providers
        .iter()
        .map(|provider| Listed {
            name: provider.name(),
            schemes: provider.schemes().collect(),
            events: provider.events().collect(),
        })
        .collect();
    serde_json::to_string(&listed).unwrap_or_default()
}

/// serde's own words would quote what it found, and that may be a secret.
const HEADERS: &str = "the headers must be a list of pairs of strings";

fn read(mut table: Table) -> Result<(String, Options, EventPatterns<Setting>), String> {
    let provider = table.text("provider")?;
    let provider = table.needed("provider", provider)?;
    let options = Options {
        scheme: table.text("scheme")?,
        secrets: table.texts("secrets")?.into_iter().map(Secret::new).collect(),
        source: table.text("source")?,
        tolerance_seconds: table.number("tolerance_seconds")?,
        schema_mode: table.word("schema_mode", SchemaMode::WORDS)?,
        schema_modes: table.by_event("schema_modes")?.try_map(|_, mode| mode.word(SchemaMode::WORDS))?,
        schemas: EventPatterns::default(),
        unknown_events: table.word("unknown_events", UnknownEvents::WORDS)?.unwrap_or_default(),
    };
    let schemas = table.by_event("schemas")?;
    table.end()?;
    Ok((provider, options, schemas))
}

fn misuse(code: &str, error: &dyn std::fmt::Display) -> Misuse {
    serde_json::json!({ "code": code, "message": error.to_string() }).to_string()
}
