//! Schemas and payloads made to cost much. Each has to end in time, with the outcome that is written here.

use hookwarden::{Schema, SchemaOptions};

use crate::Outcome::{self, Invalid, NotJson, Refused, TooComplex, Valid};
use crate::watch::watch;
use crate::{Input, say};

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn items(count: usize, item: impl Fn(usize) -> String) -> String {
    format!("[{}]", list(count, item))
}

fn object(count: usize, member: impl Fn(usize) -> String) -> String {
    format!("{{{}}}", list(count, member))
}

fn deep(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth))
}

/// A schema that refers to itself as `#/$defs/n`.
fn recursive(schema: &str) -> String {
    format!(r##"{{"$defs":{{"n":{schema}}},"$ref":"#/$defs/n"}}"##)
}

/// Every definition asks for the next one twice, so that there are two to the power of `count` ways.
fn doubling(count: usize, keyword: &str, extra: &str) -> String {
    let definition = |index: usize| {
        let next = index + 1;
        if next == count {
            format!(r#""d{index}":{{"type":"object","properties":{{"a":true}}}}"#)
        } else {
            format!(
                r##""d{index}":{{"{keyword}":[{{"$ref":"#/$defs/d{next}"}},{{"$ref":"#/$defs/d{next}","title":"x"}}]}}"##
            )
        }
    };
    format!(r##"{{"$defs":{},{extra}"$ref":"#/$defs/d0"}}"##, object(count, definition))
}

fn try_all(cases: &[(&str, String, String, Outcome)]) {
    let mut wrong = Vec::new();
    for (name, schema, payload, expected) in cases {
        let input = Input {
            schema: schema.clone().into_bytes(),
            payload: payload.clone().into_bytes(),
            options: SchemaOptions::default(),
        };
        match watch(name, || input.judge()) {
            Ok((found, cost)) => {
                let (time, kilobytes) = (cost.time, cost.bytes >> 10);
                say(&format!("{name}: {found:?}, {time:?}, {kilobytes} KB"));
                if found != *expected {
                    wrong.push(format!("{name}: {found:?} and not {expected:?}"));
                }
            }
            Err(reason) => wrong.push(format!("{name} {reason}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn repetition_that_grows_without_end() {
    let both = |schema: String, name, expected| (name, schema, r#"{"a":1}"#.to_owned(), expected);
    try_all(&[
        both(doubling(60, "allOf", ""), "allOf, doubled sixty times", Valid),
        both(doubling(60, "anyOf", ""), "anyOf, doubled sixty times", Valid),
        both(doubling(60, "oneOf", ""), "oneOf, doubled sixty times", Invalid),
        both(doubling(60, "allOf", r#""unevaluatedProperties":false,"#), "and unevaluatedProperties", Valid),
        (
            "alternatives that are themselves again",
            recursive(&format!(
                r#"{{"anyOf":{}}}"#,
                items(8, |n| format!(r##"{{"items":{{"$ref":"#/$defs/n"}},"minItems":{n}}}"##))
            )),
            items(50, |_| deep(60, "1")),
            Valid,
        ),
        (
            "negations of themselves",
            recursive(r##"{"not":{"items":{"$ref":"#/$defs/n"}},"anyOf":[true,{"items":{"$ref":"#/$defs/n"}}]}"##),
            deep(121, "1"),
            Valid,
        ),
        (
            "dynamic scopes that follow each other",
            r##"{"$id":"http://x/r","$dynamicAnchor":"n","anyOf":[{"$ref":"a"},{"$ref":"b"}],"$defs":{
                "a":{"$id":"a","$dynamicAnchor":"n","items":{"anyOf":[{"$ref":"b"},{"$dynamicRef":"#n"}]}},
                "b":{"$id":"b","$dynamicAnchor":"n","items":{"anyOf":[{"$ref":"a"},{"$dynamicRef":"#n"}]}}}}"##
                .to_owned(),
            deep(120, "1"),
            Valid,
        ),
        ("nothing but itself", r##"{"$ref":"#"}"##.to_owned(), "1".to_owned(), Refused),
        ("itself, negated", r##"{"not":{"$ref":"#"}}"##.to_owned(), "1".to_owned(), Refused),
    ]);
}

#[test]
fn schemas_of_a_great_many_parts() {
    let alike = r#"{"properties":{"a":{"items":{"type":"number"}}}}"#;
    let null = |n: usize| format!(r#""k{n}":{{"type":"null"}}"#);
    try_all(&[
        (
            "20,000 schemas in allOf",
            format!(r#"{{"allOf":{}}}"#, items(20_000, |_| alike.to_owned())),
            format!(r#"{{"a":{}}}"#, items(1000, |_| "1".to_owned())),
            Refused,
        ),
        (
            "5,000 schemas in allOf, all of them different",
            format!(
                r#"{{"allOf":{}}}"#,
                items(5000, |n| format!(r#"{{"properties":{{"a":{{"items":{{"maximum":{}}}}}}}}}"#, n + 2))
            ),
            format!(r#"{{"a":{}}}"#, items(2000, |_| "1".to_owned())),
            TooComplex,
        ),
        (
            "an enum of 50,000 objects",
            format!(r#"{{"items":{{"enum":{}}}}}"#, items(50_000, |n| format!(r#"{{"a":[{n}]}}"#))),
            items(20_000, |n| format!(r#"{{"a":[{}]}}"#, 49_999 - n)),
            Valid,
        ),
        (
            "2,000 alternatives for every item",
            format!(
                r#"{{"items":{{"oneOf":{}}}}}"#,
                items(2000, |n| format!(
                    r#"{{"required":["k{n}"],"properties":{{"k{n}":{{"type":"number"}}}}}}"#
                ))
            ),
            items(3000, |n| format!(r#"{{"k{}":1}}"#, n % 2000)),
            TooComplex,
        ),
        (
            "12,000 properties",
            format!(r#"{{"properties":{},"additionalProperties":false}}"#, object(12_000, null)),
            object(12_000, |n| format!(r#""k{n}":null"#)),
            Valid,
        ),
        (
            "20,000 required names",
            format!(r#"{{"items":{{"required":{}}}}}"#, items(20_000, |n| format!("\"k{n}\""))),
            items(20_000, |_| "{}".to_owned()),
            TooComplex,
        ),
        (
            "10,000 references",
            format!(
                r#"{{"$defs":{}}}"#,
                object(5000, |n| format!(r##""d{n}":{{"items":{{"$ref":"#/$defs/d{}"}}}}"##, (n + 1) % 5000))
            ),
            "1".to_owned(),
            Valid,
        ),
        (
            "20,000 properties that depend on each other",
            format!(
                r#"{{"dependentRequired":{}}}"#,
                object(20_000, |n| format!(r#""d{n}":["d{}"]"#, 20_000 - n))
            ),
            r#"{"d7":1}"#.to_owned(),
            Invalid,
        ),
        (
            "500 patterns for 5,000 names",
            format!(
                r#"{{"patternProperties":{}}}"#,
                object(500, |n| format!(r#""^(a|b)*{n}$":{{"type":"null"}}"#))
            ),
            object(5000, |n| format!(r#""ababababababab{n}":1"#)),
            TooComplex,
        ),
        (
            "100,000 nested schemas",
            format!("{}true{}", r#"{"not":"#.repeat(100_000), "}".repeat(100_000)),
            "1".to_owned(),
            Refused,
        ),
    ]);
}

#[test]
fn payloads_that_keep_much_in_mind() {
    let plain = |schema: &str| schema.to_owned();
    let same = |n: usize| format!(r#"{{"k":[{n},{{"z":"same same same"}}]}}"#);
    let members = || object(200_000, |n| format!(r#""k{n}":1"#));
    try_all(&[
        ("30,000 different objects", plain(r#"{"uniqueItems":true}"#), items(30_000, same), Valid),
        (
            "500,000 equal items",
            plain(r#"{"uniqueItems":true}"#),
            items(500_000, |_| "1".to_owned()),
            Invalid,
        ),
        (
            "different items within different items",
            recursive(r##"{"uniqueItems":true,"items":{"$ref":"#/$defs/n"}}"##),
            deep(120, &items(2000, same)),
            TooComplex,
        ),
        (
            "200,000 unevaluated properties",
            plain(r#"{"unevaluatedProperties":{"type":"number"},"minProperties":3}"#),
            members(),
            Valid,
        ),
        (
            "200,000 names against a pattern",
            plain(r#"{"propertyNames":{"pattern":"^k"},"dependentRequired":{"k1":["k199999"]}}"#),
            members(),
            Valid,
        ),
        (
            "300,000 items, counted",
            plain(r#"{"contains":{"type":"string"},"unevaluatedItems":{"type":"number"}}"#),
            items(300_000, |n| if n == 0 { "\"a\"".to_owned() } else { "1".to_owned() }),
            Valid,
        ),
        ("a million brackets", plain("true"), "[".repeat(1_000_000), NotJson),
        ("a number of a million digits", plain(r#"{"minimum":1}"#), "7".repeat(1_000_000), TooComplex),
        ("and one that need not be computed", plain(r#"{"type":"integer"}"#), "7".repeat(1_000_000), Valid),
        (
            "exponents that fill the memory if computed",
            plain(r#"{"items":{"multipleOf":7e-999999}}"#),
            plain("[7e999999,7777777]"),
            Valid,
        ),
        (
            "a string that backtracking never leaves",
            plain(r#"{"pattern":"^(.*.*.*.*.*.*.*)*y$"}"#),
            format!("\"{}!\"", "a".repeat(100_000)),
            Invalid,
        ),
    ]);
}

#[test]
fn a_compiled_schema_is_small() {
    let schema = format!(r#"{{"pattern":"{}"}}"#, "(?:a?){99}".repeat(400));
    let (_, cost) = watch("a pattern of many parts", || Schema::compile(schema.as_bytes())).unwrap();
    assert!(cost.bytes < 16 << 20, "{} bytes", cost.bytes);
}
