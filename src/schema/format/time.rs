use crate::time::parse_date_time;

/// `date-time` of RFC 3339, 5.6. A leap second is one only at 23:59:60 UTC.
pub(super) fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(seconds) = parse_date_time(bytes) else { return false };
    let has_offset = match bytes {
        [.., b'Z' | b'z'] => true,
        [.., b'+' | b'-', tens, ones, b':', b'0'..=b'5', _] => [*tens, *ones] <= *b"23",
        _ => false,
    };
    let is_leap_second = bytes.get(17..19) == Some(b"60");
    // A minute's second 60 is the next one's second 0.
    let may_leap = seconds.rem_euclid(86_400) == 0;
    has_offset && matches!(bytes.get(10), Some(b'T' | b't')) && (may_leap || !is_leap_second)
}

/// `full-date`.
pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10 && is_date_time(&[text, "T00:00:00Z"].concat())
}

/// `full-time`.
pub(super) fn is_time(text: &str) -> bool {
    is_date_time(&["1970-01-01T", text].concat())
}
