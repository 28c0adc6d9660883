//! The core's surface for JavaScript: it turns arguments and results into what can cross the border,
//! and decides nothing.
//!
//! Everything structured crosses as JSON text, which JavaScript engines read faster than objects can be
//! built one property at a time. The npm package wraps this in its own types.

mod definitions;
mod host;
mod json;
mod schema;
pub mod sign;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use hookwarden::{
    Authentic, Compressed, Delivery, EventPatterns, Options, OwnSchema, Provider, Reader, Reply, SchemaMode,
    Secret, Setting, Table, UnknownEvents, Verdict,
};
use host::{Digester, Host};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

pub use schema::Schema;

/// Less code than Rust's own allocator: engines compile it for the first delivery.
#[cfg(all(target_arch = "wasm32", not(test)))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A mistake of the caller, as it crosses the border: JSON `{"code", "message"}`.
type Misuse = String;

/// Judges the deliveries of one source.
#[wasm_bindgen]
pub struct Verifier(hookwarden::Verifier);

#[wasm_bindgen]
impl Verifier {
    /// Takes a provider as data, the bytes of its JSON, and `{"secrets", "provider"?, "scheme"?, "source"?,
    /// "tolerance_seconds"?, "schemas"?, "schema_mode"?, "schema_modes"?, "unknown_events"?,
    /// "handshake_token"?}`. Without a definition, `provider` is the name of one that this build has. `schemas`
    /// and `schema_modes` have event types or patterns such as `call.*` for keys; a schema is an object, a
    /// boolean, or a string with its text.
    ///
    /// # Errors
    /// `{"code", "message"}` for a mistake in the options; `schema_invalid` names the event type and the
    /// place in its schema, `definition_invalid` the place in the definition.
    #[wasm_bindgen(constructor)]
    pub fn new(definition: Option<Vec<u8>>, options: &str) -> Result<Verifier, Misuse> {
        let mut table =
            Table::parse(options.as_bytes()).map_err(|error| misuse("options_invalid", &error))?;
        let provider = provider(definition, &mut table)?;
        let (options, schemas) = read(table).map_err(|error| misuse("options_invalid", &error))?;
        let verifier = schemas
            .try_map(|_, schema| schema.schema().map(OwnSchema::from))
            .and_then(|schemas| hookwarden::Verifier::new(provider, Options { schemas, ..options }));
        verifier.map(Self).map_err(|error| misuse(error.code(), &error))
    }

    /// Judges a delivery at a time in Unix seconds. `request` is JSON: `{"method"?, "headers": [name, value, …],
    /// "url"?, "answers"?}`; the answer is the verdict as JSON, with `key`, `dedupe`, `reply` and `secret`, which
    /// are `null` until the delivery is authenticated.
    ///
    /// Where there is nothing else to say and no value holds a line break, `request` may be lines, which cost less
    /// than JSON: the method or nothing, then name and value of each header in turn. If there is nothing to remark,
    /// the answer is lines then, too: schema status, event type, id, timestamp, key, `dedupe` (`1`), `reply`,
    /// `secret`; an empty one stands for `null` or `false`.
    ///
    /// Where signatures by public keys have to be checked, it is `{"checks": [{"algorithm", "key", "message",
    /// "signature"}]}` instead, the last three in hexadecimal. The call is then repeated with `answers`: a
    /// `1` for each signature that is right, and a `0` for each that is not.
    ///
    /// `digester` hashes long messages, where there is one.
    ///
    /// # Errors
    /// `{"code", "message"}` where `request` is not of this form.
    pub fn verify(
        &self,
        request: &str,
        body: &[u8],
        now: f64,
        digester: Option<Digester>,
    ) -> Result<String, Misuse> {
        let in_lines = !request.starts_with('{');
        let request = Request::read(request).ok_or_else(|| misuse("headers_invalid", &HEADERS))?;
        let headers = pairs(&request.headers);
        let url = request.url.as_deref();
        let delivery = Delivery { method: request.method.as_deref(), url, headers: &headers, body };
        let mut host = Host::new(request.answers.as_deref(), digester);
        // A float beyond the range of an integer becomes the nearest one, and what is no number 0.
        #[expect(clippy::cast_possible_truncation, reason = "JavaScript's only number type")]
        let verdict = self.0.verify_with(&delivery, now as i64, &mut host);
        if let Some(checks) = host.unanswered() {
            return Ok(checks);
        }
        if in_lines && let Some(answer) = lines(&verdict) {
            return Ok(answer);
        }
        let mut answer = json::text(&verdict);
        answer.pop();
        // Writing to a string cannot fail.
        let _ = match &verdict.authentic {
            None => write!(answer, r#","key":null,"dedupe":null,"reply":null,"secret":null}}"#),
            Some(Authentic { key, dedupe, reply, secret, .. }) => {
                let reply = reply_word(*reply);
                write!(answer, r#","key":"{key}","dedupe":{dedupe},"reply":"{reply}","secret":{secret}}}"#)
            }
        };
        Ok(answer)
    }

    /// What the caller has to know of the source: JSON `{"provider", "headers", "methods", "window_seconds",
    /// "compressed", "signs_url", "forms", "handshakes"}`. `headers` are all that can change a verdict;
    /// `window_seconds` is how long an idempotency key is worth keeping; `compressed` is `signed_as_sent` or
    /// `signed_inflated` where that is known; `handshakes` are the methods that handshakes come with.
    #[wasm_bindgen(getter)]
    pub fn facts(&self) -> String {
        #[derive(Serialize)]
        struct Facts<'p> {
            headers: Vec<String>,
            methods: &'p [String],
            window_seconds: u32,
            provider: &'p str,
            compressed: Option<&'static str>,
            signs_url: bool,
            forms: bool,
            handshakes: Vec<&'p str>,
        }
        let provider = self.0.provider();
        let headers = provider.signature_headers();
        let window_seconds = self.0.dedupe_window_seconds();
        json::text(&Facts {
            headers,
            methods: provider.methods(),
            window_seconds,
            provider: provider.name(),
            compressed: self.0.compressed().map(Compressed::as_str),
            signs_url: self.0.signs_url(),
            forms: provider.takes_forms(),
            handshakes: provider.handshake_methods().collect(),
        })
    }
}

const HEADERS: &str = "no request";

struct Request<'t> {
    method: Option<Cow<'t, str>>,
    headers: Vec<Cow<'t, str>>,
    url: Option<String>,
    answers: Option<String>,
}

