use crate::schema::{MAX_VIOLATIONS, Schema, SchemaOptions, judge};

fn violations(schema: &str, payload: &str) -> Vec<(String, &'static str)> {
    let schema = Schema::compile(schema.as_bytes()).unwrap();
    let judged = judge(&schema, payload.as_bytes()).unwrap();
    judged.violations.into_iter().map(|violation| (violation.path, violation.keyword)).collect()
}

fn valid(schema: &str, payload: &str) -> bool {
    violations(schema, payload).is_empty()
}

#[test]
fn types() {
    for (name, payload) in [
        ("null", "null"),
        ("boolean", "true"),
        ("object", "{}"),
        ("array", "[]"),
        ("number", "1.5"),
        ("string", "\"\""),
        ("integer", "1.0"),
        ("number", "1"),
        ("integer", "1e400"),
    ] {
        let schema = format!(r#"{{"type":"{name}"}}"#);
        assert!(valid(&schema, payload), "{name} {payload}");
        let other = if name == "null" { "1" } else { "null" };
        assert_eq!(violations(&schema, other), [(String::new(), "type")]);
    }
    assert!(!valid(r#"{"type":"integer"}"#, "1.5"));
    assert!(valid(r#"{"type":["string","null"]}"#, "null"));
}

#[test]
fn every_violation_has_its_place() {
    let schema = Schema::compile(
        br#"{"type":"object","required":["id","data"],"properties":{
            "id":{"type":"string","minLength":1},
            "data":{"properties":{"n":{"type":"integer","minimum":1}},"required":["n","m"]}}}"#,
    )
    .unwrap();
    let payload = "{\n  \"data\": {\"n\": 0, \"é\": [1]},\n  \"id\": 7\n}";
    let found = judge(&schema, payload.as_bytes()).unwrap().violations;
    let shown: Vec<_> = found
        .iter()
        .map(|v| format!("{} {} {}:{} {}", v.path, v.keyword, v.line, v.column, v.message))
        .collect();
    assert_eq!(
        shown,
        [
            "/data/n minimum 2:17 is less than the minimum",
            "/data required 2:11 the property `m` is missing",
            "/id type 3:9 expected string, found number",
        ]
    );
}

#[test]
fn undeclared_names_are_masked_for_logs() {
    let schema = r#"{"properties":{"tags":{"additionalProperties":{"type":"string"}}}}"#;
    let schema = Schema::compile(schema.as_bytes()).unwrap();
    let found = judge(&schema, br#"{"tags":{"a/b~c":1}}"#).unwrap().violations;
    assert_eq!(found[0].path, "/tags/a~1b~0c");
    assert_eq!(found[0].masked_path, "/tags/*");
}

#[test]
fn references_and_all_of_judge_together() {
    let schema = r##"{"$defs":{"named":{"required":["name"]},"short":{"maxProperties":1}},
        "items":{"allOf":[{"$ref":"#/$defs/named"},{"$ref":"#/$defs/short"}],"type":"object"}}"##;
    assert!(valid(schema, r#"[{"name":1}]"#));
    assert_eq!(
        violations(schema, r#"[{"name":1},{"a":1,"b":2}]"#),
        [("/1".to_owned(), "required"), ("/1".to_owned(), "maxProperties")]
    );
    let tree = r##"{"properties":{"children":{"items":{"$ref":"#"}},"name":{"type":"string"}}}"##;
    assert!(valid(tree, r#"{"children":[{"children":[{"name":"x"}]}]}"#));
    assert_eq!(
        violations(tree, r#"{"children":[{"children":[{"name":1}]}]}"#),
        [("/children/0/children/0/name".to_owned(), "type")]
    );
}

#[test]
fn constants_and_bounds_are_exact() {
    assert!(valid(r#"{"const":1}"#, "1.0"));
    assert!(!valid(r#"{"const":9007199254740992}"#, "9007199254740993"));
    assert!(valid(r#"{"enum":["é",null,2]}"#, r#""\u00e9""#));
    assert!(!valid(r#"{"enum":["a"]}"#, "{}"));
    assert!(!valid(r#"{"const":"a","enum":["a","b"]}"#, r#""b""#));
    assert!(!valid(r#"{"enum":["b"],"const":"a"}"#, r#""a""#));
    assert!(valid(r#"{"maximum":0.1}"#, "1e-1"));
    assert!(!valid(r#"{"exclusiveMaximum":0.1}"#, "1e-1"));
    assert!(valid(r#"{"maxLength":1}"#, r#""\ud83d\ude00""#));
    assert!(!valid(r#"{"minItems":1}"#, "[]"));
    assert!(!valid("false", "1"));
    assert!(!valid(r#"{"additionalProperties":false}"#, r#"{"a":1}"#));
    assert!(valid(r#"{"additionalProperties":false,"properties":{"a":true}}"#, r#"{"a":1}"#));
}

#[test]
fn a_number_beyond_the_limits_is_too_complex_only_where_its_value_matters() {
    let digits = "7".repeat(2000);
    assert!(valid(r#"{"type":"number"}"#, &digits));
    let schema = Schema::compile(br#"{"minimum":1}"#).unwrap();
    assert!(judge(&schema, digits.as_bytes()).unwrap().too_complex);
}

#[test]
fn reports_are_limited() {
    let schema = r#"{"items":{"type":"string"}}"#;
    let payload = format!("[{}1]", "1,".repeat(1000));
    assert_eq!(violations(schema, &payload).len(), MAX_VIOLATIONS);
}

/// What would never come to an end if it were not bounded.
#[test]
fn hostile_schemas_and_payloads_come_to_an_end() {
    let alternatives = r##"{"$ref":"#/$defs/t","$defs":{"t":{"anyOf":[
        {"items":{"$ref":"#/$defs/t"},"type":"array"},{"items":{"$ref":"#/$defs/t"}},{"type":"null"}]}}}"##;
    let nested = [vec![b'['; 128], vec![b']'; 128]].concat();
    assert!(valid(alternatives, std::str::from_utf8(&nested).unwrap()));

    let backtracking = format!("\"{}b\"", "a".repeat(100_000));
    assert_eq!(violations(r#"{"pattern":"^(a+)+$"}"#, &backtracking), [(String::new(), "pattern")]);

    for refused in [
        r#"{"pattern":"(a{1000}){1000}"}"#,
        r#"{"pattern":"(?=a)"}"#,
        r#"{"multipleOf":1e999999999}"#,
        r##"{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}"##,
    ] {
        assert!(Schema::compile(refused.as_bytes()).is_err(), "{refused}");
    }

    let chain: Vec<_> = (0..1000).map(|n| format!(r##""{n}":{{"$ref":"#/$defs/{}"}}"##, n + 1)).collect();
    let chain = format!(r##"{{"$ref":"#/$defs/0","$defs":{{{},"1000":true}}}}"##, chain.join(","));
    assert!(Schema::compile(chain.as_bytes()).unwrap_err().to_string().contains("schemas in a row"));

    let schema = Schema::compile(br#"{"items":{"multipleOf":3}}"#).unwrap();
    let digits = format!("[{}]", "7".repeat(1_000_000));
    assert!(judge(&schema, digits.as_bytes()).unwrap().too_complex);

    let many: Vec<_> = (0..2000).map(|n| format!(r#""a{n}.*b$":true"#)).collect();
    let schema = format!(r#"{{"patternProperties":{{{}}}}}"#, many.join(","));
    let schema = Schema::compile(schema.as_bytes()).unwrap();
    let keys: Vec<_> = (0..50_000).map(|n| format!(r#""a1a2a3a4a5a6a7a8{n}":0"#)).collect();
    assert!(judge(&schema, format!("{{{}}}", keys.join(",")).as_bytes()).unwrap().too_complex);
}

#[test]
fn a_payload_that_readers_could_disagree_about_is_not_judged_valid() {
    let schema = Schema::compile(b"true").unwrap();
    let code = |payload: &[u8]| schema.validate(payload).map_err(|rejection| rejection.code.as_str());
    assert_eq!(code(br#"{"a":1,"\u0061":2}"#), Err("duplicate_key"));
    assert_eq!(code(b"[1,]"), Err("payload_not_json"));
    assert_eq!(code(br#"{"a":1}"#), Ok(Vec::new()));
}

#[test]
fn what_must_be_kept_is_bounded() {
    let schema = r#"{"contains":{"type":"integer"},"unevaluatedItems":false}"#;
    let items = |count: usize| format!("[{}1]", "1,".repeat(count));
    let judged =
        |count: usize| judge(&Schema::compile(schema.as_bytes()).unwrap(), items(count).as_bytes()).unwrap();
    assert!(judged(100_000).violations.is_empty() && !judged(100_000).too_complex);
    assert!(judged(600_000).too_complex);
    let many = format!("[{}[1,2]]", "[1,2],".repeat(300_000));
    let schema = Schema::compile(br#"{"items":{"uniqueItems":true}}"#).unwrap();
    assert!(!judge(&schema, many.as_bytes()).unwrap().too_complex, "what has ended counts no longer");
}

#[test]
fn what_is_not_judged_says_where() {
    let schema = Schema::compile(b"true").unwrap();
    for (payload, detail) in [
        ("{\n \"a\": tru}", "line 2, column 7: expected a value"),
        ("{\"a\":1,\"a\":2}", "line 1, column 8: the object has this key already"),
    ] {
        assert_eq!(schema.validate(payload.as_bytes()).unwrap_err().detail.unwrap(), detail);
    }
}

#[test]
fn names_that_mean_two_schemas_are_refused() {
    let refused = |schema: &str| Schema::compile(schema.as_bytes()).unwrap_err().to_string();
    let ids = r#"{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}"#;
    assert!(refused(ids).contains("/$defs/b/$id: another schema has this URI"), "{}", refused(ids));
    let anchors = r#"{"$defs":{"a":{"$anchor":"x"},"b":{"$dynamicAnchor":"x"}}}"#;
    assert!(refused(anchors).contains("/$defs/b: another schema has the anchor `x`"), "{}", refused(anchors));
    assert!(Schema::compile(br#"{"$defs":{"a":{"$anchor":"x"},"b":{"$id":"y","$anchor":"x"}}}"#).is_ok());
}

#[test]
fn a_vocabulary_that_is_needed_must_be_implemented() {
    let compile = |needed: bool| {
        let metaschema = format!(
            r#"{{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/m",
            "$vocabulary":{{"https://json-schema.org/draft/2020-12/vocab/core":true,
            "https://json-schema.org/draft/2020-12/vocab/validation":true,"https://example.com/v":{needed}}}}}"#
        );
        let resources = vec![("https://example.com/m".to_owned(), metaschema.into_bytes())];
        let options = SchemaOptions { resources, ..SchemaOptions::default() };
        Schema::compile_with(br#"{"$schema":"https://example.com/m","type":"null"}"#, &options)
    };
    assert!(compile(false).is_ok());
    let error = compile(true).unwrap_err().to_string();
    assert!(error.contains("/$schema: the vocabulary https://example.com/v is needed"), "{error}");
}

#[test]
fn a_key_that_is_there_twice_is_no_reason_to_stop() {
    for (schema, payload) in [
        (r#"{"minProperties":2,"properties":{"a":true}}"#, r#"{"a":1,"a":2}"#),
        (r#"{"maxProperties":1,"properties":{"a":true}}"#, r#"{"a":1,"a":2}"#),
        (r#"{"maxProperties":1}"#, r#"{"a":1,"a":2}"#),
    ] {
        let schema = Schema::compile(schema.as_bytes()).unwrap();
        assert_eq!(judge(&schema, payload.as_bytes()).unwrap().duplicate_key, Some(7));
    }
}
