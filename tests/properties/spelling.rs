//! Arbitrary JSON values, and the many ways to write the same one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::json::{Json, Text};

/// Numbers as they can stand in a text, far beyond what a float holds.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,3})",
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,4})?",
        prop::sample::select(vec![
            "1.0",
            "-0",
            "-0.0",
            "1.5e-07",
            "1E5",
            "1e+16",
            "9007199254740993",
            "1e400"
        ])
        .prop_map(str::to_owned),
    ]
}

/// Characters of every kind that a spelling, a sort order or an escape could get wrong. No U+0000.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => prop::char::range('a', 'e'),
        2 => prop::char::range(' ', '~'),
        2 => prop::char::range('\u{1}', '\u{1f}'),
        1 => prop::sample::select(vec!['"', '\\', '/', '~', '\u{7f}', '\u{80}', '\u{2028}', '\u{2029}', '\u{feff}']),
        1 => prop::char::range('\u{80}', '\u{d7ff}'),
        1 => prop::char::range('\u{e000}', '\u{ffff}'),
        1 => prop::char::range('\u{10000}', '\u{10ffff}'),
    ]
}

pub(crate) fn text() -> impl Strategy<Value = Text> {
    prop::collection::vec(character(), 0..6)
        .prop_map(|characters| Text(characters.into_iter().map(u32::from).collect()))
}

/// A value that an Attendee can sign.
pub(crate) fn json() -> impl Strategy<Value = Json> {
    let word = prop_oneof![Just("null"), Just("true"), Just("false")].prop_map(str::to_owned);
    let scalar =
        prop_oneof![word.prop_map(Json::Word), number().prop_map(Json::Word), text().prop_map(Json::String),];
    scalar.prop_recursive(5, 32, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            2 => prop::collection::btree_map(text(), inner, 0..6).prop_map(Json::Object),
        ]
    })
}

/// An object of the given members and arbitrary others.
pub(crate) fn object_with(members: Vec<(&str, Json)>) -> impl Strategy<Value = Json> + use<> {
    let given: Vec<_> = members.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
    prop::collection::btree_map(text(), json(), 0..4).prop_map(move |mut others: BTreeMap<_, _>| {
        others.extend(given.iter().cloned());
        Json::Object(others)
    })
}

/// The choices that a writer is free to make, one after the other, and again from the first. All zero
/// is the plainest spelling.
#[derive(Debug, Clone)]
pub(crate) struct Spelling(Vec<u8>);

pub(crate) fn spelling() -> impl Strategy<Value = Spelling> {
    prop::collection::vec(any::<u8>(), 1..48).prop_map(Spelling)
}

impl Spelling {
    /// Writes a value in this spelling.
    pub(crate) fn write(&self, value: &Json) -> Vec<u8> {
        let mut out = String::new();
        let mut writer = Writer { choices: self.0.iter().cycle() };
        writer.space(&mut out);
        writer.value(value, &mut out);
        out.into_bytes()
    }
}

struct Writer<'s> {
    choices: std::iter::Cycle<std::slice::Iter<'s, u8>>,
}

impl Writer<'_> {
    fn choice(&mut self, ways: usize) -> usize {
        self.choices.next().map_or(0, |&choice| usize::from(choice) % ways)
    }

    fn space(&mut self, out: &mut String) {
        out.push_str(["", "", "", " ", "\n  ", "\r\n", "\t"][self.choice(7)]);
    }

    fn token(&mut self, token: char, out: &mut String) {
        out.push(token);
        self.space(out);
    }

    fn value(&mut self, value: &Json, out: &mut String) {
        match value {
            Json::Word(word) => out.push_str(word),
            Json::String(text) => self.string(text, out),
            Json::Array(items) => {
                self.token('[', out);
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.token(',', out);
                    }
                    self.value(item, out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                self.token('{', out);
                let mut first = true;
                while !members.is_empty() {
                    let (key, value) = members.remove(self.choice(members.len()));
                    if !first {
                        self.token(',', out);
                    }
                    first = false;
                    self.string(key, out);
                    self.space(out);
                    self.token(':', out);
                    self.value(value, out);
                }
                out.push('}');
            }
        }
        self.space(out);
    }

    fn string(&mut self, text: &Text, out: &mut String) {
        out.push('"');
        for &code in &text.0 {
            let character = char::from_u32(code).expect("a strategy gives characters");
            let short = match character {
                '"' | '\\' | '/' => Some(character),
                '\u{8}' => Some('b'),
                '\u{c}' => Some('f'),
                '\n' => Some('n'),
                '\r' => Some('r'),
                '\t' => Some('t'),
                _ => None,
            };
            let must_escape = matches!(character, '"' | '\\' | ..='\u{1f}');
            match (self.choice(4), short) {
                (0 | 1, _) if !must_escape => out.push(character),
                (0..3, Some(short)) => out.extend(['\\', short]),
                (way, _) => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let digits = if way == 3 { format!("{unit:04X}") } else { format!("{unit:04x}") };
                        out.push_str("\\u");
                        out.push_str(&digits);
                    }
                }
            }
        }
        out.push('"');
    }
}
