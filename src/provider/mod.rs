//! Providers: who sends, how they sign, where their events say what they are.

mod builtin;
mod definition;

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::event::EventSlots;
use crate::idempotency::KeyRule;
use crate::misuse::Misuse;
use crate::pointer::{Paths, Slot};
use crate::schema::Schema;
use crate::signature::{Scheme, Secret};
use crate::table::Table;

pub(crate) use definition::{
    Algorithm, Dedupe, Definition, Encoding, EventException, Grammar, HeaderFamily, SchemeDefinition,
    SecretFormat,
};
pub use definition::{DeliveryFacts, Reply, Retries};

/// The longest name of a provider or source.
const MAX_NAME: usize = 63;

/// The methods that a delivery can come with.
const METHODS: [&str; 3] = ["POST", "PUT", "PATCH"];

/// A provider, compiled from its definition and ready to be shared by any number of verifiers.
pub struct Provider {
    pub(crate) name: String,
    title: String,
    docs: String,
    methods: Vec<String>,
    credentials: Vec<String>,
    delivery: DeliveryFacts,
    pub(crate) schemes: Vec<Arc<Scheme>>,
    pub(crate) paths: Paths,
    pub(crate) event_slots: EventSlots,
    pub(crate) key_rules: Vec<KeyRule>,
    exceptions: Vec<EventException>,
    events: Vec<KnownEvent>,
}

/// An event of the catalogue, its schema compiled when it first arrives.
struct KnownEvent {
    name: &'static str,
    schema_text: &'static str,
    schema: OnceLock<Result<Schema, Misuse>>,
}

impl Provider {
    /// A provider that comes with the library, compiled once and shared.
    ///
    /// # Errors
    /// [`Misuse::ProviderUnknown`] where there is none of this name.
    pub fn builtin(name: &str) -> Result<Arc<Self>, Misuse> {
        builtin::find(name)
    }

