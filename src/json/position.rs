/// A place in a text, for people: both numbers start at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: u32,
    /// Counted in characters (code points), so that an editor can go there.
    pub(crate) column: u32,
}

/// The line and column of a byte offset. Bytes that are not UTF-8 count as one character each time
/// they could start one.
pub(crate) fn position_of(text: &[u8], offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at.saturating_add(1));
    let newlines = before.iter().filter(|&&byte| byte == b'\n').count();
    let continuation = |byte: u8| byte & 0xC0 == 0x80;
    let characters =
        before.get(line_start..).unwrap_or_default().iter().filter(|&&byte| !continuation(byte)).count();
    let from_one = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    Position { line: from_one(newlines), column: from_one(characters) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "{\n  \"é\": 1".as_bytes();
        assert_eq!(position_of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(position_of(text, 4), Position { line: 2, column: 3 });
        let one = text.len() - 1;
        assert_eq!(position_of(text, one), Position { line: 2, column: 8 });
        assert_eq!(position_of(text, 999), Position { line: 2, column: 9 });
    }
}
