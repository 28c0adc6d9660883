//! Reading definitions and options: like [`Table`], but the first mistake is kept until the end.
//!
//! There are some eighty keys. An early return after each of them, with everything dropped that was read
//! before, is several KB of WebAssembly.

use crate::event_patterns::EventPatterns;
use crate::pointer::{Paths, Slot};
use crate::table::{Setting, Table, Words};

/// A JSON object that is being read. What cannot be read counts as absent, and [`Reader::read`] says why.
#[derive(Debug)]
pub struct Reader {
    table: Table,
    mistake: Option<String>,
}

impl Reader {
    /// Reads a whole table.
    ///
    /// # Errors
    /// With the place and the reason of the first mistake; a key that was not asked for is one.
    pub fn read<T>(table: Table, read: impl FnOnce(&mut Self) -> T) -> Result<T, String> {
        let mut reader = Self { table, mistake: None };
        let value = read(&mut reader);
        match reader.mistake {
            Some(mistake) => Err(mistake),
            None => reader.table.end().map(|()| value),
        }
    }

    fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(mistake) => {
                self.mistake.get_or_insert(mistake);
                None
            }
        }
    }

    /// Something is wrong with a key.
    pub(crate) fn refuse(&mut self, key: &str, reason: &str) {
        let mistake = self.table.error(key, reason);
        self.mistake.get_or_insert(mistake);
    }

    /// The same, unless something holds.
    pub(crate) fn check(&mut self, holds: bool, key: &str, reason: &str) {
        if !holds {
            self.refuse(key, reason);
        }
    }

    /// A string.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let text = self.table.text(key);
        self.keep(text).flatten()
    }

    /// A string that must be there.
    pub fn needed_text(&mut self, key: &str) -> String {
        let text = self.table.needed_text(key);
        self.keep(text).unwrap_or_default()
    }

    /// A list of strings.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        let texts = self.table.texts(key);
        self.keep(texts).unwrap_or_default()
    }

    /// A whole number.
    pub fn number(&mut self, key: &str) -> Option<u32> {
        let number = self.table.number(key);
        self.keep(number).flatten()
    }

    /// `true`, or `false` by default.
    pub fn flag(&mut self, key: &str) -> bool {
        let flag = self.table.flag(key);
        self.keep(flag).flatten().unwrap_or_default()
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let at = self.word_at(key, &|at| words.get(at).map(|&(word, _)| word));
        at.and_then(|at| words.get(at)).map(|&(_, value)| value)
    }

    fn word_at(&mut self, key: &str, words: Words<'_>) -> Option<usize> {
        let at = self.table.word_at(key, words);
        self.keep(at).flatten()
    }

    pub(crate) fn setting(&mut self, key: &str) -> Option<Setting> {
        self.table.setting(key)
    }

    /// Settings by patterns of event types.
    pub fn by_event(&mut self, key: &str) -> EventPatterns<Setting> {
        let settings = self.table.by_event(key);
        self.keep(settings).unwrap_or_default()
    }

    /// Words by patterns of event types.
    pub fn words_by_event<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> EventPatterns<T> {
        let values = self.by_event(key).try_map(|_, setting| setting.word(words));
        self.keep(values).unwrap_or_default()
    }

    /// JSON Pointers to fields.
    pub(crate) fn slots(&mut self, key: &str, paths: &mut Paths) -> Vec<Slot> {
        let mut slots = Vec::new();
        for pointer in self.texts(key) {
            match paths.add(&pointer) {
                Some(slot) => slots.push(slot),
                None => self.refuse(key, &format!("`{pointer}` is no JSON Pointer to a field")),
            }
        }
        slots
    }

    /// The next member as a string, whatever its key.
    pub fn next_text(&mut self) -> Option<(String, String)> {
        let (key, text) = self.table.next_text()?;
        Some((key, self.keep(text).unwrap_or_default()))
    }

    /// A table within. Whether there is one.
    pub fn within(&mut self, key: &str, read: &mut dyn FnMut(&mut Self)) -> bool {
        let table = self.table.table(key);
        let Some(table) = self.keep(table).flatten() else { return false };
        self.read_in(table, read);
        true
    }

    /// The tables of a list.
    pub(crate) fn each(&mut self, key: &str, read: &mut dyn FnMut(&mut Self)) {
        let tables = self.table.tables(key);
        for table in self.keep(tables).unwrap_or_default() {
            self.read_in(table, read);
        }
    }

    fn read_in(&mut self, table: Table, read: &mut dyn FnMut(&mut Self)) {
        let read = Self::read(table, |reader| read(reader));
        self.keep(read);
    }
}
