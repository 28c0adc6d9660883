//! The providers that come with the library, as text that `build.rs` took from `providers/`.

use std::sync::{Arc, OnceLock};

use super::Provider;
use crate::misuse::Misuse;
use crate::table::Table;

struct Builtin {
    name: &'static str,
    definition: &'static str,
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
        let definition = Table::parse(builtin.definition.as_bytes()).map_err(Misuse::DefinitionInvalid)?;
        Provider::define(definition)
    };
    builtin.compiled.get_or_init(compile).clone()
}
