//! A text against shapes: one loop over its tokens.

use crate::cursor::Cursor;
use crate::keys::KeysOfObject;
use crate::number::Number;
use crate::reader::{Literal, MAX_DEPTH, Reader, Scan};
use crate::shape::{Guess, Kind, Member, Range, Shape, ShapeId, Shapes, Strings};
use crate::syntax::{SyntaxError, SyntaxErrorKind};
use crate::text::Text;
use crate::types::Types;

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

/// Reads a text from its first byte to its last. `None` where it does not conform, found out as soon as
/// possible: what else is wrong with it is not known then, not even whether it is JSON.
///
/// # Errors
/// Where the text is not JSON.
pub fn conforms<'a>(
    shapes: &Shapes,
    text: &'a [u8],
    ask: &mut dyn Ask<'a>,
) -> Result<Option<Scan>, SyntaxError> {
    let mut reading = Reading { shapes, reader: Reader::new(text)?, ask };
    if reading.all()? { reading.reader.finish().map(Some) } else { Ok(None) }
}

struct Reading<'s, 'a, 'k> {
    shapes: &'s Shapes,
    reader: Reader<'a>,
    ask: &'k mut dyn Ask<'a>,
}

#[derive(Clone, Copy, PartialEq)]
enum Around {
    Nothing,
    Array,
    Object,
}

/// What is around a value: an array or object that has begun and not ended.
#[derive(Clone, Copy)]
struct Open<'s> {
    around: Around,
    shape: &'s Shape,
    /// How many members or items have begun.
    count: usize,
    /// The members that were there, as bits.
    seen: u64,
    /// Where to find the member that may come next.
    guess: &'s Guess,
    keys: KeysOfObject,
}

impl<'s> Open<'s> {
    #[inline(always)]
    fn new(around: Around, shape: &'s Shape, keys: KeysOfObject) -> Self {
        Self { around, shape, count: 0, seen: 0, guess: &shape.first, keys }
    }

    /// The shape of the next item.
    #[inline(always)]
    fn item(&mut self) -> ShapeId {
        let place = self.count;
        self.count = place + 1;
        self.shape.prefix.get(place).copied().unwrap_or(self.shape.items)
    }

    /// Takes note of a member. Whether it was there before.
    #[inline(always)]
    fn member(&mut self, place: usize, member: &'s Member) -> bool {
        let bit = 1 << place;
        let twice = self.seen & bit != 0;
        self.seen |= bit;
        self.guess = &member.next;
        twice
    }
}

