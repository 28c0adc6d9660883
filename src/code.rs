//! The closed list of reasons why a delivery is not accepted.

use std::fmt;

macro_rules! codes {
    ($($variant:ident $text:literal $status:literal $meaning:literal)+) => {
        /// Why a delivery was not accepted: a stable word, the same in Rust, JavaScript, HTTP answers,
        /// the command line, the page and the vectors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
        }

        impl Code {
            /// Every code, those of the core in the order of its checks.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable word, such as `signature_mismatch`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The HTTP status that answers such a delivery.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// One sentence for a person.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

codes! {
    SourceUnknown "source_unknown" 404 "No source has this name."
    MethodNotAllowed "method_not_allowed" 405 "The provider does not deliver with this method."
    RateLimited "rate_limited" 429 "Too many deliveries; try again later."
    Overloaded "overloaded" 503 "Too many bytes are in flight; try again later."
    EncodingUnsupported "encoding_unsupported" 415 "The body is compressed in a way that is not supported."
    PayloadTooLarge "payload_too_large" 413 "The body is larger than the source allows."
    SignatureMissing "signature_missing" 401 "The signature header is absent."
    SignatureMalformed "signature_malformed" 401 "The signature header, or a header that is signed with it, is not exactly as the provider writes it."
    IdMissing "id_missing" 401 "The signed id header is absent."
    TimestampMissing "timestamp_missing" 401 "The signed timestamp is absent."
    TimestampMalformed "timestamp_malformed" 401 "The timestamp is not 1 to 12 digits."
    SignatureMismatch "signature_mismatch" 401 "No secret of this source gives the signature."
    TimestampTooOld "timestamp_too_old" 401 "The delivery was signed longer ago than the tolerance."
    TimestampTooNew "timestamp_too_new" 401 "The delivery was signed further in the future than the tolerance."
    PayloadNotJson "payload_not_json" 400 "The body is not strict JSON."
    PayloadTooDeep "payload_too_deep" 400 "The body's arrays and objects nest too deep."
    DuplicateKey "duplicate_key" 400 "An object in the body has the same key twice."
    EventTypeMissing "event_type_missing" 400 "The body names no event type."
    UnknownEvent "unknown_event" 422 "The source refuses events that the provider's catalogue does not list."
    SchemaViolation "schema_violation" 422 "The payload breaks the schema of its event type."
    SchemaTooComplex "schema_too_complex" 422 "The payload cannot be judged within the limits."
    InFlight "in_flight" 503 "An earlier copy of this event is still being relayed; try again later."
    StoreUnavailable "store_unavailable" 503 "The store of delivered events does not answer; try again later."
    SourceMisconfigured "source_misconfigured" 503 "The source is not configured correctly."
    OriginUnreachable "origin_unreachable" 502 "The origin could not be reached."
    OriginRedirected "origin_redirected" 502 "The origin redirected, and redirects are not followed."
    OriginTimeout "origin_timeout" 504 "The origin did not answer in time."
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A delivery refused: the stable code, and where it helps a detail that holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejection {
    /// The reason.
    pub code: Code,
    /// What exactly is wrong, for a person. Never a secret, a signature or a payload value.
    pub detail: Option<String>,
}

impl Rejection {
    pub(crate) fn with_detail(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: Some(detail.into()) }
    }
}

impl From<Code> for Rejection {
    fn from(code: Code) -> Self {
        Self { code, detail: None }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.code),
            None => write!(f, "{}: {}", self.code, self.code.meaning()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_unique_and_every_status_an_error() {
        let mut words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| (400..600).contains(&code.status())));
    }
}
