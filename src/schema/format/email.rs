use super::hostname::is_hostname;
use super::ip::{is_ipv4, is_ipv6};

/// `Mailbox` of RFC 5321, 4.1.2, with the limits of 4.5.3.1. The only tag of an address literal is `IPv6`.
pub(super) fn is_email(text: &str) -> bool {
    let at = text.bytes().rposition(|byte| byte == b'@');
    let Some((local, domain)) = at.and_then(|at| text.split_at_checked(at)) else { return false };
    let domain = domain.strip_prefix('@').unwrap_or_default();
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_domain = match literal {
        None => is_hostname(domain),
        Some(literal) => match literal.split_at_checked(5) {
            Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => is_ipv6(address),
            _ => is_ipv4(literal),
        },
    };
    is_domain && local.len() <= 64 && (local.split('.').all(is_atom) || is_quoted(local))
}

fn is_atom(text: &str) -> bool {
    let is_atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_atext)
}

fn is_quoted(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else { return false };
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'"' => return false,
            b'\\' => bytes.next().unwrap_or_default(),
            _ => byte,
        };
        if !(b' '..=b'~').contains(&byte) {
            return false;
        }
    }
    true
}
