//! A delivery as it was received.

use std::fmt;

/// One HTTP request of a provider, as received: borrowed, and never changed.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The HTTP method, in capitals. `None` where the caller has already judged it.
    pub method: Option<&'a str>,
    /// The URL to which the provider delivers, as the provider knows it: scheme, host and path as they are
    /// configured, never from headers that a proxy forwards, and the query string as it was received. `None`
    /// where it is not known; only some schemes sign it, and they then refuse the delivery.
    pub url: Option<&'a str>,
    /// Name and value of every header, in any order. A header that came twice stands here twice, or
    /// once with its values joined by `", "` as Fetch does: both are judged alike.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, byte for byte.
    pub body: &'a [u8],
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("method", &self.method)
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// How often a header is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    Absent,
    Once(&'a str),
    Repeated,
}

impl<'a> Delivery<'a> {
    /// Looks a header up by name. Spaces and tabs around a value are not part of it (RFC 9110, 5.5).
    pub(crate) fn header(&self, name: &str) -> Found<'a> {
        let mut values = self
            .headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|&(_, value)| value);
        match (values.next(), values.next()) {
            (None, _) => Found::Absent,
            (Some(value), None) => Found::Once(value.trim_matches([' ', '\t'])),
            (Some(_), Some(_)) => Found::Repeated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_whatever_the_case_and_counted() {
        let headers = [("X-One", " a "), ("x-two", "b"), ("X-TWO", "b")];
        let delivery = Delivery { method: None, url: None, headers: &headers, body: b"" };
        assert_eq!(delivery.header("x-one"), Found::Once("a"));
        assert_eq!(delivery.header("x-two"), Found::Repeated);
        assert_eq!(delivery.header("x-three"), Found::Absent);
    }

    #[test]
    fn debug_output_shows_neither_headers_nor_body() {
        let headers = [("x-mb-secret", "hunter2")];
        let delivery = Delivery { method: None, url: None, headers: &headers, body: b"payload" };
        let shown = format!("{delivery:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("payload"), "{shown}");
    }
}
