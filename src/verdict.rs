//! What the core says of a delivery.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::code::{Code, Rejection};
use crate::event::Event;
use crate::handshake::Handshake;
use crate::idempotency::IdempotencyKey;
use crate::provider::Reply;
use crate::schema::Violation;

/// The judgement of one delivery. Holds no secret, no signature and, except for event type and event
/// id, nothing of the payload.
///
/// As JSON: `{"verdict", "code", "detail"?, "provider", "event", "schema"}`; `event` and `schema` are
/// `null` until the delivery is authenticated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Verdict {
    /// The provider's name.
    pub provider: String,
    /// Why the delivery is refused; `None` accepts it.
    pub rejection: Option<Rejection>,
    /// What is known of the delivery once its signature and time are found right.
    pub authentic: Option<Authentic>,
    /// The answer that this request wants, if it is a handshake of the provider: an authentic one, or one
    /// that the provider does not sign and that is refused as a delivery. Send it instead of anything else.
    pub handshake: Option<Handshake>,
}

/// What is known of a delivery that was signed with one of the secrets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Authentic {
    /// What the delivery says it is.
    pub event: Event,
    /// What its schema says of the payload.
    pub schema: SchemaReport,
    /// Which secret matched, counted from 0 in the order in which they were given.
    pub secret: usize,
    /// The same for every delivery of the same event.
    pub key: IdempotencyKey,
    /// Whether another delivery with this key is the same event again. Where not, each is relayed.
    pub dedupe: bool,
    /// Whose answer the sender waits for.
    pub reply: Reply,
}

/// What a schema says of a payload.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct SchemaReport {
    /// The outcome.
    pub status: SchemaStatus,
    /// What is wrong, at most 16 places: first what is wrong with the text, then what breaks the schema,
    /// in the order of the payload.
    pub violations: Vec<Violation>,
}

/// The outcome of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SchemaStatus {
    /// The payload satisfies the schema of its event type.
    Valid,
    /// It does not, or is not strict JSON.
    Invalid,
    /// There is no schema that could judge its event type, or it names none.
    UnknownEvent,
    /// Schemas are switched off.
    Off,
}

impl SchemaStatus {
    /// The stable word, such as `unknown_event`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::UnknownEvent => "unknown_event",
            Self::Off => "off",
        }
    }
}

impl Verdict {
    /// Whether the delivery is accepted.
    pub fn is_accepted(&self) -> bool {
        self.rejection.is_none()
    }

    /// The code of the rejection.
    pub fn code(&self) -> Option<Code> {
        self.rejection.as_ref().map(|rejection| rejection.code)
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Verdict", 7)?;
        object.serialize_field("verdict", if self.is_accepted() { "accepted" } else { "rejected" })?;
        object.serialize_field("code", &self.code())?;
        match self.rejection.as_ref().and_then(|rejection| rejection.detail.as_ref()) {
            Some(detail) => object.serialize_field("detail", detail)?,
            None => object.skip_field("detail")?,
        }
        object.serialize_field("provider", &self.provider)?;
        object.serialize_field("event", &self.authentic.as_ref().map(|authentic| &authentic.event))?;
        object.serialize_field("schema", &self.authentic.as_ref().map(|authentic| &authentic.schema))?;
        match &self.handshake {
            Some(handshake) => object.serialize_field("handshake", handshake)?,
            None => object.skip_field("handshake")?,
        }
        object.end()
    }
}
