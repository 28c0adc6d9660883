//! Workers KV, with a time limit.

use std::time::Duration;

use futures_util::future::{Either, select};
use wasm_bindgen::JsValue;
use worker::{Delay, Env};

use crate::js;

/// KV that is slower than this counts as failing: the sender's patience is for the origin.
const TIMEOUT: Duration = Duration::from_secs(1);

/// KV did not answer, or not in time.
pub(crate) struct Unavailable;

/// Calls a method of a namespace and waits for its answer.
pub(crate) async fn call(
    env: &Env,
    binding: &str,
    method: &str,
    arguments: &[JsValue],
) -> Result<JsValue, Unavailable> {
    let namespace = js::get(env, binding).ok_or(Unavailable)?;
    let operation = Box::pin(js::call(&namespace, method, arguments));
    match select(operation, Delay::from(TIMEOUT)).await {
        Either::Left((result, _)) => result.map_err(|_| Unavailable),
        Either::Right(_) => Err(Unavailable),
    }
}
