//! Sixteen bytes at a time.

use wide::i8x16;

const WIDTH: usize = 16;

fn chunk(text: &[u8], at: usize) -> Option<i8x16> {
    let bytes: &[u8; WIDTH] = text.get(at..)?.first_chunk()?;
    Some(i8x16::new(bytes.map(u8::cast_signed)))
}

fn first(mask: u32) -> usize {
    mask.trailing_zeros() as usize
}

/// The offset of the first byte from `at` on that does not simply stand for itself in a string: a quote,
/// a backslash, a control character, or part of a character beyond ASCII. The end of the text where there
/// is none.
#[inline]
pub(crate) fn end_of_ascii(text: &[u8], mut at: usize) -> usize {
    while let Some(bytes) = chunk(text, at) {
        // Signed, all beyond ASCII is less than a space as well.
        let special = bytes.simd_lt(i8x16::splat(0x20))
            | bytes.simd_eq(i8x16::splat(b'"'.cast_signed()))
            | bytes.simd_eq(i8x16::splat(b'\\'.cast_signed()));
        let mask = special.to_bitmask();
        if mask != 0 {
            return at + first(mask);
        }
        at += WIDTH;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|&byte| !matches!(byte, 0x20..0x80) || byte == b'"' || byte == b'\\')
        .unwrap_or(rest.len())
}

/// The offset of the first quote, backslash or control character from `at` on, or the end of the text.
pub(crate) fn end_of_plain(text: &[u8], mut at: usize) -> usize {
    while let Some(bytes) = chunk(text, at) {
        let control = bytes.simd_lt(i8x16::splat(0x20)) & bytes.simd_ge(i8x16::splat(0));
        let special = control
            | bytes.simd_eq(i8x16::splat(b'"'.cast_signed()))
            | bytes.simd_eq(i8x16::splat(b'\\'.cast_signed()));
        let mask = special.to_bitmask();
        if mask != 0 {
            return at + first(mask);
        }
        at += WIDTH;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\').unwrap_or(rest.len())
}

/// The offset of the first byte from `at` on that is not white space, or the end of the text.
pub(crate) fn end_of_white_space(text: &[u8], mut at: usize) -> usize {
    while let Some(bytes) = chunk(text, at) {
        let space = bytes.simd_eq(i8x16::splat(b' '.cast_signed()))
            | bytes.simd_eq(i8x16::splat(b'\n'.cast_signed()))
            | bytes.simd_eq(i8x16::splat(b'\r'.cast_signed()))
            | bytes.simd_eq(i8x16::splat(b'\t'.cast_signed()));
        let mask = !space.to_bitmask() & 0xFFFF;
        if mask != 0 {
            return at + first(mask);
        }
        at += WIDTH;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len())
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
}
