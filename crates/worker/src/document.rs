//! Further sources, in a document that is read while the Worker runs. `js/document.ts` sees to when.

use std::cell::RefCell;
use std::rc::Rc;

use hookwarden::Table;
use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::config::{Sources, read_all};
use crate::js::Env;
use crate::source::Source;

/// The binding of the KV namespace that may hold a document.
pub(crate) const BINDING: &str = "CONFIG";
/// The only format that there is.
const FORMAT: u32 = 1;

/// The sources of the document that was taken up last.
#[derive(Debug)]
struct Document {
    text: String,
    sources: Sources,
    problems: Array,
}

thread_local! {
    static TAKEN: RefCell<Option<Document>> = const { RefCell::new(None) };
}

/// Whether one has been read.
pub(crate) fn is_there() -> bool {
    TAKEN.with_borrow(Option::is_some)
}

/// A source of it, or the reason why it cannot be used.
pub(crate) fn source(name: &str) -> Option<Result<Rc<Source>, String>> {
    TAKEN.with_borrow(|taken| taken.as_ref()?.sources.get(name).cloned())
}

/// Every source of it that can be used.
pub(crate) fn usable() -> Vec<Rc<Source>> {
    TAKEN.with_borrow(|taken| {
        taken.iter().flat_map(|document| document.sources.values()).flatten().cloned().collect()
    })
}

/// Reads a document of sources, and puts it in force if it shall. Gives what is wrong with it: pairs of the JSON Pointer
/// of the place and the reason.
///
/// A document that cannot be read changes nothing, and a source that is wrong keeps the settings that it had. What is
/// under way has sources of its own and goes on with them.
pub(crate) fn configure(env: &Env, text: String, in_force: bool) -> Array {
    TAKEN.with_borrow_mut(|taken| {
        if let Some(known) = taken.as_ref().filter(|known| in_force && known.text == text) {
            return known.problems.clone();
        }
        let mut sources = match read_document(&text) {
            Ok(table) => read_all(env, table),
            Err(error) => return Array::of1(&problem("", &error)),
        };
        let problems = Array::new();
        for (name, source) in &mut sources {
            if let Err(error) = source {
                problems.push(&problem(&format!("/sources/{name}"), error));
                if let Some(Ok(before)) = taken.as_ref().and_then(|before| before.sources.get(name)) {
                    *source = Ok(Rc::clone(before));
                }
            }
        }
        if in_force {
            *taken = Some(Document { text, sources, problems: problems.clone() });
        }
        problems
    })
}

/// An error as `Table` words it begins with the place; others are about all of the one that is given.
fn problem(place: &str, error: &str) -> JsValue {
    let (place, reason) =
        error.split_once(": ").filter(|(place, _)| place.starts_with('/')).unwrap_or((place, error));
    Array::of2(&place.into(), &reason.into()).into()
}

/// The table of sources in a document.
fn read_document(text: &str) -> Result<Table, String> {
    let mut document = Table::parse(text.as_bytes())?;
    let format = document.number("format")?;
    if document.needed("format", format)? != FORMAT {
        return Err(document.error("format", "this gateway knows format 1 only"));
    }
    let revision = document.number("revision")?;
    if document.needed("revision", revision)? == 0 {
        return Err(document.error("revision", "it is counted from 1"));
    }
    let sources = document.table("sources")?;
    let sources = document.needed("sources", sources)?;
    document.end()?;
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_a_format_a_revision_and_sources() {
        let mut sources = read_document(r#"{"format":1,"revision":7,"sources":{"a":{"origin":1}}}"#).unwrap();
        assert_eq!(
            sources.next_table().unwrap().1.unwrap().text("origin").unwrap_err(),
            "/sources/a/origin: expected a string, found number"
        );
        for (document, place) in [
            ("[]", "/: "),
            (r#"{"format":"1","revision":1,"sources":{}}"#, "/format: "),
            (r#"{"revision":1,"sources":{}}"#, "/format: "),
            (r#"{"format":2,"revision":1,"sources":{}}"#, "/format: this gateway"),
            (r#"{"format":1,"sources":{}}"#, "/revision: "),
            (r#"{"format":1,"revision":0,"sources":{}}"#, "/revision: it is counted"),
            (r#"{"format":1,"revision":1}"#, "/sources: "),
            (r#"{"format":1,"revision":1,"sources":[]}"#, "/sources: "),
            (r#"{"format":1,"revision":1,"sources":{},"more":1}"#, "/more: this key is unknown"),
            (r#"{"format":1,"revision":1,"sources":{},"revision":2}"#, "line 1, column"),
        ] {
            let error = read_document(document).unwrap_err();
            assert!(error.starts_with(place), "{document}: {error}");
        }
    }
}
