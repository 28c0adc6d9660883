//! Mistakes of the caller, as opposed to deliveries that are refused.

use std::fmt;

use crate::joined::joined;

/// A mistake in how the library was set up. Never caused by a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// A provider definition makes no sense. The text names the key and the reason.
    DefinitionInvalid(String),
    /// No provider has this name.
    ProviderUnknown(String),
    /// The provider has several schemes of which none is preferred, and none was named.
    SchemeRequired {
        /// The provider's schemes.
        schemes: Vec<String>,
    },
    /// The provider has no scheme of this name.
    SchemeUnknown {
        /// The name asked for.
        scheme: String,
        /// The provider's schemes.
        schemes: Vec<String>,
    },
    /// A payload schema cannot be honoured.
    SchemaInvalid(String),
    /// A secret cannot be a secret of this scheme. The text never holds the secret.
    SecretInvalid(String),
    /// No secret was given.
    SecretMissing,
    /// A tolerance was given for a scheme that signs no time.
    ToleranceUnused,
    /// What is to be signed cannot be a delivery of this scheme.
    Unsignable(String),
}

impl Misuse {
    /// The stable word for programs, such as `secret_missing`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DefinitionInvalid(_) => "definition_invalid",
            Self::ProviderUnknown(_) => "provider_unknown",
            Self::SchemeRequired { .. } => "scheme_required",
            Self::SchemeUnknown { .. } => "scheme_unknown",
            Self::SchemaInvalid(_) => "schema_invalid",
            Self::SecretInvalid(_) => "secret_invalid",
            Self::SecretMissing => "secret_missing",
            Self::ToleranceUnused => "tolerance_unused",
            Self::Unsignable(_) => "unsignable",
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DefinitionInvalid(reason) => write!(f, "the provider definition is invalid: {reason}"),
            Self::ProviderUnknown(name) => write!(f, "no provider is named `{name}`"),
            Self::SchemeRequired { schemes } => {
                write!(f, "the provider has several schemes, name one of: {}", joined(schemes, ", "))
            }
            Self::SchemeUnknown { scheme, schemes } => {
                write!(f, "the provider has no scheme `{scheme}`, only: {}", joined(schemes, ", "))
            }
            Self::SchemaInvalid(reason) => write!(f, "the schema is invalid: {reason}"),
            Self::SecretInvalid(reason) => write!(f, "a secret is invalid: {reason}"),
            Self::SecretMissing => f.write_str("no secret is given"),
            Self::ToleranceUnused => {
                f.write_str("a tolerance is given, but the scheme signs no time that it could apply to")
            }
            Self::Unsignable(reason) => write!(f, "this cannot be signed: {reason}"),
        }
    }
}

impl std::error::Error for Misuse {}
