//! Schemas that lead to each other without reading anything.

use super::node::{Node, NodeId};

/// How many schemas may judge one value one through the other.
const MAX_IN_PLACE_DEPTH: usize = 128;

#[inline(never)]
/// Schemas that judge one value and lead back to themselves would never come to an end.
pub(super) fn check_cycles(nodes: &[Node]) -> Result<(), String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done(usize),
    }
    let mut marks = vec![Mark::New; nodes.len()];
    for root in 0..nodes.len() {
        let mut open = vec![root];
        while let Some(&id) = open.last() {
            let Some(node) = nodes.get(id) else { break };
            let mut next: Vec<NodeId> = Vec::new();
            for in_place in &node.in_place {
                next.extend(in_place.nodes());
            }
            let mark = |id: NodeId| marks.get(id).copied().unwrap_or(Mark::Done(0));
            if mark(id) == Mark::New {
                if next.iter().any(|&next| mark(next) == Mark::Open || next == id) {
                    return Err(format!("{}: the reference leads back to itself", node.place));
                }
                if let Some(mark) = marks.get_mut(id) {
                    *mark = Mark::Open;
                }
                let new = next.into_iter().filter(|&next| marks.get(next) == Some(&Mark::New));
                open.extend(new.collect::<Vec<_>>());
                continue;
            }
            open.pop();
            if mark(id) == Mark::Open {
                let below = next.iter().map(|&next| match mark(next) {
                    Mark::Done(depth) => Some(depth),
                    Mark::New | Mark::Open => None,
                });
                let Some(below) = below.collect::<Option<Vec<_>>>() else {
                    return Err(format!("{}: the reference leads back to itself", node.place));
                };
                let depth = below.into_iter().max().unwrap_or(0).saturating_add(1);
                if depth > MAX_IN_PLACE_DEPTH {
                    return Err(format!("{}: more than {MAX_IN_PLACE_DEPTH} schemas in a row", node.place));
                }
                if let Some(mark) = marks.get_mut(id) {
                    *mark = Mark::Done(depth);
                }
            }
        }
    }
    Ok(())
}
