//! Bodies that were compressed on their way. What providers sign is their content: the coding belongs to the transport.

use std::time::Duration;

use hookwarden::Compressed;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::body::{Body, Unread};
use crate::js;

/// The runtime answers at once; only one that is out of order needs a limit.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the answer says that would do (RFC 9110, 15.5.16).
pub(crate) const ACCEPTED: &str = "gzip, identity";

/// Whether a `Content-Encoding` is one that is undone here. `None` where it is none at all.
pub(crate) fn undone(encoding: Option<&str>, signed: Option<Compressed>) -> Option<bool> {
    let encoding = encoding.map(str::trim).filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))?;
    // What was signed compressed would have to be judged as it is and read as it was: nobody does so yet.
    let content = signed != Some(Compressed::SignedAsSent);
    Some(content && ["gzip", "x-gzip"].iter().any(|known| encoding.eq_ignore_ascii_case(known)))
}

/// The content, counted while it is inflated: a small body can have an endless one.
pub(crate) async fn inflate(zipped: &Body, limit: usize) -> Result<Body, Unread> {
    let inflation = js::inflation(&zipped.raw());
    let content = read(&inflation, limit).await;
    if content.is_err() {
        // What is left of it must not stay in memory.
        let _ = js::call(PATIENCE, &inflation, "cancel", Vec::new()).await;
    }
    content
}

async fn read(inflation: &JsValue, limit: usize) -> Result<Body, Unread> {
    let mut content = Body::default();
    loop {
        let piece = js::call(PATIENCE, inflation, "next", Vec::new()).await.map_err(|_| Unread::NoGzip)?;
        let Ok(piece) = piece.dyn_into::<Uint8Array>() else { return Ok(content) };
        content.append(piece, limit)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_alone_is_undone() {
        for (encoding, expected) in [
            (None, None),
            (Some(" identity "), None),
            (Some("gzip"), Some(true)),
            (Some(" X-GZIP"), Some(true)),
            (Some(""), Some(false)),
            (Some("br"), Some(false)),
            (Some("gzip, gzip"), Some(false)),
        ] {
            assert_eq!(undone(encoding, None), expected, "{encoding:?}");
            assert_eq!(undone(encoding, Some(Compressed::SignedInflated)), expected, "{encoding:?}");
            let as_sent = expected.map(|_| false);
            assert_eq!(undone(encoding, Some(Compressed::SignedAsSent)), as_sent, "{encoding:?}");
        }
    }
}
