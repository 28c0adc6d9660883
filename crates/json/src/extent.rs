use crate::members::Nobody;
use crate::reader::Reader;
use crate::walk::walk_value;

/// The text of the value, or key, that begins at an offset. `None` where none begins there, or it does not
/// end.
pub fn value_at(text: &[u8], offset: usize) -> Option<&[u8]> {
    let mut reader = Reader::at(text, offset);
    reader.cursor.next();
    if reader.cursor.at != offset {
        return None;
    }
    walk_value(&mut reader, &mut Nobody).ok()?;
    text.get(offset..reader.cursor.at)
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
