//! The schemas that judge one value together, and what they make of each other.
//!
//! At every place in the payload a *set* of evaluations is active: no schema judges a value twice in the
//! same dynamic scope, so that recursive alternatives cannot explode. They stand in the order in which
//! they can be resolved, those that others ask first.

use super::node::{InPlace, Node, NodeId, Program};
use super::scope::{ScopeId, Scopes};

/// How many steps any payload may take; each of its bytes adds one.
const STEPS: usize = 1_000_000;
/// How many evaluations are looked through in a step.
const LOOKED_THROUGH_PER_STEP: usize = 16;
/// How far `$dynamicRef` may lead from one schema to the next at one place.
const MAX_DEPTH: usize = 256;

/// One schema judging one value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evaluation {
    pub(super) node: NodeId,
    pub(super) scope: ScopeId,
    pub(super) failed: bool,
    /// Whether the payload is invalid if this fails: then it is reported. What is only tried is not.
    pub(super) binding: bool,
    /// Where in `edges` those stand that it asks.
    edges: usize,
    /// Where in the validator's `seen` its slots begin.
    pub(super) seen: usize,
    /// How many items `contains` has found.
    pub(super) matches: usize,
}

/// All evaluations of the values that are open, innermost last.
#[derive(Debug)]
pub(super) struct Evaluations<'s> {
    program: &'s Program,
    pub(super) stack: Vec<Evaluation>,
    edges: Vec<usize>,
    scopes: Scopes,
    steps: usize,
    budget: usize,
    depth: usize,
    /// The limits were reached: nothing that is found from here on counts.
    pub(super) exhausted: bool,
}

impl<'s> Evaluations<'s> {
    pub(super) fn new(program: &'s Program, payload_bytes: usize) -> Self {
        let scopes = Scopes::new(!program.dynamic_anchors.is_empty());
        let (stack, edges) = (Vec::new(), Vec::new());
        let budget = STEPS.saturating_add(payload_bytes);
        Self { program, stack, edges, scopes, steps: 0, budget, depth: 0, exhausted: false }
    }

    /// Takes note of work done. Once it is too much, nothing more is judged.
    pub(super) fn spend(&mut self, steps: usize) {
        self.steps = self.steps.saturating_add(steps);
        self.exhausted |= self.steps > self.budget;
    }

    /// What may still be spent.
    pub(super) fn left(&self) -> u64 {
        u64::try_from(self.budget.saturating_sub(self.steps)).unwrap_or(0)
    }

