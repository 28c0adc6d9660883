//! Reading configuration: JSON objects, key by key and strictly.

use crate::digits::number;
use crate::event_patterns::EventPatterns;
use crate::joined::joined;
use crate::json::{Tree, parse_tree, position_of};
use crate::misuse::Misuse;
use crate::pointer::escape_token;
use crate::schema::Schema;

/// A JSON object that is being read. Each key is taken once; [`Table::end`] refuses what is left, so that
/// a misspelt key is an error and not a default. Errors begin with the JSON Pointer of the place, and
/// never quote a value: it may be a secret. `null` counts as absent.
#[derive(Debug)]
pub struct Table {
    place: String,
    /// The last comes first: keys are mostly asked for in their order, and leave from the end.
    members: Vec<(String, Tree)>,
}

impl Table {
    /// Reads an object from its text.
    ///
    /// # Errors
    /// Where the text is not strict JSON, has a key twice, or is not an object.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        Self::new(String::new(), read_tree(text)?)
    }

    fn new(place: String, tree: Tree) -> Result<Self, String> {
        match tree {
            Tree::Object(mut members) => {
                members.reverse();
                Ok(Self { place, members })
            }
            other => Err(wrong(&place, "an object", &other)),
        }
    }

    fn take(&mut self, key: &str) -> Option<(String, Tree)> {
        let at = self.members.iter().rposition(|(name, _)| name == key)?;
        let (_, value) = self.members.remove(at);
        (!matches!(value, Tree::Null)).then(|| (self.place_of(key), value))
    }

    fn place_of(&self, key: &str) -> String {
        place_of(&self.place, key)
    }

    /// An error about one of its keys.
    pub fn error(&self, key: &str, reason: &str) -> String {
        format!("{}: {reason}", self.place_of(key))
    }

    /// Gives what must be there, or the error that it is not.
    ///
    /// # Errors
    /// Where there is nothing.
    pub fn needed<T>(&self, key: &str, value: Option<T>) -> Result<T, String> {
        value.ok_or_else(|| self.error(key, "this key is needed"))
    }

    /// A string.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn text(&mut self, key: &str) -> Result<Option<String>, String> {
        self.take(key).map(|(place, value)| text(&place, value)).transpose()
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// Where it is not, or is something else.
    pub fn needed_text(&mut self, key: &str) -> Result<String, String> {
        let text = self.text(key)?;
        self.needed(key, text)
    }

    /// A list of strings; empty where there is none.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn texts(&mut self, key: &str) -> Result<Vec<String>, String> {
        let Some((place, items)) = self.list(key)? else { return Ok(Vec::new()) };
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            texts.push(text(&format!("{place}/{index}"), item)?);
        }
        Ok(texts)
    }

    /// A whole number from zero to `u32::MAX`.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn number(&mut self, key: &str) -> Result<Option<u32>, String> {
        let whole = |value: &Tree| match value {
            Tree::Number(digits) => number(digits.as_bytes()).and_then(|number| u32::try_from(number).ok()),
            _ => None,
        };
        let read = |(place, value): (String, Tree)| {
            whole(&value).ok_or_else(|| wrong(&place, "a whole number", &value))
        };
        self.take(key).map(read).transpose()
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn flag(&mut self, key: &str) -> Result<Option<bool>, String> {
        let flag = |(place, value): (String, Tree)| match value {
            Tree::Bool(flag) => Ok(flag),
            other => Err(wrong(&place, "true or false", &other)),
        };
        self.take(key).map(flag).transpose()
    }

    /// One of a few words.
    ///
    /// # Errors
    /// Where it is something else; the words are named.
    pub fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, String> {
        let at = self.word_at(key, &|at| words.get(at).map(|&(word, _)| word))?;
        Ok(at.and_then(|at| words.get(at)).map(|&(_, value)| value))
    }

    /// Which of a few words. Apart from their meanings, so that there is one code for all types of them.
    pub(crate) fn word_at(&mut self, key: &str, words: Words<'_>) -> Result<Option<usize>, String> {
        self.take(key).map(|(place, value)| index(&place, value, words)).transpose()
    }

    /// An object within.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn table(&mut self, key: &str) -> Result<Option<Self>, String> {
        self.take(key).map(|(place, value)| Self::new(place, value)).transpose()
    }

    /// A list of objects; empty where there is none.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn tables(&mut self, key: &str) -> Result<Vec<Self>, String> {
        let Some((place, items)) = self.list(key)? else { return Ok(Vec::new()) };
        let mut tables = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            tables.push(Self::new(format!("{place}/{index}"), item)?);
        }
        Ok(tables)
    }

    /// The next member as an object, whatever its key.
    pub fn next_table(&mut self) -> Option<(String, Result<Self, String>)> {
        let (key, value) = self.members.pop()?;
        let place = self.place_of(&key);
        Some((key, Self::new(place, value)))
    }

    /// The next member as a string, whatever its key.
    pub fn next_text(&mut self) -> Option<(String, Result<String, String>)> {
        let (key, value) = self.members.pop()?;
        let place = self.place_of(&key);
        Some((key, text(&place, value)))
    }

    /// A value that is read later.
    pub fn setting(&mut self, key: &str) -> Option<Setting> {
        self.take(key).map(|(place, value)| Setting { place, value })
    }

    /// An object within that has patterns of event types for keys; empty where there is none.
    ///
    /// # Errors
    /// Where it is something else, or a key is no pattern.
    pub fn by_event(&mut self, key: &str) -> Result<EventPatterns<Setting>, String> {
        let mut patterns = EventPatterns::default();
        let Some(table) = self.table(key)? else { return Ok(patterns) };
        for (pattern, value) in table.members.into_iter().rev() {
            let place = place_of(&table.place, &pattern);
            let wrong = |reason| format!("{place}: {reason}");
            patterns.insert(&pattern, Setting { place: place.clone(), value }).map_err(wrong)?;
        }
        Ok(patterns)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Where a key has not been taken.
    pub fn end(self) -> Result<(), String> {
        match self.members.last() {
            Some((key, _)) => Err(self.error(key, "this key is unknown")),
            None => Ok(()),
        }
    }

    fn list(&mut self, key: &str) -> Result<Option<(String, Vec<Tree>)>, String> {
        match self.take(key) {
            None => Ok(None),
            Some((place, Tree::Array(items))) => Ok(Some((place, items))),
            Some((place, other)) => Err(wrong(&place, "a list", &other)),
        }
    }
}

