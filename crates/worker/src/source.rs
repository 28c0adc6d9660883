//! A configured endpoint: provider, scheme, secrets, policy and origin.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use hookwarden::{
    EventPatterns, Options, Provider, SchemaMode, Secret, Setting, Table, UnknownEvents, Verifier,
};

use crate::failures::Streak;
use crate::mode::{Mode, Way};
use crate::origin::Targets;
use crate::schemas::Schemas;
use crate::store::Store;

/// How a source is written in the configuration.
#[derive(Debug)]
pub(crate) struct SourceConfig {
    /// A provider that comes with the gateway, by its name.
    provider: Option<String>,
    /// A provider of one's own, as data.
    definition: Option<Table>,
    /// The address that the provider delivers to, for schemes that sign it.
    url: Option<String>,
    scheme: Option<String>,
    origin: String,
    schema: Option<SchemaMode>,
    schema_modes: EventPatterns<SchemaMode>,
    schemas: EventPatterns<Setting>,
    unknown_events: UnknownEvents,
    tolerance_seconds: Option<u32>,
    max_body_bytes: usize,
    dedupe: bool,
    store: Store,
    duplicate_wait_ms: Option<u32>,
    duplicate_answer: Option<DuplicateAnswer>,
    fail: Fail,
    delivery: Way,
    max_age_seconds: Option<u32>,
    origin_timeout_ms: Option<u32>,
    insecure_origin: bool,
    /// Targets by the patterns of event types.
    routes: EventPatterns<String>,
}

/// What happens while the store of delivered events does not answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Fail {
    /// Relay: at least once beats lost.
    #[default]
    Open,
    /// Answer 503: the provider will try again.
    Closed,
}

impl Fail {
    const WORDS: &'static [(&'static str, Self)] = &[("open", Self::Open), ("closed", Self::Closed)];
}

/// What a duplicate is answered with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DuplicateAnswer {
    /// The status of the first answer alone.
    #[default]
    Status,
    /// The first answer, where it is not too long to be kept.
    Full,
}

impl DuplicateAnswer {
    const WORDS: &'static [(&'static str, Self)] = &[("status", Self::Status), ("full", Self::Full)];
}

/// A source, ready for deliveries.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    verifier: RefCell<Rc<Verifier>>,
    pub(crate) schemas: Schemas,
    /// For each of the verifier's secrets its place among those that a source may have: 0 is
    /// `<SOURCE>_SECRET`, 1 is `<SOURCE>_SECRET_2`.
    pub(crate) secret_places: Vec<usize>,
    pub(crate) targets: Targets,
    pub(crate) max_body_bytes: usize,
    pub(crate) dedupe: bool,
    pub(crate) store: Store,
    /// How long a copy of an event in flight waits for what becomes of it.
    pub(crate) duplicate_wait: Duration,
    pub(crate) duplicate_answer: DuplicateAnswer,
    pub(crate) fail: Fail,
    pub(crate) delivery: Mode,
    pub(crate) origin_timeout: Duration,
    url: Option<String>,
    pub(crate) failures: Cell<Streak>,
}

const LONGEST_ORIGIN_TIMEOUT: Duration = Duration::from_secs(10);
/// What our own part of the way to the origin and back may take of the provider's patience.
const MARGIN: Duration = Duration::from_millis(1500);
/// Cloudflare grants a Worker 30 s after its sender has gone, and settling comes after the origin.
const MAX_ORIGIN_TIMEOUT_MS: u32 = 25_000;
/// Within the margin above.
const DUPLICATE_WAIT_MS: u32 = 1000;
const MAX_DUPLICATE_WAIT_MS: u32 = 10_000;
/// An isolate has 128 MB, for all that is in flight.
const MAX_BODY_BYTES: usize = 25 * 1024 * 1024;
const DEFAULT_BODY_BYTES: usize = 1024 * 1024;

