//! `ipv4` (RFC 2673, 3.2) and `ipv6` (RFC 4291, 2.2). Written out: the standard library's parser is four
//! times the code.

use crate::digits::number;

pub(super) fn is_ipv4(text: &str) -> bool {
    let is_byte = |part: &str| {
        (part == "0" || !part.starts_with('0')) && number(part.as_bytes()).is_some_and(|number| number < 256)
    };
    text.split('.').count() == 4 && text.split('.').all(is_byte)
}

pub(super) fn is_ipv6(text: &str) -> bool {
    let gap = text.as_bytes().windows(2).position(|pair| pair == b"::");
    match gap.and_then(|at| Some((text.get(..at)?, text.get(at.checked_add(2)?..)?))) {
        // The gap stands for one group at least.
        Some((head, tail)) => {
            matches!((groups(head, false), groups(tail, true)), (Some(head), Some(tail)) if head.saturating_add(tail) < 8)
        }
        None => groups(text, true) == Some(8),
    }
}

/// How many groups there are. An IPv4 address may be the last two of the address.
fn groups(text: &str, last: bool) -> Option<usize> {
    let mut count = 0_usize;
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next().filter(|_| !text.is_empty()) {
        let hex = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mapped = last && parts.peek().is_none() && is_ipv4(part);
        if !hex && !mapped {
            return None;
        }
        count = count.saturating_add(if hex { 1 } else { 2 });
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn agrees_with_the_standard_library() {
        let pieces = ["", ":", "::", "1", "0", "01", "ffff", "fffff", "g", "1.2.3.4", "256", ".", "255"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts.iter().flat_map(|text| pieces.map(|piece| format!("{text}{piece}")));
            texts = longer.collect();
            texts.sort();
            texts.dedup();
        }
        let eight = "1:2:3:4:5:6:7:8";
        texts.extend((0..=15).flat_map(|cut| {
            let head = &eight[..cut];
            ["", ":", "::", "::1", ":1.2.3.4", "::1.2.3.4", ":1:1.2.3.4"].map(|tail| format!("{head}{tail}"))
        }));
        for text in texts {
            assert_eq!(is_ipv4(&text), text.parse::<Ipv4Addr>().is_ok(), "{text}");
            assert_eq!(is_ipv6(&text), text.parse::<Ipv6Addr>().is_ok(), "{text}");
        }
    }
}
