//! Strict JSON, read once and without recursion.
//!
//! [`walk`] is the only reader of JSON text in this crate. It checks the grammar, the encoding, the
//! nesting depth and the uniqueness of keys, and tells a [`Visitor`] what it meets, as slices of the
//! input. Envelope, canonical form and schema validation are visitors.

mod extent;
mod number;
mod position;
mod text;
mod tree;
mod walk;

pub(crate) use extent::value_at;
pub(crate) use number::{Decimal, Divisor, Number};
pub(crate) use position::position_of;
pub(crate) use text::Text;
pub(crate) use tree::{Tree, parse_tree};
pub(crate) use walk::{Literal, Scan, SyntaxError, SyntaxErrorKind, Visitor, sort_keys, walk};
