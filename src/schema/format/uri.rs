use super::ip::is_ipv6;

/// `URI` of RFC 3986, 3.
pub(super) fn is_uri(text: &str) -> bool {
    scheme(text).is_some_and(|(scheme, rest)| is_scheme(scheme) && is_relative(rest))
}

/// `URI-reference` of RFC 3986, 4.1.
pub(super) fn is_uri_reference(text: &str) -> bool {
    // Without a scheme, the first segment of a path has no colon.
    if scheme(text).is_some() { is_uri(text) } else { is_relative(text) }
}

/// What stands before and after the colon that ends a scheme.
fn scheme(text: &str) -> Option<(&str, &str)> {
    text.split_once(':').filter(|(scheme, _)| !scheme.contains(['/', '?', '#']))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// All after the scheme.
fn is_relative(text: &str) -> bool {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (hierarchy, query) = text.split_once('?').unwrap_or((text, ""));
    let (authority, path) = match hierarchy.strip_prefix("//") {
        Some(rest) => split_before(rest, '/'),
        None => ("", hierarchy),
    };
    is_authority(authority)
        && has_only(path, b":@/")
        && has_only(query, b":@/?")
        && has_only(fragment, b":@/?")
}

fn is_authority(text: &str) -> bool {
    let (user, text) = text.split_once('@').unwrap_or(("", text));
    // The host may be empty, the port too.
    let literal = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (is_host, port) = if let Some((address, port)) = literal {
        (is_ipv6(address) || is_future_address(address), port)
    } else {
        let (host, port) = split_before(text, ':');
        (has_only(host, b""), port)
    };
    let is_port = port.strip_prefix(':').unwrap_or(port).bytes().all(|byte| byte.is_ascii_digit());
    is_host && is_port && (port.is_empty() || port.starts_with(':')) && has_only(user, b":")
}

/// The second part begins with the delimiter, or is empty.
fn split_before(text: &str, delimiter: char) -> (&str, &str) {
    text.find(delimiter).and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""))
}

/// `IPvFuture`.
fn is_future_address(text: &str) -> bool {
    let Some((version, address)) = text.strip_prefix(['v', 'V']).and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !address.is_empty()
        && !address.as_bytes().contains(&b'%')
        && has_only(address, b":")
}

/// Whether there are only unreserved characters, delimiters within a part, escaped octets and what more
/// is named.
fn has_only(text: &str, more: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_fine = match byte {
            b'%' => {
                [bytes.next(), bytes.next()].iter().flatten().filter(|b| b.is_ascii_hexdigit()).count() == 2
            }
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte) || more.contains(&byte),
        };
        if !is_fine {
            return false;
        }
    }
    true
}
