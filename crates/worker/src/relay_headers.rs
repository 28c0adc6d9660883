//! Which headers reach the origin, and under which names.

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
pub(crate) fn relayed(
    headers: &[(String, String)],
    credentials: &[String],
    signed: bool,
) -> Vec<(String, String)> {
    let connection = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("connection"));
    let named: Vec<String> =
        connection.flat_map(|(_, value)| value.split(',')).map(|name| fold(name.trim())).collect();
    headers
        .iter()
        .filter_map(|(name, value)| {
            let folded = fold(name);
            let ends_here = HOP_BY_HOP.contains(&folded.as_str()) || named.contains(&folded);
            let credential = credentials.iter().any(|credential| fold(credential) == folded);
            if ends_here || credential || folded.starts_with(OWN) {
                None
            } else if signed && folded.starts_with(SIGNED) {
                Some((format!("{OWN}original-{folded}"), value.clone()))
            } else {
                Some((name.clone(), value.clone()))
            }
        })
        .collect()
}

/// What may be kept of them: a queue and a dead letter hold no credential, whatever it is for.
pub(crate) fn kept(name: &str) -> bool {
    !["authorization", "cookie", "x-api-key"].contains(&fold(name).as_str())
}

/// CGI-style origins cannot tell `-` from `_`, nor capitals from small letters.
fn fold(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headers: &[(&str, &str)], signed: bool) -> Vec<String> {
        let headers: Vec<_> =
            headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let credentials = ["x-mb-secret".to_owned()];
        relayed(&headers, &credentials, signed).into_iter().map(|(name, _)| name).collect()
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
