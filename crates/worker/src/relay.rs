//! The way to the origin and back.

use std::time::Duration;

use futures_util::future::{Either, select};
use hookwarden::Code;
use js_sys::Uint8Array;
use worker::{
    AbortController, AbortSignal, Delay, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect,
    Response, Result,
};

use crate::origin::Origin;

/// Sends a delivery to its origin and waits for the head of the answer, no longer than the timeout.
pub(crate) async fn relay(
    env: &Env,
    origin: &Origin,
    method: &str,
    headers: &[(String, String)],
    body: &[u8],
    timeout: Duration,
) -> std::result::Result<Response, Code> {
    let abort = AbortController::default();
    let signal = abort.signal();
    let answer = Box::pin(send(env, origin, method, headers, body, &signal));
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
    method: &str,
    headers: &[(String, String)],
    body: &[u8],
    signal: &AbortSignal,
) -> Result<Response> {
    let mut init = RequestInit::new();
    init.with_method(Method::from(method.to_owned()))
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(Uint8Array::from(body).into()));
    let relayed = Headers::new();
    for (name, value) in headers {
        relayed.append(name, value)?;
    }
    init.with_headers(relayed);
    match origin {
        Origin::Url(url) => {
            let request = Request::new_with_init(url.as_str(), &init)?;
            Fetch::Request(request).send_with_signal(signal).await
        }
        Origin::Service { binding, url } => env.service(binding)?.fetch(url.as_str(), Some(init)).await,
    }
}
