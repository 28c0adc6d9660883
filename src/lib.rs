//! Hookwarden's core: it decides what a webhook delivery is worth.
//!
//! A [`Verifier`] takes a [`Delivery`] and gives a [`Verdict`]: whether the signature is right and
//! recent, what event it is, whether the payload satisfies the schema of its event type, and the key by
//! which the same event is known when it comes again. The same core runs at the edge, in Node and in
//! the browser.
//!
//! The core does no I/O. The time is an argument, nothing is random, and no input makes it panic: a
//! delivery that is refused is a value with a [`Code`], and only a mistake of the caller is an error
//! ([`Misuse`]).
//!
//! ```
//! use hookwarden::{Delivery, Options, Provider, Verifier};
//!
//! let provider = Provider::builtin("efficlose")?;
//! let options = Options { secrets: vec!["efficlose_test_secret".into()], ..Options::default() };
//! let verifier = Verifier::new(provider, options)?;
//!
//! let verdict = verifier.verify(
//!     &Delivery {
//!         method: Some("POST"),
//!         url: None,
//!         headers: &[("X-Webhook-Signature", "sha256=00")],
//!         body: b"{}",
//!     },
//!     1_705_315_800,
//! );
//! assert_eq!(verdict.code().unwrap().as_str(), "signature_malformed");
//! # Ok::<(), hookwarden::Misuse>(())
//! ```
#![forbid(unsafe_code)]
#![warn(clippy::exhaustive_enums)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod code;
mod delivery;
mod digits;
mod event;
mod event_patterns;
mod form;
mod handshake;
mod host;
mod idempotency;
mod joined;
mod json;
mod lossy;
mod misuse;
mod payload;
mod pointer;
mod provider;
mod public_key;
mod reader;
mod schema;
mod schema_policy;
mod signature;
mod standard_webhooks;
mod table;
mod time;
mod verdict;
mod verifier;

pub use code::{Code, Rejection};
pub use delivery::Delivery;
pub use event::Event;
pub use event_patterns::EventPatterns;
pub use handshake::Handshake;
pub use host::Host;
pub use idempotency::IdempotencyKey;
pub use misuse::Misuse;
pub use provider::{Compressed, DeliveryFacts, Provider, Reply, Retries, is_name};
pub use public_key::{BuiltInPublicKeys, PublicKeyAlgorithm, PublicKeyCheck};
pub use reader::Reader;
pub use schema::{Dialect, Schema, SchemaOptions, Violation};
pub use schema_policy::{OwnSchema, SchemaMode};
pub use signature::{Hash, Secret, Signing};
pub use standard_webhooks::Signer;
pub use table::{Setting, Table};
pub use verdict::{Authentic, SchemaReport, SchemaStatus, Verdict};
pub use verifier::{Options, UnknownEvents, Verifier};
