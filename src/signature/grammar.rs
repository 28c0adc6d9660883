//! How signature headers are written.

use super::encoding::Encoding;
use crate::code::Code;
use crate::table::Table;

/// The compiled form of a header's grammar.
#[derive(Debug, Clone)]
pub(crate) enum HeaderGrammar {
    /// One signature, behind a prefix that may be optional.
    Single { prefix: String, prefix_optional: bool },
    /// Any number of entries, of which any may match.
    List(List),
}

/// `v1,<signature> v1,<signature>` or `t=<timestamp>,v1=<signature>` or `<signature> <signature>`
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// Between two entries.
    separator: String,
    /// Between label and value. `None` where an entry is a signature and nothing else.
    assign: Option<char>,
    /// The label of the signatures.
    label: String,
    /// That of the time, where the list carries it.
    timestamp_label: Option<String>,
}

/// What a signature header says: the signatures that may match and, in some grammars, the time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claimed<'a> {
    pub(crate) signatures: Vec<Vec<u8>>,
    pub(crate) timestamp: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Single,
    Versions,
    Pairs,
    Values,
}

impl HeaderGrammar {
    pub(crate) fn read(table: &mut Table) -> Result<Self, String> {
        let kinds = [
            ("single", Kind::Single),
            ("versions", Kind::Versions),
            ("pairs", Kind::Pairs),
            ("values", Kind::Values),
        ];
        let kind = table.word("grammar", &kinds)?.unwrap_or(Kind::Single);
        if kind == Kind::Single {
            let prefix = table.text("prefix")?;
            let prefix_optional = table.flag("prefix_optional")?.unwrap_or_default();
            if prefix_optional && prefix.is_none() {
                return Err(table.error("prefix_optional", "there is no prefix"));
            }
            return Ok(Self::Single { prefix: prefix.unwrap_or_default(), prefix_optional });
        }
        let (label, timestamp_label) = match kind {
            Kind::Values => (String::new(), None),
            Kind::Pairs => (table.needed_text("label")?, table.text("timestamp_label")?),
            _ => (table.needed_text("label")?, None),
        };
        let (separator, assign) = match kind {
            Kind::Versions => (None, Some(',')),
            Kind::Pairs => (Some(table.text("separator")?.unwrap_or_else(|| ",".to_owned())), Some('=')),
            _ => (table.text("separator")?, None),
        };
        let separator = separator.unwrap_or_else(|| " ".to_owned());
        if !matches!(separator.as_str(), "," | ";" | " " | ", ") {
            return Err(table.error("separator", "it must be one of `,`, `;`, ` ` and `, `"));
        }
        if separator == ", " && timestamp_label.is_none() {
            let reason = "`, ` also joins a header that came twice, and only a time in the list would tell";
            return Err(table.error("separator", reason));
        }
        Ok(Self::List(List { separator, assign, label, timestamp_label }))
    }

    /// Whether the list has a place for the time.
    pub(crate) fn has_timestamp(&self) -> bool {
        matches!(self, Self::List(List { timestamp_label: Some(_), .. }))
    }

    /// Reads a header value.
    pub(crate) fn parse<'a>(
        &self,
        value: &'a str,
        encoding: Encoding,
        lengths: (usize, usize),
    ) -> Result<Claimed<'a>, Code> {
        match self {
            Self::Single { prefix, prefix_optional } => {
                let encoded = match value.strip_prefix(prefix.as_str()) {
                    Some(encoded) => encoded,
                    None if *prefix_optional => value,
                    None => return Err(Code::SignatureMalformed),
                };
                let signature = encoding.decode(encoded, lengths).ok_or(Code::SignatureMalformed)?;
                Ok(Claimed { signatures: vec![signature], timestamp: None })
            }
            Self::List(list) => list.parse(value, encoding, lengths),
        }
    }

    /// Writes the header value of one signature.
    pub(crate) fn write(&self, encoded: &str, timestamp: &str) -> String {
        let List { separator, assign, label, timestamp_label } = match self {
            Self::Single { prefix, .. } => return format!("{prefix}{encoded}"),
            Self::List(list) => list,
        };
        let Some(assign) = assign else { return encoded.to_owned() };
        match timestamp_label {
            Some(time) => format!("{time}{assign}{timestamp}{separator}{label}{assign}{encoded}"),
            None => format!("{label}{assign}{encoded}"),
        }
    }
}

