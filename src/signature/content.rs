use crate::misuse::Misuse;

/// What is signed, as a template: `{timestamp}.{body}`.
#[derive(Debug, Clone)]
pub(crate) struct SignedContent {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Field(Field),
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
}

const FIELDS: [(&str, Field); 4] = [
    ("id", Field::Id),
    ("timestamp", Field::Timestamp),
    ("body", Field::Body),
    ("canonical_body", Field::CanonicalBody),
];

/// The values of one delivery, to be put into a template.
pub(crate) struct Values<'a> {
    pub(crate) id: &'a str,
    /// As sent.
    pub(crate) timestamp: &'a str,
    /// The raw body, or its canonical form where the template says so.
    pub(crate) body: &'a [u8],
}

impl SignedContent {
    pub(crate) fn parse(template: &str) -> Result<Self, Misuse> {
        let invalid = |reason: String| Misuse::DefinitionInvalid(format!("signed_content: {reason}"));
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((literal, after)) = rest.split_once('{') {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| invalid(format!("`{template}` has a `{{` without `}}`")))?;
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            let &(_, field) = FIELDS
                .iter()
                .find(|(known, _)| *known == name)
                .ok_or_else(|| invalid(format!("`{{{name}}}` is not a field")))?;
            parts.push(Part::Field(field));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        let content = Self { parts };
        if content.has(Field::Body) == content.has(Field::CanonicalBody) {
            return Err(invalid("it must name one of {body} and {canonical_body}".into()));
        }
        Ok(content)
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.parts.contains(&Part::Field(field))
    }

    /// The signed bytes, piece by piece: nothing is copied.
    pub(crate) fn fill<'a>(&'a self, values: &Values<'a>) -> Vec<&'a [u8]> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.as_bytes(),
                Part::Field(Field::Id) => values.id.as_bytes(),
                Part::Field(Field::Timestamp) => values.timestamp.as_bytes(),
                Part::Field(Field::Body | Field::CanonicalBody) => values.body,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_order() {
        let content = SignedContent::parse("v0:{timestamp}:{body}").unwrap();
        let values = Values { id: "", timestamp: "17", body: b"{}" };
        assert_eq!(content.fill(&values).concat(), b"v0:17:{}");
    }

    #[test]
    fn refuses_templates_that_sign_no_body() {
        for template in ["", "{id}", "{body}{canonical_body}", "{bdy}", "{body"] {
            assert!(SignedContent::parse(template).is_err(), "{template}");
        }
    }
}
