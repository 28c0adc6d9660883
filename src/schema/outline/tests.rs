use crate::json::Members;
use crate::json::{Kind, ShapeId};
use crate::schema::Schema;
use crate::schema::validate::{conforms_quickly, judge_all};

/// What shapes say and what evaluations say; also where the text goes on for a while, since the end of a
/// text is read differently.
fn verdicts(schema: &str, payload: &str) -> bool {
    let schema = Schema::compile(schema.as_bytes()).unwrap();
    let verdict = |payload: &str| {
        let quick =
            conforms_quickly(&schema.program, payload.as_bytes(), &mut Members::default()).unwrap().is_some();
        let judged = judge_all(&schema.program, payload.as_bytes()).unwrap();
        assert_eq!(quick, judged.violations.is_empty(), "{payload}");
        quick
    };
    let short = verdict(payload);
    assert_eq!(short, verdict(&format!("{payload}{}", " ".repeat(40))), "{payload}");
    short
}

fn kind(schema: &str) -> Kind {
    let program = Schema::compile(schema.as_bytes()).unwrap().program;
    let root = ShapeId::at(1).unwrap();
    program.outline.unwrap().shapes.get(root).kind.clone()
}

#[test]
fn strings_of_an_enum_are_found_wherever_they_stand() {
    let schema = r#"{"enum":["invitation","link","sso","import","a\"b","é",""]}"#;
    for value in ["invitation", "link", "sso", "import", r#"a\"b"#, "é", "", r"\u006cink"] {
        assert!(verdicts(schema, &format!("\"{value}\"")), "{value}");
    }
    for value in ["lin", "linkk", "SSO", "a", " "] {
        assert!(!verdicts(schema, &format!("\"{value}\"")), "{value}");
    }
}

#[test]
fn strings_of_an_enum_must_be_right_otherwise_too() {
    for schema in [
        r#"{"enum":["a","bc",1],"type":"integer"}"#,
        r#"{"enum":["a","bc","déf"],"minLength":2,"maxLength":3}"#,
        r#"{"enum":["a","bc"],"pattern":"^b"}"#,
        r#"{"enum":["a","bc"],"const":"bc"}"#,
    ] {
        for payload in ["\"a\"", "\"bc\"", "1", "\"déf\""] {
            verdicts(schema, payload);
        }
    }
}

#[test]
fn types_choose_an_alternative() {
    let schema = r##"{"anyOf":[{"type":"null"},{"$ref":"#/$defs/n"},{"type":"object","required":["a"]}],
        "$defs":{"n":{"type":"integer","minimum":3}}}"##;
    assert!(matches!(kind(schema), Kind::ByType(_)));
    for (payload, valid) in [
        ("null", true),
        ("3", true),
        ("3.0", true),
        ("2", false),
        ("3.5", false),
        ("\"\"", false),
        ("[]", false),
        (r#"{"a":1}"#, true),
        ("{}", false),
    ] {
        assert_eq!(verdicts(schema, payload), valid, "{payload}");
    }
}