impl SourceConfig {
    pub(crate) fn read(mut table: Table) -> Result<Self, String> {
        let origin = table.text("origin")?;
        let (provider, definition) = (table.text("provider")?, table.table("definition")?);
        if provider.is_some() == definition.is_some() {
            return Err(table.error("provider", "either this key or `definition` is needed"));
        }
        let config = Self {
            provider,
            definition,
            url: table.text("url")?,
            scheme: table.text("scheme")?,
            origin: table.needed("origin", origin)?,
            schema: table.word("schema", SchemaMode::WORDS)?,
            schema_modes: table.by_event("schema_modes")?.try_map(|_, mode| mode.word(SchemaMode::WORDS))?,
            schemas: table.by_event("schemas")?,
            unknown_events: table.word("unknown_events", UnknownEvents::WORDS)?.unwrap_or_default(),
            tolerance_seconds: table.number("tolerance_seconds")?,
            max_body_bytes: table
                .number("max_body_bytes")?
                .map_or(DEFAULT_BODY_BYTES, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            dedupe: table.flag("dedupe")?.unwrap_or(true),
            store: table.word("store", Store::WORDS)?.unwrap_or_default(),
            duplicate_wait_ms: table.number("duplicate_wait_ms")?,
            duplicate_answer: table.word("duplicate_answer", DuplicateAnswer::WORDS)?,
            fail: table.word("fail", Fail::WORDS)?.unwrap_or_default(),
            delivery: table.word("delivery", Way::WORDS)?.unwrap_or_default(),
            max_age_seconds: table.number("max_age_seconds")?,
            origin_timeout_ms: table.number("origin_timeout_ms")?,
            insecure_origin: table.flag("insecure_origin")?.unwrap_or(false),
            routes: table.by_event("routes")?.try_map(|_, target| target.text())?,
        };
        table.end()?;
        Ok(config)
    }

    /// Whether what is asked of the store is what it can do.
    fn check_store(&self) -> Result<(), String> {
        if self.duplicate_wait_ms.is_some_and(|wait| wait > MAX_DUPLICATE_WAIT_MS) {
            return Err(format!("duplicate_wait_ms: must be at most {MAX_DUPLICATE_WAIT_MS}"));
        }
        let strong = [
            ("duplicate_wait_ms", self.duplicate_wait_ms.is_some()),
            ("duplicate_answer", self.duplicate_answer.is_some()),
        ];
        match strong.iter().find(|(_, is_set)| *is_set) {
            Some((key, _)) if self.store == Store::Kv => {
                return Err(format!("{key}: only with store = \"durable-object\""));
            }
            _ => {}
        }
        match self.delivery {
            // A queue delivers a message more than once, and KV could not tell.
            Way::Queue if self.dedupe && self.store == Store::Kv => {
                Err("delivery: \"queue\" needs store = \"durable-object\", or dedupe = false".to_owned())
            }
            Way::Queue if self.duplicate_answer == Some(DuplicateAnswer::Full) => {
                Err("duplicate_answer: with delivery = \"queue\" no sender gets the origin's answer"
                    .to_owned())
            }
            _ => Ok(()),
        }
    }
}

impl Source {
    pub(crate) fn new(
        name: &str,
        config: SourceConfig,
        secrets: Vec<(usize, Secret)>,
        handshake_token: Option<Secret>,
    ) -> Result<Self, String> {
        let delivery = config.delivery.mode(config.max_age_seconds)?;
        config.check_store()?;
        let (secret_places, secrets) = secrets.into_iter().unzip();
        let schemas = Schemas::new(config.schemas)?;
        let options = Options {
            scheme: config.scheme,
            secrets,
            source: Some(name.to_owned()),
            tolerance_seconds: config.tolerance_seconds,
            schema_mode: config.schema,
            schema_modes: config.schema_modes,
            schemas: schemas.current(),
            unknown_events: config.unknown_events,
            handshake_token,
        };
        let provider = match config.definition {
            Some(definition) => Provider::define(definition),
            None => Provider::builtin(config.provider.as_deref().unwrap_or_default()),
        };
        let verifier = provider
            .and_then(|provider| Verifier::new(provider, options))
            .map_err(|misuse| format!("{}: {misuse}", misuse.code()))?;
        if verifier.signs_url() && config.url.is_none() {
            return Err("url: needed, since the scheme signs the address that it delivers to".to_owned());
        }
        if config.origin_timeout_ms.is_some_and(|timeout| !(1..=MAX_ORIGIN_TIMEOUT_MS).contains(&timeout)) {
            return Err(format!("origin_timeout_ms: must be from 1 to {MAX_ORIGIN_TIMEOUT_MS}"));
        }
        if config.max_body_bytes > MAX_BODY_BYTES {
            return Err(format!("max_body_bytes: must be at most {MAX_BODY_BYTES}"));
        }
        let patience =
            verifier.delivery_facts().timeout_seconds.map(|timeout| Duration::from_secs(timeout.into()));
        let origin_timeout = match (config.origin_timeout_ms, patience) {
            (Some(configured), _) => Duration::from_millis(configured.into()),
            (None, Some(patience)) => {
                // Of a short patience the margin would leave nothing.
                patience.saturating_sub(MARGIN).max(patience / 2).min(LONGEST_ORIGIN_TIMEOUT)
            }
            (None, None) => LONGEST_ORIGIN_TIMEOUT,
        };
        Ok(Self {
            name: name.to_owned(),
            verifier: RefCell::new(Rc::new(verifier)),
            schemas,
            secret_places,
            targets: Targets::new(&config.origin, config.routes, config.insecure_origin)?,
            max_body_bytes: config.max_body_bytes,
            dedupe: config.dedupe,
            store: config.store,
            duplicate_wait: Duration::from_millis(
                config.duplicate_wait_ms.unwrap_or(DUPLICATE_WAIT_MS).into(),
            ),
            duplicate_answer: config.duplicate_answer.unwrap_or_default(),
            fail: config.fail,
            delivery,
            origin_timeout,
            url: config.url,
            failures: Cell::default(),
        })
    }

