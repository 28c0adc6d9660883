//! The scheme language, feature by feature: definitions made up here, deliveries signed by the crates `hmac`,
//! `sha1` and `sha2` and not by the code under test, and what somebody hostile would make of them.

mod body;
mod handshakes;
mod preferred;
mod public_keys;
mod request;
mod signing;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use hookwarden::{Delivery, Options, Provider, Secret, Table, Verdict, Verifier};
use sha2::Sha256;

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const SECRET: &str = "hunter2 and more";
pub(crate) const BODY: &[u8] = br#"{"type":"t","id":"1"}"#;

/// A verifier for a scheme, given by all keys but its name. `more` are keys of the provider.
pub(crate) fn verifier_of(scheme: &str, more: &str, secret: &str) -> Verifier {
    let definition = format!(
        r#"{{"name":"toy","title":"Toy","docs":"https://example.com","event":{{"type":["/type"]}},"schemes":[{{"name":"s",{scheme}}}]{more}}}"#
    );
    let definition = Table::parse(definition.as_bytes()).unwrap();
    let provider = Provider::define(definition).unwrap_or_else(|misuse| panic!("{scheme}: {misuse}"));
    let options = Options { secrets: vec![Secret::new(secret)], ..Options::default() };
    Verifier::new(provider, options).unwrap_or_else(|misuse| panic!("{scheme}: {misuse}"))
}

pub(crate) struct Sent<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: Option<&'a str>,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a [u8],
}

impl Sent<'_> {
    pub(crate) fn verdict(&self, verifier: &Verifier) -> Verdict {
        let Self { url, headers, body, .. } = *self;
        verifier.verify(&Delivery { method: Some(self.method), url, headers, body }, NOW)
    }

    /// `accepted`, or the code.
    pub(crate) fn code(&self, verifier: &Verifier) -> &'static str {
        self.verdict(verifier).code().map_or("accepted", hookwarden::Code::as_str)
    }
}

/// A POST of a body with headers.
pub(crate) fn code(verifier: &Verifier, headers: &[(&str, &str)], body: &[u8]) -> &'static str {
    Sent { method: "POST", url: None, headers, body }.code(verifier)
}

pub(crate) fn hmac_sha256(content: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())
        .unwrap()
        .chain_update(content)
        .finalize()
        .into_bytes()
        .to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}