#[test]
fn a_property_chooses_an_alternative() {
    let schema = r##"{"required":["kind"],"oneOf":[
        {"$ref":"#/$defs/a"},
        {"properties":{"kind":{"enum":["b","c"]},"n":{"type":"null"}},"required":["n"]}],
        "$defs":{"base":{"properties":{"at":{"type":"string"}}},
        "a":{"allOf":[{"$ref":"#/$defs/base"}],"properties":{"kind":{"const":"a"},"n":{"type":"number"}}}}}"##;
    assert!(matches!(kind(schema), Kind::ByProperty(_)));
    for (payload, valid) in [
        (r#"{"kind":"a"}"#, true),
        (r#"{"kind":"a","n":1,"at":"x"}"#, true),
        (r#"{"n":1,"kind":"a"}"#, true),
        (r#"{"n":1,"kind":"b"}"#, false),
        (r#"{"kind":"c","n":null}"#, true),
        (r#"{"kind":"c"}"#, false),
        (r#"{"kind":"a","at":1}"#, false),
        (r#"{"kind":"c","n":null,"at":1}"#, true),
        (r#"{"kind":"d","n":null}"#, false),
        (r#"{"n":null}"#, false),
        (r#"{"x":[1],"kind":"a"}"#, true),
        (r#"{"x":{},"kind":"c"}"#, false),
        (r#"{"k\u0069nd":"b","kind":"a","n":null}"#, false),
        (r#"{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"kind":"a"}"#, true),
        ("5", false),
    ] {
        assert_eq!(verdicts(schema, payload), valid, "{payload}");
    }
}

#[test]
fn schemas_that_hold_together_become_one() {
    let schema = r##"{"$ref":"#/$defs/base","properties":{"n":{"maximum":9},"s":{"maxLength":3}},
        "additionalProperties":{"type":["number","string","null"]},"minProperties":2,
        "$defs":{"base":{"allOf":[{"required":["n"]},{"properties":{"n":{"type":"integer"},"x":{"minLength":2}}}]}}}"##;
    assert!(matches!(kind(schema), Kind::Plain));
    for (payload, valid) in [
        (r#"{"n":9,"s":"abc"}"#, true),
        (r#"{"n":9.5,"s":"abc"}"#, false),
        (r#"{"n":10,"s":"abc"}"#, false),
        (r#"{"n":1,"s":"abcd"}"#, false),
        (r#"{"n":1}"#, false),
        (r#"{"s":"a","x":"bc"}"#, false),
        (r#"{"n":1,"x":"b"}"#, false),
        (r#"{"n":1,"x":"bc"}"#, true),
        (r#"{"n":1,"x":true}"#, false),
        (r#"{"n":1,"y":null}"#, true),
        (r#"{"n":1,"y":[]}"#, false),
    ] {
        assert_eq!(verdicts(schema, payload), valid, "{payload}");
    }
}

#[test]
fn what_no_shape_can_say_is_asked() {
    for schema in [
        r#"{"not":{"type":"null"}}"#,
        r#"{"contains":{"type":"null"}}"#,
        r#"{"uniqueItems":true}"#,
        r#"{"patternProperties":{"^a":false}}"#,
        r#"{"oneOf":[{"minimum":1},{"maximum":5}]}"#,
        r#"{"enum":[[1],2]}"#,
        r#"{"anyOf":[{"type":"null"},{"type":"string"}],"oneOf":[{"type":"null"},{"type":"number"}]}"#,
    ] {
        assert!(matches!(kind(schema), Kind::Asked), "{schema}");
        for payload in ["null", "1", "3", "6", "2", "[1]", "[1,1]", "[null]", r#"{"a":1}"#, "\"x\""] {
            verdicts(schema, payload);
        }
    }
}

#[test]
fn objects_of_many_members_have_shapes_too() {
    let properties: Vec<_> = (0..100).map(|n| format!(r#""p{n}":{{"type":"integer"}}"#)).collect();
    let schema = format!(
        r#"{{"type":"object","properties":{{{}}},"required":["p7","p99"],"additionalProperties":{{"type":"null"}},"minProperties":3}}"#,
        properties.join(",")
    );
    let all: Vec<_> = (0..100).map(|n| format!(r#""p{n}": {n}"#)).collect();
    assert!(verdicts(&schema, &format!("{{{}}}", all.join(" , "))));
    assert!(verdicts(&schema, r#"{"p7":1,"p99":2,"p\u0031":3}"#));
    assert!(verdicts(&schema, r#"{"p7":1,"p99":2,"x":null}"#));
    for wrong in [
        r#"{"p7":1,"p1":2,"p2":3}"#,
        r#"{"p7":1,"p99":2}"#,
        r#"{"p7":1,"p99":"2","p1":1}"#,
        r#"{"p7":1,"p99":2,"x":1}"#,
        r#"{"p7":1,"p99":2,"p\u0031":"3"}"#,
        "{}",
    ] {
        assert!(!verdicts(&schema, wrong), "{wrong}");
    }
    let twice = Schema::compile(schema.as_bytes()).unwrap();
    let rejection = twice.validate(br#"{"p7":1,"p7":1,"p1":1}"#).unwrap_err();
    assert_eq!(rejection.code, crate::code::Code::DuplicateKey);
}
