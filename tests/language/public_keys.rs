//! Signatures by public keys: what the core asks, and what follows from the answers.

use base64ct::{Base64, Encoding};
use hookwarden::{Delivery, Host, Options, Provider, PublicKeyCheck, Secret, Table, Verifier};
use p256::ecdsa::signature::Signer;
use p256::pkcs8::EncodePublicKey;

use crate::{BODY, NOW, Sent, base64, code, hex, verifier_of};

const TIMED: &str = r#""encoding":"base64","signed_content":"{timestamp}{body}","tolerance_seconds":300,"headers":[{"signature":"x-sig","timestamp":"x-time"}]"#;

fn message() -> Vec<u8> {
    [NOW.to_string().as_bytes(), BODY].concat()
}

/// The scheme accepts its own signature, and nothing that is near it.
fn judge(algorithm: &str, secret: &str, format: &str, signature: &[u8]) {
    let scheme = format!(r#""algorithm":"{algorithm}","secret":"{format}",{TIMED}"#);
    let verifier = verifier_of(&scheme, "", secret);
    let time = NOW.to_string();
    let judge = |signature: &[u8], time: &str, body: &[u8]| {
        code(&verifier, &[("x-sig", &base64(signature)), ("x-time", time)], body)
    };
    assert_eq!(judge(signature, &time, BODY), "accepted");
    assert_eq!(judge(signature, &time, b"{}"), "signature_mismatch");
    assert_eq!(judge(signature, "1700000001", BODY), "signature_mismatch");
    let mut flipped = signature.to_vec();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(judge(&flipped, &time, BODY), "signature_mismatch");
    assert_eq!(judge(&signature[..4], &time, BODY), "signature_malformed");
    assert_eq!(judge(&[signature, &[0; 1024]].concat(), &time, BODY), "signature_malformed");
    // Whoever cannot check refuses.
    let headers = [("x-sig", base64(signature)), ("x-time", time)];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let delivery = Delivery { method: None, url: None, headers: &headers, body: BODY };
    let verdict = verifier.verify_with(&delivery, NOW, &mut Nobody);
    assert_eq!(verdict.code().unwrap().as_str(), "source_misconfigured");
    assert!(verdict.authentic.is_none());
}

struct Nobody;

impl Host for Nobody {
    fn verify(&mut self, _: &PublicKeyCheck<'_>) -> Option<bool> {
        None
    }
}

#[test]
fn ed25519() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key();
    judge("ed25519", &hex(public.as_bytes()), "hex", &key.sign(&message()).to_bytes());
    judge("ed25519", &base64(public.as_bytes()), "base64", &key.sign(&message()).to_bytes());
    let whpk = format!("whpk_{}", base64(public.as_bytes()));
    judge("ed25519", &whpk, "whpk", &key.sign(&message()).to_bytes());
}

#[test]
fn ecdsa_p256() {
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let signature: p256::ecdsa::DerSignature = key.sign(&message());
    let pem = key.verifying_key().to_public_key_pem(p256::pkcs8::LineEnding::LF).unwrap();
    judge("ecdsa-p256", &pem, "spki", signature.as_bytes());
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    judge("ecdsa-p256", &bare, "spki", signature.as_bytes());
}

