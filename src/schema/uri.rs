//! URI references, as far as schemas need them (RFC 3986, section 5).

use crate::digits::unescape;
use crate::joined::joined;

/// Resolves a reference against a base. Both may be relative; what cannot be resolved stays as it is.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let (target, fragment) = split_fragment(reference);
    let joined = join(split_fragment(base).0, target);
    match fragment {
        Some(fragment) => format!("{joined}#{fragment}"),
        None => joined,
    }
}

/// A URI without its fragment, and the fragment.
pub(super) fn split_fragment(uri: &str) -> (&str, Option<&str>) {
    match uri.split_once('#') {
        Some((uri, fragment)) => (uri, Some(fragment)),
        None => (uri, None),
    }
}

/// Undoes percent-encoding; what is not UTF-8 afterwards stays as it is.
pub(super) fn decode(text: &str) -> String {
    String::from_utf8(unescape(text.as_bytes(), b'+')).unwrap_or_else(|_| text.to_owned())
}

fn join(base: &str, target: &str) -> String {
    if target.is_empty() {
        return base.to_owned();
    }
    if scheme(target).is_some() {
        return target.to_owned();
    }
    let (scheme, rest) = match scheme(base) {
        Some(length) => base.split_at_checked(length).unwrap_or((base, "")),
        None => ("", base),
    };
    if target.starts_with("//") {
        return format!("{scheme}{target}");
    }
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find(['/', '?']).unwrap_or(after.len()).saturating_add(2);
            rest.split_at_checked(end).unwrap_or((rest, ""))
        }
        None => ("", rest),
    };
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if target.starts_with('?') {
        return format!("{scheme}{authority}{path}{target}");
    }
    let (target, query) = match target.split_once('?') {
        Some((target, query)) => (target, format!("?{query}")),
        None => (target, String::new()),
    };
    let merged = if target.starts_with('/') {
        target.to_owned()
    } else {
        let folder = path.bytes().rposition(|byte| byte == b'/').and_then(|at| path.get(..=at)).unwrap_or(
            match authority {
                "" => "",
                _ => "/",
            },
        );
        format!("{folder}{target}")
    };
    format!("{scheme}{authority}{}{query}", without_dots(&merged))
}

/// The length of `scheme:`, where a text begins with one.
fn scheme(uri: &str) -> Option<usize> {
    let end = uri.find(':')?;
    let name = uri.get(..end)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(plain))
        .then(|| end.saturating_add(1))
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." if last => kept.push(""),
            "." => {}
            ".." => {
                // The empty segment before the first slash stays.
                if kept.len() > 1 || kept.first().is_some_and(|first| !first.is_empty()) {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    joined(&kept, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_the_examples_of_rfc_3986() {
        let base = "http://a/b/c/d;p?q";
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g#s", "http://a/b/c/g#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
    }

    #[test]
    fn resolves_against_bases_of_other_kinds() {
        assert_eq!(resolve("", "item.json"), "item.json");
        assert_eq!(resolve("schemas/a.json", "b.json"), "schemas/b.json");
        assert_eq!(resolve("urn:uuid:1-2", "#/a"), "urn:uuid:1-2#/a");
        assert_eq!(resolve("http://a", "b"), "http://a/b");
        assert_eq!(decode("/a%25b%22%zz"), "/a%b\"%zz");
    }
}
