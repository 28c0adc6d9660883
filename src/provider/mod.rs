//! Providers: who sends, how they sign, where their events say what they are.

mod builtin;
mod event;
mod facts;
mod read;

use std::fmt;
use std::sync::Arc;

use crate::event::EventSlots;
use crate::handshake::HandshakeRule;
use crate::idempotency::KeyRule;
use crate::misuse::Misuse;
use crate::pointer::Paths;
use crate::schema::Schema;
use crate::signature::{Scheme, Secret, Signing};
use crate::table::Table;
use event::KnownEvent;

pub use facts::{Compressed, DeliveryFacts, Reply, Retries};

/// The longest name of a provider or source.
const MAX_NAME: usize = 63;

/// The methods that a delivery can come with.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "GET"];

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
    /// Whether a body that is no JSON is a form.
    pub(crate) forms: bool,
    pub(crate) handshakes: Vec<HandshakeRule>,
    /// Sorted by name.
    events: Vec<KnownEvent>,
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

    /// The JSON text of the definition of a provider that comes with the library. Schemas are text in it.
    pub fn builtin_definition(name: &str) -> Option<&'static str> {
        builtin::definition(name)
    }

    /// A provider of one's own, from a definition: what `provider.toml` says, as JSON.
    ///
    /// # Errors
    /// [`Misuse::DefinitionInvalid`] with the JSON Pointer of the key and the reason.
    pub fn define(definition: Table) -> Result<Arc<Self>, Misuse> {
        Self::read(definition).map(Arc::new).map_err(Misuse::DefinitionInvalid)
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

    /// The HTTP methods that its handshakes come with, once for each. Among them can be one that no delivery
    /// comes with.
    pub fn handshake_methods(&self) -> impl Iterator<Item = &str> {
        self.handshakes.iter().map(HandshakeRule::method)
    }

    /// Headers that carry a credential in the clear, in lower case: never to be relayed or logged.
    pub fn credentials(&self) -> &[String] {
        &self.credentials
    }

    /// Whether a body that begins with neither `{` nor `[` is a form.
    pub fn takes_forms(&self) -> bool {
        self.forms
    }

    /// The names of the provider's signature schemes.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.schemes.iter().map(|scheme| scheme.name.as_str())
    }

    /// A scheme by its name, which may be left out where there is only one, or the first is preferred.
    pub(crate) fn scheme(&self, name: Option<&str>) -> Result<Arc<Scheme>, Misuse> {
        let names = || self.schemes().map(str::to_owned).collect();
        match (name, self.schemes.as_slice()) {
            (Some(name), schemes) => schemes
                .iter()
                .find(|scheme| scheme.name == name)
                .cloned()
                .ok_or_else(|| Misuse::SchemeUnknown { scheme: name.to_owned(), schemes: names() }),
            (None, [first, more @ ..]) if more.is_empty() || first.preferred => Ok(Arc::clone(first)),
            (None, _) => Err(Misuse::SchemeRequired { schemes: names() }),
        }
    }

    /// The headers that can change a verdict, in lower case: those that the schemes, the handshakes and the
    /// event type are read from. A name can come twice.
    pub fn signature_headers(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.schemes.iter().for_each(|scheme| scheme.each_header(&mut |name| names.push(name)));
        self.handshakes.iter().for_each(|rule| rule.each_header(&mut |name| names.push(name)));
        names.extend(self.event_slots.type_header.as_deref());
        names.into_iter().map(str::to_ascii_lowercase).collect()
    }

    /// The headers that a genuine delivery of this body would carry, for tests and demonstrations.
    ///
    /// # Errors
    /// [`Misuse`] where the scheme is not named or unknown, or where secret, id, time or body cannot be
    /// those of the scheme.
    pub fn sign_as(
        &self,
        secret: &Secret,
        signing: &Signing<'_>,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Misuse> {
        self.scheme(signing.scheme)?.sign_delivery(secret, signing, body)
    }

    /// [`Provider::sign_as`] for schemes that sign neither method nor URL nor headers of their own.
    ///
    /// # Errors
    /// As there.
    pub fn sign(
        &self,
        scheme: Option<&str>,
        secret: &Secret,
        id: Option<&str>,
        now: i64,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Misuse> {
        self.sign_as(secret, &Signing { scheme, id, now, ..Signing::default() }, body)
    }

    /// The event types of the catalogue, sorted.
    pub fn events(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| event.name.as_str())
    }

    /// What the provider does with a slow or refusing endpoint, for one of its schemes.
    pub(crate) fn delivery_facts<'p>(&'p self, scheme: &'p Scheme) -> &'p DeliveryFacts {
        scheme.delivery.as_ref().unwrap_or(&self.delivery)
    }

    /// The schema of an event type. `None` where there is none.
    pub(crate) fn schema(&self, event_type: &str) -> Option<&Result<Schema, Misuse>> {
        self.known(event_type)?.schema()
    }

    /// Whether the catalogue lists an event type.
    pub(crate) fn knows(&self, event_type: &str) -> bool {
        self.known(event_type).is_some()
    }

    fn known(&self, event_type: &str) -> Option<&KnownEvent> {
        let at = self.events.binary_search_by(|event| event.name.as_str().cmp(event_type)).ok()?;
        self.events.get(at)
    }

    pub(crate) fn reply(&self, event_type: Option<&str>) -> Reply {
        event_type.and_then(|event_type| self.known(event_type)).map_or(Reply::Any, |event| event.reply)
    }

    /// Whether two deliveries of this event type can be the same event.
    pub(crate) fn dedupes(&self, event_type: Option<&str>) -> bool {
        event_type.and_then(|event_type| self.known(event_type)).is_none_or(|event| event.dedupes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_provider_and_schema_compiles() {
        for name in Provider::builtin_names() {
            let provider = Provider::builtin(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(provider.name(), name);
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

    fn define(text: &str) -> Result<Arc<Provider>, Misuse> {
        Table::parse(text.as_bytes()).map_err(Misuse::DefinitionInvalid).and_then(Provider::define)
    }

    #[test]
    fn definitions_that_make_no_sense_are_refused_with_place_and_reason() {
        let definition = |scheme: &str| {
            format!(
                r#"{{"name":"x","title":"X","docs":"https://example.com","event":{{"type":["/type"]}},"schemes":[{scheme}]}}"#
            )
        };
        let hmac = r#""name":"s","algorithm":"hmac-sha256","encoding":"hex","headers":[{"signature":"x-s"}]"#;
        let body = r#""signed_content":"{body}""#;
        let good = format!("{{{hmac},{body}}}");
        assert!(define(&definition(&good)).is_ok());
        for (scheme, reason) in [
            (String::new(), "/schemes: there must be at least one"),
            ("1".to_owned(), "/schemes/0: expected an object, found number"),
            (format!("{good},{good}"), "/schemes: there are two named `s`"),
            (
                format!(r#"{good},{{"preferred":true,{},{body}}}"#, hmac.replacen('s', "z", 1)),
                "/schemes: only the first can be preferred",
            ),
            (
                r#"{"preferred":true,"name":"s","algorithm":"static-token","headers":[{"signature":"x"}]}"#
                    .to_owned(),
                "/schemes: only the first can be preferred, and no static token",
            ),
            (format!(r#"{{{hmac},{body},"typo":1}}"#), "/schemes/0/typo: this key is unknown"),
            (format!("{{{hmac}}}"), "/schemes/0/signed_content: this key is needed"),
            (
                format!(r#"{{{hmac},"signed_content":"{{id}}.{{body}}"}}"#),
                "/schemes/0/headers: an id header is needed",
            ),
            (
                format!(r#"{{{hmac},"signed_content":"{{timestamp}}.{{body}}"}}"#),
                "/schemes/0/headers: one place for the time",
            ),
            (
                format!(r#"{{{hmac},"signed_content":"{{secret}}{{body}}"}}"#),
                "/schemes/0/signed_content: {secret}",
            ),
            (
                format!(r#"{{{hmac},"signed_content":"{{url}}"}}"#),
                "/schemes/0/signed_content: it must sign the body",
            ),
            (
                format!(r#"{{{hmac},{body},"tolerance_seconds":5}}"#),
                "/schemes/0/tolerance_seconds: needed exactly",
            ),
            (
                format!(r#"{{{hmac},{body},"timestamp_pointer":"/t"}}"#),
                "/schemes/0/tolerance_seconds: needed exactly",
            ),
            (format!(r#"{{{hmac},{body},"label":"v1"}}"#), "/schemes/0/label: this key is unknown"),
            (format!(r#"{{{hmac},{body},"secret":"whpk"}}"#), "/schemes/0/secret: this is no form of a key"),
            (
                format!(r#"{{{hmac},{body},"url_unescape":":"}}"#),
                "/schemes/0/url_unescape: the URL is not signed",
            ),
            (
                format!(r#"{{{hmac},{body},"compressed":"yes"}}"#),
                "/schemes/0/compressed: expected one of signed_as_sent",
            ),
            (good.replace("hmac-sha256", "sha256"), "/schemes/0/signed_content: {secret} belongs"),
            (good.replace("hmac-sha256", "ed25519"), "/schemes/0/secret: this is no form of a key"),
            (good.replace("hmac-sha256", "md5"), "/schemes/0/algorithm: expected one of hmac-sha256"),
            (good.replace("hmac-sha256", "static-token"), "/schemes/0/encoding: a static token"),
        ] {
            let error = define(&definition(&scheme)).unwrap_err();
            assert_eq!(error.code(), "definition_invalid");
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
        let provider = define(&definition("")).unwrap();
        assert_eq!(provider.credentials(), ["x-token"], "though the definition does not say so");
        for (more, reason) in [
            (
                r#","idempotency":[{"events":["a"],"fields":[]}]"#,
                "/idempotency/0/fields: a rule without fields",
            ),
            (r#","idempotency":[{"events":["a"],"fields":["a"]}]"#, "`a` is no JSON Pointer"),
            (r#","methods":["HEAD"]"#, "/methods: some of POST"),
            (r#","name":"y""#, "the key is there twice"),
            (r#","events":[{"name":"a","schema":{"type":"text"}}]"#, "/events/0/schema: /type: "),
            (r#","handshakes":[{"reply":"x"}]"#, "/handshakes/0/when: something must tell"),
            (
                r#","handshakes":[{"when":{"/type":"ping"},"unsigned":true}]"#,
                "/handshakes/0/unsigned: nothing in a body",
            ),
            (
                r#","handshakes":[{"when":{"?a":"b"},"reply":"{challenge}"}]"#,
                "/handshakes/0/challenge: the reply",
            ),
            (
                r#","handshakes":[{"challenge":"?a","reply":"{mac:hex}"}]"#,
                "/handshakes: a MAC in a reply needs",
            ),
            (
                r#","handshakes":[{"challenge":"?a","status":301}]"#,
                "/handshakes/0/status: it must be from 200",
            ),
            (
                r#","handshakes":[{"challenge":"?a","content_type":"text/html"}]"#,
                "/handshakes/0/content_type: expected",
            ),
        ] {
            let error = define(&definition(more)).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
        let typeless = definition("").replace(r#"{"type":["/t"]}"#, r#"{"id":["/i"]}"#);
        let error = define(&typeless).unwrap_err();
        assert!(error.to_string().contains("/event/type: this key is needed"), "{error}");
    }
}
