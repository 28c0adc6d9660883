use crate::code::Code;
use crate::digits::number;
use crate::time::parse_date_time;

/// How a scheme writes the time that it signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum TimestampFormat {
    #[default]
    Seconds,
    Milliseconds,
    Rfc3339,
}

impl TimestampFormat {
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("seconds", Self::Seconds), ("milliseconds", Self::Milliseconds), ("rfc3339", Self::Rfc3339)];

    /// Reads a time as Unix seconds. Numbers are digits and nothing else, at most so many that no
    /// arithmetic on them can overflow and every implementation reads the same. Where nothing parts the
    /// time from the body, it must be `exact`: as long as times of today are, so that no digit of the body
    /// can be taken for one of the time.
    pub(crate) fn parse(self, text: &str, exact: bool) -> Result<i64, Code> {
        let (most, today, unit) = match self {
            Self::Seconds => (12, 10, 1),
            Self::Milliseconds => (15, 13, 1000),
            Self::Rfc3339 => {
                let time = parse_date_time(text.as_bytes()).filter(|_| !exact || text.ends_with('Z'));
                return time.ok_or(Code::TimestampMalformed);
            }
        };
        let length = if exact { text.len() == today } else { (1..=most).contains(&text.len()) };
        let number = number(text.as_bytes()).filter(|_| length);
        number.and_then(|number| number.checked_div(unit)).ok_or(Code::TimestampMalformed)
    }

    /// Writes a time; whether there is one of this form.
    pub(crate) fn write(self, now: i64) -> Option<String> {
        (0..1_000_000_000_000).contains(&now).then(|| match self {
            Self::Seconds => now.to_string(),
            Self::Milliseconds => format!("{now}000"),
            Self::Rfc3339 => crate::time::write_date_time(now),
        })
    }
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
        let parse = |text| TimestampFormat::Seconds.parse(text, false);
        assert_eq!(parse("1700000000"), Ok(1_700_000_000));
        assert_eq!(parse("000000000017"), Ok(17));
        for text in ["", "+17", "-17", " 17", "17 ", "1.7", "1700000000abc", "1700000000000", "١٧"] {
            assert_eq!(parse(text), Err(Code::TimestampMalformed), "{text:?}");
        }
    }

    #[test]
    fn units_are_not_mixed() {
        let parse = |text| TimestampFormat::Milliseconds.parse(text, false);
        assert_eq!(parse("1700000000999"), Ok(1_700_000_000));
        assert_eq!(parse("1700000000"), Ok(1_700_000), "seconds, which are long ago as milliseconds");
        assert_eq!(parse("1700000000999000"), Err(Code::TimestampMalformed), "microseconds");
        assert_eq!(parse("2023-11-14T22:13:20Z"), Err(Code::TimestampMalformed));
        let parse = |text| TimestampFormat::Rfc3339.parse(text, false);
        assert_eq!(parse("2023-11-14T22:13:20.999Z"), Ok(1_700_000_000));
        assert_eq!(parse("1700000000"), Err(Code::TimestampMalformed));
    }

    #[test]
    fn a_time_that_touches_the_body_has_one_length() {
        for (format, good, bad) in [
            (TimestampFormat::Seconds, "1700000000", ["170000000", "17000000001", "0170000000 "]),
            (
                TimestampFormat::Milliseconds,
                "1700000000000",
                ["170000000000", "17000000000001", "1700000000"],
            ),
            (
                TimestampFormat::Rfc3339,
                "2023-11-14T22:13:20Z",
                ["2023-11-14T22:13:20", "2023-11-14T22:13:20+00:00", "023-11-14T22:13:20Z"],
            ),
        ] {
            assert_eq!(format.parse(good, true), Ok(1_700_000_000));
            for text in bad {
                assert_eq!(format.parse(text, true), Err(Code::TimestampMalformed), "{text}");
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for now in [0, 1_700_000_000, 951_782_400, 4_102_444_799] {
            for (_, format) in TimestampFormat::WORDS {
                assert_eq!(format.parse(&format.write(now).unwrap(), false), Ok(now));
            }
        }
        assert_eq!(TimestampFormat::Seconds.write(-1), None);
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
