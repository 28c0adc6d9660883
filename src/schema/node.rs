//! The compiled form of a schema: a flat table of nodes.

use std::fmt;

use super::document::ResourceId;
use super::format::Format;
use super::regex::Pattern;
use crate::json::{Decimal, Divisor};

/// The place of a node in its schema's table.
pub(super) type NodeId = usize;

/// A compiled schema with all that it refers to.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    /// The root first.
    pub(super) nodes: Vec<Node>,
    /// Where the dynamic anchors of a name lead, by the resource that has them. By the number of the
    /// name.
    pub(super) dynamic_anchors: Vec<Vec<(ResourceId, NodeId)>>,
}

/// One subschema: everything it asks of a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// Where it stands: a URI reference with a JSON Pointer.
    pub(super) place: String,
    pub(super) resource: ResourceId,
    /// The keyword whose value is the schema `false`, if it is that.
    pub(super) refuses_as: Option<&'static str>,
    /// `None` allows every type.
    pub(super) types: Option<Types>,
    /// What `const` and `enum` allow; both may be there.
    pub(super) constants: Vec<Constants>,
    pub(super) number: NumberRules,
    pub(super) string: StringRules,
    pub(super) object: ObjectRules,
    pub(super) array: ArrayRules,
    /// The schemas that judge the same value.
    pub(super) in_place: Vec<InPlace>,
}

/// The fingerprints of the values that a keyword allows, sorted.
#[derive(Debug, Clone)]
pub(super) struct Constants {
    pub(super) keyword: &'static str,
    pub(super) allowed: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct NumberRules {
    pub(super) minimum: Option<Decimal>,
    pub(super) maximum: Option<Decimal>,
    pub(super) exclusive_minimum: Option<Decimal>,
    pub(super) exclusive_maximum: Option<Decimal>,
    pub(super) multiple_of: Option<Divisor>,
}

impl NumberRules {
    pub(super) fn is_empty(&self) -> bool {
        let Self { minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of } = self;
        let bounds = [minimum, maximum, exclusive_minimum, exclusive_maximum];
        multiple_of.is_none() && bounds.into_iter().all(Option::is_none)
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct StringRules {
    pub(super) length: Bounds,
    pub(super) pattern: Option<Pattern>,
    pub(super) format: Option<Format>,
}

/// A count with a lower and an upper bound.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

/// Which of two bounds does not hold, and what it is.
pub(super) enum Broken {
    TooFew(usize),
    TooMany(usize),
}

impl Bounds {
    pub(super) fn broken_by(self, count: usize) -> Option<Broken> {
        match self {
            Self { min: Some(min), .. } if count < min => Some(Broken::TooFew(min)),
            Self { max: Some(max), .. } if count > max => Some(Broken::TooMany(max)),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct ObjectRules {
    /// Sorted by name: every property that a keyword names.
    pub(super) members: Vec<Member>,
    /// How many of them have a slot.
    pub(super) slots: usize,
    /// The slots of the properties that must be there.
    pub(super) required: Vec<usize>,
    /// If the property of the first slot is there, those of the others must be too.
    pub(super) dependent_required: Vec<(usize, Vec<usize>)>,
    pub(super) patterns: Vec<(Pattern, NodeId)>,
    pub(super) additional: Option<NodeId>,
    pub(super) names: Option<NodeId>,
    pub(super) unevaluated: Option<NodeId>,
    pub(super) count: Bounds,
}

#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    /// What `properties` says of it.
    pub(super) node: Option<NodeId>,
    /// Its number among the properties whose presence matters.
    pub(super) slot: Option<usize>,
}

impl ObjectRules {
    pub(super) fn member(&self, name: &[u8]) -> Option<&Member> {
        let at = self.members.binary_search_by(|member| member.name.as_bytes().cmp(name)).ok()?;
        self.members.get(at)
    }

    pub(super) fn name_of(&self, slot: usize) -> &str {
        let found = self.members.iter().find(|member| member.slot == Some(slot));
        found.map_or("", |member| member.name.as_str())
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct ArrayRules {
    pub(super) prefix: Vec<NodeId>,
    pub(super) items: Option<NodeId>,
    pub(super) contains: Option<Contains>,
    pub(super) unevaluated: Option<NodeId>,
    pub(super) unique: bool,
    pub(super) count: Bounds,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Contains {
    pub(super) node: NodeId,
    pub(super) count: Bounds,
    /// Whether what it matches counts as evaluated (not in draft 7, where nothing asks).
    pub(super) evaluates: bool,
}

/// A schema that judges the same value as the one that names it.
#[derive(Debug, Clone)]
pub(super) enum InPlace {
    /// `allOf` (each of them), `$ref`.
    Must(NodeId),
    DynamicRef {
        /// The number of the anchor's name.
        name: usize,
        /// Where it leads unless the dynamic scope has another anchor of the name.
        default: NodeId,
    },
    AnyOf(Vec<NodeId>),
    OneOf(Vec<NodeId>),
    Not(NodeId),
    If {
        condition: NodeId,
        then: Option<NodeId>,
        otherwise: Option<NodeId>,
    },
    /// `dependentSchemas`: if the property of the slot is there.
    Dependent(usize, NodeId),
}

impl InPlace {
    /// Whether what it leads to must hold for the schema that names it.
    pub(super) fn is_must(&self) -> bool {
        matches!(self, Self::Must(_) | Self::DynamicRef { .. })
    }

    /// How many nodes it leads to.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::AnyOf(nodes) | Self::OneOf(nodes) => nodes.len(),
            Self::If { then, otherwise, .. } => 1_usize
                .saturating_add(usize::from(then.is_some()))
                .saturating_add(usize::from(otherwise.is_some())),
            _ => 1,
        }
    }

    /// The nodes that it leads to, whatever the dynamic scope.
    pub(super) fn nodes(&self) -> Vec<NodeId> {
        match self {
            Self::Must(node) | Self::Not(node) | Self::Dependent(_, node) => vec![*node],
            Self::DynamicRef { default, .. } => vec![*default],
            Self::AnyOf(nodes) | Self::OneOf(nodes) => nodes.clone(),
            Self::If { condition, then, otherwise } => {
                [Some(*condition), *then, *otherwise].into_iter().flatten().collect()
            }
        }
    }
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
        f.write_str(&names.join(" or "))
    }
}
