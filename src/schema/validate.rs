//! One pass over the bytes of a payload, in which every value is judged while it is read.

mod asked;
mod assertions;
mod judge;
#[cfg(test)]
mod tests;
mod unevaluated;

use std::fmt;

use super::evaluation::Evaluations;
use super::node::Program;
use super::violation::{Report, Violation};
use crate::json::{Literal, Number, Text, Types, Visitor};

pub(crate) use judge::{Judged, judge, settle};
#[cfg(test)]
pub(super) use judge::{conforms_quickly, judge_all};

struct Validator<'s, 'p> {
    payload: &'p [u8],
    evaluations: Evaluations<'s>,
    /// Where the evaluations of the value that comes next begin.
    pending: usize,
    pending_edges: usize,
    /// Which evaluations of the value that comes next matter to which of the value around it.
    links: Vec<Link>,
    pending_links: usize,
    frames: Vec<Frame<'p>>,
    /// For every evaluation of every open object, which of its slots were met.
    seen: Vec<bool>,
    report: Report<'p>,
    /// How much is kept in all frames.
    kept: usize,
}

/// How many members and items may be kept at once for what can only be judged at the end (`uniqueItems`,
/// `unevaluated…`): some 40 MB in WebAssembly.
const MAX_KEPT: usize = 1 << 19;

/// What a value's evaluation means for one of the value around it. Binding ones report for themselves
/// and need no link.
#[derive(Debug, Clone, Copy)]
struct Link {
    inner: usize,
    outer: usize,
    role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Must,
    Contains,
    Unevaluated,
}

/// An array or object that has begun and not ended.
#[derive(Debug)]
pub(super) struct Frame<'p> {
    from: usize,
    to: usize,
    edges: usize,
    links: usize,
    seen_from: usize,
    at: usize,
    /// Members or items so far.
    pub(super) count: usize,
    /// The key of the current member; `None` in arrays.
    pub(super) key: Option<Text<'p>>,
    /// Whether a schema declares the current member.
    pub(super) declared: bool,
    pub(super) is_array: bool,
    /// Which members an evaluation has evaluated, where a schema asks for what was not.
    evaluated: Option<Vec<(usize, usize)>>,
    /// Members that the `unevaluated…` of an evaluation has looked at.
    unevaluated: Vec<Unevaluated<'p>>,
    /// The items, where they must differ: each from its first byte to its last.
    items: Option<Vec<&'p [u8]>>,
}

impl Frame<'_> {
    fn kept(&self) -> usize {
        let marks = self.evaluated.as_ref().map_or(0, Vec::len);
        let items = self.items.as_ref().map_or(0, Vec::len);
        marks.saturating_add(items).saturating_add(self.unevaluated.len())
    }
}

#[derive(Debug)]
struct Unevaluated<'p> {
    by: usize,
    member: usize,
    key: Option<Text<'p>>,
    at: usize,
    failed: bool,
}

