//! The one way through the core, for one source.

use std::sync::Arc;

use crate::code::{Code, Rejection};
use crate::delivery::{Delivery, Found};
use crate::event::Envelope;
use crate::idempotency::IdempotencyKey;
use crate::json::{Scan, SyntaxError, SyntaxErrorKind, position_of};
use crate::misuse::Misuse;
use crate::pointer::Fields;
use crate::provider::{DeliveryFacts, Provider};
use crate::schema::{Judged, MAX_VIOLATIONS, Violation, judge};
use crate::signature::{Key, Scheme, Secret, Verified, authenticate};
use crate::verdict::{Authentic, SchemaReport, SchemaStatus, Verdict};

/// What happens to an authentic delivery whose payload breaks its schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaMode {
    /// It is rejected.
    Enforce,
    /// It is accepted, and the report says what is wrong. The default for the schemas that come with the
    /// library, since no provider promises that its payloads keep to them.
    #[default]
    Observe,
    /// Schemas are not looked at.
    Off,
}

impl SchemaMode {
    /// The modes by the words that configurations use.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("enforce", Self::Enforce), ("observe", Self::Observe), ("off", Self::Off)];
}

/// What happens to an authentic delivery of an event that the catalogue does not list.
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
    /// The signature scheme; needed where the provider has several.
    pub scheme: Option<String>,
    /// One or more: while a secret is rotated, the old and the new.
    pub secrets: Vec<Secret>,
    /// The name of the source, which goes into idempotency keys. The provider's name where it is `None`.
    pub source: Option<String>,
    /// Seconds that the signed time may differ from now, both ways, inclusive. The scheme's own where
    /// it is `None`.
    pub tolerance_seconds: Option<u32>,
    /// What a broken schema leads to.
    pub schema_mode: SchemaMode,
    /// What an unknown event leads to.
    pub unknown_events: UnknownEvents,
}

/// Judges the deliveries of one source: a provider, a scheme, secrets and a policy.
#[derive(Debug, Clone)]
pub struct Verifier {
    provider: Arc<Provider>,
    scheme: Arc<Scheme>,
    keys: Vec<Key>,
    source: String,
    tolerance_seconds: Option<u32>,
    schema_mode: SchemaMode,
    unknown_events: UnknownEvents,
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
        let keys = options.secrets.iter().map(|secret| scheme.key(secret)).collect::<Result<_, _>>()?;
        let tolerance_seconds = options.tolerance_seconds.or(scheme.tolerance_seconds);
        Ok(Self {
            scheme,
            keys,
            source: options.source.unwrap_or_else(|| provider.name.clone()),
            tolerance_seconds,
            schema_mode: options.schema_mode,
            unknown_events: options.unknown_events,
            provider,
        })
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

    /// Judges a delivery at a time given in Unix seconds. The checks run in one order, so that a
    /// delivery that is wrong in two ways gets the same code everywhere: method, signature, time, JSON,
    /// event type, schema.
    pub fn verify(&self, delivery: &Delivery<'_>, now: i64) -> Verdict {
        let provider = self.provider.name.clone();
        match self.authenticate(delivery, now) {
            Err(rejection) => Verdict { provider, rejection: Some(rejection), authentic: None },
            Ok(verified) => {
                let (authentic, refused) = self.read(&verified);
                Verdict { provider, rejection: refused.map(Rejection::from), authentic: Some(authentic) }
            }
        }
    }

