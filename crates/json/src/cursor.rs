//! A place in a text, and the tokens that may stand there. Small enough to live in registers.

use crate::number::{Number, NumberForm};
use crate::reader::Literal;
use crate::scan;
use crate::syntax::{SyntaxError, SyntaxErrorKind};
use crate::text::Text;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte after white space, which is not taken. Zero at the end of the text.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> u8 {
        let byte = self.peek();
        if byte > b' ' {
            return byte;
        }
        self.at = white_space(*self);
        self.peek()
    }

    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == byte;
        self.at += usize::from(there);
        there
    }

    #[inline(always)]
    pub(crate) fn colon(&mut self) -> Result<(), SyntaxError> {
        if self.peek() != b':' && self.next() != b':' {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    /// A string; the next byte is its opening quote.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<Text<'a>, SyntaxError> {
        let quote = self.at;
        let start = quote + 1;
        let end = scan::end_of_ascii(self.text, start);
        if self.text.get(end) == Some(&b'"') {
            self.at = end + 1;
            let raw = self.text.get(start..end).unwrap_or_default();
            return Ok(Text { raw, escaped: false, ascii: true, at: quote });
        }
        let text = string_from(Self { at: end, ..*self }, quote)?;
        self.at = start + text.raw.len() + 1;
        Ok(text)
    }

    /// A number; the next byte is a digit or a minus.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Result<Number<'a>, SyntaxError> {
        let at = self.at;
        let (length, form) = match scan::short_number(self.text, at) {
            Some(short) => short,
            None => number_length(*self)?,
        };
        self.at += length;
        Ok(Number { text: self.text.get(at..self.at).unwrap_or_default(), at, form })
    }

    /// A literal; the next byte is its first.
    #[inline(always)]
    pub(crate) fn literal(&mut self, first: u8) -> Result<Literal, SyntaxError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (literal, length) = match first {
            b't' if rest.starts_with(b"true") => (Literal::True, 4),
            b'f' if rest.starts_with(b"false") => (Literal::False, 5),
            b'n' if rest.starts_with(b"null") => (Literal::Null, 4),
            _ => return Err(self.expected("a value")),
        };
        self.at += length;
        Ok(literal)
    }

    #[cold]
    pub(crate) fn error(self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { kind, offset: self.at }
    }

    /// The error of something else, or nothing, where something was expected.
    #[cold]
    pub(crate) fn expected(self, what: &'static str) -> SyntaxError {
        let ended = self.at >= self.text.len();
        self.error(if ended { SyntaxErrorKind::UnexpectedEnd } else { SyntaxErrorKind::Expected(what) })
    }
}

/// The length of any number, and how it is written.
#[inline(never)]
fn number_length(mut cursor: Cursor<'_>) -> Result<(usize, NumberForm), SyntaxError> {
    let start = cursor.at;
    cursor.take(b'-');
    if !cursor.take(b'0') {
        digits(&mut cursor)?;
    }
    let mut form = NumberForm::Digits;
    if cursor.take(b'.') {
        form = NumberForm::Point;
        digits(&mut cursor)?;
    }
    if cursor.take(b'e') || cursor.take(b'E') {
        form = NumberForm::Exponent;
        let _ = cursor.take(b'+') || cursor.take(b'-');
        digits(&mut cursor)?;
    }
    if matches!(cursor.peek(), b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E') {
        return Err(SyntaxError { kind: SyntaxErrorKind::Number, offset: start });
    }
    Ok((cursor.at - start, form))
}

fn digits(cursor: &mut Cursor<'_>) -> Result<(), SyntaxError> {
    let start = cursor.at;
    while cursor.peek().is_ascii_digit() {
        cursor.at += 1;
    }
    if cursor.at == start { Err(cursor.error(SyntaxErrorKind::Number)) } else { Ok(()) }
}

#[inline(never)]
fn white_space(cursor: Cursor<'_>) -> usize {
    let Cursor { text, at } = cursor;
    match text.get(at..) {
        Some([b' ', b'!'..=0xFF, ..]) => at + 1,
        _ => scan::end_of_white_space(text, at),
    }
}

/// A string of which only the beginning stands for itself, up to the cursor.
#[inline(never)]
fn string_from(mut cursor: Cursor<'_>, quote: usize) -> Result<Text<'_>, SyntaxError> {
    let mut escaped = false;
    loop {
        cursor.at = scan::end_of_plain(cursor.text, cursor.at);
        match cursor.peek() {
            b'"' => break,
            b'\\' => {
                escaped = true;
                cursor.at = after_escapes(cursor)?;
            }
            0 if cursor.at >= cursor.text.len() => {
                return Err(cursor.error(SyntaxErrorKind::UnexpectedEnd));
            }
            _ => return Err(cursor.error(SyntaxErrorKind::ControlCharacter)),
        }
    }
    let start = quote + 1;
    let raw = cursor.text.get(start..cursor.at).unwrap_or_default();
    let ascii = raw.is_ascii();
    if !ascii && let Err(error) = std::str::from_utf8(raw) {
        let offset = start + error.valid_up_to();
        return Err(SyntaxError { kind: SyntaxErrorKind::InvalidUtf8, offset });
    }
    Ok(Text { raw, escaped, ascii, at: quote })
}

/// The offset after all escapes in a row.
#[inline(never)]
fn after_escapes(mut cursor: Cursor<'_>) -> Result<usize, SyntaxError> {
    while let Some([b'\\', kind, rest @ ..]) = cursor.text.get(cursor.at..) {
        cursor.at += match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' if begins_with_hex(rest) => 6,
            _ => return Err(cursor.error(SyntaxErrorKind::Escape)),
        };
    }
    match cursor.text.get(cursor.at..) {
        Some([b'\\']) => Err(SyntaxError { kind: SyntaxErrorKind::UnexpectedEnd, offset: cursor.at }),
        _ => Ok(cursor.at),
    }
}

#[inline(never)]
fn begins_with_hex(text: &[u8]) -> bool {
    text.get(..4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
