//! Signing, for tests and demonstrations.

use hookwarden::{Provider, Secret, Table};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Misuse, json, misuse};

/// The headers that a genuine delivery of a body would carry, as JSON pairs of name and value. Takes
/// `{"provider", "secret", "scheme"?, "id"?}` and the time in Unix seconds.
///
/// # Errors
/// `{"code", "message"}` for a mistake in the options, or a body that the scheme cannot sign.
#[wasm_bindgen]
pub fn sign(options: &str, now: f64, body: &[u8]) -> Result<String, Misuse> {
    let options = Table::parse(options.as_bytes())
        .and_then(Options::read)
        .map_err(|error| misuse("options_invalid", &error))?;
    let provider = Provider::builtin(&options.provider).map_err(|error| misuse(error.code(), &error))?;
    // A float beyond the range of an integer becomes the nearest one.
    #[expect(clippy::cast_possible_truncation, reason = "JavaScript's only number type")]
    let now = now as i64;
    let headers = provider.sign(options.scheme.as_deref(), &options.secret, options.id.as_deref(), now, body);
    let headers = headers.map_err(|error| misuse(error.code(), &error))?;
    let pairs: Vec<_> =
        headers.iter().map(|(name, value)| [name, value].map(String::as_str).to_vec()).collect();
    Ok(json::text(&pairs))
}

struct Options {
    provider: String,
    scheme: Option<String>,
    secret: Secret,
    id: Option<String>,
}

impl Options {
    fn read(mut table: Table) -> Result<Self, String> {
        let [provider, secret] = [table.text("provider")?, table.text("secret")?];
        let options = Self {
            provider: table.needed("provider", provider)?,
            scheme: table.text("scheme")?,
            secret: Secret::new(table.needed("secret", secret)?),
            id: table.text("id")?,
        };
        table.end()?;
        Ok(options)
    }
}
