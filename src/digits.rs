//! Numbers that are written in digits alone. The standard library's parsers are a kilobyte for each type.

/// The number that decimal digits stand for. `None` for anything else, and where it is too large.
pub(crate) fn number(digits: &[u8]) -> Option<i64> {
    let start = if digits.is_empty() { None } else { Some(0_i64) };
    digits.iter().try_fold(start?, |value, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        value.checked_mul(10)?.checked_add(digit.into())
    })
}

/// The same for an index or a count.
pub(crate) fn count(digits: &[u8]) -> Option<usize> {
    usize::try_from(number(digits)?).ok()
}

/// The byte that two hexadecimal digits stand for.
pub(crate) fn hex(text: &[u8]) -> Option<u8> {
    let [high, low, ..] = text else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?).ok()
}

/// Undoes percent-encoding, with `plus` for `+`. What is no escape stays as it is.
pub(crate) fn unescape(text: &[u8], plus: u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = after;
        bytes.push(match (byte, hex(after)) {
            (b'%', Some(byte)) => {
                rest = after.get(2..).unwrap_or_default();
                byte
            }
            (b'+', _) => plus,
            _ => *byte,
        });
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_nothing_else() {
        assert_eq!(number(b"0012"), Some(12));
        assert_eq!(number(b"9223372036854775807"), Some(i64::MAX));
        for text in ["", "+1", "-1", "1.0", "1e3", " 1", "9223372036854775808"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(hex(b"4a"), Some(0x4A));
        assert_eq!(hex(b"4"), None);
        assert_eq!(unescape(b"a%2fb%zz+", b' '), b"a/b%zz ");
    }
}
