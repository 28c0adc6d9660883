use serde::Serialize;

/// One way in which a payload breaks its schema. Holds no value of the payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// JSON Pointer to the value at fault.
    pub path: String,
    /// The schema keyword that is not satisfied; where the text itself is at fault, the code
    /// (`payload_not_json`, `payload_too_deep`, `duplicate_key`, `schema_too_complex`).
    pub keyword: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    /// The same pointer with `*` in place of every property name that the schema does not declare, since
    /// such a name may be data. For logs and answers.
    #[serde(skip)]
    pub masked_path: String,
}
