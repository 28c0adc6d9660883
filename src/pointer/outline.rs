//! The pointers as shapes: most payloads are read by what reads them against schemas, many times as fast as a
//! visitor that is told of every token.

use super::{Found, PathNode, Paths, Reader};
use crate::json::{
    self, Ask, Kind, Literal, Member, Members, Number, Scan, Shape, ShapeId, Shapes, SyntaxError, Text,
    Types, conforms, walk_value,
};

/// Every value has its node's shape: that of a field is asked, so that it can be taken note of.
/// `None` where the value of a pointer may be on the way of another one.
pub(super) fn outline(nodes: &[PathNode]) -> Option<Shapes> {
    let mut shapes = Vec::with_capacity(nodes.len());
    for node in nodes {
        shapes.push(shape(nodes, node)?);
    }
    Some(Shapes::new(shapes, ShapeId::at(1)?))
}

fn shape(nodes: &[PathNode], node: &PathNode) -> Option<Shape> {
    if node.is_field && node.children.is_empty() {
        return Some(Shape { kind: Kind::Asked, ..Shape::default() });
    }
    if node.is_field {
        return None;
    }
    let mut children: Vec<(&[u8], ShapeId)> = Vec::new();
    for &id in &node.children {
        let token = nodes.get(id)?.token.as_bytes();
        // Sorting would take 4 KB of the wasm.
        let at = children.partition_point(|(known, _)| *known < token);
        children.insert(at, (token, ShapeId::at(id.checked_add(1)?)?));
    }
    let members = children.iter().enumerate();
    Some(Shape {
        types: Types::ALL,
        members: members.map(|(place, (token, id))| Member::new(token, *id, place)).collect(),
        additional: Shapes::ANYTHING,
        prefix: children.iter().filter(|(token, _)| *token == b"0").map(|(_, id)| *id).collect(),
        items: Shapes::ANYTHING,
        ..Shape::default()
    })
}

/// Reads the fields. `None` where the shapes cannot, since the text is no JSON or holds a key twice.
pub(super) fn read<'a>(shapes: &Shapes, paths: &Paths, payload: &'a [u8]) -> Option<Vec<Found<'a>>> {
    let mut reader = Reader::new(paths);
    match conforms(shapes, payload, &mut reader, &mut Members::default()) {
        Ok(Some(Scan { duplicate_key: None })) => Some(reader.found),
        _ => None,
    }
}

impl<'a> Ask<'a> for Reader<'_, 'a> {
    // The values of fields are asked whole, and of others nothing is.
    fn number(&mut self, _shape: ShapeId, _number: Number<'a>) -> bool {
        true
    }

    fn string(&mut self, _shape: ShapeId, _text: Text<'a>) -> bool {
        true
    }

    fn literal(&mut self, _shape: ShapeId, _literal: Literal, _at: usize) -> bool {
        true
    }

    fn value(&mut self, shape: ShapeId, reader: &mut json::Reader<'a>) -> Result<bool, SyntaxError> {
        self.next = shape.place().checked_sub(1);
        walk_value(reader, self).map(|()| true)
    }
}
