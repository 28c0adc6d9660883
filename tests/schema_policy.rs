//! Which schema judges an event, and what follows: every combination of modes and schemas against the
//! rules as the README has them, written a second time here.

use std::sync::Arc;

use hookwarden::{
    Code, Delivery, EventPatterns, Options, OwnSchema, Provider, Schema, SchemaMode, UnknownEvents, Verdict,
    Verifier,
};

/// One that the catalogue lists, and one that it does not.
const LISTED: &str = "bot.status_change";
const UNLISTED: &str = "invoice.paid";
/// Satisfies the built-in schema of the listed one.
const SAMPLE: &str = include_str!("../providers/meeting-baas/samples/bot.status_change.json");

fn schema(text: &str) -> OwnSchema {
    Schema::compile(text.as_bytes()).unwrap().into()
}

fn patterns<T>(rows: impl IntoIterator<Item = (&'static str, T)>) -> EventPatterns<T> {
    let mut patterns = EventPatterns::default();
    for (pattern, value) in rows {
        patterns.insert(pattern, value).unwrap();
    }
    patterns
}

fn verifier(options: Options) -> Verifier {
    let options = Options { scheme: Some("api-key".into()), secrets: vec!["key".into()], ..options };
    Verifier::new(Provider::builtin("meeting-baas").unwrap(), options).unwrap()
}

fn judge(verifier: &Verifier, body: &str) -> Verdict {
    let headers = [("x-meeting-baas-api-key", "key")];
    verifier
        .verify(&Delivery { method: Some("POST"), url: None, headers: &headers, body: body.as_bytes() }, 0)
}

/// The code, and the status of the schema.
fn outcome(verifier: &Verifier, body: &str) -> (Option<Code>, &'static str) {
    let verdict = judge(verifier, body);
    (verdict.code(), verdict.authentic.unwrap().schema.status.as_str())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    None,
    Satisfied,
    Broken,
    Unavailable,
}

#[test]
fn every_combination_of_modes_and_schemas() {
    const MODES: [Option<SchemaMode>; 4] =
        [None, Some(SchemaMode::Enforce), Some(SchemaMode::Observe), Some(SchemaMode::Off)];
    let mut seen = 0;
    for event_type in [LISTED, UNLISTED] {
        for builtin_satisfied in [true, false] {
            let body = if builtin_satisfied {
                SAMPLE.replace(LISTED, event_type)
            } else {
                format!(r#"{{"event":"{event_type}","data":7}}"#)
            };
            for own in [Own::None, Own::Satisfied, Own::Broken, Own::Unavailable] {
                for (event_mode, source_mode) in
                    MODES.into_iter().flat_map(|event| MODES.map(|source| (event, source)))
                {
                    for unknown_events in [UnknownEvents::Relay, UnknownEvents::Refuse] {
                        let own_schema = match own {
                            Own::None => None,
                            Own::Satisfied => Some(schema("true")),
                            Own::Broken => Some(schema("false")),
                            Own::Unavailable => Some(OwnSchema::Unavailable),
                        };
                        let verifier = verifier(Options {
                            schema_mode: source_mode,
                            schema_modes: patterns(event_mode.map(|mode| (event_type, mode))),
                            schemas: patterns(own_schema.map(|schema| (event_type, schema))),
                            unknown_events,
                            ..Options::default()
                        });
                        let mode = event_mode.or(source_mode).unwrap_or(match own {
                            Own::Satisfied | Own::Broken => SchemaMode::Enforce,
                            _ => SchemaMode::Observe,
                        });
                        let satisfied = match own {
                            Own::Satisfied => Some(true),
                            Own::Broken => Some(false),
                            _ => (event_type == LISTED).then_some(builtin_satisfied),
                        };
                        let status = match (mode, satisfied) {
                            (SchemaMode::Off, _) => "off",
                            (_, Some(true)) => "valid",
                            (_, Some(false)) => "invalid",
                            (_, None) => "unknown_event",
                        };
                        let known = event_type == LISTED || own != Own::None;
                        let code = if unknown_events == UnknownEvents::Refuse && !known {
                            Some(Code::UnknownEvent)
                        } else if mode == SchemaMode::Enforce
                            && own != Own::Unavailable
                            && satisfied == Some(false)
                        {
                            Some(Code::SchemaViolation)
                        } else {
                            None
                        };
                        let case =
                            (event_type, builtin_satisfied, own, event_mode, source_mode, unknown_events);
                        assert_eq!(outcome(&verifier, &body), (code, status), "{case:?}");
                        seen += 1;
                    }
                }
            }
        }
    }
    assert_eq!(seen, 2 * 2 * 4 * 16 * 2);
}

#[test]
fn schemas_and_modes_each_go_by_the_most_specific_pattern() {
    let verifier = verifier(Options {
        schemas: patterns([
            ("*", schema("true")),
            ("call.*", schema("false")),
            ("call.completed", schema(r#"{"required":["id"]}"#)),
        ]),
        schema_modes: patterns([("call.r*", SchemaMode::Observe), ("call.raised", SchemaMode::Off)]),
        ..Options::default()
    });
    let of = |event_type: &str| outcome(&verifier, &format!(r#"{{"event":"{event_type}","id":1}}"#));
    assert_eq!(of("anything"), (None, "valid"));
    assert_eq!(of("call.completed"), (None, "valid"));
    assert_eq!(of("call.completed.twice"), (Some(Code::SchemaViolation), "invalid"));
    assert_eq!(of("call.ringing"), (None, "invalid"));
    assert_eq!(of("call.raised"), (None, "off"));
    // As it is shown: nothing but visible ASCII.
    assert_eq!(of("call r\u{e9}"), (None, "valid"));
}

/// A body that says no event type could be an event of any: where something is enforced, it is refused.
#[test]
fn what_says_no_event_type_follows_the_source() {
    let duplicate = r#"{"event":"call.completed","event":"call.completed"}"#;
    let cases: [(&str, Code, bool); 4] = [
        ("not JSON", Code::PayloadNotJson, true),
        (duplicate, Code::DuplicateKey, true),
        ("{}", Code::EventTypeMissing, false),
        (&"[".repeat(1000), Code::PayloadTooDeep, true),
    ];
    let own = |pattern| patterns([(pattern, schema("true"))]);
    let modes = |pattern, mode| patterns([(pattern, mode)]);
    let none = EventPatterns::default;
    let (enforce, observe, off) = (SchemaMode::Enforce, SchemaMode::Observe, SchemaMode::Off);
    for (schema_mode, schema_modes, schemas, refused) in [
        (None, none(), EventPatterns::default(), false),
        (None, none(), own("call.completed"), true),
        (None, none(), own("*"), true),
        (None, modes("call.completed", enforce), EventPatterns::default(), true),
        (None, modes("call.completed", observe), own("call.completed"), false),
        (None, modes("call.*", off), own("call.completed"), false),
        (None, modes("call.*", off), own("*"), true),
        (None, modes("*", observe), own("call.completed"), false),
        (Some(observe), modes("call.*", enforce), own("call.completed"), false),
        (Some(enforce), modes("*", observe), own("call.completed"), false),
        (Some(enforce), modes("call.*", observe), own("call.completed"), true),
        (None, none(), patterns([("call.completed", OwnSchema::Unavailable)]), true),
        (None, none(), patterns([("*", OwnSchema::Unavailable)]), false),
    ] {
        let case = format!("{schema_mode:?} {schema_modes:?}");
        let verifier = verifier(Options { schema_mode, schema_modes, schemas, ..Options::default() });
        for (body, code, invalid) in &cases {
            let verdict = judge(&verifier, body);
            assert_eq!(verdict.code(), refused.then_some(*code), "{case}: {body:.40}");
            let status = verdict.authentic.unwrap().schema.status.as_str();
            assert_eq!(status == "invalid", *invalid, "{case}: {body:.40}");
        }
    }
}

#[test]
fn a_schema_for_everything_does_not_make_an_event_without_a_type_known() {
    let options = |schemas| Options {
        schemas,
        schema_mode: Some(SchemaMode::Observe),
        unknown_events: UnknownEvents::Refuse,
        ..Options::default()
    };
    let verifier = verifier(options(patterns([("*", schema("false"))])));
    assert_eq!(outcome(&verifier, "{}"), (Some(Code::UnknownEvent), "invalid"));
    assert_eq!(outcome(&verifier, r#"{"event":"x"}"#), (None, "invalid"));
}

#[test]
fn schemas_can_be_swapped_and_the_rest_stays() {
    let first = verifier(Options {
        schema_modes: patterns([(UNLISTED, SchemaMode::Enforce)]),
        source: Some("mine".into()),
        ..Options::default()
    });
    let body = format!(r#"{{"event":"{UNLISTED}","id":1}}"#);
    assert_eq!(outcome(&first, &body), (None, "unknown_event"));
    let shared = Arc::new(Schema::compile(br#"{"required":["amount"]}"#).unwrap());
    let second = first.with_schemas(patterns([(UNLISTED, OwnSchema::Ready(shared))]));
    assert_eq!(outcome(&second, &body), (Some(Code::SchemaViolation), "invalid"));
    assert_eq!(outcome(&first, &body), (None, "unknown_event"), "the first is untouched");
    let third = second.with_schemas(EventPatterns::default());
    assert_eq!(outcome(&third, &body), (None, "unknown_event"));
    let key = |verifier| judge(verifier, &body).authentic.unwrap().key;
    assert_eq!(key(&first), key(&second));
    // Unauthenticated is unauthenticated, whatever the schemas.
    let headers = [("x-meeting-baas-api-key", "another")];
    let forged = Delivery { method: None, url: None, headers: &headers, body: body.as_bytes() };
    assert_eq!(second.verify(&forged, 0).code(), Some(Code::SignatureMismatch));
}
