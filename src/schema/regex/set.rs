/// Inclusive.
pub(super) type Range = (u32, u32);

pub(super) const LAST: u32 = 0x10_FFFF;
pub(super) const DIGIT: &[Range] = &[(0x30, 0x39)];
pub(super) const WORD: &[Range] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
pub(super) const LINE_TERMINATOR: &[Range] = &[(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)];
pub(super) const SPACE: &[Range] = &[
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

/// Ranges of code points: sorted, and apart from each other. Kept so by insertion: a sort would be the
/// largest part of this module.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranges(Vec<Range>);

/// How many ranges may stand between brackets.
const MAX_RANGES: usize = 1000;

impl Ranges {
    /// Of a list that is sorted already.
    pub(super) fn from(ranges: &[Range]) -> Self {
        Self(ranges.to_vec())
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() > MAX_RANGES
    }

    pub(super) fn add(&mut self, (mut first, mut last): Range) {
        let at = self.0.partition_point(|range| range.1.saturating_add(1) < first);
        while let Some(&range) = self.0.get(at).filter(|range| range.0 <= last.saturating_add(1)) {
            first = first.min(range.0);
            last = last.max(range.1);
            self.0.remove(at);
        }
        self.0.insert(at, (first, last));
    }

    pub(super) fn extend(&mut self, more: &Self) {
        for &range in &more.0 {
            self.add(range);
        }
    }

    pub(super) fn complement(&self) -> Self {
        let mut rest = Vec::new();
        let mut from = 0;
        for &(first, last) in &self.0 {
            if from < first {
                rest.push((from, first.saturating_sub(1)));
            }
            from = last.saturating_add(1);
        }
        if from <= LAST {
            rest.push((from, LAST));
        }
        Self(rest)
    }

    fn contain(&self, code: u32) -> bool {
        let at = self.0.partition_point(|range| range.1 < code);
        self.0.get(at).is_some_and(|range| range.0 <= code)
    }
}

/// A set of code points, for reading.
#[derive(Debug, Clone)]
pub(super) struct Set {
    /// One bit for each code point of ASCII.
    ascii: u128,
    ranges: Ranges,
}

impl Set {
    pub(super) fn new(ranges: Ranges) -> Self {
        let ascii = (0..128_u32).fold(0, |ascii, code| ascii | (u128::from(ranges.contain(code)) << code));
        Self { ascii, ranges }
    }

    pub(super) fn contains(&self, code: u32) -> bool {
        if code < 128 { self.ascii >> code & 1 == 1 } else { self.ranges.contain(code) }
    }
}
