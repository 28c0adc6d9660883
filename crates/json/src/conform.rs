//! A text against shapes: its tokens, each looked at once, by functions that call themselves for what is
//! within.

use std::cmp::Ordering;
use std::num::NonZeroUsize;

use crate::cursor::Cursor;
use crate::keys::KeysOfObject;
use crate::members::{Between, Members, seek};
use crate::number::Number;
use crate::reader::{Literal, MAX_DEPTH, Reader, Scan};
use crate::shape::{BITS, ByProperty, Guess, Kind, Member, Range, Shape, ShapeId, Shapes, Strings};
use crate::syntax::{SyntaxError, SyntaxErrorKind};
use crate::text::Text;
use crate::types::Types;
use crate::word::Word;

/// Who knows what shapes do not say.
pub trait Ask<'a> {
    /// Whether a number is right.
    fn number(&mut self, shape: ShapeId, number: Number<'a>) -> bool;
    /// Whether a string is right.
    fn string(&mut self, shape: ShapeId, text: Text<'a>) -> bool;
    /// Whether a literal is right.
    fn literal(&mut self, shape: ShapeId, literal: Literal, at: usize) -> bool;
    /// Reads a value, and says whether it is right.
    ///
    /// # Errors
    /// Where it is not JSON.
    fn value(&mut self, shape: ShapeId, reader: &mut Reader<'a>) -> Result<bool, SyntaxError>;
}

/// Reads a text from its first byte to its last, and notes where members stand. `None` where it does not conform, found out as soon as
/// possible: what else is wrong with it is not known then, not even whether it is JSON.
///
/// # Errors
/// Where the text is not JSON.
pub fn conforms<'a>(
    shapes: &Shapes,
    text: &'a [u8],
    ask: &mut dyn Ask<'a>,
    members: &mut Members,
) -> Result<Option<Scan>, SyntaxError> {
    let reader = Reader::new(text)?;
    let begin = reader.cursor.at;
    let noted_depth = if reader.cursor.peek() == b'{' { Members::DEPTH } else { 0 };
    if noted_depth == 0 {
        // The items of an array may be many objects.
        members.doubt();
    }
    let mut reading = Reading { shapes, reader, ask, members, noted_depth, error: None };
    let end = reading.item(shapes.root(), begin);
    match (reading.error, end) {
        (Some(error), _) => Err(error),
        (None, Some(end)) => {
            reading.reader.cursor.at = end.get();
            reading.reader.finish().map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// Reads values by calling itself for arrays and objects, which may nest [`MAX_DEPTH`] deep. Cursors are
/// passed on as offsets: what is alive during a call should be little, and never in memory otherwise.
struct Reading<'s, 'a, 'k> {
    shapes: &'s Shapes,
    reader: Reader<'a>,
    ask: &'k mut dyn Ask<'a>,
    members: &'k mut Members,
    noted_depth: usize,
    error: Option<SyntaxError>,
}

/// The offset after what was read. `None` where it does not conform, or is not JSON: then there is an error.
type Next = Option<NonZeroUsize>;

impl<'s, 'a> Reading<'s, 'a, '_> {
    /// Takes note of an error.
    #[inline(always)]
    fn read<T>(&mut self, read: Result<T, SyntaxError>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(error) => self.fail(error),
        }
    }

    #[cold]
    fn fail<T>(&mut self, error: SyntaxError) -> Option<T> {
        self.error = Some(error);
        None
    }

    /// Reads a value that is to have a shape.
    #[inline(always)]
    fn value(&mut self, mut id: ShapeId, cursor: &mut Cursor<'a>) -> Option<()> {
        let first = cursor.next();
        if first == b'"' && id.has(ShapeId::STRING) {
            let read = cursor.string();
            let text = self.read(read)?;
            return (!id.has(ShapeId::FILLED) || !text.raw.is_empty()).then_some(());
        }
        if id.has(ShapeId::NUMBER) && (first.is_ascii_digit() || first == b'-' && !id.has(ShapeId::UNSIGNED))
        {
            let read = cursor.number();
            let number = self.read(read)?;
            return (!id.has(ShapeId::INTEGER) || number.is_integer()).then_some(());
        }
        if id.has(ShapeId::BOOLEAN) && (first == b't' || first == b'f') {
            let read = cursor.literal(first);
            return self.read(read).map(drop);
        }
        let mut shape = self.shapes.get(id);
        if !matches!(shape.kind, Kind::Plain) {
            id = self.choose(id, first, cursor.at)?;
            shape = self.shapes.get(id);
            if !matches!(shape.kind, Kind::Plain) {
                cursor.at = self.asked(id, cursor.at)?.get();
                return Some(());
            }
        }
        self.plain(id, shape, first, cursor)
    }

    #[inline(always)]
    fn plain(&mut self, id: ShapeId, shape: &Shape, first: u8, cursor: &mut Cursor<'a>) -> Option<()> {
        let conforms = match first {
            b'"' => {
                if let Strings::OneOf(allowed) = &shape.strings
                    && let Some(end) = end_of_one(allowed, *cursor)
                {
                    cursor.at = end;
                    return Some(());
                }
                let read = cursor.string();
                let text = self.read(read)?;
                shape.types.has(Types::STRING) && self.is_string(id, shape, text)
            }
            b'-' | b'0'..=b'9' => {
                let read = cursor.number();
                let number = self.read(read)?;
                (shape.types.has(Types::NUMBER) || shape.types.has(Types::INTEGER) && number.is_integer())
                    && self.is_in_range(id, shape.number, number)
            }
            b'{' => {
                cursor.at = self.object(id, cursor.at)?.get();
                true
            }
            b'[' => {
                cursor.at = self.array(id, cursor.at)?.get();
                true
            }
            b't' | b'f' | b'n' => {
                let at = cursor.at;
                let read = cursor.literal(first);
                let literal = self.read(read)?;
                let types = if literal == Literal::Null { Types::NULL } else { Types::BOOLEAN };
                shape.types.has(types) && (!shape.asks_literal || self.ask.literal(id, literal, at))
            }
            _ => return self.fail(cursor.expected("a value")),
        };
        conforms.then_some(())
    }

    /// The shape that is chosen for a value, if one is.
    #[inline(never)]
    fn choose(&mut self, mut id: ShapeId, first: u8, at: usize) -> Option<ShapeId> {
        loop {
            id = match &self.shapes.get(id).kind {
                Kind::ByType(by_type) => by_type.of(first)?,
                Kind::ByProperty(by_property) if first == b'{' => {
                    let Some(id) = self.case(by_property, at) else { break };
                    id
                }
                Kind::Plain | Kind::Asked | Kind::ByProperty(_) => break,
            };
        }
        Some(id)
    }

    /// The shape of an object, by one of its first members; only scalars are passed over on the way to it,
    /// so that of what is within them nothing is read ahead. `None` where it is not found.
    fn case(&mut self, by_property: &ByProperty, at: usize) -> Option<ShapeId> {
        self.reader.cursor.at = at;
        if seek(&mut self.reader, &by_property.name, Between::FewScalars)? != b'"' {
            return None;
        }
        let text = self.reader.string().ok()?;
        let mut cases = by_property.cases.iter();
        cases.find(|(word, _)| word.text() == text.raw).map(|&(_, id)| id)
    }

    #[inline(never)]
    fn asked(&mut self, id: ShapeId, at: usize) -> Next {
        self.reader.cursor.at = at;
        if self.reader.depth < self.noted_depth && self.reader.cursor.peek() == b'{' {
            self.members.doubt();
        }
        let asked = self.ask.value(id, &mut self.reader);
        self.read(asked)?.then_some(())?;
        NonZeroUsize::new(self.reader.cursor.at)
    }

    /// An item of an array, or the whole. In a function of its own, so that there are two copies of all this and not
    /// three.
    #[inline(never)]
    fn item(&mut self, id: ShapeId, at: usize) -> Next {
        let mut cursor = Cursor { at, ..self.reader.cursor };
        self.value(id, &mut cursor)?;
        NonZeroUsize::new(cursor.at)
    }

    #[inline(never)]
    fn object(&mut self, id: ShapeId, at: usize) -> Next {
        let shape = self.shapes.get(id);
        if shape.members.len() > BITS {
            return self.large_object(shape, at);
        }
        let mut cursor = self.open(shape, Types::OBJECT, at)?;
        let mut keys = self.reader.keys.begin();
        let mut seen = 0;
        let noted = self.reader.depth <= self.noted_depth;
        if cursor.next() != b'}' {
            let mut guess = &shape.first;
            loop {
                let member = self.key(&mut cursor, shape, &mut guess, &mut seen, &mut keys)?;
                if noted {
                    self.members.note(self.reader.depth, cursor.at);
                }
                self.value(member, &mut cursor)?;
                match cursor.next() {
                    b',' => cursor.at += 1,
                    b'}' => break,
                    _ => return self.fail(cursor.expected("`,` or `}`")),
                }
            }
        }
        let count = seen.count_ones() as usize + self.reader.keys.count(keys);
        if shape.required & !seen != 0 || !shape.properties.has(count) {
            return None;
        }
        self.reader.keys.end(keys);
        self.close(cursor)
    }

    /// An object with so many named members that there is not a bit for each.
    #[inline(never)]
    fn large_object(&mut self, shape: &'s Shape, at: usize) -> Next {
        let mut cursor = self.open(shape, Types::OBJECT, at)?;
        let mut keys = self.reader.keys.begin();
        let mut seen = vec![false; shape.members.len()];
        let mut count = 0;
        let mut missing = shape.members.iter().filter(|member| member.required).count();
        if cursor.next() != b'}' {
            loop {
                let quote = cursor.at;
                self.reader.cursor = cursor;
                let key = self.reader.key_alone();
                let key = self.read(key)?;
                cursor = self.reader.cursor;
                if key.escaped {
                    self.members.doubt();
                }
                if self.reader.depth <= self.noted_depth {
                    self.members.note(self.reader.depth, cursor.at);
                }
                let place = shape.find(key);
                let mut value = shape.additional;
                if let Some(place) = place
                    && let Some(member) = shape.members.get(place)
                    && let Some(seen) = seen.get_mut(place)
                {
                    if std::mem::replace(seen, true) {
                        self.reader.keys.found(quote);
                    } else {
                        count += 1;
                        missing -= usize::from(member.required);
                    }
                    value = member.shape;
                } else {
                    self.reader.keys.add(&mut keys, key);
                }
                cursor.at = self.item(value, cursor.at)?.get();
                match cursor.next() {
                    b',' => cursor.at += 1,
                    b'}' => break,
                    _ => return self.fail(cursor.expected("`,` or `}`")),
                }
                cursor.next();
            }
        }
        if missing > 0 || !shape.properties.has(count + self.reader.keys.count(keys)) {
            return None;
        }
        self.reader.keys.end(keys);
        self.close(cursor)
    }

    #[inline(never)]
    fn array(&mut self, id: ShapeId, at: usize) -> Next {
        let shape = self.shapes.get(id);
        let mut cursor = self.open(shape, Types::ARRAY, at)?;
        let mut count = 0;
        if cursor.next() != b']' {
            loop {
                let item = shape.prefix.get(count).copied().unwrap_or(shape.items);
                count += 1;
                cursor.at = self.item(item, cursor.at)?.get();
                match cursor.next() {
                    b',' => cursor.at += 1,
                    b']' => break,
                    _ => return self.fail(cursor.expected("`,` or `]`")),
                }
            }
        }
        if !shape.count.has(count) {
            return None;
        }
        self.close(cursor)
    }

    #[inline(always)]
    fn open(&mut self, shape: &Shape, types: Types, at: usize) -> Option<Cursor<'a>> {
        let cursor = Cursor { at, ..self.reader.cursor };
        if !shape.types.has(types) {
            return None;
        }
        if self.reader.depth == MAX_DEPTH {
            return self.fail(cursor.error(SyntaxErrorKind::TooDeep));
        }
        self.reader.depth += 1;
        Some(Cursor { at: at + 1, ..cursor })
    }

    #[inline(always)]
    fn close(&mut self, cursor: Cursor<'a>) -> Next {
        self.reader.depth -= 1;
        NonZeroUsize::new(cursor.at + 1)
    }

    /// Takes a key with its colon, and gives the shape of its value.
    #[inline(always)]
    fn key(
        &mut self,
        cursor: &mut Cursor<'a>,
        shape: &'s Shape,
        guess: &mut &'s Guess,
        seen: &mut u64,
        keys: &mut KeysOfObject,
    ) -> Option<ShapeId> {
        if cursor.next() != b'"' {
            return self.fail(cursor.expected("a key in quotes"));
        }
        let quote = cursor.at;
        let place = guess.get();
        if let Some(member) = shape.members.get(place)
            && let Some(end) = member.name.end_in(cursor.text, quote + 1)
        {
            cursor.at = end;
            return Some(self.member(member, place, quote, guess, seen));
        }
        if shape.members.is_empty()
            && let Some(end) = self.reader.keys.add_again(keys, quote)
        {
            cursor.at = end;
            let read = cursor.colon();
            self.read(read)?;
            return Some(shape.additional);
        }
        let read = cursor.string();
        let key = self.read(read)?;
        let read = cursor.colon();
        self.read(read)?;
        if key.escaped {
            self.members.doubt();
        }
        if !shape.members.is_empty()
            && let Some(place) = shape.find(key)
            && let Some(member) = shape.members.get(place)
        {
            guess.set(place);
            return Some(self.member(member, place, quote, guess, seen));
        }
        self.reader.keys.add(keys, key);
        Some(shape.additional)
    }

    #[inline(always)]
    fn member(
        &mut self,
        member: &'s Member,
        place: usize,
        quote: usize,
        guess: &mut &'s Guess,
        seen: &mut u64,
    ) -> ShapeId {
        let bit = 1 << place;
        if *seen & bit != 0 {
            self.reader.keys.found(quote);
        }
        *seen |= bit;
        *guess = &member.next;
        member.shape
    }

    #[inline(always)]
    fn is_in_range(&mut self, id: ShapeId, range: Range<i64>, number: Number<'a>) -> bool {
        number.between().is_some_and(|(low, high)| range.has(low) && range.has(high))
            || self.ask.number(id, number)
    }

    #[inline(always)]
    fn is_string(&mut self, id: ShapeId, shape: &Shape, text: Text<'a>) -> bool {
        let allowed = match &shape.strings {
            Strings::Any => true,
            Strings::OneOf(allowed) if !text.escaped => is_listed(allowed, text.raw),
            Strings::OneOf(_) | Strings::Asked => self.ask.string(id, text),
        };
        allowed && has_length(shape.length, text)
    }
}

/// Counts characters only where the number of bytes leaves room for doubt: a character takes at least one
/// byte, and at most twelve (two escapes).
#[inline(always)]
fn has_length(length: Range<usize>, text: Text<'_>) -> bool {
    let bytes = text.raw.len();
    bytes >= length.min
        && (bytes <= length.max && (length.min <= 1 || bytes / 12 >= length.min)
            || length.has(text.characters()))
}

/// The offset after the string at the cursor, if it is one of a few.
#[inline(always)]
fn end_of_one(allowed: &[Word], cursor: Cursor<'_>) -> Option<usize> {
    let few = allowed.get(..8).unwrap_or(allowed);
    few.iter().find_map(|word| word.end_in(cursor.text, cursor.at + 1))
}

/// The order of [`Strings::OneOf`].
fn by_length(one: &[u8], other: &[u8]) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[inline(never)]
fn is_listed(allowed: &[Word], text: &[u8]) -> bool {
    allowed.binary_search_by(|word| by_length(word.text(), text)).is_ok()
}
