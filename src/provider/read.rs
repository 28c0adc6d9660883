//! From a definition to a provider. Unknown keys are refused; errors begin with the JSON Pointer of the key.

use std::sync::Arc;

use super::event::KnownEvent;
use super::{DeliveryFacts, METHODS, Provider, is_name};
use crate::event::EventSlots;
use crate::handshake::HandshakeRule;
use crate::idempotency::KeyRule;
use crate::pointer::Paths;
use crate::reader::Reader;
use crate::signature::{Algorithm, Scheme};
use crate::table::Table;

impl Provider {
    pub(super) fn read(table: Table) -> Result<Self, String> {
        Reader::read(table, |reader| {
            // For editors.
            reader.text("$schema");
            let name = reader.needed_text("name");
            reader.check(is_name(&name), "name", "use a-z, 0-9 and `-`, 1 to 63 characters");
            let mut methods = reader.texts("methods");
            if methods.is_empty() {
                methods.push("POST".to_owned());
            }
            let known = methods.iter().all(|method| METHODS.contains(&method.as_str()));
            reader.check(known, "methods", "some of POST, PUT, PATCH, GET");
            let mut schemes = Vec::new();
            reader.each("schemes", &mut |scheme| schemes.push(Arc::new(Scheme::read(scheme))));
            check_schemes(reader, &schemes);
            let mut credentials = reader.texts("credentials");
            for scheme in schemes.iter().filter(|scheme| scheme.algorithm == Algorithm::Token) {
                // The secret itself travels in them.
                credentials.extend(scheme.families.iter().map(|family| family.signature.clone()));
            }
            for name in &mut credentials {
                name.make_ascii_lowercase();
            }
            let mut paths = Paths::new();
            let mut event_slots = EventSlots::default();
            let named = reader.within("event", &mut |event| event_slots = read_event(event, &mut paths));
            reader.check(named, "event", "this key is needed");
            let mut key_rules = Vec::new();
            reader.each("idempotency", &mut |rule| key_rules.push(read_rule(rule, &mut paths)));
            let payload = reader.word("payload", &[("json", false), ("form", true)]);
            let mut handshakes = Vec::new();
            reader.each("handshakes", &mut |rule| handshakes.push(HandshakeRule::read(rule)));
            check_handshakes(reader, &handshakes, &schemes, payload == Some(true));
            let mut delivery = DeliveryFacts::default();
            reader.within("delivery", &mut |facts| delivery = DeliveryFacts::read(facts));
            let mut events = Vec::new();
            reader.each("events", &mut |event| insert(&mut events, KnownEvent::read(event)));
            Self {
                name,
                title: reader.needed_text("title"),
                docs: reader.needed_text("docs"),
                methods,
                credentials,
                delivery,
                schemes,
                paths,
                event_slots,
                key_rules,
                forms: payload == Some(true),
                handshakes,
                events,
            }
        })
    }
}

fn check_schemes(reader: &mut Reader, schemes: &[Arc<Scheme>]) {
    reader.check(!schemes.is_empty(), "schemes", "there must be at least one");
    for (at, scheme) in schemes.iter().enumerate() {
        if schemes.iter().take(at).any(|other| other.name == scheme.name) {
            reader.refuse("schemes", &format!("there are two named `{}`", scheme.name));
        }
        let fit = at == 0 && scheme.algorithm != Algorithm::Token;
        reader.check(
            fit || !scheme.preferred,
            "schemes",
            "only the first can be preferred, and no static token",
        );
    }
}

fn check_handshakes(reader: &mut Reader, rules: &[HandshakeRule], schemes: &[Arc<Scheme>], forms: bool) {
    let hmac = schemes.iter().any(|scheme| matches!(scheme.algorithm, Algorithm::Hmac(_)));
    for rule in rules.iter().filter(|rule| rule.signs()) {
        // Whoever asks could have a body signed: a challenge can be a form, but no JSON object.
        let harmless = hmac && !(rule.unsigned && forms);
        reader.check(harmless, "handshakes", "a MAC in a reply needs an HMAC, and bodies of JSON");
    }
}

fn read_event(reader: &mut Reader, paths: &mut Paths) -> EventSlots {
    let slots = EventSlots {
        event_type: reader.slots("type", paths),
        type_header: reader.text("type_header"),
        id: reader.slots("id", paths),
        timestamp: reader.slots("timestamp", paths),
        attempt: reader.text("attempt"),
    };
    let named = !slots.event_type.is_empty() || slots.type_header.is_some();
    reader.check(named, "type", "this key is needed");
    slots
}

fn read_rule(reader: &mut Reader, paths: &mut Paths) -> KeyRule {
    let rule = KeyRule { events: reader.texts("events"), fields: reader.slots("fields", paths) };
    // All events would have one key, and all but the first be taken for duplicates.
    reader.check(!rule.fields.is_empty(), "fields", "a rule without fields");
    rule
}

/// By name. Of two with one name, the first counts.
fn insert(events: &mut Vec<KnownEvent>, event: KnownEvent) {
    if let Err(at) = events.binary_search_by(|other| other.name.cmp(&event.name)) {
        events.insert(at, event);
    }
}
