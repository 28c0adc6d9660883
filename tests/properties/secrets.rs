//! Secrets never show. A text that is the same whatever the secret is cannot hold it, in any encoding.

use hookwarden::{Delivery, Options, Provider, Secret, Verifier};
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::deliveries::{NOW, Scheme};

fn options(scheme: Scheme, secret: &str) -> Options {
    let secrets = vec![Secret::new(secret), Secret::new(secret)];
    Options { scheme: scheme.name().map(str::to_owned), secrets, ..Options::default() }
}

#[derive(Debug, Clone, Copy)]
enum Case {
    Genuine,
    Malformed,
    Mismatch,
    Missing,
}

const CASES: [Case; 4] = [Case::Genuine, Case::Malformed, Case::Mismatch, Case::Missing];

/// Everything that can be shown around one delivery.
fn shown(scheme: Scheme, secret: &str, case: Case) -> Vec<String> {
    let id = "msg_1";
    let mut sent = scheme.deliver_at(NOW, id, b"{\"event\":\"x\"}");
    let signature = scheme.sign(secret, id, &NOW.to_string(), &sent.body).unwrap();
    match case {
        Case::Genuine => sent.headers[0].1 = signature,
        Case::Malformed => sent.headers[0].1 = format!("{signature},"),
        Case::Mismatch => {}
        Case::Missing => sent.headers[0].0.push('x'),
    }
    // A sender that puts its secret where it does not belong.
    let elsewhere = ["x-webhook-secret", "x-mb-secret", "x-meeting-baas-api-key"];
    for name in elsewhere.into_iter().filter(|name| *name != scheme.families()[0].signature) {
        sent.headers.push((name.to_owned(), secret.to_owned()));
    }
    let options = options(scheme, secret);
    let mut shown = vec![format!("{options:?} {options:#?}"), format!("{:?}", Secret::new(secret))];
    match Verifier::new(Provider::builtin(scheme.provider()).unwrap(), options) {
        Err(misuse) => shown.push(format!("{misuse:?} {misuse}")),
        Ok(verifier) => {
            let verdict = sent.judge(&verifier);
            assert_eq!(verdict.is_accepted(), matches!(case, Case::Genuine));
            shown.push(format!("{verifier:?} {verifier:#?}"));
            shown.push(format!("{verdict:?} {}", serde_json::to_string(&verdict).unwrap()));
            shown.extend(verdict.rejection.map(|rejection| rejection.to_string()));
        }
    }
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    shown.push(format!(
        "{:?}",
        Delivery { method: Some("POST"), url: None, headers: &headers, body: &sent.body }
    ));
    shown
}

fn text_secret() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{4,40}", "\\PC{4,20}", "[0-9a-f]{64}"]
}

fn key_secret(prefix: &'static str) -> impl Strategy<Value = String> {
    use base64ct::{Base64, Encoding};
    prop::collection::vec(any::<u8>(), 3..40)
        .prop_map(move |key| prefix.to_owned() + &Base64::encode_string(&key))
}

/// Two secrets that are taken by the scheme.
fn two_secrets() -> impl Strategy<Value = (Scheme, String, String)> {
    select(&Scheme::ALL).prop_flat_map(|scheme| {
        let secret = || match scheme {
            Scheme::Attendee => key_secret("").boxed(),
            Scheme::MeetingBaasSvix => key_secret("whsec_").boxed(),
            _ if scheme.is_token() => "[!-+\\--~]{4,40}".boxed(),
            _ => text_secret().boxed(),
        };
        (Just(scheme), secret(), secret())
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn in_nothing_that_the_core_makes((scheme, one, other) in two_secrets(), case in select(&CASES)) {
        prop_assert_eq!(shown(scheme, &one, case), shown(scheme, &other, case));
    }

    /// A secret that is refused is a secret too: perhaps another provider's.
    #[test]
    fn in_no_misuse(scheme in select(&Scheme::ALL), secret in text_secret()) {
        let misuse = |secret: &str| {
            let made = Verifier::new(Provider::builtin(scheme.provider()).unwrap(), options(scheme, secret));
            made.err().map(|misuse| format!("{misuse:?} {misuse}"))
        };
        let known: Vec<_> = ["", "?", "a,b", " a", "é", "whsec_", "====", "\u{1}"].into_iter().filter_map(misuse).collect();
        let found = misuse(&secret);
        prop_assert!(found.as_ref().is_none_or(|found| known.contains(found)), "{:?}", found);
    }
}
