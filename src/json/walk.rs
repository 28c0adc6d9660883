#![expect(clippy::arithmetic_side_effects, reason = "offsets are bounded by the length of the text")]

use std::borrow::Cow;
use std::fmt;

use super::{Number, Text, text::hex4};

/// How deep arrays and objects may nest.
pub(crate) const MAX_DEPTH: usize = 128;

/// What a [`walk`] reports, in the order of the text. Every method does nothing unless overridden.
pub(crate) trait Visitor<'a> {
    fn begin_object(&mut self, _at: usize) {}
    fn key(&mut self, _key: Text<'a>) {}
    /// `end` is the offset after the closing brace.
    fn end_object(&mut self, _end: usize) {}
    fn begin_array(&mut self, _at: usize) {}
    fn end_array(&mut self, _end: usize) {}
    fn string(&mut self, _text: Text<'a>) {}
    fn number(&mut self, _number: Number<'a>) {}
    fn literal(&mut self, _literal: Literal, _at: usize) {}
}

/// `true`, `false` or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Literal {
    Null,
    True,
    False,
}

impl Literal {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::True => "true",
            Self::False => "false",
        }
    }
}

/// What a walk that reached the end found out on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The offset of the first key that its object already had. It does not end the walk, since two
    /// readers may still agree about everything else.
    pub(crate) duplicate_key: Option<usize>,
}

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) kind: SyntaxErrorKind,
    pub(crate) offset: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyntaxErrorKind {
    ByteOrderMark,
    ControlCharacter,
    Empty,
    Escape,
    Expected(&'static str),
    InvalidUtf8,
    Number,
    TooDeep,
    Trailing,
    UnexpectedEnd,
}

impl fmt::Display for SyntaxErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByteOrderMark => f.write_str("the text begins with a byte order mark"),
            Self::ControlCharacter => f.write_str("a string holds a raw control character"),
            Self::Empty => f.write_str("the text is empty"),
            Self::Escape => f.write_str("a string holds an unknown escape"),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::InvalidUtf8 => f.write_str("the text is not valid UTF-8"),
            Self::Number => f.write_str("a number is not written as JSON writes them"),
            Self::TooDeep => write!(f, "arrays and objects nest deeper than {MAX_DEPTH}"),
            Self::Trailing => f.write_str("there is more after the end of the value"),
            Self::UnexpectedEnd => f.write_str("the text ends too early"),
        }
    }
}

/// Reads one JSON text (RFC 8259) from its first byte to its last.
pub(crate) fn walk<'a>(text: &'a [u8], visitor: &mut impl Visitor<'a>) -> Result<Scan, SyntaxError> {
    if text.starts_with(b"\xEF\xBB\xBF") {
        return Err(SyntaxError { kind: SyntaxErrorKind::ByteOrderMark, offset: 0 });
    }
    if let Err(error) = std::str::from_utf8(text) {
        return Err(SyntaxError { kind: SyntaxErrorKind::InvalidUtf8, offset: error.valid_up_to() });
    }
    let mut walker = Walker { text, at: 0, open: Vec::new(), keys: Vec::new(), duplicate_key: None };
    walker.value_and_all_within(visitor)?;
    walker.skip_white_space();
    if walker.at < text.len() {
        return Err(walker.error(SyntaxErrorKind::Trailing));
    }
    Ok(Scan { duplicate_key: walker.duplicate_key })
}

/// A container that has begun and not ended.
#[derive(Clone, Copy)]
enum Open {
    Array,
    /// With the place in `keys` where those of this object begin.
    Object(usize),
}

