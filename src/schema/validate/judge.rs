//! The judgement of a whole payload: quickly by shapes, and where that does not settle it, by a report.

use super::asked::Asked;
use super::{Validator, Violation};
use crate::json::{Members, Scan, SyntaxError, conforms, walk};
use crate::schema::Schema;
use crate::schema::node::Program;

/// What a schema has to say of a payload.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// In the order of the payload; at most [`MAX_VIOLATIONS`](crate::schema::MAX_VIOLATIONS).
    pub(crate) violations: Vec<Violation>,
    /// A value was beyond the limits within which it can be judged, or the schema took too many steps.
    pub(crate) too_complex: bool,
    /// The offset of the first key that its object already had.
    pub(crate) duplicate_key: Option<usize>,
}

/// Judges a payload. Most payloads are right, and what is usual in a schema is checked by shapes, quickly;
/// where they do not settle it, all is read again for a report.
pub(crate) fn judge(schema: &Schema, payload: &[u8]) -> Result<Judged, SyntaxError> {
    if let Some(Scan { duplicate_key }) = conforms_quickly(&schema.program, payload, &mut Members::default())?
    {
        return Ok(Judged { duplicate_key, ..Judged::default() });
    }
    let judged = judge_all(&schema.program, payload)?;
    // A key that is there twice counts once for a shape, and twice here: either may be right.
    let settled = judged.too_complex || judged.duplicate_key.is_some() || !judged.violations.is_empty();
    debug_assert!(schema.program.outline.is_none() || settled, "a shape refuses what its schema allows");
    Ok(judged)
}

/// `None` where shapes do not settle it.
pub(in crate::schema) fn conforms_quickly(
    program: &Program,
    payload: &[u8],
    members: &mut Members,
) -> Result<Option<Scan>, SyntaxError> {
    let Some(outline) = &program.outline else { return Ok(None) };
    conforms(&outline.shapes, payload, &mut Asked::new(program, outline, payload), members)
}

/// Where the members stand of a payload that is right, and has no key twice: nothing else has to be said of it. `None`
/// where that is not settled quickly.
pub(crate) fn settle(schema: &Schema, payload: &[u8]) -> Option<Members> {
    let mut members = Members::default();
    match conforms_quickly(&schema.program, payload, &mut members) {
        Ok(Some(Scan { duplicate_key: None })) => Some(members),
        _ => None,
    }
}

pub(in crate::schema) fn judge_all(program: &Program, payload: &[u8]) -> Result<Judged, SyntaxError> {
    let mut validator = Validator::new(program, payload);
    validator.evaluations.activate(0, 0, 0, true);
    let scan = walk(payload, &mut validator)?;
    let too_complex = validator.is_too_complex();
    let (violations, duplicate_key) = (validator.report.violations, scan.duplicate_key);
    Ok(Judged { violations, too_complex, duplicate_key })
}
