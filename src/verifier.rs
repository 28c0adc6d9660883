//! The one way through the core, for one source.

use std::borrow::Cow;
use std::sync::Arc;

use crate::code::{Code, Rejection};
use crate::delivery::{Delivery, Found};
use crate::event::{Envelope, show};
use crate::event_patterns::EventPatterns;
use crate::form;
use crate::handshake::Handshake;
use crate::host::Host;
use crate::idempotency::IdempotencyKey;
use crate::joined::joined;
use crate::json::{Scan, SyntaxError};
use crate::misuse::Misuse;
use crate::payload::report;
use crate::pointer::Fields;
use crate::provider::{Compressed, DeliveryFacts, Provider};
use crate::public_key::BuiltInPublicKeys;
use crate::schema::{Schema, settle};
use crate::schema_policy::{OwnSchema, SchemaMode, SchemaPolicy};
use crate::signature::{Judge, Key, Scheme, Secret, Verified};
use crate::verdict::{Authentic, SchemaReport, SchemaStatus, Verdict};

/// What happens to an authentic delivery of an event that neither the catalogue lists nor a schema of the
/// user's own is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownEvents {
    /// It is accepted: providers add events without asking.
    #[default]
    Relay,
    /// It is rejected with `unknown_event`.
    Refuse,
}

impl UnknownEvents {
    /// The policies by the words that configurations use.
    pub const WORDS: &'static [(&'static str, Self)] = &[("relay", Self::Relay), ("refuse", Self::Refuse)];
}

/// How a [`Verifier`] is to judge.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The signature scheme; needed where the provider has several and prefers none.
    pub scheme: Option<String>,
    /// One or more: while a secret is rotated, the old and the new.
    pub secrets: Vec<Secret>,
    /// The name of the source, which goes into idempotency keys. The provider's name where it is `None`.
    pub source: Option<String>,
    /// Seconds that the signed time may differ from now, both ways, inclusive. The scheme's own where
    /// it is `None`.
    pub tolerance_seconds: Option<u32>,
    /// What a broken schema leads to. Where it is `None`, the user's own schemas are enforced and those
    /// that come with the library are observed. A body that says no event type is then refused if
    /// anything is enforced: it could be an event of that type.
    pub schema_mode: Option<SchemaMode>,
    /// The modes of event types, where they have one of their own.
    pub schema_modes: EventPatterns<SchemaMode>,
    /// The user's own schemas.
    pub schemas: EventPatterns<OwnSchema>,
    /// What an unknown event leads to.
    pub unknown_events: UnknownEvents,
    /// The token that the provider repeats in an unsigned handshake, for providers that have one.
    pub handshake_token: Option<Secret>,
}

/// Judges the deliveries of one source: a provider, a scheme, secrets and a policy.
#[derive(Debug, Clone)]
pub struct Verifier {
    provider: Arc<Provider>,
    scheme: Arc<Scheme>,
    keys: Arc<Vec<Key>>,
    source: String,
    tolerance_seconds: Option<u32>,
    policy: SchemaPolicy,
    unknown_events: UnknownEvents,
    /// What the token of a handshake is compared with.
    handshake_token: Option<Secret>,
}

/// What is known of a payload before it is judged.
enum Judgement {
    /// It satisfies its schema.
    Right,
    Open(Result<Scan, SyntaxError>),
}

impl Verifier {
    /// # Errors
    /// [`Misuse`] where the scheme is not named or unknown, where there is no secret or one that cannot
    /// be a secret of the scheme, or where a tolerance is given for a scheme that signs no time.
    pub fn new(provider: Arc<Provider>, options: Options) -> Result<Self, Misuse> {
        let scheme = provider.scheme(options.scheme.as_deref())?;
        if options.secrets.is_empty() {
            return Err(Misuse::SecretMissing);
        }
        if options.tolerance_seconds.is_some() && scheme.tolerance_seconds.is_none() {
            return Err(Misuse::ToleranceUnused);
        }
        let mut keys = Vec::with_capacity(options.secrets.len());
        for secret in &options.secrets {
            keys.push(Key::new(&scheme, secret)?);
        }
        let tolerance_seconds = options.tolerance_seconds.or(scheme.tolerance_seconds);
        Ok(Self {
            scheme,
            keys: Arc::new(keys),
            source: options.source.unwrap_or_else(|| provider.name.clone()),
            tolerance_seconds,
            policy: SchemaPolicy {
                mode: options.schema_mode,
                modes: options.schema_modes,
                schemas: options.schemas,
            },
            unknown_events: options.unknown_events,
            handshake_token: options.handshake_token,
            provider,
        })
    }

