//! The gateway: verifies deliveries at the edge and relays the good ones to an origin.
//!
//! `routes` finds the source, `gateway` has the core judge, `deliver` claims, relays and settles; `relay`
//! speaks to the origin, `flights` and `store` remember what was delivered, `schemas` has those of a user's
//! own.
#![forbid(unsafe_code)]

mod answer;
mod body;
mod config;
mod deliver;
mod flights;
mod gateway;
mod js;
mod kv;
mod log;
mod origin;
mod public_keys;
mod relay;
mod relay_headers;
mod routes;
mod schemas;
mod source;
mod store;

use web_sys::Request;
use worker::{Context, Env, Response, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    gateway::handle(request, env, &context).await
}
