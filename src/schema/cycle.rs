//! Schemas that lead to each other without reading anything.

use super::node::{Node, NodeId};

/// How many schemas may judge one value one through the other.
const MAX_IN_PLACE_DEPTH: usize = 128;

/// Schemas that judge one value and lead back to themselves would never come to an end.
#[inline(never)]
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
                open.extend(next.into_iter().filter(|&next| marks.get(next) == Some(&Mark::New)));
                continue;
            }
            open.pop();
            if mark(id) == Mark::Open {
                let mut depth = 1;
                for next in next {
                    let Mark::Done(below) = mark(next) else {
                        return Err(format!("{}: the reference leads back to itself", node.place));
                    };
                    depth = depth.max(below.saturating_add(1));
                }
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
