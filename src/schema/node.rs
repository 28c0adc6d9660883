use std::fmt;

use super::constant::Constant;
use crate::json::Decimal;

/// The place of a node in its schema's table.
pub(super) type NodeId = usize;

/// One subschema: everything it asks of a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// `None` allows every type.
    pub(super) types: Option<Types>,
    /// What `const` and `enum` allow; both may be there.
    pub(super) constants: Vec<Constants>,
    pub(super) number: NumberRules,
    pub(super) string: Bounds,
    pub(super) object: ObjectRules,
    pub(super) array: ArrayRules,
    /// The node itself and all that `$ref` and `allOf` add to it at the same place.
    pub(super) at_once: Vec<NodeId>,
}

/// The values that a keyword allows.
#[derive(Debug, Clone)]
pub(super) struct Constants {
    pub(super) keyword: &'static str,
    pub(super) allowed: Vec<Constant>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct NumberRules {
    pub(super) minimum: Option<Decimal>,
    pub(super) maximum: Option<Decimal>,
    pub(super) exclusive_minimum: Option<Decimal>,
    pub(super) exclusive_maximum: Option<Decimal>,
}

impl NumberRules {
    pub(super) fn is_empty(&self) -> bool {
        let Self { minimum, maximum, exclusive_minimum, exclusive_maximum } = self;
        [minimum, maximum, exclusive_minimum, exclusive_maximum].into_iter().all(Option::is_none)
    }
}

/// A count with a lower and an upper bound.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct ObjectRules {
    /// Sorted by name: what `properties` and `required` say together.
    pub(super) members: Vec<Member>,
    pub(super) required: usize,
    pub(super) additional: Option<NodeId>,
    pub(super) count: Bounds,
}

#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) node: Option<NodeId>,
    /// Its number among the required ones.
    pub(super) required: Option<usize>,
}

impl ObjectRules {
    pub(super) fn member(&self, name: &[u8]) -> Option<&Member> {
        let at = self.members.binary_search_by(|member| member.name.as_bytes().cmp(name)).ok()?;
        self.members.get(at)
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ArrayRules {
    pub(super) items: Option<NodeId>,
    pub(super) count: Bounds,
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Types(u8);

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
    /// What the schema `false` allows.
    pub(super) const NONE: Self = Self(0);
    pub(super) const ARRAY: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    pub(super) const NULL: Self = Self(8);
    pub(super) const NUMBER: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);
    pub(super) const STRING: Self = Self(64);

    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|&(types, _)| types)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            NAMES.iter().filter(|(types, _)| self.has(*types)).map(|&(_, name)| name).collect();
        f.write_str(&if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") })
    }
}
