//! Attendee signs a canonical form: every spelling of a value is genuine, every other value is not.

use std::sync::OnceLock;

use hookwarden::{Code, Options, Verifier};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::cases;
use crate::deliveries::{Scheme, Sent};
use crate::json::{Json, Text, canonical};
use crate::spelling::{json, spelling, text};

fn verifier() -> &'static Verifier {
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    VERIFIER.get_or_init(|| Scheme::Attendee.verifier(Options::default()))
}

/// A delivery signed for one value that brings some text.
fn signed_for(value: &Json, body: Vec<u8>) -> Sent {
    let form = value.canonical().expect("a value of the strategy has one");
    Sent { body, ..Scheme::Attendee.deliver(form.as_bytes()) }
}

/// Another value for one of those within.
#[derive(Debug, Clone)]
enum Change {
    Replace(Json),
    /// The same number written differently, a string or key one character longer, a literal swapped.
    Slightly(Text),
    Drop(Index),
    Swap(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => json().prop_map(Change::Replace),
        3 => text().prop_map(Change::Slightly),
        1 => any::<Index>().prop_map(Change::Drop),
        1 => any::<Index>().prop_map(Change::Swap),
    ]
}

fn count(value: &Json) -> usize {
    1 + match value {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0_usize,
    }
}

/// Changes the value that is so many after this one.
fn change_at(value: &mut Json, after: &mut usize, change: &Change) {
    if *after == 0 {
        *after = usize::MAX;
        return apply(value, change);
    }
    *after -= 1;
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| change_at(item, after, change)),
        Json::Object(members) => members.values_mut().for_each(|member| change_at(member, after, change)),
        _ => {}
    }
}

fn apply(value: &mut Json, change: &Change) {
    match (value, change) {
        (value, Change::Replace(other)) => *value = other.clone(),
        (Json::Word(word), _) => {
            *word = match word.as_str() {
                "true" => "false".to_owned(),
                "false" => "null".to_owned(),
                "null" => "true".to_owned(),
                number if number.contains(['e', 'E']) => format!("{number}0"),
                number if number.contains('.') => format!("{number}0"),
                number => format!("{number}.0"),
            }
        }
        (Json::String(text), Change::Slightly(more)) => text.0.extend(&more.0),
        (Json::String(text), _) => text.0.push(32),
        (Json::Array(items), Change::Drop(at)) if !items.is_empty() => {
            items.remove(at.index(items.len()));
        }
        (Json::Array(items), Change::Swap(at)) if items.len() > 1 => {
            let other = at.index(items.len());
            items.swap(0, other);
        }
        (Json::Array(items), _) => items.push(Json::Array(Vec::new())),
        (Json::Object(members), change) if !members.is_empty() => {
            let at = match change {
                Change::Drop(at) | Change::Swap(at) => at.index(members.len()),
                _ => 0,
            };
            let mut key = members.keys().nth(at).expect("within the length").clone();
            let value = members.remove(&key).expect("a key of this object");
            if let Change::Slightly(more) = change {
                key.0.extend(&more.0);
                members.insert(key, value);
            }
        }
        (Json::Object(members), _) => drop(members.insert(Text::from("a"), Json::Array(Vec::new()))),
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn every_spelling_of_a_value_is_genuine(value in json(), spelling in spelling()) {
        let body = spelling.write(&value);
        prop_assert_eq!(canonical(&body), value.canonical(), "the tests disagree with themselves");
        let sent = signed_for(&value, body);
        let verdict = sent.judge(verifier());
        prop_assert!(verdict.is_accepted(), "{}: {:?}", String::from_utf8_lossy(&sent.body), verdict);
    }

    #[test]
    fn every_other_value_is_not(
        value in json(),
        at in any::<Index>(),
        change in change(),
        spelling in spelling(),
    ) {
        let mut other = value.clone();
        change_at(&mut other, &mut at.index(count(&value)), &change);
        let sent = signed_for(&value, spelling.write(&other));
        let code = sent.judge(verifier()).code().map(Code::as_str);
        // Two equal items may have been swapped.
        let changed = other.canonical() != value.canonical();
        let expected = changed.then_some("signature_mismatch");
        prop_assert_eq!(code, expected, "{}", String::from_utf8_lossy(&sent.body));
    }
}