    /// The same with other schemas of the user's own. Everything else is shared, the keys too.
    #[must_use]
    pub fn with_schemas(&self, schemas: EventPatterns<OwnSchema>) -> Self {
        let mut other = self.clone();
        other.policy.schemas = schemas;
        other
    }

    /// The provider whose deliveries are judged.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// What the provider does with a slow or refusing endpoint.
    pub fn delivery_facts(&self) -> &DeliveryFacts {
        self.provider.delivery_facts(&self.scheme)
    }

    /// How long an event's idempotency key is worth keeping, in seconds: as long as the provider may
    /// deliver it again and a captured delivery may be replayed. A week where no time is signed, since
    /// such a delivery verifies for ever.
    pub fn dedupe_window_seconds(&self) -> u32 {
        const WEEK: u32 = 7 * 24 * 60 * 60;
        let DeliveryFacts { timeout_seconds, attempts, window_seconds, .. } = self.delivery_facts();
        // A schedule counts the pauses; every attempt may take up to its timeout besides.
        let spent = timeout_seconds.unwrap_or(0).saturating_mul(attempts.unwrap_or(0));
        let retries = window_seconds.map(|window| window.saturating_add(spent));
        match self.tolerance_seconds {
            Some(tolerance) => retries.unwrap_or(WEEK).max(tolerance.saturating_mul(2)),
            None => retries.unwrap_or(0).max(WEEK),
        }
    }

    /// Which bytes of a compressed body are signed, where that is known.
    pub fn compressed(&self) -> Option<Compressed> {
        self.scheme.compressed
    }

    /// Whether a delivery is refused without its URL.
    pub fn signs_url(&self) -> bool {
        self.scheme.signs_url()
    }

    /// Judges a delivery at a time given in Unix seconds. The checks run in one order, so that a
    /// delivery that is wrong in two ways gets the same code everywhere: method, signature, time, JSON,
    /// event type, schema. Signatures by public keys are checked by [`BuiltInPublicKeys`].
    pub fn verify(&self, delivery: &Delivery<'_>, now: i64) -> Verdict {
        self.verify_with(delivery, now, &mut BuiltInPublicKeys)
    }

    /// Judges a delivery, with somebody else to check signatures by public keys and to hash long messages.
    /// Who can only answer later notes down what is asked, says `None`, and calls again with the answers.
    pub fn verify_with(&self, delivery: &Delivery<'_>, now: i64, host: &mut dyn Host) -> Verdict {
        let provider = self.provider.name.clone();
        match self.authenticate(delivery, now, host) {
            Err(rejection) => {
                let handshake = self.handshake(delivery, None);
                Verdict { provider, rejection: Some(rejection), authentic: None, handshake }
            }
            Ok(verified) => {
                let (authentic, refused) = self.read(&verified, delivery, host);
                let handshake = self.handshake(delivery, Some(&verified));
                let rejection = refused.map(Rejection::from);
                Verdict { provider, rejection, authentic: Some(authentic), handshake }
            }
        }
    }

    /// The answer to a handshake: to one that the provider signs if this one is authentic, and to one that
    /// it sends unsigned if it is not.
    fn handshake(&self, delivery: &Delivery<'_>, verified: Option<&Verified<'_>>) -> Option<Handshake> {
        let token = |given: &str| {
            let token = self.handshake_token.as_ref();
            token.is_some_and(|token| token.is(given))
        };
        let key = self.keys.get(verified.map_or(0, Verified::secret));
        let payload = verified.map_or(&b""[..], Verified::body);
        let rules = self.provider.handshakes.iter().filter(|rule| rule.unsigned == verified.is_none());
        rules.into_iter().find_map(|rule| rule.answer(delivery, payload, key, token))
    }

