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

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{Context, Env, console_error};

/// Not `#[event(fetch)]`: that one words every error there could be.
#[wasm_bindgen]
pub async fn fetch(
    request: web_sys::Request,
    env: Env,
    context: worker::worker_sys::Context,
) -> Result<web_sys::Response, JsValue> {
    answered(request, env, context, false).await
}

/// Judges a delivery and answers with what the log would say of it. Nothing is claimed, relayed or remembered.
#[wasm_bindgen]
pub async fn rehearse(
    request: web_sys::Request,
    env: Env,
    context: worker::worker_sys::Context,
) -> Result<web_sys::Response, JsValue> {
    answered(request, env, context, true).await
}

async fn answered(
    request: web_sys::Request,
    env: Env,
    context: worker::worker_sys::Context,
    rehearsal: bool,
) -> Result<web_sys::Response, JsValue> {
    if let Ok(response) = gateway::handle(request, env, &Context::new(context), rehearsal).await {
        return Ok(response.into());
    }
    console_error!("hookwarden: a delivery could not be answered");
    let init = web_sys::ResponseInit::new();
    init.set_status(500);
    web_sys::Response::new_with_opt_str_and_init(None, &init)
}

/// Reads a document of sources, and puts it in force if it shall. Gives what is wrong with it: a list of pairs, the
/// place and the reason.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "JavaScript hands it over")]
pub fn configure(document: String, in_force: bool, env: Env) -> js_sys::Array {
    document::configure(&env, document, in_force)
}

/// Sends what is kept of an event to its origin. Gives the answer, or the code of what was in the way.
#[wasm_bindgen]
pub async fn relay(meta: String, body: Vec<u8>, attempt: u32, env: Env) -> JsValue {
    match outbound::relay_kept(&env, &meta, &body, attempt).await {
        Ok(answer) => web_sys::Response::from(answer).into(),
        Err(code) => code.into(),
    }
}
