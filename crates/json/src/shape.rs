//! What most schemas ask, in the form that is quickest to check.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::text::Text;
use crate::types::Types;
use crate::word::Word;

/// The place of a shape among those of a schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShapeId(u32);

impl ShapeId {
    /// What is simply right, and needs no look at the shape.
    pub(crate) const STRING: u32 = 1 << 31;
    /// As [`Self::STRING`], if it is not empty.
    pub(crate) const FILLED: u32 = 1 << 30;
    pub(crate) const NUMBER: u32 = 1 << 29;
    /// As [`Self::NUMBER`], if it is an integer.
    pub(crate) const INTEGER: u32 = 1 << 28;
    /// As [`Self::NUMBER`], if it has no sign.
    pub(crate) const UNSIGNED: u32 = 1 << 27;
    /// True and false.
    pub(crate) const BOOLEAN: u32 = 1 << 26;
    const PLACE: u32 = Self::BOOLEAN - 1;

    /// The shape at a place, counted from 1: the first is [`Shapes::ANYTHING`].
    pub fn at(place: usize) -> Option<Self> {
        u32::try_from(place).ok().filter(|place| place & !Self::PLACE == 0).map(Self)
    }

    /// The place.
    pub fn place(self) -> usize {
        (self.0 & Self::PLACE) as usize
    }

    #[inline(always)]
    pub(crate) fn has(self, mark: u32) -> bool {
        self.0 & mark != 0
    }
}

/// The shapes of all values that a text may hold. They never accept what a schema refuses; what they do
/// not settle is asked.
#[derive(Debug, Clone)]
pub struct Shapes {
    all: Vec<Shape>,
    root: ShapeId,
    /// What no value conforms to.
    nothing: Shape,
}

impl Shapes {
    /// The shape of what no schema looks at.
    pub const ANYTHING: ShapeId = ShapeId(ShapeId::STRING | ShapeId::NUMBER | ShapeId::BOOLEAN);

    /// Shapes that begin with place 1; `root` is that of the whole text.
    pub fn new(mut all: Vec<Shape>, root: ShapeId) -> Self {
        all.insert(0, Shape { types: Types::ALL, ..Shape::default() });
        let mut shapes = Self { all, root, nothing: Shape::default() };
        let marks: Vec<u32> = shapes.all.iter().map(|shape| shapes.marks(shape)).collect();
        let mark = |id: &mut ShapeId| id.0 |= marks.get(id.place()).copied().unwrap_or(0);
        mark(&mut shapes.root);
        for shape in &mut shapes.all {
            shape.each_id(&mut |id| mark(id));
            for (place, member) in shape.members.iter().enumerate().take(BITS) {
                shape.required |= u64::from(member.required) << place;
            }
        }
        shapes
    }

    #[inline(never)]
    fn marks(&self, shape: &Shape) -> u32 {
        match &shape.kind {
            Kind::Plain => shape.marks(),
            Kind::Asked | Kind::ByProperty(_) => 0,
            Kind::ByType(by_type) => {
                let of = |id: Option<ShapeId>| match id.map(|id| self.get(id)) {
                    Some(shape) if matches!(shape.kind, Kind::Plain) => shape.marks(),
                    _ => 0,
                };
                let strings = ShapeId::STRING | ShapeId::FILLED;
                let numbers = !strings & !ShapeId::BOOLEAN;
                of(by_type.string) & strings
                    | of(by_type.number) & numbers
                    | of(by_type.boolean) & ShapeId::BOOLEAN
            }
        }
    }

    pub(crate) fn root(&self) -> ShapeId {
        self.root
    }

    /// The shape of an id.
    #[inline(always)]
    pub fn get(&self, id: ShapeId) -> &Shape {
        self.all.get(id.place()).unwrap_or(&self.nothing)
    }
}

/// What is asked of one value.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// How it is to be checked.
    pub kind: Kind,
    /// The types that are allowed.
    pub types: Types,
    /// What a number must be, as far as integers can say.
    pub number: Range<i64>,
    /// What a string must be.
    pub strings: Strings,
    /// Its length in characters.
    pub length: Range<usize>,
    /// Whether a literal has to be asked, whatever its type.
    pub asks_literal: bool,
    /// The properties that are named, sorted by name.
    pub members: Vec<Member>,
    /// What properties are that are not named.
    pub additional: ShapeId,
    /// How many properties there must be.
    pub properties: Range<usize>,
    /// What the first items are.
    pub prefix: Vec<ShapeId>,
    /// What the other items are.
    pub items: ShapeId,
    /// How many items there must be.
    pub count: Range<usize>,
    /// The place of the member that most often comes first.
    pub first: Guess,
    /// The places of the members that must be there, as bits. [`Shapes::new`] fills it in from the members.
    pub required: u64,
}

/// How a value is to be checked.
#[derive(Debug, Clone, Default)]
pub enum Kind {
    /// By the fields of its shape.
    #[default]
    Plain,
    /// By another shape, which the type of the value decides.
    ByType(Box<ByType>),
    /// By another shape, which a property of the object decides. Asked where it does not.
    ByProperty(Box<ByProperty>),
    /// By asking.
    Asked,
}

