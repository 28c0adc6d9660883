//! Schemas of a user's own: in the configuration, or in Workers KV.
//!
//! What KV holds is read when the first authentic delivery needs it, and again in the background when it
//! has become old. One that cannot be honoured never takes the place of one that can.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use hookwarden::{Authentic, EventPatterns, OwnSchema, Schema, SchemaStatus, Setting};
use js_sys::JsString;
use wasm_bindgen::JsCast;

use crate::config::Config;
use crate::js::Env;
use crate::kv;
use crate::log::{now_ms, write_schema_trouble};
use crate::source::Source;

/// The name of the KV namespace's binding.
pub(crate) const BINDING: &str = "SCHEMAS";
/// What a string begins with that names a key of KV.
const KV: &str = "kv:";
/// KV takes no longer key.
const MAX_KEY_BYTES: usize = 512;
/// The longest text that is read from KV, in UTF-16 code units.
const MAX_LENGTH: u32 = 256 * 1024;
/// How long to wait before KV is asked again for what it could not give, in milliseconds.
const RETRY_MS: u64 = 5_000;

/// Where a schema comes from.
#[derive(Debug)]
pub(crate) enum Declared {
    Inline(Arc<Schema>),
    /// The key in KV.
    Kv(Rc<str>),
}

impl Declared {
    fn read(pattern: &str, schema: Setting) -> Result<Self, String> {
        match schema.as_str().and_then(|text| text.strip_prefix(KV)) {
            Some(key) if (1..=MAX_KEY_BYTES).contains(&key.len()) && key != "." && key != ".." => {
                Ok(Self::Kv(key.into()))
            }
            Some(_) => Err(format!(
                "schemas.{pattern:?}: a key of KV has 1 to {MAX_KEY_BYTES} bytes and is not `.` or `..`"
            )),
            None => {
                let schema = schema.schema().map_err(|misuse| format!("{}: {misuse}", misuse.code()))?;
                Ok(Self::Inline(Arc::new(schema)))
            }
        }
    }

    /// What there is of it in this isolate.
    fn current(&self) -> OwnSchema {
        match self {
            Self::Inline(schema) => OwnSchema::Ready(Arc::clone(schema)),
            Self::Kv(key) => known(key).map_or(OwnSchema::Unavailable, OwnSchema::Ready),
        }
    }
}

/// The schemas of a source.
#[derive(Debug)]
pub(crate) struct Schemas(EventPatterns<Declared>);

impl Schemas {
    pub(crate) fn new(schemas: EventPatterns<Setting>) -> Result<Self, String> {
        Ok(Self(schemas.try_map(Declared::read)?))
    }

    /// Whether there is one in KV.
    pub(crate) fn uses_kv(&self) -> bool {
        self.0.values().any(|schema| matches!(schema, Declared::Kv(_)))
    }

    /// What there is of them in this isolate.
    pub(crate) fn current(&self) -> EventPatterns<OwnSchema> {
        self.0.map(Declared::current)
    }

    /// The key in KV of the schema for a delivery, unless schemas are off for it.
    pub(crate) fn key_for(&self, authentic: &Authentic) -> Option<&Rc<str>> {
        match self.0.of(authentic.event.event_type.as_deref().unwrap_or_default())? {
            Declared::Kv(key) if authentic.schema.status != SchemaStatus::Off => Some(key),
            _ => None,
        }
    }
}

/// What is to be done for a delivery before its verdict counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Nothing,
    /// The schema is old: load it in the background, for later deliveries.
    Refresh,
    /// It was never asked for: load it, and judge again.
    Load,
}

thread_local! {
    /// What this isolate knows of the keys in KV that it has asked for. No more than the configuration
    /// names.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// Whether there is anything to do about a schema at a time in milliseconds. Promises of one request must
/// not be awaited in another, so the first deliveries of an isolate may each load it.
pub(crate) fn need(key: &str, refresh_ms: u64, now: u64) -> Need {
    KNOWN.with_borrow_mut(|all| match all.iter_mut().find(|known| &*known.key == key) {
        None => Need::Load,
        Some(known) if known.next <= now => {
            known.wait(refresh_ms, now);
            Need::Refresh
        }
        Some(_) => Need::Nothing,
    })
}

/// The schema that is in force for a key.
pub(crate) fn known(key: &str) -> Option<Arc<Schema>> {
    KNOWN.with_borrow(|all| all.iter().find(|known| &*known.key == key)?.schema.clone())
}

/// Asks KV for a schema, and puts it in force wherever it is used if it is new and can be honoured.
/// `source` is the one that needs it now, for the log.
pub(crate) fn load(
    env: Env,
    config: Rc<Config>,
    source: Rc<Source>,
    key: Rc<str>,
) -> LocalBoxFuture<'static, ()> {
    Box::pin(async move {
        let found = read(&env, &key).await;
        if let Some(trouble) = take(&key, found, config.schema_refresh_ms, now_ms()) {
            write_schema_trouble(&source.name, &key, &trouble);
        }
        for source in config.usable() {
            source.take_up_schemas();
        }
    })
}

/// Remembers what KV gave. Gives what is wrong with it, if that is new.
fn take(key: &Rc<str>, found: Result<String, String>, refresh_ms: u64, now: u64) -> Option<String> {
    KNOWN.with_borrow_mut(|all| {
        let at = all.iter().position(|known| known.key == *key).unwrap_or_else(|| {
            all.push(Known::new(Rc::clone(key)));
            all.len() - 1
        });
        let known = all.get_mut(at)?;
        let trouble = known.take(found);
        known.wait(refresh_ms, now);
        trouble
    })
}

