//! Events of a provider's catalogue.

use std::sync::OnceLock;

use super::facts::Reply;
use crate::misuse::Misuse;
use crate::reader::Reader;
use crate::schema::Schema;

/// An event of the catalogue.
pub(super) struct KnownEvent {
    pub(super) name: String,
    pub(super) reply: Reply,
    /// Whether two deliveries with an identical body are one event.
    pub(super) dedupes: bool,
    /// The text of the schema, if it is compiled when the event first arrives.
    text: Option<String>,
    schema: OnceLock<Result<Schema, Misuse>>,
}

impl KnownEvent {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let reply = reader.word("reply", &[("any", Reply::Any), ("origin", Reply::Origin)]);
        let reply = reply.unwrap_or_default();
        let dedupes = reader.word("dedupe", &[("on", true), ("off", false)]).unwrap_or(true);
        let name = reader.needed_text("name");
        let schema = OnceLock::new();
        let mut text = None;
        if let Some(setting) = reader.setting("schema") {
            text = setting.as_str().map(str::to_owned);
            match text.is_none().then(|| setting.schema()) {
                Some(Err(misuse)) => reader.refuse("schema", &misuse.to_string()),
                Some(Ok(compiled)) => drop(schema.set(Ok(compiled))),
                None => {}
            }
        }
        Self { name, reply, dedupes: dedupes && reply == Reply::Any, text, schema }
    }

    pub(super) fn schema(&self) -> Option<&Result<Schema, Misuse>> {
        match &self.text {
            Some(text) => Some(self.schema.get_or_init(|| Schema::compile(text.as_bytes()))),
            None => self.schema.get(),
        }
    }
}
