//! Providers that were compiled already, by the text of their definition: a server may have a source for each of its
//! customers, all of one provider.

use std::cell::RefCell;
use std::sync::Arc;

use hookwarden::{Misuse, Provider, Table};

/// More providers than anybody uses at once; those that come with the package are fewer.
const MOST: usize = 64;

thread_local! {
    /// The one that was asked for last is the last.
    static COMPILED: RefCell<Vec<(Vec<u8>, Arc<Provider>)>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn compiled(definition: Vec<u8>) -> Result<Arc<Provider>, Misuse> {
    COMPILED.with_borrow_mut(|all| {
        if let Some(at) = all.iter().rposition(|(text, _)| *text == definition) {
            let found = all.remove(at);
            let provider = Arc::clone(&found.1);
            all.push(found);
            return Ok(provider);
        }
        let table = Table::parse(&definition).map_err(Misuse::DefinitionInvalid)?;
        let provider = Provider::define(table)?;
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((definition, Arc::clone(&provider)));
        Ok(provider)
    })
}
