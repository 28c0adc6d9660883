use crate::cursor::Cursor;
use crate::keys::{Keys, KeysOfObject};
use crate::number::Number;
use crate::syntax::{SyntaxError, SyntaxErrorKind};
use crate::text::Text;

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
    pub(crate) cursor: Cursor<'a>,
    pub(crate) depth: usize,
    pub(crate) keys: Keys<'a>,
}

impl<'a> Reader<'a> {
    /// # Errors
    /// Where the text is empty or begins with a byte order mark.
    pub fn new(text: &'a [u8]) -> Result<Self, SyntaxError> {
        let mut cursor = Cursor::new(text);
        if text.starts_with(b"\xEF\xBB\xBF") {
            return Err(cursor.error(SyntaxErrorKind::ByteOrderMark));
        }
        cursor.next();
        if cursor.at == text.len() {
            return Err(cursor.error(SyntaxErrorKind::Empty));
        }
        Ok(Self::at(text, cursor.at))
    }

    /// Begins in the middle.
    pub(crate) fn at(text: &'a [u8], at: usize) -> Self {
        Self { cursor: Cursor { text, at }, depth: 0, keys: Keys::new(text) }
    }

    /// # Errors
    /// Where there is more than white space.
    pub fn finish(mut self) -> Result<Scan, SyntaxError> {
        self.cursor.next();
        if self.cursor.at < self.cursor.text.len() {
            return Err(self.cursor.error(SyntaxErrorKind::Trailing));
        }
        Ok(Scan { duplicate_key: self.keys.duplicate })
    }

    /// Takes the bracket that opens an array or object.
    #[inline]
    pub(crate) fn open(&mut self) -> Result<(), SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(self.cursor.error(SyntaxErrorKind::TooDeep));
        }
        self.depth += 1;
        self.cursor.at += 1;
        Ok(())
    }

    /// Takes the bracket that closes an array or object.
    #[inline]
    pub(crate) fn close(&mut self) {
        self.depth -= 1;
        self.cursor.at += 1;
    }

    /// As [`Cursor::string`], and the only copy of it outside of [`conforms`](crate::conforms).
    #[inline(never)]
    pub(crate) fn string(&mut self) -> Result<Text<'a>, SyntaxError> {
        self.cursor.string()
    }

    /// As [`Cursor::number`].
    pub(crate) fn number(&mut self) -> Result<Number<'a>, SyntaxError> {
        number(&mut self.cursor)
    }

    /// Takes a key with its colon.
    #[inline(never)]
    pub(crate) fn key(&mut self, object: &mut KeysOfObject) -> Result<Text<'a>, SyntaxError> {
        let key = self.key_alone()?;
        self.keys.add(object, key);
        Ok(key)
    }

    /// The same, without a look at the other keys of the object.
    #[inline(never)]
    pub(crate) fn key_alone(&mut self) -> Result<Text<'a>, SyntaxError> {
        if self.cursor.next() != b'"' {
            return Err(self.cursor.expected("a key in quotes"));
        }
        let key = self.string()?;
        self.cursor.colon()?;
        Ok(key)
    }
}

/// The only copy of [`Cursor::number`] outside of [`conforms`](crate::conforms).
#[inline(never)]
pub(crate) fn number<'a>(cursor: &mut Cursor<'a>) -> Result<Number<'a>, SyntaxError> {
    cursor.number()
}
