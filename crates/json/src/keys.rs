//! Whether an object has a key twice.

use std::borrow::Cow;

use crate::text::Text;

/// How many keys of an object are compared with each other as they come; of more, all are sorted at its
/// end.
const COMPARED: usize = 64;

/// The keys of all open objects, innermost last.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    text: &'a [u8],
    known: Vec<Key>,
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
        Self { text, known: Vec::new(), to_sort: Vec::new(), duplicate: None }
    }

    #[inline(always)]
    pub(crate) fn begin(&self) -> KeysOfObject {
        KeysOfObject { from: self.known.len(), filter: 0 }
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, object: &mut KeysOfObject, text: Text<'a>) {
        let digest = digest(text.raw);
        let bit = 1 << (digest >> 26);
        if object.filter & bit != 0 || text.escaped {
            self.compare(object.from, digest, text);
        }
        object.filter |= bit;
        let Text { raw, escaped, at, .. } = text;
        self.known.push(Key { digest, escaped, at, length: raw.len() });
    }

    /// How many keys an object has.
    pub(crate) fn count(&self, object: KeysOfObject) -> usize {
        self.known.len() - object.from
    }

    /// Looks for a key among those of its object before it.
    #[cold]
    fn compare(&mut self, from: usize, digest: u32, text: Text<'a>) {
        let earlier = self.known.get(from..).unwrap_or_default();
        if text.escaped || earlier.len() > COMPARED {
            if self.to_sort.last() != Some(&from) {
                self.to_sort.push(from);
            }
        } else if earlier.iter().any(|key| key.digest == digest && key.of(self.text).raw == text.raw) {
            self.found(text.at);
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
        self.known.truncate(object.from);
    }

    /// Sorting, not hashing: no input can make it slow.
    #[cold]
    fn sort(&mut self, from: usize) {
        let keys = self.known.get(from..).unwrap_or_default();
        let mut keys: Vec<_> = keys.iter().map(|key| (key.of(self.text).decode(), key.at)).collect();
        sort_keys(&mut keys);
        for pair in keys.windows(2) {
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
        _ => (
            text.iter().fold(0, |all, &byte| (all << 8) | u64::from(byte)),
            0,
        ),
    };
    let mixed = (head ^ tail.rotate_left(29) ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

/// Sorts keys, each with a number of its own. The one place where anything is sorted: every further type
/// would bring its own copy of the algorithm into the wasm.
#[inline(never)]
pub fn sort_keys(keys: &mut [(Cow<'_, [u8]>, usize)]) {
    keys.sort_unstable();
}
