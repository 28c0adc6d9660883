//! What the runtime provides. The border to it is where a delivery's time goes, so that what takes several steps there is
//! one call here: `js/host.js` is the other side.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, Response};

use hookwarden::{Code, Hash};

use crate::headers::Headers;
use crate::tasks;
pub(crate) use crate::tasks::wait;

mod host {
    use js_sys::{Promise, Uint8Array};
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::{Request, Response};

    #[wasm_bindgen(module = "/js/host.js")]
    extern "C" {
        pub(super) fn head(request: &Request) -> String;

        #[wasm_bindgen(catch)]
        pub(super) fn respond(status: u16, headers: &str, body: Option<&str>) -> Result<Response, JsValue>;

        pub(super) fn relay(
            fetcher: &JsValue,
            head: &str,
            body: Option<Uint8Array>,
            milliseconds: f64,
            alone: bool,
        ) -> Promise;

        pub(super) fn call(object: &JsValue, method: &str, given: Vec<JsValue>, milliseconds: f64)
        -> Promise;

        #[wasm_bindgen(js_name = kvGet)]
        pub(super) fn kv_get(env: &JsValue, binding: &str, key: &str, milliseconds: f64) -> Promise;

        #[wasm_bindgen(js_name = kvPut)]
        pub(super) fn kv_put(
            env: &JsValue,
            binding: &str,
            key: &str,
            value: u16,
            seconds: u32,
            milliseconds: f64,
        ) -> Promise;

        #[allow(clippy::too_many_arguments, reason = "one call across the border instead of several")]
        pub(super) fn ask(
            namespace: &JsValue,
            jurisdiction: Option<&str>,
            location: Option<&str>,
            name: &str,
            method: &str,
            given: Vec<JsValue>,
            milliseconds: f64,
            tries: u32,
        ) -> Promise;

        pub(super) fn digest(hash: &str, message: &[u8], digest: &mut [u8]) -> bool;

        pub(super) fn inflation(zipped: &Uint8Array) -> JsValue;

        pub(super) fn sleep(milliseconds: f64) -> Promise;

        #[wasm_bindgen(js_name = taskNumber)]
        pub(super) fn task_number() -> u32;
    }
}

#[wasm_bindgen]
extern "C" {
    /// What a request leaves behind it.
    pub type Context;

    /// Sees a task to its end after the request has been answered.
    #[wasm_bindgen(method)]
    fn later(this: &Context, task: u32);
}

/// The bindings.
pub(crate) type Env = JsValue;
/// An answer, or what the runtime has thrown.
pub(crate) type Result<T> = std::result::Result<T, JsValue>;

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

/// The head of a request.
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Headers,
}

impl Head {
    pub(crate) fn of(request: &Request) -> Self {
        let text = host::head(request);
        let mut parts = text.splitn(3, '\n');
        let mut next = || parts.next().unwrap_or_default();
        Self { method: next().to_owned(), url: next().to_owned(), headers: Headers::of(next()) }
    }
}

/// Makes an answer.
pub(crate) fn respond(status: u16, headers: &[(&str, &str)], body: Option<&str>) -> Result<Response> {
    let headers: Headers = headers.iter().copied().collect();
    host::respond(status, headers.as_str(), body)
}

/// What is relayed, and how long its answer may take.
pub(crate) struct Relayed<'a> {
    /// A service; undefined for the network.
    pub(crate) fetcher: JsValue,
    pub(crate) url: &'a str,
    pub(crate) method: &'a str,
    pub(crate) headers: &'a Headers,
    pub(crate) body: Option<Uint8Array>,
    pub(crate) timeout: Duration,
    /// Whether it is the only one of its request.
    pub(crate) alone: bool,
}

/// Sends a request and waits for the head of its answer.
pub(crate) async fn relay(request: Relayed<'_>) -> std::result::Result<Response, Code> {
    let Relayed { fetcher, url, method, headers, body, timeout, alone } = request;
    let head = [method, "\n", url, "\n", headers.as_str()].concat();
    match wait(host::relay(&fetcher, &head, body, ms(timeout), alone)).await {
        Ok(response) => Ok(response.unchecked_into()),
        Err(late) if late == JsValue::TRUE => Err(Code::OriginTimeout),
        Err(_) => Err(Code::OriginUnreachable),
    }
}

