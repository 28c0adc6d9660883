//! Changes that keep a text close to JSON, and some that do not.

use std::ops::Range;

use crate::random::Random;
use crate::words::{BYTES, KEYWORDS, NUMBERS, STRINGS};

/// Texts grow no longer than this.
const LONGEST: usize = 64 << 10;

/// Changes a text in one to five places. `other` lends pieces.
pub(crate) fn mutate(text: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    let most = random.below(4);
    for _ in 0..=random.below(1 + most) {
        text = change(&text, other, random);
        if text.len() > LONGEST {
            text.truncate(LONGEST);
        }
    }
    text
}

fn change(text: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    // Mostly by values, so that much of what comes out is still JSON.
    if random.one_in(6) {
        return change_bytes(text, other, random);
    }
    let places = Places::of(text);
    if places.values.is_empty() {
        return change_bytes(text, other, random);
    }
    let value = random.of(&places.values);
    let written = &text[value.clone()];
    let with = |new: &[u8]| [&text[..value.start], new, &text[value.end..]].concat();
    match random.below(10) {
        0 => with(random.of(&NUMBERS).as_bytes()),
        1 => with(long_number(random).as_bytes()),
        2 => with(quoted(random.of(&STRINGS)).as_bytes()),
        3 => with(&nest(written, random)),
        4 => with(&repeat(written, random)),
        5 => {
            let lent = Places::of(other).values;
            let lent = if lent.is_empty() { 0..other.len() } else { random.of(&lent) };
            with(&other[lent])
        }
        6 => {
            let another = random.of(&places.values);
            with(&text[another])
        }
        7 => with(random.of(&["null", "true", "false", "{}", "[]", "\"\""]).as_bytes()),
        8 if !places.keys.is_empty() => {
            let key = random.of(&places.keys);
            let new = quoted(random.of(&KEYWORDS));
            [&text[..key.start], new.as_bytes(), &text[key.end..]].concat()
        }
        _ if written.first() == Some(&b'{') && written.len() > 2 => {
            let (key, inner) = (quoted(random.of(&KEYWORDS)), random.of(&places.values));
            let member = [b"{", key.as_bytes(), b":", &text[inner], b","].concat();
            with(&[&member, &written[1..]].concat())
        }
        _ => with(quoted(&"ab".repeat(random.below(2000))).as_bytes()),
    }
}

fn change_bytes(text: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    let at = random.below(text.len() + 1);
    let longest = random.below(40);
    let end = (at + random.below(1 + longest)).min(text.len());
    match random.below(6) {
        0 if at < text.len() => text[at] ^= 1 << random.below(8),
        1 if at < text.len() => text[at] = random.of(BYTES),
        2 => text.insert(at, random.of(BYTES)),
        3 => drop(text.drain(at..end)),
        4 => {
            let copy = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            text.splice(to..to, copy);
        }
        _ => {
            let from = random.below(other.len() + 1);
            let to = (from + random.below(60)).min(other.len());
            text.splice(at..end, other[from..to].iter().copied());
        }
    }
    text
}

fn long_number(random: &mut Random) -> String {
    let digits = random.below(1200);
    let digit = random.of(&["0", "1", "7", "9", "10"]).repeat(digits);
    match random.below(4) {
        0 => format!("1{digit}"),
        1 => format!("0.{digit}1"),
        2 => format!("-9.{digit}e{}", random.below(400)),
        _ => format!("1{digit}e-{digits}"),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Wraps a value, up to beyond the depth that is allowed.
fn nest(value: &[u8], random: &mut Random) -> Vec<u8> {
    let (open, close) = random.of(&[
        ("[", "]"),
        ("{\"a\":", "}"),
        ("{\"not\":", "}"),
        ("{\"items\":", "}"),
        ("{\"allOf\":[", "]}"),
        ("{\"anyOf\":[true,", "]}"),
        ("{\"properties\":{\"a\":", "}}"),
        ("{\"if\":{},\"then\":", "}"),
    ]);
    let times = if random.one_in(4) { random.below(150) } else { 1 + random.below(4) };
    [open.repeat(times).as_bytes(), value, close.repeat(times).as_bytes()].concat()
}

/// The same many times: as items, as alternatives, as members.
fn repeat(value: &[u8], random: &mut Random) -> Vec<u8> {
    let most = (LONGEST / (value.len() + 8)).min(if random.one_in(8) { 3000 } else { 12 });
    let times = 1 + random.below(most.max(1));
    let joined = |piece: &dyn Fn(usize) -> Vec<u8>| (0..times).map(piece).collect::<Vec<_>>().join(&b',');
    match random.below(4) {
        0 => [b"[", &joined(&|_| value.to_vec())[..], b"]"].concat(),
        1 => {
            let key = random.of(&[
                "{\"anyOf\":[",
                "{\"oneOf\":[",
                "{\"allOf\":[",
                "{\"enum\":[",
                "{\"prefixItems\":[",
            ]);
            [key.as_bytes(), &joined(&|_| value.to_vec()), b"]}"].concat()
        }
        2 => {
            let member = |index: usize| [quoted(&format!("k{index}")).as_bytes(), b":", value].concat();
            [b"{", &joined(&member)[..], b"}"].concat()
        }
        _ => {
            let member = |index: usize| [quoted(&format!("^a*{index}")).as_bytes(), b":", value].concat();
            [b"{\"patternProperties\":{", &joined(&member)[..], b"}}"].concat()
        }
    }
}

/// Where values and keys are in a text, as far as it can be read.
#[derive(Default)]
struct Places {
    values: Vec<Range<usize>>,
    keys: Vec<Range<usize>>,
}

impl Places {
    fn of(text: &[u8]) -> Self {
        let mut places = Self::default();
        let mut open = Vec::new();
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            let start = at;
            at += 1;
            match byte {
                b'{' | b'[' => open.push(start),
                b'}' | b']' => places.values.extend(open.pop().map(|start| start..at)),
                b'"' => {
                    while text.get(at).is_some_and(|&byte| byte != b'"') {
                        at += if text[at] == b'\\' { 2 } else { 1 };
                    }
                    at = (at + 1).min(text.len());
                    let rest = &text[at..];
                    let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
                    let list = if next == Some(&b':') { &mut places.keys } else { &mut places.values };
                    list.push(start..at);
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => {}
                _ => {
                    while text.get(at).is_some_and(|byte| !b"{}[]\",: \n\r\t".contains(byte)) {
                        at += 1;
                    }
                    places.values.push(start..at);
                }
            }
        }
        places
    }
}

#[test]
fn places_are_found() {
    let text = br#"{"a": [1, "x\""], "b":{}} "#;
    let places = Places::of(text);
    let shown = |ranges: &[Range<usize>]| {
        let texts = ranges.iter().map(|range| String::from_utf8(text[range.clone()].to_vec()).unwrap());
        texts.collect::<Vec<_>>().join(" | ")
    };
    assert_eq!(shown(&places.keys), r#""a" | "b""#);
    assert_eq!(shown(&places.values), r#"1 | "x\"" | [1, "x\""] | {} | {"a": [1, "x\""], "b":{}}"#);
}
