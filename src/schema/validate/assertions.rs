//! What a schema asks of a value by itself.

use std::borrow::Cow;

use super::{Frame, Scalar, Validator};
use crate::json::{Decimal, Number, Text, Types, sorted_keys};
use crate::schema::constant;
use crate::schema::node::{Bounds, Broken, Node, NumberRules, StringRules};
use crate::schema::regex::Pattern;

/// How many names that are required are looked up in a step.
const NAMES_PER_STEP: usize = 16;
/// How much text is looked at again for one step of the budget.
const BYTES_PER_STEP: usize = 8;

/// How often the state of a pattern may change for one step of the budget.
const STATES_PER_STEP: u64 = 4;

impl<'p> Validator<'_, 'p> {
    pub(super) fn judge_type(&mut self, evaluation: usize, node: &Node, types: Types, at: usize) -> bool {
        if let Some(keyword) = node.refuses_as {
            self.fail(evaluation, at, keyword, format_args!("nothing is allowed here"));
            return false;
        }
        match node.types {
            Some(allowed) if !allowed.has(types) => {
                let found = if types.has(Types::NUMBER) { Types::NUMBER } else { types };
                self.fail(evaluation, at, "type", format_args!("expected {allowed}, found {found}"));
                false
            }
            _ => true,
        }
    }

    pub(super) fn judge_constants(
        &mut self,
        evaluation: usize,
        node: &Node,
        (at, end): (usize, usize),
        scalar: Option<Scalar<'p>>,
    ) {
        if node.constants.is_empty() {
            return;
        }
        let text = self.payload.get(at..end).unwrap_or_default();
        self.evaluations.spend(text.len() / BYTES_PER_STEP);
        let value = match scalar {
            Some(Scalar::String(text)) => Some(constant::of_string(&text.decode())),
            _ => constant::fingerprint_of(text),
        };
        let Some(value) = value else { return self.too_complex(evaluation, at) };
        for constants in &node.constants {
            if constants.allowed.binary_search(&value).is_err() {
                let message = match constants.keyword {
                    "const" => "is not the one value that is allowed",
                    _ => "is none of the allowed values",
                };
                self.fail(evaluation, at, constants.keyword, format_args!("{message}"));
            }
        }
    }

    pub(super) fn judge_number(&mut self, evaluation: usize, rules: &NumberRules, number: Number<'p>) {
        let at = number.at;
        let Some(value) = Decimal::parse(number.text) else { return self.too_complex(evaluation, at) };
        let below = |bound: &Option<Decimal>| bound.as_ref().is_some_and(|bound| value < *bound);
        let above = |bound: &Option<Decimal>| bound.as_ref().is_some_and(|bound| value > *bound);
        let equal = |bound: &Option<Decimal>| bound.as_ref().is_some_and(|bound| value == *bound);
        let exclusive_minimum = below(&rules.exclusive_minimum) || equal(&rules.exclusive_minimum);
        let exclusive_maximum = above(&rules.exclusive_maximum) || equal(&rules.exclusive_maximum);
        let multiple = rules.multiple_of.as_ref().is_none_or(|divisor| value.is_multiple_of(divisor));
        for (broken, keyword, message) in [
            (below(&rules.minimum), "minimum", "is less than the minimum"),
            (above(&rules.maximum), "maximum", "is more than the maximum"),
            (exclusive_minimum, "exclusiveMinimum", "is not more than the exclusive minimum"),
            (exclusive_maximum, "exclusiveMaximum", "is not less than the exclusive maximum"),
            (!multiple, "multipleOf", "is not a multiple of what it must be"),
        ] {
            if broken {
                self.fail(evaluation, at, keyword, format_args!("{message}"));
            }
        }
    }

    pub(super) fn judge_string(&mut self, evaluation: usize, rules: &StringRules, text: Text<'p>) {
        if rules.length.min.is_some() || rules.length.max.is_some() {
            let keywords = ["minLength", "maxLength"];
            self.judge_count(evaluation, rules.length, text.characters(), text.at, keywords, "characters");
        }
        if rules.pattern.is_none() && rules.format.is_none() {
            return;
        }
        let decoded = text.decode();
        if rules.pattern.as_ref().is_some_and(|pattern| !self.matches(pattern, &decoded)) {
            self.fail(evaluation, text.at, "pattern", format_args!("does not match the pattern"));
        }
        if let Some(format) = &rules.format
            && !std::str::from_utf8(&decoded).is_ok_and(format.is_valid)
        {
            self.fail(evaluation, text.at, "format", format_args!("is not of the format {}", format.name));
        }
    }

    pub(super) fn matches(&mut self, pattern: &Pattern, text: &[u8]) -> bool {
        let granted = self.evaluations.left().saturating_mul(STATES_PER_STEP);
        let mut left = granted;
        let found = pattern.is_match(text, &mut left);
        let spent = granted.saturating_sub(left) / STATES_PER_STEP;
        self.evaluations.spend(usize::try_from(spent).unwrap_or(usize::MAX));
        self.evaluations.exhausted |= found.is_none();
        found.unwrap_or(true)
    }

    pub(super) fn judge_count(
        &mut self,
        evaluation: usize,
        bounds: Bounds,
        count: usize,
        at: usize,
        [min_keyword, max_keyword]: [&'static str; 2],
        unit: &str,
    ) {
        match bounds.broken_by(count) {
            Some(Broken::TooFew(min)) => {
                let message = format_args!("has {count} {unit}, at least {min} are needed");
                self.fail(evaluation, at, min_keyword, message);
            }
            Some(Broken::TooMany(max)) => {
                let message = format_args!("has {count} {unit}, at most {max} are allowed");
                self.fail(evaluation, at, max_keyword, message);
            }
            None => {}
        }
    }

    pub(super) fn judge_array(&mut self, evaluation: usize, node: &Node, frame: &Frame<'p>) {
        let rules = &node.array;
        self.judge_count(evaluation, rules.count, frame.count, frame.at, ["minItems", "maxItems"], "items");
        if let Some(contains) = rules.contains {
            let matches = self.evaluations.stack.get(evaluation).map_or(0, |evaluation| evaluation.matches);
            let min = if contains.count.min == Some(1) { "contains" } else { "minContains" };
            self.judge_count(
                evaluation,
                contains.count,
                matches,
                frame.at,
                [min, "maxContains"],
                "matching items",
            );
        }
        if rules.unique
            && let Some(items) = &frame.items
        {
            let bytes = items.iter().map(|item| item.len()).fold(0, usize::saturating_add);
            self.evaluations.spend(bytes / BYTES_PER_STEP);
            match all_differ(items) {
                Some(true) => {}
                Some(false) => {
                    self.fail(evaluation, frame.at, "uniqueItems", format_args!("two items are equal"));
                }
                None => self.too_complex(evaluation, frame.at),
            }
        }
    }

    pub(super) fn judge_object(&mut self, evaluation: usize, node: &Node, frame: &Frame<'p>) {
        let rules = &node.object;
        self.evaluations.spend(rules.required.len() / NAMES_PER_STEP);
        for &slot in &rules.required {
            if !self.is_seen(evaluation, slot) {
                let message = format_args!("the property `{}` is missing", rules.name_of(slot));
                self.fail(evaluation, frame.at, "required", message);
            }
        }
        for (slot, needed) in &rules.dependent_required {
            if !self.is_seen(evaluation, *slot) {
                continue;
            }
            for &needed in needed {
                if !self.is_seen(evaluation, needed) {
                    let (there, missing) = (rules.name_of(*slot), rules.name_of(needed));
                    let message =
                        format_args!("with `{there}`, the property `{missing}` is needed and missing");
                    self.fail(evaluation, frame.at, "dependentRequired", message);
                }
            }
        }
        let keywords = ["minProperties", "maxProperties"];
        self.judge_count(evaluation, rules.count, frame.count, frame.at, keywords, "properties");
    }

    pub(super) fn too_complex(&mut self, evaluation: usize, at: usize) {
        self.report.too_complex = true;
        self.fail(
            evaluation,
            at,
            "schema_too_complex",
            format_args!("is longer or larger than can be judged"),
        );
    }
}

/// Sorting, not hashing: no input can make it slow. `None` where a number is beyond the limits.
fn all_differ(items: &[&[u8]]) -> Option<bool> {
    let mut values = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        values.push((Cow::Owned(constant::fingerprint_of(item)?), at));
    }
    Some(sorted_keys(values).windows(2).all(|pair| matches!(pair, [(one, _), (other, _)] if one != other)))
}
