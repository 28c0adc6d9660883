use serde::Serialize;

use super::validate::Frame;
use crate::json::position_of;

/// How many violations are reported; the payload is invalid with the first.
pub(crate) const MAX_VIOLATIONS: usize = 16;

/// One way in which a payload breaks its schema. Holds no value of the payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// JSON Pointer to the value at fault.
    pub path: String,
    /// The schema keyword that is not satisfied; where the text itself is at fault, the code
    /// (`payload_not_json`, `payload_too_deep`, `duplicate_key`, `schema_too_complex`).
    pub keyword: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// Where in the schema the keyword stands: a URI reference with a JSON Pointer. Empty where the text
    /// itself is at fault.
    pub schema: String,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    /// The same pointer with `*` in place of every property name that the schema does not declare, since
    /// such a name may be data. For logs and answers.
    #[serde(skip)]
    pub masked_path: String,
}

/// What has been found so far.
#[derive(Debug)]
pub(super) struct Report<'p> {
    payload: &'p [u8],
    pub(super) violations: Vec<Violation>,
    pub(super) too_complex: bool,
}

impl<'p> Report<'p> {
    pub(super) fn new(payload: &'p [u8]) -> Self {
        Self { payload, violations: Vec::new(), too_complex: false }
    }

    /// Adds a violation of the value within the frames, or of the member of it that `token` names.
    pub(super) fn add(
        &mut self,
        at: usize,
        keyword: &'static str,
        message: impl FnOnce() -> String,
        schema: &str,
        frames: &[Frame<'_>],
        token: Option<&[u8]>,
    ) {
        if self.violations.len() == MAX_VIOLATIONS {
            return;
        }
        let position = position_of(self.payload, at);
        let (mut path, mut masked_path) = (String::new(), String::new());
        for frame in frames {
            let token = match &frame.key {
                Some(key) => escape(&key.decode()),
                None => frame.count.saturating_sub(1).to_string(),
            };
            let shown = if frame.is_array || frame.declared { token.as_str() } else { "*" };
            push(&mut path, &token);
            push(&mut masked_path, shown);
        }
        if let Some(token) = token {
            push(&mut path, &escape(token));
            push(&mut masked_path, "*");
        }
        self.violations.push(Violation {
            path,
            keyword,
            message: message(),
            schema: if schema.ends_with(keyword) { schema.to_owned() } else { format!("{schema}/{keyword}") },
            line: position.line,
            column: position.column,
            masked_path,
        });
    }
}

fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(token);
}

fn escape(name: &[u8]) -> String {
    String::from_utf8_lossy(name).replace('~', "~0").replace('/', "~1")
}
