//! Signing, held against signatures that this code did not make: those of the vectors.

use hookwarden::{Provider, Secret};
use serde_json::Value;

const FILES: [&str; 5] = [
    include_str!("vectors/attendee.json"),
    include_str!("vectors/audian.json"),
    include_str!("vectors/efficlose.json"),
    include_str!("vectors/meeting-baas.json"),
    include_str!("vectors/mobile-assistant.json"),
];

#[test]
fn signs_as_the_providers_do() {
    let mut schemes = Vec::new();
    for vector in FILES.iter().flat_map(|file| serde_json::from_str::<Vec<Value>>(file).unwrap()) {
        if vector["expect"]["verdict"] != "accepted" {
            continue;
        }
        let provider = Provider::builtin(vector["provider"].as_str().unwrap()).unwrap();
        let scheme = vector["scheme"].as_str();
        let timestamp = header(&vector, &["x-audian-timestamp", "svix-timestamp", "webhook-timestamp"]);
        let now = timestamp.map_or(0, |text| text.parse().unwrap());
        if timestamp.is_some_and(|text| text != now.to_string()) {
            continue; // with zeros in front, which is signed as sent and written by nobody
        }
        let id = header(&vector, &["svix-id", "webhook-id"]);
        let body = decode(vector["body_base64"].as_str().unwrap());
        let found = vector["secrets"].as_array().unwrap().iter().any(|secret| {
            let secret = Secret::new(secret.as_str().unwrap());
            let headers = provider.sign(scheme, &secret, id, now, &body).unwrap();
            let (name, signature) = &headers[0];
            let mac = signature.rsplit(['=', ',']).find(|part| !part.is_empty()).unwrap();
            let names = [name, "webhook-signature"];
            header(&vector, &names).is_some_and(|sent| sent.contains(mac))
        });
        assert!(found, "{}", vector["id"]);
        schemes.push(format!("{} {scheme:?}", provider.name()));
    }
    schemes.sort();
    schemes.dedup();
    assert_eq!(schemes.len(), 8, "{schemes:?}");
}

#[test]
fn what_cannot_be_signed_is_misuse() {
    let sign = |provider: &str, scheme, secret: &str, id, now, body: &[u8]| {
        let provider = Provider::builtin(provider).unwrap();
        provider.sign(scheme, &Secret::new(secret), id, now, body).unwrap_err().code()
    };
    let svix = Some("svix");
    assert_eq!(sign("attendee", None, "c2VjcmV0", None, 0, b"no JSON"), "unsignable");
    assert_eq!(sign("audian", None, "secret", None, -1, b""), "unsignable");
    assert_eq!(sign("audian", None, "secret", None, 1_000_000_000_000, b""), "unsignable");
    assert_eq!(sign("meeting-baas", svix, "whsec_c2VjcmV0", Some("a.b"), 0, b""), "unsignable");
    assert_eq!(sign("meeting-baas", svix, "whsec_c2VjcmV0", Some(""), 0, b""), "unsignable");
    assert_eq!(sign("meeting-baas", svix, "whsec_!", None, 0, b""), "secret_invalid");
    assert_eq!(sign("meeting-baas", Some("api-key"), "a,b", None, 0, b""), "secret_invalid");
    assert_eq!(sign("meeting-baas", None, "secret", None, 0, b""), "scheme_required");
}

/// The value of the first of these headers that is there.
fn header<'v>(vector: &'v Value, names: &[&str]) -> Option<&'v str> {
    let pairs = vector["headers"].as_array().unwrap();
    names.iter().find_map(|name| {
        let pair = pairs.iter().find(|pair| pair[0].as_str().unwrap().eq_ignore_ascii_case(name))?;
        Some(pair[1].as_str().unwrap().trim_matches([' ', '\t']))
    })
}

fn decode(text: &str) -> Vec<u8> {
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap()
}
