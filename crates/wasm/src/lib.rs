//! The core's surface for JavaScript: it turns arguments and results into what can cross the border,
//! and decides nothing.
//!
//! Everything structured crosses as JSON text, which JavaScript engines read faster than objects can be
//! built one property at a time. The npm package wraps this in its own types.

mod json;
mod schema;
pub mod sign;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use std::fmt::Write as _;

use hookwarden::{
    Authentic, Delivery, EventPatterns, Options, OwnSchema, Provider, Reply, SchemaMode, Secret, Setting,
    Table, UnknownEvents,
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

    /// Judges a delivery at a time in Unix seconds. `headers` are JSON: `{"headers": [name, value, …]}`; the
    /// answer is the verdict as JSON, with `key`, `dedupe`, `reply` and `secret`, which are `null` until
    /// the delivery is authenticated.
    ///
    /// # Errors
    /// `{"code", "message"}` where `headers` are not such a list, or the time is not a number.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen can pass")]
    pub fn verify(
        &self,
        method: Option<String>,
        headers: &str,
        body: &[u8],
        now: f64,
    ) -> Result<String, Misuse> {
        let headers = read_headers(headers).ok_or_else(|| misuse("headers_invalid", &HEADERS))?;
        if !now.is_finite() {
            return Err(misuse("now_invalid", &"the time must be a number of Unix seconds"));
        }
        let headers: Vec<_> = headers
            .chunks_exact(2)
            .filter_map(|pair| pair.first().zip(pair.last()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let delivery = Delivery { method: method.as_deref(), url: None, headers: &headers, body };
        // A float beyond the range of an integer becomes the nearest one.
        #[expect(clippy::cast_possible_truncation, reason = "JavaScript's only number type")]
        let verdict = self.0.verify(&delivery, now as i64);
        let mut answer = json::text(&verdict);
        answer.pop();
        // Writing to a string cannot fail.
        let _ = match &verdict.authentic {
            None => write!(answer, r#","key":null,"dedupe":null,"reply":null,"secret":null}}"#),
            Some(Authentic { key, dedupe, reply, secret, .. }) => {
                let reply = if *reply == Reply::Origin { "origin" } else { "any" };
                write!(answer, r#","key":"{key}","dedupe":{dedupe},"reply":"{reply}","secret":{secret}}}"#)
            }
        };
        Ok(answer)
    }

    /// What the caller has to know of the source: JSON `{"headers", "methods", "window_seconds"}`.
    /// `headers` are all that can change a verdict; `window_seconds` is how long an idempotency key is
    /// worth keeping.
    #[wasm_bindgen(getter)]
    pub fn facts(&self) -> String {
        #[derive(Serialize)]
        struct Facts<'p> {
            headers: Vec<String>,
            methods: &'p [String],
            window_seconds: u32,
        }
        let provider = self.0.provider();
        let headers = provider.signature_headers().collect();
        let window_seconds = self.0.dedupe_window_seconds();
        json::text(&Facts { headers, methods: provider.methods(), window_seconds })
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
    json::text(&listed)
}

const HEADERS: &str = "the headers must be a list of names and values";

/// With the core's own reader: serde's for a list of pairs took 8 KB gzipped.
fn read_headers(text: &str) -> Option<Vec<String>> {
    let mut table = Table::parse(text.as_bytes()).ok()?;
    let headers = table.texts("headers").ok()?;
    table.end().ok()?;
    headers.len().is_multiple_of(2).then_some(headers)
}

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
    #[derive(Serialize)]
    struct Shown<'a> {
        code: &'a str,
        message: String,
    }
    json::text(&Shown { code, message: error.to_string() })
}