/// A value that has not been read yet.
#[derive(Debug)]
pub struct Setting {
    place: String,
    value: Tree,
}

impl Setting {
    /// The string, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        self.value.as_str()
    }

    /// A string.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn text(self) -> Result<String, String> {
        text(&self.place, self.value)
    }

    /// One of a few words.
    ///
    /// # Errors
    /// Where it is something else; the words are named.
    pub fn word<T: Copy>(self, words: &[(&str, T)]) -> Result<T, String> {
        let at = index(&self.place, self.value, &|at| words.get(at).map(|&(word, _)| word))?;
        words.get(at).map(|&(_, value)| value).ok_or_else(String::new)
    }

    /// A schema: in place, or as a string with its text.
    ///
    /// # Errors
    /// [`Misuse::SchemaInvalid`] with the place of the schema, and that within the schema of what cannot be
    /// honoured.
    pub fn schema(self) -> Result<Schema, Misuse> {
        let compiled = match self.value {
            Tree::String(text) => Schema::compile(&text),
            tree => Schema::compile_tree(tree),
        };
        compiled.map_err(|misuse| match misuse {
            Misuse::SchemaInvalid(reason) => Misuse::SchemaInvalid(format!("{}: {reason}", self.place)),
            other => other,
        })
    }
}

fn place_of(place: &str, key: &str) -> String {
    format!("{place}/{}", escape_token(key))
}

