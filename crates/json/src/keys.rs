//! Whether an object has a key twice.

use std::borrow::Cow;

use crate::text::Text;

/// How many keys of an object are compared with each other as they come; of more, all are sorted at its
/// end.
const COMPARED: usize = 64;

/// The keys of all open objects, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Keys<'a> {
    known: Vec<Key<'a>>,
    /// The offset of the first key that its object already had.
    pub(crate) duplicate: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Key<'a> {
    digest: u32,
    text: Text<'a>,
}

/// The keys of one object.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KeysOfObject {
    from: usize,
    /// A bit for each key, chosen by its digest. Most objects have no two keys of the same bit, and are
    /// known to be free of duplicates without any comparing.
    filter: u64,
    /// Whether only sorting tells.
    sort: bool,
}

impl<'a> Keys<'a> {
    pub(crate) fn begin(&self) -> KeysOfObject {
        KeysOfObject { from: self.known.len(), filter: 0, sort: false }
    }

    #[inline]
    pub(crate) fn add(&mut self, object: &mut KeysOfObject, text: Text<'a>) {
        let digest = digest(text.raw);
        let bit = 1 << (digest >> 26);
        if object.filter & bit != 0 || text.escaped {
            self.compare(object, digest, text);
        }
        object.filter |= bit;
        self.known.push(Key { digest, text });
    }

    #[cold]
    fn compare(&mut self, object: &mut KeysOfObject, digest: u32, text: Text<'a>) {
        let earlier = self.known.get(object.from..).unwrap_or_default();
        if text.escaped || earlier.len() > COMPARED {
            object.sort = true;
        } else if earlier.iter().any(|key| key.digest == digest && key.text.raw == text.raw) {
            self.found(text.at);
        }
    }

    pub(crate) fn found(&mut self, at: usize) {
        self.duplicate = Some(self.duplicate.map_or(at, |earlier| earlier.min(at)));
    }

    pub(crate) fn end(&mut self, object: KeysOfObject) {
        if object.sort {
            self.sort(object.from);
        }
        self.known.truncate(object.from);
    }

    /// Sorting, not hashing: no input can make it slow.
    #[cold]
    fn sort(&mut self, from: usize) {
        let keys = self.known.get(from..).unwrap_or_default();
        let mut keys: Vec<_> = keys.iter().map(|key| (key.text.decode(), key.text.at)).collect();
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
#[inline]
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
