//! Delivered events in Workers KV: best effort, since KV is eventually consistent and has no
//! compare-and-set. One write per event, after the origin accepted it.

use std::time::Duration;

use crate::js::{Env, Unavailable};
use crate::kv;

/// The name of the KV namespace's binding.
pub(crate) const BINDING: &str = "DEDUPE";
/// KV takes no shorter time to live.
const SHORTEST_TTL_SECONDS: u32 = 60;

/// The status with which the origin accepted an event, where KV knows it.
pub(crate) async fn look_up(env: &Env, source: &str, key: &str) -> Result<Option<u16>, Unavailable> {
    let value = kv::get(env, BINDING, &name(source, key)).await?;
    Ok(value.as_string().and_then(|text| text.parse().ok()).filter(|status| (200..300).contains(status)))
}

/// Writes that the origin accepted an event.
pub(crate) async fn settle(
    env: &Env,
    source: &str,
    key: &str,
    status: u16,
    window: Duration,
) -> Result<(), Unavailable> {
    let ttl = u32::try_from(window.as_secs()).unwrap_or(u32::MAX).max(SHORTEST_TTL_SECONDS);
    kv::put(env, BINDING, &name(source, key), status, ttl).await
}

/// Readable, so that a person can list the events of a source and let one through again.
fn name(source: &str, key: &str) -> String {
    format!("event/{source}/{key}")
}
