//! Whether an object has a key twice.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use crate::scan;
use crate::text::Text;

/// How many keys of an object are compared with each other as they come; of more, all are sorted at its
/// end.
const COMPARED: usize = 64;

/// The keys of all open objects, innermost last.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    text: &'a [u8],
    /// What lies beyond `count` is left from objects that have ended: most often the one before, whose
    /// keys are likely to come again.
    known: Vec<Key>,
    count: usize,
    /// The objects of whose keys only sorting tells, each by where they begin; innermost last.
    to_sort: Vec<usize>,
    /// The offset of the first key that its object already had.
    pub(crate) duplicate: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    digest: u32,
    escaped: bool,
    /// The offset of the opening quote.
    at: usize,
    length: usize,
}

impl Key {
    fn of<'a>(&self, text: &'a [u8]) -> Text<'a> {
        let Self { digest: _, escaped, at, length } = *self;
        let raw = text.get(at + 1..at + 1 + length).unwrap_or_default();
        Text { raw, escaped, ascii: false, at }
    }
}

/// The keys of one object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeysOfObject {
    from: usize,
    /// A bit for each key, chosen by its digest. Most objects have no two keys of the same bit, and are
    /// known to be free of duplicates without any comparing.
    filter: u64,
}

impl<'a> Keys<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, known: Vec::new(), count: 0, to_sort: Vec::new(), duplicate: None }
    }

    #[inline(always)]
    pub(crate) fn begin(&self) -> KeysOfObject {
        KeysOfObject { from: self.count, filter: 0 }
    }

    /// How many keys an object has.
    #[inline(always)]
    pub(crate) fn count(&self, object: KeysOfObject) -> usize {
        self.count - object.from
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, object: &mut KeysOfObject, text: Text<'a>) {
        let Text { raw, escaped, at, .. } = text;
        self.push(object, Key { digest: digest(raw), escaped, at, length: raw.len() });
    }

    /// Adds the key whose opening quote stands at an offset, if it is the one that stood in its place in the
    /// object before. Gives the offset after it.
    #[inline(always)]
    pub(crate) fn add_again(&mut self, object: &mut KeysOfObject, at: usize) -> Option<usize> {
        let key = self.known.get_mut(self.count)?;
        let same = scan::same_bytes(self.text, key.at + 1, at + 1)?;
        let bit = 1 << (key.digest >> 26);
        if same <= key.length || object.filter & bit != 0 || key.escaped {
            return None;
        }
        key.at = at;
        object.filter |= bit;
        self.count += 1;
        Some(at + key.length + 2)
    }

    #[inline(always)]
    fn push(&mut self, object: &mut KeysOfObject, key: Key) {
        let bit = 1 << (key.digest >> 26);
        if object.filter & bit != 0 || key.escaped {
            self.compare(object.from, key);
        }
        object.filter |= bit;
        match self.known.get_mut(self.count) {
            Some(place) => *place = key,
            None => self.known.push(key),
        }
        self.count += 1;
    }

    /// Looks for a key among those of its object before it.
    #[cold]
    fn compare(&mut self, from: usize, key: Key) {
        let earlier = self.known.get(from..self.count).unwrap_or_default();
        if key.escaped || earlier.len() > COMPARED {
            if self.to_sort.last() != Some(&from) {
                self.to_sort.push(from);
            }
        } else {
            let raw = key.of(self.text).raw;
            if earlier.iter().any(|other| other.digest == key.digest && other.of(self.text).raw == raw) {
                self.found(key.at);
            }
        }
    }

    #[cold]
    pub(crate) fn found(&mut self, at: usize) {
        self.duplicate = Some(self.duplicate.map_or(at, |earlier| earlier.min(at)));
    }

    #[inline(always)]
    pub(crate) fn end(&mut self, object: KeysOfObject) {
        if self.to_sort.last() == Some(&object.from) {
            self.sort(object.from);
            self.to_sort.pop();
        }
        self.count = object.from;
    }

    /// Sorting, not hashing: no input can make it slow.
    #[cold]
    fn sort(&mut self, from: usize) {
        let keys = self.known.get(from..self.count).unwrap_or_default();
        let keys = keys.iter().map(|key| (key.of(self.text).decode(), key.at)).collect();
        for pair in sorted_keys(keys).windows(2) {
            if let [(one, _), (other, at)] = pair
                && one == other
            {
                self.found(*at);
            }
        }
    }
}

/// Different for most different texts, and quick.
#[inline(always)]
fn digest(text: &[u8]) -> u32 {
    let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    let (head, tail) = match text.len() {
        8.. => (word(text.first_chunk()), word(text.last_chunk())),
        4..8 => (half(text.first_chunk()), half(text.last_chunk())),
        _ => (text.iter().fold(0, |all, &byte| (all << 8) | u64::from(byte)), 0),
    };
    let mixed = (head ^ tail.rotate_left(29) ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

/// Sorts keys, each with a number of its own. The one place where anything is sorted, since every further
/// type would bring its own copy of the algorithm into the wasm; by a heap, whose copy is the smallest.
#[inline(never)]
pub fn sorted_keys(keys: Vec<(Cow<'_, [u8]>, usize)>) -> Vec<(Cow<'_, [u8]>, usize)> {
    BinaryHeap::from(keys).into_sorted_vec()
}
