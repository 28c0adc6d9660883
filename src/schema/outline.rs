//! The nodes of a program as shapes: all that can be checked without a set of evaluations.

use super::constant::{scalar_types, string_in};
use super::node::{Bounds, Constants, InPlace, Node, NodeId, NumberRules, ObjectRules, Program};
use crate::json::{BITS, ByType, Decimal, Kind, Member, Range, Shape, ShapeId, Shapes, Strings, Types, Word};

/// What no integer lies in, so that every number is asked.
const NONE: Range<i64> = Range { min: 1, max: 0 };

/// `None` where what a schema asks depends on the way that leads to it.
pub(super) fn outline(program: &Program) -> Option<Shapes> {
    if !program.dynamic_anchors.is_empty() {
        return None;
    }
    let shapes = program.nodes.iter().map(|node| shape(program, node).unwrap_or_else(asked));
    Some(Shapes::new(shapes, id(program, 0)))
}

/// The node that a shape stands for.
pub(super) fn node_of(shape: ShapeId) -> NodeId {
    shape.place().saturating_sub(1)
}

/// The shape of a node, or of the one that it does nothing but lead to.
fn id(program: &Program, mut node: NodeId) -> ShapeId {
    while let Some(Node { in_place, .. }) = program.nodes.get(node).filter(|node| only_leads_on(node))
        && let [InPlace::Must(next)] = in_place.as_slice()
    {
        node = *next;
    }
    ShapeId::at(node.saturating_add(1)).unwrap_or(Shapes::ANYTHING)
}

fn asked() -> Shape {
    Shape { kind: Kind::Asked, ..Shape::default() }
}

/// Whether a node asks nothing by itself, only through the schemas that judge the same value.
fn only_leads_on(node: &Node) -> bool {
    let Node { place: _, resource: _, refuses_as, types, constants, number, string, object, array, in_place: _ } =
        node;
    refuses_as.is_none()
        && types.is_none()
        && constants.is_empty()
        && number.is_empty()
        && string.is_empty()
        && object.is_empty()
        && array.is_empty()
}

/// `None` for what a shape cannot say.
fn shape(program: &Program, node: &Node) -> Option<Shape> {
    if let [InPlace::AnyOf(nodes) | InPlace::OneOf(nodes)] = node.in_place.as_slice()
        && only_leads_on(node)
    {
        let by_type = by_type(program, nodes)?;
        return Some(Shape { kind: Kind::ByType(Box::new(by_type)), ..Shape::default() });
    }
    let (object, array) = (&node.object, &node.array);
    let beyond = !node.in_place.is_empty()
        || object.unevaluated.is_some()
        || object.names.is_some()
        || !object.patterns.is_empty()
        || !object.dependent_required.is_empty()
        || array.unevaluated.is_some()
        || array.contains.is_some()
        || array.unique
        || object.members.len() > BITS;
    if beyond {
        return None;
    }
    let id = |node: NodeId| id(program, node);
    let optional = |node: Option<NodeId>| node.map_or(Shapes::ANYTHING, id);
    let members = object.members.iter().enumerate().map(|(place, member)| {
        let shape = optional(member.node.or(object.additional));
        Member::new(member.name.as_bytes(), shape, place)
    });
    let mut shape = Shape {
        types: node.types.unwrap_or(Types::ALL),
        number: integers(&node.number),
        length: range(node.string.length),
        members: members.collect(),
        required: required(object)?,
        additional: optional(object.additional),
        properties: range(object.count),
        prefix: array.prefix.iter().copied().map(id).collect(),
        items: optional(array.items),
        count: range(array.count),
        ..Shape::default()
    };
    if node.refuses_as.is_some() {
        shape.types = Types::NONE;
    }
    if node.string.pattern.is_some() || node.string.format.is_some() {
        shape.strings = Strings::Asked;
    }
    match node.constants.as_slice() {
        [] => {}
        [only] => constants(only, &mut shape)?,
        _ => return None,
    }
    Some(shape)
}

/// A shape for each type, where no two alternatives allow the same one.
fn by_type(program: &Program, nodes: &[NodeId]) -> Option<ByType> {
    let mut by_type = ByType::default();
    for &node in nodes {
        let id = id(program, node);
        let types = program.nodes.get(node_of(id))?.types?;
        for (one, slot) in [
            (Types::OBJECT, &mut by_type.object),
            (Types::ARRAY, &mut by_type.array),
            (Types::STRING, &mut by_type.string),
            (Types::NUMBER.and(Types::INTEGER), &mut by_type.number),
            (Types::BOOLEAN, &mut by_type.boolean),
            (Types::NULL, &mut by_type.null),
        ] {
            if types.has(one) && slot.replace(id).is_some() {
                return None;
            }
        }
    }
    Some(by_type)
}

fn required(object: &ObjectRules) -> Option<u64> {
    object.required.iter().try_fold(0, |bits, &slot| {
        let place = object.members.iter().position(|member| member.slot == Some(slot))?;
        let bit = u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place))?;
        Some(bits | bit)
    })
}

/// Leaves of the types those that a constant has. `None` where a constant holds values itself.
fn constants(constants: &Constants, shape: &mut Shape) -> Option<()> {
    let mut strings = Vec::new();
    let mut types = Types::NONE;
    for constant in &constants.allowed {
        types = types.and(scalar_types(constant)?);
        strings.extend(string_in(constant).map(Word::value));
    }
    let numbers = Types::NUMBER.and(Types::INTEGER);
    shape.types = shape.types.only(types);
    shape.asks_literal = types.has(Types::NULL.and(Types::BOOLEAN));
    if types.has(numbers) {
        shape.number = NONE;
    }
    if matches!(shape.strings, Strings::Any) {
        shape.strings = Strings::OneOf(strings);
    }
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
