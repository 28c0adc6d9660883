//! How far a value reaches.

/// The text of the value, or key, that begins at the offset: up to where it ends if the whole text is
/// well formed. `None` where no value begins there, or none ends.
pub(crate) fn value_at(text: &[u8], offset: usize) -> Option<&[u8]> {
    let rest = text.get(offset..)?;
    let length = match rest.first()? {
        b'"' => string(rest)?,
        b'{' | b'[' => container(rest)?,
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => scalar(rest),
        _ => return None,
    };
    rest.get(..length)
}

/// From one quote to the other.
fn string(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    let mut inside = text.iter().enumerate().skip(1);
    let end = inside.find(|&(_, &byte)| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map(|(quote, _)| quote.saturating_add(1))
}

/// From a bracket to its counterpart. Which kind is open need not be known: the text is well formed.
fn container(text: &[u8]) -> Option<usize> {
    let (mut at, mut open) = (0_usize, 0_usize);
    loop {
        let length = match text.get(at)? {
            b'"' => string(text.get(at..)?)?,
            b'{' | b'[' => {
                open = open.saturating_add(1);
                1
            }
            b'}' | b']' => {
                open = open.saturating_sub(1);
                1
            }
            _ => 1,
        };
        at = at.saturating_add(length);
        if open == 0 {
            return Some(at);
        }
    }
}

fn scalar(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t' | b':');
    text.iter().position(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_value_to_its_end() {
        for value in [
            r#""""#,
            r#""a\"b\\""#,
            r#""}],:\u0022""#,
            "{}",
            "[]",
            r#"{"a":[{"b":"]}"},[]],"c\"":1}"#,
            "-0.5e+3",
            "true",
            "null",
        ] {
            for after in ["", ",1", "]", "}", " ", "\n", ":"] {
                let text = format!("[1,{value}{after}");
                assert_eq!(value_at(text.as_bytes(), 3), Some(value.as_bytes()), "{text}");
            }
        }
    }

    #[test]
    fn nothing_where_no_value_begins_or_none_ends() {
        for text in ["", " 1", "}", ":", "x", "\\\"", "\"abc", "\"abc\\\"", "[", "[1,{}", "[\"]", "{\"a\":["]
        {
            assert_eq!(value_at(text.as_bytes(), 0), None, "{text}");
        }
        assert_eq!(value_at(b"1", 1), None);
        assert_eq!(value_at(b"1", usize::MAX), None);
    }
}
