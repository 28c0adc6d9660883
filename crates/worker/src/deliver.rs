//! The way on: target, claim, relay, settle or release.

use std::rc::Rc;

use hookwarden::{Authentic, Code, IdempotencyKey};
use worker::{Env, Response, Result};

use crate::config::Config;
use crate::flights::{Claim, Flight, claim};
use crate::log::{Line, now_ms, unix_seconds};
use crate::origin::{Origin, Site, Target};
use crate::relay::relay;
use crate::relay_headers::relayed;
use crate::source::{Fail, Source};
use crate::{answer, store};

/// A delivery as it arrived.
pub(crate) struct Received {
    pub(crate) config: Rc<Config>,
    pub(crate) source: Rc<Source>,
    /// Where it was sent to, as far as that can be read.
    pub(crate) sent_to: Option<Site>,
    pub(crate) method: String,
    /// The URL as the provider knows it.
    pub(crate) url: Option<String>,
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
    match claim_event(env, source, authentic.key, line).await {
        Claimed::Mine(flight) => {
            let response = relay_once(env, accepted, origin, flight.attempt, line).await;
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

/// Said to the log and to the origin of a delivery that might have been relayed before.
const STORE_UNAVAILABLE: &str = "store_unavailable";

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
            line.notes.push(STORE_UNAVAILABLE);
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
    let window = source.verifier().dedupe_window_seconds();
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
    origin: &Origin,
    attempt: u32,
    line: &mut Line,
) -> Result<Response> {
    let mut headers = headers(accepted, attempt);
    if line.notes.contains(&STORE_UNAVAILABLE) {
        headers.push(("x-hookwarden-store".to_owned(), "unavailable".to_owned()));
    }
    let Received { method, url, body, source, .. } = &accepted.received;
    // A GET says in its query what it has to say, and where the URL is signed, so is that.
    let query = url.as_deref().filter(|_| method == "GET" && source.verifier().signs_url());
    let query = query.and_then(|url| url.split_once('?')).map(|(_, query)| query);
    let started = now_ms();
    let relayed = relay(env, origin, query, method, &headers, body, source.origin_timeout).await;
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
