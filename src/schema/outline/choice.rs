//! Which of several alternatives a value can satisfy.

use super::{Outliner, Part, Together};
use crate::json::{ByProperty, ByType, Kind, Shape, ShapeId, Types, Word};
use crate::schema::constant::string_in;
use crate::schema::node::{Constants, Node, NodeId};

impl<'p> Outliner<'p> {
    /// The shape where only one alternative is possible for each type, or for each kind of object. Then
    /// `anyOf` and `oneOf` ask the same.
    #[inline(never)]
    pub(super) fn choice(&mut self, around: &[(NodeId, &Node)], alternatives: &[NodeId]) -> Option<Shape> {
        let kind = match self.by_type(around, alternatives) {
            Some(by_type) => Kind::ByType(Box::new(by_type)),
            None => Kind::ByProperty(Box::new(self.by_property(around, alternatives)?)),
        };
        Some(Shape { kind, ..Shape::default() })
    }

    /// What judges the value if an alternative does.
    fn with(&mut self, around: &[(NodeId, &Node)], alternative: NodeId) -> ShapeId {
        let around = around.iter().map(|&(node, _)| Part { node, alone: true });
        let set = around.chain([Part { node: self.lead(alternative), alone: false }]).collect();
        self.id_of(set)
    }

    fn by_type(&mut self, around: &[(NodeId, &Node)], alternatives: &[NodeId]) -> Option<ByType> {
        let mut types = Vec::new();
        for &node in alternatives {
            let together = self.gather(&[Part { node, alone: false }])?;
            types.push(together.nodes.iter().filter_map(|(_, node)| node.types).reduce(Types::common)?);
        }
        let mut by_type = ByType::default();
        for (one, slot) in [
            (Types::OBJECT, &mut by_type.object),
            (Types::ARRAY, &mut by_type.array),
            (Types::STRING, &mut by_type.string),
            (Types::NUMBER.and(Types::INTEGER), &mut by_type.number),
            (Types::BOOLEAN, &mut by_type.boolean),
            (Types::NULL, &mut by_type.null),
        ] {
            let mut allowing = alternatives.iter().zip(&types).filter(|(_, types)| types.has(one));
            *slot = allowing.next().map(|(&node, _)| self.with(around, node));
            if allowing.next().is_some() {
                return None;
            }
        }
        Some(by_type)
    }

    /// By a property for which every alternative allows strings that no other does.
    fn by_property(&mut self, around: &[(NodeId, &Node)], alternatives: &[NodeId]) -> Option<ByProperty> {
        let mut gathered = Vec::new();
        for &node in alternatives {
            gathered.push((node, self.gather(&[Part { node, alone: false }])?));
        }
        let (_, first) = gathered.first()?;
        let told_apart = |name: &'p str| Some((name, self.cases(name, &gathered)?));
        let by_node = |(_, node): &(NodeId, &'p Node)| {
            node.object.members.iter().find_map(|member| told_apart(&member.name))
        };
        let (name, cases) = first.nodes.iter().find_map(by_node)?;
        let cases: Vec<_> = cases.into_iter().map(|(word, node)| (Word::value(word), node)).collect();
        let cases = cases.into_iter().map(|(word, node)| (word, self.with(around, node))).collect();
        Some(ByProperty { name: name.as_bytes().into(), cases })
    }

    /// The strings that the alternatives allow for a property, if those tell them apart.
    fn cases(&self, name: &str, gathered: &[(NodeId, Together<'_>)]) -> Option<Vec<(&[u8], NodeId)>> {
        let mut cases: Vec<(&[u8], NodeId)> = Vec::new();
        for (alternative, Together { nodes, .. }) in gathered {
            let schema = nodes.iter().find_map(|(_, node)| node.object.member(name.as_bytes())?.node)?;
            let [Constants { allowed, .. }] = self.node(self.lead(schema))?.constants.as_slice() else {
                return None;
            };
            for constant in allowed {
                let word = string_in(constant)?;
                if cases.iter().any(|(known, _)| *known == word) {
                    return None;
                }
                cases.push((word, *alternative));
            }
        }
        Some(cases)
    }
}
