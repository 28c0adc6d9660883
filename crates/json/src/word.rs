use crate::scan::Head;

/// A text that is looked for where it is likely to stand, with what comes after it.
#[derive(Debug, Clone)]
pub struct Word {
    text: Box<[u8]>,
    head: Head,
    /// How long it is without what comes after.
    length: usize,
}

impl Word {
    /// A string that is a value, of decoded characters.
    pub fn value(text: &[u8]) -> Self {
        Self::followed_by(b"\"", text)
    }

    /// A key, of decoded characters.
    pub fn key(text: &[u8]) -> Self {
        Self::followed_by(b"\":", text)
    }

    fn followed_by(after: &[u8], text: &[u8]) -> Self {
        let whole: Box<[u8]> = [text, after].concat().into();
        // What has to be escaped never stands for itself.
        let verbatim = !text.iter().any(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
        let head = if verbatim { Head::of(&whole) } else { Head::nowhere() };
        Self { head, length: text.len(), text: whole }
    }

    /// The characters.
    pub fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }

    /// The offset after the word and what comes after it, if they stand at `at`. Not found where it is
    /// escaped, and where less than [`Head::WIDTH`] bytes are left.
    #[inline(always)]
    pub(crate) fn end_in(&self, text: &[u8], at: usize) -> Option<usize> {
        if !self.head.begins(text, at) {
            return None;
        }
        let end = at + self.text.len();
        if self.text.len() > Head::WIDTH && text.get(at..end) != Some(&self.text) {
            return None;
        }
        Some(end)
    }
}
