//! What can only be seen in wasm: that the core gives the same verdicts in 32 bits and behind the border.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::Verifier;
use super::schema::Schema;
use super::sign::sign;

const VECTORS: [&str; 5] = [
    include_str!("../../../tests/vectors/attendee.json"),
    include_str!("../../../tests/vectors/audian.json"),
    include_str!("../../../tests/vectors/efficlose.json"),
    include_str!("../../../tests/vectors/meeting-baas.json"),
    include_str!("../../../tests/vectors/mobile-assistant.json"),
];

#[wasm_bindgen_test]
fn every_vector_gets_its_verdict() {
    for vector in VECTORS.iter().flat_map(|file| serde_json::from_str::<Vec<Value>>(file).unwrap()) {
        let mut options = json!({ "provider": vector["provider"], "secrets": vector["secrets"] });
        if let Some(scheme) = vector.get("scheme") {
            options["scheme"] = scheme.clone();
        }
        let verifier = Verifier::new(None, &options.to_string()).unwrap();
        let body = decode_base64(vector["body_base64"].as_str().unwrap());
        let now = vector["now"].as_f64().unwrap();
        let verdict = verifier.verify(&request(&vector), &body, now, None).unwrap();
        let verdict: Value = serde_json::from_str(&verdict).unwrap();
        let expect = &vector["expect"];
        assert_eq!(verdict["verdict"], expect["verdict"], "{}", vector["id"]);
        assert_eq!(verdict["code"], *expect.get("code").unwrap_or(&Value::Null), "{}", vector["id"]);
        assert_eq!(verdict["provider"], vector["provider"], "{}", vector["id"]);
        if verdict["verdict"] == "accepted" {
            let field = |name: &str| expect.get(name).cloned().unwrap_or_default();
            assert_eq!(verdict["event"]["type"], field("event_type"), "{}", vector["id"]);
            assert_eq!(verdict["event"]["id"], field("event_id"), "{}", vector["id"]);
        }
    }
}

#[wasm_bindgen_test]
fn misuse_is_an_error_with_a_code_and_without_the_secret() {
    for (options, code) in [
        (json!({ "provider": "nobody", "secrets": ["hunter2"] }), "provider_unknown"),
        (json!({ "provider": "attendee", "secrets": ["hunter2!"] }), "secret_invalid"),
        (json!({ "provider": "audian", "secrets": [] }), "secret_missing"),
        (json!({ "provider": "meeting-baas", "secrets": ["hunter2"] }), "scheme_required"),
        (json!({ "provider": "audian" }), "secret_missing"),
        (json!({ "provider": "audian", "secrets": "hunter2" }), "options_invalid"),
        (json!({ "provider": "audian", "secrets": ["x"], "secert": "hunter2" }), "options_invalid"),
    ] {
        let error = Verifier::new(None, &options.to_string()).err().unwrap();
        let error: Value = serde_json::from_str(&error).unwrap();
        assert_eq!(error["code"], code);
        assert!(!error["message"].as_str().unwrap().contains("hunter2"));
    }
}

