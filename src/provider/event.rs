//! Events of a provider's catalogue.

use std::sync::OnceLock;

use super::facts::Reply;
use crate::misuse::Misuse;
use crate::reader::Reader;
use crate::schema::Schema;
use crate::table::Setting;

/// An event of the catalogue.
pub(super) struct KnownEvent {
    pub(super) name: String,
    pub(super) reply: Reply,
    /// Whether two deliveries with an identical body are one event.
    pub(super) dedupes: bool,
    /// The schema that comes with the library; empty where there is none.
    text: &'static str,
    /// Compiled when the event first arrives.
    schema: OnceLock<Result<Schema, Misuse>>,
}

impl KnownEvent {
    pub(super) fn builtin(name: &str, text: &'static str) -> Self {
        Self { name: name.to_owned(), reply: Reply::Any, dedupes: true, text, schema: OnceLock::new() }
    }

    pub(super) fn read(reader: &mut Reader) -> Self {
        let reply = reader.word("reply", &[("any", Reply::Any), ("origin", Reply::Origin)]);
        let reply = reply.unwrap_or_default();
        let dedupes = reader.word("dedupe", &[("on", true), ("off", false)]).unwrap_or(true);
        let name = reader.needed_text("name");
        let schema = OnceLock::new();
        match reader.setting("schema").map(Setting::schema) {
            Some(Err(misuse)) => reader.refuse("schema", &misuse.to_string()),
            Some(Ok(compiled)) => drop(schema.set(Ok(compiled))),
            None => {}
        }
        Self { name, reply, dedupes: dedupes && reply == Reply::Any, text: "", schema }
    }

    /// Takes over what the definition says of an event that comes with the library.
    pub(super) fn except(&mut self, exception: &Self) {
        self.reply = exception.reply;
        self.dedupes = exception.dedupes;
    }

    pub(super) fn schema(&self) -> Option<&Result<Schema, Misuse>> {
        match self.text {
            "" => self.schema.get(),
            text => Some(self.schema.get_or_init(|| Schema::compile(text.as_bytes()))),
        }
    }
}
