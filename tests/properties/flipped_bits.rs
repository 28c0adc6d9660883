//! One bit of what is signed, or of the signature: no longer genuine.

use proptest::prelude::*;

use crate::cases;
use crate::deliveries::{Scheme, Sent, Vector, vectors};
use crate::json::canonical;

/// Parts of up to this many bytes have every bit flipped. Optimised tests can do so with all.
const SHORT: usize = if cfg!(debug_assertions) { 32 } else { 4096 };

/// The bits to flip of a part: all of a short one, otherwise some by chance.
fn bits(length: usize, chance: &[prop::sample::Index]) -> Vec<usize> {
    let all = length * 8;
    if length <= SHORT { (0..all).collect() } else { chance.iter().map(|index| index.index(all)).collect() }
}

fn flip(bytes: &mut [u8], bit: usize) {
    bytes[bit / 8] ^= 1 << (bit % 8);
}

/// Where a bit of a header is flipped, the byte stands as the character of its number: what a server
/// that reads headers as ISO 8859-1 makes of it.
fn flip_in_header(value: &str, bit: usize) -> String {
    let mut bytes: Vec<u8> = value.chars().map(|character| u8::try_from(character).unwrap()).collect();
    flip(&mut bytes, bit);
    bytes.into_iter().map(char::from).collect()
}

/// The only genuine signature's place within a list, or the whole value.
fn only_signature(vector: &Vector, index: usize) -> Option<std::ops::Range<usize>> {
    let (name, value) = &vector.sent.headers[index];
    if vector.scheme != Scheme::MeetingBaasSvix {
        return Some(0..value.len());
    }
    let prefix = name.split_once('-')?.0;
    let signed =
        |part: &str| vector.sent.values(&format!("{prefix}-{part}")).first().map(|&value| value.to_owned());
    let (id, timestamp) = (signed("id")?, signed("timestamp")?);
    let genuine: Vec<_> = vector
        .secrets
        .iter()
        .filter_map(|secret| vector.scheme.sign(secret, &id, &timestamp, &vector.sent.body))
        .flat_map(|signature| {
            value.match_indices(&signature).map(|(at, found)| at..at + found.len()).collect::<Vec<_>>()
        })
        .collect();
    assert!(!genuine.is_empty(), "{}: the signature of these tests is not there", vector.id);
    (genuine.len() == 1).then(|| genuine[0].clone())
}

fn header_flips(vector: &Vector, chance: &[prop::sample::Index]) -> Vec<(String, Sent)> {
    let mut flips = Vec::new();
    for (index, (name, value)) in vector.sent.headers.iter().enumerate() {
        let is = |part: &str| part.eq_ignore_ascii_case(name);
        // Of several families only the first that is there is judged.
        let Some(family) =
            vector.scheme.families().iter().find(|family| !vector.sent.values(family.signature).is_empty())
        else {
            continue;
        };
        let part = if is(family.signature) {
            only_signature(vector, index)
        } else {
            (is(family.id) || is(family.timestamp)).then_some(0..value.len())
        };
        let Some(part) = part else { continue };
        for bit in bits(part.len(), chance) {
            let mut sent = vector.sent.clone();
            sent.headers[index].1 = flip_in_header(value, part.start * 8 + bit);
            // One secret may be one bit away from another.
            let token = sent.headers[index].1.trim_matches([' ', '\t']);
            if !vector.scheme.is_token() || vector.secrets.iter().all(|secret| secret != token) {
                flips.push((format!("{}: bit {bit} of {name}", vector.id), sent));
            }
        }
    }
    flips
}

fn chance(bits: usize) -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), bits)
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn of_the_body(chance in chance(96)) {
        for vector in vectors().iter().filter(|vector| vector.accepted) {
            let signed = |body: &[u8]| canonical(body);
            let form = if vector.scheme == Scheme::Attendee { signed(&vector.sent.body) } else { None };
            let mut sent = vector.sent.clone();
            for bit in bits(sent.body.len(), &chance) {
                flip(&mut sent.body, bit);
                let verdict = sent.judge(&vector.verifier);
                let same = match vector.scheme {
                    Scheme::Attendee => signed(&sent.body) == form,
                    scheme => scheme.is_token(),
                };
                prop_assert_eq!(verdict.is_accepted(), same, "{}: bit {}: {:?}", vector.id, bit, verdict);
                flip(&mut sent.body, bit);
            }
        }
    }

    #[test]
    fn of_the_signature_or_what_is_signed_with_it(chance in chance(96)) {
        let mut flips = 0;
        for vector in vectors().iter().filter(|vector| vector.accepted) {
            for (what, sent) in header_flips(vector, &chance) {
                let verdict = sent.judge(&vector.verifier);
                prop_assert!(!verdict.is_accepted() && verdict.authentic.is_none(), "{}: {:?}", what, verdict);
                flips += 1;
            }
        }
        prop_assert!(flips > 10_000, "only {} bits", flips);
    }
}
