use std::cmp::Ordering;

/// How many digits a number may have where a keyword needs its value.
const MAX_DIGITS: usize = 1024;
/// How large a written exponent may be where a keyword needs the number's value.
const MAX_EXPONENT: i64 = 1_000_000;

/// The exact value of a number: `0.d₁d₂d₃… × 10^point`, no leading or trailing zero digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// `None` where the number is longer or larger than the limits, so that no input can make
    /// arithmetic slow.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let exponent_at = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let (mantissa, exponent) = text.split_at_checked(exponent_at)?;
        let exponent = match exponent {
            [_, b'-', digits @ ..] => parse_exponent(digits)?.checked_neg()?,
            [_, b'+', digits @ ..] | [_, digits @ ..] => parse_exponent(digits)?,
            [] => 0,
        };
        let whole_digits = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
        let mut digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
        if digits.len() > MAX_DIGITS {
            return None;
        }
        let leading_zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.drain(..leading_zeros);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Self { negative: false, digits, point: 0 });
        }
        let point = i64::try_from(whole_digits)
            .ok()?
            .checked_sub(i64::try_from(leading_zeros).ok()?)?
            .checked_add(exponent)?;
        Some(Self { negative, digits, point })
    }

    /// Whether there is no fractional part: `1.0` and `1e3` are integers.
    pub(crate) fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|count| count <= self.point) || self.digits.is_empty()
    }

    /// The number as a count. `None` where it is not an integer from zero on; what no count can reach
    /// becomes the largest there is.
    pub(crate) fn to_count(&self) -> Option<usize> {
        if self.sign() < 0 || !self.is_integer() {
            return None;
        }
        let zeros = self.point.saturating_sub(i64::try_from(self.digits.len()).ok()?);
        let digits = self.digits.iter().copied().chain((0..zeros).map(|_| b'0'));
        let mut count = 0_usize;
        for digit in digits {
            let next = count
                .checked_mul(10)
                .and_then(|count| count.checked_add(usize::from(digit.checked_sub(b'0')?)));
            let Some(next) = next else { return Some(usize::MAX) };
            count = next;
        }
        Some(count)
    }

    /// The number as an integer. `None` where it is not one, or has more than 18 digits.
    pub(crate) fn to_integer(&self) -> Option<i64> {
        let zeros = self.point.checked_sub(i64::try_from(self.digits.len()).ok()?)?;
        if self.digits.is_empty() {
            return Some(0);
        }
        if zeros < 0 || self.point > 18 {
            return None;
        }
        let zeros = (0..zeros).map(|_| b'0');
        let value = self.digits.iter().copied().chain(zeros).try_fold(0_i64, |value, digit| {
            value.checked_mul(10)?.checked_add(i64::from(digit.checked_sub(b'0')?))
        })?;
        if self.negative { value.checked_neg() } else { Some(value) }
    }

    /// The bytes that two numbers share exactly when they are equal.
    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        let sign = if self.negative { b'-' } else { b'+' };
        let point = self.point.to_be_bytes();
        [&[sign], point.as_slice(), self.digits.as_slice()].concat()
    }

    /// Prepares a number to divide others. `None` where it is not above zero, or has more than 18
    /// significant digits.
    pub(crate) fn divisor(&self) -> Option<Divisor> {
        if self.sign() != 1 || self.digits.len() > 18 {
            return None;
        }
        let exponent = self.point.checked_sub(i64::try_from(self.digits.len()).ok()?)?;
        Some(Divisor { digits: self.remainder(u64::MAX)?, exponent })
    }

    /// Whether the number is a whole multiple of another.
    pub(crate) fn is_multiple_of(&self, divisor: &Divisor) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        // Both are an integer without trailing zeros times a power of ten.
        let exponent = i64::try_from(self.digits.len()).ok().and_then(|count| self.point.checked_sub(count));
        let shift = exponent.and_then(|exponent| exponent.checked_sub(divisor.exponent));
        let Some(shift) = shift.and_then(|shift| u64::try_from(shift).ok()) else { return false };
        self.remainder(divisor.digits)
            .zip(power_of_ten(shift, divisor.digits))
            .and_then(|(digits, power)| multiply(digits, power, divisor.digits))
            == Some(0)
    }

    /// The digits, read as an integer, modulo another of at most 18 digits: then no step overflows.
    fn remainder(&self, modulus: u64) -> Option<u64> {
        self.digits.iter().try_fold(0_u64, |remainder, digit| {
            let digit = u64::from(digit.checked_sub(b'0')?);
            remainder.checked_mul(10)?.checked_add(digit)?.checked_rem(modulus)
        })
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sign().cmp(&other.sign()).then_with(|| {
            let magnitude = self.point.cmp(&other.point).then_with(|| self.digits.cmp(&other.digits));
            if self.negative { magnitude.reverse() } else { magnitude }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A number above zero that others may be a multiple of: `digits × 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Divisor {
    digits: u64,
    exponent: i64,
}

/// By doubling, so that no number is larger than 64 bits: those of 128 would bring their own division into
/// the wasm. Both factors are less than the modulus, which has at most 18 digits.
fn multiply(one: u64, other: u64, modulus: u64) -> Option<u64> {
    let (mut product, mut double, mut rest) = (0_u64, one, other);
    while rest > 0 {
        if rest & 1 == 1 {
            product = product.checked_add(double)?.checked_rem(modulus)?;
        }
        double = double.checked_add(double)?.checked_rem(modulus)?;
        rest >>= 1;
    }
    Some(product)
}

fn power_of_ten(exponent: u64, modulus: u64) -> Option<u64> {
    let mut power = 1_u64.checked_rem(modulus)?;
    let mut square = 10_u64.checked_rem(modulus)?;
    let mut rest = exponent;
    while rest > 0 {
        if rest & 1 == 1 {
            power = multiply(power, square, modulus)?;
        }
        square = multiply(square, square, modulus)?;
        rest >>= 1;
    }
    Some(power)
}

fn parse_exponent(digits: &[u8]) -> Option<i64> {
    let significant = digits.iter().position(|&digit| digit != b'0').unwrap_or(digits.len());
    let mut value: i64 = 0;
    for digit in digits.get(significant..)? {
        value = value.checked_mul(10)?.checked_add(i64::from(digit.checked_sub(b'0')?))?;
        if value > MAX_EXPONENT {
            return None;
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn equal_values_are_equal_however_written() {
        for (one, other) in [
            ("1.0", "1"),
            ("1e2", "100"),
            ("0.10", "1E-1"),
            ("-0", "0.0e9"),
            ("12.5e1", "125"),
            ("0.0012", "12e-4"),
        ] {
            assert_eq!(decimal(one), decimal(other), "{one} {other}");
        }
        assert_ne!(decimal("9007199254740993"), decimal("9007199254740992"));
    }

    #[test]
    fn orders_exactly() {
        let ascending =
            ["-1e400", "-2", "-1.5", "-0.1", "0", "1e-400", "0.1", "0.11", "1", "9.99", "10", "1e400"];
        for pair in ascending.windows(2) {
            assert!(decimal(pair[0]) < decimal(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn integers_are_numbers_without_a_fraction() {
        for text in ["0", "-0.0", "1.0", "1e3", "12.50e1", "1e400"] {
            assert!(decimal(text).is_integer(), "{text}");
        }
        for text in ["0.1", "1.5", "1e-1", "12.55e1"] {
            assert!(!decimal(text).is_integer(), "{text}");
        }
    }

    #[test]
    fn small_integers_are_integers() {
        for (text, integer) in [
            ("0", Some(0)),
            ("-12.0", Some(-12)),
            ("1e3", Some(1000)),
            ("999999999999999999", Some(999_999_999_999_999_999)),
            ("1000000000000000000", None),
            ("1e-1", None),
            ("0.5", None),
        ] {
            assert_eq!(decimal(text).to_integer(), integer, "{text}");
        }
    }

    #[test]
    fn multiples_are_exact() {
        let multiple =
            |value: &str, divisor: &str| decimal(value).is_multiple_of(&decimal(divisor).divisor().unwrap());
        for (value, divisor) in [
            ("0", "7"),
            ("4.02", "0.01"),
            ("0.0075", "0.0001"),
            ("-9", "3"),
            ("1e400", "8"),
            ("1e308", "0.123456789e-300"),
            ("9007199254740993", "3"),
            ("12391239123", "1e-8"),
            ("1", "0.5"),
            ("300", "1e2"),
        ] {
            let expected = (value, divisor) != ("1e308", "0.123456789e-300");
            assert_eq!(multiple(value, divisor), expected, "{value} {divisor}");
        }
        for (value, divisor) in
            [("4.015", "0.01"), ("0.00751", "0.0001"), ("35", "1.5"), ("1", "1e1"), ("1e-7", "1e-6")]
        {
            assert!(!multiple(value, divisor), "{value} {divisor}");
        }
        assert!(decimal("0").divisor().is_none() && decimal("-1").divisor().is_none());
        assert!(decimal("1234567890123456789").divisor().is_none());
    }

    #[test]
    fn refuses_what_is_too_long_or_too_large() {
        assert!(Decimal::parse(b"1e1000000").is_some());
        assert!(Decimal::parse(b"1e1000001").is_none());
        assert!(Decimal::parse(b"1e-99999999999999999999").is_none());
        assert!(Decimal::parse(&[b'7'; 1024]).is_some());
        assert!(Decimal::parse(&[b'7'; 1025]).is_none());
    }
}
