use super::{Literal, Number, Scan, SyntaxError, Text, Visitor, walk};
use crate::digits::count;
use crate::lossy::lossy;
use crate::pointer::unescape_token;

/// A whole JSON value in memory, numbers as text. For schemas, and for the parts of payloads
/// that `uniqueItems`, `const` and `enum` must compare; never for a whole payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    /// The decoded characters, as in [`Text::decode`].
    String(Vec<u8>),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// The name of the value's JSON type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// The member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at a JSON Pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Self> {
        let mut tokens = pointer.split('/').skip(1);
        tokens.try_fold(self, |value, token| match value {
            Self::Array(items) => items.get(count(token.as_bytes())?),
            _ => value.member(&unescape_token(token)),
        })
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }
}

/// Reads a JSON text into memory.
pub(crate) fn parse_tree(text: &[u8]) -> Result<(Tree, Scan), SyntaxError> {
    let mut builder = Builder { open: Vec::new(), keys: Vec::new(), done: Tree::Null };
    let scan = walk(text, &mut builder)?;
    Ok((builder.done, scan))
}

struct Builder {
    open: Vec<Tree>,
    keys: Vec<String>,
    done: Tree,
}

impl Builder {
    fn add(&mut self, value: Tree) {
        match self.open.last_mut() {
            Some(Tree::Array(items)) => items.push(value),
            Some(Tree::Object(members)) => members.push((self.keys.pop().unwrap_or_default(), value)),
            _ => self.done = value,
        }
    }

    fn close(&mut self) {
        if let Some(value) = self.open.pop() {
            self.add(value);
        }
    }
}

impl<'a> Visitor<'a> for Builder {
    fn begin_object(&mut self, _at: usize) {
        self.open.push(Tree::Object(Vec::new()));
    }

    fn key(&mut self, key: Text<'a>) {
        self.keys.push(lossy(&key.decode()));
    }

    fn end_object(&mut self, _end: usize) {
        self.close();
    }

    fn begin_array(&mut self, _at: usize) {
        self.open.push(Tree::Array(Vec::new()));
    }

    fn end_array(&mut self, _end: usize) {
        self.close();
    }

    fn string(&mut self, text: Text<'a>) {
        self.add(Tree::String(text.decode().into_owned()));
    }

    fn number(&mut self, number: Number<'a>) {
        self.add(Tree::Number(lossy(number.text)));
    }

    fn literal(&mut self, literal: Literal, _at: usize) {
        self.add(match literal {
            Literal::Null => Tree::Null,
            Literal::True => Tree::Bool(true),
            Literal::False => Tree::Bool(false),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_number_text() {
        let (tree, _) = parse_tree(br#"{"b":[1.0,null],"a":{"c":"\u00e9"}}"#).unwrap();
        let number = Tree::Number("1.0".into());
        assert_eq!(
            tree,
            Tree::Object(vec![
                ("b".into(), Tree::Array(vec![number, Tree::Null])),
                ("a".into(), Tree::Object(vec![("c".into(), Tree::String("é".into()))])),
            ])
        );
    }
}
