//! Delivered events in Workers KV: best effort, since KV is eventually consistent and has no
//! compare-and-set. One write per event, after the origin accepted it.

use std::time::Duration;

use futures_util::future::{Either, select};
use hookwarden::IdempotencyKey;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use worker::{Delay, Env};

use crate::js;

/// The name of the KV namespace's binding.
pub(crate) const BINDING: &str = "DEDUPE";
/// KV takes no shorter time to live.
const SHORTEST_TTL_SECONDS: u32 = 60;
/// A store that is slower than this counts as failing: the sender's patience is for the origin.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The store did not answer, or not in time.
pub(crate) struct Unavailable;

/// The status with which the origin accepted an event, where KV knows it.
pub(crate) async fn look_up(
    env: &Env,
    source: &str,
    key: IdempotencyKey,
) -> Result<Option<u16>, Unavailable> {
    let value = in_time(env, "get", &[name(source, key).into()]).await?;
    Ok(value.as_string().and_then(|text| text.parse().ok()).filter(|status| (200..300).contains(status)))
}

/// Writes that the origin accepted an event.
pub(crate) async fn settle(
    env: &Env,
    source: &str,
    key: IdempotencyKey,
    status: u16,
    window_seconds: u32,
) -> Result<(), Unavailable> {
    let ttl = window_seconds.max(SHORTEST_TTL_SECONDS);
    let options = Object::new();
    Reflect::set(&options, &"expirationTtl".into(), &ttl.into()).map_err(|_| Unavailable)?;
    in_time(env, "put", &[name(source, key).into(), status.to_string().into(), options.into()]).await?;
    Ok(())
}

async fn in_time(env: &Env, method: &str, arguments: &[JsValue]) -> Result<JsValue, Unavailable> {
    let store = js::get(env, BINDING).ok_or(Unavailable)?;
    let operation = Box::pin(js::call(&store, method, arguments));
    match select(operation, Delay::from(TIMEOUT)).await {
        Either::Left((result, _)) => result.map_err(|_| Unavailable),
        Either::Right(_) => Err(Unavailable),
    }
}

/// Readable, so that a person can list the events of a source and let one through again.
fn name(source: &str, key: IdempotencyKey) -> String {
    format!("event/{source}/{key}")
}
