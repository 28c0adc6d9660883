//! The origin's first answer to an event, kept so that a duplicate can be given the same.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;

use crate::js::{self, Result};

/// A longer answer is not kept: a row of the store takes two million bytes, and each one costs.
const MAX_BYTES: u32 = 64 * 1024;

/// What says how the body was sent: it is read by now, and sent anew.
const OF_THE_WIRE: [&str; 2] = ["content-length", "content-encoding"];
const OF_ONE_SENDER: [&str; 2] = ["set-cookie", "date"];

/// Reads the content of an answer that is short enough, and gives it back as headers and body with the answer as it
/// was.
pub(crate) async fn keep(response: Response) -> Result<(Response, Option<(JsValue, JsValue)>)> {
    let length = response.headers().get("content-length")?;
    let short = length.and_then(|length| length.parse().ok()).is_some_and(|length: u32| length <= MAX_BYTES);
    if !short || response.body().is_none() {
        return Ok((response, None));
    }
    let status = response.status();
    let headers = web_sys::Headers::new_with_headers(&response.headers())?;
    let body: ArrayBuffer = js::wait(response.array_buffer()?).await?.unchecked_into();
    without(&headers, &OF_THE_WIRE)?;
    let again = self::response(status, &(pairs(&headers), body.clone().into()))?;
    without(&headers, &OF_ONE_SENDER)?;
    // Counted: what was compressed is longer now.
    let kept = (body.byte_length() <= MAX_BYTES).then(|| (pairs(&headers), Uint8Array::new(&body).into()));
    Ok((again, kept))
}

fn without(headers: &web_sys::Headers, names: &[&str]) -> Result<()> {
    for name in names {
        headers.delete(name)?;
    }
    Ok(())
}

fn pairs(headers: &web_sys::Headers) -> JsValue {
    Array::from(&headers.entries()).into()
}

/// An answer with such headers and such a body.
pub(crate) fn response(status: u16, (headers, body): &(JsValue, JsValue)) -> Result<Response> {
    let init = web_sys::ResponseInit::new();
    init.set_status(status);
    init.set_headers(headers);
    let body = Uint8Array::new(body);
    Response::new_with_opt_js_u8_array_and_init(Some(&body), &init)
}
