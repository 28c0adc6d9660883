//! The way on: target, claim, relay, settle or release.

use std::rc::Rc;

use hookwarden::{Authentic, Code};
use worker::{Env, Response, Result};

use crate::config::Config;
use crate::log::{Line, now_ms, unix_seconds};
use crate::origin::{Origin, Site, Target};
use crate::relay::relay;
use crate::relay_headers::relayed;
use crate::source::{DuplicateAnswer, Fail, Source};
use crate::store::{Claimed, Event, FirstAnswer, Held};
use crate::{answer, first_answer};

/// A delivery as it arrived.
pub(crate) struct Received {
    pub(crate) config: Rc<Config>,
    pub(crate) source: Rc<Source>,
    /// Where it was sent to, as far as that can be read.
    pub(crate) sent_to: Option<Site>,
    pub(crate) method: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// When it had arrived, in Unix seconds.
    pub(crate) at: i64,
}

/// A delivery that the core accepts.
pub(crate) struct Accepted {
    pub(crate) received: Received,
    pub(crate) authentic: Authentic,
}

/// Takes an accepted delivery to its origin, unless that has been done, and logs what happened.
pub(crate) async fn deliver(env: &Env, accepted: Accepted, mut line: Line) -> Result<Response> {
    let answer = answer_to(env, &accepted, &mut line).await;
    line.status = answer.as_ref().map_or(500, Response::status_code);
    line.write();
    answer
}

async fn answer_to(env: &Env, accepted: &Accepted, line: &mut Line) -> Result<Response> {
    let Accepted { received: Received { source, sent_to, .. }, authentic } = accepted;
    let origin = match source.targets.of(authentic.event.event_type.as_deref()) {
        Target::Drop => {
            line.notes.push("dropped");
            return answer::dropped();
        }
        Target::Relay(origin) if sent_to.as_ref().is_some_and(|own| origin.is_at(own)) => {
            line.detail = Some("the origin is the gateway itself".to_owned());
            return problem(line, Code::SourceMisconfigured);
        }
        Target::Relay(origin) => origin,
    };
    if !(source.dedupe && authentic.dedupe) {
        return relay_once(env, accepted, origin, 1, line).await;
    }
    let event = Event { env, config: &accepted.received.config, source, key: authentic.key };
    let started = now_ms();
    let claimed = event.claim().await;
    line.store_ms = Some(now_ms().saturating_sub(started));
    let held = match claimed {
        Claimed::Mine(held) => held,
        Claimed::Unsaid(held) => {
            line.notes.push(STORE_UNAVAILABLE);
            if source.fail == Fail::Closed {
                // It may have been claimed all the same.
                let _ = event.release(held).await;
                return refused(source, Code::StoreUnavailable, line);
            }
            held
        }
        Claimed::InFlight => {
            line.duplicate = true;
            return refused(source, Code::InFlight, line);
        }
        Claimed::Settled(first) => {
            line.duplicate = true;
            return answer::duplicate(first);
        }
    };
    let response = relay_once(env, accepted, origin, held.attempt, line).await;
    land(&event, held, response, line).await
}

/// Said to the log and to the origin of a delivery that might have been relayed before.
const STORE_UNAVAILABLE: &str = "store_unavailable";

fn refused(source: &Source, code: Code, line: &mut Line) -> Result<Response> {
    line.code = Some(code);
    answer::try_again(code, source.origin_timeout.as_secs().max(1))
}

/// Settles what the origin accepted, and releases everything else.
async fn land(
    event: &Event<'_>,
    held: Held,
    response: Result<Response>,
    line: &mut Line,
) -> Result<Response> {
    let accepted = response.as_ref().is_ok_and(|response| (200..300).contains(&response.status_code()));
    let full = accepted && event.source.duplicate_answer == DuplicateAnswer::Full;
    let (response, content) = match response {
        Ok(response) if full => first_answer::keep(response).await?,
        response => (response?, None),
    };
    let started = now_ms();
    let (landed, note) = if accepted {
        let first = FirstAnswer { status: response.status_code(), content };
        (event.settle(held, first).await, "settle_failed")
    } else {
        (event.release(held).await, "release_failed")
    };
    if landed.is_err() {
        line.notes.push(note);
    }
    let spent = now_ms().saturating_sub(started);
    line.store_ms = Some(line.store_ms.unwrap_or(0).saturating_add(spent));
    Ok(response)
}

/// Relays, and turns what goes wrong on the way into an answer.
async fn relay_once(
    env: &Env,
    accepted: &Accepted,
    origin: &Origin,
    attempt: u32,
    line: &mut Line,
) -> Result<Response> {
    let mut headers = headers(accepted, attempt);
    if line.notes.contains(&STORE_UNAVAILABLE) {
        headers.push(("x-hookwarden-store".to_owned(), "unavailable".to_owned()));
    }
    let Received { method, body, source, .. } = &accepted.received;
    let started = now_ms();
    let relayed = relay(env, origin, method, &headers, body, source.origin_timeout).await;
    line.origin_ms = Some(now_ms().saturating_sub(started));
    match relayed {
        Ok(response) => {
            line.origin_status = Some(response.status_code());
            Ok(response)
        }
        Err(code) => problem(line, code),
    }
}

fn headers(accepted: &Accepted, attempt: u32) -> Vec<(String, String)> {
    let Accepted { received: Received { config, source, body, .. }, authentic } = accepted;
    let verifier = source.verifier();
    let provider = verifier.provider();
    let key = authentic.key.to_string();
    let mut headers = relayed(&accepted.received.headers, provider.credentials(), config.signer.is_some());
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
    if let Some(signer) = &config.signer {
        headers.extend(signer.sign(&key, unix_seconds(), body));
    }
    headers
}

fn problem(line: &mut Line, code: Code) -> Result<Response> {
    line.code = Some(code);
    answer::problem(code)
}
