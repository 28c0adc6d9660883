//! The one way through: source, method, size, verdict, route, claim, relay, settle.

use std::rc::Rc;

use futures_channel::oneshot;
use hookwarden::{Authentic, Code, Delivery, IdempotencyKey, Verdict};
use worker::{Context, Env, Request, Response, Result, Url};

use crate::config::{Config, load};
use crate::flights::{Claim, Flight, claim};
use crate::log::{Line, now_ms};
use crate::origin::{Origin, Target};
use crate::relay::relay;
use crate::relay_headers::relayed;
use crate::routes::{Route, find};
use crate::source::{Fail, Source};
use crate::{answer, body, store};

/// Answers any request.
pub(crate) async fn handle(request: Request, env: Env, context: &Context) -> Result<Response> {
    let config = load(&env);
    let path = request.path();
    match find(&config.prefix, &path) {
        Route::Health => match request.inner().method().as_str() {
            "GET" | "HEAD" => answer::health(),
            _ => answer::method_not_allowed(&["GET".to_owned(), "HEAD".to_owned()]),
        },
        Route::Source(name) => {
            let mut line = Line::of(name);
            if let Some(reason) = &config.broken {
                return refuse(line, Code::SourceMisconfigured, Some(reason.clone()));
            }
            match config.sources.get(name) {
                Some(Ok(_)) => judge(request, env, context, Rc::clone(&config), name, line).await,
                Some(Err(reason)) => refuse(line, Code::SourceMisconfigured, Some(reason.clone())),
                None => {
                    // A name that is nobody's is somebody's text, and not for the log.
                    line.source = None;
                    refuse(line, Code::SourceUnknown, None)
                }
            }
        }
        Route::Nowhere => refuse(Line { verdict: "rejected", ..Line::default() }, Code::SourceUnknown, None),
    }
}

/// Refuses before there is a verdict. The detail is for the log alone.
fn refuse(mut line: Line, code: Code, detail: Option<String>) -> Result<Response> {
    line.code = Some(code);
    line.detail = detail;
    line.status = code.status();
    line.write();
    answer::problem(code, None)
}

async fn judge(
    mut request: Request,
    env: Env,
    context: &Context,
    config: Rc<Config>,
    name: &str,
    mut line: Line,
) -> Result<Response> {
    let Some(Ok(source)) = config.sources.get(name) else { return refuse(line, Code::SourceUnknown, None) };
    let provider = source.verifier.provider();
    line.provider = Some(provider.name().to_owned());
    let method = request.inner().method();
    if !provider.methods().contains(&method) {
        line.code = Some(Code::MethodNotAllowed);
        line.status = Code::MethodNotAllowed.status();
        line.write();
        return answer::method_not_allowed(provider.methods());
    }
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let encoding = request.headers().get("content-encoding")?;
    if encoding.is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        return refuse(line, Code::EncodingUnsupported, None);
    }
    let url = request.url()?;
    let started = now_ms();
    let body = body::read(&mut request, source.max_body_bytes).await;
    line.body_ms = Some(now_ms().saturating_sub(started));
    let body = match body {
        Ok(body) => body,
        Err(code) => return refuse(line, code, None),
    };
    let borrowed: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let delivery = Delivery { method: Some(&method), headers: &borrowed, body: &body };
    let verdict = source.verifier.verify(&delivery, unix_seconds());
    line.judged(&verdict);
    if let Some(code) = verdict.code() {
        line.status = code.status();
        line.write();
        return answer::rejection(code, &verdict);
    }
    // When the sender hangs up, the handler is cancelled; what is handed to `wait_until` is not.
    let (answered, answer) = oneshot::channel();
    let accepted =
        Accepted { config: Rc::clone(&config), name: name.to_owned(), url, method, headers, body, verdict };
    context.wait_until(async move {
        let _ = answered.send(deliver(&env, accepted, line).await);
    });
    answer.await.map_err(|_| "the delivery was abandoned")?
}

/// A delivery that the core accepts.
struct Accepted {
    config: Rc<Config>,
    name: String,
    /// The URL that it was sent to.
    url: Url,
    method: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    verdict: Verdict,
}

async fn deliver(env: &Env, accepted: Accepted, mut line: Line) -> Result<Response> {
    let answer = answer_to(env, &accepted, &mut line).await;
    line.status = answer.as_ref().map_or(500, Response::status_code);
    line.write();
    answer
}

