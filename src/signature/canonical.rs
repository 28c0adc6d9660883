//! The canonical JSON that some senders sign instead of the bytes they send.
//!
//! The form is that of Python's `json.dumps(value, sort_keys=True, ensure_ascii=False,
//! separators=(",", ":"))`, computed from the text alone: numbers keep their digits as sent, keys are
//! sorted by code point. It is read before the signature is known to be right, so everything here takes
//! hostile input: nesting is limited, memory stays in proportion to the body, nothing recurses.

use std::borrow::Cow;

use crate::code::{Code, Rejection};
use crate::json::{Literal, Number, SyntaxErrorKind, Text, Visitor, sorted_keys, walk};

/// How many values a text may hold. Whoever knows the address can make this work: it bounds the memory
/// that a forged delivery can take, far above what such senders send.
const MAX_VALUES: usize = 1 << 16;

/// The canonical form of a JSON text. Refuses what no such sender can produce: what is not JSON,
/// duplicate keys, lone surrogates and U+0000; and what holds too many values.
pub(crate) fn canonicalize(text: &[u8]) -> Result<Vec<u8>, Rejection> {
    let mut tape = Tape::default();
    let scan = walk(text, &mut tape).map_err(|error| {
        let code = match error.kind {
            SyntaxErrorKind::TooDeep => Code::PayloadTooDeep,
            _ => Code::PayloadNotJson,
        };
        Rejection::with_detail(code, error.kind.to_string())
    })?;
    if scan.duplicate_key.is_some() {
        return Err(Code::DuplicateKey.into());
    }
    if tape.entries.len() > MAX_VALUES {
        let detail = format!("canonical JSON may hold at most {MAX_VALUES} values");
        return Err(Rejection::with_detail(Code::PayloadTooLarge, detail));
    }
    if tape.unsignable {
        let detail = "a string holds a character that the sender cannot sign";
        return Err(Rejection::with_detail(Code::PayloadNotJson, detail));
    }
    Ok(tape.write(text.len()))
}

/// The values of a text in its order, each with the place where it ends.
#[derive(Default)]
struct Tape<'a> {
    entries: Vec<Entry<'a>>,
    open: Vec<usize>,
    key: Option<Cow<'a, [u8]>>,
    unsignable: bool,
}

struct Entry<'a> {
    /// Decoded; `None` outside objects.
    key: Option<Cow<'a, [u8]>>,
    value: Value<'a>,
    /// The index after the last entry within.
    end: usize,
}

