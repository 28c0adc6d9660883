//! What is signed besides the body: method, URL, headers, time.

use sha2::{Digest, Sha256};

use crate::{BODY, NOW, SECRET, Sent, base64, code, hex, hmac_sha256, verifier_of};

const HEADERS: &str = r#""headers":[{"signature":"x-sig"}],"encoding":"hex""#;
const URL: &str = "https://example.com/hook?a=1";

fn signed(content: &str) -> String {
    hex(&hmac_sha256(content.as_bytes()))
}

#[test]
fn method_and_url_are_signed_as_given() {
    let scheme =
        format!(r#""algorithm":"hmac-sha256",{HEADERS},"signed_content":"{{method}}{{url}}{{body}}""#);
    let verifier = verifier_of(&scheme, r#","methods":["POST","PUT"]"#, SECRET);
    let text = String::from_utf8(BODY.to_vec()).unwrap();
    let signature = signed(&format!("POST{URL}{text}"));
    let headers = [("x-sig", signature.as_str())];
    let judge = |method, url, body| Sent { method, url, headers: &headers, body }.code(&verifier);
    assert_eq!(judge("POST", Some(URL), BODY), "accepted");
    assert_eq!(judge("PUT", Some(URL), BODY), "signature_mismatch");
    assert_eq!(judge("POST", Some("https://example.com/hook?a=2"), BODY), "signature_mismatch");
    assert_eq!(judge("POST", None, BODY), "source_misconfigured", "never accepted without the URL");
    // The beginning of the body is not moved into the URL.
    let moved = format!("{URL}{{");
    assert_eq!(judge("POST", Some(&moved), &BODY[1..]), "signature_malformed");
    assert_eq!(judge("POST", Some("https://exämple.com/"), BODY), "signature_malformed");
}

#[test]
fn some_escapes_of_the_url_are_undone() {
    let scheme = format!(
        r#""algorithm":"hmac-sha256",{HEADERS},"signed_content":"{{url}}{{body}}","url_unescape":":@""#
    );
    let verifier = verifier_of(&scheme, "", SECRET);
    // The body follows the URL.
    let signature = signed("https://x.example/?a=:@%2F%zz%{}");
    let url = "https://x.example/?a=%3A%40%2F%zz%";
    let sent = Sent { method: "POST", url: Some(url), headers: &[("x-sig", &signature)], body: b"{}" };
    assert_eq!(sent.code(&verifier), "accepted");
}

#[test]
fn signed_headers_must_be_there_once_and_end() {
    let scheme =
        format!(r#""algorithm":"hmac-sha256",{HEADERS},"signed_content":"{{header:x-topic}}|{{body}}""#);
    let verifier = verifier_of(&scheme, "", SECRET);
    let signature = signed("orders|{}");
    let sig = ("x-sig", signature.as_str());
    assert_eq!(code(&verifier, &[sig, ("X-Topic", "orders")], b"{}"), "accepted");
    assert_eq!(code(&verifier, &[sig], b"{}"), "signature_malformed");
    assert_eq!(code(&verifier, &[sig, ("x-topic", "refunds")], b"{}"), "signature_mismatch");
    assert_eq!(
        code(&verifier, &[sig, ("x-topic", "orders"), ("x-topic", "orders")], b"{}"),
        "signature_malformed"
    );
    assert_eq!(code(&verifier, &[sig, ("x-topic", "orders, orders")], b"{}"), "signature_malformed");
    // "a|b" and "{}" are the same bytes as "a" and "b|{}".
    let doubtful = signed("a|b|{}");
    assert_eq!(code(&verifier, &[("x-sig", &doubtful), ("x-topic", "a|b")], b"{}"), "signature_malformed");
}

#[test]
fn plain_digests_hold_the_secret() {
    let scheme = format!(r#""algorithm":"sha256",{HEADERS},"signed_content":"{{secret}}{{body}}""#);
    let verifier = verifier_of(&scheme, "", SECRET);
    let good = hex(&Sha256::digest([SECRET.as_bytes(), BODY].concat()));
    assert_eq!(code(&verifier, &[("x-sig", &good)], BODY), "accepted");
    assert_eq!(code(&verifier, &[("x-sig", &hex(&Sha256::digest(BODY)))], BODY), "signature_mismatch");
    assert_eq!(code(&verifier, &[("x-sig", &hex(&hmac_sha256(BODY)))], BODY), "signature_mismatch");
}

#[test]
fn every_hash_has_its_length() {
    use hmac::{Hmac, KeyInit, Mac};
    let sha1 = Hmac::<sha1::Sha1>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(BODY).finalize();
    let sha512 =
        Hmac::<sha2::Sha512>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(BODY).finalize();
    let macs = [
        ("hmac-sha1", hex(&sha1.into_bytes())),
        ("hmac-sha256", hex(&hmac_sha256(BODY))),
        ("hmac-sha512", hex(&sha512.into_bytes())),
    ];
    for (algorithm, good) in &macs {
        let scheme = format!(r#""algorithm":"{algorithm}",{HEADERS},"signed_content":"{{body}}""#);
        let verifier = verifier_of(&scheme, "", SECRET);
        for (other, mac) in &macs {
            let expected = if algorithm == other { "accepted" } else { "signature_malformed" };
            assert_eq!(code(&verifier, &[("x-sig", mac)], BODY), expected, "{other} for {algorithm}");
        }
        assert_eq!(code(&verifier, &[("x-sig", &good[2..])], BODY), "signature_malformed");
        assert_eq!(code(&verifier, &[("x-sig", &good.to_uppercase())], BODY), "signature_malformed");
    }
}

#[test]
fn milliseconds_and_dates_are_not_seconds() {
    for (format, good, stale, malformed) in [
        ("seconds", "1700000000", "1699999000", "1700000000000"),
        ("milliseconds", "1700000000000", "1700000000", "1700000000000000"),
        ("rfc3339", "2023-11-14T22:13:20Z", "2023-11-14T21:13:20Z", "1700000000"),
    ] {
        let scheme = format!(
            r#""algorithm":"hmac-sha256","encoding":"hex","signed_content":"{{timestamp}}.{{body}}","timestamp_format":"{format}","tolerance_seconds":300,"headers":[{{"signature":"x-sig","timestamp":"x-time"}}]"#
        );
        let verifier = verifier_of(&scheme, "", SECRET);
        for (time, expected) in
            [(good, "accepted"), (stale, "timestamp_too_old"), (malformed, "timestamp_malformed")]
        {
            let signature = signed(&format!("{time}.{{}}"));
            assert_eq!(
                code(&verifier, &[("x-sig", &signature), ("x-time", time)], b"{}"),
                expected,
                "{format} {time}"
            );
        }
        let signature = signed(&format!("{good}.{{}}"));
        let twice = [("x-sig", signature.as_str()), ("x-time", good), ("X-Time", good)];
        assert_eq!(code(&verifier, &twice, b"{}"), "timestamp_malformed");
        assert_eq!(code(&verifier, &twice[..1], b"{}"), "timestamp_missing");
    }
}

#[test]
fn no_digit_moves_between_time_and_body() {
    let scheme = r#""algorithm":"hmac-sha256","encoding":"hex","signed_content":"{timestamp}{body}","tolerance_seconds":300,"headers":[{"signature":"x-sig","timestamp":"x-time"}]"#;
    let verifier = verifier_of(scheme, "", SECRET);
    let signature = signed("17000000001");
    let judge = |time: &str, body: &[u8]| code(&verifier, &[("x-sig", &signature), ("x-time", time)], body);
    assert_eq!(judge("1700000000", b"1"), "accepted");
    assert_eq!(judge("170000000", b"01"), "timestamp_malformed");
    assert_eq!(judge("17000000001", b""), "timestamp_malformed");
}

#[test]
fn a_time_in_the_body_is_judged_after_the_signature() {
    let scheme = format!(
        r#""algorithm":"hmac-sha256",{HEADERS},"signed_content":"{{body}}","timestamp_pointer":"/at","timestamp_format":"milliseconds","tolerance_seconds":60"#
    );
    let verifier = verifier_of(&scheme, "", SECRET);
    for (body, expected) in [
        (r#"{"type":"t","at":1700000000999}"#, "accepted"),
        (r#"{"type":"t","at":"1700000060000"}"#, "accepted"),
        (r#"{"type":"t","at":1699999939000}"#, "timestamp_too_old"),
        (r#"{"type":"t","at":1700000061000}"#, "timestamp_too_new"),
        (r#"{"type":"t","at":1700000000}"#, "timestamp_too_old"),
        (r#"{"type":"t","at":1.7e12}"#, "timestamp_malformed"),
        (r#"{"type":"t","at":null}"#, "timestamp_missing"),
        (r#"{"type":"t"}"#, "timestamp_missing"),
        (r#"{"at":1700000000000,"at":1700000000000}"#, "timestamp_missing"),
        ("no JSON", "timestamp_missing"),
    ] {
        assert_eq!(code(&verifier, &[("x-sig", &signed(body))], body.as_bytes()), expected, "{body}");
        assert_eq!(code(&verifier, &[("x-sig", &signed("other"))], body.as_bytes()), "signature_mismatch");
    }
    let body = format!(r#"{{"type":"t","at":{NOW}000}}"#);
    let verdict =
        Sent { method: "POST", url: None, headers: &[("x-sig", &signed(&body))], body: body.as_bytes() };
    assert_eq!(verdict.verdict(&verifier).authentic.unwrap().event.timestamp, Some(NOW));
}

#[test]
fn a_token_may_have_a_prefix_or_be_basic_authentication() {
    let bearer = verifier_of(
        r#""algorithm":"static-token","prefix":"Bearer ","headers":[{"signature":"authorization"}]"#,
        "",
        "abc",
    );
    let judge = |value: &str| code(&bearer, &[("Authorization", value)], b"{}");
    assert_eq!(judge("Bearer abc"), "accepted");
    for wrong in ["abc", "bearer abc", "Bearer  abc", "Bearer abcd", "Bearer ab", "Basic abc"] {
        assert_eq!(judge(wrong), "signature_mismatch", "{wrong}");
    }
    assert_eq!(judge("Bearer abc, Bearer abc"), "signature_malformed");
    assert_eq!(bearer.provider().credentials(), ["authorization"], "never relayed");
    let scheme = r#""algorithm":"static-token","prefix":"Basic ","encoding":"base64","headers":[{"signature":"authorization"}]"#;
    let basic = verifier_of(scheme, "", "user:pass,word");
    let value = format!("Basic {}", base64(b"user:pass,word"));
    assert_eq!(code(&basic, &[("authorization", &value)], b"{}"), "accepted");
    assert_eq!(code(&basic, &[("authorization", "Basic user:pass")], b"{}"), "signature_mismatch");
}

#[test]
fn a_list_takes_any_signature_of_its_label() {
    let scheme = r#""algorithm":"hmac-sha256","encoding":"hex","grammar":"pairs","label":"v1","separator":";","signed_content":"{body}","headers":[{"signature":"x-sig"}]"#;
    let verifier = verifier_of(scheme, "", SECRET);
    let [good, bad] = [signed("{}"), signed("[]")];
    for (value, expected) in [
        (format!("v1={good}"), "accepted"),
        (format!("v1={bad};v1={good}"), "accepted"),
        (format!("v0={good};v2={good};v1={good}"), "accepted"),
        (format!("v1={bad};v1={bad}"), "signature_mismatch"),
        (format!("v0={good}"), "signature_mismatch"),
        (format!("V1={good}"), "signature_mismatch"),
        (format!("v1={good};"), "signature_malformed"),
        (format!("v1={good}, v1={good}"), "signature_malformed"),
        (format!("v1={}", &good[1..]), "signature_malformed"),
        (good.clone(), "signature_malformed"),
    ] {
        assert_eq!(code(&verifier, &[("x-sig", &value)], b"{}"), expected, "{value}");
    }
    let one = format!("v1={good}");
    assert_eq!(code(&verifier, &[("x-sig", &one), ("X-Sig", &one)], b"{}"), "signature_malformed");
}
