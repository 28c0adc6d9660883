//! The gateway: verifies deliveries at the edge and relays the good ones to an origin.
//!
//! `routes` finds the source, `gateway` has the core judge, `deliver` claims, relays and settles; `relay`
//! speaks to the origin, `store` remembers what was delivered, `queue` has it delivered later, `journal` has the log and the
//! dead letters, `schemas` has those of a user's own.
#![forbid(unsafe_code)]

mod answer;
mod assets;
mod body;
mod budget;
mod config;
mod deliver;
mod document;
mod failures;
mod first_answer;
mod gateway;
mod gzip;
mod headers;
mod instance;
mod journal;
mod js;
mod kv;
mod log;
mod mode;
mod origin;
mod outbound;
mod public_keys;
mod queue;
mod relay;
mod relay_headers;
mod routes;
mod schemas;
mod source;
mod store;
mod tasks;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Request;

use js::{Context, Env};

/// Less code than Rust's own allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Takes up a request, to answer it. Whoever calls it hands the promise to `waitUntil`, too: when the sender hangs up, the
/// handler is cancelled, and what has been relayed must be settled all the same.
///
/// As with everything that takes time, what it gives is the number of a task, to be resumed.
#[wasm_bindgen]
pub fn answer(request: Request, env: Env, context: Context) -> u32 {
    js::begin(Box::pin(async move { answered(&request, &env, &context, false).await }))
}

/// Judges a delivery and answers with what the log would say of it. Nothing is claimed, relayed or remembered.
#[wasm_bindgen]
pub fn rehearse(request: Request, env: Env, context: Context) -> u32 {
    js::begin(Box::pin(async move { answered(&request, &env, &context, true).await }))
}

/// Lets a task go on with what it has waited for, or with why it did not get that. Gives the next promise that it waits
/// for, or its end.
#[wasm_bindgen]
pub fn resume(task: u32, outcome: JsValue, failed: bool) -> JsValue {
    tasks::resume(task, if failed { Err(outcome) } else { Ok(outcome) })
}

async fn answered(request: &Request, env: &Env, context: &Context, rehearsal: bool) -> JsValue {
    if let Ok(response) = gateway::handle(request, env, context, rehearsal).await {
        return response.into();
    }
    js::log_error("hookwarden: a delivery could not be answered");
    js::respond(500, &[], None).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// Reads a document of sources, and puts it in force if it shall. Gives what is wrong with it: a list of pairs, the
/// place and the reason.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "JavaScript hands it over")]
pub fn configure(document: String, in_force: bool, env: Env) -> js_sys::Array {
    document::configure(&env, document, in_force)
}

/// Sends what is kept of an event to its origin. Ends with the answer, or the code of what was in the way.
#[wasm_bindgen]
pub fn relay(meta: String, body: Uint8Array, attempt: u32, env: Env) -> u32 {
    js::begin(Box::pin(async move {
        let answer = outbound::relay_kept(&env, &meta, body, attempt).await;
        answer.map_or_else(JsValue::from, JsValue::from)
    }))
}

/// What worker-build's entry asks for.
#[wasm_bindgen(js_name = "__worker_init_state")]
pub fn instance_state() -> JsValue {
    instance::state()
}
