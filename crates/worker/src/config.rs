//! What the Worker is told by its environment, read once per isolate.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hookwarden::{Secret, Signer, Table};
use js_sys::JSON;
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use crate::js::Env;
use crate::mode::Mode;
use crate::routes::{Route, check_source_name, find};
use crate::source::{Source, SourceConfig};
use crate::store::Placement;
use crate::{document, failures, journal, js, queue, schemas, store};

/// KV answers from a cache that is as old.
const DEFAULT_REFRESH_SECONDS: u64 = 60;
const MAX_REFRESH_SECONDS: u64 = 86_400;
/// How many secrets a source may have at once.
const MAX_SECRETS: usize = 10;

/// Every source by name, or the reason why it cannot be used.
pub(crate) type Sources = BTreeMap<String, Result<Rc<Source>, String>>;

/// The whole configuration. Whatever is wrong with a part of it stays with that part.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) prefix: String,
    /// Those of the variable `SOURCES`.
    sources: Sources,
    /// Whether there may be others, in a document.
    has_document: bool,
    /// The reason why no source can be used.
    pub(crate) broken: Option<String>,
    /// Signs what is relayed, where a relay secret is set.
    pub(crate) signer: Option<Signer>,
    /// After how many milliseconds a schema from KV is asked for again.
    pub(crate) schema_refresh_ms: u64,
    /// Where the Durable Objects live.
    pub(crate) placement: Placement,
    /// Whether there is a place for the log of deliveries and dead letters.
    pub(crate) has_log: bool,
    /// Whether there is a limit for authentic deliveries.
    pub(crate) has_limit: bool,
}

thread_local! {
    static CONFIG: OnceCell<Rc<Config>> = const { OnceCell::new() };
}

impl Config {
    /// A source, or the reason why it cannot be used.
    pub(crate) fn source(&self, name: &str) -> Option<Result<Rc<Source>, String>> {
        self.sources.get(name).cloned().or_else(|| document::source(name))
    }

    /// Every source that can be used.
    pub(crate) fn usable(&self) -> Vec<Rc<Source>> {
        self.sources.values().flatten().cloned().chain(document::usable()).collect()
    }

    /// Whether the document with the other sources has not been read yet: what seems unknown may be in it.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.has_document && !document::is_there()
    }
}

/// Reads the sources of a table.
pub(crate) fn read_all(env: &Env, mut tables: Table) -> Sources {
    let mut sources = Sources::new();
    while let Some((name, table)) = tables.next_table() {
        let table = check_source_name(&name).and(table);
        let source = table.and_then(|table| read_source(env, &name, table));
        sources.insert(name, source.map(Rc::new));
    }
    sources
}

/// The configuration of this isolate, less the document. A deployment starts new isolates, so it never changes in one.
pub(crate) fn load(env: &Env) -> Rc<Config> {
    CONFIG.with(|config| Rc::clone(config.get_or_init(|| Rc::new(read(env)))))
}

fn read(env: &Env) -> Config {
    let mut config = Config {
        prefix: String::new(),
        sources: Sources::new(),
        has_document: js::get(env, document::BINDING).is_some(),
        broken: None,
        signer: None,
        schema_refresh_ms: 0,
        placement: Placement::default(),
        has_log: js::get(env, journal::BINDING).is_some(),
        has_limit: js::get(env, failures::DELIVERIES).is_some(),
    };
    if let Err(reason) = fill(env, &mut config) {
        js::log_error(&format!("hookwarden: no source can be used: {reason}"));
        config.broken = Some(reason);
    }
    config
}

fn fill(env: &Env, config: &mut Config) -> Result<(), String> {
    config.prefix = read_prefix(text(env, "PREFIX"))?;
    if let Some(secret) = secret(env, "RELAY_SECRET") {
        config.signer = Some(Signer::new(&secret).map_err(|misuse| format!("RELAY_SECRET: {misuse}"))?);
    }
    config.schema_refresh_ms = read_refresh(js::get(env, "SCHEMA_REFRESH_SECONDS"))?;
    config.placement = Placement {
        location: one_of(env, "OBJECT_LOCATION", Placement::LOCATIONS)?,
        jurisdiction: one_of(env, "OBJECT_JURISDICTION", Placement::JURISDICTIONS)?,
    };
    match js::get(env, "SOURCES") {
        Some(sources) => config.sources = read_all(env, read_sources(&sources)?),
        None if config.has_document => {}
        None => return Err("SOURCES: not set".to_owned()),
    }
    Ok(())
}

