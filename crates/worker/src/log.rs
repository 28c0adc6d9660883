//! One line of JSON per delivery and per relay from the queue, and one where a schema in KV is not taken up. No secret,
//! no signature, no payload value: of the payload only event type and event id, as the core makes them safe.

use hookwarden::{Code, Verdict, Violation};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::journal;
use crate::js;

#[wasm_bindgen]
extern "C" {
    /// `js/line.ts`, which prints the lines of the queue and of replays, too.
    #[wasm_bindgen(js_namespace = globalThis, js_name = hookwardenLine)]
    fn print_line(line: &str);
}

/// What happened to a delivery, field by field as it is logged.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Line {
    pub(crate) via: Via,
    pub(crate) source: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) verdict: Word,
    pub(crate) code: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    pub(crate) event_type: Option<String>,
    pub(crate) event_id: Option<String>,
    pub(crate) schema: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "masked")]
    pub(crate) violations: Vec<Violation>,
    pub(crate) key: Option<String>,
    pub(crate) duplicate: bool,
    /// Which secret matched: 0 is `<SOURCE>_SECRET`, 1 is `<SOURCE>_SECRET_2`.
    pub(crate) secret: Option<usize>,
    pub(crate) status: u16,
    pub(crate) origin_status: Option<u16>,
    pub(crate) body_ms: Option<u64>,
    pub(crate) store_ms: Option<u64>,
    pub(crate) origin_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) schema_ms: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<&'static str>,
}

/// What the line is about: a delivery of the provider. The other words (`queue`, `replay`) are written by
/// `js/relay.ts`.
#[derive(Debug, Default, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Via {
    #[default]
    Sender,
}

/// Said to the log and to the origin of a delivery that might have been relayed before.
pub(crate) const STORE_UNAVAILABLE: &str = "store_unavailable";

/// What the core says of a delivery; rejected until it says otherwise.
#[derive(Debug, Default, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Word {
    Accepted,
    #[default]
    Rejected,
}

impl Line {
    pub(crate) fn of(source: &str) -> Self {
        Self { source: Some(source.to_owned()), ..Self::default() }
    }

    /// Takes over what the core found. `secret_places` are those of the source.
    pub(crate) fn judged(&mut self, verdict: &Verdict, secret_places: &[usize]) {
        self.verdict = if verdict.is_accepted() { Word::Accepted } else { Word::Rejected };
        self.code = verdict.code();
        self.detail = verdict.rejection.as_ref().and_then(|rejection| rejection.detail.clone());
        if let Some(authentic) = &verdict.authentic {
            self.event_type.clone_from(&authentic.event.event_type);
            self.event_id.clone_from(&authentic.event.id);
            self.schema = Some(authentic.schema.status.as_str());
            self.violations.clone_from(&authentic.schema.violations);
            self.key = Some(authentic.key.to_string());
            self.secret = secret_places.get(authentic.secret).copied();
        }
    }

    /// Prints the line, and adds it to the delivery log.
    pub(crate) fn write(&self) {
        if let Some(line) = self.print() {
            journal::push(&line);
        }
    }

    /// Prints the line, with a data point where those are wanted, and no more.
    pub(crate) fn print(&self) -> Option<String> {
        let line = serde_json::to_string(self).ok()?;
        print_line(&line);
        Some(line)
    }

    pub(crate) fn is_store_unavailable(&self) -> bool {
        self.notes.contains(&STORE_UNAVAILABLE)
    }
}

/// A schema in KV that is not taken up: the one line that is about no delivery.
#[derive(Serialize)]
struct SchemaTrouble<'a> {
    source: &'a str,
    schema_key: &'a str,
    error: &'a str,
}

/// Says why a schema is not taken up.
pub(crate) fn write_schema_trouble(source: &str, schema_key: &str, error: &str) {
    if let Ok(line) = serde_json::to_string(&SchemaTrouble { source, schema_key, error }) {
        js::log(&line);
    }
}

/// Property names that a schema does not declare may be data.
fn masked<S: Serializer>(violations: &[Violation], serializer: S) -> Result<S::Ok, S::Error> {
    let shown = |violation: &Violation| format!("{} {}", violation.masked_path, violation.keyword);
    serializer.collect_seq(violations.iter().map(shown))
}

/// The time in milliseconds. Production clocks stand still during computation: only what waits for
/// something takes time by them.
pub(crate) fn now_ms() -> u64 {
    js::now_ms()
}

/// A time in milliseconds, in Unix seconds.
pub(crate) fn seconds(ms: u64) -> i64 {
    i64::try_from(ms / 1000).unwrap_or(i64::MAX)
}
