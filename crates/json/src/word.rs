use crate::scan::Head;

/// A text that strings of a JSON text are compared with, where they stand.
#[derive(Debug, Clone)]
pub struct Word {
    /// With the quote after it.
    quoted: Box<[u8]>,
    head: Head,
}

impl Word {
    /// A word of decoded characters.
    pub fn new(text: &[u8]) -> Self {
        let quoted: Box<[u8]> = [text, b"\""].concat().into();
        // What has to be escaped never stands for itself.
        let verbatim = !text.iter().any(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
        let head = if verbatim { Head::of(&quoted) } else { Head::nowhere() };
        Self { quoted, head }
    }

    /// The characters.
    pub fn text(&self) -> &[u8] {
        self.quoted.split_last().map_or(&[], |(_, text)| text)
    }

    /// The offset after the string that begins after the quote at `at - 1`, if it is this one. Not found
    /// where it is escaped, and where it stands less than [`Head::WIDTH`] bytes before the end.
    #[inline(always)]
    pub(crate) fn end_in(&self, text: &[u8], at: usize) -> Option<usize> {
        if !self.head.begins(text, at) {
            return None;
        }
        let end = at + self.quoted.len();
        if self.quoted.len() > Head::WIDTH && text.get(at..end) != Some(&self.quoted) {
            return None;
        }
        Some(end)
    }
}