async fn read(env: &Env, key: &str) -> Result<String, String> {
    let value = kv::get(env, BINDING, key).await;
    let value = value.map_err(|_| "KV did not answer, or not in time")?;
    match value.dyn_ref::<JsString>() {
        Some(text) if text.length() <= MAX_LENGTH => Ok(text.into()),
        Some(_) => Err(format!("the schema is longer than {MAX_LENGTH} characters")),
        None => Err("there is nothing under this key".to_owned()),
    }
}

/// What is known of a key.
#[derive(Debug)]
struct Known {
    key: Rc<str>,
    /// The last one that could be honoured.
    schema: Option<Arc<Schema>>,
    /// The last that KV held, and why it cannot be honoured.
    text: Option<String>,
    refused: Option<String>,
    /// What has been logged.
    trouble: Option<String>,
    /// When KV may be asked again, in milliseconds.
    next: u64,
}

impl Known {
    fn new(key: Rc<str>) -> Self {
        Self { key, schema: None, text: None, refused: None, trouble: None, next: 0 }
    }

    /// Compiles what has changed. Gives what is wrong, if that is new.
    fn take(&mut self, found: Result<String, String>) -> Option<String> {
        let trouble = match found {
            Err(reason) => Some(reason),
            Ok(text) => {
                if self.text.as_ref() != Some(&text) {
                    let compiled = Schema::compile(text.as_bytes());
                    self.refused = compiled.as_ref().err().map(ToString::to_string);
                    self.schema = compiled.ok().map(Arc::new).or(self.schema.take());
                    self.text = Some(text);
                }
                self.refused.clone()
            }
        };
        let news = trouble.clone().filter(|_| trouble != self.trouble);
        self.trouble = trouble;
        news
    }

    fn wait(&mut self, refresh_ms: u64, now: u64) {
        let pause = if self.schema.is_some() { refresh_ms } else { refresh_ms.min(RETRY_MS) };
        self.next = now.saturating_add(pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_compiled_and_only_what_can_be_honoured_is_taken() {
        let mut known = Known::new("any".into());
        assert_eq!(known.take(Err("down".into())), Some("down".into()));
        assert_eq!(known.take(Err("down".into())), None, "said once");
        assert!(known.schema.is_none());
        assert_eq!(known.take(Ok(r#"{"type":"object"}"#.into())), None);
        let first = known.schema.clone().unwrap();
        assert_eq!(known.take(Ok(r#"{"type":"object"}"#.into())), None);
        assert!(Arc::ptr_eq(&first, known.schema.as_ref().unwrap()), "not compiled again");
        let broken = || Ok(r#"{"properties":{"id":{"typ":"object"}}}"#.to_owned());
        assert!(known.take(broken()).unwrap().contains("/properties/id/typ"));
        assert_eq!(known.take(broken()), None);
        assert_eq!(known.take(Err("down".into())), Some("down".into()));
        assert!(known.take(broken()).unwrap().contains("/properties/id/typ"), "said again after the failure");
        assert!(Arc::ptr_eq(&first, known.schema.as_ref().unwrap()), "the previous one stays in force");
        assert_eq!(known.take(Ok("false".into())), None);
        assert!(!Arc::ptr_eq(&first, known.schema.as_ref().unwrap()));
    }

    #[test]
    fn kv_is_asked_at_most_once_in_an_interval() {
        let key: Rc<str> = "interval".into();
        assert_eq!(need(&key, 60_000, 0), Need::Load);
        let set = |found, now| take(&key, found, 60_000, now);
        set(Err("down".into()), 0);
        assert_eq!(need(&key, 60_000, 4_999), Need::Nothing);
        assert_eq!(need(&key, 60_000, 5_000), Need::Refresh, "sooner while there is none");
        assert_eq!(need(&key, 60_000, 5_001), Need::Nothing, "one is under way");
        set(Ok("true".into()), 6_000);
        assert_eq!(need(&key, 60_000, 65_999), Need::Nothing);
        assert_eq!(need(&key, 60_000, 66_000), Need::Refresh);
        assert_eq!(need(&key, 60_000, 125_999), Need::Nothing);
    }

    #[test]
    fn a_string_is_a_key_of_kv_or_the_text_of_a_schema() {
        let read = |schema: &str| {
            let mut table = hookwarden::Table::parse(format!(r#"{{"s":{{"a":{schema}}}}}"#).as_bytes())?;
            table.by_event("s")?.try_map(Declared::read)
        };
        let is_kv = |schema| matches!(read(schema).unwrap().of("a"), Some(Declared::Kv(_)));
        assert!(is_kv(r#""kv:calls/v2""#));
        for inline in [r#"{"type":"object"}"#, r#""{\"type\":\"object\"}""#, "false"] {
            assert!(!is_kv(inline), "{inline}");
        }
        for (broken, reason) in [
            (r#""kv:""#, "1 to 512 bytes"),
            (r#""kv:..""#, "1 to 512 bytes"),
            (r#""calls""#, "schema_invalid: the schema is invalid: /s/a: line 1, column 1"),
            (r#"{"typ":1}"#, "schema_invalid: the schema is invalid: /s/a: /typ"),
        ] {
            assert!(read(broken).unwrap_err().contains(reason), "{broken}");
        }
    }
}
