use std::fmt;

use serde::Serialize;

use super::validate::Frame;
use crate::json::{position_of, value_at};
use crate::lossy::lossy;
use crate::pointer::escape_token;

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
    /// Where the value at fault begins, or the key where it is the key: in bytes, counted from 0.
    #[serde(skip)]
    pub offset: usize,
    /// The same pointer with `*` in place of every property name that the schema does not declare, since
    /// such a name may be data. For logs and answers.
    #[serde(skip)]
    pub masked_path: String,
}

impl Violation {
    /// The value at fault as it is written in the payload, which must be the one that was judged; the key
    /// where it is the key. `None` where the payload breaks off or is no JSON there.
    ///
    /// A violation itself holds no value, so that it can be logged. Only who has the payload can ask.
    pub fn value_in<'p>(&self, payload: &'p [u8]) -> Option<&'p [u8]> {
        value_at(payload, self.offset)
    }
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
        message: fmt::Arguments<'_>,
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
                None => format!("{}", frame.count.saturating_sub(1)),
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
            message: message.to_string(),
            schema: if schema.ends_with(keyword) { schema.to_owned() } else { format!("{schema}/{keyword}") },
            line: position.line,
            column: position.column,
            offset: at,
            masked_path,
        });
    }
}

fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(token);
}

fn escape(name: &[u8]) -> String {
    escape_token(&lossy(name))
}

#[cfg(test)]
mod tests {
    use crate::Schema;

    fn values(schema: &str, payload: &str) -> Vec<Option<String>> {
        let violations = Schema::compile(schema.as_bytes()).unwrap().validate(payload.as_bytes()).unwrap();
        let value = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
        violations.iter().map(|violation| violation.value_in(payload.as_bytes()).map(value)).collect()
    }

    #[test]
    fn who_has_the_payload_can_ask_for_the_value_at_fault() {
        let payload = r#"{ "a": [1, "x\"]"], "b" : {"c":[]}, "é": -1.5e3 }"#;
        for (schema, value) in [
            (r#"{"required":["z"]}"#, payload),
            (r#"{"properties":{"a":{"items":{"type":"number"}}}}"#, r#""x\"]""#),
            (r#"{"properties":{"a":{"uniqueItems":true,"maxItems":1}}}"#, r#"[1, "x\"]"]"#),
            (r#"{"properties":{"b":{"type":"array"}}}"#, r#"{"c":[]}"#),
            (r#"{"properties":{"a":true,"b":true},"additionalProperties":false}"#, "-1.5e3"),
            (r#"{"properties":{"a":true,"b":true},"unevaluatedProperties":false}"#, "-1.5e3"),
            (r#"{"propertyNames":{"pattern":"^[a-z]$"}}"#, "\"é\""),
        ] {
            assert_eq!(values(schema, payload), [Some(value.to_owned())], "{schema}");
        }
    }

    #[test]
    fn another_payload_brings_another_answer_and_no_harm() {
        let violations =
            Schema::compile(br#"{"items":{"type":"null"}}"#).unwrap().validate(b"[null,1]").unwrap();
        let value = |payload: &'static [u8]| violations[0].value_in(payload);
        assert_eq!(value(b"[null,1]"), Some(&b"1"[..]));
        assert_eq!(value(b""), None);
        assert_eq!(value(b"123456789"), Some(&b"789"[..]));
        assert_eq!(value(b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), None);
    }

    #[test]
    fn a_violation_holds_no_value() {
        let violations = Schema::compile(br#"{"type":"null"}"#).unwrap().validate(b"\"hunter2\"").unwrap();
        let shown = format!("{violations:?} {}", serde_json::to_string(&violations).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains("\"offset\""), "{shown}");
    }
}
