//! Signing, for tests and demonstrations.

use hookwarden::{Reader, Secret, Signing, Table};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Misuse, json, misuse, pairs, provider};

/// The headers that a genuine delivery of a body would carry, as JSON pairs of name and value. Takes a provider
/// as [`Verifier::new`](crate::Verifier::new) does, `{"secret", "provider"?, "scheme"?, "id"?, "method"?, "url"?,
/// "headers"?}` and the time in Unix seconds; `headers` is a list of names and values, for schemes that sign others.
///
/// # Errors
/// `{"code", "message"}` for a mistake in the options, or a body that the scheme cannot sign.
#[wasm_bindgen]
pub fn sign(definition: Option<Vec<u8>>, options: &str, now: f64, body: &[u8]) -> Result<String, Misuse> {
    let invalid = |error: String| misuse("options_invalid", &error);
    let mut table = Table::parse(options.as_bytes()).map_err(invalid)?;
    let provider = provider(definition, &mut table)?;
    let options = Options::read(table).map_err(invalid)?;
    // A float beyond the range of an integer becomes the nearest one.
    #[expect(clippy::cast_possible_truncation, reason = "JavaScript's only number type")]
    let signing = Signing {
        scheme: options.scheme.as_deref(),
        id: options.id.as_deref(),
        now: now as i64,
        method: options.method.as_deref(),
        url: options.url.as_deref(),
        headers: &pairs(&options.headers),
    };
    let headers = provider.sign_as(&options.secret, &signing, body);
    let headers = headers.map_err(|error| misuse(error.code(), &error))?;
    let pairs: Vec<_> =
        headers.iter().map(|(name, value)| [name, value].map(String::as_str).to_vec()).collect();
    Ok(json::text(&pairs))
}

struct Options {
    scheme: Option<String>,
    secret: Secret,
    id: Option<String>,
    method: Option<String>,
    url: Option<String>,
    headers: Vec<String>,
}

impl Options {
    fn read(table: Table) -> Result<Self, String> {
        Reader::read(table, |reader| Self {
            secret: Secret::new(reader.needed_text("secret")),
            scheme: reader.text("scheme"),
            id: reader.text("id"),
            method: reader.text("method"),
            url: reader.text("url"),
            headers: reader.texts("headers"),
        })
    }
}