/// Sorts keys, each with a number of its own. The one place where anything is sorted: every further type
/// would bring its own copy of the algorithm into the wasm.
#[inline(never)]
pub(crate) fn sort_keys(keys: &mut [(Cow<'_, [u8]>, usize)]) {
    keys.sort_unstable();
}

struct Walker<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// The keys of all open objects, innermost last.
    keys: Vec<(Cow<'a, [u8]>, usize)>,
    duplicate_key: Option<usize>,
}

impl<'a> Walker<'a> {
    fn value_and_all_within(&mut self, visitor: &mut impl Visitor<'a>) -> Result<(), SyntaxError> {
        self.skip_white_space();
        if self.at == self.text.len() {
            return Err(self.error(SyntaxErrorKind::Empty));
        }
        'value: loop {
            self.skip_white_space();
            match self.peek() {
                Some(b'{') => {
                    visitor.begin_object(self.at);
                    self.begin(Open::Object(self.keys.len()))?;
                    if self.take(b'}') {
                        self.end(visitor);
                    } else {
                        self.key(visitor)?;
                        continue 'value;
                    }
                }
                Some(b'[') => {
                    visitor.begin_array(self.at);
                    self.begin(Open::Array)?;
                    if self.take(b']') {
                        self.end(visitor);
                    } else {
                        continue 'value;
                    }
                }
                Some(b'"') => visitor.string(self.string()?),
                Some(b'-' | b'0'..=b'9') => visitor.number(self.number()?),
                Some(b't') => self.literal(Literal::True, visitor)?,
                Some(b'f') => self.literal(Literal::False, visitor)?,
                Some(b'n') => self.literal(Literal::Null, visitor)?,
                Some(_) => return Err(self.error(SyntaxErrorKind::Expected("a value"))),
                None => return Err(self.error(SyntaxErrorKind::UnexpectedEnd)),
            }
            while let Some(&open) = self.open.last() {
                self.skip_white_space();
                match (open, self.peek()) {
                    (Open::Array, Some(b',')) => {
                        self.at += 1;
                        continue 'value;
                    }
                    (Open::Object(_), Some(b',')) => {
                        self.at += 1;
                        self.key(visitor)?;
                        continue 'value;
                    }
                    (Open::Array, Some(b']')) | (Open::Object(_), Some(b'}')) => {
                        self.at += 1;
                        self.end(visitor);
                    }
                    (_, None) => return Err(self.error(SyntaxErrorKind::UnexpectedEnd)),
                    (Open::Array, _) => {
                        return Err(self.error(SyntaxErrorKind::Expected("`,` or `]`")));
                    }
                    (Open::Object(_), _) => {
                        return Err(self.error(SyntaxErrorKind::Expected("`,` or `}`")));
                    }
                }
            }
            return Ok(());
        }
    }

    fn begin(&mut self, open: Open) -> Result<(), SyntaxError> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(SyntaxErrorKind::TooDeep));
        }
        self.open.push(open);
        self.at += 1;
        self.skip_white_space();
        Ok(())
    }

    fn end(&mut self, visitor: &mut impl Visitor<'a>) {
        match self.open.pop() {
            Some(Open::Object(first_key)) => {
                self.check_keys(first_key);
                visitor.end_object(self.at);
            }
            Some(Open::Array) => visitor.end_array(self.at),
            None => {}
        }
    }

    /// Sorting, not hashing: no input can make it slow.
    fn check_keys(&mut self, first_key: usize) {
        let keys = self.keys.get_mut(first_key..).unwrap_or_default();
        if keys.len() > 1 {
            sort_keys(keys);
            for pair in keys.windows(2) {
                if let [(one, _), (other, offset)] = pair
                    && one == other
                {
                    let earlier = self.duplicate_key.unwrap_or(usize::MAX);
                    self.duplicate_key = Some(earlier.min(*offset));
                }
            }
        }
        self.keys.truncate(first_key);
    }

    fn key(&mut self, visitor: &mut impl Visitor<'a>) -> Result<(), SyntaxError> {
        self.skip_white_space();
        match self.peek() {
            Some(b'"') => {}
            None => return Err(self.error(SyntaxErrorKind::UnexpectedEnd)),
            Some(_) => return Err(self.error(SyntaxErrorKind::Expected("a key in quotes"))),
        }
        let key = self.string()?;
        self.skip_white_space();
        if !self.take(b':') {
            let kind = match self.peek() {
                None => SyntaxErrorKind::UnexpectedEnd,
                Some(_) => SyntaxErrorKind::Expected("`:`"),
            };
            return Err(self.error(kind));
        }
        self.keys.push((key.decode(), key.at));
        visitor.key(key);
        Ok(())
    }

    fn string(&mut self) -> Result<Text<'a>, SyntaxError> {
        let quote = self.at;
        let start = quote + 1;
        let mut escaped = false;
        self.at = start;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(0..=0x1F) => return Err(self.error(SyntaxErrorKind::ControlCharacter)),
                Some(_) => self.at += 1,
                None => return Err(self.error(SyntaxErrorKind::UnexpectedEnd)),
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok(Text { raw, escaped, at: quote })
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        let length = match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') if self.text.get(self.at + 2..self.at + 6).and_then(hex4).is_some() => 6,
            Some(_) => return Err(self.error(SyntaxErrorKind::Escape)),
            None => return Err(self.error(SyntaxErrorKind::UnexpectedEnd)),
        };
        self.at += length;
        Ok(())
    }

    fn number(&mut self) -> Result<Number<'a>, SyntaxError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
            return Err(SyntaxError { kind: SyntaxErrorKind::Number, offset: start });
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(Number { text, at: start })
    }

    fn digits(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(SyntaxErrorKind::Number));
        }
        Ok(())
    }

    fn literal(&mut self, literal: Literal, visitor: &mut impl Visitor<'a>) -> Result<(), SyntaxError> {
        let word = literal.as_str().as_bytes();
        if !self.text.get(self.at..).unwrap_or_default().starts_with(word) {
            return Err(self.error(SyntaxErrorKind::Expected("a value")));
        }
        visitor.literal(literal, self.at);
        self.at += word.len();
        Ok(())
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { kind, offset: self.at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