enum Value<'a> {
    Object,
    Array,
    String(Cow<'a, [u8]>),
    /// Number or literal, as it stands.
    Verbatim(&'a [u8]),
}

impl<'a> Tape<'a> {
    fn push(&mut self, value: Value<'a>) {
        if self.entries.len() > MAX_VALUES {
            return;
        }
        let end = self.entries.len().saturating_add(1);
        self.entries.push(Entry { key: self.key.take(), value, end });
    }

    fn begin(&mut self, value: Value<'a>) {
        self.open.push(self.entries.len());
        self.push(value);
    }

    fn end(&mut self) {
        let end = self.entries.len();
        if let Some(entry) = self.open.pop().and_then(|at| self.entries.get_mut(at)) {
            entry.end = end;
        }
    }

    fn decode(&mut self, text: Text<'a>) -> Cow<'a, [u8]> {
        let decoded = text.decode();
        // Raw NUL and raw surrogates are not JSON; only escapes can bring them.
        self.unsignable |= text.escaped && (decoded.contains(&0) || std::str::from_utf8(&decoded).is_err());
        decoded
    }

    fn children(&self, parent: usize) -> impl Iterator<Item = usize> {
        let end = self.entries.get(parent).map_or(0, |entry| entry.end);
        let next = move |at: &usize| self.entries.get(*at).map(|entry| entry.end).filter(|&at| at < end);
        std::iter::successors(Some(parent.saturating_add(1)).filter(|&at| at < end), next)
    }

    fn write(&self, capacity: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(capacity);
        let mut open: Vec<Writing> = Vec::new();
        self.write_entry(0, &mut out, &mut open);
        while let Some(top) = open.last_mut() {
            if let Some(child) = top.children.next() {
                if !top.first {
                    out.push(b',');
                }
                top.first = false;
                self.write_entry(child, &mut out, &mut open);
            } else {
                out.push(top.close);
                open.pop();
            }
        }
        out
    }

    fn write_entry(&self, at: usize, out: &mut Vec<u8>, open: &mut Vec<Writing>) {
        let Some(entry) = self.entries.get(at) else { return };
        if let Some(key) = &entry.key {
            write_string(key, out);
            out.push(b':');
        }
        match &entry.value {
            Value::Object => {
                let key = |at: usize| self.entries.get(at).and_then(|entry| entry.key.as_deref());
                let keyed = self.children(at).map(|at| (Cow::Borrowed(key(at).unwrap_or_default()), at));
                // Byte order of UTF-8 is code point order.
                let children: Vec<_> = sorted_keys(keyed.collect()).into_iter().map(|(_, at)| at).collect();
                out.push(b'{');
                open.push(Writing { children: children.into_iter(), first: true, close: b'}' });
            }
            Value::Array => {
                out.push(b'[');
                let children: Vec<_> = self.children(at).collect();
                open.push(Writing { children: children.into_iter(), first: true, close: b']' });
            }
            Value::String(text) => write_string(text, out),
            Value::Verbatim(text) => out.extend_from_slice(text),
        }
    }
}

/// A container being written.
struct Writing {
    children: std::vec::IntoIter<usize>,
    first: bool,
    close: u8,
}

impl<'a> Visitor<'a> for Tape<'a> {
    fn begin_object(&mut self, _at: usize) {
        self.begin(Value::Object);
    }

    fn key(&mut self, key: Text<'a>) {
        self.key = Some(self.decode(key));
    }

    fn end_object(&mut self, _end: usize) {
        self.end();
    }

    fn begin_array(&mut self, _at: usize) {
        self.begin(Value::Array);
    }

    fn end_array(&mut self, _end: usize) {
        self.end();
    }

    fn string(&mut self, text: Text<'a>) {
        let decoded = self.decode(text);
        self.push(Value::String(decoded));
    }

    fn number(&mut self, number: Number<'a>) {
        self.push(Value::Verbatim(number.text));
    }

    fn literal(&mut self, literal: Literal, _at: usize) {
        self.push(Value::Verbatim(literal.as_str().as_bytes()));
    }
}

/// Escapes what must be escaped and nothing else: not `/`, not U+007F, nothing above.
fn write_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0x08 => out.extend(b"\\b"),
            0x0C => out.extend(b"\\f"),
            0..=0x1F => out.extend(format!("\\u{byte:04x}").bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        String::from_utf8(canonicalize(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn sorts_by_code_point_and_drops_white_space() {
        assert_eq!(
            canonical("{\"b\": [1, {\"d\": {}, \"c\": []}], \"a\": null, \"10\": 1, \"9\": 2}"),
            r#"{"10":1,"9":2,"a":null,"b":[1,{"c":[],"d":{}}]}"#
        );
        // U+FFFD sorts before U+1F600; UTF-16 code units would have it the other way round.
        assert_eq!(canonical(r#"{"\ud83d\ude00":1,"\ufffd":2}"#), "{\"\u{fffd}\":2,\"😀\":1}");
    }

    #[test]
    fn numbers_keep_their_text() {
        for number in ["1.0", "1.5e-07", "1E5", "-0", "-0.0", "9007199254740993", "1e+16"] {
            assert_eq!(canonical(&format!("[{number} ]")), format!("[{number}]"));
        }
        assert_eq!(
            canonical(r#"{"$serde_json::private::Number":"12"}"#),
            r#"{"$serde_json::private::Number":"12"}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_python_does() {
        assert_eq!(
            canonical(r#""\u00e9\u2028\u007f\/\"\\\b\f\n\r\t\u001B""#),
            "\"é\u{2028}\u{7f}/\\\"\\\\\\b\\f\\n\\r\\t\\u001b\""
        );
    }

    #[test]
    fn refuses_what_the_sender_cannot_produce() {
        for (text, code) in [
            (r#"{"a":1,"\u0061":2}"#, Code::DuplicateKey),
            (r#""\ud800""#, Code::PayloadNotJson),
            (r#""\u0000""#, Code::PayloadNotJson),
            (r#"{"\u0000":1}"#, Code::PayloadNotJson),
            ("NaN", Code::PayloadNotJson),
            ("", Code::PayloadNotJson),
        ] {
            assert_eq!(canonicalize(text.as_bytes()).unwrap_err().code, code, "{text}");
        }
        assert_eq!(canonicalize(&vec![b'['; 100_000]).unwrap_err().code, Code::PayloadTooDeep);
        let values = |count: usize| format!("[{}1]", "1,".repeat(count - 2));
        assert!(canonicalize(values(MAX_VALUES).as_bytes()).is_ok());
        let code = canonicalize(values(MAX_VALUES + 1).as_bytes()).unwrap_err().code;
        assert_eq!(code, Code::PayloadTooLarge);
    }
}
