//! The schemas of the catalogue against the samples that come with it.

use std::path::Path;
use std::sync::OnceLock;

use hookwarden::{Code, Options, SchemaMode, Verifier};
use proptest::prelude::*;
use serde_json::Value;

use crate::cases;
use crate::deliveries::Scheme;
use crate::json::parse;
use crate::spelling::spelling;

#[derive(Debug)]
pub(crate) struct Sample {
    scheme: Scheme,
    event: String,
    file: String,
    pub(crate) text: Vec<u8>,
    schema: Value,
}

/// Every sample of every provider.
fn samples() -> &'static [Sample] {
    static ALL: OnceLock<Vec<Sample>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("providers");
        let mut samples = Vec::new();
        for provider in Scheme::providers() {
            let scheme = *Scheme::ALL.iter().rfind(|scheme| scheme.provider() == provider).unwrap();
            let folder = folder.join(provider);
            let files = folder.join("samples").read_dir().unwrap();
            let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
            paths.sort();
            for path in paths {
                let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let event = file.split('~').next().unwrap().to_owned();
                let text = std::fs::read(path).unwrap();
                let rules = std::fs::read(folder.join(format!("events/{event}.schema.json"))).unwrap();
                let rules = serde_json::from_slice(&rules).unwrap();
                samples.push(Sample { scheme, event, file, text, schema: rules });
            }
        }
        samples
    })
}

/// One of the samples.
pub(crate) fn sample() -> impl Strategy<Value = &'static Sample> {
    (0..samples().len()).prop_map(|at| &samples()[at])
}

fn verifier(scheme: Scheme) -> Verifier {
    scheme.verifier(Options { schema_mode: Some(SchemaMode::Enforce), ..Options::default() })
}

/// The subschemas for the value that a pointer leads to.
fn subschemas<'s>(root: &'s Value, pointer: &str) -> Vec<&'s Value> {
    let mut here = with_references(root, root);
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let child = |schema: &&'s Value| {
            let declared = schema.get("properties").and_then(|properties| properties.get(&token));
            declared.or_else(|| schema.get("additionalProperties")).or_else(|| schema.get("items"))
        };
        here = here.iter().filter_map(child).flat_map(|schema| with_references(root, schema)).collect();
    }
    here
}

fn with_references<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let target = schema.get("$ref").map(|target| target.as_str().unwrap().trim_start_matches('#'));
    let target = target.map(|pointer| root.pointer(pointer).unwrap());
    let all_of = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let others = target.into_iter().chain(all_of).flat_map(|other| with_references(root, other));
    std::iter::once(schema).chain(others).collect()
}

fn names(types: &Value) -> Vec<&str> {
    match types {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The keyword by which a schema refuses every value of a type.
fn refuses(schema: &Value, types: &[&str]) -> Option<&'static str> {
    if let Some(allowed) = schema.get("type")
        && !names(allowed).iter().any(|name| types.contains(name))
    {
        return Some("type");
    }
    let (keyword, values) = match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(value), _) => ("const", std::slice::from_ref(value)),
        (None, Some(values)) => ("enum", values.as_slice()),
        (None, None) => return None,
    };
    (!values.iter().any(|value| types.contains(&type_of(value)))).then_some(keyword)
}

/// A value of every type, with the names of its types.
const VALUES: [(&str, &[&str]); 7] = [
    ("null", &["null"]),
    ("true", &["boolean"]),
    ("7", &["integer", "number"]),
    ("0.5", &["number"]),
    ("\"x\"", &["string"]),
    ("[]", &["array"]),
    ("{}", &["object"]),
];

/// Where the providers name the type of an event.
const TYPE_OF_EVENT: [&str; 4] = ["/event", "/type", "/trigger", "/callback_type"];

/// Line and column, counted character by character.
fn position(text: &str, offset: usize) -> (u32, u32) {
    text[..offset].chars().fold(
        (1, 1),
        |(line, column), character| {
            if character == '\n' { (line + 1, 1) } else { (line, column + 1) }
        },
    )
}

/// Puts a value of every type that is not allowed in every place of a text, and returns how many.
fn break_every_field(sample: &Sample, text: &str) -> Result<usize, TestCaseError> {
    let verifier = verifier(sample.scheme);
    let parsed = parse(text.as_bytes()).unwrap();
    let mut broken = 0;
    for (pointer, range) in &parsed.places {
        let subschemas = subschemas(&sample.schema, pointer);
        for (value, types) in VALUES {
            let Some(keyword) = subschemas.iter().find_map(|schema| refuses(schema, types)) else { continue };
            let body = format!("{}{value}{}", &text[..range.start], &text[range.end..]);
            let verdict = sample.scheme.deliver(body.as_bytes()).judge(&verifier);
            let code = verdict.code().map(Code::as_str);
            broken += 1;
            if pointer.is_empty() || TYPE_OF_EVENT.contains(&pointer.as_str()) {
                prop_assert_eq!(code, Some("event_type_missing"), "{}: {:?}", sample.file, verdict);
                continue;
            }
            prop_assert_eq!(code, Some("schema_violation"), "{}: {:?}", sample.file, verdict);
            let violations = &verdict.authentic.as_ref().unwrap().schema.violations;
            let first = (violations[0].keyword, (violations[0].line, violations[0].column));
            let expected = (keyword, position(text, range.start));
            prop_assert_eq!(first, expected, "{}: {:?}", sample.file, verdict);
            let all_here = violations.iter().all(|violation| violation.path == *pointer);
            prop_assert!(all_here, "{}: {} {:?}", sample.file, pointer, verdict);
        }
    }
    Ok(broken)
}

#[test]
fn every_sample_is_valid() {
    for sample in samples() {
        let verdict = sample.scheme.deliver(&sample.text).judge(&verifier(sample.scheme));
        assert!(verdict.is_accepted(), "{}: {verdict:?}", sample.file);
        let authentic = verdict.authentic.unwrap();
        assert_eq!(authentic.schema.status.as_str(), "valid", "{}", sample.file);
        assert_eq!(authentic.event.event_type.as_ref(), Some(&sample.event), "{}", sample.file);
    }
}

#[test]
fn a_value_of_a_wrong_type_is_found_in_its_place() {
    let break_sample = |sample: &Sample| {
        let text = std::str::from_utf8(&sample.text).unwrap();
        break_every_field(sample, text).unwrap_or_else(|error| panic!("{error}"))
    };
    let broken: usize = samples().iter().map(break_sample).sum();
    assert!(broken > 2000, "only {broken} values were replaced");
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn and_so_it_is_however_the_payload_is_spelled(
        sample in sample(),
        spelling in spelling(),
    ) {
        let text = spelling.write(&parse(&sample.text).unwrap().value);
        // Columns are counted in characters, also behind those that are several bytes.
        let text = String::from_utf8(text).unwrap().replacen('{', r#"{"é😀":0,"#, 1);
        break_every_field(sample, &text)?;
    }
}
