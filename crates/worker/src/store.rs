//! Delivered events in Workers KV: best effort, since KV is eventually consistent and has no
//! compare-and-set. One write per event, after the origin accepted it.

use hookwarden::IdempotencyKey;
use worker::Env;
use worker::kv::KvError;

/// The name of the KV namespace's binding.
pub(crate) const BINDING: &str = "DEDUPE";
/// KV takes no shorter time to live.
const SHORTEST_TTL_SECONDS: u32 = 60;

/// The status with which the origin accepted an event, where KV knows it.
pub(crate) async fn look_up(env: &Env, source: &str, key: IdempotencyKey) -> Result<Option<u16>, KvError> {
    let kv = env.kv(BINDING).map_err(|_| KvError::InvalidKvStore(BINDING.into()))?;
    let text = kv.get(&name(source, key)).text().await?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Writes that the origin accepted an event.
pub(crate) async fn settle(
    env: &Env,
    source: &str,
    key: IdempotencyKey,
    status: u16,
    window_seconds: u32,
) -> Result<(), KvError> {
    let kv = env.kv(BINDING).map_err(|_| KvError::InvalidKvStore(BINDING.into()))?;
    let ttl = window_seconds.max(SHORTEST_TTL_SECONDS);
    kv.put(&name(source, key), status.to_string())?.expiration_ttl(ttl.into()).execute().await
}

/// Readable, so that a person can list the events of a source and let one through again.
fn name(source: &str, key: IdempotencyKey) -> String {
    format!("event/{source}/{key}")
}
