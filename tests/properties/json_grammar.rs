//! The core reads exactly the JSON that `serde_json` reads, but for what is documented: it stops at
//! 128 open arrays and objects, and has no opinion on the size of a number or on lone surrogates.

use std::sync::OnceLock;

use hookwarden::{Options, Verifier};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::cases;
use crate::deliveries::Scheme;
use crate::json::{depth, is_json, parse};
use crate::schemas::sample;
use crate::spelling::{json, spelling};

/// What the core finds wrong with a text. The token of the scheme makes any body authentic, and
/// `observe` reports without refusing.
fn faults(text: &[u8]) -> Vec<&'static str> {
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    let verifier = VERIFIER.get_or_init(|| Scheme::MeetingBaasApiKey.verifier(Options::default()));
    let verdict = Scheme::MeetingBaasApiKey.deliver(text).judge(verifier);
    assert!(verdict.is_accepted(), "{verdict:?}");
    let of_the_text =
        |keyword: &&str| ["payload_not_json", "payload_too_deep", "duplicate_key"].contains(keyword);
    let violations = verdict.authentic.unwrap().schema.violations;
    violations.into_iter().map(|violation| violation.keyword).filter(of_the_text).collect()
}

fn agrees(text: &[u8]) -> Result<(), TestCaseError> {
    let shown = String::from_utf8_lossy(text);
    let found = faults(text);
    let too_deep = depth(text) > 128;
    if !is_json(text) {
        // Which of two faults is met first is not looked at here.
        let expected = found == ["payload_not_json"] || too_deep && found == ["payload_too_deep"];
        prop_assert!(expected, "{shown}: no JSON, found {found:?}");
    } else if too_deep {
        prop_assert_eq!(&found, &["payload_too_deep"], "{}", shown);
    } else {
        let twice = parse(text).is_some_and(|parsed| parsed.duplicate_key);
        let expected: &[&str] = if twice { &["duplicate_key"] } else { &[] };
        prop_assert_eq!(&found, expected, "{}", shown);
    }
    // The reader that builds values is a second opinion.
    match serde_json::from_slice::<serde_json::Value>(text) {
        Ok(_) => prop_assert!(!found.contains(&"payload_not_json"), "{shown}: found {found:?}"),
        Err(error) if found.is_empty() || found == ["duplicate_key"] => {
            let reason = error.to_string();
            let documented = ["number out of range", "recursion limit", "surrogate", "hex escape"];
            prop_assert!(documented.iter().any(|known| reason.contains(known)), "{shown}: {reason}");
        }
        Err(_) => {}
    }
    Ok(())
}

/// Pieces that are JSON, nearly JSON, or JSON elsewhere only.
const PIECES: [&[u8]; 44] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"/",
    b"\"a\":1,",
    b"{\"a\":[",
    b"null",
    b"nul",
    b"true",
    b"False",
    b"NaN",
    b"0",
    b"-",
    b"+",
    b".",
    b"e",
    b"E+",
    b"00",
    b"1e400",
    b"-0.0",
    b"\\u",
    b"\\u12g4",
    b"\\ud800",
    b"\\udc00",
    b"\\u+123",
    b"\\ud83d\\ude00",
    b"\\x",
    b"\x00",
    b"\x1f",
    b"\x7f",
    b"\x0c",
    b"\n",
    b"\xA0",
    b"\xEF\xBB\xBF",
    b"\xED\xA0\x80",
    b"\xC0\x80",
    b"\xF4\x90\x80\x80",
    b"//",
    b"'",
];

#[derive(Debug, Clone)]
enum Edit {
    Cut(Index, usize),
    Insert(Index, usize),
    Replace(Index, u8),
    Repeat(Index, Index),
    Nest(usize, bool),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        1 => (any::<Index>(), 1..4_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        4 => (any::<Index>(), 0..PIECES.len()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Repeat(from, to)),
        1 => (prop_oneof![1..4_usize, 120..140_usize], any::<bool>())
            .prop_map(|(depth, closed)| Edit::Nest(depth, closed)),
    ]
}

impl Edit {
    fn apply(&self, text: &mut Vec<u8>) {
        match *self {
            Self::Cut(at, length) => {
                let at = at.index(text.len() + 1);
                text.drain(at..(at + length).min(text.len()));
            }
            Self::Insert(at, piece) => {
                let at = at.index(text.len() + 1);
                text.splice(at..at, PIECES[piece].iter().copied());
            }
            Self::Replace(at, byte) if !text.is_empty() => {
                let at = at.index(text.len());
                text[at] = byte;
            }
            Self::Replace(..) => {}
            Self::Repeat(from, to) => {
                let ends = [from.index(text.len() + 1), to.index(text.len() + 1)];
                let (from, to) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
                let again = text[from..to].to_vec();
                text.splice(to..to, again);
            }
            Self::Nest(depth, closed) => {
                let (open, close): (&[u8], &[u8]) =
                    if depth % 2 == 0 { (b"[", b"]") } else { (b"{\"a\":", b"}") };
                text.splice(0..0, open.repeat(depth));
                if closed {
                    text.extend(close.repeat(depth));
                }
            }
        }
    }
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let sample = sample().prop_map(|sample| sample.text.clone());
    let value = (json(), spelling()).prop_map(|(value, spelling)| spelling.write(&value));
    let piece = prop::sample::select(PIECES.to_vec());
    prop_oneof![
        2 => sample,
        4 => value,
        2 => prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => "[\\[\\]{}:,\"\\\\u0-9eE+.\\-truefalsn \n]{0,40}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..24),
    ]
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn is_what_serde_json_reads(text in text(), edits in prop::collection::vec(edit(), 0..4)) {
        let mut text = text;
        for edit in edits {
            edit.apply(&mut text);
        }
        agrees(&text)?;
    }
}

#[test]
fn every_byte_in_every_place_of_a_text() {
    let text = br#"{"a":[1.5e-7,true,"\u00e9"], "b":null}"#;
    for at in 0..text.len() {
        for byte in 0..=u8::MAX {
            let mut text = text.to_vec();
            text[at] = byte;
            agrees(&text).unwrap();
        }
        agrees(&text[..at]).unwrap();
    }
}
