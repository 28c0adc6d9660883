//! A scheme that is meant where none is named, of several.

use hookwarden::{Options, Provider, Secret, Signing, Table, Verifier};

use crate::{BODY, NOW, SECRET, Sent, hex, hmac_sha256};

const FIRST: &str = r#""name":"new","algorithm":"hmac-sha256","encoding":"hex","signed_content":"{body}","headers":[{"signature":"x-new"}]"#;
const SECOND: &str = r#""name":"old","algorithm":"hmac-sha1","encoding":"hex","signed_content":"{body}","headers":[{"signature":"x-old"}]"#;

fn verifier(preferred: bool, scheme: Option<&str>) -> Result<Verifier, &'static str> {
    let definition = format!(
        r#"{{"name":"toy","title":"Toy","docs":"https://example.com","event":{{"type":["/type"]}},"schemes":[{{{FIRST},"preferred":{preferred}}},{{{SECOND}}}]}}"#
    );
    let provider = Provider::define(Table::parse(definition.as_bytes()).unwrap()).unwrap();
    let options = Options {
        secrets: vec![Secret::new(SECRET)],
        scheme: scheme.map(str::to_owned),
        ..Options::default()
    };
    Verifier::new(provider, options).map_err(|misuse| misuse.code())
}

fn code(verifier: &Verifier, headers: &[(&str, &str)]) -> &'static str {
    Sent { method: "POST", url: None, headers, body: BODY }.code(verifier)
}

#[test]
fn it_is_what_no_name_means_and_headers_choose_nothing() {
    let new = hex(&hmac_sha256(BODY));
    let provider = Provider::builtin("github").unwrap();
    let old = provider
        .sign_as(
            &Secret::new(SECRET),
            &Signing { scheme: Some("hmac-sha1"), now: NOW, ..Signing::default() },
            BODY,
        )
        .unwrap();
    let old = old[0].1.trim_start_matches("sha1=");
    let verifier_of = |scheme| verifier(true, scheme).unwrap();
    for scheme in [None, Some("new")] {
        assert_eq!(code(&verifier_of(scheme), &[("x-new", &new)]), "accepted");
        assert_eq!(code(&verifier_of(scheme), &[("x-old", old)]), "signature_missing");
        assert_eq!(
            code(&verifier_of(scheme), &[("x-old", old), ("x-new", &"0".repeat(64))]),
            "signature_mismatch"
        );
    }
    assert_eq!(code(&verifier_of(Some("old")), &[("x-old", old)]), "accepted");
    assert_eq!(code(&verifier_of(Some("old")), &[("x-new", &new)]), "signature_missing");
    assert_eq!(verifier(true, Some("none")).unwrap_err(), "scheme_unknown");
    assert_eq!(verifier(false, None).unwrap_err(), "scheme_required");
}

#[test]
fn it_signs_too() {
    for (name, header) in [("github", "x-hub-signature-256"), ("standard-webhooks", "webhook-id")] {
        let provider = Provider::builtin(name).unwrap();
        let secret = Secret::new("whsec_aHVudGVyMiBhbmQgbW9yZQ==");
        let headers = provider.sign(None, &secret, Some("msg_1"), NOW, BODY).unwrap();
        assert!(headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header)), "{headers:?}");
    }
}
