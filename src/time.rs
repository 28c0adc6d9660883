//! Times as payloads write them.

use crate::digits::number as digits;

/// Reads an RFC 3339 date-time as Unix seconds; a fraction is dropped, a missing offset means UTC.
/// `None` for anything else.
pub(crate) fn parse_date_time(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let year = digits(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    let (time, rest) = rest.split_at_checked(9)?;
    let [b'T' | b't' | b' ', h1, h2, b':', n1, n2, b':', s1, s2] = time else { return None };
    let (hour, minute, second) = (digits(&[*h1, *h2])?, digits(&[*n1, *n2])?, digits(&[*s1, *s2])?);
    let leap = year.checked_rem(4)? == 0 && (year.checked_rem(100)? != 0 || year.checked_rem(400)? == 0);
    let month_days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if day == 0 || day > month_days || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = match skip_fraction(rest)? {
        [] | [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', n1, n2] => {
            let seconds = clock(digits(&[*h1, *h2])?, digits(&[*n1, *n2])?, 0)?;
            if *sign == b'-' { seconds.checked_neg()? } else { seconds }
        }
        _ => return None,
    };
    days_from_epoch(year, month, day)?
        .checked_mul(86_400)?
        .checked_add(clock(hour, minute, second)?)?
        .checked_sub(offset)
}

/// Writes Unix seconds as an RFC 3339 date-time in UTC; years after 9999 have no such form and are cut.
#[expect(clippy::arithmetic_side_effects, reason = "days of four-digit years")]
pub(crate) fn write_date_time(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400).clamp(-719_468, 2_932_896), seconds.rem_euclid(86_400));
    // Years that begin in March, as below.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    let [hour, minute, second] = [rest / 3600, rest / 60 % 60, rest % 60];
    format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", era * 400 + year)
}

fn skip_fraction(rest: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = rest.strip_prefix(b".") else { return Some(rest) };
    let end = fraction.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(fraction.len());
    if end == 0 { None } else { fraction.get(end..) }
}

fn clock(hours: i64, minutes: i64, seconds: i64) -> Option<i64> {
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(60)?.checked_add(seconds)
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March, so that the
/// leap day is a year's last.
#[expect(clippy::arithmetic_side_effects, reason = "the year has four digits")]
fn days_from_epoch(year: i64, month: i64, day: i64) -> Option<i64> {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_before_month = (153 * month + 2) / 5;
    (365 * year + leap_days + days_before_month + day - 1).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_calendar() {
        // Expected values from `date -u -d … +%s`.
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-01-15T10:30:00Z", 1_705_314_600),
            ("2024-02-29T23:59:59.999999+00:00", 1_709_251_199),
            ("2023-07-15T14:30:45.123456-07:00", 1_689_456_645),
            ("2023-07-15t14:30:45", 1_689_431_445),
            ("2000-03-01T00:00:00+05:30", 951_849_000),
            ("1969-12-31T23:59:59Z", -1),
            ("9999-12-31T23:59:60Z", 253_402_300_800),
        ] {
            assert_eq!(parse_date_time(text.as_bytes()), Some(seconds), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2024-01-15",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-01-15T24:00:00Z",
            "2024-01-15T10:30:00.Z",
            "2024-01-15T10:30:00+0100",
            "24-01-15T10:30:00Z",
            "2024-01-15T10:30:00Zx",
        ] {
            assert_eq!(parse_date_time(text.as_bytes()), None, "{text}");
        }
    }
}
