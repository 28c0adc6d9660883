//! The canonical JSON that some senders sign instead of the bytes they send.
//!
//! It is read before the signature is known to be right, so it takes hostile input.

use crate::code::{Code, Rejection};
use crate::json::{NoCanonicalForm, SyntaxErrorKind, canonical};

/// How many values a text may hold. Whoever knows the address can make this work: it bounds the memory
/// that a forged delivery can take, far above what such senders send.
const MAX_VALUES: usize = 1 << 16;

/// The canonical form of a JSON text. Refuses what no such sender can produce: what is not JSON,
/// duplicate keys, lone surrogates and U+0000; and what holds too many values.
pub(crate) fn canonicalize(text: &[u8]) -> Result<Vec<u8>, Rejection> {
    canonical(text, MAX_VALUES).map_err(|reason| match reason {
        NoCanonicalForm::Syntax(error) => {
            let code = match error.kind {
                SyntaxErrorKind::TooDeep => Code::PayloadTooDeep,
                _ => Code::PayloadNotJson,
            };
            Rejection::with_detail(code, error.kind.to_string())
        }
        NoCanonicalForm::TooManyValues => {
            let detail = format!("canonical JSON may hold at most {MAX_VALUES} values");
            Rejection::with_detail(Code::PayloadTooLarge, detail)
        }
        NoCanonicalForm::DuplicateKey => Code::DuplicateKey.into(),
        NoCanonicalForm::Character => {
            let detail = "a string holds a character that the sender cannot sign";
            Rejection::with_detail(Code::PayloadNotJson, detail)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        String::from_utf8(canonicalize(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn sorts_by_code_point_and_drops_white_space() {
        assert_eq!(
            form("{\"b\": [1, {\"d\": {}, \"c\": []}], \"a\": null, \"10\": 1, \"9\": 2}"),
            r#"{"10":1,"9":2,"a":null,"b":[1,{"c":[],"d":{}}]}"#
        );
        // U+FFFD sorts before U+1F600; UTF-16 code units would have it the other way round.
        assert_eq!(form(r#"{"\ud83d\ude00":1,"\ufffd":2}"#), "{\"\u{fffd}\":2,\"😀\":1}");
    }

    #[test]
    fn objects_that_are_alike_and_others_are_put_in_order() {
        assert_eq!(
            form(
                r#"[{"b":1,"a":{"d":[],"c":2}},{"b":3,"a":4},{"a":5,"b":6},{"c":7,"b":8},{"b":{},"c":9,"a":"x"}]"#
            ),
            r#"[{"a":{"c":2,"d":[]},"b":1},{"a":4,"b":3},{"a":5,"b":6},{"b":8,"c":7},{"a":"x","b":{},"c":9}]"#
        );
        assert_eq!(
            form(r#"{"b":{"z":1,"y":2},"a":{"z":3,"y":4}}"#),
            r#"{"a":{"y":4,"z":3},"b":{"y":2,"z":1}}"#
        );
    }

    #[test]
    fn numbers_keep_their_text() {
        for number in ["1.0", "1.5e-07", "1E5", "-0", "-0.0", "9007199254740993", "1e+16"] {
            assert_eq!(form(&format!("[{number} ]")), format!("[{number}]"));
        }
        assert_eq!(
            form(r#"{"$serde_json::private::Number":"12"}"#),
            r#"{"$serde_json::private::Number":"12"}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_python_does() {
        assert_eq!(
            form(r#""\u00e9\u2028\u007f\/\"\\\b\f\n\r\t\u001B""#),
            "\"é\u{2028}\u{7f}/\\\"\\\\\\b\\f\\n\\r\\t\\u001b\""
        );
    }

    #[test]
    fn refuses_what_the_sender_cannot_produce() {
        for (text, code) in [
            (r#"{"a":1,"\u0061":2}"#, Code::DuplicateKey),
            (r#"[{"b":1,"a":2},{"b":1,"b":2}]"#, Code::DuplicateKey),
            (r#"[{"b":1,"a":2,"c":3},{"b":1,"a":2,"b":3}]"#, Code::DuplicateKey),
            (r#"{"b":{"a":1,"a":1},"a":2}"#, Code::DuplicateKey),
            (r#"[{"a":1,"a":2},"\u0000", NaN]"#, Code::PayloadNotJson),
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
