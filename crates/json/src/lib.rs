//! Strict JSON, read once: the part of Hookwarden through which every byte of a payload passes. However a
//! text is nested, it is refused beyond [`MAX_DEPTH`].
//!
//! [`Reader`] takes a text token by token, as slices of the input, and checks the grammar, the encoding,
//! the nesting depth and the uniqueness of keys. [`walk`] reads a whole value and tells a [`Visitor`] what
//! it meets. [`conforms`] reads a whole text against [`Shapes`], the compiled form of what most schemas
//! ask, and puts everything else to somebody who knows.
//!
//! A crate of its own, because it is built for speed while all else is built for size.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![expect(clippy::inline_always, reason = "a call for every token would cost more than reading it")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets and counts are bounded by the length of the text"
)]

mod canonical;
mod conform;
mod cursor;
mod extent;
mod keys;
mod members;
mod number;
mod reader;
mod scan;
mod shape;
mod syntax;
mod text;
mod types;
mod walk;
mod word;

pub use canonical::{NoCanonicalForm, canonical};
pub use conform::{Ask, conforms};
pub use extent::value_at;
pub use keys::sorted_keys;
pub use members::{Members, Place, Scalar, first_item_at, glimpse, member_at, scalar_at};
pub use number::{Number, NumberForm};
pub use reader::{Literal, MAX_DEPTH, Reader, Scan};
pub use shape::{ByProperty, ByType, Guess, Kind, Member, Range, Shape, ShapeId, Shapes, Strings};
pub use syntax::{SyntaxError, SyntaxErrorKind};
pub use text::Text;
pub use types::Types;
pub use walk::{Visitor, walk, walk_value};
pub use word::Word;
