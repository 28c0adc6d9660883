//! Text of bytes that need not be UTF-8. The standard library has the same in four times the code.

use std::str::from_utf8;

/// The text, with U+FFFD for what is not UTF-8.
pub(crate) fn lossy(mut rest: &[u8]) -> String {
    let mut text = String::with_capacity(rest.len());
    loop {
        let error = match from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return text;
            }
            Err(error) => error,
        };
        let (valid, after) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
        text.push_str(from_utf8(valid).unwrap_or_default());
        text.push('\u{fffd}');
        let Some(wrong) = error.error_len() else { return text };
        rest = after.get(wrong..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_same_as_the_standard_library() {
        let pieces: [&[u8]; 8] = [
            b"a",
            "\u{e9}".as_bytes(),
            b"\xff",
            b"\xe2\x82",
            b"\xed\xa0\x80",
            b"\xf0\x9f\x98",
            b"\xc0\xaf",
            b"",
        ];
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    let text = [one, two, three].concat();
                    assert_eq!(lossy(&text), String::from_utf8_lossy(&text), "{text:?}");
                }
            }
        }
    }
}
