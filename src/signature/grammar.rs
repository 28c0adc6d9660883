//! How signature headers are written.

use super::encoding::Encoding;
use crate::code::Code;
use crate::reader::Reader;

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
    separator: char,
    /// Whether a space follows it.
    spaced: bool,
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
    pub(crate) fn read(reader: &mut Reader) -> Self {
        const KINDS: [(&str, Kind); 4] = [
            ("single", Kind::Single),
            ("versions", Kind::Versions),
            ("pairs", Kind::Pairs),
            ("values", Kind::Values),
        ];
        const SEPARATORS: [(&str, (char, bool)); 4] =
            [(",", (',', false)), (";", (';', false)), (" ", (' ', false)), (", ", (',', true))];
        let kind = reader.word("grammar", &KINDS).unwrap_or(Kind::Single);
        if kind == Kind::Single {
            let prefix = reader.text("prefix");
            let prefix_optional = reader.flag("prefix_optional");
            reader.check(!prefix_optional || prefix.is_some(), "prefix_optional", "there is no prefix");
            return Self::Single { prefix: prefix.unwrap_or_default(), prefix_optional };
        }
        let assign = match kind {
            Kind::Versions => Some(','),
            Kind::Pairs => Some('='),
            _ => None,
        };
        let pairs = kind == Kind::Pairs;
        let label = if assign.is_some() { reader.needed_text("label") } else { String::new() };
        let timestamp_label = if pairs { reader.text("timestamp_label") } else { None };
        let separator = if kind == Kind::Versions { None } else { reader.word("separator", &SEPARATORS) };
        let (separator, spaced) = separator.unwrap_or((if pairs { ',' } else { ' ' }, false));
        let reason = "`, ` needs a timestamp_label: it also joins a header that came twice";
        reader.check(!spaced || timestamp_label.is_some(), "separator", reason);
        Self::List(List { separator, spaced, assign, label, timestamp_label })
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
        let List { separator, spaced, assign, label, timestamp_label } = match self {
            Self::Single { prefix, .. } => return format!("{prefix}{encoded}"),
            Self::List(list) => list,
        };
        let Some(assign) = assign else { return encoded.to_owned() };
        match timestamp_label {
            Some(time) => {
                let space = if *spaced { " " } else { "" };
                format!("{time}{assign}{timestamp}{separator}{space}{label}{assign}{encoded}")
            }
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
        let joined = value.as_bytes().windows(2).any(|pair| pair == b", ");
        if joined && !self.spaced {
            return Err(Code::SignatureMalformed);
        }
        for (at, entry) in value.split(self.separator).enumerate() {
            if entry.is_empty() && self.separator == ' ' {
                continue;
            }
            let entry = match entry.strip_prefix(' ') {
                Some(entry) if self.spaced && at > 0 => entry,
                None if !self.spaced || at == 0 => entry,
                _ => return Err(Code::SignatureMalformed),
            };
            let (name, value) = match self.assign {
                Some(assign) => entry.split_once(assign).ok_or(Code::SignatureMalformed)?,
                None => ("", entry),
            };
            if self.separator == ' ' && value.as_bytes().contains(&b',') {
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
    use crate::table::Table;

    const HEX: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    fn read(grammar: &str) -> Result<HeaderGrammar, String> {
        Reader::read(Table::parse(grammar.as_bytes()).unwrap(), HeaderGrammar::read)
    }

    fn parse(grammar: &str, value: &str) -> Result<(usize, Option<String>), Code> {
        let grammar = read(grammar).unwrap();
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
            let error = read(refused).unwrap_err();
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
