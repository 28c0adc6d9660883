//! The shape of `provider.toml`, and of the same thing as JSON.

use serde::Deserialize;

/// A provider as data: everything that distinguishes it from the others. Unknown keys are refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Where the provider documents its webhooks.
    pub(crate) docs: String,
    #[serde(default = "post")]
    pub(crate) methods: Vec<String>,
    /// Headers that carry a credential in the clear: never relayed, never logged.
    #[serde(default)]
    pub(crate) credentials: Vec<String>,
    pub(crate) event: EventDefinition,
    #[serde(default)]
    pub(crate) delivery: DeliveryFacts,
    pub(crate) schemes: Vec<SchemeDefinition>,
    #[serde(default)]
    pub(crate) idempotency: Vec<IdempotencyRule>,
    #[serde(default)]
    pub(crate) events: Vec<EventException>,
}

fn post() -> Vec<String> {
    vec!["POST".to_owned()]
}

/// Where in the payload an event says what it is: JSON Pointers, of which the first that leads
/// somewhere counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventDefinition {
    #[serde(rename = "type")]
    pub(crate) event_type: Vec<String>,
    #[serde(default)]
    pub(crate) id: Vec<String>,
    #[serde(default)]
    pub(crate) timestamp: Vec<String>,
}

/// What the provider does with an endpoint that is slow or refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(default)]
    pub retries: Retries,
}

/// Which answers make a provider try again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Retries {
    /// Everything but a 2xx.
    #[serde(rename = "non-2xx")]
    Non2xx,
    /// Server errors and failed connections; a 4xx is final.
    #[serde(rename = "5xx")]
    ServerErrors,
    /// Nothing.
    None,
    /// The provider does not say.
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemeDefinition {
    pub(crate) name: String,
    /// The page that the facts of this scheme come from.
    #[serde(default)]
    #[expect(dead_code, reason = "for readers of the file")]
    pub(crate) docs: Option<String>,
    pub(crate) algorithm: Algorithm,
    #[serde(default)]
    pub(crate) grammar: Grammar,
    pub(crate) prefix: Option<String>,
    #[serde(default)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Algorithm {
    HmacSha256,
    /// The secret itself travels in the header.
    StaticToken,
}

/// How the signature header is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Grammar {
    /// One signature, perhaps behind a prefix.
    #[default]
    Single,
    /// `v1,<signature> v1,<signature>`: separated by spaces, any may match.
    Versions,
    /// `t=<timestamp>,v1=<signature>`: separated by commas, any may match.
    Pairs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Encoding {
    /// Lower-case hexadecimal.
    Hex,
    /// The standard alphabet with padding, canonical.
    Base64,
}

/// How the text of a secret becomes the bytes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecretFormat {
    /// The text itself.
    Utf8,
    Base64,
    /// Base64 behind an optional `whsec_` (Standard Webhooks).
    Whsec,
}

/// The names of the headers that belong together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeaderFamily {
    pub(crate) signature: String,
    pub(crate) id: Option<String>,
    pub(crate) timestamp: Option<String>,
}

/// Which fields tell two events apart where there is no event id.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdempotencyRule {
    pub(crate) events: Vec<String>,
    /// JSON Pointers.
    pub(crate) fields: Vec<String>,
}

/// An event type that is not treated like the others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventException {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) reply: Reply,
    #[serde(default)]
    pub(crate) dedupe: Dedupe,
}

/// Whose answer the sender of an event waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reply {
    /// Any 2xx will do.
    #[default]
    Any,
    /// The origin's own: a request in the form of a webhook.
    Origin,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Dedupe {
    #[default]
    On,
    /// An identical body is a new event.
    Off,
}