#[wasm_bindgen_test]
fn schemas_of_ones_own_are_enforced_unless_a_mode_says_otherwise() {
    let wanted = json!({ "type": "object", "required": ["amount"] });
    let judge = |more: Value, body: &str| {
        let mut options = json!({ "provider": "meeting-baas", "scheme": "api-key", "secrets": ["key"] });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let verifier = Verifier::new(None, &options.to_string()).unwrap();
        let headers = r#"{"method":"POST","headers":["x-meeting-baas-api-key","key"]}"#;
        let verdict = verifier.verify(headers, body.as_bytes(), 0.0, None).unwrap();
        let verdict: Value = serde_json::from_str(&verdict).unwrap();
        (verdict["code"].clone(), verdict["schema"]["status"].clone())
    };
    let (paid, broken) = (r#"{"event":"invoice.paid","amount":1}"#, r#"{"event":"invoice.paid"}"#);
    let refused = || (json!("schema_violation"), json!("invalid"));
    assert_eq!(judge(json!({}), paid), (Value::Null, json!("unknown_event")));
    // An object, its text, a boolean; an event type, a pattern.
    for schema in [wanted.clone(), json!(wanted.to_string())] {
        for pattern in ["invoice.paid", "invoice.*", "*"] {
            let schemas = json!({ "schemas": { pattern: schema } });
            assert_eq!(judge(schemas.clone(), paid), (Value::Null, json!("valid")));
            assert_eq!(judge(schemas, broken), refused());
        }
    }
    assert_eq!(judge(json!({ "schemas": { "invoice.*": wanted, "invoice.paid": false } }), paid), refused());
    let own = |more: Value| {
        let mut options = json!({ "schemas": { "invoice.*": wanted } });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        judge(options, broken)
    };
    let observed = || (Value::Null, json!("invalid"));
    assert_eq!(own(json!({ "schema_mode": "observe" })), observed());
    assert_eq!(
        own(json!({ "schema_mode": "enforce", "schema_modes": { "invoice.paid": "observe" } })),
        observed()
    );
    assert_eq!(own(json!({ "schema_modes": { "*": "off" } })), (Value::Null, json!("off")));
    assert_eq!(own(json!({ "unknown_events": "refuse" })), refused());
    assert_eq!(judge(json!({ "unknown_events": "refuse" }), paid).0, "unknown_event");
}

#[wasm_bindgen_test]
fn a_schema_that_cannot_be_honoured_is_misuse_with_its_place() {
    for (more, code, place) in [
        (
            json!({ "schemas": { "call.completed": { "properties": { "id": { "typ": "string" } } } } }),
            "schema_invalid",
            "/schemas/call.completed: /properties/id/typ: ",
        ),
        (json!({ "schemas": { "call.*": "{" } }), "schema_invalid", "/schemas/call.*: line 1, column 2: "),
        (json!({ "schemas": { "a": 7 } }), "schema_invalid", "/schemas/a: "),
        (json!({ "schemas": { "a*b": true } }), "options_invalid", "/schemas/a*b: "),
        (json!({ "schemas": [] }), "options_invalid", "/schemas: "),
        (json!({ "schema_modes": { "a": "strict" } }), "options_invalid", "/schema_modes/a: "),
    ] {
        let mut options = json!({ "provider": "audian", "secrets": ["hunter2"] });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let error = Verifier::new(None, &options.to_string()).err().unwrap();
        let error: Value = serde_json::from_str(&error).unwrap();
        assert_eq!(error["code"], code, "{error}");
        assert!(error["message"].as_str().unwrap().contains(place), "{error}");
    }
}

#[wasm_bindgen_test]
fn headers_that_are_none_are_misuse_and_no_time_is_too_much() {
    let verifier =
        Verifier::new(None, r#"{"provider":"audian","secrets":["whsec_abcdef1234567890"]}"#).unwrap();
    for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        assert!(verifier.verify("{}", b"", now, None).unwrap().contains("signature_missing"));
    }
    for headers in [
        r#"{"headers":["x-mb-secret: hunter2"]}"#,
        r#"{"headers":["x-mb-secret",{"hunter2":2}]}"#,
        r#"{"headers":[],"hunter2":2}"#,
        r#"{"headers":["hunter2","\ud800"]}"#,
        "POST\nhunter2",
    ] {
        let error = verifier.verify(headers, b"", 0.0, None).unwrap_err();
        assert!(error.contains("headers_invalid") && !error.contains("hunter2"), "{error}");
    }
}

#[wasm_bindgen_test]
fn signs_as_the_vectors_are_signed() {
    // The vector `efficlose-doc-1`, signed by another program.
    let vectors: Vec<Value> = serde_json::from_str(VECTORS[2]).unwrap();
    let vector = vectors.iter().find(|vector| vector["id"] == "efficlose-doc-1").unwrap();
    let body = decode_base64(vector["body_base64"].as_str().unwrap());
    let options = json!({ "provider": "efficlose", "secret": vector["secrets"][0] });
    let signed: Value = serde_json::from_str(&sign(None, &options.to_string(), 0.0, &body).unwrap()).unwrap();
    assert_eq!(signed[0][1], vector["headers"][0][1]);
    let nobody = sign(None, r#"{"provider":"nobody","secret":"hunter2"}"#, 0.0, b"").unwrap_err();
    assert!(nobody.contains("provider_unknown") && !nobody.contains("hunter2"), "{nobody}");
}

#[wasm_bindgen_test]
fn schemas_judge_on_their_own() {
    let compile = |text: &str, options: &str| Schema::new(text.as_bytes(), Some(options.to_owned()));
    let resources = r#"{"resources":{"urn:id":"{\"type\":\"string\"}"}}"#;
    let schema = compile(r#"{"$ref":"urn:id"}"#, resources).unwrap();
    assert_eq!(schema.validate(br#""x""#, None), None);
    let outcome: Value = serde_json::from_str(&schema.validate(b" 5", Some(true)).unwrap()).unwrap();
    let violation = &outcome["violations"][0];
    assert_eq!((&violation["keyword"], &violation["column"]), (&json!("type"), &json!(2)));
    assert_eq!(violation["value"], "5");
    assert!(schema.validate(b"[", None).unwrap().contains("payload_not_json"));
    assert!(compile(r#"{"tpye":1}"#, "{}").err().unwrap().contains("schema_invalid"));
    assert!(compile("true", r#"{"format":"assert"}"#).err().unwrap().contains("options_invalid"));
}

#[wasm_bindgen_test]
fn a_source_says_what_its_caller_has_to_know() {
    let verifier = Verifier::new(None, r#"{"provider":"audian","secrets":["x"]}"#).unwrap();
    let facts: Value = serde_json::from_str(&verifier.facts()).unwrap();
    assert_eq!(facts["headers"], json!(["x-audian-signature", "x-audian-timestamp"]));
    assert_eq!(facts["methods"], json!(["POST"]));
    assert_eq!(facts["window_seconds"], 3210);
}

const KEY: &str = "79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664";

#[wasm_bindgen_test]
fn a_signature_by_a_public_key_is_asked_about_and_answered() {
    let options = json!({ "provider": "discord", "secrets": [KEY] });
    let verifier = Verifier::new(None, &options.to_string()).unwrap();
    let judge = |answers: Option<&str>| {
        let signature = "00".repeat(64);
        let headers = ["x-signature-ed25519", &signature, "x-signature-timestamp", "1700000000"];
        let mut request = json!({ "headers": headers });
        if let Some(answers) = answers {
            request["answers"] = answers.into();
        }
        let verdict = verifier.verify(&request.to_string(), b"{}", 1_700_000_000.0, None).unwrap();
        serde_json::from_str::<Value>(&verdict).unwrap()
    };
    let asked = judge(None);
    assert_eq!(asked["checks"].as_array().unwrap().len(), 1);
    assert_eq!(asked["checks"][0]["algorithm"], "ed25519");
    assert_eq!(asked["checks"][0]["key"], KEY);
    assert_eq!(asked["checks"][0]["message"], "313730303030303030307b7d", "1700000000{{}}");
    for (answers, code) in
        [("", "source_misconfigured"), ("0", "signature_mismatch"), ("x", "signature_mismatch")]
    {
        assert_eq!(judge(Some(answers))["code"], code);
    }
    assert_eq!(judge(Some("1"))["verdict"], "accepted");
}

#[wasm_bindgen_test]
fn a_provider_of_one_s_own_is_read_and_mistakes_in_it_are_named() {
    let definition = |content: &str| {
        json!({
            "name": "toy", "title": "Toy", "docs": "https://example.com", "event": { "type": ["/type"] },
            "schemes": [{
                "name": "hmac", "algorithm": "hmac-sha1", "encoding": "hex", "signed_content": content,
                "headers": [{ "signature": "x-toy" }],
            }],
        })
        .to_string()
    };
    let options = r#"{"secrets":["hunter2"]}"#;
    let verifier = Verifier::new(Some(definition("{url}{body}").into_bytes()), options).unwrap();
    let facts: Value = serde_json::from_str(&verifier.facts()).unwrap();
    assert_eq!((&facts["provider"], &facts["signs_url"]), (&json!("toy"), &json!(true)));
    let signing = json!({ "secret": "hunter2", "url": "https://x" }).to_string();
    let signed = sign(Some(definition("{url}{body}").into_bytes()), &signing, 0.0, b"{}").unwrap();
    let signed: Value = serde_json::from_str(&signed).unwrap();
    let judge = |url: &str| {
        let request = json!({ "headers": signed[0], "url": url }).to_string();
        let verdict = verifier.verify(&request, b"{}", 0.0, None).unwrap();
        serde_json::from_str::<Value>(&verdict).unwrap()["code"].clone()
    };
    assert_eq!(judge("https://x"), Value::Null);
    assert_eq!(judge("https://y"), "signature_mismatch");
    // Twice: what is wrong is not remembered as if it were right.
    for _ in 0..2 {
        let error = Verifier::new(Some(definition("{url}").into_bytes()), options).err().unwrap();
        assert!(
            error.contains("definition_invalid") && error.contains("/schemes/0/signed_content"),
            "{error}"
        );
    }
    let error = Verifier::new(Some(b"{".to_vec()), options).err().unwrap();
    assert!(error.contains("definition_invalid"), "{error}");
}

#[wasm_bindgen_test]
fn verifiers_share_a_provider_and_outlive_its_turn() {
    let definition = |number: usize| {
        json!({
            "name": format!("p{number}"), "title": "P", "docs": "https://example.com",
            "event": { "type": ["/type"] },
            "schemes": [{ "name": "key", "algorithm": "static-token", "headers": [{ "signature": "x-key" }] }],
        })
        .to_string()
    };
    let judge = |verifier: &Verifier, key: &str| {
        let request = json!({ "headers": ["x-key", key] }).to_string();
        let verdict = verifier.verify(&request, br#"{"type":"a"}"#, 0.0, None).unwrap();
        serde_json::from_str::<Value>(&verdict).unwrap()
    };
    let secrets = |secret: &str| json!({ "secrets": [secret] }).to_string();
    let first = Verifier::new(Some(definition(0).into_bytes()), &secrets("one")).unwrap();
    let second = Verifier::new(Some(definition(0).into_bytes()), &secrets("two")).unwrap();
    // More than are remembered.
    for number in 1..200 {
        let other = Verifier::new(Some(definition(number).into_bytes()), &secrets("one")).unwrap();
        assert_eq!(judge(&other, "one")["provider"], format!("p{number}"));
    }
    for (verifier, key, other) in [(&first, "one", "two"), (&second, "two", "one")] {
        assert_eq!(judge(verifier, key)["provider"], "p0");
        assert_eq!(judge(verifier, key)["verdict"], "accepted");
        assert_eq!(judge(verifier, other)["code"], "signature_mismatch");
    }
}

fn request(vector: &Value) -> String {
    let pairs = vector["headers"].as_array().unwrap();
    let flat: Vec<_> = pairs.iter().flat_map(|pair| pair.as_array().unwrap()).collect();
    let mut request = json!({ "headers": flat });
    if let Some(method) = vector.get("method") {
        request["method"] = method.clone();
    }
    request.to_string()
}

fn decode_base64(text: &str) -> Vec<u8> {
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap()
}