/// Calls a method of a binding and waits no longer than this for what it promises.
pub(crate) async fn call(
    limit: Duration,
    object: &JsValue,
    method: &str,
    given: Vec<JsValue>,
) -> std::result::Result<JsValue, Unavailable> {
    wait(host::call(object, method, given, ms(limit))).await.map_err(|_| Unavailable)
}

/// Reads a key of a namespace of Workers KV.
pub(crate) async fn kv_get(
    limit: Duration,
    env: &Env,
    binding: &str,
    key: &str,
) -> std::result::Result<JsValue, Unavailable> {
    wait(host::kv_get(env, binding, key, ms(limit))).await.map_err(|_| Unavailable)
}

/// Writes a number under a key that is forgotten after so many seconds.
pub(crate) async fn kv_put(
    limit: Duration,
    env: &Env,
    binding: &str,
    key: &str,
    value: u16,
    seconds: u32,
) -> std::result::Result<(), Unavailable> {
    wait(host::kv_put(env, binding, key, value, seconds, ms(limit))).await.map(drop).map_err(|_| Unavailable)
}

/// A Durable Object, by its name.
pub(crate) struct Object<'a> {
    pub(crate) namespace: JsValue,
    pub(crate) jurisdiction: Option<&'a str>,
    pub(crate) location: Option<&'a str>,
    pub(crate) name: &'a str,
}

impl Object<'_> {
    /// Calls a method, as often as there are `tries` where that fails.
    pub(crate) async fn call(
        &self,
        limit: Duration,
        tries: u32,
        method: &str,
        given: Vec<JsValue>,
    ) -> std::result::Result<JsValue, Unavailable> {
        let Self { namespace, jurisdiction, location, name } = self;
        let answer = host::ask(namespace, *jurisdiction, *location, name, method, given, ms(limit), tries);
        wait(answer).await.map_err(|_| Unavailable)
    }
}

/// From how many bytes on the runtime hashes faster, the call included.
pub(crate) const DIGESTS_FROM: usize = 4 * 1024;

/// A digest by the runtime. `None` where it has no `node:crypto`.
pub(crate) fn digest(hash: Hash, message: &[u8]) -> Option<Vec<u8>> {
    let mut digest = vec![0; hash.length()];
    host::digest(hash.as_str(), message, &mut digest).then_some(digest)
}

/// Begins to inflate a body. Its `next` gives the content in pieces, and nothing after the last one; it fails where the body
/// is no gzip, ends too early, or goes on after its end. `cancel` ends it.
pub(crate) fn inflation(zipped: &Uint8Array) -> JsValue {
    host::inflation(zipped)
}

/// Lets time pass.
pub(crate) async fn sleep(time: Duration) {
    let _ = wait(host::sleep(ms(time))).await;
}

/// Takes a task up, and gives the number by which JavaScript lets it go on.
pub(crate) fn begin(task: tasks::Task) -> u32 {
    let number = host::task_number();
    tasks::add(number, task);
    number
}

/// Lets a task end after the request that began it has been answered. Boxed, so that there is one copy of it in the
/// wasm.
pub(crate) fn later(context: &Context, task: LocalBoxFuture<'static, ()>) {
    context.later(begin(Box::pin(async {
        task.await;
        JsValue::UNDEFINED
    })));
}

/// Prints a line.
pub(crate) fn log(line: &str) {
    web_sys::console::log_1(&line.into());
}

/// Prints a line about something that is wrong.
pub(crate) fn log_error(line: &str) {
    web_sys::console::error_1(&line.into());
}

/// The time in milliseconds.
pub(crate) fn now_ms() -> u64 {
    // A time is positive, whole, and below 2^53.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        js_sys::Date::now() as u64
    }
}

/// JavaScript has no whole numbers beyond 2^53, which are 285,000 years.
#[expect(clippy::cast_precision_loss)]
pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_millis() as f64
}
