//! What is signed by a definition is accepted by it, and everything near it is not.

use hookwarden::{Delivery, Options, Provider, Secret, Signing, Table, Verifier};
use proptest::prelude::*;

use crate::{NOW, SECRET};

/// Definitions of schemes that differ in all that a definition can say of an HMAC or digest.
fn scheme() -> impl Strategy<Value = String> {
    let algorithm = prop_oneof![
        Just("hmac-sha1"),
        Just("hmac-sha256"),
        Just("hmac-sha512"),
        Just("sha1"),
        Just("sha256"),
    ];
    let grammar = prop_oneof![
        Just(r#""grammar":"single""#),
        Just(r#""prefix":"sha=""#),
        Just(r#""grammar":"versions","label":"v1""#),
        Just(r#""grammar":"pairs","label":"v1","separator":";""#),
        Just(r#""grammar":"values","separator":",""#),
    ];
    let content = prop_oneof![
        Just("{timestamp}.{body}"),
        Just("{timestamp}{body}"),
        Just("{body}{timestamp}"),
        Just("v0:{id}:{timestamp}:{body}"),
        Just("{method}{url}{body}"),
        Just("{header:x-topic}|{body}"),
        Just("{url}|{body_sha256}"),
        Just("{url}{form}"),
    ];
    let format = prop_oneof![Just("seconds"), Just("milliseconds"), Just("rfc3339")];
    let encoding = prop_oneof![Just("hex"), Just("base64")];
    (algorithm, grammar, content, format, encoding).prop_map(|(algorithm, grammar, content, format, encoding)| {
        let plain = if algorithm.starts_with("sha") { "{secret}" } else { "" };
        let timed = content.contains("{timestamp}");
        let tolerance = if timed { r#","tolerance_seconds":300"# } else { "" };
        let time = if timed { r#","timestamp":"x-time""# } else { "" };
        let id = if content.contains("{id}") { r#","id":"x-id""# } else { "" };
        format!(
            r#"{{"name":"s","algorithm":"{algorithm}",{grammar},"encoding":"{encoding}","signed_content":"{plain}{content}","timestamp_format":"{format}"{tolerance},"headers":[{{"signature":"x-sig"{time}{id}}}]}}"#
        )
    })
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted_and_nothing_else(
        scheme in scheme(), body in proptest::collection::vec(any::<u8>(), 0..60), at in any::<proptest::sample::Index>(),
    ) {
        let definition = format!(
            r#"{{"name":"toy","title":"Toy","docs":"https://example.com","event":{{"type":["/type"]}},"schemes":[{scheme}]}}"#
        );
        let provider = Provider::define(Table::parse(definition.as_bytes()).unwrap()).unwrap();
        let url = Some("https://example.com/hook?a=1");
        let signing = Signing { now: NOW, url, headers: &[("X-Topic", "orders")], ..Signing::default() };
        let signed = provider.sign_as(&Secret::new(SECRET), &signing, &body).unwrap();
        let options = Options { secrets: vec![SECRET.into()], ..Options::default() };
        let verifier = Verifier::new(provider, options).unwrap();
        let judge = |headers: &[(String, String)], body: &[u8]| {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            verifier.verify(&Delivery { method: Some("POST"), url, headers: &headers, body }, NOW).is_accepted()
        };
        prop_assert!(judge(&signed, &body), "{signed:?}");
        // A form has several spellings of one content.
        if !body.is_empty() && !scheme.contains("{form}") {
            let mut other = body.clone();
            let at = at.index(other.len());
            other[at] ^= 1;
            prop_assert!(!judge(&signed, &other));
        }
        for dropped in 0..signed.len() {
            let mut fewer = signed.clone();
            let header = fewer.remove(dropped);
            prop_assert!(!judge(&fewer, &body), "without {header:?}");
            let twice = [signed.clone(), vec![header.clone()]].concat();
            prop_assert!(!judge(&twice, &body), "twice {header:?}");
            fewer.push((header.0.clone(), format!("{0}, {0}", header.1)));
            prop_assert!(!judge(&fewer, &body), "joined {header:?}");
        }
    }
}
