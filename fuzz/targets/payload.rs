//! Any payload, for schemas that use every keyword between them.
#![no_main]

use std::sync::LazyLock;

use hookwarden::Schema;
use libfuzzer_sys::fuzz_target;

const SCHEMAS: [&str; 10] = [
    include_str!("../../benches/schema/generic.schema.json"),
    include_str!("../../benches/schema/transcript.schema.json"),
    include_str!("../../providers/meeting-baas/events/complete.schema.json"),
    include_str!("../../src/schema/meta/draft7.json"),
    r##"{"uniqueItems":true,"items":{"$ref":"#"},"properties":{"a":{"uniqueItems":true}}}"##,
    r#"{"prefixItems":[{"const":{"a":[1,2.50]}},{"enum":[[],{},null,"é",1e400,""]}],"contains":{"type":"string"},
        "minContains":1,"maxContains":3,"unevaluatedItems":{"type":"integer","multipleOf":0.01}}"#,
    r#"{"allOf":[{"properties":{"a":true}},{"if":{"required":["b"]},"then":{"properties":{"b":{"maxLength":3}}},
        "else":{"patternProperties":{"^c+$":{"minLength":1}}}}],"unevaluatedProperties":{"type":"string"}}"#,
    r#"{"propertyNames":{"pattern":"^(a|b)*[^c]{1,9}$"},"dependentRequired":{"a":["b"]},"minProperties":1,
        "dependentSchemas":{"b":{"maxProperties":3}},"additionalProperties":{"exclusiveMinimum":-1.5}}"#,
    r##"{"$defs":{"t":{"oneOf":[{"type":"array","items":{"$ref":"#/$defs/t"},"maxItems":3},{"type":"null"},
        {"not":{"type":["array","null"]}}]}},"$ref":"#/$defs/t"}"##,
    r##"{"$id":"http://x/r","$dynamicAnchor":"n","anyOf":[{"$ref":"a"},{"type":"number"}],"$defs":{"a":{"$id":"a",
        "$dynamicAnchor":"n","items":{"$dynamicRef":"#n"},"properties":{"a":{"$dynamicRef":"#n"}}}}}"##,
];

static COMPILED: LazyLock<Vec<Schema>> = LazyLock::new(|| {
    SCHEMAS.iter().map(|schema| Schema::compile(schema.as_bytes()).expect("the schemas are right")).collect()
});

fuzz_target!(|payload: &[u8]| {
    for schema in COMPILED.iter() {
        for violation in schema.validate(payload).unwrap_or_default() {
            assert!(violation.value_in(payload).is_some(), "{violation:?}");
        }
    }
});