    /// The names of all providers that come with the library, sorted.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        builtin::names()
    }

    pub(crate) fn compile(text: &str, events: &[(&'static str, &'static str)]) -> Result<Self, Misuse> {
        let definition = Table::parse(text.as_bytes()).and_then(Definition::read);
        let definition = definition.map_err(Misuse::DefinitionInvalid)?;
        if !is_name(&definition.name) {
            return Err(Misuse::DefinitionInvalid("name: use a-z, 0-9 and `-`, 1 to 63 characters".into()));
        }
        let schemes = definition.schemes.into_iter().map(|scheme| Scheme::compile(scheme).map(Arc::new));
        let schemes = schemes.collect::<Result<Vec<_>, _>>()?;
        if schemes.is_empty() {
            return Err(Misuse::DefinitionInvalid("schemes: there must be at least one".into()));
        }
        if definition.methods.is_empty()
            || definition.methods.iter().any(|method| !METHODS.contains(&method.as_str()))
        {
            return Err(Misuse::DefinitionInvalid(format!("methods: some of {}", METHODS.join(", "))));
        }
        if let Some(twice) = twice(&schemes) {
            return Err(Misuse::DefinitionInvalid(format!("schemes: there are two named `{twice}`")));
        }
        if definition.idempotency.iter().any(|rule| rule.fields.is_empty()) {
            // All events would have one key, and all but the first be taken for duplicates.
            return Err(Misuse::DefinitionInvalid("idempotency: a rule without fields".into()));
        }
        let tokens = schemes.iter().flat_map(|scheme| scheme.token_headers());
        let credentials = definition.credentials.iter().map(String::as_str).chain(tokens);
        let credentials = credentials.map(str::to_ascii_lowercase).collect();
        let mut paths = Paths::new();
        let event_slots = EventSlots {
            event_type: slots(&mut paths, &definition.event.r#type)?,
            id: slots(&mut paths, &definition.event.id)?,
            timestamp: slots(&mut paths, &definition.event.timestamp)?,
        };
        let key_rules = definition
            .idempotency
            .into_iter()
            .map(|rule| Ok(KeyRule { fields: slots(&mut paths, &rule.fields)?, events: rule.events }))
            .collect::<Result<Vec<_>, Misuse>>()?;
        let known = |&(name, schema_text)| KnownEvent { name, schema_text, schema: OnceLock::new() };
        Ok(Self {
            name: definition.name,
            title: definition.title,
            docs: definition.docs,
            methods: definition.methods,
            credentials,
            delivery: definition.delivery,
            schemes,
            paths,
            event_slots,
            key_rules,
            exceptions: definition.events,
            events: events.iter().map(known).collect(),
        })
    }

    /// The name by which sources choose it, such as `meeting-baas`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name that people know, such as `Meeting BaaS`.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The page where the provider documents its webhooks.
    pub fn docs(&self) -> &str {
        &self.docs
    }

    /// The HTTP methods that the provider delivers with.
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// Headers that carry a credential in the clear, in lower case: never to be relayed or logged.
    pub fn credentials(&self) -> &[String] {
        &self.credentials
    }

    /// The names of the provider's signature schemes.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.schemes.iter().map(|scheme| scheme.name.as_str())
    }

    /// A scheme by its name, which may be left out where there is only one.
    pub(crate) fn scheme(&self, name: Option<&str>) -> Result<Arc<Scheme>, Misuse> {
        let names = || self.schemes().map(str::to_owned).collect();
        match (name, self.schemes.as_slice()) {
            (Some(name), schemes) => schemes
                .iter()
                .find(|scheme| scheme.name == name)
                .cloned()
                .ok_or_else(|| Misuse::SchemeUnknown { scheme: name.to_owned(), schemes: names() }),
            (None, [only]) => Ok(Arc::clone(only)),
            (None, _) => Err(Misuse::SchemeRequired { schemes: names() }),
        }
    }

    /// The headers that any of the schemes reads, in lower case: no others change a verdict. A name can
    /// come twice.
    pub fn signature_headers(&self) -> impl Iterator<Item = String> {
        let families = self.schemes.iter().flat_map(|scheme| &scheme.families);
        let names = families.flat_map(|family| {
            [Some(&family.signature), family.id.as_ref(), family.timestamp.as_ref()].into_iter().flatten()
        });
        names.map(|name| name.to_ascii_lowercase())
    }

    /// The headers that a genuine delivery of this body would carry, for tests and demonstrations.
    /// `scheme` is needed where there are several; `id` is the event id where it is signed, by default
    /// one that follows from the body; `now` is in Unix seconds.
    ///
    /// # Errors
    /// [`Misuse`] where the scheme is not named or unknown, or where secret, id, time or body cannot be
    /// those of the scheme.
    pub fn sign(
        &self,
        scheme: Option<&str>,
        secret: &Secret,
        id: Option<&str>,
        now: i64,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Misuse> {
        self.scheme(scheme)?.sign_delivery(secret, id, now, body)
    }

    /// The event types of the catalogue, sorted.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| event.name)
    }

    /// What the provider does with a slow or refusing endpoint, for one of its schemes.
    pub(crate) fn delivery_facts<'p>(&'p self, scheme: &'p Scheme) -> &'p DeliveryFacts {
        scheme.delivery.as_ref().unwrap_or(&self.delivery)
    }

    /// The schema of an event type. `None` where the catalogue does not list it.
    pub(crate) fn schema(&self, event_type: &str) -> Option<&Result<Schema, Misuse>> {
        let event = self.known(event_type)?;
        Some(event.schema.get_or_init(|| Schema::compile(event.schema_text.as_bytes())))
    }

    /// Whether the catalogue lists an event type.
    pub(crate) fn knows(&self, event_type: &str) -> bool {
        self.known(event_type).is_some()
    }

    fn known(&self, event_type: &str) -> Option<&KnownEvent> {
        let at = self.events.binary_search_by(|event| event.name.cmp(event_type)).ok()?;
        self.events.get(at)
    }

    pub(crate) fn reply(&self, event_type: Option<&str>) -> Reply {
        self.exception(event_type).map_or(Reply::Any, |exception| exception.reply)
    }

    /// Whether two deliveries of this event type can be the same event.
    pub(crate) fn dedupes(&self, event_type: Option<&str>) -> bool {
        self.exception(event_type)
            .is_none_or(|exception| exception.dedupe == Dedupe::On && exception.reply == Reply::Any)
    }

    fn exception(&self, event_type: Option<&str>) -> Option<&EventException> {
        self.exceptions.iter().find(|exception| Some(exception.name.as_str()) == event_type)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Whether a text can name a provider or a source: `[a-z0-9][a-z0-9-]{0,62}`.
pub fn is_name(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=MAX_NAME).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(plain)
}

