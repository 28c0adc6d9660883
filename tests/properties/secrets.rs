//! Secrets never show. A text that is the same whatever the secret is cannot hold it, in any encoding.

use hookwarden::{Delivery, Options, Provider, Secret, Verifier};
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::deliveries::{Scheme, Sent};

fn options(scheme: Scheme, secret: &str) -> Options {
    let secrets = vec![Secret::new(secret), Secret::new(secret)];
    Options { scheme: scheme.name().map(str::to_owned), secrets, ..Options::default() }
}

/// Everything that can be shown around one delivery.
fn shown(scheme: Scheme, secret: &str, mut sent: Sent) -> Vec<String> {
    if scheme.is_token() {
        secret.clone_into(&mut sent.headers[0].1);
    }
    // A sender that puts its secret where it does not belong.
    sent.headers.push(("x-webhook-secret".to_owned(), secret.to_owned()));
    let options = options(scheme, secret);
    let mut shown = vec![format!("{options:?} {options:#?}"), format!("{:?}", Secret::new(secret))];
    match Verifier::new(Provider::builtin(scheme.provider()).unwrap(), options) {
        Err(misuse) => shown.push(format!("{misuse:?} {misuse}")),
        Ok(verifier) => {
            let verdict = sent.judge(&verifier);
            shown.push(format!("{verifier:?} {verifier:#?}"));
            shown.push(format!("{verdict:?} {}", serde_json::to_string(&verdict).unwrap()));
            shown.extend(verdict.rejection.map(|rejection| rejection.to_string()));
        }
    }
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = vec![b'x'; 32];
    shown.push(format!("{:?}", Delivery { method: Some("POST"), headers: &headers, body: &body }));
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
    fn in_nothing_that_the_core_makes((scheme, one, other) in two_secrets(), genuine in any::<bool>()) {
        let sent = |secret: &str| {
            let mut sent = scheme.deliver(b"{\"event\":\"x\"}");
            if genuine {
                let [id, time] = [1, 2].map(|at| sent.headers.get(at).map_or("", |(_, value)| value));
                let (id, time) = if scheme == Scheme::Audian { ("", id) } else { (id, time) };
                sent.headers[0].1 = scheme.sign(secret, id, time, &sent.body).unwrap();
            }
            sent
        };
        let texts = shown(scheme, &one, sent(&one));
        prop_assert_eq!(texts.len(), if genuine || scheme.is_token() { 5 } else { 6 });
        prop_assert_eq!(&texts, &shown(scheme, &other, sent(&other)));
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
