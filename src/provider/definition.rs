//! The shape of `provider.toml`, and of the same thing as JSON.

use crate::table::Table;

/// A provider as data: everything that distinguishes it from the others. Unknown keys are refused.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Where the provider documents its webhooks.
    pub(crate) docs: String,
    pub(crate) methods: Vec<String>,
    /// Headers that carry a credential in the clear: never relayed, never logged.
    pub(crate) credentials: Vec<String>,
    pub(crate) event: EventDefinition,
    pub(crate) delivery: DeliveryFacts,
    pub(crate) schemes: Vec<SchemeDefinition>,
    pub(crate) idempotency: Vec<IdempotencyRule>,
    pub(crate) events: Vec<EventException>,
}

impl Definition {
    pub(crate) fn read(mut table: Table) -> Result<Self, String> {
        let methods = table.texts("methods")?;
        let event = table.table("event")?;
        let definition = Self {
            name: text(&mut table, "name")?,
            title: text(&mut table, "title")?,
            docs: text(&mut table, "docs")?,
            methods: if methods.is_empty() { vec!["POST".to_owned()] } else { methods },
            credentials: table.texts("credentials")?,
            event: EventDefinition::read(table.needed("event", event)?)?,
            delivery: table.table("delivery")?.map(DeliveryFacts::read).transpose()?.unwrap_or_default(),
            schemes: read_all(&mut table, "schemes", SchemeDefinition::read)?,
            idempotency: read_all(&mut table, "idempotency", IdempotencyRule::read)?,
            events: read_all(&mut table, "events", EventException::read)?,
        };
        table.end()?;
        Ok(definition)
    }
}

/// Where in the payload an event says what it is: JSON Pointers, of which the first that leads
/// somewhere counts.
#[derive(Debug, Clone)]
pub(crate) struct EventDefinition {
    pub(crate) r#type: Vec<String>,
    pub(crate) id: Vec<String>,
    pub(crate) timestamp: Vec<String>,
}

impl EventDefinition {
    fn read(mut table: Table) -> Result<Self, String> {
        let [r#type, id, timestamp] = [table.texts("type")?, table.texts("id")?, table.texts("timestamp")?];
        let named = (!r#type.is_empty()).then_some(r#type);
        let r#type = table.needed("type", named)?;
        table.end()?;
        Ok(Self { r#type, id, timestamp })
    }
}

/// What the provider does with an endpoint that is slow or refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryFacts {
    /// How long the provider waits for an answer, in seconds, where known.
    pub timeout_seconds: Option<u32>,
    /// How often the provider tries in all, where known.
    pub attempts: Option<u32>,
    /// Seconds of pause between the first attempt and the last, where known; what the attempts themselves
    /// take comes on top.
    pub window_seconds: Option<u32>,
    /// Which answers the provider takes as a reason to try again.
    pub retries: Retries,
}

impl DeliveryFacts {
    fn read(mut table: Table) -> Result<Self, String> {
        let words = [
            ("non-2xx", Retries::Non2xx),
            ("5xx", Retries::ServerErrors),
            ("none", Retries::None),
            ("unknown", Retries::Unknown),
        ];
        let facts = Self {
            timeout_seconds: table.number("timeout_seconds")?,
            attempts: table.number("attempts")?,
            window_seconds: table.number("window_seconds")?,
            retries: table.word("retries", &words)?.unwrap_or_default(),
        };
        table.end()?;
        Ok(facts)
    }
}

/// Which answers make a provider try again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retries {
    /// Everything but a 2xx.
    Non2xx,
    /// Server errors and failed connections; a 4xx is final.
    ServerErrors,
    /// Nothing.
    None,
    /// The provider does not say.
    #[default]
    Unknown,
}

/// A signature scheme. Its `docs`, the page that its facts come from, is for readers of the file.
#[derive(Debug, Clone)]
pub(crate) struct SchemeDefinition {
    pub(crate) name: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) grammar: Grammar,
    pub(crate) prefix: Option<String>,
    pub(crate) prefix_optional: bool,
    pub(crate) label: Option<String>,
    pub(crate) timestamp_label: Option<String>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) signed_content: Option<String>,
    pub(crate) secret: Option<SecretFormat>,
    pub(crate) tolerance_seconds: Option<u32>,
    pub(crate) headers: Vec<HeaderFamily>,
    pub(crate) delivery: Option<DeliveryFacts>,
}

