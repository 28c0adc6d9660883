//! Any body as a delivery of Attendee, which signs a canonical form of the JSON.
#![no_main]

use std::sync::LazyLock;

use hookwarden::{Delivery, Options, Provider, Verifier};
use libfuzzer_sys::fuzz_target;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let secrets = vec!["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into()];
    let options = Options { secrets, ..Options::default() };
    Verifier::new(Provider::builtin("attendee").expect("it is built in"), options).expect("the secret is right")
});

fuzz_target!(|body: &[u8]| {
    // Well formed, so that the canonical form is needed, and never right.
    let headers = [("X-Webhook-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")];
    let delivery = Delivery { method: Some("POST"), url: None, headers: &headers, body };
    assert!(!VERIFIER.verify(&delivery, 1_700_000_000).is_accepted());
});