fn read_prefix(prefix: Option<String>) -> Result<String, String> {
    let prefix = prefix.unwrap_or_default();
    let prefix = prefix.trim_end_matches('/');
    if find(prefix, prefix) == Route::Page {
        Err("PREFIX: `/_hookwarden` is the page's".into())
    } else if prefix.is_empty() || prefix.starts_with('/') {
        Ok(prefix.to_owned())
    } else {
        Err("PREFIX: must begin with `/`".into())
    }
}

/// A number, or a string that holds one: bindings may be either.
fn read_refresh(value: Option<JsValue>) -> Result<u64, String> {
    let Some(value) = value else { return Ok(DEFAULT_REFRESH_SECONDS * 1000) };
    let text = value.as_string().or_else(|| JSON::stringify(&value).ok()?.as_string());
    let seconds = text.and_then(|text| text.parse().ok());
    let seconds = seconds.filter(|seconds| (1..=MAX_REFRESH_SECONDS).contains(seconds));
    let wrong = || format!("SCHEMA_REFRESH_SECONDS: must be a whole number from 1 to {MAX_REFRESH_SECONDS}");
    Ok(seconds.ok_or_else(wrong)? * 1000)
}

/// A word of a list, if it is set.
fn one_of(env: &Env, name: &str, words: &[&str]) -> Result<Option<String>, String> {
    match text(env, name) {
        Some(word) if !words.contains(&word.as_str()) => {
            Err(format!("{name}: expected one of {}", words.join(", ")))
        }
        word => Ok(word),
    }
}

/// `SOURCES` is a table, or a string that holds one as JSON.
fn read_sources(value: &JsValue) -> Result<Table, String> {
    let text = match value.as_string() {
        Some(text) => text,
        None => JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default(),
    };
    Table::parse(text.as_bytes()).map_err(|error| format!("SOURCES: {error}"))
}

fn read_source(env: &Env, name: &str, table: Table) -> Result<Source, String> {
    let token = secret(env, &format!("{}_HANDSHAKE_TOKEN", binding(name)));
    let source = Source::new(name, SourceConfig::read(table)?, secrets(env, name), token)?;
    if source.dedupe && js::get(env, source.store.binding()).is_none() {
        return Err(format!(
            "store: there is no namespace bound as {}; `dedupe = false` does without",
            source.store.binding()
        ));
    }
    if source.delivery != Mode::Direct {
        let needed = [queue::BINDING, store::DURABLE, journal::BINDING];
        if let Some(absent) = needed.into_iter().find(|name| js::get(env, name).is_none()) {
            return Err(format!("delivery: \"queue\" needs the binding {absent}"));
        }
    }
    if source.schemas.uses_kv() && js::get(env, schemas::BINDING).is_none() {
        return Err(format!("schemas: there is no KV namespace bound as {}", schemas::BINDING));
    }
    if let Some(unbound) = source.targets.services().find(|service| !is_service(env, service)) {
        return Err(format!("origin: there is no service bound as {unbound}"));
    }
    Ok(source)
}

fn is_service(env: &Env, name: &str) -> bool {
    let fetch = js::get(env, name).and_then(|service| js::get(&service, "fetch"));
    fetch.is_some_and(|fetch| fetch.is_function())
}

/// A source in the names of its bindings.
fn binding(source: &str) -> String {
    source.to_ascii_uppercase().replace('-', "_")
}

/// `<SOURCE>_SECRET`, `<SOURCE>_SECRET_2` and so on, each with its place in this row, counted from 0.
fn secrets(env: &Env, source: &str) -> Vec<(usize, Secret)> {
    let first = format!("{}_SECRET", binding(source));
    let more = (2..=MAX_SECRETS).map(|number| format!("{first}_{number}"));
    let names = std::iter::once(first.clone()).chain(more).enumerate();
    names.filter_map(|(place, name)| Some((place, secret(env, &name)?))).collect()
}

/// Spaces belong to a secret; the one newline that a shell adds does not.
fn secret(env: &Env, name: &str) -> Option<Secret> {
    let text = Zeroizing::new(text(env, name)?);
    let trimmed = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text));
    Some(Secret::new(trimmed.unwrap_or(text.as_str())))
}

fn text(env: &Env, name: &str) -> Option<String> {
    js::get(env, name)?.as_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_begins_with_a_slash_and_ends_without() {
        assert_eq!(read_prefix(None), Ok(String::new()));
        assert_eq!(read_prefix(Some("/".into())), Ok(String::new()));
        assert_eq!(read_prefix(Some("/hooks/".into())), Ok("/hooks".into()));
        assert!(read_prefix(Some("hooks".into())).is_err());
        assert!(read_prefix(Some("/_hookwarden/".into())).is_err());
    }
}
