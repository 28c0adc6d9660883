//! The values of keywords. One that is not as it should be is noted down, and something harmless takes its place.

use std::borrow::Cow;

use super::Compiler;
use crate::json::{Decimal, Tree, Types, sorted_keys};
use crate::schema::constant::fingerprint;
use crate::schema::node::Constants;

impl Compiler<'_> {
    pub(super) fn refuse(&mut self, at: &str, reason: &str) {
        self.mistake.get_or_insert_with(|| format!("{at}: {reason}"));
    }

    /// A value is not of the type that was expected.
    pub(super) fn wrong(&mut self, at: &str, expected: &str, found: &Tree) {
        let at = if at.is_empty() { "/" } else { at };
        self.refuse(at, &format!("{expected}, found {}", found.type_name()));
    }

    pub(super) fn types(&mut self, value: &Tree, at: &str) -> Types {
        let single = std::slice::from_ref(value);
        let names = if let Tree::Array(_) = value { self.filled(value, at) } else { single };
        let mut types = Types::NONE;
        for name in names {
            match name.as_str().and_then(Types::named) {
                Some(one) => types = types.and(one),
                None => self.refuse(at, "expected the name of a JSON type"),
            }
        }
        types
    }

    pub(super) fn constants(&mut self, keyword: &'static str, values: &[Tree], at: &str) -> Constants {
        let mut allowed = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            match fingerprint(value) {
                Some(value) => allowed.push((Cow::Owned(value), index)),
                None => self.refuse(at, "a number is longer or larger than can be judged"),
            }
        }
        let allowed = sorted_keys(allowed);
        Constants { keyword, allowed: allowed.into_iter().map(|(value, _)| value.into_owned()).collect() }
    }

    pub(super) fn decimal(&mut self, value: &Tree, at: &str) -> Option<Decimal> {
        let Tree::Number(text) = value else {
            self.wrong(at, "expected a number", value);
            return None;
        };
        let decimal = Decimal::parse(text.as_bytes());
        if decimal.is_none() {
            self.refuse(at, "the number is longer or larger than can be judged");
        }
        decimal
    }

    /// An integer from zero on; `2.0` is one.
    pub(super) fn count(&mut self, value: &Tree, at: &str) -> Option<usize> {
        let count = self.decimal(value, at)?.to_count();
        if count.is_none() {
            self.refuse(at, "expected a count");
        }
        count
    }

    pub(super) fn boolean(&mut self, value: &Tree, at: &str) -> bool {
        if let Tree::Bool(value) = value {
            *value
        } else {
            self.wrong(at, "expected a boolean", value);
            false
        }
    }

    pub(super) fn text<'t>(&mut self, value: &'t Tree, at: &str) -> &'t str {
        value.as_str().unwrap_or_else(|| {
            self.wrong(at, "expected a string", value);
            ""
        })
    }

    pub(super) fn names<'t>(&mut self, value: &'t Tree, at: &str) -> Vec<&'t str> {
        self.array(value, at).iter().map(|name| self.text(name, at)).collect()
    }

    pub(super) fn members<'t>(&mut self, value: &'t Tree, at: &str) -> &'t [(String, Tree)] {
        if let Tree::Object(members) = value {
            members
        } else {
            self.wrong(at, "expected an object", value);
            &[]
        }
    }

    pub(super) fn array<'t>(&mut self, value: &'t Tree, at: &str) -> &'t [Tree] {
        if let Tree::Array(items) = value {
            items
        } else {
            self.wrong(at, "expected an array", value);
            &[]
        }
    }

    pub(super) fn filled<'t>(&mut self, value: &'t Tree, at: &str) -> &'t [Tree] {
        let items = self.array(value, at);
        if items.is_empty() {
            self.refuse(at, "the array is empty");
        }
        items
    }
}