impl<'t> Request<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let request = if text.starts_with('{') { Self::read_json(text)? } else { Self::read_lines(text) };
        request.headers.len().is_multiple_of(2).then_some(request)
    }

    fn read_lines(text: &'t str) -> Self {
        let mut lines = text.split('\n').map(Cow::Borrowed);
        let method = lines.next().filter(|method| !method.is_empty());
        let mut headers = Vec::with_capacity(16);
        headers.extend(lines);
        Self { method, headers, url: None, answers: None }
    }

    /// With the core's own reader: serde's for a list of pairs took 8 KB gzipped.
    fn read_json(text: &str) -> Option<Self> {
        let table = Table::parse(text.as_bytes()).ok()?;
        let request = Reader::read(table, |reader| Self {
            method: reader.text("method").map(Cow::Owned),
            headers: reader.texts("headers").into_iter().map(Cow::Owned).collect(),
            url: reader.text("url"),
            answers: reader.text("answers"),
        });
        request.ok()
    }
}

/// What is to be said of nearly every delivery.
fn lines(verdict: &Verdict) -> Option<String> {
    let Verdict { rejection: None, authentic: Some(authentic), handshake: None, .. } = verdict else {
        return None;
    };
    let Authentic { event, schema, secret, key, dedupe, reply, .. } = authentic;
    if !schema.violations.is_empty() {
        return None;
    }
    let timestamp = event.timestamp.map(|timestamp| timestamp.to_string()).unwrap_or_default();
    let lines = [
        schema.status.as_str(),
        event.event_type.as_deref().unwrap_or_default(),
        event.id.as_deref().unwrap_or_default(),
        &timestamp,
        &key.to_string(),
        if *dedupe { "1" } else { "" },
        reply_word(*reply),
        &secret.to_string(),
    ];
    Some(lines.join("\n"))
}

fn reply_word(reply: Reply) -> &'static str {
    if reply == Reply::Origin { "origin" } else { "any" }
}

fn pairs(list: &[impl AsRef<str>]) -> Vec<(&str, &str)> {
    let pairs = list.chunks_exact(2).filter_map(|pair| pair.first().zip(pair.last()));
    pairs.map(|(name, value)| (name.as_ref(), value.as_ref())).collect()
}

/// One that is defined, or one that comes with the library.
fn provider(definition: Option<Vec<u8>>, table: &mut Table) -> Result<Arc<Provider>, Misuse> {
    let provider = if let Some(definition) = definition {
        definitions::compiled(definition)
    } else {
        let name = table.needed_text("provider").map_err(|error| misuse("options_invalid", &error))?;
        Provider::builtin(&name)
    };
    provider.map_err(|error| misuse(error.code(), &error))
}

fn read(table: Table) -> Result<(Options, EventPatterns<Setting>), String> {
    Reader::read(table, |reader| {
        let options = Options {
            scheme: reader.text("scheme"),
            secrets: reader.texts("secrets").into_iter().map(Secret::new).collect(),
            source: reader.text("source"),
            tolerance_seconds: reader.number("tolerance_seconds"),
            schema_mode: reader.word("schema_mode", SchemaMode::WORDS),
            schema_modes: reader.words_by_event("schema_modes", SchemaMode::WORDS),
            schemas: EventPatterns::default(),
            unknown_events: reader.word("unknown_events", UnknownEvents::WORDS).unwrap_or_default(),
            handshake_token: reader.text("handshake_token").map(Secret::new),
        };
        (options, reader.by_event("schemas"))
    })
}

fn misuse(code: &str, error: &dyn std::fmt::Display) -> Misuse {
    #[derive(Serialize)]
    struct Shown<'a> {
        code: &'a str,
        message: String,
    }
    json::text(&Shown { code, message: error.to_string() })
}
