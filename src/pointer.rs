//! Reads chosen fields of a payload in one walk.

mod noted;
mod outline;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::json::{Literal, Members, Number, Scan, Shapes, SyntaxError, Text, Visitor, glimpse, walk};

/// A name as it stands in a JSON Pointer (RFC 6901).
pub(crate) fn escape_token(name: &str) -> String {
    let mut token = String::new();
    for character in name.chars() {
        match character {
            '~' => token.push_str("~0"),
            '/' => token.push_str("~1"),
            other => token.push(other),
        }
    }
    token
}

/// The name that stands in a JSON Pointer.
pub(crate) fn unescape_token(token: &str) -> String {
    let mut name = String::new();
    let mut escaped = false;
    for character in token.chars() {
        match (std::mem::replace(&mut escaped, character == '~'), character) {
            (false, '~') => {}
            (false, other) => name.push(other),
            // A tilde that begins no escape means itself: RFC 6901 does not say what it should mean.
            (true, '0' | '~') => name.push('~'),
            (true, '1') => name.push('/'),
            (true, other) => name.extend(['~', other]),
        }
    }
    if escaped {
        name.push('~');
    }
    name
}

/// A set of JSON Pointers, as a tree of their tokens.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    nodes: Vec<PathNode>,
    /// Made when they are first needed.
    shapes: OnceLock<Option<Shapes>>,
}

/// Where a pointer's value will be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot(usize);

#[derive(Debug, Clone, Default)]
struct PathNode {
    token: String,
    parent: Option<usize>,
    children: Vec<usize>,
    /// Whether a pointer ends here.
    is_field: bool,
}

impl Paths {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![PathNode::default()], shapes: OnceLock::new() }
    }

    /// Adds a JSON Pointer (RFC 6901) to a member of objects, or of the first item of an array (`/0`). `None`
    /// where it is not one.
    pub(crate) fn add(&mut self, pointer: &str) -> Option<Slot> {
        let mut here = 0;
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = unescape_token(token);
            here = self.child(here, token.as_bytes()).unwrap_or_else(|| {
                let new = self.nodes.len();
                self.nodes.push(PathNode { token, parent: Some(here), ..PathNode::default() });
                if let Some(parent) = self.nodes.get_mut(here) {
                    parent.children.push(new);
                }
                new
            });
        }
        self.nodes.get_mut(here)?.is_field = true;
        self.shapes = OnceLock::new();
        Some(Slot(here))
    }

    fn child(&self, parent: usize, token: &[u8]) -> Option<usize> {
        let children = &self.nodes.get(parent)?.children;
        children
            .iter()
            .copied()
            .find(|&id| self.nodes.get(id).is_some_and(|node| node.token.as_bytes() == token))
    }

    /// Reads the fields that the pointers lead to, and checks the whole text on the way.
    pub(crate) fn read<'a>(&self, payload: &'a [u8]) -> Result<(Fields<'a>, Scan), SyntaxError> {
        let shapes = self.shapes.get_or_init(|| outline::outline(&self.nodes));
        let quickly = shapes.as_ref().and_then(|shapes| outline::read(shapes, self, payload));
        let (found, scan) = match quickly {
            Some(found) => (found, Scan { duplicate_key: None }),
            None => self.read_slowly(payload)?,
        };
        let fields = Fields { found };
        debug_assert!(self.agrees_with_slow_reading(payload, &fields, scan));
        Ok((fields, scan))
    }

    /// The same of a payload that was read against a schema and is right, from where its members were noted. `None` where
    /// that does not tell.
    pub(crate) fn read_noted<'a>(&self, payload: &'a [u8], members: &Members) -> Option<Fields<'a>> {
        let fields = Fields { found: noted::read(&self.nodes, payload, members)? };
        debug_assert!(self.agrees_with_slow_reading(payload, &fields, Scan { duplicate_key: None }));
        Some(fields)
    }

    /// The string that a pointer is likely to lead to, if it is near the beginning: nothing is known of the rest.
    pub(crate) fn glimpse<'a>(&self, payload: &'a [u8], slot: Slot) -> Option<Text<'a>> {
        let mut path = Vec::new();
        let mut next = self.nodes.get(slot.0);
        while let Some(node) = next
            && let Some(parent) = node.parent
        {
            path.push(node.token.as_bytes());
            next = self.nodes.get(parent);
        }
        glimpse(payload, path.into_iter().rev())
    }

    fn agrees_with_slow_reading(&self, payload: &[u8], fields: &Fields<'_>, scan: Scan) -> bool {
        let Ok((found, slow_scan)) = self.read_slowly(payload) else { return false };
        let slowly = Fields { found };
        let slots = || self.nodes.iter().enumerate().filter(|(_, node)| node.is_field);
        scan == slow_scan && slots().all(|(id, _)| fields.get(Slot(id)) == slowly.get(Slot(id)))
    }

    fn read_slowly<'a>(&self, payload: &'a [u8]) -> Result<(Vec<Found<'a>>, Scan), SyntaxError> {
        let mut reader = Reader::new(self);
        reader.next = Some(0);
        let scan = walk(payload, &mut reader)?;
        let mut found = reader.found;
        for (id, node) in self.nodes.iter().enumerate() {
            let parent = node.parent.and_then(|parent| found.get(parent));
            if matches!(parent, Some(Found::Ambiguous))
                && let Some(field) = found.get_mut(id)
            {
                *field = Found::Ambiguous;
            }
        }
        Ok((found, scan))
    }
}