impl SchemeDefinition {
    pub(crate) fn read(mut table: Table) -> Result<Self, String> {
        let algorithms = [("hmac-sha256", Algorithm::HmacSha256), ("static-token", Algorithm::StaticToken)];
        let grammars =
            [("single", Grammar::Single), ("versions", Grammar::Versions), ("pairs", Grammar::Pairs)];
        let encodings = [("hex", Encoding::Hex), ("base64", Encoding::Base64)];
        let secrets =
            [("utf8", SecretFormat::Utf8), ("base64", SecretFormat::Base64), ("whsec", SecretFormat::Whsec)];
        table.text("docs")?;
        let algorithm = table.word("algorithm", &algorithms)?;
        let definition = Self {
            name: text(&mut table, "name")?,
            algorithm: table.needed("algorithm", algorithm)?,
            grammar: table.word("grammar", &grammars)?.unwrap_or_default(),
            prefix: table.text("prefix")?,
            prefix_optional: table.flag("prefix_optional")?.unwrap_or_default(),
            label: table.text("label")?,
            timestamp_label: table.text("timestamp_label")?,
            encoding: table.word("encoding", &encodings)?,
            signed_content: table.text("signed_content")?,
            secret: table.word("secret", &secrets)?,
            tolerance_seconds: table.number("tolerance_seconds")?,
            headers: read_all(&mut table, "headers", HeaderFamily::read)?,
            delivery: table.table("delivery")?.map(DeliveryFacts::read).transpose()?,
        };
        table.end()?;
        Ok(definition)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    HmacSha256,
    /// The secret itself travels in the header.
    StaticToken,
}

/// How the signature header is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Grammar {
    /// One signature, perhaps behind a prefix.
    #[default]
    Single,
    /// `v1,<signature> v1,<signature>`: separated by spaces, any may match.
    Versions,
    /// `t=<timestamp>,v1=<signature>`: separated by commas, any may match.
    Pairs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Lower-case hexadecimal.
    Hex,
    /// The standard alphabet with padding, canonical.
    Base64,
}

/// How the text of a secret becomes the bytes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretFormat {
    /// The text itself.
    Utf8,
    Base64,
    /// Base64 behind an optional `whsec_` (Standard Webhooks).
    Whsec,
}

/// The names of the headers that belong together.
#[derive(Debug, Clone)]
pub(crate) struct HeaderFamily {
    pub(crate) signature: String,
    pub(crate) id: Option<String>,
    pub(crate) timestamp: Option<String>,
}

impl HeaderFamily {
    fn read(mut table: Table) -> Result<Self, String> {
        let signature = text(&mut table, "signature")?;
        let [id, timestamp] = [table.text("id")?, table.text("timestamp")?];
        table.end()?;
        Ok(Self { signature, id, timestamp })
    }
}

/// Which fields tell two events apart where there is no event id.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyRule {
    pub(crate) events: Vec<String>,
    /// JSON Pointers.
    pub(crate) fields: Vec<String>,
}

impl IdempotencyRule {
    fn read(mut table: Table) -> Result<Self, String> {
        let [events, fields] = [table.texts("events")?, table.texts("fields")?];
        table.end()?;
        Ok(Self { events, fields })
    }
}

/// An event type that is not treated like the others.
#[derive(Debug, Clone)]
pub(crate) struct EventException {
    pub(crate) name: String,
    pub(crate) reply: Reply,
    pub(crate) dedupe: Dedupe,
}

impl EventException {
    fn read(mut table: Table) -> Result<Self, String> {
        let name = text(&mut table, "name")?;
        let reply = table.word("reply", &[("any", Reply::Any), ("origin", Reply::Origin)])?;
        let dedupe = table.word("dedupe", &[("on", Dedupe::On), ("off", Dedupe::Off)])?;
        table.end()?;
        Ok(Self { name, reply: reply.unwrap_or_default(), dedupe: dedupe.unwrap_or_default() })
    }
}

/// Whose answer the sender of an event waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Any 2xx will do.
    #[default]
    Any,
    /// The origin's own: a request in the form of a webhook.
    Origin,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Dedupe {
    #[default]
    On,
    /// An identical body is a new event.
    Off,
}

fn text(table: &mut Table, key: &str) -> Result<String, String> {
    let text = table.text(key)?;
    table.needed(key, text)
}

fn read_all<T>(
    table: &mut Table,
    key: &str,
    read: impl Fn(Table) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    table.tables(key)?.into_iter().map(read).collect()
}
