//! The way to the origin and back.

use std::time::Duration;

use futures_util::future::{Either, select};
use hookwarden::Code;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use worker::{AbortController, AbortSignal, Delay, Env, Headers, Response, Result};

use crate::js;
use crate::origin::Origin;

/// Sends a delivery to its origin and waits for the head of the answer, no longer than the timeout.
pub(crate) async fn relay(
    env: &Env,
    origin: &Origin,
    query: Option<&str>,
    method: &str,
    headers: &[(String, String)],
    body: &[u8],
    timeout: Duration,
) -> std::result::Result<Response, Code> {
    let abort = AbortController::default();
    let signal = abort.signal();
    let answer = Box::pin(send(env, origin, query, method, headers, body, &signal));
    let response = match select(answer, Delay::from(timeout)).await {
        Either::Left((answer, _)) => answer.map_err(|_| Code::OriginUnreachable)?,
        Either::Right(_) => {
            abort.abort();
            return Err(Code::OriginTimeout);
        }
    };
    // Following it would turn the delivery into a GET without a body, to a host nobody configured.
    match response.status_code() {
        301 | 302 | 303 | 307 | 308 => Err(Code::OriginRedirected),
        _ => Ok(response),
    }
}

async fn send(
    env: &Env,
    origin: &Origin,
    query: Option<&str>,
    method: &str,
    headers: &[(String, String)],
    body: &[u8],
    signal: &AbortSignal,
) -> Result<Response> {
    let relayed = Headers::new();
    for (name, value) in headers {
        relayed.append(name, value)?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method(method);
    init.set_headers(&relayed.0);
    // A GET has none, not even an empty one.
    if method != "GET" {
        init.set_body(&Uint8Array::from(body));
    }
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(signal));
    let (fetcher, url) = match origin {
        Origin::Url { url, .. } => (js_sys::global().into(), url),
        Origin::Service { binding, url } => (js::get(env, binding).unwrap_or_default(), url),
    };
    let url = match query {
        Some(query) => format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' }),
        None => url.clone(),
    };
    let request = web_sys::Request::new_with_str_and_init(&url, &init)?;
    let answer = js::call(&fetcher, "fetch", &[request.into()]).await?;
    Ok(answer.dyn_into::<web_sys::Response>()?.into())
}
