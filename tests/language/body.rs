//! What is signed of a body, and what is read from it: forms, digests, batches, headers that are not signed.

use hookwarden::{Options, Provider, Secret, Table, Verifier};
use sha2::{Digest, Sha256};

use crate::{SECRET, Sent, code, hex, hmac_sha256, verifier_of};

const HMAC: &str = r#""algorithm":"hmac-sha256","encoding":"hex","headers":[{"signature":"x-sig"}]"#;

#[test]
fn a_form_is_signed_sorted_and_read_as_an_object() {
    let more = r#","payload":"form","methods":["POST","GET"]"#;
    let verifier = verifier_of(&format!(r#"{HMAC},"signed_content":"{{url}}{{form}}""#), more, SECRET);
    let url = "https://example.com/";
    let signature = hex(&hmac_sha256(b"https://example.com/From+1typea b"));
    let judge = |method, body: &[u8]| {
        let sent = Sent { method, url: Some(url), headers: &[("x-sig", &signature)], body };
        sent.verdict(&verifier)
    };
    let verdict = judge("POST", b"type=a+b&From=%2B1");
    assert!(verdict.is_accepted(), "{verdict:?}");
    assert_eq!(verdict.authentic.unwrap().event.event_type.as_deref(), Some("a%20b"));
    // The order and the repetition of a pair change nothing for Twilio, and so neither here.
    assert!(judge("POST", b"From=%2B1&type=a+b&From=%2B1").is_accepted());
    assert!(!judge("POST", b"From=%2B1&type=a+c").is_accepted());
    assert!(!judge("POST", b"").is_accepted());
    let empty = hex(&hmac_sha256(b"https://example.com/"));
    let get = Sent { method: "GET", url: Some(url), headers: &[("x-sig", &empty)], body: b"" };
    let one = get.verdict(&verifier).authentic.expect("a GET has no body").key;
    let url = "https://example.com/?MessageStatus=sent";
    let signature = hex(&hmac_sha256(url.as_bytes()));
    let other = Sent { method: "GET", url: Some(url), headers: &[("x-sig", &signature)], body: b"" };
    assert_ne!(other.verdict(&verifier).authentic.unwrap().key, one, "another URL is another event");
}

#[test]
fn a_digest_in_the_url_stands_for_the_body() {
    let scheme = format!(r#"{HMAC},"signed_content":"{{url}}","body_digest":{{"query":"sum"}}"#);
    let verifier = verifier_of(&scheme, "", SECRET);
    let sum = hex(&Sha256::digest(b"{}"));
    let judge = |url: &str, body: &[u8]| {
        let signature = hex(&hmac_sha256(url.as_bytes()));
        Sent { method: "POST", url: Some(url), headers: &[("x-sig", &signature)], body }.code(&verifier)
    };
    let good = format!("https://x.example/?a=1&sum={sum}");
    assert_eq!(judge(&good, b"{}"), "accepted");
    assert_eq!(judge(&good, b"{ }"), "signature_mismatch");
    assert_eq!(judge("https://x.example/?a=1", b"{}"), "signature_malformed");
    assert_eq!(judge("https://x.example/", b"{}"), "signature_malformed");
    assert_eq!(judge(&format!("{good}&sum={sum}"), b"{}"), "signature_malformed");
    assert_eq!(judge(&good.to_uppercase().replace("SUM", "sum"), b"{}"), "signature_malformed");
    assert_eq!(judge("https://x.example/?sum=", b"{}"), "signature_malformed");
}

#[test]
fn a_digest_of_the_body_can_be_signed() {
    let verifier = verifier_of(&format!(r#"{HMAC},"signed_content":"sum={{body_sha256}}""#), "", SECRET);
    let signature = hex(&hmac_sha256(format!("sum={}", hex(&Sha256::digest(b"{}"))).as_bytes()));
    assert_eq!(code(&verifier, &[("x-sig", &signature)], b"{}"), "accepted");
    assert_eq!(code(&verifier, &[("x-sig", &signature)], b"{} "), "signature_mismatch");
}

#[test]
fn a_type_in_a_header_is_taken_once_and_after_the_body_s() {
    let define = |event: &str| {
        let scheme = format!(r#"{HMAC},"signed_content":"{{body}}""#);
        let definition = format!(
            r#"{{"name":"toy","title":"Toy","docs":"https://example.com","event":{event},"schemes":[{{"name":"s",{scheme}}}]}}"#
        );
        let table = Table::parse(definition.as_bytes()).unwrap();
        let options = Options { secrets: vec![SECRET.into()], ..Options::default() };
        Verifier::new(Provider::define(table).unwrap(), options).unwrap()
    };
    let verifier = define(r#"{"type":["/type"],"type_header":"x-event"}"#);
    let type_of = |headers: &[(&str, &str)], body: &[u8]| {
        let signature = hex(&hmac_sha256(body));
        let headers: Vec<_> = headers.iter().copied().chain([("x-sig", signature.as_str())]).collect();
        let sent = Sent { method: "POST", url: None, headers: &headers, body };
        sent.verdict(&verifier).authentic.unwrap().event.event_type
    };
    assert_eq!(type_of(&[("X-Event", "push")], b"{}").as_deref(), Some("push"));
    assert_eq!(type_of(&[("x-event", "push")], br#"{"type":"signed"}"#).as_deref(), Some("signed"));
    assert_eq!(type_of(&[("x-event", "push"), ("x-event", "push")], b"{}"), None);
    assert_eq!(type_of(&[("x-event", "push, push")], b"{}"), None, "as Fetch joins them");
    assert_eq!(type_of(&[("x-event", "a\r\nb\u{e9}")], b"{}").as_deref(), Some("a%0D%0Ab%C3%A9"));
    assert!(verifier.provider().signature_headers().contains(&"x-event".to_owned()));
}

#[test]
fn the_first_of_a_batch_says_what_it_is() {
    let scheme = format!(r#"{HMAC},"signed_content":"{{body}}""#);
    let verifier = verifier_of(&scheme, "", SECRET);
    let body = br#"[{"type":"a"},{"type":"b"}]"#;
    let signature = hex(&hmac_sha256(body));
    let sent = Sent { method: "POST", url: None, headers: &[("x-sig", &signature)], body };
    assert_eq!(sent.verdict(&verifier).authentic.unwrap().event.event_type, None, "/type is of an object");
}

#[test]
fn a_retry_that_counts_itself_is_the_same_event() {
    let scheme = r#""algorithm":"hmac-sha256","encoding":"hex","signed_content":"{body}","headers":[{"signature":"x-s"}]"#;
    let definition = |attempt: &str| {
        format!(
            r#"{{"name":"toy","title":"Toy","docs":"https://example.com","event":{{"type":["/0/type"]{attempt}}},"schemes":[{{"name":"s",{scheme}}}]}}"#
        )
    };
    let key_with = |attempt: &str, body: &str| {
        let table = Table::parse(definition(attempt).as_bytes()).unwrap();
        let options = Options { secrets: vec![Secret::new(SECRET)], ..Options::default() };
        let verifier = Verifier::new(Provider::define(table).unwrap(), options).unwrap();
        let signature = hex(&hmac_sha256(body.as_bytes()));
        let sent = Sent { method: "POST", url: None, headers: &[("x-s", &signature)], body: body.as_bytes() };
        sent.verdict(&verifier).authentic.unwrap().key
    };
    let key = |body: &str| key_with(r#","attempt":"n""#, body);
    let first = key(r#"[{"type":"a","n":0,"id":1},{"type":"b","n":0,"deep":{"n":0}}]"#);
    assert_eq!(key(r#"[{"type":"a","n":1,"id":1},{"type":"b","n":10,"deep":{"n":2}}]"#), first);
    for other in [
        r#"[{"type":"a","n":1,"id":2},{"type":"b","n":10,"deep":{"n":2}}]"#,
        r#"[{"type":"a","n":1,"id":1}]"#,
        r#"[{"type":"a","n":"1","id":1},{"type":"b","n":10,"deep":{"n":2}}]"#,
    ] {
        assert_ne!(key(other), first, "{other}");
    }
    // What is not a member of that name counts, also right after one, and so does all that is no JSON.
    for (one, other) in [
        (r#"[{"type":"a","n":"x"},5]"#, r#"[{"type":"a","n":"x"},6]"#),
        (r#"[{"type":"a","n":[5]}]"#, r#"[{"type":"a","n":[6]}]"#),
        (r#"[{"n":1}"#, r#"[{"n":2}"#),
        // Where a number begins and ends is part of the key.
        (r#"[{"n":1,"m":23}]"#, r#"[{"n":12,"m":3}]"#),
    ] {
        assert_ne!(key(one), key(other), "{one}");
    }
    // Without the key of the definition, all of it does.
    assert_ne!(key_with("", r#"[{"n":1}]"#), key_with("", r#"[{"n":2}]"#));
}
