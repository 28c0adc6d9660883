//! A JSON reader and writer of the tests' own: simple, recursive, and only for texts that `serde_json`
//! has found well formed.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::Range;

use serde::de::IgnoredAny;

/// A string as its code points, so that lone surrogates have a place and keys sort by code point.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(pub(crate) Vec<u32>);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.chars().map(u32::from).collect())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |&code| char::from_u32(code).map_or_else(|| format!("\\u{code:x}"), String::from);
        write!(f, "{:?}", self.0.iter().map(shown).collect::<String>())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// Number, `true`, `false` or `null`, as it stands.
    Word(String),
    String(Text),
    Array(Vec<Json>),
    Object(BTreeMap<Text, Json>),
}

impl Json {
    /// What Python's `json.dumps` writes with sorted keys, without spaces, without ASCII escapes. `None`
    /// where a string holds a lone surrogate.
    pub(crate) fn canonical(&self) -> Option<String> {
        let join = |parts: Option<Vec<String>>| Some(parts?.join(","));
        match self {
            Self::Word(word) => Some(word.clone()),
            Self::String(text) => quoted(text),
            Self::Array(items) => Some(format!("[{}]", join(items.iter().map(Self::canonical).collect())?)),
            Self::Object(members) => {
                let member = |(key, value): (&Text, &Self)| Some(quoted(key)? + ":" + &value.canonical()?);
                Some(format!("{{{}}}", join(members.iter().map(member).collect())?))
            }
        }
    }
}

fn quoted(text: &Text) -> Option<String> {
    let mut out = String::from('"');
    for &code in &text.0 {
        match char::from_u32(code)? {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ..='\u{1f}' => write!(out, "\\u{code:04x}").ok()?,
            plain => out.push(plain),
        }
    }
    out.push('"');
    Some(out)
}

/// A JSON text that was read.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) value: Json,
    /// Every value in the order of the text: its JSON Pointer and where it stands.
    pub(crate) places: Vec<(String, Range<usize>)>,
    /// Whether an object has the same key twice; `value` has the last.
    pub(crate) duplicate_key: bool,
    /// Whether a string holds U+0000.
    pub(crate) nul: bool,
}

/// Whether a text is JSON, by `serde_json`. Ignoring the value, it has no opinion on lone surrogates,
/// on numbers beyond `f64` or on depth.
pub(crate) fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

/// The deepest nesting of arrays and objects, closed or not.
pub(crate) fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string) = (0_usize, 0, false);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => drop(bytes.next()),
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Reads a text. `None` where it is no JSON, or deeper than the core goes.
pub(crate) fn parse(text: &[u8]) -> Option<Parsed> {
    if !is_json(text) || depth(text) > 128 {
        return None;
    }
    let mut reader = Reader {
        text: std::str::from_utf8(text).ok()?,
        at: 0,
        places: Vec::new(),
        duplicate_key: false,
        nul: false,
    };
    let value = reader.value("");
    Some(Parsed { value, places: reader.places, duplicate_key: reader.duplicate_key, nul: reader.nul })
}

/// The canonical form of a text, where it has one: no sender can have two equal keys, U+0000 or a lone
/// surrogate.
pub(crate) fn canonical(text: &[u8]) -> Option<String> {
    parse(text).filter(|parsed| !parsed.duplicate_key && !parsed.nul)?.value.canonical()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    places: Vec<(String, Range<usize>)>,
    duplicate_key: bool,
    nul: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The next character that is no white space, taken if it is one of these.
    fn take(&mut self, characters: &str) -> Option<char> {
        let trimmed = self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.at = self.text.len() - trimmed;
        let next = self.rest().chars().next().filter(|&next| characters.contains(next))?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn value(&mut self, pointer: &str) -> Json {
        self.take("");
        let start = self.at;
        let place = self.places.len();
        self.places.push((pointer.to_owned(), start..start));
        let value = match self.take("{[\"") {
            Some('{') => self.object(pointer),
            Some('[') => self.array(pointer),
            Some(_) => Json::String(self.string()),
            None => self.word(),
        };
        self.places[place].1.end = self.at;
        value
    }

    fn object(&mut self, pointer: &str) -> Json {
        let mut members = BTreeMap::new();
        while self.take(",}") != Some('}') {
            if self.take("\"").is_none() {
                continue;
            }
            let key = self.string();
            self.take(":");
            let token: String =
                key.0.iter().map(|&code| char::from_u32(code).unwrap_or('\u{fffd}')).collect();
            let token = token.replace('~', "~0").replace('/', "~1");
            let value = self.value(&format!("{pointer}/{token}"));
            self.duplicate_key |= members.insert(key, value).is_some();
        }
        Json::Object(members)
    }

    fn array(&mut self, pointer: &str) -> Json {
        let mut items = Vec::new();
        if self.take("]").is_none() {
            loop {
                items.push(self.value(&format!("{pointer}/{}", items.len())));
                if self.take(",]") == Some(']') {
                    break;
                }
            }
        }
        Json::Array(items)
    }

    fn word(&mut self) -> Json {
        let end = self.rest().find([',', ']', '}', ' ', '\t', '\r', '\n']);
        let word = self.rest()[..end.unwrap_or(self.rest().len())].to_owned();
        self.at += word.len();
        Json::Word(word)
    }

    fn character(&mut self) -> char {
        let next = self.rest().chars().next().expect("serde_json found the text complete");
        self.at += next.len_utf8();
        next
    }

    fn unit(&mut self) -> u32 {
        let digits = &self.text[self.at..self.at + 4];
        self.at += 4;
        u32::from_str_radix(digits, 16).expect("serde_json found four digits")
    }

    fn string(&mut self) -> Text {
        let mut codes: Vec<u32> = Vec::new();
        loop {
            let code = match self.character() {
                '"' => return Text(codes),
                '\\' => match self.character() {
                    'b' => 8,
                    'f' => 12,
                    'n' => 10,
                    'r' => 13,
                    't' => 9,
                    'u' => self.escaped_units(),
                    itself => itself.into(),
                },
                plain => plain.into(),
            };
            self.nul |= code == 0;
            codes.push(code);
        }
    }

    fn escaped_units(&mut self) -> u32 {
        let first = self.unit();
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.unit();
            if (0xDC00..0xE000).contains(&second) {
                return 0x10000 + (first - 0xD800) * 0x400 + (second - 0xDC00);
            }
            self.at = before;
        }
        first
    }
}
