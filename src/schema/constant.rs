use crate::json::{Decimal, Literal, Number, Text, Tree};

/// A value that `const` or `enum` names, ready to be compared exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Constant {
    Literal(Literal),
    Number(Decimal),
    /// The decoded characters.
    String(Vec<u8>),
}

impl Constant {
    pub(super) fn new(tree: &Tree) -> Result<Self, String> {
        Ok(match tree {
            Tree::Null => Self::Literal(Literal::Null),
            Tree::Bool(true) => Self::Literal(Literal::True),
            Tree::Bool(false) => Self::Literal(Literal::False),
            Tree::Number(text) => {
                Self::Number(Decimal::parse(text.as_bytes()).ok_or("the number is too large")?)
            }
            Tree::String(text) => Self::String(text.clone()),
            Tree::Array(_) | Tree::Object(_) => {
                return Err("arrays and objects are not implemented as constants".into());
            }
        })
    }
}

/// A value met in a payload that is neither array nor object.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'a> {
    Literal(Literal),
    Number(Number<'a>),
    String(Text<'a>),
}

impl Scalar<'_> {
    /// `None` where a number is beyond the limits.
    pub(super) fn is_among(self, constants: &[Constant]) -> Option<bool> {
        Some(match self {
            Self::Literal(literal) => constants.contains(&Constant::Literal(literal)),
            Self::String(text) => {
                let decoded = text.decode();
                constants
                    .iter()
                    .any(|constant| matches!(constant, Constant::String(other) if *other == *decoded))
            }
            Self::Number(number) => {
                if !constants.iter().any(|constant| matches!(constant, Constant::Number(_))) {
                    return Some(false);
                }
                constants.contains(&Constant::Number(Decimal::parse(number.text)?))
            }
        })
    }
}
