/// `duration` of RFC 3339, appendix A. Unlike in ISO 8601, no unit is left out between two others.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(text) = text.strip_prefix('P') else { return false };
    if let Some(weeks) = text.strip_suffix('W') {
        return is_number(weeks);
    }
    match text.split_once('T') {
        None => is_run(text, b"YMD"),
        Some((date, time)) => (date.is_empty() || is_run(date, b"YMD")) && is_run(time, b"HMS"),
    }
}

/// One or more numbers, whose units follow each other in the list.
fn is_run(text: &str, mut units: &[u8]) -> bool {
    let mut is_first = true;
    for component in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let Some((unit, number)) = component.as_bytes().split_last() else { return false };
        let Some(at) = units.iter().position(|known| known == unit) else { return false };
        if number.is_empty() || (at > 0 && !is_first) {
            return false;
        }
        units = units.get(at..).and_then(<[u8]>::split_first).map_or(&[], |(_, later)| later);
        is_first = false;
    }
    !is_first
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
