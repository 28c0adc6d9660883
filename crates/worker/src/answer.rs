//! What the sender is told.

use hookwarden::{Code, Verdict};
use serde_json::{Value, json};
use worker::{Response, ResponseBuilder, Result};

/// Says that the event had been delivered before.
const DUPLICATE: &str = "x-hookwarden-duplicate";

/// A refusal as `application/problem+json` (RFC 9457).
pub(crate) fn problem(code: Code, detail: Option<&str>) -> Result<Response> {
    send_problem(code, &json!({ "detail": detail }))
}

/// The refusal of a verdict, with the places at fault but none of the payload.
pub(crate) fn rejection(code: Code, verdict: &Verdict) -> Result<Response> {
    let detail = verdict.rejection.as_ref().and_then(|rejection| rejection.detail.as_deref());
    let violations = verdict.authentic.as_ref().map(|authentic| authentic.schema.violations.as_slice());
    let violations: Vec<_> = violations
        .unwrap_or_default()
        .iter()
        .map(|violation| json!({ "path": violation.masked_path, "keyword": violation.keyword }))
        .collect();
    let violations = (!violations.is_empty()).then_some(violations);
    send_problem(code, &json!({ "detail": detail, "violations": violations }))
}

/// A refusal that will not last.
pub(crate) fn try_again(code: Code, after_seconds: u64) -> Result<Response> {
    let mut response = problem(code, None)?;
    response.headers_mut().set("retry-after", &after_seconds.to_string())?;
    Ok(response)
}

/// 405 with the methods that would do.
pub(crate) fn method_not_allowed(allowed: &[String]) -> Result<Response> {
    let mut response = problem(Code::MethodNotAllowed, None)?;
    response.headers_mut().set("allow", &allowed.join(", "))?;
    Ok(response)
}

/// The answer to a copy of a delivered event: the first one's status and nothing else.
pub(crate) fn duplicate(status: u16) -> Result<Response> {
    let builder = ResponseBuilder::new().with_status(status);
    Ok(builder.with_header(DUPLICATE, "true")?.with_header("cache-control", "no-store")?.empty())
}

/// The answer to an event that a route rule drops.
pub(crate) fn dropped() -> Result<Response> {
    Ok(ResponseBuilder::new().with_status(202).with_header("cache-control", "no-store")?.empty())
}

/// Says that the Worker is up, and nothing about what it is configured to do.
pub(crate) fn health() -> Result<Response> {
    let body = json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") });
    let builder = ResponseBuilder::new().with_header("content-type", "application/json")?;
    Ok(builder.with_header("cache-control", "no-store")?.fixed(body.to_string().into_bytes()))
}

fn send_problem(code: Code, more: &Value) -> Result<Response> {
    let mut problem = json!({
        "type": "about:blank",
        "title": code.meaning(),
        "status": code.status(),
        "code": code.as_str(),
    });
    for (name, value) in more.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        problem[name] = value.clone();
    }
    let builder = ResponseBuilder::new().with_status(code.status());
    let builder = builder.with_header("content-type", "application/problem+json")?;
    Ok(builder.with_header("cache-control", "no-store")?.fixed(problem.to_string().into_bytes()))
}
