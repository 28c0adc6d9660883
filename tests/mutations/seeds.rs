//! What the mutations begin with: schemas with payloads, valid and invalid.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Clone)]
pub(crate) struct Seed {
    pub(crate) schema: Vec<u8>,
    pub(crate) payloads: Vec<Vec<u8>>,
}

/// Everything there is, in the same order on every machine.
pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = suite();
    let own = [providers(), large(), hand_made()].concat();
    // The suite has twenty times as many schemas as there are others.
    for _ in 0..8 {
        seeds.extend(own.iter().cloned());
    }
    seeds
}

fn root(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[derive(Deserialize)]
struct Case {
    schema: Box<RawValue>,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    data: Box<RawValue>,
}

/// The official test suite, which `cargo xtask setup` fetches.
fn suite() -> Vec<Seed> {
    let folder = root(".tools/json-schema-suite/json/tests");
    assert!(folder.is_dir(), "the JSON Schema test suite is not there: run `cargo xtask setup`");
    let folders = ["draft2020-12", "draft7"].map(|draft| folder.join(draft));
    let folders = folders.iter().flat_map(|draft| {
        [draft.clone(), draft.join("optional"), draft.join("optional/format")].map(|folder| files(&folder))
    });
    let bytes = |raw: &RawValue| raw.get().as_bytes().to_vec();
    let cases = folders
        .flatten()
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .flat_map(|path| serde_json::from_slice::<Vec<Case>>(&fs::read(path).unwrap()).unwrap());
    cases
        .map(|case| Seed {
            schema: bytes(&case.schema),
            payloads: case.tests.iter().map(|test| bytes(&test.data)).collect(),
        })
        .collect()
}

/// The built-in schemas with the samples of their events.
fn providers() -> Vec<Seed> {
    let with_schemas =
        files(&root("providers")).into_iter().filter(|provider| provider.join("events").is_dir());
    let schemas = with_schemas.flat_map(|provider| {
        let samples = files(&provider.join("samples"));
        files(&provider.join("events")).into_iter().map(move |schema| {
            let name =
                schema.file_name().unwrap().to_str().unwrap().trim_end_matches(".schema.json").to_owned();
            let is_of = |sample: &&PathBuf| {
                let stem = sample.file_stem().unwrap().to_str().unwrap();
                stem == name || stem.starts_with(&format!("{name}~"))
            };
            let payloads = samples.iter().filter(is_of).map(|sample| fs::read(sample).unwrap()).collect();
            Seed { schema: fs::read(schema).unwrap(), payloads }
        })
    });
    schemas.collect()
}

/// The schemas of the benchmark, each with the beginning of a payload.
fn large() -> Vec<Seed> {
    let read = |name: &str| fs::read(root("benches/schema").join(name)).unwrap();
    let export =
        br#"{"apiVersion":"v2.1","id":"exp_000010007919","createdAt":"2026-03-04T09:03:30Z","workspace":
        {"id":"wsp_000010031676","name":"Engines","plan":"team","limits":{"projects":100}},"links":
        {"self":"https://api.example.com/1","next":null},"changes":[{"kind":"member.joined","id":
        "chg_000010000000","at":"2026-03-01T09:00:30Z","sequence":0,"actor":{"id":"usr_000010000000",
        "name":"Ada","email":null,"roles":["admin"]},"member":{"id":"usr_000010000000","name":"Ada"},
        "invitedBy":null,"via":"link"}]}"#;
    let transcript =
        br#"{"event":"transcript.generated","timestamp":"2024-01-15T10:30:00Z","data":{"meetingId":"m",
        "segments":[{"id":1,"speaker":"A","startTime":0.5,"endTime":2.25,"text":"Yes.","confidence":0.9,
        "sentiment":"neutral","isFinal":true}]}}"#;
    vec![
        Seed { schema: read("generic.schema.json"), payloads: vec![export.to_vec()] },
        Seed { schema: read("transcript.schema.json"), payloads: vec![transcript.to_vec()] },
    ]
}

