//! What the runtime provides, called by name: the wrappers of `worker` bring serde along.

use std::time::Duration;

use futures_util::future::{Either, LocalBoxFuture, select};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::{Context, Delay};

/// What was asked did not answer, or not in time.
#[derive(Debug)]
pub(crate) struct Unavailable;

/// What a binding or another object has under a name, if it is there.
pub(crate) fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &JsValue::from_str(name)).ok();
    value.filter(|value| !value.is_undefined() && !value.is_null())
}

/// A number that is whole and not negative.
pub(crate) fn number(object: &JsValue, name: &str) -> Option<u32> {
    let number = get(object, name)?.as_f64()?;
    // A float is cut to the nearest that fits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some(number as u32)
}

/// Calls a method. The method of a Durable Object's stub is no `Function` with an `apply` of its own: that would
/// be a method of the object, too.
pub(crate) fn invoke(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &JsValue::from_str(method))?.dyn_into()?;
    Reflect::apply(&method, object, &arguments.iter().collect::<Array>())
}

/// Calls a method and waits for what it promises.
pub(crate) async fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let answer = invoke(object, method, arguments)?;
    JsFuture::from(Promise::resolve(&answer)).await
}

/// Waits no longer than this. Boxed, so that there is one copy of it in the wasm.
pub(crate) async fn within(
    limit: Duration,
    answer: LocalBoxFuture<'_, Result<JsValue, JsValue>>,
) -> Result<JsValue, Unavailable> {
    match select(answer, Delay::from(limit)).await {
        Either::Left((answer, _)) => answer.map_err(|_| Unavailable),
        Either::Right(_) => Err(Unavailable),
    }
}

/// Lets a task end after the request that began it has been answered. Boxed for the same reason.
pub(crate) fn later(context: &Context, task: LocalBoxFuture<'static, ()>) {
    context.wait_until(task);
}
