//! The form of Python's `json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`, computed from the
//! text alone: numbers keep their digits as sent, keys are sorted by code point.

use std::borrow::Cow;

use crate::cursor::Cursor;
use crate::keys::sorted_keys;
use crate::reader::{MAX_DEPTH, Reader, number};
use crate::syntax::{SyntaxError, SyntaxErrorKind};
use crate::text::Text;

/// Why a text has no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCanonicalForm {
    /// It is not JSON.
    Syntax(SyntaxError),
    /// It holds more values than may be.
    TooManyValues,
    /// An object has a key twice.
    DuplicateKey,
    /// A string holds a lone surrogate or U+0000.
    Character,
}

impl From<SyntaxError> for NoCanonicalForm {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

/// The canonical form of a text. Memory stays in proportion to the text, and to the values that it may hold.
///
/// # Errors
/// The first of [`NoCanonicalForm`], in their order; but whoever writes too many values is told so at once.
pub fn canonical(text: &[u8], max_values: usize) -> Result<Vec<u8>, NoCanonicalForm> {
    let mut reader = Reader::new(text)?;
    let mut writer =
        Writer { out: Vec::with_capacity(text.len()), values_left: max_values, ..Writer::default() };
    writer.value(&mut reader.cursor, 0)?;
    reader.finish()?;
    match writer {
        Writer { duplicate: true, .. } => Err(NoCanonicalForm::DuplicateKey),
        Writer { unsignable: true, .. } => Err(NoCanonicalForm::Character),
        Writer { out, .. } => Ok(out),
    }
}

/// Writes while it reads. The members of an object are put in order when it ends.
#[derive(Default)]
struct Writer<'a> {
    out: Vec<u8>,
    /// The members of all open objects, innermost last.
    members: Vec<Member<'a>>,
    /// How members were put in order last: by their places. Objects of an array are often alike.
    order: Vec<usize>,
    /// What an object held before its members were put in order.
    unordered: Vec<u8>,
    values_left: usize,
    duplicate: bool,
    unsignable: bool,
}

struct Member<'a> {
    /// Decoded.
    key: Cow<'a, [u8]>,
    /// Where it begins in what is written.
    at: usize,
}

impl<'a> Writer<'a> {
    fn value(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Result<(), NoCanonicalForm> {
        self.values_left = self.values_left.checked_sub(1).ok_or(NoCanonicalForm::TooManyValues)?;
        match cursor.next() {
            b'"' => drop(self.string(cursor)?),
            b'-' | b'0'..=b'9' => self.out.extend_from_slice(number(cursor)?.text),
            b'{' | b'[' if depth == MAX_DEPTH => return Err(cursor.error(SyntaxErrorKind::TooDeep).into()),
            b'{' => self.object(cursor, depth + 1)?,
            b'[' => self.array(cursor, depth + 1)?,
            first => self.out.extend_from_slice(cursor.literal(first)?.as_str().as_bytes()),
        }
        Ok(())
    }

    #[inline(never)]
    fn array(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Result<(), NoCanonicalForm> {
        cursor.at += 1;
        self.out.push(b'[');
        if cursor.next() != b']' {
            loop {
                self.value(cursor, depth)?;
                match cursor.next() {
                    b',' => cursor.at += 1,
                    b']' => break,
                    _ => return Err(cursor.expected("`,` or `]`").into()),
                }
                self.out.push(b',');
            }
        }
        cursor.at += 1;
        self.out.push(b']');
        Ok(())
    }

    #[inline(never)]
    fn object(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Result<(), NoCanonicalForm> {
        cursor.at += 1;
        self.out.push(b'{');
        let from = self.members.len();
        let mut in_order = true;
        if cursor.next() != b'}' {
            loop {
                if cursor.next() != b'"' {
                    return Err(cursor.expected("a key in quotes").into());
                }
                let at = self.out.len();
                let key = self.string(cursor)?;
                cursor.colon()?;
                self.out.push(b':');
                let before = self.members.get(from..).unwrap_or_default().last();
                in_order &= before.is_none_or(|before| before.key < key);
                self.members.push(Member { key, at });
                self.value(cursor, depth)?;
                match cursor.next() {
                    b',' => cursor.at += 1,
                    b'}' => break,
                    _ => return Err(cursor.expected("`,` or `}`").into()),
                }
                self.out.push(b',');
            }
        }
        if !in_order {
            self.put_in_order(from);
        }
        self.members.truncate(from);
        cursor.at += 1;
        self.out.push(b'}');
        Ok(())
    }

    /// Takes a string and writes it. Gives it decoded.
    #[inline(never)]
    fn string(&mut self, cursor: &mut Cursor<'a>) -> Result<Cow<'a, [u8]>, SyntaxError> {
        let text = cursor.string()?;
        self.out.push(b'"');
        let decoded = if text.escaped {
            self.decoded(text)
        } else {
            self.out.extend_from_slice(text.raw);
            Cow::Borrowed(text.raw)
        };
        self.out.push(b'"');
        Ok(decoded)
    }

    #[inline(never)]
    fn decoded(&mut self, text: Text<'a>) -> Cow<'a, [u8]> {
        let decoded = text.decode();
        // Raw NUL and raw surrogates are not JSON; only escapes can bring them.
        self.unsignable |= decoded.contains(&0) || std::str::from_utf8(&decoded).is_err();
        escape(&decoded, &mut self.out);
        decoded
    }

    /// Writes the members of the last object anew, in the order of their keys: byte order of UTF-8 is code point order.
    #[inline(never)]
    fn put_in_order(&mut self, from: usize) {
        let Self { out, members, order, unordered, .. } = self;
        let members = members.get(from..).unwrap_or_default();
        let Some(begin) = members.first().map(|member| member.at) else { return };
        let key = |place: usize| members.get(place).map(|member| &member.key);
        let ascends = |order: &[usize]| order.is_sorted_by(|&one, &other| key(one) < key(other));
        if order.len() != members.len() || !ascends(order) {
            let keys = members.iter().enumerate().map(|(place, member)| (Cow::Borrowed(&*member.key), place));
            *order = sorted_keys(keys.collect()).into_iter().map(|(_, place)| place).collect();
            self.duplicate |= !ascends(order);
        }
        unordered.clear();
        unordered.extend_from_slice(out.get(begin..).unwrap_or_default());
        unordered.push(b',');
        out.truncate(begin);
        for &place in &*order {
            let offset =
                |place: usize| members.get(place).map_or(unordered.len(), |member| member.at - begin);
            out.extend_from_slice(unordered.get(offset(place)..offset(place + 1)).unwrap_or_default());
        }
        // The last comma.
        out.pop();
    }
}

/// Escapes what must be escaped and nothing else: not `/`, not U+007F, nothing above.
fn escape(text: &[u8], out: &mut Vec<u8>) {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    for &byte in text {
        let letter = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0C => b'f',
            0..=0x1F => {
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 0xF)]);
                continue;
            }
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
}
