//! Handshakes are answered when the provider's own rule says so, and never count as a delivery.

use hookwarden::{Delivery, Options, Provider, Verdict, Verifier};

use crate::{NOW, SECRET, Sent, hex, hmac_sha256, verifier_of};

const HMAC: &str = r#""algorithm":"hmac-sha256","encoding":"hex","signed_content":"{body}","headers":[{"signature":"x-sig"}]"#;

fn post(verifier: &Verifier, body: &str, signature: &str) -> Verdict {
    Sent { method: "POST", url: None, headers: &[("x-sig", signature)], body: body.as_bytes() }
        .verdict(verifier)
}

fn get(verifier: &Verifier, url: &str) -> Verdict {
    Sent { method: "GET", url: Some(url), headers: &[], body: b"" }.verdict(verifier)
}

#[test]
fn a_signed_handshake_is_answered_only_if_it_is_authentic() {
    let more = r#","handshakes":[{"when":{"/type":"check"},"challenge":"/token","reply":"{\"plain\":\"{challenge}\",\"mac\":\"{mac:hex}\"}","content_type":"application/json"}]"#;
    let verifier = verifier_of(HMAC, more, SECRET);
    let body = r#"{"type":"check","token":"qgg8vlvZ"}"#;
    let verdict = post(&verifier, body, &hex(&hmac_sha256(body.as_bytes())));
    let handshake = verdict.handshake.unwrap();
    let mac = hex(&hmac_sha256(b"qgg8vlvZ"));
    assert_eq!(handshake.body, format!(r#"{{"plain":"qgg8vlvZ","mac":"{mac}"}}"#));
    assert_eq!((handshake.status, handshake.content_type.as_str()), (200, "application/json"));
    let forged = post(&verifier, body, &hex(&hmac_sha256(b"other")));
    assert_eq!(forged.handshake, None);
    assert_eq!(forged.code().unwrap().as_str(), "signature_mismatch");
    for other in [
        r#"{"type":"event","token":"qgg8vlvZ"}"#,
        r#"{"type":"check"}"#,
        r#"{"type":"check","token":""}"#,
        r#"{"type":"check","token":"\",\"x\":\""}"#,
        r#"{"type":"check","token":"<script>"}"#,
        r#"{"type":"check","token":{"a":1}}"#,
        r#"{"type":"check","token":"a","token":"b"}"#,
    ] {
        let verdict = post(&verifier, other, &hex(&hmac_sha256(other.as_bytes())));
        assert_eq!(verdict.handshake, None, "{other}");
        assert!(verdict.is_accepted(), "{other}");
    }
    let long = format!(r#"{{"type":"check","token":"{}"}}"#, "a".repeat(1025));
    assert_eq!(post(&verifier, &long, &hex(&hmac_sha256(long.as_bytes()))).handshake, None);
}

#[test]
fn a_number_can_tell_a_handshake() {
    let more = r#","handshakes":[{"when":{"/type":"1"},"reply":"{\"type\":1}","content_type":"application/json"},{"when":{"/type":"0"},"status":204}]"#;
    let verifier = verifier_of(HMAC, more, SECRET);
    let answer = |body: &str| {
        let handshake = post(&verifier, body, &hex(&hmac_sha256(body.as_bytes()))).handshake?;
        Some((handshake.status, handshake.body))
    };
    assert_eq!(answer(r#"{"type":1}"#), Some((200, r#"{"type":1}"#.into())));
    assert_eq!(answer(r#"{"type":0}"#), Some((204, String::new())));
    assert_eq!(answer(r#"{"type":2}"#), None);
    assert_eq!(answer(r#"{"type":true}"#), None);
}

#[test]
fn an_unsigned_handshake_is_answered_and_still_refused_as_a_delivery() {
    let more =
        r#","handshakes":[{"method":"GET","unsigned":true,"challenge":"?challenge","reply":"{challenge}"}]"#;
    let verifier = verifier_of(HMAC, more, SECRET);
    let verdict = get(&verifier, "https://example.com/?challenge=abc");
    assert_eq!(verdict.handshake.as_ref().map(|reply| reply.body.as_str()), Some("abc"));
    assert_eq!(
        verdict.code().unwrap().as_str(),
        "method_not_allowed",
        "whoever passes handshakes over refuses it"
    );
    assert!(verdict.authentic.is_none());
    for url in [
        "https://example.com/",
        "https://example.com/?other=abc",
        "https://example.com/?challenge=",
        "https://example.com/?challenge=a&challenge=b",
        "https://example.com/?challenge=%3Cscript%3E",
        "https://example.com/?challenge=a%0d%0ab",
    ] {
        assert_eq!(get(&verifier, url).handshake, None, "{url}");
    }
    // Neither is a POST one, nor an authentic delivery.
    let url = Some("https://example.com/?challenge=abc");
    let headers = [("x-sig", "00")];
    let posted = Delivery { method: Some("POST"), url, headers: &headers, body: b"{}" };
    assert_eq!(verifier.verify(&posted, NOW).handshake, None);
}

#[test]
fn a_chosen_token_must_be_configured_and_right() {
    let meta = r#","handshakes":[{"method":"GET","unsigned":true,"when":{"?hub.mode":"subscribe"},"token":"?hub.verify_token","challenge":"?hub.challenge","reply":"{challenge}"}]"#;
    let url =
        "https://example.com/?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock";
    assert_eq!(
        get(&verifier_of(HMAC, meta, SECRET), url).handshake,
        None,
        "there is no token to compare with"
    );
    let definition = format!(
        r#"{{"name":"toy","title":"Toy","docs":"https://example.com","event":{{"type":["/type"]}},"schemes":[{{"name":"s",{HMAC}}}]{meta}}}"#
    );
    let provider = Provider::define(hookwarden::Table::parse(definition.as_bytes()).unwrap()).unwrap();
    let options = Options {
        secrets: vec![SECRET.into()],
        handshake_token: Some("meatyhamhock".into()),
        ..Options::default()
    };
    let verifier = Verifier::new(provider, options).unwrap();
    assert_eq!(get(&verifier, url).handshake.unwrap().body, "1158201444");
    assert_eq!(get(&verifier, &url.replace("meaty", "lean")).handshake, None);
    assert_eq!(get(&verifier, &url.replace("subscribe", "unsubscribe")).handshake, None);
}

#[test]
fn an_unsigned_mac_signs_nothing_that_is_a_delivery() {
    let crc = r#","handshakes":[{"method":"GET","unsigned":true,"challenge":"?crc_token","reply":"{\"response_token\":\"sha256={mac:base64}\"}","content_type":"application/json"}]"#;
    let verifier = verifier_of(HMAC, crc, SECRET);
    assert!(get(&verifier, "https://example.com/?crc_token=abc").handshake.is_some());
    // The MAC of an event would be its signature.
    for body in [r#"{"type":"t"}"#, "[1]", r#""t""#] {
        let escaped: Vec<_> = body.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let escaped = escaped.concat();
        let verdict = get(&verifier, &format!("https://example.com/?crc_token={escaped}"));
        assert_eq!(verdict.handshake, None, "{body}");
    }
}
