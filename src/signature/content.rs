//! What is signed, as a template: `{timestamp}.{body}`.

use super::timestamp::TimestampFormat;

/// A compiled template.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignedContent {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Field(Field),
    /// The value of a header.
    Header(String),
}

/// What a template can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Id,
    Timestamp,
    /// The raw body.
    Body,
    /// The body's canonical JSON.
    CanonicalBody,
    /// The names and values of a form, sorted, without anything between them.
    Form,
    /// The SHA-256 of the raw body in lower-case hexadecimal.
    BodySha256,
    Method,
    Url,
    /// The secret itself, for plain digests.
    Secret,
}

const FIELDS: [(&str, Field); 9] = [
    ("id", Field::Id),
    ("timestamp", Field::Timestamp),
    ("body", Field::Body),
    ("canonical_body", Field::CanonicalBody),
    ("form", Field::Form),
    ("body_sha256", Field::BodySha256),
    ("method", Field::Method),
    ("url", Field::Url),
    ("secret", Field::Secret),
];

/// Ways of signing the body.
const BODIES: [Field; 4] = [Field::Body, Field::CanonicalBody, Field::Form, Field::BodySha256];

/// The values of one delivery, to be put into a template.
pub(crate) struct Values<'a> {
    pub(crate) id: &'a str,
    /// As sent.
    pub(crate) timestamp: &'a str,
    /// The raw body, or what the template makes of it.
    pub(crate) body: &'a [u8],
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    /// In the order of the template.
    pub(crate) headers: &'a [&'a str],
}

impl SignedContent {
    pub(crate) fn parse(template: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((literal, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("there is a `{` without `}`")?;
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(if let Some(name) = name.strip_prefix("header:") {
                Part::Header(name.to_owned())
            } else {
                let field = FIELDS.iter().find(|(known, _)| *known == name);
                Part::Field(field.ok_or_else(|| format!("`{{{name}}}` is not a field"))?.1)
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Refuses a template in which one signature would vouch for several deliveries: nothing of the body
    /// signed, or no telling where one value ends and the next begins.
    pub(crate) fn check(&self, format: TimestampFormat, body_elsewhere: bool) -> Result<(), String> {
        let bodies = BODIES.iter().filter(|&&field| self.has(field)).count();
        if bodies != usize::from(!body_elsewhere) {
            return Err("it must sign the body, once".into());
        }
        for pair in self.parts.windows(2) {
            let [first, Part::Field(second)] = pair else { continue };
            let open = matches!(first, Part::Field(Field::Id) | Part::Header(_));
            // A full date and time says itself where it begins.
            let begins = *second == Field::Timestamp && format == TimestampFormat::Rfc3339;
            if open && !begins {
                return Err("something must part an id or header from what follows".into());
            }
        }
        Ok(())
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.parts.contains(&Part::Field(field))
    }

    /// The names of the signed headers.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Header(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether nothing but its own form says where the time ends and the body begins.
    pub(crate) fn abuts_timestamp(&self) -> bool {
        let time = |part: &Part| *part == Part::Field(Field::Timestamp);
        self.parts.windows(2).any(|pair| match pair {
            [Part::Field(_) | Part::Header(_), second] if time(second) => true,
            [first, Part::Field(_) | Part::Header(_)] => time(first),
            _ => false,
        })
    }

    /// Whether an id and the headers leave no doubt where they end. If one held what follows it in the
    /// template, one signature would vouch for two deliveries: the end of the id could as well begin the
    /// body.
    pub(crate) fn delimits(&self, id: &str, headers: &[&str]) -> bool {
        let mut headers = headers.iter();
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            let value = match part {
                Part::Field(Field::Id) => id,
                Part::Header(_) => headers.next().copied().unwrap_or_default(),
                _ => continue,
            };
            let Some(Part::Literal(after)) = parts.peek() else { continue };
            if value.as_bytes().windows(after.len()).any(|piece| piece == after.as_bytes()) {
                return false;
            }
        }
        true
    }

    /// The signed bytes, piece by piece: nothing is copied.
    pub(crate) fn fill<'a>(&'a self, values: &Values<'a>, secret: &'a [u8]) -> Vec<&'a [u8]> {
        let mut headers = values.headers.iter();
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.as_bytes(),
                Part::Header(_) => headers.next().copied().unwrap_or_default().as_bytes(),
                Part::Field(Field::Id) => values.id.as_bytes(),
                Part::Field(Field::Timestamp) => values.timestamp.as_bytes(),
                Part::Field(Field::Method) => values.method.as_bytes(),
                Part::Field(Field::Url) => values.url.as_bytes(),
                Part::Field(Field::Secret) => secret,
                Part::Field(Field::Body | Field::CanonicalBody | Field::Form | Field::BodySha256) => {
                    values.body
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(template: &str, format: TimestampFormat) -> Result<SignedContent, String> {
        let content = SignedContent::parse(template)?;
        content.check(format, false).map(|()| content)
    }

    #[test]
    fn fills_in_order() {
        let content =
            parse("v0:{timestamp}:{header:a}|{method}{url}{body}", TimestampFormat::Seconds).unwrap();
        let values =
            Values { id: "", timestamp: "17", body: b"{}", method: "PUT", url: "https://x", headers: &["h"] };
        assert_eq!(content.fill(&values, b"").concat(), b"v0:17:h|PUThttps://x{}");
        let digest = parse("{secret}{body}", TimestampFormat::Seconds).unwrap();
        assert_eq!(digest.fill(&values, b"hunter2").concat(), b"hunter2{}");
    }

    #[test]
    fn refuses_templates_that_sign_no_body_or_leave_doubt() {
        for template in [
            "",
            "{id}",
            "{id}{body}",
            "{header:a}{body}",
            "{body}{canonical_body}",
            "{body}{body_sha256}",
            "{bdy}",
            "{body",
            "{id}{timestamp}{body}",
        ] {
            assert!(parse(template, TimestampFormat::Seconds).is_err(), "{template}");
        }
        assert!(parse("{id}{timestamp}{body}", TimestampFormat::Rfc3339).is_ok());
    }

    #[test]
    fn knows_where_a_time_must_say_itself_where_it_ends() {
        for (template, abuts) in [
            ("{timestamp}{body}", true),
            ("{body}{timestamp}", true),
            ("{timestamp}.{body}", false),
            ("{body}.{timestamp}", false),
            ("{body}", false),
        ] {
            assert_eq!(SignedContent::parse(template).unwrap().abuts_timestamp(), abuts, "{template}");
        }
    }

    #[test]
    fn an_id_or_header_that_holds_what_follows_it_is_seen() {
        let content = SignedContent::parse("{id}.{header:a}|{header:b}").unwrap();
        assert!(content.delimits("x|y", &["1.2", "3|4"]));
        assert!(!content.delimits("x.y", &["1", "2"]));
        assert!(!content.delimits("x", &["1|", "2"]));
    }
}