impl<'s, 'a> Reading<'s, 'a, '_> {
    fn all(&mut self) -> Result<bool, SyntaxError> {
        let shapes = self.shapes;
        let mut id = shapes.root();
        let mut outer: Vec<Open<'s>> = Vec::new();
        let mut open = Open::new(Around::Nothing, shapes.get(Shapes::ANYTHING), self.reader.keys.begin());
        // A copy, so that it can stay in registers; it is put back before anybody else reads.
        let mut cursor = self.reader.cursor;
        'value: loop {
            let first = cursor.next();
            let mut shape = shapes.get(id);
            while let Kind::ByType(by_type) = &shape.kind {
                let Some(chosen) = by_type.of(first) else { return Ok(false) };
                id = chosen;
                shape = shapes.get(id);
            }
            match first {
                _ if matches!(shape.kind, Kind::Asked) => {
                    self.reader.cursor = cursor;
                    self.reader.depth = outer.len();
                    if !self.ask.value(id, &mut self.reader)? {
                        return Ok(false);
                    }
                    cursor = self.reader.cursor;
                }
                b'"' => {
                    let text = cursor.string()?;
                    if !shape.types.has(Types::STRING) || !self.is_string(id, shape, text) {
                        return Ok(false);
                    }
                }
                b'-' | b'0'..=b'9' => {
                    let number = cursor.number(first)?;
                    if !self.is_number(id, shape, number) {
                        return Ok(false);
                    }
                }
                b'{' | b'[' => {
                    let (around, types, close) = match first {
                        b'{' => (Around::Object, Types::OBJECT, b'}'),
                        _ => (Around::Array, Types::ARRAY, b']'),
                    };
                    if !shape.types.has(types) {
                        return Ok(false);
                    }
                    if outer.len() == MAX_DEPTH {
                        return Err(cursor.error(SyntaxErrorKind::TooDeep));
                    }
                    cursor.at += 1;
                    outer.push(open);
                    open = Open::new(around, shape, self.reader.keys.begin());
                    if cursor.next() != close {
                        id = match around {
                            Around::Object => self.key(&mut cursor, &mut open)?,
                            _ => open.item(),
                        };
                        continue 'value;
                    }
                }
                _ => {
                    let at = cursor.at;
                    let literal = cursor.literal(first)?;
                    let types = if literal == Literal::Null { Types::NULL } else { Types::BOOLEAN };
                    if !shape.types.has(types) || shape.asks_literal && !self.ask.literal(id, literal, at) {
                        return Ok(false);
                    }
                }
            }
            loop {
                let next = cursor.next();
                match open.around {
                    Around::Object if next == b',' => {
                        cursor.at += 1;
                        id = self.key(&mut cursor, &mut open)?;
                        continue 'value;
                    }
                    Around::Array if next == b',' => {
                        cursor.at += 1;
                        id = open.item();
                        continue 'value;
                    }
                    Around::Object if next == b'}' => {
                        let Open { shape, count, seen, keys, .. } = open;
                        if shape.required & !seen != 0 || !shape.properties.has(count) {
                            return Ok(false);
                        }
                        self.reader.keys.end(keys);
                    }
                    Around::Array if next == b']' => {
                        if !open.shape.count.has(open.count) {
                            return Ok(false);
                        }
                    }
                    Around::Object => return Err(cursor.expected("`,` or `}`")),
                    Around::Array => return Err(cursor.expected("`,` or `]`")),
                    Around::Nothing => {
                        self.reader.cursor = cursor;
                        return Ok(true);
                    }
                }
                cursor.at += 1;
                let Some(around) = outer.pop() else { return Ok(false) };
                open = around;
            }
        }
    }

    /// Takes a key with its colon, and gives the shape of its value.
    #[inline(always)]
    fn key(&mut self, cursor: &mut Cursor<'a>, open: &mut Open<'s>) -> Result<ShapeId, SyntaxError> {
        open.count += 1;
        if cursor.next() != b'"' {
            return Err(cursor.expected("a key in quotes"));
        }
        let shape = open.shape;
        let place = open.guess.get();
        if let Some(member) = shape.members.get(place)
            && let Some(end) = member.end_in(cursor.text, cursor.at + 1)
        {
            if open.member(place, member) {
                self.reader.keys.found(cursor.at);
            }
            cursor.at = end;
            cursor.colon()?;
            return Ok(member.shape);
        }
        let key = cursor.string()?;
        cursor.colon()?;
        if !shape.members.is_empty()
            && let Some(place) = shape.find(key)
            && let Some(member) = shape.members.get(place)
        {
            open.guess.set(place);
            if open.member(place, member) {
                self.reader.keys.found(key.at);
            }
            return Ok(member.shape);
        }
        self.reader.keys.add(&mut open.keys, key);
        Ok(shape.additional)
    }

    #[inline(always)]
    fn is_number(&mut self, id: ShapeId, shape: &Shape, number: Number<'a>) -> bool {
        let right_type =
            shape.types.has(Types::NUMBER) || shape.types.has(Types::INTEGER) && number.is_integer();
        right_type
            && (shape.number.is_all()
                || shape.number.is_positive() && number.text.first() != Some(&b'-')
                || self.is_in_range(id, shape, number))
    }

    #[inline(never)]
    fn is_in_range(&mut self, id: ShapeId, shape: &Shape, number: Number<'a>) -> bool {
        let range = shape.number;
        number.between().is_some_and(|(low, high)| range.has(low) && range.has(high))
            || self.ask.number(id, number)
    }

    #[inline(always)]
    fn is_string(&mut self, id: ShapeId, shape: &Shape, text: Text<'a>) -> bool {
        let allowed = match &shape.strings {
            Strings::Any => true,
            Strings::OneOf(allowed) if !text.escaped => is_one_of(allowed, text.raw),
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

#[inline(never)]
fn is_one_of(allowed: &[Box<[u8]>], text: &[u8]) -> bool {
    match allowed {
        [_, _, _, _, _, _, _, _, ..] => allowed.binary_search_by(|one| one.as_ref().cmp(text)).is_ok(),
        few => few.iter().any(|one| one.as_ref() == text),
    }
}
