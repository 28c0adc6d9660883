//! The metaschemas of both dialects, as published: references to them are answered without a fetch.

/// Each with its URI, without a fragment.
pub(crate) const METASCHEMAS: &[(&str, &str)] = &[
    ("https://json-schema.org/draft/2020-12/schema", include_str!("meta/draft2020-12/schema.json")),
    ("https://json-schema.org/draft/2020-12/meta/core", include_str!("meta/draft2020-12/core.json")),
    (
        "https://json-schema.org/draft/2020-12/meta/applicator",
        include_str!("meta/draft2020-12/applicator.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/unevaluated",
        include_str!("meta/draft2020-12/unevaluated.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/validation",
        include_str!("meta/draft2020-12/validation.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/meta-data",
        include_str!("meta/draft2020-12/meta-data.json"),
    ),
    (
        "https://json-schema.org/draft/2020-12/meta/format-annotation",
        include_str!("meta/draft2020-12/format-annotation.json"),
    ),
    ("https://json-schema.org/draft/2020-12/meta/content", include_str!("meta/draft2020-12/content.json")),
    ("http://json-schema.org/draft-07/schema", include_str!("meta/draft7.json")),
];
