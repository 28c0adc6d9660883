//! The metaschemas of both dialects, as published, without white space and what is for people: references to them are answered without a fetch.

/// Each with its URI, without a fragment.
pub(crate) const METASCHEMAS: &[(&str, &str)] = &[
    ("https://json-schema.org/draft/2020-12/schema", include_str!(concat!(env!("OUT_DIR"), "/schema.json"))),
    ("https://json-schema.org/draft/2020-12/meta/core", include_str!(concat!(env!("OUT_DIR"), "/core.json"))),
    (
        "https://json-schema.org/draft/2020-12/meta/applicator",
        include_str!(concat!(env!("OUT_DIR"), "/applicator.json")),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/unevaluated",
        include_str!(concat!(env!("OUT_DIR"), "/unevaluated.json")),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/validation",
        include_str!(concat!(env!("OUT_DIR"), "/validation.json")),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/meta-data",
        include_str!(concat!(env!("OUT_DIR"), "/meta-data.json")),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/format-annotation",
        include_str!(concat!(env!("OUT_DIR"), "/format-annotation.json")),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/content",
        include_str!(concat!(env!("OUT_DIR"), "/content.json")),
    ),
    ("http://json-schema.org/draft-07/schema", include_str!(concat!(env!("OUT_DIR"), "/draft7.json"))),
];