/// A shape for each type; `None` where it is not allowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByType {
    /// For an object.
    pub object: Option<ShapeId>,
    /// For an array.
    pub array: Option<ShapeId>,
    /// For a string.
    pub string: Option<ShapeId>,
    /// For a number, integer or not.
    pub number: Option<ShapeId>,
    /// For true and false.
    pub boolean: Option<ShapeId>,
    /// For null.
    pub null: Option<ShapeId>,
}

impl ByType {
    /// The shape for a value that begins with a byte.
    #[inline]
    pub(crate) fn of(&self, first: u8) -> Option<ShapeId> {
        match first {
            b'{' => self.object,
            b'[' => self.array,
            b'"' => self.string,
            b't' | b'f' => self.boolean,
            b'n' => self.null,
            _ => self.number,
        }
    }
}

/// A shape for each of the strings that a property may be.
#[derive(Debug, Clone)]
pub struct ByProperty {
    /// The name of the property.
    pub name: Box<[u8]>,
    /// The strings, each with the shape of the whole object.
    pub cases: Vec<(Word, ShapeId)>,
}

/// What a string must be.
#[derive(Debug, Clone, Default)]
pub enum Strings {
    /// Whatever has the right length.
    #[default]
    Any,
    /// One of these, whatever else the shape says: the shorter first, those of one length in the order of
    /// their bytes.
    OneOf(Vec<Word>),
    /// What only asking tells.
    Asked,
}

/// A lower and an upper bound, both allowed.
#[derive(Debug, Clone, Copy)]
pub struct Range<T> {
    /// The least.
    pub min: T,
    /// The most.
    pub max: T,
}

impl<T: Ord + Copy> Range<T> {
    /// What lies in both.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        Self { min: self.min.max(other.min), max: self.max.min(other.max) }
    }

    /// Whether a value lies within.
    #[inline]
    pub fn has(&self, value: T) -> bool {
        self.min <= value && value <= self.max
    }
}

impl Default for Range<usize> {
    fn default() -> Self {
        Self { min: 0, max: usize::MAX }
    }
}

impl Default for Range<i64> {
    fn default() -> Self {
        Self { min: i64::MIN, max: i64::MAX }
    }
}

/// How many properties of an object can be told by bits.
pub(crate) const BITS: usize = 64;

/// A property that is named.
#[derive(Debug, Clone)]
pub struct Member {
    pub(crate) name: Word,
    /// What its value is.
    pub(crate) shape: ShapeId,
    /// The place of the member that most often comes next.
    pub(crate) next: Guess,
    /// Whether it must be there.
    pub required: bool,
}

impl Member {
    /// The property at a place among the members of a shape.
    pub fn new(name: &[u8], shape: ShapeId, place: usize) -> Self {
        Self { name: Word::key(name), shape, next: Guess::of(place + 1), required: false }
    }
}

impl Shape {
    /// Not generic, so that there is one copy of it.
    #[inline(never)]
    fn each_id(&mut self, tell: &mut dyn FnMut(&mut ShapeId)) {
        for member in &mut self.members {
            tell(&mut member.shape);
        }
        for id in &mut self.prefix {
            tell(id);
        }
        tell(&mut self.additional);
        tell(&mut self.items);
        match &mut self.kind {
            Kind::Plain | Kind::Asked => {}
            Kind::ByType(by_type) => {
                let ByType { object, array, string, number, boolean, null } = by_type.as_mut();
                for id in [object, array, string, number, boolean, null].into_iter().flatten() {
                    tell(id);
                }
            }
            Kind::ByProperty(by_property) => {
                for (_, id) in &mut by_property.cases {
                    tell(id);
                }
            }
        }
    }

    /// What is said in its ids.
    fn marks(&self) -> u32 {
        let mut marks = 0;
        if self.types.has(Types::STRING) && matches!(self.strings, Strings::Any) {
            marks |= match self.length {
                Range { min: 0, max: usize::MAX } => ShapeId::STRING,
                Range { min: 1, max: usize::MAX } => ShapeId::STRING | ShapeId::FILLED,
                _ => 0,
            };
        }
        if self.types.has(Types::BOOLEAN) && !self.asks_literal {
            marks |= ShapeId::BOOLEAN;
        }
        let numbers = match self.number {
            Range { min: i64::MIN, max: i64::MAX } => ShapeId::NUMBER,
            Range { min: 0, max: i64::MAX } => ShapeId::NUMBER | ShapeId::UNSIGNED,
            _ => 0,
        };
        if numbers != 0 && self.types.has(Types::NUMBER) {
            marks |= numbers;
        } else if numbers != 0 && self.types.has(Types::INTEGER) {
            marks |= numbers | ShapeId::INTEGER;
        }
        marks
    }

    /// The place of the member of a key.
    #[inline(never)]
    pub(crate) fn find(&self, key: Text<'_>) -> Option<usize> {
        let name = key.decode();
        self.members.binary_search_by(|member| member.name.text().cmp(&name)).ok()
    }
}

/// A guess from what was read before, by whomever: a wrong one costs a little time.
#[derive(Debug, Default)]
pub struct Guess(AtomicU32);

impl Guess {
    fn of(place: usize) -> Self {
        let guess = Self::default();
        guess.set(place);
        guess
    }

    #[inline]
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed) as usize
    }

    #[inline]
    pub(crate) fn set(&self, place: usize) {
        self.0.store(u32::try_from(place).unwrap_or(u32::MAX), Ordering::Relaxed);
    }
}

impl Clone for Guess {
    fn clone(&self) -> Self {
        Self::of(self.get())
    }
}
