//! From a definition to a provider. Unknown keys are refused; errors begin with the JSON Pointer of the key.

use std::sync::Arc;

use super::event::KnownEvent;
use super::{DeliveryFacts, METHODS, Provider, is_name};
use crate::event::EventSlots;
use crate::handshake::HandshakeRule;
use crate::idempotency::KeyRule;
use crate::pointer::{Paths, Slot};
use crate::signature::{Algorithm, Scheme};
use crate::table::Table;

impl Provider {
    /// `builtin` are the events that come with the library.
    pub(super) fn read(mut table: Table, builtin: Vec<KnownEvent>) -> Result<Self, String> {
        // For editors.
        table.text("$schema")?;
        let name = table.needed_text("name")?;
        if !is_name(&name) {
            return Err(table.error("name", "use a-z, 0-9 and `-`, 1 to 63 characters"));
        }
        let methods = or(table.texts("methods")?, || vec!["POST".to_owned()]);
        if methods.iter().any(|method| !METHODS.contains(&method.as_str())) {
            return Err(table.error("methods", &format!("some of {}", METHODS.join(", "))));
        }
        let schemes = read_all(&mut table, "schemes", |scheme| Scheme::read(scheme).map(Arc::new))?;
        if schemes.is_empty() {
            return Err(table.error("schemes", "there must be at least one"));
        }
        for (at, scheme) in schemes.iter().enumerate() {
            if schemes.iter().skip(at.saturating_add(1)).any(|other| other.name == scheme.name) {
                return Err(table.error("schemes", &format!("there are two named `{}`", scheme.name)));
            }
        }
        let tokens = schemes.iter().flat_map(|scheme| scheme.token_headers()).map(str::to_owned);
        let credentials = table.texts("credentials")?.into_iter().chain(tokens);
        let credentials = credentials.map(|name| name.to_ascii_lowercase()).collect();
        let mut paths = Paths::new();
        let event = table.table("event")?;
        let event_slots = read_event(table.needed("event", event)?, &mut paths)?;
        let key_rules = read_all(&mut table, "idempotency", |rule| read_rule(rule, &mut paths))?;
        let forms = table.word("payload", &[("json", false), ("form", true)])?.unwrap_or_default();
        let handshakes = read_all(&mut table, "handshakes", HandshakeRule::read)?;
        let hmac = schemes.iter().any(|scheme| matches!(scheme.algorithm, Algorithm::Hmac(_)));
        for rule in handshakes.iter().filter(|rule| rule.signs()) {
            if rule.unsigned && forms || !hmac {
                // Whoever asks could have a body signed: a challenge can be a form, but no JSON object.
                return Err(table.error("handshakes", "a MAC in a reply needs an HMAC, and bodies of JSON"));
            }
        }
        let provider = Self {
            name,
            title: table.needed_text("title")?,
            docs: table.needed_text("docs")?,
            methods,
            credentials,
            delivery: table.table("delivery")?.map(DeliveryFacts::read).transpose()?.unwrap_or_default(),
            schemes,
            paths,
            event_slots,
            key_rules,
            forms,
            handshakes,
            events: merge(builtin, read_all(&mut table, "events", KnownEvent::read)?),
        };
        table.end()?;
        Ok(provider)
    }
}

fn read_event(mut table: Table, paths: &mut Paths) -> Result<EventSlots, String> {
    let slots = EventSlots {
        event_type: slots(&mut table, "type", paths)?,
        type_header: table.text("type_header")?,
        id: slots(&mut table, "id", paths)?,
        timestamp: slots(&mut table, "timestamp", paths)?,
    };
    if slots.event_type.is_empty() && slots.type_header.is_none() {
        return Err(table.error("type", "this key is needed"));
    }
    table.end()?;
    Ok(slots)
}

fn read_rule(mut table: Table, paths: &mut Paths) -> Result<KeyRule, String> {
    let rule = KeyRule { events: table.texts("events")?, fields: slots(&mut table, "fields", paths)? };
    if rule.fields.is_empty() {
        // All events would have one key, and all but the first be taken for duplicates.
        return Err(table.error("fields", "a rule without fields"));
    }
    table.end()?;
    Ok(rule)
}

fn slots(table: &mut Table, key: &str, paths: &mut Paths) -> Result<Vec<Slot>, String> {
    let pointers = table.texts(key)?;
    let slot = |pointer: &String| {
        let invalid = || table.error(key, &format!("`{pointer}` is no JSON Pointer to a field"));
        paths.add(pointer).ok_or_else(invalid)
    };
    pointers.iter().map(slot).collect()
}

fn merge(mut events: Vec<KnownEvent>, exceptions: Vec<KnownEvent>) -> Vec<KnownEvent> {
    for exception in exceptions {
        match events.iter_mut().find(|event| event.name == exception.name) {
            Some(event) => event.except(exception),
            None => events.push(exception),
        }
    }
    events.sort_by(|one, other| one.name.cmp(&other.name));
    events
}

fn or(list: Vec<String>, default: impl Fn() -> Vec<String>) -> Vec<String> {
    if list.is_empty() { default() } else { list }
}

fn read_all<T>(
    table: &mut Table,
    key: &str,
    read: impl FnMut(Table) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    table.tables(key)?.into_iter().map(read).collect()
}