    pub(super) fn node(&self, at: usize) -> Option<&'s Node> {
        self.program.nodes.get(self.stack.get(at)?.node)
    }

    /// An evaluation that judges nothing, and fails when one fails that it is told of.
    pub(super) fn activate_nothing(&mut self) {
        let nothing =
            Evaluation { node: 0, scope: 0, failed: false, binding: false, edges: 0, seen: 0, matches: 0 };
        self.stack.push(nothing);
    }

    /// Whether an evaluation has failed since this was last asked.
    pub(super) fn take_failed(&mut self, at: usize) -> bool {
        self.stack.get_mut(at).is_some_and(|evaluation| std::mem::take(&mut evaluation.failed))
    }

    /// Has a schema judge the value whose evaluations begin at `from`, and gives the evaluation.
    pub(super) fn activate(&mut self, from: usize, node: NodeId, outer: ScopeId, binding: bool) -> usize {
        let program = self.program;
        let Some(schema) = program.nodes.get(node) else { return from };
        let scope = self.scopes.enter(outer, schema.resource);
        self.spend(1_usize.saturating_add(self.stack.len().saturating_sub(from) / LOOKED_THROUGH_PER_STEP));
        let known = self.stack.get(from..).unwrap_or_default();
        if let Some(at) = known.iter().position(|known| (known.node, known.scope) == (node, scope)) {
            let at = from.saturating_add(at);
            if binding {
                self.bind(at);
            }
            return at;
        }
        self.exhausted |= self.depth > MAX_DEPTH;
        let edges = if schema.in_place.is_empty() || self.exhausted {
            self.edges.len()
        } else {
            self.depth = self.depth.saturating_add(1);
            let asked = self.ask(from, schema, scope, binding);
            self.depth = self.depth.saturating_sub(1);
            let edges = self.edges.len();
            self.edges.extend(asked);
            edges
        };
        self.stack.push(Evaluation { node, scope, failed: false, binding, edges, seen: 0, matches: 0 });
        self.stack.len().saturating_sub(1)
    }

    /// Activates the schemas that a schema asks about the same value.
    fn ask(&mut self, from: usize, schema: &'s Node, scope: ScopeId, binding: bool) -> Vec<usize> {
        let mut asked = Vec::new();
        for in_place in &schema.in_place {
            match in_place {
                InPlace::Must(node) => asked.push(self.activate(from, *node, scope, binding)),
                InPlace::DynamicRef { name, default } => {
                    let node = self.dynamic_target(*name, scope).unwrap_or(*default);
                    asked.push(self.activate(from, node, scope, binding));
                }
                others => {
                    for node in others.nodes() {
                        asked.push(self.activate(from, node, scope, false));
                    }
                }
            }
        }
        asked
    }

    fn dynamic_target(&self, name: usize, scope: ScopeId) -> Option<NodeId> {
        let anchors = self.program.dynamic_anchors.get(name)?;
        let of =
            |resource: &usize| anchors.iter().find(|(known, _)| known == resource).map(|&(_, node)| node);
        self.scopes.resources(scope).iter().find_map(of)
    }

    /// Makes an evaluation, and those that must hold for it, count.
    fn bind(&mut self, at: usize) {
        let mut waiting = vec![at];
        while let Some(at) = waiting.pop() {
            let Some(evaluation) = self.stack.get_mut(at).filter(|evaluation| !evaluation.binding) else {
                continue;
            };
            evaluation.binding = true;
            for (_, asked) in self.asked(at).filter(|(in_place, _)| in_place.is_must()) {
                waiting.extend_from_slice(asked);
            }
        }
    }

    /// What an evaluation asks, each with the evaluations that answer.
    pub(super) fn asked(&self, at: usize) -> impl Iterator<Item = (&'s InPlace, &[usize])> {
        let in_place = self.node(at).map_or(&[][..], |node| node.in_place.as_slice());
        let mut edges = self.stack.get(at).map_or(0, |evaluation| evaluation.edges);
        in_place.iter().map(move |in_place| {
            let end = edges.saturating_add(in_place.count());
            let asked = self.edges.get(edges..end).unwrap_or_default();
            edges = end;
            (in_place, asked)
        })
    }

    pub(super) fn failed(&self, at: usize) -> bool {
        self.stack.get(at).is_some_and(|evaluation| evaluation.failed)
    }

    /// The keyword that does not hold, given how those that it asks have fared. `""` for one whose
    /// failure has been reported where it happened.
    pub(super) fn unmet(&self, at: usize, is_seen: impl Fn(usize) -> bool) -> Vec<&'static str> {
        let unmet = |(in_place, asked): (&InPlace, &[usize])| {
            let failed = |index: usize| asked.get(index).is_some_and(|&at| self.failed(at));
            let passing = asked.iter().filter(|&&at| !self.failed(at)).count();
            match in_place {
                InPlace::Must(_) | InPlace::DynamicRef { .. } if failed(0) => Some(""),
                InPlace::AnyOf(_) if passing == 0 => Some("anyOf"),
                InPlace::OneOf(_) if passing != 1 => Some("oneOf"),
                InPlace::Not(_) if !failed(0) => Some("not"),
                InPlace::If { then: Some(_), .. } if !failed(0) && failed(1) => Some("then"),
                InPlace::If { then, otherwise: Some(_), .. } if failed(0) => {
                    failed(1_usize.saturating_add(usize::from(then.is_some()))).then_some("else")
                }
                InPlace::Dependent(slot, _) if is_seen(*slot) && failed(0) => Some("dependentSchemas"),
                _ => None,
            }
        };
        if self.node(at).is_none_or(|node| node.in_place.is_empty()) {
            return Vec::new();
        }
        self.asked(at).filter_map(unmet).collect()
    }

    /// The evaluations whose findings about properties and items count for one: itself, and those it
    /// asks that hold, and so on.
    pub(super) fn contributors(&self, at: usize, is_seen: impl Fn(usize, usize) -> bool) -> Vec<usize> {
        let mut found = vec![at];
        let mut next = 0;
        while let Some(&at) = found.get(next) {
            next = next.saturating_add(1);
            for (in_place, asked) in self.asked(at) {
                let counts = match in_place {
                    InPlace::Not(_) => &[],
                    InPlace::Dependent(slot, _) if !is_seen(at, *slot) => &[],
                    InPlace::If { then, .. } => {
                        let holds = asked.first().is_some_and(|&condition| !self.failed(condition));
                        let otherwise = 1_usize.saturating_add(usize::from(then.is_some()));
                        if holds { asked.get(..otherwise) } else { asked.get(otherwise..) }
                            .unwrap_or_default()
                    }
                    _ => asked,
                };
                for &other in counts {
                    if !self.failed(other) && !found.contains(&other) {
                        found.push(other);
                    }
                }
            }
        }
        found
    }

    /// Forgets the evaluations from one on.
    pub(super) fn truncate(&mut self, from: usize, edges: usize) {
        self.stack.truncate(from);
        self.edges.truncate(edges);
    }

    pub(super) fn edges(&self) -> usize {
        self.edges.len()
    }
}
