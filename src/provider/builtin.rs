//! The providers that come with the library, as text that `build.rs` took from `providers/`.

use std::sync::{Arc, OnceLock};

use super::Provider;
use super::event::KnownEvent;
use crate::misuse::Misuse;
use crate::table::Table;

struct Builtin {
    name: &'static str,
    definition: &'static str,
    /// Event type and schema. The schema is empty where the library was built without it.
    events: &'static [(&'static str, &'static str)],
    compiled: OnceLock<Result<Arc<Provider>, Misuse>>,
}

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|builtin| builtin.name)
}

pub(super) fn definition(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|builtin| builtin.name == name).map(|builtin| builtin.definition)
}

pub(super) fn find(name: &str) -> Result<Arc<Provider>, Misuse> {
    let builtin = BUILTIN
        .iter()
        .find(|builtin| builtin.name == name)
        .ok_or_else(|| Misuse::ProviderUnknown(name.to_owned()))?;
    let compile = || {
        let events = builtin.events.iter().map(|&(name, schema)| KnownEvent::builtin(name, schema));
        let provider = Table::parse(builtin.definition.as_bytes())
            .and_then(|definition| Provider::read(definition, events.collect()));
        provider.map(Arc::new).map_err(Misuse::DefinitionInvalid)
    };
    builtin.compiled.get_or_init(compile).clone()
}
