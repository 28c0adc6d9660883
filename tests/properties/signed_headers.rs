//! Signed with the right secret, and yet not exactly what the provider sends.

use base64ct::{Base64, Encoding};
use hookwarden::Options;
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::deliveries::{NOW, Scheme};
use crate::genuine::is_genuine;

/// Ids that are none, and some that are.
fn id() -> impl Strategy<Value = String> {
    let texts =
        ["a,b", "a, b", "a.b", ".", "a b", " a", "", "é", "a\u{7f}", "a\tb", "a\0", "~!#", "1700000000"];
    prop_oneof![
        2 => Just("msg_1".to_owned()),
        2 => select(texts.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

/// Times that are none, and some that are.
fn time() -> impl Strategy<Value = String> {
    let texts = [
        "+1700000000",
        "-1700000000",
        "001700000000",
        "0001700000000",
        "1700000000.0",
        "1700000000 ",
        "1.7e9",
        "",
        " ",
        "0x6553f100",
        "1700000000,",
        "1700000000, 1700000000",
        "1_700_000_000",
        "17 00000000",
        "\u{661}\u{667}",
        "1700000000000",
        "999999999999",
        "1999999999999999999999",
    ];
    prop_oneof![
        2 => (-302..=302_i64).prop_map(|off| (NOW + off).to_string()),
        2 => select(texts.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

/// A signature list in pieces; the empty one stands for the genuine signature.
fn list() -> impl Strategy<Value = Vec<&'static str>> {
    let pieces = [
        "",
        "",
        " ",
        " ",
        "  ",
        ",",
        ", ",
        "v1",
        "v2",
        "v1,",
        "v2,",
        "V1,",
        "v1a,",
        "v2,x",
        "v2, ",
        "v0,x,y ",
        "v1,AAAA",
        "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "=",
        "\t",
        "sha256=",
        "v1=",
        "é",
    ];
    prop::collection::vec(select(pieces.to_vec()), 1..7)
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn ids_and_times_must_be_what_they_are(
        scheme in select(vec![Scheme::Audian, Scheme::MeetingBaasSvix]),
        id in id(),
        time in time(),
    ) {
        let sent = scheme.deliver_as(&id, &time, b"{}");
        let verdict = sent.judge(&scheme.verifier(Options::default()));
        prop_assert_eq!(verdict.authentic.is_some(), is_genuine(scheme, 300, &sent), "{:?}", verdict);
    }

    #[test]
    fn a_list_must_be_well_formed_and_hold_a_genuine_signature(list in list()) {
        let scheme = Scheme::MeetingBaasSvix;
        let mut sent = scheme.deliver(b"{}");
        let genuine = sent.headers[0].1.clone();
        sent.headers[0].1 = list.iter().map(|piece| if piece.is_empty() { &genuine } else { *piece }).collect();
        let verdict = sent.judge(&scheme.verifier(Options::default()));
        prop_assert_eq!(verdict.authentic.is_some(), is_genuine(scheme, 300, &sent), "{:?}", verdict);
    }

    /// What is signed is one text. It must not be cut into id, time and body in two ways.
    #[test]
    fn one_signature_vouches_for_one_delivery(id in "[!-+\\-/-~]{1,9}", off in -300..=300_i64, rest in "[ -~]{0,9}") {
        let scheme = Scheme::MeetingBaasSvix;
        let verifier = scheme.verifier(Options::default());
        let signed = scheme.deliver_as(&id, &NOW.to_string(), format!("{}.{rest}", NOW + off).as_bytes());
        prop_assert!(signed.judge(&verifier).is_accepted());
        let mut forged = signed.clone();
        forged.headers[1].1 = format!("{id}.{NOW}");
        forged.headers[2].1 = (NOW + off).to_string();
        forged.body = rest.into_bytes();
        prop_assert!(!forged.judge(&verifier).is_accepted());
    }
}

/// A signature that ends in a zero byte must not be accepted without it.
#[test]
fn no_byte_of_a_signature_can_be_left_out() {
    let body = |number: u32| number.to_string().into_bytes();
    let judge = |scheme: Scheme, number: u32, signature: String| {
        let mut sent = scheme.deliver(&body(number));
        sent.headers[0].1 = signature;
        sent.judge(&scheme.verifier(Options::default())).is_accepted()
    };
    let hex = |number| Scheme::Efficlose.deliver(&body(number)).headers[0].1.clone();
    let number = (0..10_000).find(|&number| hex(number).ends_with("00")).unwrap();
    assert!(judge(Scheme::Efficlose, number, hex(number)));
    assert!(!judge(Scheme::Efficlose, number, hex(number).trim_end_matches("00").to_owned()));

    let base64 = |number| Scheme::Attendee.deliver(&body(number)).headers[0].1.clone();
    let bytes = |number| Base64::decode_vec(&base64(number)).unwrap();
    let number = (0..10_000).find(|&number| bytes(number).ends_with(&[0])).unwrap();
    assert!(judge(Scheme::Attendee, number, base64(number)));
    assert!(!judge(Scheme::Attendee, number, Base64::encode_string(&bytes(number)[..31])));
}
