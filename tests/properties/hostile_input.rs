//! Whatever arrives: never a panic, and authentic exactly when it is genuine.

use hookwarden::{EventPatterns, Options, OwnSchema, Schema, SchemaMode, UnknownEvents};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::cases;
use crate::deliveries::{NOW, Scheme, Sent};
use crate::genuine::is_genuine;
use crate::schemas::sample;
use crate::spelling::{json, spelling};

/// One thing that is not as the provider sends it.
#[derive(Debug, Clone)]
enum Tamper {
    Body(Index, u8),
    BodyEnds(Index),
    Copy(Index, Index),
    Drop(Index),
    Header(Index, String, String),
    Method(&'static str),
    Name(Index, String),
    Now(i64),
    Value(Index, ValueChange),
}

#[derive(Debug, Clone)]
enum ValueChange {
    After(String),
    Before(String),
    Bit(Index),
    Capitals,
    Ends(Index),
    Other(String),
    Twice(&'static str),
}

fn header_name() -> impl Strategy<Value = String> {
    let families = Scheme::ALL.into_iter().flat_map(Scheme::families);
    let names = families.flat_map(|family| [family.signature, family.id, family.timestamp]);
    prop_oneof![4 => select(names.collect::<Vec<_>>()).prop_map(str::to_owned), 1 => "\\PC{0,8}", 1 => any::<String>()]
}

fn value_change() -> impl Strategy<Value = ValueChange> {
    let piece = || {
        let pieces = [
            " ", "\t", ",", ", ", "=", "v1,", "v2,x ", " v1,", "v1,a v1,", "sha256=", "0", "\n", "\0", "é",
            "-", "+",
        ];
        prop_oneof![select(pieces.to_vec()).prop_map(str::to_owned), any::<String>()]
    };
    prop_oneof![
        2 => piece().prop_map(ValueChange::After),
        2 => piece().prop_map(ValueChange::Before),
        1 => any::<Index>().prop_map(ValueChange::Bit),
        1 => Just(ValueChange::Capitals),
        1 => any::<Index>().prop_map(ValueChange::Ends),
        1 => any::<String>().prop_map(ValueChange::Other),
        1 => select(vec![" ", ",", ", "]).prop_map(ValueChange::Twice),
    ]
}

/// Around the bounds of the tolerance, and anything at all.
fn time() -> impl Strategy<Value = i64> {
    let near = (select(vec![0, 300, -300, 7, -7]), -2..3_i64).prop_map(|(bound, off)| NOW + bound + off);
    prop_oneof![2 => near, 1 => any::<i64>(), 1 => select(vec![i64::MIN, i64::MAX, 0, -1])]
}

fn tamper() -> impl Strategy<Value = Tamper> {
    prop_oneof![
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Tamper::Body(at, byte)),
        1 => any::<Index>().prop_map(Tamper::BodyEnds),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Tamper::Copy(from, to)),
        1 => any::<Index>().prop_map(Tamper::Drop),
        2 => (any::<Index>(), header_name(), any::<String>()).prop_map(|(at, name, value)| Tamper::Header(at, name, value)),
        1 => select(vec!["GET", "PUT", "post", ""]).prop_map(Tamper::Method),
        1 => (any::<Index>(), header_name()).prop_map(|(at, name)| Tamper::Name(at, name)),
        2 => time().prop_map(Tamper::Now),
        6 => (any::<Index>(), value_change()).prop_map(|(at, change)| Tamper::Value(at, change)),
    ]
}

impl Tamper {
    fn apply(self, sent: &mut Sent) {
        let (headers, body) = (&mut sent.headers, &mut sent.body);
        match self {
            Self::Now(now) => sent.now = now,
            Self::Method(method) => method.clone_into(&mut sent.method),
            Self::BodyEnds(at) => body.truncate(at.index(body.len() + 1)),
            Self::Header(at, name, value) => headers.insert(at.index(headers.len() + 1), (name, value)),
            Self::Body(at, byte) if !body.is_empty() => {
                let at = at.index(body.len());
                body[at] = byte;
            }
            Self::Drop(at) if !headers.is_empty() => drop(headers.remove(at.index(headers.len()))),
            Self::Copy(from, to) if !headers.is_empty() => {
                let header = headers[from.index(headers.len())].clone();
                headers.insert(to.index(headers.len() + 1), header);
            }
            Self::Name(at, name) if !headers.is_empty() => {
                let at = at.index(headers.len());
                headers[at].0 = name;
            }
            Self::Value(at, change) if !headers.is_empty() => {
                let at = at.index(headers.len());
                change.apply(&mut headers[at].1);
            }
            _ => {}
        }
    }
}

