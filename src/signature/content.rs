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
    pub(crate) fn parse(template: &str) -> Result<Self, String> {
        let invalid = |reason: String| format!("signed_content: {reason}");
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
        for pair in content.parts.windows(2) {
            if matches!(pair, [Part::Field(Field::Id | Field::Timestamp), Part::Field(_)]) {
                return Err(invalid("something must part id and timestamp from what follows".into()));
            }
        }
        if content.has(Field::Body) == content.has(Field::CanonicalBody) {
            return Err(invalid("it must name one of {body} and {canonical_body}".into()));
        }
        Ok(content)
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.parts.contains(&Part::Field(field))
    }

    /// Whether an id leaves no doubt where it ends. If it held what follows it in the template, one
    /// signature would vouch for two deliveries: the end of the id could as well begin the body.
    pub(crate) fn delimits(&self, id: &str) -> bool {
        self.parts.windows(2).all(|pair| match pair {
            [Part::Field(Field::Id), Part::Literal(after)] => !id.contains(after.as_str()),
            _ => true,
        })
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
    fn refuses_templates_that_sign_no_body_or_leave_doubt() {
        for template in
            ["", "{id}", "{id}{body}", "{timestamp}{body}", "{body}{canonical_body}", "{bdy}", "{body"]
        {
            assert!(SignedContent::parse(template).is_err(), "{template}");
        }
    }
}