    fn authenticate<'d>(&self, delivery: &Delivery<'d>, now: i64) -> Result<Verified<'d>, Rejection> {
        if let Some(method) = delivery.method
            && !self.provider.methods().iter().any(|allowed| allowed == method)
        {
            return Err(Code::MethodNotAllowed.into());
        }
        authenticate(&self.scheme, &self.keys, self.tolerance_seconds, delivery, now).map_err(
            |mut rejection| {
                if rejection.code == Code::SignatureMissing {
                    rejection.detail = self.headers_of_other_schemes(delivery);
                }
                rejection
            },
        )
    }

    /// A frequent mistake: the source names one scheme, and the provider uses another.
    fn headers_of_other_schemes(&self, delivery: &Delivery<'_>) -> Option<String> {
        let families = self.provider.schemes.iter().flat_map(|scheme| &scheme.families);
        let found: Vec<_> = families
            .map(|family| family.signature.as_str())
            .filter(|name| delivery.header(name) != Found::Absent)
            .collect();
        (!found.is_empty()).then(|| format!("found {}", found.join(", ")))
    }

    /// The stages that read the payload. Each asks for the proof that it was signed.
    fn read(&self, verified: &Verified<'_>) -> (Authentic, Option<Code>) {
        let read = self.provider.paths.read(verified.body());
        let nothing = Fields::default();
        let (fields, syntax) = match &read {
            Ok((fields, scan)) => (fields, Ok(*scan)),
            Err(error) => (&nothing, Err(*error)),
        };
        let envelope = Envelope::read(verified, &self.provider.event_slots, fields);
        let key = IdempotencyKey::new(&self.source, verified, &envelope, &self.provider.key_rules, fields);
        let event_type = envelope.event_type.as_deref();
        let (schema, refused) = self.judge_payload(verified, event_type, syntax);
        let authentic = Authentic {
            event: envelope.shown(),
            schema,
            secret: verified.secret(),
            key,
            dedupe: self.provider.dedupes(event_type),
            reply: self.provider.reply(event_type),
        };
        (authentic, refused)
    }

    fn judge_payload(
        &self,
        verified: &Verified<'_>,
        event_type: Option<&str>,
        syntax: Result<Scan, SyntaxError>,
    ) -> (SchemaReport, Option<Code>) {
        let (report, mut findings) = match self.schema_mode {
            SchemaMode::Off => {
                (SchemaReport { status: SchemaStatus::Off, violations: Vec::new() }, Vec::new())
            }
            SchemaMode::Enforce | SchemaMode::Observe => self.report(verified, event_type, syntax),
        };
        if self.schema_mode != SchemaMode::Enforce {
            findings.clear();
        }
        let known = event_type.is_some_and(|event_type| self.provider.schema(event_type).is_some());
        if self.unknown_events == UnknownEvents::Refuse && !known {
            findings.push(Code::UnknownEvent);
        }
        // The first in the order of the checks.
        let refused = Code::ALL.iter().copied().find(|code| findings.contains(code));
        (report, refused)
    }

    fn report(
        &self,
        verified: &Verified<'_>,
        event_type: Option<&str>,
        syntax: Result<Scan, SyntaxError>,
    ) -> (SchemaReport, Vec<Code>) {
        let body = verified.body();
        let mut findings = Vec::new();
        let mut violations = Vec::new();
        let mut status = SchemaStatus::Valid;
        match syntax {
            Err(error) => {
                let code = code_of(error);
                violations.push(in_text(body, error.offset, code, error.kind.to_string()));
                findings.push(code);
            }
            Ok(Scan { duplicate_key }) => {
                if let Some(offset) = duplicate_key {
                    let message = "the object has this key already".to_owned();
                    violations.push(in_text(body, offset, Code::DuplicateKey, message));
                    findings.push(Code::DuplicateKey);
                }
                match event_type.map(|event_type| self.provider.schema(event_type)) {
                    None => {
                        status = SchemaStatus::UnknownEvent;
                        findings.push(Code::EventTypeMissing);
                    }
                    Some(None) => status = SchemaStatus::UnknownEvent,
                    Some(Some(Err(_))) => {
                        status = SchemaStatus::UnknownEvent;
                        findings.push(Code::SourceMisconfigured);
                    }
                    Some(Some(Ok(schema))) => {
                        let Judged { violations: found, too_complex, .. } =
                            judge(schema, body).unwrap_or_default();
                        if too_complex {
                            findings.push(Code::SchemaTooComplex);
                        } else if !found.is_empty() {
                            findings.push(Code::SchemaViolation);
                        }
                        violations.extend(found);
                        violations.truncate(MAX_VIOLATIONS);
                    }
                }
            }
        }
        if !violations.is_empty() {
            status = SchemaStatus::Invalid;
        }
        (SchemaReport { status, violations }, findings)
    }
}

fn code_of(error: SyntaxError) -> Code {
    match error.kind {
        SyntaxErrorKind::TooDeep => Code::PayloadTooDeep,
        _ => Code::PayloadNotJson,
    }
}

/// A fault of the text itself, which has a place but no pointer.
fn in_text(body: &[u8], offset: usize, code: Code, message: String) -> Violation {
    let position = position_of(body, offset);
    Violation {
        path: String::new(),
        keyword: code.as_str(),
        message,
        schema: String::new(),
        line: position.line,
        column: position.column,
        masked_path: String::new(),
    }
}
