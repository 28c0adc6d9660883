//! Which headers reach the origin, and under which names.

use crate::headers::Headers;

/// Headers that end at this hop (RFC 9110, 7.6.1), or that the fetch to the origin sets itself.
const HOP_BY_HOP: [&str; 13] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// What we say ourselves begins with this; nobody else's word under such a name is passed on.
const OWN: &str = "x-hookwarden-";
/// The headers of Standard Webhooks, which a relayed request carries itself when it is signed.
const SIGNED: &str = "webhook-";

/// The provider's headers less credentials, less what ends here and less what could pass for ours.
/// Where the relayed request is signed, the sender's `webhook-*` move aside.
pub(crate) fn relayed(headers: &Headers, credentials: &[String], signed: bool) -> Headers {
    let connection = headers.iter().filter(|(name, _)| is("connection", name));
    let named: Vec<&str> = connection.flat_map(|(_, value)| value.split(',')).map(str::trim).collect();
    let mut aside = String::new();
    let mut relayed = Headers::with_room(headers.as_str().len());
    for (name, value) in headers.iter() {
        let ends_here = HOP_BY_HOP.iter().chain(&named).any(|known| is(known, name));
        let credential = credentials.iter().any(|credential| is(credential, name));
        if ends_here || credential || begins(OWN, name) {
            continue;
        }
        if signed && begins(SIGNED, name) {
            aside.clear();
            aside.extend([OWN, "original-"]);
            aside.extend(name.bytes().map(|byte| char::from(fold(byte))));
            relayed.push(&aside, value);
        } else {
            relayed.push(name, value);
        }
    }
    relayed
}

/// What may be kept of them: a queue and a dead letter hold no credential, whatever it is for.
pub(crate) fn kept(name: &str) -> bool {
    !["authorization", "cookie", "x-api-key"].iter().any(|known| is(known, name))
}

/// Whether two names are the same, as far as an origin can tell.
fn is(known: &str, name: &str) -> bool {
    known.len() == name.len() && begins(known, name)
}

fn begins(known: &str, name: &str) -> bool {
    name.len() >= known.len() && known.bytes().zip(name.bytes()).all(|(one, other)| fold(one) == fold(other))
}

/// CGI-style origins cannot tell `-` from `_`, nor capitals from small letters.
fn fold(byte: u8) -> u8 {
    if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headers: &[(&str, &str)], signed: bool) -> Vec<String> {
        let credentials = ["x-mb-secret".to_owned()];
        let headers = relayed(&headers.iter().copied().collect(), &credentials, signed);
        headers.iter().map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn credentials_and_names_like_ours_are_dropped_however_spelled() {
        let headers = [
            ("X-MB-Secret", "s"),
            ("x_mb_secret", "s"),
            ("x-hookwarden-source", "evil"),
            ("X_Hookwarden_Source", "evil"),
            ("host", "h"),
            ("connection", "keep-alive, x-gone"),
            ("x-gone", "1"),
            ("traceparent", "00"),
            ("svix-id", "1"),
        ];
        assert_eq!(names(&headers, false), ["traceparent", "svix-id"]);
    }

    #[test]
    fn the_senders_webhook_headers_move_aside_only_where_ours_take_their_place() {
        let headers = [("webhook-id", "1"), ("Webhook_Signature", "v1,x")];
        assert_eq!(names(&headers, false), ["webhook-id", "Webhook_Signature"]);
        assert_eq!(
            names(&headers, true),
            ["x-hookwarden-original-webhook-id", "x-hookwarden-original-webhook-signature"]
        );
    }
}
