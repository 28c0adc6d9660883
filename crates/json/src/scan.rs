//! Sixteen bytes at a time.

use wide::i8x16;

use crate::number::NumberForm;

const WIDTH: usize = 16;

#[inline(always)]
fn chunk(text: &[u8], at: usize) -> Option<i8x16> {
    text.get(at..)?.first_chunk().map(lanes)
}

#[inline(always)]
fn lanes(bytes: &[u8; WIDTH]) -> i8x16 {
    i8x16::new(bytes.map(u8::cast_signed))
}

/// Up to sixteen bytes, to be compared at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    bytes: i8x16,
    /// Which of the bytes matter.
    mask: u32,
}

impl Head {
    pub(crate) const WIDTH: usize = WIDTH;

    /// The first bytes of a text.
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut bytes = [0; WIDTH];
        for (byte, known) in bytes.iter_mut().zip(text) {
            *byte = known.cast_signed();
        }
        let mask = if text.len() < WIDTH { (1 << text.len()) - 1 } else { 0xFFFF };
        Self { bytes: i8x16::new(bytes), mask }
    }

    /// What no text begins with.
    pub(crate) fn nowhere() -> Self {
        Self { bytes: i8x16::splat(0), mask: 1 << WIDTH }
    }

    /// Whether a text has these bytes at an offset. Sixteen must be left.
    #[inline(always)]
    pub(crate) fn begins(&self, text: &[u8], at: usize) -> bool {
        chunk(text, at).is_some_and(|bytes| bytes.simd_eq(self.bytes).to_bitmask() & self.mask == self.mask)
    }
}

/// How many bytes are the same from two offsets on, up to sixteen. `None` near the end of the text.
#[inline(always)]
pub(crate) fn same_bytes(text: &[u8], earlier: usize, later: usize) -> Option<usize> {
    let both = text.get(earlier..later + WIDTH)?;
    let (one, other) = (both.first_chunk()?, both.last_chunk()?);
    Some(lanes(one).simd_eq(lanes(other)).to_bitmask().trailing_ones() as usize)
}

#[inline(always)]
fn is(bytes: i8x16, byte: u8) -> i8x16 {
    bytes.simd_eq(i8x16::splat(byte.cast_signed()))
}

/// The offset of the first byte from `at` on that is found, or the end of the text. Both functions find the
/// same: one among sixteen bytes, the other in what is left at the end.
#[inline(always)]
fn find(text: &[u8], mut at: usize, among: impl Fn(i8x16) -> u32, is_it: impl Fn(u8) -> bool) -> usize {
    while let Some(bytes) = chunk(text, at) {
        let found = among(bytes);
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += WIDTH;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| is_it(byte)).unwrap_or(rest.len())
}

/// The offset of the first byte from `at` on that does not simply stand for itself in a string: a quote,
/// a backslash, a control character, or part of a character beyond ASCII. The end of the text where there
/// is none.
#[inline(always)]
pub(crate) fn end_of_ascii(text: &[u8], at: usize) -> usize {
    // Signed, all beyond ASCII is less than a space as well.
    let among =
        |bytes: i8x16| (bytes.simd_lt(i8x16::splat(0x20)) | is(bytes, b'"') | is(bytes, b'\\')).to_bitmask();
    find(text, at, among, |byte| !matches!(byte, 0x20..0x80) || byte == b'"' || byte == b'\\')
}

/// The offset of the first quote, backslash or control character from `at` on, or the end of the text.
#[inline(never)]
pub(crate) fn end_of_plain(text: &[u8], at: usize) -> usize {
    let among = |bytes: i8x16| {
        let control = bytes.simd_lt(i8x16::splat(0x20)) & bytes.simd_ge(i8x16::splat(0));
        (control | is(bytes, b'"') | is(bytes, b'\\')).to_bitmask()
    };
    find(text, at, among, |byte| byte < 0x20 || byte == b'"' || byte == b'\\')
}