/// What a payload has where the pointers lead.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    found: Vec<Found<'a>>,
}

#[derive(Debug, Clone)]
enum Found<'a> {
    Nothing,
    /// An array or object where a field was looked for.
    Container,
    Scalar(Field<'a>),
    /// A key on the way was there twice: readers may disagree about which one counts.
    Ambiguous,
}

/// The value of a field that is neither array nor object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    /// Decoded.
    String(Cow<'a, [u8]>),
    Number(&'a [u8]),
    Literal(Literal),
}

impl Field<'_> {
    /// A string or a number as text.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::String(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
            Self::Number(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
            Self::Literal(_) => None,
        }
    }
}

impl<'a> Fields<'a> {
    /// The value at a pointer. Nothing where a key on the way to it is there twice.
    pub(crate) fn get(&self, slot: Slot) -> Option<&Field<'a>> {
        match self.found.get(slot.0) {
            Some(Found::Scalar(field)) => Some(field),
            _ => None,
        }
    }
}

struct Reader<'p, 'a> {
    paths: &'p Paths,
    /// For every open container the node it stands for, if any.
    open: Vec<Option<usize>>,
    /// The node that the next value stands for, if any.
    next: Option<usize>,
    found: Vec<Found<'a>>,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(paths: &'p Paths) -> Self {
        Self { paths, open: Vec::new(), next: None, found: vec![Found::Nothing; paths.nodes.len()] }
    }

    fn value(&mut self, value: Found<'a>) -> Option<usize> {
        let node = self.next.take()?;
        if let Some(found) = self.found.get_mut(node) {
            *found = if matches!(found, Found::Nothing) { value } else { Found::Ambiguous };
        }
        Some(node)
    }
}

impl<'a> Visitor<'a> for Reader<'_, 'a> {
    fn begin_object(&mut self, _at: usize) {
        let node = self.value(Found::Container);
        self.open.push(node);
    }

    fn key(&mut self, key: Text<'a>) {
        let parent = self.open.last().copied().flatten();
        self.next = parent.and_then(|parent| self.paths.child(parent, &key.decode()));
    }

    fn end_object(&mut self, _end: usize) {
        self.open.pop();
    }

    fn begin_array(&mut self, _at: usize) {
        let node = self.value(Found::Container);
        // Of a batch, the first item can be named.
        self.next = node.and_then(|node| self.paths.child(node, b"0"));
        self.open.push(None);
    }

    fn end_array(&mut self, _end: usize) {
        self.next = None;
        self.open.pop();
    }

    fn string(&mut self, text: Text<'a>) {
        if self.next.is_some() {
            self.value(Found::Scalar(Field::String(text.decode())));
        }
    }

    fn number(&mut self, number: Number<'a>) {
        self.value(Found::Scalar(Field::Number(number.text)));
    }

    fn literal(&mut self, literal: Literal, _at: usize) {
        self.value(Found::Scalar(Field::Literal(literal)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a>(pointer: &str, payload: &'a str) -> Option<Field<'a>> {
        let mut paths = Paths::new();
        let slot = paths.add(pointer).unwrap();
        let (fields, _) = paths.read(payload.as_bytes()).unwrap();
        fields.get(slot).cloned()
    }

    #[test]
    fn tokens_are_escaped_and_back() {
        for (name, token) in [("", ""), ("a/b", "a~1b"), ("~", "~0"), ("~1", "~01"), ("/~/é", "~1~0~1é")] {
            assert_eq!(escape_token(name), token);
            assert_eq!(unescape_token(token), name);
        }
        for (token, name) in [("~", "~"), ("~2", "~2"), ("~~1", "~/"), ("a~", "a~")] {
            assert_eq!(unescape_token(token), name);
        }
    }

    #[test]
    fn follows_keys_however_spelled_or_nested() {
        let string = |text: &'static str| Some(Field::String(Cow::Borrowed(text.as_bytes())));
        assert_eq!(read("/a/b", r#"{"b":1,"a":{"c":[{"b":2}],"b":"x"}}"#), string("x"));
        assert_eq!(read("/a~1b/~0", r#"{"a\/b":{"~":"y"}}"#), string("y"));
        assert_eq!(read("/a", r#"{"a":12.50}"#), Some(Field::Number(b"12.50")));
        assert_eq!(read("/a", r#"{"b":{"a":1},"c":[{"a":1}]}"#), None);
        assert_eq!(read("/a", r#"[{"a":1}]"#), None);
        assert_eq!(read("/0/a", r#"[{"a":1},{"a":2}]"#), Some(Field::Number(b"1")));
        assert_eq!(read("/0/a", r#"[[],{"a":2}]"#), None);
        assert_eq!(read("/b/0", r#"{"a":[7],"b":[]}"#), None);
        assert_eq!(read("/b/0", r#"{"b":[[]],"0":7}"#), None);
        assert_eq!(read("/b/0/0", r#"{"b":[[8,9],7]}"#), Some(Field::Number(b"8")));
        assert_eq!(read("/a", r#"{"a":{"a":1}}"#), None);
    }

    #[test]
    fn what_is_there_twice_is_not_there() {
        assert_eq!(read("/a", r#"{"a":1,"a":1}"#), None);
        assert_eq!(read("/a/b", r#"{"a":{"b":1},"a":{}}"#), None);
        assert_eq!(read("/a/b", r#"{"a":1,"a":{"b":1}}"#), None);
        assert_eq!(read("/a", r#"{"a":1,"b":2,"b":3}"#), Some(Field::Number(b"1")));
    }
}