    fn authenticate<'d>(
        &self,
        delivery: &Delivery<'d>,
        now: i64,
        host: &mut dyn Host,
    ) -> Result<Verified<'d>, Rejection> {
        if let Some(method) = delivery.method
            && !self.provider.methods().iter().any(|allowed| allowed == method)
        {
            return Err(Code::MethodNotAllowed.into());
        }
        let judge =
            Judge { scheme: &self.scheme, keys: &self.keys, tolerance_seconds: self.tolerance_seconds, now };
        judge.authenticate(delivery, host).map_err(|mut rejection| {
            if rejection.code == Code::SignatureMissing {
                rejection.detail = self.headers_of_other_schemes(delivery);
            }
            rejection
        })
    }

    /// A frequent mistake: the source names one scheme, and the provider uses another.
    fn headers_of_other_schemes(&self, delivery: &Delivery<'_>) -> Option<String> {
        let families = self.provider.schemes.iter().flat_map(|scheme| &scheme.families);
        let found: Vec<_> = families
            .map(|family| family.signature.as_str())
            .filter(|name| delivery.header(name) != Found::Absent)
            .collect();
        (!found.is_empty()).then(|| format!("found {}", joined(&found, ", ")))
    }

    /// The stages that read the payload. Each asks for the proof that it was signed.
    #[inline(never)]
    fn read(
        &self,
        verified: &Verified<'_>,
        delivery: &Delivery<'_>,
        host: &mut dyn Host,
    ) -> (Authentic, Option<Code>) {
        let payload = self.payload(verified);
        let settled = self.settle(&payload, delivery);
        let read;
        let nothing = Fields::default();
        let (fields, syntax) = if let Some((_, fields)) = &settled {
            (fields, Ok(Scan { duplicate_key: None }))
        } else {
            read = self.provider.paths.read(&payload);
            match &read {
                Ok((fields, scan)) => (fields, Ok(*scan)),
                Err(error) => (&nothing, Err(*error)),
            }
        };
        let envelope = Envelope::read(verified, delivery, &self.provider.event_slots, fields);
        let Provider { key_rules, event_slots, .. } = &*self.provider;
        let attempt = event_slots.attempt.as_deref();
        let key = IdempotencyKey::new(&self.source, verified, &envelope, key_rules, attempt, fields, host);
        let event_type = envelope.event_type.as_deref();
        let event = envelope.shown();
        let known = settled.as_ref().map(|(event_type, _)| event_type.as_str());
        let judged =
            if known.is_some() && known == event_type { Judgement::Right } else { Judgement::Open(syntax) };
        let (schema, refused) = self.judge_payload(&payload, event_type, event.event_type.as_deref(), judged);
        let authentic = Authentic {
            event,
            schema,
            secret: verified.secret(),
            key,
            dedupe: self.provider.dedupes(event_type),
            reply: self.provider.reply(event_type),
        };
        (authentic, refused)
    }

    /// The body as JSON. A form becomes an object of strings; where a provider sends both, the first byte
    /// tells them apart, since no header that could is signed.
    fn payload<'v>(&self, verified: &Verified<'v>) -> Cow<'v, [u8]> {
        let body = verified.body();
        match body.first() {
            _ if !self.provider.forms => Cow::Borrowed(body),
            Some(b'{' | b'[') => Cow::Borrowed(body),
            _ => Cow::Owned(form::to_json(body)),
        }
    }

    /// Most payloads name their event near the beginning, and are right: they are read once, and it is noted on the way
    /// where fields stand. The event type by whose schema that was, and the fields. `None` settles nothing.
    fn settle<'p>(&self, payload: &'p [u8], delivery: &Delivery<'_>) -> Option<(String, Fields<'p>)> {
        let Provider { paths, event_slots, .. } = &*self.provider;
        let glimpse = |slot| paths.glimpse(payload, slot).map(|text| text.decode());
        let event_type = event_slots.event_type(delivery, glimpse)?;
        let shown = show(event_type.as_bytes());
        if self.policy.mode(Some(&shown)) == SchemaMode::Off {
            return None;
        }
        let members = settle(self.schema(Some(&event_type), Some(&shown))?.ok()?, payload)?;
        let fields = paths.read_noted(payload, &members)?;
        Some((event_type, fields))
    }

    fn schema(&self, event_type: Option<&str>, shown: Option<&str>) -> Option<Result<&Schema, &Misuse>> {
        match self.policy.own(shown) {
            Some(OwnSchema::Ready(schema)) => Some(Ok(schema.as_ref())),
            _ => self.provider.schema(event_type?).map(Result::as_ref),
        }
    }

    /// Policies know event types as they are `shown`, the provider's catalogue knows them as they are.
    fn judge_payload(
        &self,
        payload: &[u8],
        event_type: Option<&str>,
        shown: Option<&str>,
        judgement: Judgement,
    ) -> (SchemaReport, Option<Code>) {
        let own = self.policy.own(shown);
        let mode = self.policy.mode(shown);
        let nothing_wrong = |status| (SchemaReport { status, violations: Vec::new() }, Vec::new());
        let (report, mut findings) = match (mode, judgement) {
            (SchemaMode::Off, _) => nothing_wrong(SchemaStatus::Off),
            (_, Judgement::Right) => nothing_wrong(SchemaStatus::Valid),
            (_, Judgement::Open(syntax)) => {
                report(payload, event_type, syntax, || self.schema(event_type, shown))
            }
        };
        if mode != SchemaMode::Enforce {
            findings.clear();
        }
        let known = |event_type: &str| own.is_some() || self.provider.knows(event_type);
        if self.unknown_events == UnknownEvents::Refuse && !event_type.is_some_and(known) {
            findings.push(Code::UnknownEvent);
        }
        // The first in the order of the checks.
        let refused = Code::ALL.iter().copied().find(|code| findings.contains(code));
        (report, refused)
    }
}
