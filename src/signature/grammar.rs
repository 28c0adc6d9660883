//! How signature headers are written.

use super::encoding::{MAC_BYTES, decode_mac};
use crate::code::Code;
use crate::provider::Encoding;

/// The compiled form of a header's grammar.
#[derive(Debug, Clone)]
pub(crate) enum HeaderGrammar {
    /// One signature, behind a prefix that may be optional.
    Single { prefix: String, prefix_optional: bool },
    /// `v1,<signature> v1,<signature>`
    Versions { label: String },
    /// `t=<timestamp>,v1=<signature>`; the timestamp's label where the list carries it.
    Pairs { label: String, timestamp_label: Option<String> },
}

/// What a signature header says: the signatures that may match and, in some grammars, the time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claimed<'a> {
    pub(crate) macs: Vec<[u8; MAC_BYTES]>,
    pub(crate) timestamp: Option<&'a str>,
}

impl HeaderGrammar {
    /// Reads a header value. In a list, other labels and empty values are no signatures of ours and are
    /// passed over; a list whose only signatures are miswritten is malformed.
    pub(crate) fn parse<'a>(&self, value: &'a str, encoding: Encoding) -> Result<Claimed<'a>, Code> {
        match self {
            Self::Single { prefix, prefix_optional } => {
                let encoded = match value.strip_prefix(prefix.as_str()) {
                    Some(encoded) => encoded,
                    None if *prefix_optional => value,
                    None => return Err(Code::SignatureMalformed),
                };
                let mac = decode_mac(encoding, encoded).ok_or(Code::SignatureMalformed)?;
                Ok(Claimed { macs: vec![mac], timestamp: None })
            }
            Self::Versions { label } => {
                // What Fetch makes of a header that came twice.
                if value.as_bytes().windows(2).any(|pair| pair == b", ") {
                    return Err(Code::SignatureMalformed);
                }
                let entries = value.split(' ').filter(|entry| !entry.is_empty());
                parse_list(entries, ',', label, None, encoding)
            }
            Self::Pairs { label, timestamp_label } => {
                parse_list(value.split(','), '=', label, timestamp_label.as_deref(), encoding)
            }
        }
    }

    /// Writes the header value of one signature.
    pub(crate) fn write(&self, encoded: &str, timestamp: &str) -> String {
        match self {
            Self::Single { prefix, .. } => format!("{prefix}{encoded}"),
            Self::Versions { label } => format!("{label},{encoded}"),
            Self::Pairs { label, timestamp_label: Some(time) } => {
                format!("{time}={timestamp},{label}={encoded}")
            }
            Self::Pairs { label, timestamp_label: None } => format!("{label}={encoded}"),
        }
    }
}

fn parse_list<'a>(
    entries: impl Iterator<Item = &'a str>,
    separator: char,
    label: &str,
    timestamp_label: Option<&str>,
    encoding: Encoding,
) -> Result<Claimed<'a>, Code> {
    let mut claimed = Claimed { macs: Vec::new(), timestamp: None };
    let mut miswritten = false;
    for entry in entries {
        let (name, value) = entry.split_once(separator).ok_or(Code::SignatureMalformed)?;
        if separator == ',' && value.contains(',') {
            return Err(Code::SignatureMalformed);
        }
        if Some(name) == timestamp_label {
            if claimed.timestamp.replace(value).is_some() {
                return Err(Code::TimestampMalformed);
            }
        } else if name == label && !value.is_empty() {
            match decode_mac(encoding, value) {
                Some(mac) => claimed.macs.push(mac),
                None => miswritten = true,
            }
        }
    }
    if claimed.macs.is_empty() && miswritten {
        return Err(Code::SignatureMalformed);
    }
    Ok(claimed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    fn pairs(value: &str) -> Result<Claimed<'_>, Code> {
        let grammar = HeaderGrammar::Pairs { label: "v1".into(), timestamp_label: Some("t".into()) };
        grammar.parse(value, Encoding::Hex)
    }

    #[test]
    fn pairs_carry_time_and_any_number_of_signatures() {
        let two = format!("t=17,v1={HEX},v1={HEX},v0=zz");
        let claimed = pairs(&two).unwrap();
        assert_eq!((claimed.macs.len(), claimed.timestamp), (2, Some("17")));
        assert_eq!(pairs("t=17,v0=zz").unwrap().macs.len(), 0);
        assert_eq!(pairs(&format!("t=17,v1=short,v1={HEX}")).unwrap().macs.len(), 1);
        assert_eq!(pairs("t=17,v1=short"), Err(Code::SignatureMalformed));
        assert_eq!(pairs("nonsense"), Err(Code::SignatureMalformed));
        assert_eq!(pairs(""), Err(Code::SignatureMalformed));
        assert_eq!(pairs(&format!("t=17,t=18,v1={HEX}")), Err(Code::TimestampMalformed));
    }

    #[test]
    fn an_optional_prefix_is_optional_and_a_required_one_is_not() {
        let single = |prefix_optional| HeaderGrammar::Single { prefix: "sha256=".into(), prefix_optional };
        let with = format!("sha256={HEX}");
        assert!(single(false).parse(&with, Encoding::Hex).is_ok());
        assert!(single(true).parse(&with, Encoding::Hex).is_ok());
        assert!(single(true).parse(HEX, Encoding::Hex).is_ok());
        assert_eq!(single(false).parse(HEX, Encoding::Hex), Err(Code::SignatureMalformed));
        let twice = format!("sha256=sha256={HEX}");
        assert_eq!(single(true).parse(&twice, Encoding::Hex), Err(Code::SignatureMalformed));
    }
}
