use crate::keys::KeysOfObject;
use crate::number::Number;
use crate::reader::{Literal, Reader, Scan};
use crate::syntax::SyntaxError;
use crate::text::Text;

/// What a [`walk`] reports, in the order of the text. Every method does nothing unless overridden.
pub trait Visitor<'a> {
    /// An object begins.
    fn begin_object(&mut self, _at: usize) {}
    /// The key of the value that comes next.
    fn key(&mut self, _key: Text<'a>) {}
    /// An object has ended; `end` is the offset after its brace.
    fn end_object(&mut self, _end: usize) {}
    /// An array begins.
    fn begin_array(&mut self, _at: usize) {}
    /// An array has ended; `end` is the offset after its bracket.
    fn end_array(&mut self, _end: usize) {}
    /// A string that is a value.
    fn string(&mut self, _text: Text<'a>) {}
    /// A number.
    fn number(&mut self, _number: Number<'a>) {}
    /// A literal.
    fn literal(&mut self, _literal: Literal, _at: usize) {}
}

/// Reads one JSON text from its first byte to its last. Not generic, so that there is one copy of it.
///
/// # Errors
/// Where the text is not JSON.
pub fn walk<'a>(text: &'a [u8], visitor: &mut dyn Visitor<'a>) -> Result<Scan, SyntaxError> {
    let mut reader = Reader::new(text)?;
    walk_value(&mut reader, visitor)?;
    reader.finish()
}

/// Reads one value with all that is within it.
///
/// # Errors
/// Where what comes next is not a JSON value.
pub fn walk_value<'a>(reader: &mut Reader<'a>, visitor: &mut dyn Visitor<'a>) -> Result<(), SyntaxError> {
    // The containers that have begun and not ended; arrays have no keys.
    let mut open: Vec<Option<KeysOfObject>> = Vec::new();
    'value: loop {
        let first = reader.cursor.next();
        match first {
            b'{' => {
                visitor.begin_object(reader.cursor.at);
                reader.open()?;
                let mut object = reader.keys.begin();
                if reader.cursor.next() == b'}' {
                    reader.close();
                    visitor.end_object(reader.cursor.at);
                } else {
                    key(reader, &mut object, visitor)?;
                    open.push(Some(object));
                    continue 'value;
                }
            }
            b'[' => {
                visitor.begin_array(reader.cursor.at);
                reader.open()?;
                if reader.cursor.next() == b']' {
                    reader.close();
                    visitor.end_array(reader.cursor.at);
                } else {
                    open.push(None);
                    continue 'value;
                }
            }
            b'"' => visitor.string(reader.string()?),
            b'-' | b'0'..=b'9' => visitor.number(reader.number()?),
            _ => {
                let at = reader.cursor.at;
                visitor.literal(reader.cursor.literal(first)?, at);
            }
        }
        while let Some(around) = open.last_mut() {
            match (reader.cursor.next(), around) {
                (b',', None) => {
                    reader.cursor.at += 1;
                    continue 'value;
                }
                (b',', Some(object)) => {
                    reader.cursor.at += 1;
                    key(reader, object, visitor)?;
                    continue 'value;
                }
                (b']', None) => {
                    reader.close();
                    open.pop();
                    visitor.end_array(reader.cursor.at);
                }
                (b'}', Some(object)) => {
                    reader.close();
                    reader.keys.end(*object);
                    open.pop();
                    visitor.end_object(reader.cursor.at);
                }
                (_, None) => return Err(reader.cursor.expected("`,` or `]`")),
                (_, Some(_)) => return Err(reader.cursor.expected("`,` or `}`")),
            }
        }
        return Ok(());
    }
}

fn key<'a>(
    reader: &mut Reader<'a>,
    object: &mut KeysOfObject,
    visitor: &mut dyn Visitor<'a>,
) -> Result<(), SyntaxError> {
    let key = reader.key(object)?;
    visitor.key(key);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::MAX_DEPTH;
    use crate::syntax::SyntaxErrorKind;

    struct Nothing;
    impl Visitor<'_> for Nothing {}

    fn scan(text: &[u8]) -> Result<Scan, SyntaxErrorKind> {
        walk(text, &mut Nothing).map_err(|error| error.kind)
    }

    #[test]
    fn accepts_what_rfc_8259_accepts() {
        for text in [
            "{}",
            "[]",
            "\"\"",
            "0",
            "-0",
            "-0.0e+00",
            "1e400",
            "true",
            " [1 , {\"a\":null} ]\n",
            r#"["\ud800", "\u0000"]"#,
            "[[],[[]]]",
        ] {
            assert_eq!(scan(text.as_bytes()), Ok(Scan { duplicate_key: None }), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        use SyntaxErrorKind as Kind;
        for (text, kind) in [
            (&b""[..], Kind::Empty),
            (b" \n", Kind::Empty),
            (b"\xEF\xBB\xBF{}", Kind::ByteOrderMark),
            (b"{}x", Kind::Trailing),
            (b"\"\xFF\"", Kind::InvalidUtf8),
            (b"\"\xED\xA0\x80\"", Kind::InvalidUtf8),
            (b"\"\n\"", Kind::ControlCharacter),
            (b"\"\\x\"", Kind::Escape),
            (b"\"\\u12G4\"", Kind::Escape),
            (b"\"abc", Kind::UnexpectedEnd),
            (b"\"abc\\", Kind::UnexpectedEnd),
            (b"01", Kind::Number),
            (b"1.", Kind::Number),
            (b"-", Kind::Number),
            (b"1e", Kind::Number),
            (b"1.5.5", Kind::Number),
            (b"NaN", Kind::Expected("a value")),
            (b"nul", Kind::Expected("a value")),
            (b"[1,]", Kind::Expected("a value")),
            (b"{\"a\":1,}", Kind::Expected("a key in quotes")),
            (b"{\"a\" 1}", Kind::Expected("`:`")),
            (b"[1 2]", Kind::Expected("`,` or `]`")),
            (b"{\"a\":1]", Kind::Expected("`,` or `}`")),
            (b"[", Kind::UnexpectedEnd),
            (b"{\"a\"", Kind::UnexpectedEnd),
        ] {
            assert_eq!(scan(text), Err(kind), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn depth_is_limited_without_recursion() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(scan(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(scan(&nested(MAX_DEPTH + 1)), Err(SyntaxErrorKind::TooDeep));
        assert_eq!(scan(&vec![b'['; 100_000]), Err(SyntaxErrorKind::TooDeep));
    }

    #[test]
    fn finds_the_second_of_two_equal_keys_however_spelled() {
        let found = |text: &str| scan(text.as_bytes()).unwrap().duplicate_key;
        assert_eq!(found(r#"{"a":1,"b":2,"a":3}"#), Some(13));
        assert_eq!(found(r#"{"a":1,"\u0061":3}"#), Some(7));
        assert_eq!(found(r#"{"a":{"a":1},"b":{"a":1}}"#), None);
        assert_eq!(found(r#"[{"x":{"a":1,"a":2}},{"y":1,"y":1}]"#), Some(13));
    }
}
