//! Any schema and any payload: a NUL byte, which JSON never holds, stands between them.
#![no_main]

use hookwarden::{Dialect, Schema, SchemaOptions};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&flags, texts)) = input.split_first() else { return };
    let mut texts = texts.split(|&byte| byte == 0);
    let mut next = || texts.next().unwrap_or_default();
    let (schema, payload, resource) = (next(), next(), next());
    let options = SchemaOptions {
        resources: vec![("http://x/r".to_owned(), resource.to_vec())].into_iter().filter(|_| flags & 8 != 0).collect(),
        assert_format: flags & 1 != 0,
        annotate_unknown_keywords: flags & 2 == 0,
        default_dialect: if flags & 4 == 0 { Dialect::Draft202012 } else { Dialect::Draft7 },
    };
    let Ok(schema) = Schema::compile_with(schema, &options) else { return };
    for violation in schema.validate(payload).unwrap_or_default() {
        assert!(violation.value_in(payload).is_some(), "{violation:?}");
    }
});
