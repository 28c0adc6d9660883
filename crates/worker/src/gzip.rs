//! Bodies that were compressed on their way. What providers sign is their content: the coding belongs to the transport.

use std::time::Duration;

use futures_util::future::{Either, select};
use hookwarden::Compressed;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use worker::Delay;

use crate::body::Unread;
use crate::budget::Bytes;
use crate::js;

/// How much is inflated at once. The runtime does not stop in the middle, and of a byte it can make a thousand.
const SLICE: usize = 4 * 1024;
/// How much is taken from the runtime at once.
const TAKEN: u32 = 64 * 1024;

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
pub(crate) async fn inflate(zipped: &[u8], limit: usize) -> Result<(Vec<u8>, Bytes), Unread> {
    let [writer, reader] = open().map_err(|_| Unread::NoGzip)?;
    let content = pump(&writer, &reader, zipped, limit).await;
    if content.is_err() {
        // What is left of it must not stay in memory.
        let _ = js::call(&reader, "cancel", &[]).await;
    }
    content
}

/// Both ends of a `DecompressionStream`.
fn open() -> Result<[JsValue; 2], JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"DecompressionStream".into())?.dyn_into()?;
    let stream = Reflect::construct(&class, &Array::of1(&"gzip".into()))?;
    let mode = Object::new();
    Reflect::set(&mode, &"mode".into(), &"byob".into())?;
    let writer = js::invoke(&Reflect::get(&stream, &"writable".into())?, "getWriter", &[])?;
    let reader = js::invoke(&Reflect::get(&stream, &"readable".into())?, "getReader", &[mode.into()])?;
    Ok([writer, reader])
}

/// Writes a slice whenever there is nothing left to read. The runtime's own pipe would write everything, and the runtime
/// inflate it all before anybody could count.
async fn pump(
    writer: &JsValue,
    reader: &JsValue,
    zipped: &[u8],
    limit: usize,
) -> Result<(Vec<u8>, Bytes), Unread> {
    let (mut content, mut bytes) = (Vec::new(), Bytes::default());
    let mut slices = zipped.chunks(SLICE).map(Some).chain([None]);
    let mut space = Uint8Array::new_with_length(TAKEN);
    loop {
        let arguments = [space.into()];
        let mut read = Box::pin(js::call(reader, "read", &arguments));
        let result = loop {
            if let Either::Left((result, _)) = select(&mut read, Delay::from(Duration::ZERO)).await {
                break result;
            }
            // It breaks where the body is no gzip, ends too early, or goes on after its end.
            let written = match slices.next() {
                Some(Some(slice)) => js::call(writer, "write", &[Uint8Array::from(slice).into()]).await,
                Some(None) => js::call(writer, "close", &[]).await,
                None => break read.await,
            };
            written.map_err(|_| Unread::NoGzip)?;
        };
        let result = result.map_err(|_| Unread::NoGzip)?;
        if js::get(&result, "done").is_none_or(|done| done.is_truthy()) {
            return Ok((content, bytes));
        }
        let taken: Uint8Array = js::get(&result, "value").ok_or(Unread::NoGzip)?.unchecked_into();
        let length = taken.length() as usize;
        if content.len().saturating_add(length) > limit {
            return Err(Unread::TooLarge);
        }
        if !bytes.take(length) {
            return Err(Unread::Overloaded);
        }
        content.extend(taken.to_vec());
        space = Uint8Array::new(&taken.buffer());
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
