//! Nodes that judge one value together, as one shape.

use super::Outliner;
use crate::json::{Decimal, Member, Range, Shape, Strings, Types, Word};
use crate::schema::constant::{scalar_types, string_in};
use crate::schema::node::{Bounds, Constants, Node, NodeId, NumberRules};

/// What no integer lies in, so that every number is asked.
const NONE: Range<i64> = Range { min: 1, max: 0 };

/// How many members a shape can name. Their names are sorted by putting each in its place.
const MAX_MEMBERS: usize = 1 << 12;

impl Outliner<'_> {
    /// `None` for what a shape cannot say.
    #[inline(never)]
    pub(super) fn merge(&mut self, nodes: &[(NodeId, &Node)]) -> Option<Shape> {
        let mut shape = Shape { types: Types::ALL, ..Shape::default() };
        for (_, node) in nodes {
            add(node, &mut shape)?;
        }
        if let Strings::OneOf(words) = &mut shape.strings {
            let length = |word: &Word| word.text().iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
            words.retain(|word| shape.types.has(Types::STRING) && shape.length.has(length(word)));
        }
        self.members(nodes, &mut shape)?;
        shape.additional = self.id(&mut nodes.iter().filter_map(|(_, node)| node.object.additional));
        shape.items = self.id(&mut nodes.iter().filter_map(|(_, node)| node.array.items));
        let first = nodes.iter().map(|(_, node)| node.array.prefix.len()).max().unwrap_or(0);
        let item = |node: &Node, place: usize| node.array.prefix.get(place).copied().or(node.array.items);
        for place in 0..first {
            let items = self.id(&mut nodes.iter().filter_map(|(_, node)| item(node, place)));
            shape.prefix.push(items);
        }
        self.effort = self.effort.saturating_add(first.saturating_mul(nodes.len()));
        Some(shape)
    }

    fn members(&mut self, nodes: &[(NodeId, &Node)], shape: &mut Shape) -> Option<()> {
        let mut names: Vec<&str> = Vec::new();
        for member in nodes.iter().flat_map(|(_, node)| &node.object.members) {
            if let Err(at) = names.binary_search(&member.name.as_str()) {
                names.insert(at, &member.name);
            }
            if names.len() > MAX_MEMBERS {
                return None;
            }
        }
        self.effort = self.effort.saturating_add(names.len().saturating_mul(nodes.len()));
        for (place, name) in names.iter().enumerate() {
            let mut schemas = nodes.iter().filter_map(|(_, node)| {
                let property = node.object.member(name.as_bytes()).and_then(|member| member.node);
                property.or(node.object.additional)
            });
            let schema = self.id(&mut schemas);
            let mut member = Member::new(name.as_bytes(), schema, place);
            member.required = nodes.iter().any(|(_, node)| node.object.requires(name));
            shape.members.push(member);
        }
        Some(())
    }
}

/// What a node asks of scalars, and how many members and items it asks for.
fn add(node: &Node, shape: &mut Shape) -> Option<()> {
    let (object, array) = (&node.object, &node.array);
    let beyond = object.unevaluated.is_some()
        || object.names.is_some()
        || !object.patterns.is_empty()
        || !object.dependent_required.is_empty()
        || array.unevaluated.is_some()
        || array.contains.is_some()
        || array.unique;
    if beyond {
        return None;
    }
    if node.refuses_as.is_some() {
        shape.types = Types::NONE;
    }
    if let Some(types) = node.types {
        shape.types = shape.types.common(types);
    }
    shape.number = shape.number.common(integers(&node.number));
    shape.length = shape.length.common(range(node.string.length));
    shape.properties = shape.properties.common(range(object.count));
    shape.count = shape.count.common(range(array.count));
    if node.string.pattern.is_some() || node.string.format.is_some() {
        shape.strings = Strings::Asked;
    }
    node.constants.iter().try_for_each(|one| constants(one, shape))
}

/// Leaves of the types those that a constant has. `None` where a constant holds values itself.
fn constants(constants: &Constants, shape: &mut Shape) -> Option<()> {
    let mut strings = Vec::new();
    let mut types = Types::NONE;
    for constant in &constants.allowed {
        types = types.and(scalar_types(constant)?);
        strings.extend(string_in(constant).map(Word::value));
    }
    shape.types = shape.types.common(types);
    shape.asks_literal |= types.has(Types::NULL.and(Types::BOOLEAN));
    if types.has(Types::NUMBER) {
        shape.number = NONE;
    }
    shape.strings = match shape.strings {
        Strings::Any => Strings::OneOf(strings),
        Strings::OneOf(_) | Strings::Asked => Strings::Asked,
    };
    Some(())
}

fn range(bounds: Bounds) -> Range<usize> {
    Range { min: bounds.min.unwrap_or(0), max: bounds.max.unwrap_or(usize::MAX) }
}

/// The integers that are allowed.
fn integers(rules: &NumberRules) -> Range<i64> {
    let NumberRules { minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of } = rules;
    let integer = |bound: &Option<Decimal>, otherwise: i64, step: i64| match bound {
        Some(bound) => bound.to_integer()?.checked_add(step),
        None => Some(otherwise),
    };
    let range = || {
        let min = integer(minimum, i64::MIN, 0)?.max(integer(exclusive_minimum, i64::MIN, 1)?);
        let max = integer(maximum, i64::MAX, 0)?.min(integer(exclusive_maximum, i64::MAX, -1)?);
        Some(Range { min, max })
    };
    if multiple_of.is_some() { NONE } else { range().unwrap_or(NONE) }
}
