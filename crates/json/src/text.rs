use std::borrow::Cow;

/// A JSON string as it stands in the input, without its quotes.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The bytes between the quotes: valid UTF-8, escapes not yet resolved.
    pub raw: &'a [u8],
    /// Whether there is a backslash in `raw`.
    pub escaped: bool,
    /// Whether every byte of `raw` is ASCII.
    pub ascii: bool,
    /// The offset of the opening quote.
    pub at: usize,
}

impl<'a> Text<'a> {
    /// The characters meant. UTF-8, except that an escaped lone surrogate (JavaScript senders that cut
    /// a string inside an emoji produce it) becomes the three bytes that UTF-8 would give its number,
    /// so that distinct strings stay distinct.
    pub fn decode(&self) -> Cow<'a, [u8]> {
        if !self.escaped {
            return Cow::Borrowed(self.raw);
        }
        let mut out = Vec::with_capacity(self.raw.len());
        for unit in self.units() {
            match unit {
                Unit::Raw(bytes) => out.extend_from_slice(bytes),
                Unit::Character(character) => push_utf8(&mut out, character),
            }
        }
        Cow::Owned(out)
    }

    /// The number of characters (code points); an escaped lone surrogate counts as one.
    pub fn characters(&self) -> usize {
        let count = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        if !self.escaped {
            return if self.ascii { self.raw.len() } else { count(self.raw) };
        }
        self.units()
            .map(|unit| match unit {
                Unit::Raw(bytes) => count(bytes),
                Unit::Character(_) => 1,
            })
            .fold(0, usize::saturating_add)
    }

    fn units(&self) -> Units<'a> {
        Units { rest: self.raw }
    }
}

/// A piece of a string: either bytes that mean themselves, or one escaped character.
enum Unit<'a> {
    Raw(&'a [u8]),
    /// A code point; a lone surrogate is possible.
    Character(u32),
}

/// The pieces of a string that the walk has already found well formed.
struct Units<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    fn next(&mut self) -> Option<Unit<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let plain = self.rest.iter().position(|&byte| byte == b'\\').unwrap_or(self.rest.len());
        if plain > 0 {
            let (bytes, rest) = self.rest.split_at_checked(plain)?;
            self.rest = rest;
            return Some(Unit::Raw(bytes));
        }
        let (character, length) = match *self.rest.get(1)? {
            b'b' => (0x08, 2),
            b'f' => (0x0C, 2),
            b'n' => (0x0A, 2),
            b'r' => (0x0D, 2),
            b't' => (0x09, 2),
            b'u' => self.unicode_escape()?,
            quoted => (u32::from(quoted), 2),
        };
        self.rest = self.rest.get(length..)?;
        Some(Unit::Character(character))
    }
}

impl Units<'_> {
    fn unicode_escape(&self) -> Option<(u32, usize)> {
        let first = hex4(self.rest.get(2..6)?)?;
        if (0xD800..0xDC00).contains(&first)
            && let Some([b'\\', b'u', digits @ ..]) = self.rest.get(6..12)
            && let Some(second @ 0xDC00..0xE000) = hex4(digits)
        {
            let high = (first & 0x3FF) << 10;
            return Some(((high | (second & 0x3FF)).saturating_add(0x1_0000), 12));
        }
        Some((first, 6))
    }
}

/// Four hexadecimal digits of either case.
fn hex4(digits: &[u8]) -> Option<u32> {
    let [_, _, _, _] = digits else { return None };
    digits.iter().try_fold(0, |value: u32, &digit| Some((value << 4) | char::from(digit).to_digit(16)?))
}

#[expect(clippy::cast_possible_truncation, reason = "each part is masked to its bits")]
fn push_utf8(out: &mut Vec<u8>, character: u32) {
    let continuation = |shift: u32| 0x80 | ((character >> shift) & 0x3F) as u8;
    match character {
        0..0x80 => out.push(character as u8),
        0x80..0x800 => out.extend([0xC0 | (character >> 6) as u8, continuation(0)]),
        0x800..0x1_0000 => {
            out.extend([0xE0 | (character >> 12) as u8, continuation(6), continuation(0)]);
        }
        _ => out.extend([
            0xF0 | ((character >> 18) & 0x07) as u8,
            continuation(12),
            continuation(6),
            continuation(0),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> Text<'_> {
        Text { raw: raw.as_bytes(), escaped: raw.contains('\\'), ascii: raw.is_ascii(), at: 0 }
    }

    #[test]
    fn resolves_every_escape() {
        let decoded = text(r#"a\"\\\/\b\f\n\r\té😀z"#).decode().into_owned();
        assert_eq!(String::from_utf8(decoded).unwrap(), "a\"\\/\u{8}\u{c}\n\r\té😀z");
    }

    #[test]
    fn a_lone_surrogate_stays_distinct_and_counts_one() {
        assert_eq!(text(r"\ud800").decode().as_ref(), [0xED, 0xA0, 0x80]);
        assert_eq!(text(r"\udc00x").decode().as_ref(), [0xED, 0xB0, 0x80, b'x']);
        assert_eq!(text(r"\ud800A").characters(), 2);
        assert_eq!(text(r"\ud800\ud83d\ude00").characters(), 2);
    }

    #[test]
    fn length_is_in_characters() {
        assert_eq!(text("é😀").characters(), 2);
        assert_eq!(text(r"é\n").characters(), 2);
    }
}