/// A value that is neither array nor object.
#[derive(Clone, Copy)]
enum Scalar<'p> {
    Literal,
    Number(Number<'p>),
    String(Text<'p>),
}

impl<'s, 'p> Validator<'s, 'p> {
    fn new(program: &'s Program, payload: &'p [u8]) -> Self {
        Self {
            payload,
            evaluations: Evaluations::new(program, payload.len()),
            pending: 0,
            pending_edges: 0,
            links: Vec::new(),
            pending_links: 0,
            frames: Vec::new(),
            seen: Vec::new(),
            report: Report::new(payload),
            kept: 0,
        }
    }

    fn is_too_complex(&self) -> bool {
        self.report.too_complex || self.evaluations.exhausted
    }

    /// Has the schema of a member or item judge it, on behalf of an evaluation of the value around it.
    fn apply(&mut self, outer: usize, node: usize, role: Role) {
        let Some(&around) = self.evaluations.stack.get(outer) else { return };
        let binding = around.binding && role == Role::Must;
        let inner = self.evaluations.activate(self.pending, node, around.scope, binding);
        if !binding {
            self.links.push(Link { inner, outer, role });
        }
    }

    /// A value begins. In an array its schemas are those of the items.
    fn enter(&mut self) {
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.is_array) else { return };
        let index = frame.count;
        frame.count = index.saturating_add(1);
        self.evaluations.spend(frame.to.saturating_sub(frame.from));
        if self.evaluations.exhausted {
            return;
        }
        for outer in frame.from..frame.to {
            let Some(node) = self.evaluations.node(outer) else { continue };
            let rules = &node.array;
            if let Some(item) = rules.prefix.get(index).copied().or(rules.items) {
                self.apply(outer, item, Role::Must);
                self.mark(outer, index);
            }
            if let Some(contains) = rules.contains {
                self.apply(outer, contains.node, Role::Contains);
            }
            if let Some(unevaluated) = rules.unevaluated {
                self.apply(outer, unevaluated, Role::Unevaluated);
            }
        }
    }

    /// Takes note that an evaluation has evaluated a member or item.
    fn mark(&mut self, by: usize, member: usize) {
        if let Some(evaluated) = self.frames.last_mut().and_then(|frame| frame.evaluated.as_mut()) {
            evaluated.push((by, member));
            self.keep();
        }
    }

    /// One more thing is kept until its array or object has ended.
    fn keep(&mut self) {
        self.kept = self.kept.saturating_add(1);
        self.evaluations.exhausted |= self.kept > MAX_KEPT;
    }

    fn fail(&mut self, evaluation: usize, at: usize, keyword: &'static str, message: fmt::Arguments<'_>) {
        let Some(failing) = self.evaluations.stack.get_mut(evaluation) else { return };
        failing.failed = true;
        if failing.binding && !self.evaluations.exhausted {
            let place = self.evaluations.node(evaluation).map_or("", |node| node.place.as_str());
            self.report.add(at, keyword, message, place, &self.frames, None);
        }
    }

    fn scalar(&mut self, scalar: Scalar<'p>, types: Types, (at, end): (usize, usize)) {
        self.enter();
        let (from, to) = (self.pending, self.evaluations.stack.len());
        for evaluation in from..to {
            let Some(node) = self.evaluations.node(evaluation) else { continue };
            if self.judge_type(evaluation, node, types, at) {
                self.judge_constants(evaluation, node, (at, end), Some(scalar));
                match scalar {
                    Scalar::Number(number) if !node.number.is_empty() => {
                        self.judge_number(evaluation, &node.number, number);
                    }
                    Scalar::String(text) => self.judge_string(evaluation, &node.string, text),
                    Scalar::Number(_) | Scalar::Literal => {}
                }
            }
        }
        self.resolve(from, to, at, None);
        self.leave(from, self.pending_edges, self.pending_links, at);
    }

    fn begin(&mut self, at: usize, types: Types) {
        self.enter();
        let is_array = types == Types::ARRAY;
        let (from, to) = (self.pending, self.evaluations.stack.len());
        let seen_from = self.seen.len();
        let (mut tracks, mut unique) = (false, false);
        for evaluation in from..to {
            let Some(node) = self.evaluations.node(evaluation) else { continue };
            self.judge_type(evaluation, node, types, at);
            tracks |= node.object.unevaluated.is_some() || node.array.unevaluated.is_some();
            unique |= is_array && node.array.unique;
            if !is_array && let Some(evaluation) = self.evaluations.stack.get_mut(evaluation) {
                evaluation.seen = self.seen.len();
                self.seen.resize(self.seen.len().saturating_add(node.object.slots), false);
            }
        }
        self.frames.push(Frame {
            from,
            to,
            edges: self.pending_edges,
            links: self.pending_links,
            seen_from,
            at,
            count: 0,
            key: None,
            declared: false,
            is_array,
            evaluated: tracks.then(Vec::new),
            unevaluated: Vec::new(),
            items: unique.then(Vec::new),
        });
        self.expect();
    }

    /// From here on, what is activated judges the value that comes next.
    fn expect(&mut self) {
        self.pending = self.evaluations.stack.len();
        self.pending_edges = self.evaluations.edges();
        self.pending_links = self.links.len();
    }

    /// The frame is taken off before what it lacks is reported, so that the path is that of the value.
    fn end(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        self.kept = self.kept.saturating_sub(frame.kept());
        for evaluation in frame.from..frame.to {
            let Some(node) = self.evaluations.node(evaluation) else { continue };
            self.judge_constants(evaluation, node, (frame.at, end), None);
            if frame.is_array {
                self.judge_array(evaluation, node, &frame);
            } else {
                self.judge_object(evaluation, node, &frame);
            }
        }
        let (from, to, edges, links, at) = (frame.from, frame.to, frame.edges, frame.links, frame.at);
        let seen_from = frame.seen_from;
        self.resolve(from, to, at, Some(frame));
        self.seen.truncate(seen_from);
        self.leave(from, edges, links, at);
        self.item_ended(at, end);
    }

    fn is_seen(&self, evaluation: usize, slot: usize) -> bool {
        let from = self.evaluations.stack.get(evaluation).map_or(usize::MAX, |evaluation| evaluation.seen);
        self.seen.get(from.saturating_add(slot)) == Some(&true)
    }

    /// Now that all has been read, works out what the evaluations of a value make of each other.
    fn resolve(&mut self, from: usize, to: usize, at: usize, mut frame: Option<Frame<'p>>) {
        for evaluation in from..to {
            let is_object = frame.as_ref().is_some_and(|frame| !frame.is_array);
            let seen = |slot: usize| is_object && self.is_seen(evaluation, slot);
            for keyword in self.evaluations.unmet(evaluation, seen) {
                if keyword.is_empty() {
                    if let Some(evaluation) = self.evaluations.stack.get_mut(evaluation) {
                        evaluation.failed = true;
                    }
                } else {
                    self.fail(evaluation, at, keyword, format_args!("{}", message_of(keyword)));
                }
            }
            if let Some(frame) = frame.as_mut().filter(|frame| !frame.unevaluated.is_empty()) {
                self.resolve_unevaluated(evaluation, frame);
            }
        }
    }

    /// A value has been judged: tells the evaluations around it, and forgets its own.
    fn leave(&mut self, from: usize, edges: usize, links: usize, at: usize) {
        for index in links..self.links.len() {
            let Some(&Link { inner, outer, role }) = self.links.get(index) else { continue };
            let failed = self.evaluations.failed(inner);
            match role {
                Role::Must if failed => {
                    if let Some(outer) = self.evaluations.stack.get_mut(outer) {
                        outer.failed = true;
                    }
                }
                Role::Contains if !failed => {
                    if let Some(outer) = self.evaluations.stack.get_mut(outer) {
                        outer.matches = outer.matches.saturating_add(1);
                    }
                    let evaluates = self.evaluations.node(outer).and_then(|node| node.array.contains);
                    if evaluates.is_some_and(|contains| contains.evaluates)
                        && let Some(member) = self.frames.last().map(|frame| frame.count.saturating_sub(1))
                    {
                        self.mark(outer, member);
                    }
                }
                Role::Unevaluated => {
                    if let Some(frame) = self.frames.last_mut() {
                        let member = frame.count.saturating_sub(1);
                        let key = frame.key;
                        frame.unevaluated.push(Unevaluated { by: outer, member, key, at, failed });
                        self.keep();
                    }
                }
                Role::Must | Role::Contains => {}
            }
        }
        self.links.truncate(links);
        self.evaluations.truncate(from, edges);
        self.expect();
    }

    fn item_ended(&mut self, at: usize, end: usize) {
        if let Some(items) = self.frames.last_mut().and_then(|frame| frame.items.as_mut()) {
            items.push(self.payload.get(at..end).unwrap_or_default());
            self.keep();
        }
    }

    /// Judges the name of a property like a string value.
    fn judge_name(&mut self, key: Text<'p>) {
        let Some(frame) = self.frames.last() else { return };
        let (from, to) = (frame.from, frame.to);
        for outer in from..to {
            let names = self.evaluations.node(outer).and_then(|node| node.object.names);
            if let Some(names) = names {
                self.apply(outer, names, Role::Must);
            }
        }
        let (from, to) = (self.pending, self.evaluations.stack.len());
        if from == to {
            return;
        }
        for evaluation in from..to {
            let Some(node) = self.evaluations.node(evaluation) else { continue };
            if self.judge_type(evaluation, node, Types::STRING, key.at) {
                self.judge_constants(evaluation, node, (key.at, key.at), Some(Scalar::String(key)));
                self.judge_string(evaluation, &node.string, key);
            }
        }
        self.resolve(from, to, key.at, None);
        self.leave(from, self.pending_edges, self.pending_links, key.at);
    }
}

