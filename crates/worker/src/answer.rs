//! What the sender is told.

use hookwarden::{Authentic, Code, Handshake, Violation};
use serde::Serialize;
use worker::{Response, ResponseBuilder, Result};

use crate::first_answer;
use crate::log::Line;
use crate::store::FirstAnswer;

/// Says that the event had been delivered before.
const DUPLICATE: &str = "x-hookwarden-duplicate";

/// A refusal as `application/problem+json` (RFC 9457).
pub(crate) fn problem(code: Code) -> Result<Response> {
    send(code, None, Vec::new())
}

/// The refusal of a verdict, with the places at fault but none of the payload.
pub(crate) fn rejection(code: Code, detail: Option<&str>, authentic: Option<&Authentic>) -> Result<Response> {
    let violations = authentic.map(|authentic| authentic.schema.violations.as_slice());
    send(code, detail, violations.unwrap_or_default().iter().map(Place::of).collect())
}

/// A refusal that will not last.
pub(crate) fn try_again(code: Code, after_seconds: u64) -> Result<Response> {
    let mut response = problem(code)?;
    response.headers_mut().set("retry-after", &after_seconds.to_string())?;
    Ok(response)
}

/// 405 with the methods that would do.
pub(crate) fn method_not_allowed<S: AsRef<str>>(allowed: &[S]) -> Result<Response> {
    let allowed: Vec<_> = allowed.iter().map(AsRef::as_ref).collect();
    let mut response = problem(Code::MethodNotAllowed)?;
    response.headers_mut().set("allow", &allowed.join(", "))?;
    Ok(response)
}

/// The answer to a copy of a delivered event: the first one's status, and its content where that was kept.
pub(crate) fn duplicate(first: FirstAnswer) -> Result<Response> {
    let mut response = match first.content {
        Some(content) => first_answer::response(first.status, &content)?,
        None => ResponseBuilder::new().with_status(first.status).empty(),
    };
    let headers = response.headers_mut();
    headers.set(DUPLICATE, "true")?;
    headers.set("cache-control", "no-store")?;
    Ok(response)
}

/// An answer that is its status: to an event that a route rule drops, or that is on the queue.
pub(crate) fn empty(status: u16) -> Result<Response> {
    Ok(ResponseBuilder::new().with_status(status).with_header("cache-control", "no-store")?.empty())
}

/// The answer to a provider's handshake. No browser may take it for a page: something of the request is in
/// it.
pub(crate) fn handshake(handshake: &Handshake) -> Result<Response> {
    let Handshake { status, content_type, body, .. } = handshake;
    let builder = ResponseBuilder::new().with_status(u16::try_from(*status).unwrap_or(200));
    let builder =
        builder.with_header("content-type", content_type)?.with_header("cache-control", "no-store")?;
    let builder = builder.with_header("x-content-type-options", "nosniff")?;
    Ok(if body.is_empty() { builder.empty() } else { builder.fixed(body.clone().into_bytes()) })
}

/// The answer to a body that ended too early: for nobody, most likely.
pub(crate) fn cut_short() -> Result<Response> {
    Ok(ResponseBuilder::new().with_status(400).with_header("cache-control", "no-store")?.empty())
}

/// Says that the Worker is up, and nothing about what it is configured to do.
pub(crate) fn health() -> Result<Response> {
    let body = concat!(r#"{"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
    let builder = ResponseBuilder::new().with_header("content-type", "application/json")?;
    Ok(builder.with_header("cache-control", "no-store")?.fixed(body.into()))
}

/// What the log would say of a delivery that is only rehearsed.
pub(crate) fn rehearsed(line: &Line) -> Result<Response> {
    Ok(ResponseBuilder::new().fixed(serde_json::to_vec(line)?))
}

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Place<'a>>,
}

/// Where a payload breaks its schema.
#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    keyword: &'static str,
}

impl<'a> Place<'a> {
    fn of(violation: &'a Violation) -> Self {
        Self { path: &violation.masked_path, keyword: violation.keyword }
    }
}

fn send(code: Code, detail: Option<&str>, violations: Vec<Place<'_>>) -> Result<Response> {
    let (title, status) = (code.meaning(), code.status());
    let problem = Problem { kind: "about:blank", title, status, code, detail, violations };
    let builder = ResponseBuilder::new().with_status(status);
    let builder = builder.with_header("content-type", "application/problem+json")?;
    Ok(builder.with_header("cache-control", "no-store")?.fixed(serde_json::to_vec(&problem)?))
}
