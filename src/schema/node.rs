//! The compiled form of a schema: a flat table of nodes.

use std::fmt;

use super::document::ResourceId;
use super::format::Format;
use super::outline::Outline;
use super::regex::Pattern;
use crate::json::{Decimal, Divisor, Types};

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
    /// The nodes as shapes, where the dynamic scope does not matter.
    pub(super) outline: Option<Outline>,
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

impl Node {
    /// Whether a node asks nothing by itself, only through the schemas that judge the same value.
    pub(super) fn only_leads_on(&self) -> bool {
        self.refuses_as.is_none()
            && self.types.is_none()
            && self.constants.is_empty()
            && self.number.is_empty()
            && self.string.is_empty()
            && self.object.is_empty()
            && self.array.is_empty()
    }

    pub(super) fn asks_nothing(&self) -> bool {
        self.in_place.is_empty() && self.only_leads_on()
    }
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

impl StringRules {
    pub(super) fn is_empty(&self) -> bool {
        let Self { length, pattern, format } = self;
        length.is_empty() && pattern.is_none() && format.is_none()
    }
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
    fn is_empty(self) -> bool {
        self.min.is_none() && self.max.is_none()
    }

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
    pub(super) fn is_empty(&self) -> bool {
        let Self { members, slots: _, required, dependent_required, patterns, additional, .. } = self;
        let Self { names, unevaluated, count, .. } = self;
        members.is_empty()
            && required.is_empty()
            && dependent_required.is_empty()
            && patterns.is_empty()
            && [additional, names, unevaluated].into_iter().all(Option::is_none)
            && count.is_empty()
    }

    pub(super) fn member(&self, name: &[u8]) -> Option<&Member> {
        let at = self.members.binary_search_by(|member| member.name.as_bytes().cmp(name)).ok()?;
        self.members.get(at)
    }

    /// Whether a property must be there.
    pub(super) fn requires(&self, name: &str) -> bool {
        let slot = self.member(name.as_bytes()).and_then(|member| member.slot);
        slot.is_some_and(|slot| self.required.contains(&slot))
    }

    pub(super) fn name_of(&self, slot: usize) -> NameOf<'_> {
        NameOf(&self.members, slot)
    }
}

/// The name of a slot, looked for when it is shown: seldom, and among all members.
pub(super) struct NameOf<'r>(&'r [Member], usize);

impl fmt::Display for NameOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(members, slot) = self;
        let found = members.iter().find(|member| member.slot == Some(*slot));
        f.write_str(found.map_or("", |member| &member.name))
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

impl ArrayRules {
    pub(super) fn is_empty(&self) -> bool {
        let Self { prefix, items, contains, unevaluated, unique, count } = self;
        prefix.is_empty()
            && items.is_none()
            && contains.is_none()
            && unevaluated.is_none()
            && !unique
            && count.is_empty()
    }
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
