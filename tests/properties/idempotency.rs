//! Idempotency keys: one event, one key.

use hookwarden::Options;
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::deliveries::{NOW, Scheme, Sent};
use crate::json::{Json, Text, canonical, is_json};
use crate::spelling::{json, object_with, spelling};

/// The key of a genuine delivery, as text.
fn key(scheme: Scheme, source: &str, sent: &Sent) -> String {
    let source = Some(source.to_owned());
    let verdict = sent.judge(&scheme.verifier(Options { source, ..Options::default() }));
    assert!(verdict.is_accepted(), "{sent:?}: {verdict:?}");
    verdict.authentic.unwrap().key.to_string()
}

fn string(text: &str) -> Json {
    Json::String(Text::from(text))
}

/// The schemes whose event id is in the payload, and where.
const WITH_ID: [(Scheme, &str); 2] = [(Scheme::Attendee, "idempotency_key"), (Scheme::Audian, "id")];

/// Events of `meeting-baas` without an id, and the fields of their data that tell two of them apart.
const RULES: [(&str, &[&str]); 5] = [
    ("bot.status_change", &["bot_id", "status/code", "status/created_at"]),
    ("calendar.sync_events", &["calendar_id", "last_updated_ts"]),
    ("bot.chat_message", &["bot_id", "message_id"]),
    ("complete", &["bot_id"]),
    ("bot.failed", &["bot_id"]),
];

/// Short texts of few letters: where one ends and the next begins must show in the key.
fn name() -> impl Strategy<Value = String> {
    "[ab]{1,3}"
}

/// Any text that can be an id in the payload.
fn id() -> impl Strategy<Value = String> {
    // The last two are told apart by what is not shown of them.
    prop_oneof![name(), "\\PC{1,12}", "[0-9]{1,2}", "(é|%C3%A9| |%20)", "a{256}[ab]{1,2}"]
}

fn object(members: &[(&str, &str)]) -> Vec<u8> {
    let members = members.iter().map(|(key, value)| (Text::from(*key), string(value))).collect();
    Json::Object(members).canonical().unwrap().into_bytes()
}

