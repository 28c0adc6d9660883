use crate::keys::{Keys, KeysOfObject};
use crate::number::Number;
use crate::scan;
use crate::syntax::{SyntaxError, SyntaxErrorKind};
use crate::text::{Text, hex4};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 128;

/// `true`, `false` or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
}

impl Literal {
    /// The word itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::True => "true",
            Self::False => "false",
        }
    }
}

/// What is known of a text that was read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    /// The offset of the first key that its object already had. It does not end the reading, since two
    /// readers may still agree about everything else.
    pub duplicate_key: Option<usize>,
}

/// Takes one JSON text (RFC 8259) token by token. The order of the tokens is up to who reads.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    keys: Keys<'a>,
}

/// An object that is being read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ObjectRead(KeysOfObject);

impl<'a> Reader<'a> {
    /// # Errors
    /// Where the text is empty or begins with a byte order mark.
    pub fn new(text: &'a [u8]) -> Result<Self, SyntaxError> {
        let mut reader = Self { text, at: 0, depth: 0, keys: Keys::default() };
        if text.starts_with(b"\xEF\xBB\xBF") {
            return Err(reader.error(SyntaxErrorKind::ByteOrderMark));
        }
        reader.next();
        if reader.at == text.len() {
            return Err(reader.error(SyntaxErrorKind::Empty));
        }
        Ok(reader)
    }

    /// # Errors
    /// Where there is more than white space.
    pub fn finish(mut self) -> Result<Scan, SyntaxError> {
        self.next();
        if self.at < self.text.len() {
            return Err(self.error(SyntaxErrorKind::Trailing));
        }
        Ok(Scan { duplicate_key: self.keys.duplicate })
    }

    /// The whole text.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// The offset of the next byte.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next byte after white space, which is not taken. Zero at the end of the text.
    #[inline]
    pub(crate) fn next(&mut self) -> u8 {
        let byte = self.peek();
        if byte > b' ' { byte } else { self.next_after_white_space() }
    }

    fn next_after_white_space(&mut self) -> u8 {
        if self.peek() == b' ' {
            self.at += 1;
            let byte = self.peek();
            if byte > b' ' {
                return byte;
            }
        }
        self.at = scan::end_of_white_space(self.text, self.at);
        self.peek()
    }

    #[inline]
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == byte;
        self.at += usize::from(there);
        there
    }

    /// Takes the byte that [`Self::next`] has shown.
    #[inline]
    pub(crate) fn step(&mut self) {
        self.at += 1;
    }

    #[inline]
    pub(crate) fn jump(&mut self, to: usize) {
        self.at = to;
    }

    /// Takes the bracket that opens an array or object.
    #[inline]
    pub(crate) fn open(&mut self) -> Result<(), SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(SyntaxErrorKind::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Takes the bracket that closes an array or object.
    #[inline]
    pub(crate) fn close(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    #[inline]
    pub(crate) fn begin_keys(&self) -> ObjectRead {
        ObjectRead(self.keys.begin())
    }

    #[inline]
    pub(crate) fn add_key(&mut self, object: &mut ObjectRead, key: Text<'a>) {
        self.keys.add(&mut object.0, key);
    }

    /// Takes note that a key was there before.
    #[cold]
    pub(crate) fn add_duplicate(&mut self, at: usize) {
        self.keys.found(at);
    }

    #[inline]
    pub(crate) fn end_keys(&mut self, object: ObjectRead) {
        self.keys.end(object.0);
    }

    /// A key with its colon.
    pub(crate) fn key(&mut self) -> Result<Text<'a>, SyntaxError> {
        if self.next() != b'"' {
            return Err(self.expected("a key in quotes"));
        }
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), SyntaxError> {
        if self.take(b':') || self.next() == b':' && self.take(b':') {
            Ok(())
        } else {
            Err(self.expected("`:`"))
        }
    }

    /// A string; the next byte is its opening quote.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Text<'a>, SyntaxError> {
        let quote = self.at;
        let start = quote + 1;
        let end = scan::end_of_ascii(self.text, start);
        if self.text.get(end) == Some(&b'"') {
            self.at = end + 1;
            let raw = self.text.get(start..end).unwrap_or_default();
            return Ok(Text { raw, escaped: false, ascii: true, at: quote });
        }
        self.string_from(quote, end)
    }

    /// A string of which only the beginning stands for itself.
    #[inline(never)]
    fn string_from(&mut self, quote: usize, seen: usize) -> Result<Text<'a>, SyntaxError> {
        let (mut escaped, mut ascii) = (false, true);
        self.at = seen;
        loop {
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                0 if self.at >= self.text.len() => {
                    return Err(self.error(SyntaxErrorKind::UnexpectedEnd));
                }
                0..=0x1F => return Err(self.error(SyntaxErrorKind::ControlCharacter)),
                0x80.. => ascii = false,
                _ => {}
            }
            self.at = if ascii {
                scan::end_of_ascii(self.text, self.at)
            } else {
                scan::end_of_plain(self.text, self.at)
            };
        }
        let start = quote + 1;
        let raw = self.text.get(start..self.at).unwrap_or_default();
        if !ascii && let Err(error) = std::str::from_utf8(raw) {
            let offset = start + error.valid_up_to();
            return Err(SyntaxError { kind: SyntaxErrorKind::InvalidUtf8, offset });
        }
        self.at += 1;
        Ok(Text { raw, escaped, ascii, at: quote })
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

    /// A number; the next byte is a digit or a minus.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<Number<'a>, SyntaxError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        let plain = !matches!(self.peek(), b'.' | b'e' | b'E');
        if !plain {
            self.fraction_and_exponent()?;
        }
        if matches!(self.peek(), b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E') {
            return Err(SyntaxError { kind: SyntaxErrorKind::Number, offset: start });
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(Number { text, at: start, plain })
    }

    fn fraction_and_exponent(&mut self) -> Result<(), SyntaxError> {
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    #[inline]
    fn digits(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(SyntaxErrorKind::Number));
        }
        Ok(())
    }

    /// A literal; the next byte is its first.
    #[inline]
    pub(crate) fn literal(&mut self, first: u8) -> Result<Literal, SyntaxError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let literal = match first {
            b't' if rest.starts_with(b"true") => Literal::True,
            b'f' if rest.starts_with(b"false") => Literal::False,
            b'n' if rest.starts_with(b"null") => Literal::Null,
            _ => return Err(self.expected("a value")),
        };
        self.at += literal.as_str().len();
        Ok(literal)
    }

    #[cold]
    pub(crate) fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { kind, offset: self.at }
    }

    /// The error of something else, or nothing, where something was expected.
    #[cold]
    pub(crate) fn expected(&self, what: &'static str) -> SyntaxError {
        let ended = self.at >= self.text.len();
        self.error(if ended { SyntaxErrorKind::UnexpectedEnd } else { SyntaxErrorKind::Expected(what) })
    }
}
