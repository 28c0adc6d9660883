//! The way to the origin and back.

use std::time::Duration;

use hookwarden::Code;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::headers::Headers;
use crate::js::{self, Env, Relayed};
use crate::origin::Origin;

/// Sends a delivery to its origin and waits for the head of the answer, no longer than the timeout. Gives
/// its status beside it. `alone` says that no other is sent for the same request.
pub(crate) async fn relay(
    env: &Env,
    origin: &Origin,
    query: Option<&str>,
    method: &str,
    headers: &Headers,
    body: Uint8Array,
    (timeout, alone): (Duration, bool),
) -> Result<(Response, u16), Code> {
    let (fetcher, url) = match origin {
        Origin::Url { url, .. } => (JsValue::UNDEFINED, url),
        Origin::Service { binding, url } => (js::get(env, binding).unwrap_or(JsValue::NULL), url),
    };
    let with_query = query.map(|query| format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' }));
    let url = with_query.as_deref().unwrap_or(url);
    // A GET has none, not even an empty one.
    let body = (method != "GET").then_some(body);
    let response = js::relay(Relayed { fetcher, url, method, headers, body, timeout, alone }).await?;
    // Following it would turn the delivery into a GET without a body, to a host nobody configured.
    let status = response.status();
    match status {
        301 | 302 | 303 | 307 | 308 => Err(Code::OriginRedirected),
        _ => Ok((response, status)),
    }
}