/// Two payloads that have nothing but the event id in common, and the scheme that reads it there.
fn two_with_one_id() -> impl Strategy<Value = (Scheme, Json, Json)> {
    (select(&WITH_ID), id()).prop_flat_map(|((scheme, field), id)| {
        let payload = || object_with(vec![(field, string(&id))]);
        (Just(scheme), payload(), payload())
    })
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn an_event_id_in_the_payload_is_all_that_counts(
        (scheme, one, other) in two_with_one_id(),
        spellings in (spelling(), spelling()),
        times in (0..NOW, 0..NOW),
    ) {
        let one = scheme.deliver_at(times.0, "", &spellings.0.write(&one));
        let other = scheme.deliver_at(times.1, "", &spellings.1.write(&other));
        prop_assert_eq!(key(scheme, "s", &one), key(scheme, "s", &other));
    }

    #[test]
    fn a_signed_event_id_is_all_that_counts(
        id in "[!-+\\-/-~]{1,20}",
        bodies in (prop::collection::vec(any::<u8>(), 0..40), json()),
        times in (0..NOW, 0..NOW),
    ) {
        let scheme = Scheme::MeetingBaasSvix;
        let one = scheme.deliver_at(times.0, &id, &bodies.0);
        let other = scheme.deliver_at(times.1, &id, bodies.1.canonical().unwrap().as_bytes());
        prop_assert_eq!(key(scheme, "s", &one), key(scheme, "s", &other));
    }

    #[test]
    fn another_source_or_another_id_is_another_key(
        sources in (name(), name()),
        ids in (id(), id()),
        (scheme, field) in select(&WITH_ID),
    ) {
        let key = |source: &str, id: &str| key(scheme, source, &scheme.deliver(&object(&[(field, id)])));
        let same = sources.0 == sources.1 && ids.0 == ids.1;
        prop_assert_eq!(key(&sources.0, &ids.0) == key(&sources.1, &ids.1), same);
        // An id is no body, although both are text that the sender chooses.
        if scheme == Scheme::Audian || is_json(ids.1.as_bytes()) {
            let without = scheme.deliver(ids.1.as_bytes());
            prop_assert_ne!(key(&sources.0, &ids.1), self::key(scheme, &sources.0, &without));
        }
    }

    #[test]
    fn another_source_is_another_key_in_every_scheme(sources in (name(), name()), body in json()) {
        for scheme in Scheme::ALL {
            let sent = scheme.deliver(body.canonical().unwrap().as_bytes());
            let same = key(scheme, &sources.0, &sent) == key(scheme, &sources.1, &sent);
            prop_assert_eq!(same, sources.0 == sources.1);
        }
    }

    #[test]
    fn without_an_id_the_signed_body_counts_and_no_time(
        bodies in (json(), json()),
        spellings in (spelling(), spelling()),
        times in (0..NOW, 0..NOW),
    ) {
        // In an array no member can happen to be an id.
        let bodies = (Json::Array(vec![bodies.0]), Json::Array(vec![bodies.1]));
        let (one, other) = (spellings.0.write(&bodies.0), spellings.1.write(&bodies.1));
        let again = spellings.1.write(&bodies.0);
        for scheme in Scheme::ALL.into_iter().filter(|scheme| *scheme != Scheme::MeetingBaasSvix) {
            let at = |time, body: &[u8]| key(scheme, "s", &scheme.deliver_at(time, "", body));
            let canonical_counts = scheme == Scheme::Attendee;
            let same = |a: &[u8], b: &[u8]| if canonical_counts { canonical(a) == canonical(b) } else { a == b };
            let first = at(times.0, &one);
            prop_assert_eq!(&first, &at(times.1, &one), "{:?}", scheme);
            prop_assert_eq!(first == at(times.1, &other), same(&one, &other), "{:?}", scheme);
            prop_assert_eq!(first == at(times.1, &again), same(&one, &again), "{:?}", scheme);
        }
    }

    #[test]
    fn one_bit_more_or_less_is_another_event(body in prop::collection::vec(any::<u8>(), 1..40), bit in 0..320_usize) {
        let mut other = body.clone();
        other[bit / 8 % body.len()] ^= 1 << (bit % 8);
        for scheme in [Scheme::Efficlose, Scheme::MobileAssistant, Scheme::MeetingBaasApiKey] {
            let key = |body: &[u8]| key(scheme, "s", &scheme.deliver(body));
            prop_assert_ne!(key(&body), key(&other), "{:?}", scheme);
            prop_assert_ne!(key(&body), key(&[&body[..], b" "].concat()), "{:?}", scheme);
        }
    }

    #[test]
    fn where_fields_tell_events_apart_nothing_else_does(
        (event, fields) in select(&RULES),
        values in prop::collection::vec((name(), name()), 3),
        rest in (json(), json()),
    ) {
        let scheme = Scheme::MeetingBaasHmac;
        let payload = |values: Vec<&str>, rest: &Json| {
            let mut data = std::collections::BTreeMap::from([(Text::from("rest"), rest.clone())]);
            let mut status = std::collections::BTreeMap::new();
            for (field, value) in fields.iter().zip(values) {
                match field.split_once('/') {
                    Some((_, inner)) => status.insert(Text::from(inner), string(value)),
                    None => data.insert(Text::from(*field), string(value)),
                };
            }
            data.insert(Text::from("status"), Json::Object(status));
            let whole = [(Text::from("event"), string(event)), (Text::from("data"), Json::Object(data))];
            Json::Object(whole.into()).canonical().unwrap().into_bytes()
        };
        let values = &values[..fields.len()];
        let (one, other): (Vec<_>, Vec<_>) = values.iter().map(|(a, b)| (a.as_str(), b.as_str())).unzip();
        let key = |values: &Vec<&str>, rest| key(scheme, "s", &scheme.deliver(&payload(values.clone(), rest)));
        prop_assert_eq!(key(&one, &rest.0), key(&one, &rest.1));
        prop_assert_eq!(key(&one, &rest.0) == key(&other, &rest.0), one == other);
    }
}