/// What the others have too little of.
fn hand_made() -> Vec<Seed> {
    const SEEDS: [(&str, &[&str]); 12] = [
        (r#"{"pattern":"^(a+)+$","minLength":3}"#, &["\"aaaaaaaaaaaaaaaaaaaaaaaaab\"", "\"aaa\""]),
        (
            r#"{"patternProperties":{"^(a|b)*[0-9]{1,9}$":{"type":"null"}},"additionalProperties":false}"#,
            &[r#"{"ababab12":null}"#],
        ),
        (
            r#"{"items":{"multipleOf":0.01,"minimum":-1e2,"exclusiveMaximum":1E+9}}"#,
            &["[19.99,1e400,-0.0,5e-1]"],
        ),
        (r##"{"uniqueItems":true,"items":{"$ref":"#"}}"##, &["[[1,[1.0]],[1,[2]],{\"a\":[[],[]]}]"]),
        (
            r##"{"$ref":"#/$defs/t","$defs":{"t":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/t"}},
               {"items":{"$ref":"#/$defs/t"},"maxItems":3},{"not":{"$ref":"#/$defs/t"}}]}}}"##,
            &["[[[[[[[[]]]]]]]]", "[[1],[[2]],null]"],
        ),
        (
            r##"{"$id":"http://x/r","$dynamicAnchor":"n","anyOf":[{"$ref":"a"},{"$ref":"b"}],"$defs":{"a":{"$id":"a",
               "$dynamicAnchor":"n","items":{"$dynamicRef":"#n"}},"b":{"$id":"b","$dynamicAnchor":"n",
               "properties":{"c":{"anyOf":[{"$ref":"a"},{"$dynamicRef":"#n"}]}}}}}"##,
            &["[[[{\"c\":[1]}]]]"],
        ),
        (
            r#"{"allOf":[{"properties":{"a":true}},{"if":{"required":["b"]},"then":{"properties":{"b":true}},
               "else":{"patternProperties":{"^c":true}}}],"unevaluatedProperties":{"type":"string"}}"#,
            &[r#"{"a":1,"b":2,"d":"x"}"#, r#"{"a":1,"c":2,"d":3}"#],
        ),
        (
            r#"{"prefixItems":[{"const":{"a":[1,2.50]}}],"contains":{"enum":[[],{},null,"é"]},"minContains":2,
               "maxContains":3,"unevaluatedItems":{"type":"integer"}}"#,
            &[r#"[{"a":[1.0,2.5]},[],"\u00e9",7]"#],
        ),
        (
            r#"{"propertyNames":{"maxLength":5,"not":{"enum":["x"]}},"dependentRequired":{"a":["b","c"]},
               "dependentSchemas":{"b":{"minProperties":3}},"maxProperties":9}"#,
            &[r#"{"a":1,"b":2,"c":3}"#, r#"{"😀\ud800":1}"#],
        ),
        (
            r#"{"oneOf":[{"properties":{"k":{"const":"a"}},"required":["k","v"]},{"properties":{"k":{"const":"b"},
               "v":{"type":["array","null"],"maxItems":2}},"required":["k"]},{"type":"array"}]}"#,
            &[r#"{"k":"b","v":[1,2]}"#, r#"{"k":"a"}"#],
        ),
        (
            r#"{"items":{"anyOf":[{"format":"date-time"},{"format":"email"},{"format":"ipv6"},{"format":"uri"},
               {"format":"regex"},{"format":"duration"},{"format":"hostname"},{"format":"json-pointer"}]}}"#,
            &[
                r#"["2024-02-29T23:59:60Z","a@[IPv6:::1]","::ffff:1.2.3.4","http://[v1.a]/%20?x#y","(a|[^b-z])+?",
               "P1Y2M3DT4H5M6S","a-b.example","/a~0b/~1"]"#,
            ],
        ),
        (
            r##"{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{"$id":"#a","type":"null"}},
               "items":[{"$ref":"#a"}],"additionalItems":false,"dependencies":{"x":["y"],"y":{"required":["z"]}}}"##,
            &["[null]", "[null,1]", r#"{"x":1,"y":2}"#],
        ),
    ];
    let bytes = |text: &&str| text.as_bytes().to_vec();
    SEEDS
        .iter()
        .map(|(schema, payloads)| Seed {
            schema: bytes(schema),
            payloads: payloads.iter().map(bytes).collect(),
        })
        .collect()
}
