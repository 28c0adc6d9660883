//! The first stage: is the delivery from whom it says it is?
//!
//! One interpreter for every scheme. A [`Scheme`] is compiled from a provider's definition; nothing
//! here knows a provider by name.

mod algorithm;
mod authenticate;
mod canonical;
mod content;
mod encoding;
mod grammar;
mod key;
mod scheme;
mod sign;
mod timestamp;

pub(crate) use algorithm::Algorithm;
pub use algorithm::Hash;
pub(crate) use authenticate::{Judge, Verified};
pub(crate) use content::Values;
pub(crate) use encoding::Encoding;
pub(crate) use key::Key;
pub use key::Secret;
pub(crate) use scheme::Scheme;
pub use sign::Signing;
