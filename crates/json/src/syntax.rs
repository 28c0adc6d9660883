use std::fmt;

use crate::reader::MAX_DEPTH;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// In bytes from the start of the text.
    pub offset: usize,
}

/// What can be wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// The text begins with U+FEFF, which RFC 8259 forbids to add.
    ByteOrderMark,
    /// A string holds a character below U+0020 that is not escaped.
    ControlCharacter,
    /// There is nothing but white space.
    Empty,
    /// A backslash is followed by something that is no escape.
    Escape,
    /// Something else should stand there.
    Expected(&'static str),
    /// A string is not UTF-8.
    InvalidUtf8,
    /// A number is not written as JSON writes them.
    Number,
    /// Arrays and objects nest deeper than [`MAX_DEPTH`].
    TooDeep,
    /// There is more after the end of the value.
    Trailing,
    /// The text ends within the value.
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
