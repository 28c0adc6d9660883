//! Workers KV, with a time limit.

use std::time::Duration;

use wasm_bindgen::JsValue;

use crate::js::{self, Env, Unavailable};

/// KV that is slower than this counts as failing: the sender's patience is for the origin.
const TIMEOUT: Duration = Duration::from_secs(1);

/// What a namespace has under a key: a string, or null.
pub(crate) async fn get(env: &Env, binding: &str, key: &str) -> Result<JsValue, Unavailable> {
    js::kv_get(TIMEOUT, env, binding, key).await
}

/// Writes a number that is forgotten after some seconds.
pub(crate) async fn put(
    env: &Env,
    binding: &str,
    key: &str,
    value: u16,
    ttl_seconds: u32,
) -> Result<(), Unavailable> {
    js::kv_put(TIMEOUT, env, binding, key, value, ttl_seconds).await
}
