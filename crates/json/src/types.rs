use std::fmt;

/// A set of JSON types, as the keyword `type` names them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Types(u8);

const NAMES: [(Types, &str); 7] = [
    (Types::ARRAY, "array"),
    (Types::BOOLEAN, "boolean"),
    (Types::INTEGER, "integer"),
    (Types::NULL, "null"),
    (Types::NUMBER, "number"),
    (Types::OBJECT, "object"),
    (Types::STRING, "string"),
];

impl Types {
    /// The empty set.
    pub const NONE: Self = Self(0);
    /// `array`.
    pub const ARRAY: Self = Self(1);
    /// `boolean`.
    pub const BOOLEAN: Self = Self(2);
    /// `integer`: a number without a fractional part, however written.
    pub const INTEGER: Self = Self(4);
    /// `null`.
    pub const NULL: Self = Self(8);
    /// `number`.
    pub const NUMBER: Self = Self(16);
    /// `object`.
    pub const OBJECT: Self = Self(32);
    /// `string`.
    pub const STRING: Self = Self(64);
    /// Every type.
    pub const ALL: Self = Self(127);

    /// The type of a name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|&(types, _)| types)
    }

    /// The types of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is of a type of both; of integers and numbers, the integers.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        let with_integers =
            |types: Self| if types.has(Self::NUMBER) { types.and(Self::INTEGER) } else { types };
        Self(with_integers(self).0 & with_integers(other).0)
    }

    /// Whether the two have a type in common.
    #[inline]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for (_, name) in NAMES.iter().filter(|(types, _)| self.has(*types)) {
            f.write_str(between)?;
            f.write_str(name)?;
            between = " or ";
        }
        Ok(())
    }
}
