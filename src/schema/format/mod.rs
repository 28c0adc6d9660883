//! What the keyword `format` asserts, where it is asked to assert: JSON Schema 2020-12 Validation, 7.3.
//!
//! Strict: what the named RFC's grammar does not produce is refused. A name outside of this list is an
//! annotation only.

mod duration;
mod email;
mod hostname;
mod ip;
mod json_pointer;
mod time;
mod uri;
mod uuid;

#[cfg(test)]
mod tests;

use super::regex::is_regular_expression;

/// A format that can be asserted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub(crate) name: &'static str,
    pub(crate) is_valid: fn(&str) -> bool,
}

const FORMATS: [Format; 13] = [
    Format { name: "date", is_valid: time::is_date },
    Format { name: "date-time", is_valid: time::is_date_time },
    Format { name: "duration", is_valid: duration::is_duration },
    Format { name: "email", is_valid: email::is_email },
    Format { name: "hostname", is_valid: hostname::is_hostname },
    Format { name: "ipv4", is_valid: ip::is_ipv4 },
    Format { name: "ipv6", is_valid: ip::is_ipv6 },
    Format { name: "json-pointer", is_valid: json_pointer::is_json_pointer },
    Format { name: "regex", is_valid: is_regular_expression },
    Format { name: "time", is_valid: time::is_time },
    Format { name: "uri", is_valid: uri::is_uri },
    Format { name: "uri-reference", is_valid: uri::is_uri_reference },
    Format { name: "uuid", is_valid: uuid::is_uuid },
];

pub(crate) fn named(name: &str) -> Option<Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}