    /// The URL of a delivery as its provider knows it: what is configured, with the query string as it was
    /// received.
    pub(crate) fn url(&self, query: &str) -> Option<String> {
        match (&self.url, query) {
            (None, "") => None,
            (Some(url), "") => Some(url.clone()),
            (url, query) => {
                let url = url.as_deref().unwrap_or_default();
                Some(format!("{}{query}", url.split_once('?').map_or(url, |(url, _)| url)))
            }
        }
    }

    /// The verifier, with the schemas that are in force now.
    pub(crate) fn verifier(&self) -> Rc<Verifier> {
        Rc::clone(&self.verifier.borrow())
    }

    /// How long an event is remembered: on the queue, for as long as it may be there and longer.
    pub(crate) fn window(&self) -> Duration {
        let window = Duration::from_secs(self.verifier().dedupe_window_seconds().into());
        window.max(self.delivery.max_age().saturating_mul(2))
    }

    /// Puts the schemas in force that have come from KV.
    pub(crate) fn take_up_schemas(&self) {
        if self.schemas.uses_kv() {
            let verifier = self.verifier().with_schemas(self.schemas.current());
            self.verifier.replace(Rc::new(verifier));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPATIENT: &str = r#"{"origin":"https://example.com","definition":{
        "name":"impatient","title":"Impatient","docs":"https://example.com","event":{"type":["/type"]},
        "delivery":{"timeout_seconds":1},
        "schemes":[{"name":"hmac","algorithm":"hmac-sha256","encoding":"hex","signed_content":"{body}",
                    "headers":[{"signature":"x-signature"}]}]}}"#;

    fn source(config: &str) -> Result<Source, String> {
        let config = SourceConfig::read(Table::parse(config.as_bytes())?)?;
        Source::new("test", config, vec![(0, "AAAA".into())], None)
    }

    #[test]
    fn the_origin_timeout_follows_the_providers_patience() {
        for (config, milliseconds) in [
            (r#"{"provider":"attendee","origin":"https://example.com"}"#, 8500),
            (r#"{"provider":"audian","origin":"https://example.com"}"#, 10_000),
            (r#"{"provider":"meeting-baas","scheme":"api-key","origin":"https://example.com"}"#, 3500),
            (r#"{"provider":"efficlose","origin":"https://example.com"}"#, 10_000),
            (r#"{"provider":"efficlose","origin":"https://example.com","origin_timeout_ms":50}"#, 50),
            (IMPATIENT, 500),
        ] {
            assert_eq!(source(config).unwrap().origin_timeout.as_millis(), milliseconds, "{config}");
        }
    }

    #[test]
    fn the_url_is_configured_and_its_query_received() {
        let source = |url: &str| {
            source(&format!(r#"{{"provider":"square","origin":"https://example.com","url":"{url}"}}"#))
                .unwrap()
        };
        assert_eq!(source("https://a.example/b?c=1").url("").as_deref(), Some("https://a.example/b?c=1"));
        assert_eq!(source("https://a.example/b?c=1").url("?d=2").as_deref(), Some("https://a.example/b?d=2"));
    }

    #[test]
    fn mistakes_are_named() {
        for (config, reason) in [
            (r#"{"provider":"nobody","origin":"https://example.com"}"#, "provider_unknown"),
            (r#"{"origin":"https://example.com"}"#, "/provider: either this key or `definition`"),
            (r#"{"definition":{"name":"X"},"origin":"https://example.com"}"#, "/definition/name: use a-z"),
            (r#"{"provider":"square","origin":"https://example.com"}"#, "url: needed"),
            (r#"{"provider":"meeting-baas","origin":"https://example.com"}"#, "scheme_required"),
            (r#"{"provider":"audian","origin":"http://example.com"}"#, "origin: must be https"),
            (
                r#"{"provider":"audian","origin":"https://example.com","orgin":1}"#,
                "/orgin: this key is unknown",
            ),
            (
                r#"{"provider":"audian","origin":"https://example.com","origin_timeout_ms":0}"#,
                "origin_timeout_ms",
            ),
            (
                r#"{"provider":"audian","origin":"https://example.com","duplicate_wait_ms":5}"#,
                "duplicate_wait_ms: only with store",
            ),
            (
                r#"{"provider":"audian","origin":"https://example.com","max_age_seconds":5}"#,
                "only with delivery",
            ),
            (r#"{"provider":"audian","origin":"https://example.com","delivery":"queue"}"#, "needs store"),
            (
                r#"{"provider":"audian","origin":"https://example.com","delivery":"queue","dedupe":false,"max_age_seconds":172801}"#,
                "max_age_seconds: must be from 1",
            ),
            (
                r#"{"provider":"efficlose","origin":"https://example.com","tolerance_seconds":5}"#,
                "tolerance_unused",
            ),
        ] {
            let error = source(config).unwrap_err();
            assert!(error.contains(reason), "{config}: {error}");
        }
    }
}
