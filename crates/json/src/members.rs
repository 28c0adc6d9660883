use crate::number::Number;
use crate::reader::{Literal, Reader};
use crate::text::Text;
use crate::walk::{Visitor, walk_value};

/// Where the values begin of the members of the outermost object, and of those of objects right within it: noted
/// while a text is read, so that it need not be read again for what stands near its surface.
#[derive(Debug, Default)]
pub struct Members {
    /// In the order of the text, each with the number of objects around it.
    values: Vec<(usize, usize)>,
    /// A key may be another one than it looks like, or something was not noted.
    doubtful: bool,
}

/// One of [`Members`].
#[derive(Debug, Clone, Copy)]
pub struct Place {
    index: usize,
    /// The offset of the value, or of white space before it.
    pub at: usize,
}

impl Members {
    /// How many objects may be around what is noted.
    pub(crate) const DEPTH: usize = 2;

    #[cold]
    #[inline(never)]
    pub(crate) fn note(&mut self, depth: usize, at: usize) {
        self.values.push((depth, at));
    }

    #[cold]
    pub(crate) fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// Whether what is not found is not there.
    pub fn are_complete(&self) -> bool {
        !self.doubtful
    }

    /// The member of a name, of the outermost object or of an object right within it. The text is known to be JSON.
    pub fn find(&self, text: &[u8], within: Option<Place>, name: &[u8]) -> Option<Place> {
        let (from, depth) = within.map_or((0, 1), |place| (place.index + 1, 2));
        let later = self.values.iter().enumerate().skip(from).take_while(|(_, (other, _))| *other >= depth);
        let mut members = later.filter(|(_, (other, _))| *other == depth);
        members.find(|(_, (_, at))| follows_key(text, *at, name)).map(|(index, &(_, at))| Place { index, at })
    }
}

/// Whether the value at an offset is that of a key without escapes.
fn follows_key(text: &[u8], at: usize, name: &[u8]) -> bool {
    let before = text.get(..at).unwrap_or_default().strip_suffix(b":").unwrap_or_default().trim_ascii_end();
    let key = before.strip_suffix(b"\"").and_then(|before| before.strip_suffix(name));
    key.is_some_and(|before| before.ends_with(b"\""))
}

/// How many members are looked at ahead.
const LOOK_AHEAD: usize = 8;

/// What may lie between the beginning of an object and a member that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    /// A few scalars, so that of what is within other values nothing is read ahead.
    FewScalars,
    Anything,
}

/// Goes from the brace of an object to the value of a member, and gives its first byte.
pub(crate) fn seek(reader: &mut Reader<'_>, name: &[u8], between: Between) -> Option<u8> {
    if reader.cursor.next() != b'{' {
        return None;
    }
    let mut looked_at = 0;
    loop {
        reader.cursor.at += 1;
        if reader.cursor.next() != b'"' || between == Between::FewScalars && looked_at == LOOK_AHEAD {
            return None;
        }
        looked_at += 1;
        let key = reader.string().ok()?;
        reader.cursor.colon().ok()?;
        let first = reader.cursor.next();
        if *key.decode() == *name {
            return Some(first);
        }
        if between == Between::FewScalars && matches!(first, b'{' | b'[') {
            return None;
        }
        walk_value(reader, &mut Nobody).ok()?;
        if reader.cursor.next() != b',' {
            return None;
        }
    }
}

pub(crate) struct Nobody;

impl Visitor<'_> for Nobody {}

/// The offset of a member's value in the object at an offset. The text is known to be JSON.
pub fn member_at(text: &[u8], object: usize, name: &[u8]) -> Option<usize> {
    let mut reader = Reader::at(text, object);
    seek(&mut reader, name, Between::Anything)?;
    Some(reader.cursor.at)
}

/// The offset of the first item of the array at an offset. The text is known to be JSON.
pub fn first_item_at(text: &[u8], array: usize) -> Option<usize> {
    let mut reader = Reader::at(text, array);
    if reader.cursor.next() != b'[' {
        return None;
    }
    reader.cursor.at += 1;
    (reader.cursor.next() != b']').then_some(reader.cursor.at)
}

/// A value that is neither array nor object.
#[derive(Debug, Clone, Copy)]
pub enum Scalar<'a> {
    /// A string.
    String(Text<'a>),
    /// A number.
    Number(Number<'a>),
    /// `true`, `false` or `null`.
    Literal(Literal),
}

/// The scalar at an offset. `None` where something else stands.
pub fn scalar_at(text: &[u8], offset: usize) -> Option<Scalar<'_>> {
    let mut reader = Reader::at(text, offset);
    match reader.cursor.next() {
        b'"' => reader.string().ok().map(Scalar::String),
        b'-' | b'0'..=b'9' => reader.number().ok().map(Scalar::Number),
        first => reader.cursor.literal(first).ok().map(Scalar::Literal),
    }
}

/// A string where it is likely to stand: among the first scalars of its object. Of the rest of the text nothing is known.
pub fn glimpse<'a, 'n>(text: &'a [u8], path: impl Iterator<Item = &'n [u8]>) -> Option<Text<'a>> {
    let mut reader = Reader::new(text).ok()?;
    let mut first = reader.cursor.next();
    for name in path {
        first = seek(&mut reader, name, Between::FewScalars)?;
    }
    if first == b'"' { reader.string().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glimpse_passes_over_few_scalars_and_nothing_else() {
        let see = |text: &str, path: &[&str]| {
            let path = path.iter().map(|name| name.as_bytes());
            glimpse(text.as_bytes(), path).map(|text| String::from_utf8(text.raw.to_vec()).unwrap())
        };
        assert_eq!(see(r#" {"id":1, "type" : "a"}"#, &["type"]).as_deref(), Some("a"));
        assert_eq!(
            see(r#"{"id":1,"event":{"x":"\"}","type":"a"},"#, &["event", "type"]).as_deref(),
            Some("a")
        );
        assert_eq!(see(r#"{"id":{},"type":"a"}"#, &["type"]), None);
        assert_eq!(see(r#"{"id":[],"type":"a"}"#, &["type"]), None);
        assert_eq!(see(r#"{"type":1}"#, &["type"]), None);
        assert_eq!(see(r#"{"a":1}"#, &["type"]), None);
        let after = |count: usize| format!("{{{}\"type\":\"a\"}}", r#""x":0,"#.repeat(count));
        assert_eq!(see(&after(LOOK_AHEAD - 1), &["type"]).as_deref(), Some("a"));
        assert_eq!(see(&after(LOOK_AHEAD), &["type"]), None);
        for text in ["", "{", "{\"type\"", "{\"type\":\"", "{\"type\":", "[\"type\"]", "{type", "{\"a\":tru"]
        {
            assert_eq!(see(text, &["type"]), None, "{text}");
        }
    }

    #[test]
    fn members_and_items_are_found_from_their_container() {
        let text = br#"{"a": {"x":[{"b":1}],"b" : 2}, "c": [ 7 ], "d":[ ]}"#;
        let a = member_at(text, 0, b"a").unwrap();
        assert_eq!(member_at(text, a, b"b"), Some(27));
        assert_eq!(member_at(text, a, b"c"), None);
        let c = member_at(text, 0, b"c").unwrap();
        assert_eq!(first_item_at(text, c), Some(38));
        assert_eq!(first_item_at(text, member_at(text, 0, b"d").unwrap()), None);
        assert_eq!(first_item_at(text, a), None);
        assert_eq!(member_at(text, c, b"a"), None);
    }
}