/// The offset of the first byte from `at` on that is not white space, or the end of the text.
pub(crate) fn end_of_white_space(text: &[u8], at: usize) -> usize {
    let among = |bytes: i8x16| {
        let space = is(bytes, b' ') | is(bytes, b'\n') | is(bytes, b'\r') | is(bytes, b'\t');
        !space.to_bitmask() & 0xFFFF
    };
    find(text, at, among, |byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
}

/// The length of the number at an offset, and how it is written. `None` for what has
/// a sign or an exponent, is longer than fifteen bytes, stands near the end of the text, or is no number:
/// that is for somebody with more patience.
#[inline(always)]
pub(crate) fn short_number(text: &[u8], at: usize) -> Option<(usize, NumberForm)> {
    let bytes = chunk(text, at)?;
    let points = is(bytes, b'.').to_bitmask();
    let digit =
        bytes.simd_ge(i8x16::splat(b'0'.cast_signed())) & bytes.simd_le(i8x16::splat(b'9'.cast_signed()));
    let length = (digit.to_bitmask() | points).trailing_ones();
    let end = at + length as usize;
    let after = text.get(end).copied()?;
    // The two brackets differ in one bit.
    let complete = after == b',' || after | 0x20 == b'}' || after <= b' ';
    if !complete || length == 0 || length as usize >= WIDTH {
        return None;
    }
    let points = points & ((1 << length) - 1);
    let first_is_zero = text.get(at) == Some(&b'0');
    if points == 0 {
        return (!first_is_zero || length == 1).then_some((length as usize, NumberForm::Digits));
    }
    let place = points.trailing_zeros();
    let one_within = points.is_power_of_two() && place > 0 && place + 1 < length;
    (one_within && (!first_is_zero || place == 1)).then_some((length as usize, NumberForm::Point))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte, at every place of two chunks and a rest.
    #[test]
    fn agrees_with_looking_at_each_byte() {
        let simple = |text: &[u8], stops: fn(u8) -> bool| {
            text.iter().position(|&byte| stops(byte)).unwrap_or(text.len())
        };
        let plain = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
        for byte in 0..=255 {
            for place in 0..40 {
                let mut text = [b'a'; 40];
                text[place] = byte;
                assert_eq!(end_of_plain(&text, 0), simple(&text, plain), "{byte} at {place}");
                let ascii = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\' || byte >= 0x80;
                assert_eq!(end_of_ascii(&text, 0), simple(&text, ascii), "{byte} at {place}");
                let mut text = *b" \n\r\t \n\r\t \n\r\t \n\r\t \n\r\t \n\r\t \n\r\t \n\r\t \n\r\t \n\r\t";
                text[place] = byte;
                let dark = |byte: u8| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
                assert_eq!(end_of_white_space(&text, 0), simple(&text, dark), "{byte} at {place}");
            }
        }
        assert_eq!(end_of_plain(b"ab\"", 3), 3);
        assert_eq!(end_of_plain(b"ab\"", 9), 9, "beyond the end nothing is read");
    }

    #[test]
    fn measures_short_numbers() {
        use NumberForm::{Digits, Point};
        for (number, expected) in [
            ("0", Some((1, Digits))),
            ("-7", None),
            ("12.5", Some((4, Point))),
            ("0.25", Some((4, Point))),
            ("01.5", None),
            (".5", None),
            ("123456789012345", Some((15, Digits))),
            ("1234567890123456", None),
            ("01", None),
            ("-", None),
            ("1.", None),
            ("1e5", None),
            ("1.5.5", None),
            ("1-2", None),
        ] {
            for after in [",", "}", "]", " "] {
                let text = format!("{number}{after}                    ");
                let found = short_number(text.as_bytes(), 0);
                assert_eq!(found, expected, "{number}{after}");
            }
            assert_eq!(short_number(number.as_bytes(), 0), None, "near the end");
        }
    }
}
