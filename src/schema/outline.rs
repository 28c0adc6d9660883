//! A program as shapes: all that can be checked without a set of evaluations.
//!
//! Each shape stands for the nodes that judge one value together: a schema with its `$ref` and `allOf`,
//! and with the one alternative of `anyOf` or `oneOf` that the value's type, or a property that names the
//! kind of object, leaves possible.

mod choice;
mod merge;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use super::names::Names;
use super::node::{InPlace, Node, NodeId, Program};
use crate::json::{Kind, Shape, ShapeId, Shapes};

/// How many nodes may judge one value together.
const MAX_TOGETHER: usize = 32;
/// How many shapes there may be for each node, and in all.
const SHAPES_PER_NODE: usize = 4;
const MAX_SHAPES: usize = 1 << 15;
/// How many properties may be looked at, all shapes together.
const MAX_EFFORT: usize = 1 << 20;

/// A program's shapes.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    pub(super) shapes: Shapes,
    /// For each shape from the second on, the nodes that it stands for.
    nodes: Vec<Vec<NodeId>>,
}

impl Outline {
    /// The nodes whose judgement of a value is that of a shape.
    pub(super) fn nodes(&self, shape: ShapeId) -> &[NodeId] {
        let place = shape.place().checked_sub(1);
        place.and_then(|place| self.nodes.get(place)).map_or(&[], Vec::as_slice)
    }
}

/// A node that judges a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    node: NodeId,
    /// Whether the schemas that it leads to have been taken care of.
    alone: bool,
}

/// What judges one value, once all that it leads to has been gathered.
struct Together<'p> {
    nodes: Vec<(NodeId, &'p Node)>,
    choices: Vec<&'p [NodeId]>,
}

struct Outliner<'p> {
    program: &'p Program,
    /// By what they stand for, as text.
    ids: Names,
    /// What the shapes stand for, in the order of their ids. Those beyond `done` wait for their turn.
    sets: Vec<Vec<Part>>,
    effort: usize,
}

/// `None` where what a schema asks depends on the way that leads to it.
#[inline(never)]
pub(super) fn outline(program: &Program) -> Option<Outline> {
    if !program.dynamic_anchors.is_empty() {
        return None;
    }
    let mut outliner = Outliner { program, ids: Names::default(), sets: Vec::new(), effort: 0 };
    let root = outliner.id(&mut std::iter::once(0));
    let most = program.nodes.len().saturating_mul(SHAPES_PER_NODE).min(MAX_SHAPES);
    let mut shapes: Vec<Shape> = Vec::new();
    while let Some(set) = outliner.sets.get(shapes.len()).cloned() {
        let within = outliner.sets.len() < most && outliner.effort < MAX_EFFORT;
        let shape = if within { outliner.shape(&set) } else { None };
        shapes.push(shape.unwrap_or_else(|| Shape { kind: Kind::Asked, ..Shape::default() }));
    }
    let nodes = outliner.sets.iter().map(|set| set.iter().map(|part| part.node).collect()).collect();
    Some(Outline { shapes: Shapes::new(shapes, root), nodes })
}

impl<'p> Outliner<'p> {
    /// The shape of a value that some nodes judge together.
    fn id(&mut self, nodes: &mut dyn Iterator<Item = NodeId>) -> ShapeId {
        let mut set = Vec::new();
        for node in nodes {
            let node = self.lead(node);
            if !self.node(node).is_some_and(Node::asks_nothing) {
                set.push(Part { node, alone: false });
            }
        }
        self.id_of(set)
    }

    fn id_of(&mut self, parts: Vec<Part>) -> ShapeId {
        let mut set: Vec<Part> = Vec::new();
        for part in parts {
            if let Err(at) = set.binary_search(&part) {
                set.insert(at, part);
            }
        }
        if set.is_empty() {
            return Shapes::ANYTHING;
        }
        let mut key = String::new();
        for Part { node, alone } in &set {
            // Writing to a string cannot fail.
            let _ = write!(key, "{node}");
            key.push(if *alone { '.' } else { '+' });
        }
        let place = self.ids.get(&key).unwrap_or_else(|| {
            self.sets.push(set);
            self.ids.insert(key, self.sets.len());
            self.sets.len()
        });
        ShapeId::at(place).unwrap_or(Shapes::ANYTHING)
    }

    fn node(&self, node: NodeId) -> Option<&'p Node> {
        self.program.nodes.get(node)
    }

    /// The node itself, or the one that it does nothing but lead to.
    fn lead(&self, mut node: NodeId) -> NodeId {
        while let Some(Node { in_place, .. }) = self.node(node).filter(|node| node.only_leads_on())
            && let [InPlace::Must(next)] = in_place.as_slice()
        {
            node = *next;
        }
        node
    }

    /// `None` for what a shape cannot say.
    fn shape(&mut self, set: &[Part]) -> Option<Shape> {
        let Together { nodes, choices } = self.gather(set)?;
        match choices.as_slice() {
            [] => self.merge(&nodes),
            [alternatives] => self.choice(&nodes, alternatives),
            _ => None,
        }
    }

    /// All that judges the same value because the parts do.
    fn gather(&self, set: &[Part]) -> Option<Together<'p>> {
        let mut together = Together { nodes: Vec::new(), choices: Vec::new() };
        let mut waiting = set.to_vec();
        while let Some(Part { node: id, alone }) = waiting.pop() {
            let node = self.node(id)?;
            if together.nodes.iter().any(|(known, _)| *known == id) {
                continue;
            }
            if together.nodes.len() == MAX_TOGETHER {
                return None;
            }
            together.nodes.push((id, node));
            for in_place in node.in_place.iter().filter(|_| !alone) {
                match in_place {
                    InPlace::Must(next) => waiting.push(Part { node: *next, alone: false }),
                    InPlace::AnyOf(nodes) | InPlace::OneOf(nodes) => together.choices.push(nodes),
                    _ => return None,
                }
            }
        }
        Some(together)
    }
}
