//! Workers KV, with a time limit.

use std::time::Duration;

use wasm_bindgen::JsValue;

use crate::js::{self, Env, Unavailable};

/// KV that is slower than this counts as failing: the sender's patience is for the origin.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Calls a method of a namespace and waits for its answer.
pub(crate) async fn call(
    env: &Env,
    binding: &str,
    method: &str,
    arguments: Vec<JsValue>,
) -> Result<JsValue, Unavailable> {
    let namespace = js::get(env, binding).ok_or(Unavailable)?;
    js::call(TIMEOUT, &namespace, method, arguments).await
}