/// Reads a whole JSON text. Errors say where it is not strict JSON, or has a key twice.
pub(crate) fn read_tree(text: &[u8]) -> Result<Tree, String> {
    let wrong = |offset: usize, reason: &str| {
        let at = position_of(text, offset);
        format!("line {}, column {}: {reason}", at.line, at.column)
    };
    let (tree, scan) = parse_tree(text).map_err(|error| wrong(error.offset, &error.kind.to_string()))?;
    match scan.duplicate_key {
        Some(offset) => Err(wrong(offset, "the key is there twice")),
        None => Ok(tree),
    }
}

fn text(place: &str, value: Tree) -> Result<String, String> {
    match value {
        Tree::String(text) => {
            String::from_utf8(text).map_err(|_| format!("{place}: a surrogate stands alone"))
        }
        other => Err(wrong(place, "a string", &other)),
    }
}

/// Words, the first at 0.
pub(crate) type Words<'w> = &'w dyn Fn(usize) -> Option<&'w str>;

fn index(place: &str, value: Tree, words: Words<'_>) -> Result<usize, String> {
    let word = text(place, value)?;
    let known = || (0..).map_while(words);
    let found = known().position(|known| known == word);
    found.ok_or_else(|| format!("{place}: expected one of {}", joined(&known().collect::<Vec<_>>(), ", ")))
}

fn wrong(place: &str, expected: &str, found: &Tree) -> String {
    let place = if place.is_empty() { "/" } else { place };
    format!("{place}: expected {expected}, found {}", found.type_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strictly_and_names_the_place() {
        let text = br#"{"a":"x","b":[1],"c":{"d":true,"e":5},"f":-1,"g":"hunter2","n":null}"#;
        let mut table = Table::parse(text).unwrap();
        assert_eq!(table.text("a"), Ok(Some("x".into())));
        assert_eq!(table.text("a"), Ok(None));
        assert_eq!(table.text("n"), Ok(None));
        assert_eq!(table.texts("b"), Err("/b/0: expected a string, found number".into()));
        let mut inner = table.table("c").unwrap().unwrap();
        assert_eq!(inner.flag("d"), Ok(Some(true)));
        assert_eq!(inner.number("e"), Ok(Some(5)));
        assert_eq!(inner.end(), Ok(()));
        assert_eq!(table.number("f"), Err("/f: expected a whole number, found number".into()));
        assert_eq!(table.word("g", &[("on", 1)]), Err("/g: expected one of on".into()));
        let mut modes = Table::parse(br#"{"m":{"a.*":"on"},"n":{"a b":"on"},"o":{"c/d":"2"}}"#).unwrap();
        let mut by_event = |key| modes.by_event(key)?.try_map(|_, mode| mode.word(&[("on", 1), ("off", 0)]));
        assert_eq!(by_event("m").unwrap().of("a.b"), Some(&1));
        let not_a_pattern = "/n/a b: write what is not visible ASCII as %XX, as the log does";
        assert_eq!(by_event("n"), Err(not_a_pattern.into()));
        assert_eq!(by_event("o"), Err("/o/c~1d: expected one of on, off".into()));
        assert_eq!(by_event("p").unwrap().of("a.b"), None);
        assert_eq!(table.needed("h", None::<u32>), Err("/h: this key is needed".into()));
        assert_eq!(table.end(), Ok(()));
        let left = Table::parse(br#"{"typo":1}"#).unwrap();
        assert_eq!(left.end(), Err("/typo: this key is unknown".into()));
        assert_eq!(
            Table::parse(b"{\n\"a\":1,\"a\":2}").unwrap_err(),
            "line 2, column 7: the key is there twice"
        );
        assert_eq!(Table::parse(b"[]").unwrap_err(), "/: expected an object, found array");
    }
}
