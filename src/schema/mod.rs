//! Payload schemas: JSON Schema, compiled once and checked in one pass over the bytes.
//!
//! A [`Schema`] is a flat table of nodes. Validation is a visitor of the JSON walk: at every place in
//! the payload a *set* of evaluations is active, and each value is judged by all of them while it is
//! read. No tree of the payload is ever built; memory grows with the depth of the payload, with the keys
//! of the objects that are open, and with what single keywords must keep (`uniqueItems`,
//! `unevaluatedProperties`, `const` of an array).

mod compile;
mod constant;
mod cycle;
mod document;
mod evaluation;
mod format;
mod keyword;
mod meta;
mod names;
mod node;
mod outline;
mod regex;
mod scope;
mod uri;
mod validate;
mod violation;

use std::fmt;

use crate::code::{Code, Rejection};
use crate::json::{Position, SyntaxErrorKind, Tree, position_of};
use crate::misuse::Misuse;
use crate::table::read_tree;
use node::Program;

pub use document::Dialect;
pub(crate) use validate::{Judged, judge, settle};
pub(crate) use violation::MAX_VIOLATIONS;
pub use violation::Violation;

/// A compiled JSON Schema (draft 2020-12 or draft 7, as its `$schema` says).
///
/// Every keyword of the two drafts is honoured. `format` and the keywords about content are annotations,
/// as the specification has it, unless [`SchemaOptions`] asks for more. Keywords that begin with `x-`
/// are passed over.
#[derive(Debug, Clone)]
pub struct Schema {
    program: Program,
}

/// How a schema is to be compiled.
#[derive(Debug, Clone, Default)]
pub struct SchemaOptions {
    /// Schemas that references may lead to, by their URI. Nothing is ever fetched.
    pub resources: Vec<(String, Vec<u8>)>,
    /// Whether `format` asserts: date-time, date, time, duration, email, hostname, ipv4, ipv6, uri,
    /// uri-reference, uuid, json-pointer and regex. Others stay annotations.
    pub assert_format: bool,
    /// Whether a keyword that is unknown is passed over, as the specification has it, instead of being
    /// an error: mostly it is a mistake.
    pub annotate_unknown_keywords: bool,
    /// What a schema without `$schema` is written in.
    pub default_dialect: Dialect,
}

impl Schema {
    /// Compiles the text of a schema.
    ///
    /// # Errors
    /// [`Misuse::SchemaInvalid`] with the JSON Pointer of what cannot be honoured: text that is not
    /// strict JSON, a keyword that is unknown or misshapen, a reference that leads nowhere or only to
    /// itself, a pattern that needs more than linear time. Nothing is ever ignored in silence.
    pub fn compile(text: &[u8]) -> Result<Self, Misuse> {
        Self::compile_with(text, &SchemaOptions::default())
    }

    /// Compiles the text of a schema, with options.
    ///
    /// # Errors
    /// As [`Schema::compile`]; also where one of the resources cannot be read.
    pub fn compile_with(text: &[u8], options: &SchemaOptions) -> Result<Self, Misuse> {
        read_tree(text)
            .and_then(|tree| compile::compile(tree, options))
            .map(|program| Self { program })
            .map_err(Misuse::SchemaInvalid)
    }

    /// Compiles a schema that has been read as a part of something else.
    pub(crate) fn compile_tree(tree: Tree) -> Result<Self, Misuse> {
        compile::compile(tree, &SchemaOptions::default())
            .map(|program| Self { program })
            .map_err(Misuse::SchemaInvalid)
    }

    /// Judges a payload. It satisfies the schema exactly when there is no violation; at most 16 are
    /// given.
    ///
    /// # Errors
    /// A rejection where the payload cannot be judged: `payload_not_json`, `payload_too_deep`,
    /// `duplicate_key`, `schema_too_complex`; the detail says at which line and column.
    pub fn validate(&self, payload: &[u8]) -> Result<Vec<Violation>, Rejection> {
        let at = |code: Code, offset: usize, what: &dyn fmt::Display| {
            let Position { line, column } = position_of(payload, offset);
            Rejection::with_detail(code, format!("line {line}, column {column}: {what}"))
        };
        let judged = judge(self, payload).map_err(|error| {
            let code = match error.kind {
                SyntaxErrorKind::TooDeep => Code::PayloadTooDeep,
                _ => Code::PayloadNotJson,
            };
            at(code, error.offset, &error.kind)
        })?;
        if let Some(offset) = judged.duplicate_key {
            Err(at(Code::DuplicateKey, offset, &"the object has this key already"))
        } else if judged.too_complex {
            Err(Code::SchemaTooComplex.into())
        } else {
            Ok(judged.violations)
        }
    }
}