fn message_of(keyword: &str) -> &'static str {
    match keyword {
        "anyOf" => "satisfies none of the alternatives",
        "oneOf" => "does not satisfy exactly one of the alternatives",
        "not" => "satisfies what it must not",
        "then" => "satisfies the condition and not what follows from it",
        "else" => "satisfies neither the condition nor the alternative to it",
        _ => "does not satisfy what one of its properties demands",
    }
}

impl<'p> Visitor<'p> for Validator<'_, 'p> {
    fn begin_object(&mut self, at: usize) {
        self.begin(at, Types::OBJECT);
    }

    fn key(&mut self, key: Text<'p>) {
        let Some(frame) = self.frames.last_mut() else { return };
        let member_number = frame.count;
        frame.count = member_number.saturating_add(1);
        frame.key = Some(key);
        frame.declared = false;
        let (from, to) = (frame.from, frame.to);
        self.evaluations.spend(to.saturating_sub(from));
        if self.evaluations.exhausted {
            return;
        }
        self.judge_name(key);
        let name = key.decode();
        let mut declared = false;
        for outer in from..to {
            let Some(node) = self.evaluations.node(outer) else { continue };
            let rules = &node.object;
            let member = rules.member(&name);
            declared |= member.is_some();
            if let Some(slot) = member.and_then(|member| member.slot) {
                let seen_from = self.evaluations.stack.get(outer).map_or(0, |evaluation| evaluation.seen);
                if let Some(seen) = self.seen.get_mut(seen_from.saturating_add(slot)) {
                    *seen = true;
                }
            }
            let mut evaluated = false;
            if let Some(schema) = member.and_then(|member| member.node) {
                self.apply(outer, schema, Role::Must);
                evaluated = true;
            }
            for (pattern, schema) in &rules.patterns {
                if self.matches(pattern, &name) {
                    self.apply(outer, *schema, Role::Must);
                    evaluated = true;
                }
            }
            if let Some(schema) = rules.additional.filter(|_| !evaluated) {
                self.apply(outer, schema, Role::Must);
                evaluated = true;
            }
            if evaluated {
                self.mark(outer, member_number);
            }
            if let Some(schema) = rules.unevaluated {
                self.apply(outer, schema, Role::Unevaluated);
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.declared = declared;
        }
    }

    fn end_object(&mut self, end: usize) {
        self.end(end);
    }

    fn begin_array(&mut self, at: usize) {
        self.begin(at, Types::ARRAY);
    }

    fn end_array(&mut self, end: usize) {
        self.end(end);
    }

    fn string(&mut self, text: Text<'p>) {
        let end = text.at.saturating_add(text.raw.len()).saturating_add(2);
        self.scalar(Scalar::String(text), Types::STRING, (text.at, end));
        self.item_ended(text.at, end);
    }

    fn number(&mut self, number: Number<'p>) {
        let types = if number.is_integer() { Types::INTEGER.and(Types::NUMBER) } else { Types::NUMBER };
        let end = number.at.saturating_add(number.text.len());
        self.scalar(Scalar::Number(number), types, (number.at, end));
        self.item_ended(number.at, end);
    }

    fn literal(&mut self, literal: Literal, at: usize) {
        let types = if literal == Literal::Null { Types::NULL } else { Types::BOOLEAN };
        let end = at.saturating_add(literal.as_str().len());
        self.scalar(Scalar::Literal, types, (at, end));
        self.item_ended(at, end);
    }
}
