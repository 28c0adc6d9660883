//! What the sender is told.

use hookwarden::{Authentic, Code, Handshake, Violation};
use serde::Serialize;
use web_sys::Response;

use crate::first_answer;
use crate::js::{Result, respond};
use crate::log::Line;
use crate::store::FirstAnswer;

const NOT_KEPT: (&str, &str) = ("cache-control", "no-store");

/// Says that the event had been delivered before.
const DUPLICATE: &str = "x-hookwarden-duplicate";

/// A refusal as `application/problem+json` (RFC 9457).
pub(crate) fn problem(code: Code) -> Result<Response> {
    send(code, None, Vec::new(), None)
}

/// The refusal of a verdict, with the places at fault but none of the payload.
pub(crate) fn rejection(code: Code, detail: Option<&str>, authentic: Option<&Authentic>) -> Result<Response> {
    let violations = authentic.map(|authentic| authentic.schema.violations.as_slice());
    send(code, detail, violations.unwrap_or_default().iter().map(Place::of).collect(), None)
}

/// A refusal that will not last.
pub(crate) fn try_again(code: Code, after_seconds: u64) -> Result<Response> {
    send(code, None, Vec::new(), Some(("retry-after", &after_seconds.to_string())))
}

/// 405 with the methods that would do.
pub(crate) fn method_not_allowed<S: AsRef<str>>(allowed: &[S]) -> Result<Response> {
    let allowed: Vec<_> = allowed.iter().map(AsRef::as_ref).collect();
    send(Code::MethodNotAllowed, None, Vec::new(), Some(("allow", &allowed.join(", "))))
}

/// The answer to a copy of a delivered event: the first one's status, and its content where that was kept.
pub(crate) fn duplicate(first: FirstAnswer) -> Result<Response> {
    let Some(content) = first.content else {
        return respond(first.status, &[(DUPLICATE, "true"), NOT_KEPT], None);
    };
    let response = first_answer::response(first.status, &content)?;
    let headers = response.headers();
    headers.set(DUPLICATE, "true")?;
    headers.set(NOT_KEPT.0, NOT_KEPT.1)?;
    Ok(response)
}

/// An answer that is its status: to an event that a route rule drops, or that is on the queue.
pub(crate) fn empty(status: u16) -> Result<Response> {
    respond(status, &[NOT_KEPT], None)
}

/// The answer to a provider's handshake. No browser may take it for a page: something of the request is in
/// it.
pub(crate) fn handshake(handshake: &Handshake) -> Result<Response> {
    let Handshake { status, content_type, body, .. } = handshake;
    let headers = [("content-type", content_type.as_ref()), NOT_KEPT, ("x-content-type-options", "nosniff")];
    let body = Some(body.as_str()).filter(|body| !body.is_empty());
    respond(u16::try_from(*status).unwrap_or(200), &headers, body)
}

/// The answer to a body that ended too early: for nobody, most likely.
pub(crate) fn cut_short() -> Result<Response> {
    empty(400)
}

/// Says that the Worker is up, and nothing about what it is configured to do.
pub(crate) fn health() -> Result<Response> {
    let body = concat!(r#"{"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
    respond(200, &[("content-type", "application/json"), NOT_KEPT], Some(body))
}

/// What the log would say of a delivery that is only rehearsed.
pub(crate) fn rehearsed(line: &Line) -> Result<Response> {
    let body = serde_json::to_string(line).unwrap_or_default();
    respond(200, &[("content-type", "application/json"), NOT_KEPT], Some(&body))
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

fn send(
    code: Code,
    detail: Option<&str>,
    violations: Vec<Place<'_>>,
    more: Option<(&str, &str)>,
) -> Result<Response> {
    let (title, status) = (code.meaning(), code.status());
    let problem = Problem { kind: "about:blank", title, status, code, detail, violations };
    let mut headers = vec![("content-type", "application/problem+json"), NOT_KEPT];
    headers.extend(more);
    let body = serde_json::to_string(&problem).unwrap_or_default();
    respond(status, &headers, Some(&body))
}
