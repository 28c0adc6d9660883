//! Which schema judges an event, and what follows from its judgement.

use std::sync::Arc;

use crate::event_patterns::EventPatterns;
use crate::schema::Schema;

/// What happens to an authentic delivery whose payload breaks its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaMode {
    /// It is rejected. The default for schemas of a user's own.
    Enforce,
    /// It is accepted, and the report says what is wrong. The default for the schemas that come with the
    /// library, since no provider promises that its payloads keep to them.
    Observe,
    /// Schemas are not looked at.
    Off,
}

impl SchemaMode {
    /// The modes by the words that configurations use.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("enforce", Self::Enforce), ("observe", Self::Observe), ("off", Self::Off)];
}

/// A schema of a user's own for some event types. It takes the place of the one that comes with the
/// library, and makes its event types known ones.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum OwnSchema {
    /// It judges.
    Ready(Arc<Schema>),
    /// It cannot be had for now. The schema that comes with the library judges, if there is one, and
    /// nothing is refused for what it finds.
    Unavailable,
}

impl From<Schema> for OwnSchema {
    fn from(schema: Schema) -> Self {
        Self::Ready(Arc::new(schema))
    }
}

/// The schemas and modes of a source.
#[derive(Debug, Clone, Default)]
pub(crate) struct SchemaPolicy {
    /// The source's own mode.
    pub(crate) mode: Option<SchemaMode>,
    /// The modes of event types, which come before the source's.
    pub(crate) modes: EventPatterns<SchemaMode>,
    pub(crate) schemas: EventPatterns<OwnSchema>,
}

impl SchemaPolicy {
    /// The user's own schema for an event type, as it is shown.
    pub(crate) fn own(&self, event_type: Option<&str>) -> Option<&OwnSchema> {
        self.schemas.of(event_type.unwrap_or_default())
    }

    /// The mode for an event type, as it is shown: its own, the source's, the schema's default.
    pub(crate) fn mode(&self, event_type: Option<&str>) -> SchemaMode {
        let set = self.modes.of(event_type.unwrap_or_default()).copied().or(self.mode);
        match (set, self.own(event_type)) {
            (Some(SchemaMode::Off), _) => SchemaMode::Off,
            (_, Some(OwnSchema::Unavailable)) => SchemaMode::Observe,
            (Some(mode), _) => mode,
            (None, Some(OwnSchema::Ready(_))) => SchemaMode::Enforce,
            // It may be one of those whose schema is enforced: a key that stands there twice must not be
            // the way around it.
            (None, None) if event_type.is_none() && self.enforces_any() => SchemaMode::Enforce,
            (None, None) => SchemaMode::Observe,
        }
    }

    /// Whether there is an event type whose schema is enforced, where the source sets no mode.
    fn enforces_any(&self) -> bool {
        let by_default = |stem: &str| self.modes.of(stem).is_none();
        self.modes.values().any(|&mode| mode == SchemaMode::Enforce) || self.schemas.stems().any(by_default)
    }
}
