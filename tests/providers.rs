//! What `providers/` holds beyond definitions: schemas and samples that fit together, and handshakes that a
//! vector cannot show because a token belongs to them.

use std::fs;
use std::path::{Path, PathBuf};

use hookwarden::{Delivery, Options, Provider, Schema, Secret, Verifier};
use serde_json::Value;

fn files(provider: &str, kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("providers").join(provider).join(kind);
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The event type that a file is for: a second sample of one is called `<event type>~<what is special>`.
fn event(file: &Path) -> String {
    let name = file.file_name().unwrap().to_string_lossy();
    let name = name.strip_suffix(".schema.json").or_else(|| name.strip_suffix(".json")).unwrap();
    name.split('~').next().unwrap().replace("%2F", "/")
}

/// Event type and text of every schema.
fn schemas() -> impl Iterator<Item = (&'static str, String, Vec<u8>)> {
    Provider::builtin_names().flat_map(|provider| {
        let files = files(provider, "events").into_iter();
        files.map(move |file| (provider, event(&file), fs::read(file).unwrap()))
    })
}

#[test]
fn every_event_has_a_sample_that_satisfies_its_schema() {
    let mut judged = 0;
    for (provider, event_type, schema) in schemas() {
        let schema =
            Schema::compile(&schema).unwrap_or_else(|error| panic!("{provider} {event_type}: {error}"));
        let samples = files(provider, "samples").into_iter().filter(|file| event(file) == event_type);
        let samples: Vec<_> = samples.collect();
        assert!(!samples.is_empty(), "{provider} {event_type} has no sample");
        for sample in samples {
            let text = fs::read(&sample).unwrap();
            assert_eq!(schema.validate(&text).unwrap(), [], "{}", sample.display());
            judged += 1;
        }
    }
    assert!(judged > 100, "{judged}");
}

#[test]
fn every_sample_says_the_event_that_it_is_named_for() {
    for provider in Provider::builtin_names() {
        let definition: Value =
            serde_json::from_str(Provider::builtin_definition(provider).unwrap()).unwrap();
        let places: Vec<_> = definition["event"]["type"].as_array().into_iter().flatten().collect();
        let known: Vec<_> = Provider::builtin(provider).unwrap().events().map(str::to_owned).collect();
        for sample in files(provider, "samples") {
            let (named, payload) = (event(&sample), fs::read(&sample).unwrap());
            assert!(known.contains(&named), "{}: the catalogue lacks it", sample.display());
            let payload: Value = serde_json::from_slice(&payload).unwrap();
            let said = places.iter().find_map(|place| payload.pointer(place.as_str().unwrap())?.as_str());
            // Where only a header names the event, the body need not.
            if !places.is_empty() {
                assert_eq!(said, Some(named.as_str()), "{}", sample.display());
            }
        }
    }
}

#[test]
fn no_schema_takes_anything() {
    for (provider, event_type, text) in schemas() {
        let schema = Schema::compile(&text).unwrap();
        let taken = |payload: &[u8]| schema.validate(payload).unwrap().is_empty();
        assert!(!taken(b"{}") && !taken(b"[]") && !taken(b"null"), "{provider} {event_type}");
        let id = serde_json::from_slice::<Value>(&text).unwrap()["$id"].clone();
        let name = event_type.replace('/', "%2F");
        assert_eq!(
            id,
            format!("https://hookwarden.dev/schemas/{provider}/{name}.json"),
            "{provider} {event_type}: what its `$id` must be is on the right"
        );
    }
}

/// The answer to Meta's verification request, as its documents show it.
fn meta(configured: Option<&str>, query: &str) -> Option<(u32, String, String)> {
    let options = Options {
        secrets: vec![Secret::new("app secret")],
        handshake_token: configured.map(Secret::new),
        ..Options::default()
    };
    let verifier = Verifier::new(Provider::builtin("meta").unwrap(), options).unwrap();
    let url = format!("https://www.your-clever-domain-name.com/webhooks?{query}");
    let delivery = Delivery { method: Some("GET"), url: Some(&url), headers: &[], body: b"" };
    let verdict = verifier.verify(&delivery, 1_700_000_000);
    assert!(!verdict.is_accepted(), "a handshake is no delivery");
    verdict.handshake.map(|reply| (reply.status, reply.content_type, reply.body))
}

#[test]
fn meta_is_answered_only_with_the_token_that_was_chosen() {
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock";
    let answer = Some((200, "text/plain".to_owned(), "1158201444".to_owned()));
    assert_eq!(meta(Some("meatyhamhock"), query), answer);
    assert_eq!(meta(Some("meatyhamhoc"), query), None);
    assert_eq!(meta(None, query), None, "nobody has chosen one");
    assert_eq!(meta(Some("meatyhamhock"), &query.replace("=subscribe", "=unsubscribe")), None);
    assert_eq!(meta(Some("meatyhamhock"), &query.replace("1158201444", "%3Cscript%3E")), None);
    assert_eq!(meta(Some("meatyhamhock"), "hub.mode=subscribe&hub.verify_token=meatyhamhock"), None);
}

#[test]
fn a_retry_of_hubspot_is_the_event_that_it_retries() {
    let provider = Provider::builtin("hubspot").unwrap();
    let options =
        Options { secrets: vec![Secret::new("secret")], scheme: Some("v1".into()), ..Options::default() };
    let verifier = Verifier::new(provider.clone(), options).unwrap();
    let key = |body: &str| {
        let secret = Secret::new("secret");
        let headers = provider.sign(Some("v1"), &secret, None, 1_700_000_000, body.as_bytes()).unwrap();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let delivery = Delivery { method: Some("POST"), url: None, headers: &headers, body: body.as_bytes() };
        verifier.verify(&delivery, 1_700_000_000).authentic.unwrap().key
    };
    let batch = |attempt: u32, object: u32| {
        format!(
            r#"[{{"eventId":100,"subscriptionType":"contact.creation","attemptNumber":{attempt},"objectId":1}},{{"eventId":101,"subscriptionType":"contact.creation","attemptNumber":{attempt},"objectId":{object}}}]"#
        )
    };
    assert_eq!(key(&batch(0, 2)), key(&batch(3, 2)));
    assert_ne!(key(&batch(0, 2)), key(&batch(0, 3)), "all events of a batch count");
}
