/// A JSON number as it stands in the input. Its text is never turned into a floating-point number.
#[derive(Debug, Clone, Copy)]
pub struct Number<'a> {
    /// The lexeme: ASCII, well formed.
    pub text: &'a [u8],
    /// The offset of its first byte.
    pub at: usize,
    /// Whether it is written with digits alone, after a sign.
    pub plain: bool,
}

impl Number<'_> {
    /// Whether there is no fractional part: `1.0` and `1e3` are integers. For every number, whatever its
    /// length or size.
    pub fn is_integer(&self) -> bool {
        self.plain || self.has_no_fraction()
    }

    fn has_no_fraction(&self) -> bool {
        let exponent_at = self.text.iter().position(|byte| matches!(byte, b'e' | b'E'));
        let (mantissa, exponent) =
            self.text.split_at_checked(exponent_at.unwrap_or(self.text.len())).unwrap_or((self.text, b""));
        let Some(last) = mantissa.iter().rposition(|byte| matches!(byte, b'1'..=b'9')) else { return true };
        let point = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
        let distance = |from: usize, to: usize| i64::try_from(to.saturating_sub(from)).unwrap_or(i64::MAX);
        // How far to the right of the point the last digit stands that matters.
        let places = if last > point {
            distance(point, last)
        } else {
            distance(last.saturating_add(1), point).saturating_neg()
        };
        let (negative, digits) = match exponent {
            [_, b'-', digits @ ..] => (true, digits),
            [_, b'+', digits @ ..] | [_, digits @ ..] => (false, digits),
            [] => (false, &[][..]),
        };
        let exponent = digits.iter().fold(0_i64, |value, digit| {
            value.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0')))
        });
        places <= if negative { exponent.saturating_neg() } else { exponent }
    }

    /// The two integers between which the number lies, or twice the same where it is one: `(-2, -1)` for
    /// `-1.5`. `None` for more than 18 digits before the point, and for an exponent.
    #[inline]
    pub fn between(&self) -> Option<(i64, i64)> {
        let (negative, digits) = match self.text {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let mut whole: i64 = 0;
        let mut fraction = 0;
        for (place, &byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' if place < 18 => whole = whole * 10 + i64::from(byte - b'0'),
                b'.' if !digits.iter().any(|byte| matches!(byte, b'e' | b'E')) => {
                    // Zeros alone could be told apart, and never are sent.
                    fraction = 1;
                    break;
                }
                _ => return None,
            }
        }
        Some(if negative { (-whole - fraction, -whole) } else { (whole, whole + fraction) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number<'_> {
        Number { text: text.as_bytes(), at: 0, plain: false }
    }

    #[test]
    fn integers_are_known_whatever_their_length() {
        let zeros = "0".repeat(100_000);
        for text in [
            "0",
            "-0.0",
            "7",
            "1.0",
            "1.50e1",
            "100e-2",
            "1e99999999999999999999",
            "0e-99999999999999999999",
            &format!("1.{zeros}"),
        ] {
            assert!(number(text).is_integer(), "{text:.40}");
        }
        for text in ["0.1", "1.5", "10e-2", "1.05e1", "1e-99999999999999999999", &format!("1.{zeros}1")] {
            assert!(!number(text).is_integer(), "{text:.40}");
        }
    }

    #[test]
    fn lies_between_integers() {
        for (text, between) in [
            ("0", Some((0, 0))),
            ("-0", Some((0, 0))),
            ("12.5", Some((12, 13))),
            ("-1.5", Some((-2, -1))),
            ("-0.25", Some((-1, 0))),
            ("3.0", Some((3, 4))),
            ("999999999999999999", Some((999_999_999_999_999_999, 999_999_999_999_999_999))),
            ("1000000000000000000", None),
            ("1e3", None),
            ("1.5e3", None),
        ] {
            assert_eq!(number(text).between(), between, "{text}");
        }
    }
}
