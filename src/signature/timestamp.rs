use crate::code::Code;

/// Reads a signed timestamp: 1 to 12 digits, nothing else, so that no arithmetic on it can overflow and
/// every implementation reads the same.
pub(crate) fn parse_timestamp(text: &str) -> Result<i64, Code> {
    let digits = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(Code::TimestampMalformed)
}

/// Judges the time of an attempt against the tolerance, both ways and inclusive.
pub(crate) fn check_tolerance(timestamp: i64, now: i64, tolerance_seconds: u32) -> Result<(), Code> {
    let age = now.saturating_sub(timestamp);
    let tolerance = i64::from(tolerance_seconds);
    if age > tolerance {
        Err(Code::TimestampTooOld)
    } else if age < tolerance.saturating_neg() {
        Err(Code::TimestampTooNew)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_only() {
        assert_eq!(parse_timestamp("1700000000"), Ok(1_700_000_000));
        assert_eq!(parse_timestamp("000000000017"), Ok(17));
        for text in ["", "+17", "-17", " 17", "17 ", "1.7", "1700000000abc", "1700000000000", "١٧"] {
            assert_eq!(parse_timestamp(text), Err(Code::TimestampMalformed), "{text:?}");
        }
    }

    #[test]
    fn tolerance_is_inclusive_and_never_overflows() {
        assert_eq!(check_tolerance(1000, 1300, 300), Ok(()));
        assert_eq!(check_tolerance(1000, 1301, 300), Err(Code::TimestampTooOld));
        assert_eq!(check_tolerance(1000, 700, 300), Ok(()));
        assert_eq!(check_tolerance(1000, 699, 300), Err(Code::TimestampTooNew));
        assert_eq!(check_tolerance(i64::MIN, i64::MAX, u32::MAX), Err(Code::TimestampTooOld));
        assert_eq!(check_tolerance(i64::MAX, i64::MIN, u32::MAX), Err(Code::TimestampTooNew));
    }
}
