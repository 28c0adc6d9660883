//! What is wrong with a payload: first with its text, then by its schema.

use crate::code::Code;
use crate::json::{Scan, SyntaxError, SyntaxErrorKind, position_of};
use crate::misuse::Misuse;
use crate::schema::{Judged, MAX_VIOLATIONS, Schema, Violation, judge};
use crate::verdict::{SchemaReport, SchemaStatus};

/// The report, and the codes of everything that was found. The schema is asked for only if there is JSON.
pub(crate) fn report<'s>(
    body: &[u8],
    event_type: Option<&str>,
    syntax: Result<Scan, SyntaxError>,
    schema: impl FnOnce() -> Option<Result<&'s Schema, &'s Misuse>>,
) -> (SchemaReport, Vec<Code>) {
    let mut findings = Vec::new();
    let mut violations = Vec::new();
    let mut status = SchemaStatus::Valid;
    match syntax {
        Err(error) => {
            let code = code_of(error);
            violations.push(in_text(body, error.offset, code, error.kind.to_string()));
            findings.push(code);
        }
        Ok(Scan { duplicate_key }) => {
            if let Some(offset) = duplicate_key {
                let message = "the object has this key already".to_owned();
                violations.push(in_text(body, offset, Code::DuplicateKey, message));
                findings.push(Code::DuplicateKey);
            }
            if event_type.is_none() {
                findings.push(Code::EventTypeMissing);
            }
            match schema() {
                None => status = SchemaStatus::UnknownEvent,
                Some(Err(_)) => {
                    status = SchemaStatus::UnknownEvent;
                    findings.push(Code::SourceMisconfigured);
                }
                Some(Ok(schema)) => {
                    let Judged { violations: found, too_complex, .. } =
                        judge(schema, body).unwrap_or_default();
                    if too_complex {
                        findings.push(Code::SchemaTooComplex);
                    } else if !found.is_empty() {
                        findings.push(Code::SchemaViolation);
                    }
                    violations.extend(found);
                    violations.truncate(MAX_VIOLATIONS);
                }
            }
        }
    }
    if !violations.is_empty() {
        status = SchemaStatus::Invalid;
    }
    (SchemaReport { status, violations }, findings)
}

fn code_of(error: SyntaxError) -> Code {
    match error.kind {
        SyntaxErrorKind::TooDeep => Code::PayloadTooDeep,
        _ => Code::PayloadNotJson,
    }
}

/// A fault of the text itself, which has a place but no pointer.
fn in_text(body: &[u8], offset: usize, code: Code, message: String) -> Violation {
    let position = position_of(body, offset);
    Violation {
        path: String::new(),
        keyword: code.as_str(),
        message,
        schema: String::new(),
        line: position.line,
        column: position.column,
        offset,
        masked_path: String::new(),
    }
}
