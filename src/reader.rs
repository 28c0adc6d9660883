//! Reading a definition: like [`Table`], but the first mistake is kept until the end.
//!
//! Definitions have some sixty keys. An early return after each of them, with everything dropped that was
//! read before, is several KB of WebAssembly.

use crate::pointer::{Paths, Slot};
use crate::table::{Setting, Table};

/// A JSON object that is being read. What cannot be read counts as absent, and [`Reader::end`] says why.
pub(crate) struct Reader {
    table: Table,
    mistake: Option<String>,
}

impl Reader {
    /// Reads a whole table.
    pub(crate) fn read<T>(table: Table, read: impl FnOnce(&mut Self) -> T) -> Result<T, String> {
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

    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        let text = self.table.text(key);
        self.keep(text).flatten()
    }

    pub(crate) fn needed_text(&mut self, key: &str) -> String {
        let text = self.table.needed_text(key);
        self.keep(text).unwrap_or_default()
    }

    pub(crate) fn texts(&mut self, key: &str) -> Vec<String> {
        let texts = self.table.texts(key);
        self.keep(texts).unwrap_or_default()
    }

    pub(crate) fn number(&mut self, key: &str) -> Option<u32> {
        let number = self.table.number(key);
        self.keep(number).flatten()
    }

    pub(crate) fn flag(&mut self, key: &str) -> bool {
        let flag = self.table.flag(key);
        self.keep(flag).flatten().unwrap_or_default()
    }

    pub(crate) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.table.word(key, words);
        self.keep(word).flatten()
    }

    pub(crate) fn setting(&mut self, key: &str) -> Option<Setting> {
        self.table.setting(key)
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
    pub(crate) fn next_text(&mut self) -> Option<(String, String)> {
        let (key, text) = self.table.next_text()?;
        Some((key, self.keep(text).unwrap_or_default()))
    }

    /// A table within.
    pub(crate) fn within<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let table = self.table.table(key);
        let table = self.keep(table).flatten()?;
        let value = Self::read(table, read);
        self.keep(value)
    }

    /// The tables of a list.
    pub(crate) fn each<T>(&mut self, key: &str, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let tables = self.table.tables(key);
        let mut values = Vec::new();
        for table in self.keep(tables).unwrap_or_default() {
            let value = Self::read(table, &mut read);
            values.extend(self.keep(value));
        }
        values
    }
}
