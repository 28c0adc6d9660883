//! Values of definitions in words.

use serde_json::Value;

/// The text of a key on a line of its own: `key = "…"`.
pub(crate) fn quoted(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
    line.split('"').nth(1).map(str::to_owned)
}

/// What stands before and after every place of a word.
pub(crate) fn split_at<'a>(text: &'a str, word: &str) -> Vec<(&'a str, &'a str)> {
    text.match_indices(word).map(|(at, _)| (&text[..at], &text[at + word.len()..])).collect()
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

pub(crate) fn code(text: &str) -> String {
    format!("`{text}`")
}

/// `a`, `b`
pub(crate) fn codes(list: &Value) -> String {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.map(code).collect::<Vec<_>>().join(", ")
}

pub(crate) fn duration(seconds: &Value) -> Option<String> {
    let mut rest = seconds.as_u64()?;
    let mut parts = Vec::new();
    for (length, unit) in [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")] {
        if rest >= length {
            parts.push(format!("{} {unit}", rest / length));
        }
        rest %= length;
    }
    Some(parts.join(" "))
}

pub(crate) fn retried(word: &str) -> &'static str {
    match word {
        "non-2xx" => "any status but 2xx",
        "5xx" => "5xx; a 4xx is final",
        "none" => "nothing",
        _ => "not known",
    }
}

pub(crate) fn algorithm(scheme: &Value) -> &'static str {
    match text(scheme, "algorithm") {
        "hmac-sha256" => "HMAC-SHA256",
        "hmac-sha1" => "HMAC-SHA1",
        "hmac-sha512" => "HMAC-SHA512",
        "sha256" => "SHA-256",
        "sha1" => "SHA-1",
        "ed25519" => "Ed25519",
        "ecdsa-p256" => "ECDSA, P-256 and SHA-256",
        "rsa-sha256" => "RSA, PKCS #1 v1.5 and SHA-256",
        _ => "none: the header holds the secret",
    }
}

/// How the header of the signature is written.
pub(crate) fn written(scheme: &Value) -> String {
    let label = text(scheme, "label");
    let encoding = text(scheme, "encoding");
    let separator = text(scheme, "separator");
    let separator = if separator.is_empty() { "," } else { separator };
    match (text(scheme, "grammar"), text(scheme, "timestamp_label"), text(scheme, "prefix")) {
        ("versions", _, _) => format!("`{label},<{encoding}>`, several with a space between"),
        ("pairs", "", _) => format!("`{label}=<{encoding}>`, several with `{separator}` between"),
        ("pairs", time, _) => format!("`{time}=<time>{separator}{label}=<{encoding}>`"),
        ("values", _, _) => format!("`<{encoding}>`, several with `{separator}` between"),
        (_, _, "") if encoding.is_empty() => "`<secret>`".into(),
        (_, _, prefix) => {
            let what = if encoding.is_empty() { "secret" } else { encoding };
            let optional = scheme["prefix_optional"] == true;
            format!("`{prefix}<{what}>`{}", if optional { ", or without the prefix" } else { "" })
        }
    }
}

pub(crate) fn secret(scheme: &Value) -> &'static str {
    match (text(scheme, "secret"), is_public_key(scheme)) {
        ("whsec", _) => "base64, after `whsec_`",
        ("base64", false) => "base64",
        ("hex", false) => "hexadecimal",
        ("hex", true) => "the public key, in hexadecimal",
        ("whpk", _) => "the public key: base64, after `whpk_`",
        ("base64", true) => "the public key, in base64",
        (_, true) => "the public key: PEM, or its base64 alone",
        _ => "the whole text, as it is shown",
    }
}

pub(crate) fn is_public_key(scheme: &Value) -> bool {
    matches!(text(scheme, "algorithm"), "ed25519" | "ecdsa-p256" | "rsa-sha256")
}

pub(crate) fn is_token(scheme: &Value) -> bool {
    text(scheme, "algorithm") == "static-token"
}

pub(crate) fn signs(scheme: &Value, field: &str) -> bool {
    text(scheme, "signed_content").contains(field)
}
