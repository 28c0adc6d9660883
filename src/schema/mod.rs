//! Payload schemas: JSON Schema (draft 2020-12), compiled once and checked in one pass over the bytes.
//!
//! A [`Schema`] is a flat table of nodes. Validation is a visitor of the JSON walk: at every place in
//! the payload a *set* of nodes is active, and each value is judged by all of them while it is read. No
//! tree of the payload is ever built; memory grows with the depth of the payload and with the keys of the
//! objects that are open.

mod compile;
mod constant;
mod node;
mod validate;
mod violation;

use crate::misuse::Misuse;
use node::Node;

pub(crate) use validate::{Judged, MAX_VIOLATIONS, judge};
pub use violation::Violation;

/// A compiled JSON Schema.
///
/// Keywords known to this version: `$defs`, `$ref` (within the document), `additionalProperties`,
/// `allOf`, `const` and `enum` (of values that are not arrays or objects), `exclusiveMaximum`,
/// `exclusiveMinimum`, `items`, `maxItems`, `maxLength`, `maxProperties`, `maximum`, `minItems`,
/// `minLength`, `minProperties`, `minimum`, `properties`, `required`, `type`, and those that assert
/// nothing: `$comment`, `$id` (at the root), `$schema` (of this draft), `default`, `deprecated`, `description`, `examples`, `format`,
/// `readOnly`, `title`, `writeOnly`. Keywords that begin with `x-` are passed over.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    nodes: Vec<Node>,
}

impl Schema {
    /// Compiles the text of a schema. The error is [`Misuse::SchemaInvalid`] with the JSON Pointer of what
    /// cannot be honoured: text that is not strict JSON, a keyword that is unknown, misshapen or not
    /// implemented, a `$ref` that leads nowhere or only to itself. Nothing is ever ignored in silence.
    pub(crate) fn compile(text: &[u8]) -> Result<Self, Misuse> {
        compile::compile(text).map(|nodes| Self { nodes }).map_err(Misuse::SchemaInvalid)
    }
}