impl List {
    /// Other labels and empty values are no signatures of ours and are passed over; a list whose only
    /// signatures are miswritten is malformed. So is one that Fetch has joined with `, ` from headers
    /// that came twice.
    fn parse<'a>(
        &self,
        value: &'a str,
        encoding: Encoding,
        lengths: (usize, usize),
    ) -> Result<Claimed<'a>, Code> {
        let mut claimed = Claimed { signatures: Vec::new(), timestamp: None };
        let mut miswritten = false;
        if self.separator != ", " && value.contains(", ") {
            return Err(Code::SignatureMalformed);
        }
        for entry in value.split(self.separator.as_str()) {
            if entry.is_empty() && self.separator == " " {
                continue;
            }
            let (name, value) = match self.assign {
                Some(assign) => entry.split_once(assign).ok_or(Code::SignatureMalformed)?,
                None => ("", entry),
            };
            if self.separator == " " && value.contains(',') {
                return Err(Code::SignatureMalformed);
            }
            if Some(name) == self.timestamp_label.as_deref() {
                if claimed.timestamp.replace(value).is_some() {
                    return Err(Code::TimestampMalformed);
                }
            } else if name == self.label && !value.is_empty() {
                match encoding.decode(value, lengths) {
                    Some(signature) => claimed.signatures.push(signature),
                    None => miswritten = true,
                }
            }
        }
        if claimed.signatures.is_empty() && miswritten {
            return Err(Code::SignatureMalformed);
        }
        Ok(claimed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    fn parse(grammar: &str, value: &str) -> Result<(usize, Option<String>), Code> {
        let grammar = HeaderGrammar::read(&mut Table::parse(grammar.as_bytes()).unwrap()).unwrap();
        let claimed = grammar.parse(value, Encoding::Hex, (32, 32))?;
        Ok((claimed.signatures.len(), claimed.timestamp.map(str::to_owned)))
    }

    #[test]
    fn pairs_carry_time_and_any_number_of_signatures() {
        let pairs = |value: &str| parse(r#"{"grammar":"pairs","label":"v1","timestamp_label":"t"}"#, value);
        assert_eq!(pairs(&format!("t=17,v1={HEX},v1={HEX},v0=zz")), Ok((2, Some("17".into()))));
        assert_eq!(pairs("t=17,v0=zz"), Ok((0, Some("17".into()))));
        assert_eq!(pairs(&format!("t=17,v1=short,v1={HEX}")), Ok((1, Some("17".into()))));
        assert_eq!(pairs("t=17,v1=short"), Err(Code::SignatureMalformed));
        assert_eq!(pairs("nonsense"), Err(Code::SignatureMalformed));
        assert_eq!(pairs(""), Err(Code::SignatureMalformed));
        assert_eq!(pairs(&format!("t=17,t=18,v1={HEX}")), Err(Code::TimestampMalformed));
        // What Fetch makes of a header that came twice.
        assert_eq!(pairs(&format!("t=17,v1={HEX}, t=17,v1={HEX}")), Err(Code::SignatureMalformed));
        assert_eq!(pairs(&format!("t=17, v1={HEX}")), Err(Code::SignatureMalformed));
    }

    #[test]
    fn separators_are_the_definition_s() {
        let paddle = r#"{"grammar":"pairs","label":"h1","timestamp_label":"ts","separator":";"}"#;
        assert_eq!(parse(paddle, &format!("ts=17;h1={HEX};h1={HEX}")), Ok((2, Some("17".into()))));
        assert_eq!(parse(paddle, &format!("ts=17,h1={HEX}")), Ok((0, Some(format!("17,h1={HEX}")))));
        let spaced = r#"{"grammar":"pairs","label":"v1","timestamp_label":"t","separator":", "}"#;
        assert_eq!(parse(spaced, &format!("t=17, v1={HEX}")), Ok((1, Some("17".into()))));
        let twice = format!("t=17, v1={HEX}, t=17, v1={HEX}");
        assert_eq!(parse(spaced, &twice), Err(Code::TimestampMalformed));
        let values = r#"{"grammar":"values"}"#;
        assert_eq!(parse(values, &format!("{HEX} {HEX}")), Ok((2, None)));
        assert_eq!(parse(values, &format!("{HEX}, {HEX}")), Err(Code::SignatureMalformed));
        for (refused, place) in [
            (r#"{"grammar":"pairs"}"#, "/label"),
            (r#"{"grammar":"pairs","label":"v1","separator":", "}"#, "/separator"),
            (r#"{"grammar":"values","separator":"x"}"#, "/separator"),
            (r#"{"grammar":"other"}"#, "/grammar"),
            (r#"{"prefix_optional":true}"#, "/prefix_optional"),
        ] {
            let error = HeaderGrammar::read(&mut Table::parse(refused.as_bytes()).unwrap()).unwrap_err();
            assert!(error.starts_with(place), "{error}");
        }
    }

    #[test]
    fn an_optional_prefix_is_optional_and_a_required_one_is_not() {
        let required = |value: &str| parse(r#"{"prefix":"sha256="}"#, value);
        let optional = |value: &str| parse(r#"{"prefix":"sha256=","prefix_optional":true}"#, value);
        let with = format!("sha256={HEX}");
        assert!(required(&with).is_ok());
        assert!(optional(&with).is_ok());
        assert!(optional(HEX).is_ok());
        assert_eq!(required(HEX), Err(Code::SignatureMalformed));
        assert_eq!(optional(&format!("sha256=sha256={HEX}")), Err(Code::SignatureMalformed));
    }
}
