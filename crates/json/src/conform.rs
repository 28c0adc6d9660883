//! A text against shapes: one loop over its tokens.

use crate::number::Number;
use crate::reader::{Literal, ObjectRead, Reader, Scan};
use crate::shape::{BITS, Kind, Range, Shape, ShapeId, Shapes, Strings};
use crate::syntax::SyntaxError;
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
    /// The last of them, if there was one.
    last: Option<usize>,
    /// The member that may come next.
    guess: usize,
    keys: ObjectRead,
}

impl<'s, 'a> Reading<'s, 'a, '_> {
    fn all(&mut self) -> Result<bool, SyntaxError> {
        let shapes = self.shapes;
        let mut id = shapes.root();
        let Some(mut shape) = shapes.get(id) else { return Ok(false) };
        let mut outer: Vec<Open<'s>> = Vec::new();
        let mut open = self.open(Around::Nothing, shape);
        'value: loop {
            let first = self.reader.next();
            while let Kind::ByType(by_type) = &shape.kind {
                let Some(chosen) = by_type.of(first) else { return Ok(false) };
                id = chosen;
                let Some(chosen) = shapes.get(id) else { return Ok(false) };
                shape = chosen;
            }
            match first {
                _ if matches!(shape.kind, Kind::Asked) => {
                    if !self.ask.value(id, &mut self.reader)? {
                        return Ok(false);
                    }
                }
                b'"' => {
                    let text = self.reader.string()?;
                    if !shape.types.has(Types::STRING) || !self.is_string(id, shape, text) {
                        return Ok(false);
                    }
                }
                b'{' => {
                    if !shape.types.has(Types::OBJECT) {
                        return Ok(false);
                    }
                    self.reader.open()?;
                    outer.push(open);
                    open = self.open(Around::Object, shape);
                    if self.reader.next() != b'}' {
                        id = self.key(&mut open)?;
                        let Some(next) = shapes.get(id) else { return Ok(false) };
                        shape = next;
                        continue 'value;
                    }
                }
                b'-' | b'0'..=b'9' => {
                    let number = self.reader.number()?;
                    if !self.is_number(id, shape, number) {
                        return Ok(false);
                    }
                }
                b'[' => {
                    if !shape.types.has(Types::ARRAY) {
                        return Ok(false);
                    }
                    self.reader.open()?;
                    outer.push(open);
                    open = self.open(Around::Array, shape);
                    if self.reader.next() != b']' {
                        id = item(&mut open);
                        let Some(next) = shapes.get(id) else { return Ok(false) };
                        shape = next;
                        continue 'value;
                    }
                }
                _ => {
                    let at = self.reader.at();
                    let literal = self.reader.literal(first)?;
                    let types = if literal == Literal::Null { Types::NULL } else { Types::BOOLEAN };
                    if !shape.types.has(types) || shape.asks_literal && !self.ask.literal(id, literal, at) {
                        return Ok(false);
                    }
                }
            }
            loop {
                match (self.reader.next(), open.around) {
                    (b',', Around::Object) => {
                        self.reader.step();
                        id = self.key(&mut open)?;
                        break;
                    }
                    (b',', Around::Array) => {
                        self.reader.step();
                        id = item(&mut open);
                        break;
                    }
                    (b'}', Around::Object) => {
                        let Open { shape, count, seen, keys, .. } = open;
                        if shape.required & !seen != 0 || !shape.properties.has(count) {
                            return Ok(false);
                        }
                        self.reader.end_keys(keys);
                    }
                    (b']', Around::Array) => {
                        if !open.shape.count.has(open.count) {
                            return Ok(false);
                        }
                    }
                    (_, Around::Nothing) => return Ok(true),
                    (_, Around::Object) => return Err(self.reader.expected("`,` or `}`")),
                    (_, Around::Array) => return Err(self.reader.expected("`,` or `]`")),
                }
                self.reader.close();
                let Some(around) = outer.pop() else { return Ok(false) };
                open = around;
            }
            let Some(next) = shapes.get(id) else { return Ok(false) };
            shape = next;
        }
    }

    fn open(&self, around: Around, shape: &'s Shape) -> Open<'s> {
        let (guess, keys) = (shape.first.get(), self.reader.begin_keys());
        Open { around, shape, count: 0, seen: 0, last: None, guess, keys }
    }

    /// Takes a key, and gives the shape of its value.
    #[inline]
    fn key(&mut self, open: &mut Open<'s>) -> Result<ShapeId, SyntaxError> {
        open.count += 1;
        if self.reader.next() != b'"' {
            return Err(self.reader.expected("a key in quotes"));
        }
        let quote = self.reader.at();
        let guessed = open.shape.members.get(open.guess).filter(|_| open.guess < BITS);
        if let Some(member) = guessed
            && let Some(end) = member.end_in(self.reader.text(), quote + 1)
        {
            self.reader.jump(end);
            let bit = 1 << open.guess;
            if open.seen & bit != 0 {
                self.reader.add_duplicate(quote);
            }
            open.seen |= bit;
            open.last = Some(open.guess);
            open.guess = member.next.get();
            self.reader.colon()?;
            return Ok(member.shape);
        }
        self.other_key(open)
    }

    #[inline(never)]
    fn other_key(&mut self, open: &mut Open<'s>) -> Result<ShapeId, SyntaxError> {
        let key = self.reader.key()?;
        let shape = open.shape;
        let place = if shape.members.is_empty() { None } else { shape.find(&key.decode()) };
        let Some((place, member)) = place.and_then(|place| Some((place, shape.members.get(place)?))) else {
            self.reader.add_key(&mut open.keys, key);
            return Ok(shape.additional);
        };
        if place >= BITS {
            self.reader.add_key(&mut open.keys, key);
            return Ok(member.shape);
        }
        if open.seen & (1 << place) != 0 {
            self.reader.add_duplicate(key.at);
        }
        open.seen |= 1 << place;
        match open.last.and_then(|last| shape.members.get(last)) {
            Some(last) => last.next.set(place),
            None => shape.first.set(place),
        }
        open.last = Some(place);
        open.guess = member.next.get();
        Ok(member.shape)
    }

    #[inline]
    fn is_number(&mut self, id: ShapeId, shape: &Shape, number: Number<'a>) -> bool {
        let right_type = shape.types.has(Types::NUMBER)
            || shape.types.has(Types::INTEGER) && number.is_integer();
        let Range { min, max } = shape.number;
        right_type
            && (min == i64::MIN && max == i64::MAX
                || number.between().is_some_and(|(low, high)| shape.number.has(low) && shape.number.has(high))
                || self.ask.number(id, number))
    }

    #[inline]
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
#[inline]
fn has_length(length: Range<usize>, text: Text<'_>) -> bool {
    let bytes = text.raw.len();
    bytes >= length.min
        && (bytes <= length.max && bytes.div_ceil(12) >= length.min || length.has(text.characters()))
}

fn is_one_of(allowed: &[Box<[u8]>], text: &[u8]) -> bool {
    match allowed {
        [_, _, _, _, _, _, _, _, ..] => allowed.binary_search_by(|one| one.as_ref().cmp(text)).is_ok(),
        few => few.iter().any(|one| one.as_ref() == text),
    }
}

/// The shape of the next item.
#[inline]
fn item(open: &mut Open<'_>) -> ShapeId {
    let place = open.count;
    open.count = place + 1;
    open.shape.prefix.get(place).copied().unwrap_or(open.shape.items)
}
