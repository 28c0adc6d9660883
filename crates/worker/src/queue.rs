//! Queue mode: an event is put on a Cloudflare Queue and its sender answered. `js/consumer.ts` relays it.

use std::time::Duration;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::body::Body;
use crate::js::{self, Unavailable};
use crate::log::Line;
use crate::outbound::Outbound;
use crate::store::{Event, Held, Holder};

/// The name of the queue's binding.
pub(crate) const BINDING: &str = "QUEUE";
/// What the sender is answered.
pub(crate) const ACCEPTED: u16 = 202;
/// A message may have 128,000 bytes in all.
const LARGEST_MESSAGE: usize = 120_000;
const TIMEOUT: Duration = Duration::from_secs(5);

/// Puts an event on the queue. The claim, if there is one, is given back either way.
pub(crate) async fn put(
    event: &Event<'_>,
    held: Option<Held>,
    outbound: &Outbound,
    body: &Body,
    line: &mut Line,
) -> Result<(), Unavailable> {
    let holder = held.as_ref().and_then(|held| held.holder.as_ref());
    let sent = send(event, holder, outbound, body).await;
    let Some(held) = held else { return sent };
    if sent.is_err() {
        let _ = event.release(held).await;
    } else if let Some(holder) = &held.holder
        && event.shard().accept(holder).await.is_err()
    {
        line.notes.push("settle_failed");
    }
    sent
}

async fn send(
    event: &Event<'_>,
    holder: Option<&Holder>,
    outbound: &Outbound,
    body: &Body,
) -> Result<(), Unavailable> {
    let meta = outbound.to_text();
    let aside = meta.len().saturating_add(body.bytes.len()) > LARGEST_MESSAGE;
    if aside {
        event.shard().keep(body, event.source.window()).await?;
    }
    let message = Object::new();
    set(&message, "meta", &meta.into());
    set(&message, "holder", &holder.map_or(0.0, Holder::number).into());
    set(&message, "body", &if aside { JsValue::NULL } else { body.raw().into() });
    let options = Object::new();
    set(&options, "contentType", &"v8".into());
    let queue = js::get(event.env, BINDING).ok_or(Unavailable)?;
    js::call(TIMEOUT, &queue, "send", vec![message.into(), options.into()]).await.map(drop)
}

/// Setting a field of an object of our own cannot fail.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