fn twice(schemes: &[Arc<Scheme>]) -> Option<&str> {
    let mut rest = schemes;
    while let [first, others @ ..] = rest {
        if others.iter().any(|other| other.name == first.name) {
            return Some(&first.name);
        }
        rest = others;
    }
    None
}

fn slots(paths: &mut Paths, pointers: &[String]) -> Result<Vec<Slot>, Misuse> {
    let slot = |pointer: &String| {
        let invalid = || Misuse::DefinitionInvalid(format!("`{pointer}` is no JSON Pointer to a field"));
        paths.add(pointer).ok_or_else(invalid)
    };
    pointers.iter().map(slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_provider_and_schema_compiles() {
        for name in Provider::builtin_names() {
            let provider = Provider::builtin(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(provider.name(), name);
            assert!(provider.events().count() > 0, "{name}");
            for event in provider.events() {
                if let Some(Err(error)) = provider.schema(event) {
                    panic!("{name} {event}: {error}");
                }
            }
        }
    }

    #[test]
    fn names() {
        for name in ["a", "0-", "meeting-baas", &"a".repeat(63)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", "A", "a_b", "a/b", "é", &"a".repeat(64)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn definitions_that_make_no_sense_are_refused_with_the_reason() {
        let definition = |scheme: &str| {
            format!(
                r#"{{"name":"x","title":"X","docs":"https://example.com","event":{{"type":["/type"]}},"schemes":[{scheme}]}}"#
            )
        };
        let hmac = r#"{"name":"s","algorithm":"hmac-sha256","encoding":"hex","secret":"utf8","headers":[{"signature":"x-s"}]"#;
        assert!(
            Provider::compile(&definition(&format!(r#"{hmac},"signed_content":"{{body}}"}}"#)), &[]).is_ok()
        );
        for (scheme, reason) in [
            (String::new(), "schemes: there must be at least one"),
            ("1".to_owned(), "/schemes/0: expected an object, found number"),
            (
                format!(r#"{hmac},"signed_content":"{{body}}"}},{hmac},"signed_content":"{{body}}"}}"#),
                "two named `s`",
            ),
            (
                format!(r#"{hmac},"signed_content":"{{body}}","typo":1}}"#),
                "/schemes/0/typo: this key is unknown",
            ),
            (format!("{hmac}}}"), "scheme `s`: signed_content"),
            (format!(r#"{hmac},"signed_content":"{{id}}.{{body}}"}}"#), "an id header is needed"),
            (format!(r#"{hmac},"signed_content":"{{timestamp}}.{{body}}"}}"#), "one place for the timestamp"),
            (format!(r#"{hmac},"signed_content":"{{body}}","tolerance_seconds":5}}"#), "tolerance_seconds"),
            (format!(r#"{hmac},"signed_content":"{{body}}","label":"v1"}}"#), "label"),
        ] {
            let error = Provider::compile(&definition(&scheme), &[]).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn no_definition_loses_events_or_leaks_tokens() {
        let definition = |more: &str| {
            let token = r#"{"name":"t","algorithm":"static-token","headers":[{"signature":"X-Token"}]}"#;
            format!(
                r#"{{"name":"x","title":"X","docs":"https://example.com","schemes":[{token}],"event":{{"type":["/t"]}}{more}}}"#
            )
        };
        let provider = Provider::compile(&definition(""), &[]).unwrap();
        assert_eq!(provider.credentials(), ["x-token"], "though the definition does not say so");
        for (more, reason) in [
            (r#","idempotency":[{"events":["a"],"fields":[]}]"#, "idempotency: a rule without fields"),
            (r#","idempotency":[{"events":["a"],"fields":["a"]}]"#, "`a` is no JSON Pointer"),
            (r#","methods":["HEAD"]"#, "methods: some of POST"),
            (r#","name":"y""#, "the key is there twice"),
        ] {
            let error = Provider::compile(&definition(more), &[]).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
        let typeless = definition("").replace(r#"{"type":["/t"]}"#, r#"{"id":["/i"]}"#);
        let error = Provider::compile(&typeless, &[]).unwrap_err();
        assert!(error.to_string().contains("/event/type: this key is needed"), "{error}");
    }
}