impl ValueChange {
    fn apply(self, value: &mut String) {
        *value = match self {
            Self::After(piece) => format!("{value}{piece}"),
            Self::Before(piece) => format!("{piece}{value}"),
            Self::Capitals => value.to_uppercase(),
            Self::Other(other) => other,
            Self::Twice(between) => format!("{value}{between}{value}"),
            Self::Ends(at) => value.chars().take(at.index(value.chars().count() + 1)).collect(),
            Self::Bit(at) => {
                let bit = at.index(value.len().max(1) * 8);
                let flip = |(index, byte)| if index == bit / 8 { byte ^ (1 << (bit % 8)) } else { byte };
                value.bytes().enumerate().map(flip).map(char::from).collect()
            }
        };
    }
}

/// JSON that has no canonical form.
const UNSIGNABLE: [&str; 6] = [
    r#"{"a":1,"a":1}"#,
    r#"{"a":1,"\u0061":2}"#,
    r#"{"b":{"x":{"":1,"":1}}}"#,
    r#""\u0000""#,
    r#"{"\u0000":1}"#,
    r#""\ud800""#,
];

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => sample().prop_map(|sample| sample.text.clone()),
        2 => (json(), spelling()).prop_map(|(value, spelling)| spelling.write(&value)),
        1 => (json(), spelling(), select(&UNSIGNABLE)).prop_map(|(value, spelling, piece)| {
            [b"[", &spelling.write(&value)[..], b",", piece.as_bytes(), b"]"].concat()
        }),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => (0..400_usize, "[\\[{\"\\\\]").prop_map(|(times, byte)| byte.repeat(times).into_bytes()),
    ]
}

fn options() -> impl Strategy<Value = Options> {
    let mode = select(vec![SchemaMode::Enforce, SchemaMode::Observe, SchemaMode::Off]);
    let unknown = select(vec![UnknownEvents::Relay, UnknownEvents::Refuse]);
    let tolerance = prop_oneof![Just(None), select(vec![0, 7, u32::MAX]).prop_map(Some)];
    let own = prop_oneof![3 => Just(None), 1 => select(vec!["true", "false", ""]).prop_map(Some)];
    (mode, unknown, tolerance, own).prop_map(|(schema_mode, unknown_events, tolerance_seconds, own)| {
        Options {
            schema_mode: Some(schema_mode),
            unknown_events,
            tolerance_seconds,
            schemas: own.map(for_everything).unwrap_or_default(),
            ..Options::default()
        }
    })
}

/// A schema of a user's own for every event; no text stands for one that cannot be had.
fn for_everything(schema: &str) -> EventPatterns<OwnSchema> {
    let own = match schema {
        "" => OwnSchema::Unavailable,
        text => Schema::compile(text.as_bytes()).unwrap().into(),
    };
    let mut schemas = EventPatterns::default();
    schemas.insert("*", own).unwrap();
    schemas
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn is_authentic_only_when_genuine(
        scheme in select(&Scheme::ALL),
        options in options(),
        body in body(),
        tampering in prop::collection::vec(tamper(), 0..4),
    ) {
        let mut options = options;
        options.tolerance_seconds = options.tolerance_seconds.filter(|_| scheme.has_time());
        let tolerance = options.tolerance_seconds.unwrap_or(300);
        let (mode, refuse) = (options.schema_mode.unwrap(), options.unknown_events == UnknownEvents::Refuse);
        let own = options.schemas.of("").cloned();
        let ready = matches!(own, Some(OwnSchema::Ready(_)));
        let unavailable = own.is_some() && !ready;
        let mut sent = scheme.deliver(&body);
        for tamper in tampering {
            tamper.apply(&mut sent);
        }
        let verdict = sent.judge(&scheme.verifier(options));
        let genuine = is_genuine(scheme, tolerance, &sent);
        prop_assert_eq!(verdict.authentic.is_some(), genuine, "{:?}", verdict);
        prop_assert!(genuine || !verdict.is_accepted());
        let Some(authentic) = &verdict.authentic else { return Ok(()) };
        let status = authentic.schema.status.as_str();
        if verdict.is_accepted() {
            prop_assert!(mode != SchemaMode::Enforce || unavailable || status != "invalid", "{:?}", verdict);
            prop_assert!(!refuse || unavailable || status != "unknown_event", "{:?}", verdict);
            prop_assert!(!ready || status != "unknown_event", "{:?}", verdict);
        } else {
            prop_assert!(mode == SchemaMode::Enforce && !unavailable || refuse, "{:?}", verdict);
        }
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn of_headers_and_bytes_at_random_is_never_authentic(
        scheme in select(&Scheme::ALL),
        headers in prop::collection::vec((header_name(), any::<String>()), 0..8),
        body in prop::collection::vec(any::<u8>(), 0..200),
        now in any::<i64>(),
        method in any::<String>(),
    ) {
        let sent = Sent { method, headers, body, now };
        let verdict = sent.judge(&scheme.verifier(Options::default()));
        prop_assert!(!verdict.is_accepted() && verdict.authentic.is_none(), "{:?}", verdict);
    }
}
