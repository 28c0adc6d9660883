//! JSON for the rest of the core: the reader of `hookwarden-json`, and what only schemas, definitions and
//! people need.

mod decimal;
mod position;
mod tree;

pub(crate) use decimal::{Decimal, Divisor};
pub(crate) use hookwarden_json::*;
pub(crate) use position::{Position, position_of};
pub(crate) use tree::{Tree, parse_tree};
