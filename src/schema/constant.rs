//! Equality of JSON values, exactly: numbers by value, objects whatever the order of their keys.

use std::borrow::Cow;

use crate::json::{Decimal, Tree, Types, parse_tree, sorted_keys};

/// The bytes that two values share exactly when they are equal. `None` where a number is beyond the
/// limits.
pub(super) fn fingerprint(tree: &Tree) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write(tree, &mut out)?;
    Some(out)
}

/// The fingerprint of a string, decoded.
pub(super) fn of_string(decoded: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    part(decoded, &mut out);
    out
}

/// The fingerprint of a JSON text that has been found well formed.
pub(super) fn fingerprint_of(text: &[u8]) -> Option<Vec<u8>> {
    fingerprint(&parse_tree(text).ok()?.0)
}

/// The types of a scalar, from its fingerprint; `None` for an array or object.
pub(super) fn scalar_types(fingerprint: &[u8]) -> Option<Types> {
    match fingerprint.first()? {
        b'"' => Some(Types::STRING),
        b'0' => Some(Types::NUMBER.and(Types::INTEGER)),
        b't' | b'f' => Some(Types::BOOLEAN),
        b'n' => Some(Types::NULL),
        _ => None,
    }
}

/// The string of a fingerprint, if it is one's.
pub(super) fn string_in(fingerprint: &[u8]) -> Option<&[u8]> {
    fingerprint.strip_prefix(b"\"")?.get(size_of::<u64>()..)
}

/// As deep as JSON may nest, which is limited.
fn write(tree: &Tree, out: &mut Vec<u8>) -> Option<()> {
    match tree {
        Tree::Null => out.push(b'n'),
        Tree::Bool(value) => out.push(if *value { b't' } else { b'f' }),
        Tree::Number(text) => {
            out.push(b'0');
            part(&Decimal::parse(text.as_bytes())?.fingerprint(), out);
        }
        Tree::String(text) => out.extend(of_string(text)),
        Tree::Array(items) => {
            out.push(b'[');
            for item in items {
                write(item, out)?;
            }
            out.push(b']');
        }
        Tree::Object(members) => {
            out.push(b'{');
            let names = members.iter().map(|(name, _)| Cow::Borrowed(name.as_bytes()));
            let names = names.enumerate().map(|(at, name)| (name, at)).collect();
            for (name, at) in sorted_keys(names) {
                out.push(b':');
                part(&name, out);
                write(&members.get(at)?.1, out)?;
            }
            out.push(b'}');
        }
    }
    Some(())
}

/// Length first, so that no two values read alike.
fn part(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(one: &str, other: &str) -> bool {
        fingerprint_of(one.as_bytes()).unwrap() == fingerprint_of(other.as_bytes()).unwrap()
    }

    #[test]
    fn compares_values_and_not_spellings() {
        for (one, other) in [
            ("1.0", "1"),
            ("[1e2]", "[100.0]"),
            (r#"{"a":1,"b":[]}"#, r#"{"b":[],"a":1.0}"#),
            (r#""\u00e9""#, "\"é\""),
            ("-0", "0"),
        ] {
            assert!(equal(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("1", "true"),
            ("0", "false"),
            ("9007199254740993", "9007199254740992"),
            ("[[1],2]", "[[1,2]]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            ("\"1\"", "1"),
        ] {
            assert!(!equal(one, other), "{one} {other}");
        }
    }
}