async fn answer_to(env: &Env, accepted: &Accepted, line: &mut Line) -> Result<Response> {
    let (Some(Ok(source)), Some(authentic)) =
        (accepted.config.sources.get(&accepted.name), accepted.verdict.authentic.as_ref())
    else {
        return problem(line, Code::SourceMisconfigured);
    };
    let origin = match source.targets.of(authentic.event.event_type.as_deref()) {
        Target::Drop => {
            line.notes.push("dropped");
            return answer::dropped();
        }
        Target::Relay(origin) if origin.is_at(&accepted.url) => {
            line.detail = Some("the origin is the gateway itself".to_owned());
            return problem(line, Code::SourceMisconfigured);
        }
        Target::Relay(origin) => origin,
    };
    if !(source.dedupe && authentic.dedupe) {
        return relay_once(env, accepted, source, authentic, origin, 1, line).await;
    }
    match claim_event(env, source, authentic.key, line).await {
        Claimed::Mine(flight) => {
            let response = relay_once(env, accepted, source, authentic, origin, flight.attempt, line).await;
            if let Ok(response) = &response
                && (200..300).contains(&response.status_code())
            {
                settle(env, source, authentic.key, &flight, response.status_code(), line).await;
            }
            response
        }
        Claimed::Duplicate(status) => {
            line.duplicate = true;
            answer::duplicate(status)
        }
        Claimed::Refused(code) => {
            line.duplicate = code == Code::InFlight;
            line.code = Some(code);
            answer::try_again(code, source.origin_timeout.as_secs().max(1))
        }
    }
}

enum Claimed {
    Mine(Flight),
    /// The origin accepted the event earlier, with this status.
    Duplicate(u16),
    Refused(Code),
}

async fn claim_event(env: &Env, source: &Source, key: IdempotencyKey, line: &mut Line) -> Claimed {
    let flight = match claim(key, now_ms(), source.origin_timeout) {
        Claim::Mine(flight) => flight,
        Claim::InFlight => return Claimed::Refused(Code::InFlight),
        Claim::Settled(status) => return Claimed::Duplicate(status),
    };
    let started = now_ms();
    let found = store::look_up(env, &source.name, key).await;
    line.store_ms = Some(now_ms().saturating_sub(started));
    match found {
        Ok(Some(status)) => {
            flight.settle(status, now_ms());
            Claimed::Duplicate(status)
        }
        Ok(None) => Claimed::Mine(flight),
        Err(_) => {
            line.notes.push("store_unavailable");
            match source.fail {
                Fail::Open => Claimed::Mine(flight),
                Fail::Closed => Claimed::Refused(Code::StoreUnavailable),
            }
        }
    }
}

async fn settle(
    env: &Env,
    source: &Source,
    key: IdempotencyKey,
    flight: &Flight,
    status: u16,
    line: &mut Line,
) {
    flight.settle(status, now_ms());
    let started = now_ms();
    let window = source.verifier.dedupe_window_seconds();
    if store::settle(env, &source.name, key, status, window).await.is_err() {
        line.notes.push("settle_failed");
    }
    let spent = now_ms().saturating_sub(started);
    line.store_ms = Some(line.store_ms.unwrap_or(0).saturating_add(spent));
}

/// Relays, and turns what goes wrong on the way into an answer.
async fn relay_once(
    env: &Env,
    accepted: &Accepted,
    source: &Source,
    authentic: &Authentic,
    origin: &Origin,
    attempt: u32,
    line: &mut Line,
) -> Result<Response> {
    let headers = relay_request_headers(accepted, source, authentic, attempt);
    let started = now_ms();
    let relayed = relay(env, origin, &accepted.method, &headers, &accepted.body, source.origin_timeout).await;
    line.origin_ms = Some(now_ms().saturating_sub(started));
    match relayed {
        Ok(response) => {
            line.origin_status = Some(response.status_code());
            Ok(response)
        }
        Err(code) => problem(line, code),
    }
}

fn relay_request_headers(
    accepted: &Accepted,
    source: &Source,
    authentic: &Authentic,
    attempt: u32,
) -> Vec<(String, String)> {
    let provider = source.verifier.provider();
    let signer = accepted.config.signer.as_ref();
    let key = authentic.key.to_string();
    let mut headers = relayed(&accepted.headers, provider.credentials(), signer.is_some());
    let hints = [
        ("source", Some(source.name.clone())),
        ("provider", Some(provider.name().to_owned())),
        ("event", authentic.event.event_type.clone()),
        ("event-id", authentic.event.id.clone()),
        ("schema", Some(authentic.schema.status.as_str().to_owned())),
        ("key", Some(key.clone())),
        ("attempt", Some(attempt.to_string())),
    ];
    let hints = hints.into_iter().filter_map(|(name, value)| Some((format!("x-hookwarden-{name}"), value?)));
    headers.extend(hints);
    if let Some(signer) = signer {
        headers.extend(signer.sign(&key, unix_seconds(), &accepted.body));
    }
    headers
}

fn problem(line: &mut Line, code: Code) -> Result<Response> {
    line.code = Some(code);
    answer::problem(code, None)
}

fn unix_seconds() -> i64 {
    i64::try_from(now_ms() / 1000).unwrap_or(i64::MAX)
}