#[test]
fn rsa_sha256() {
    // Made with `openssl genrsa 2048`, `openssl rsa -pubout` and `openssl dgst -sha256 -sign`.
    let pem = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAotINmfCCbd0ww8dmKjUo\n0Bd5fy1NPcLr9LnsUHhh0GCFzRx55jrwYLzmEQLHpVI8W1txugGoLyCVwR98vUFV\nd9pnfdx1Kx1l68ay7ltmBmjHY7juBAoAx3jIufmv7HlJa9Mvt5AzXTHCqmnL/vC6\nSNi137+yuUEaW55IoewOlP6/zYGOzVSp0F6EnoFemjTGizT+MhuGvoY+MHqmR1ZG\ndG+lD6iJVTFnEWoRzzkOm0FgftakJKXJT+qw4mpLXhZJRcqduoQ0EKJpxMFcURkJ\nHnZhwsT7nzxT3gpuPelzuVPX1Eo4C7DWWv04E98OMV9cYYKIge/UA/ilX7uaOQcU\nRwIDAQAB\n-----END PUBLIC KEY-----";
    let signature = "idoUIgeDFKWjbLrCy45cIS82coPLX2nf4aErQTeTfKh06tvskX6IDGnQ3SXOkjipWQwTp3kKq7X/gLThL+ZbNM8sueDC44b83BAZNWH6hrQ7Y2MDqVN/GvSDOjDTvLBnu6ZNoK5suDl2o3l/cJVNyAUZi8s0qlk6t9sN2uHZYPSH+bTFguQKjyqmdSEhCBqQCtXtEp8du6rlAkn9hLOtX16atCP8RezkHx2BavBqtCeL/yelzMkFZ1aSbfcwoh+6VS452Rx8owzlXtKwCOll7YXlx17FlM5Seo0TmorFj/JoaiOUKjTmsx7p46M0n35MstnZSPnvkxrPB1daDKJ9sw==";
    judge("rsa-sha256", pem, "spki", &Base64::decode_vec(signature).unwrap());
}

#[test]
fn a_key_of_small_order_vouches_for_nothing() {
    // The neutral element verifies R = identity, s = 0 for every message, where it is not refused.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let scheme = format!(r#""algorithm":"ed25519","secret":"hex",{TIMED}"#);
    let verifier = verifier_of(&scheme, "", &hex(&neutral));
    let mut signature = [0; 64];
    signature[0] = 1;
    let headers = [("x-sig", base64(&signature)), ("x-time", NOW.to_string())];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = Sent { method: "POST", url: None, headers: &headers, body: BODY };
    assert_eq!(sent.code(&verifier), "signature_mismatch");
}

/// Answers by what was asked before.
struct Recorded {
    asked: Vec<(String, Vec<u8>)>,
    answer: Option<bool>,
}

impl Host for Recorded {
    fn verify(&mut self, check: &PublicKeyCheck<'_>) -> Option<bool> {
        self.asked.push((hex(check.key), check.message.concat()));
        self.answer
    }
}

#[test]
fn every_key_is_asked_about_and_only_what_could_be_right() {
    let [one, two] = ["11".repeat(32), "22".repeat(32)];
    let definition = r#"{"name":"toy","title":"Toy","docs":"https://example.com","event":{"type":["/type"]},"schemes":[{"name":"s","algorithm":"ed25519","secret":"hex","grammar":"versions","label":"v1a","encoding":"base64","signed_content":"{body}","headers":[{"signature":"x-sig"}]}]}"#;
    let provider = Provider::define(Table::parse(definition.as_bytes()).unwrap()).unwrap();
    let secrets = vec![Secret::new(one.clone()), Secret::new(two.clone())];
    let verifier = Verifier::new(provider, Options { secrets, ..Options::default() }).unwrap();
    let signature = base64(&[0; 64]);
    let run = |value: &str, answer| {
        let headers = [("x-sig", value)];
        let delivery = Delivery { method: None, url: None, headers: &headers, body: b"{}" };
        let mut recorded = Recorded { asked: Vec::new(), answer };
        let verdict = verifier.verify_with(&delivery, NOW, &mut recorded);
        (recorded.asked, verdict.code().map_or("accepted", hookwarden::Code::as_str))
    };
    let both = vec![(one.clone(), b"{}".to_vec()), (two, b"{}".to_vec())];
    let value = format!("v1a,{signature}");
    assert_eq!(run(&value, None), (both.clone(), "source_misconfigured"));
    assert_eq!(run(&value, Some(false)), (both, "signature_mismatch"));
    assert_eq!(run(&value, Some(true)), (vec![(one, b"{}".to_vec())], "accepted"));
    assert_eq!(run(&format!("v1,{signature}"), Some(true)), (Vec::new(), "signature_mismatch"));
    assert_eq!(run("v1a,AAAA", Some(true)), (Vec::new(), "signature_malformed"));
}
