//! What a provider does, beyond how it signs.

use crate::reader::Reader;

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
    pub(crate) fn read(reader: &mut Reader) -> Self {
        const WORDS: [(&str, Retries); 4] = [
            ("non-2xx", Retries::Non2xx),
            ("5xx", Retries::ServerErrors),
            ("none", Retries::None),
            ("unknown", Retries::Unknown),
        ];
        Self {
            timeout_seconds: reader.number("timeout_seconds"),
            attempts: reader.number("attempts"),
            window_seconds: reader.number("window_seconds"),
            retries: reader.word("retries", &WORDS).unwrap_or_default(),
        }
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

/// Which bytes the provider signs where it sends a body with `Content-Encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compressed {
    /// Those that arrive.
    SignedAsSent,
    /// Those that are inflated from them.
    SignedInflated,
}

impl Compressed {
    pub(crate) const WORDS: [(&str, Self); 2] =
        [("signed_as_sent", Self::SignedAsSent), ("signed_inflated", Self::SignedInflated)];

    /// The stable word, as definitions have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedAsSent => "signed_as_sent",
            Self::SignedInflated => "signed_inflated",
        }
    }
}
