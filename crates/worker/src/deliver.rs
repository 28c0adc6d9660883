//! The way on: target, claim, relay or queue, settle or release.

use std::rc::Rc;

use hookwarden::{Authentic, Code, Reply};
use web_sys::Response;

use crate::body::Body;
use crate::config::Config;
use crate::headers::Headers;
use crate::js::{Env, Result};
use crate::log::{Line, STORE_UNAVAILABLE, now_ms};
use crate::mode::Mode;
use crate::origin::Target;
use crate::outbound::Outbound;
use crate::source::{DuplicateAnswer, Fail, Source};
use crate::store::{Claimed, Event, FirstAnswer, Held};
use crate::{answer, first_answer, queue};

/// A delivery as it arrived.
pub(crate) struct Received {
    pub(crate) config: Rc<Config>,
    pub(crate) source: Rc<Source>,
    /// Where it was sent to.
    pub(crate) sent_to: String,
    pub(crate) method: String,
    /// The URL as the provider knows it.
    pub(crate) url: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) body: Body,
    /// When it had arrived, in Unix seconds.
    pub(crate) at: i64,
}

/// A delivery that the core accepts.
pub(crate) struct Accepted {
    pub(crate) received: Received,
    pub(crate) authentic: Authentic,
}

/// Takes an accepted delivery to its origin, or to the queue, unless that has been done, and logs what happened.
pub(crate) async fn deliver(env: &Env, accepted: Accepted, mut line: Line) -> Result<Response> {
    let answer = answer_to(env, &accepted, &mut line).await;
    line.status = answer.as_ref().map_or(500, Response::status);
    line.write();
    answer
}

async fn answer_to(env: &Env, accepted: &Accepted, line: &mut Line) -> Result<Response> {
    let Accepted { received, authentic } = accepted;
    let Received { config, source, sent_to, body, .. } = received;
    let origin = match source.targets.of(authentic.event.event_type.as_deref()) {
        Target::Drop => {
            line.notes.push("dropped");
            return answer::empty(202);
        }
        Target::Relay(origin) if origin.is_at(sent_to) => {
            line.detail = Some("the origin is the gateway itself".to_owned());
            return problem(line, Code::SourceMisconfigured);
        }
        Target::Relay(origin) => origin,
    };
    if source.delivery != Mode::Direct && authentic.reply == Reply::Origin {
        let detail = "the sender waits for the origin's own answer, which delivery = \"queue\" cannot give";
        line.detail = Some(detail.to_owned());
        return problem(line, Code::SourceMisconfigured);
    }
    let outbound = Outbound::new(received, authentic);
    let event = Event { env, config, source, key: &outbound.key };
    let held = if outbound.dedupe {
        match claim(&event, line).await {
            Ok(held) => Some(held),
            Err(answer) => return answer,
        }
    } else {
        None
    };
    if source.delivery != Mode::Direct {
        if queue::put(&event, held, &outbound, body, line).await.is_err() {
            line.detail = Some("the queue did not take the event".to_owned());
            return refused(source, Code::StoreUnavailable, line);
        }
        line.notes.push("queued");
        return answer::empty(queue::ACCEPTED);
    }
    let attempt = held.as_ref().map_or(1, |held| held.attempt);
    let response = match outbound.send((env, config, source), origin, body, attempt, line).await {
        Ok(response) => Ok(response),
        Err(code) => problem(line, code),
    };
    match held {
        Some(held) => land(&event, held, response, line).await,
        None => response,
    }
}

/// Claims an event, or gives the answer to one that need not or must not be relayed now.
async fn claim(event: &Event<'_>, line: &mut Line) -> std::result::Result<Held, Result<Response>> {
    let started = now_ms();
    let claimed = event.claim().await;
    line.store_ms = Some(now_ms().saturating_sub(started));
    match claimed {
        Claimed::Mine(held) => Ok(held),
        Claimed::Unsaid(held) => {
            line.notes.push(STORE_UNAVAILABLE);
            if event.source.fail == Fail::Open {
                return Ok(held);
            }
            // It may have been claimed all the same.
            let _ = event.release(held).await;
            Err(refused(event.source, Code::StoreUnavailable, line))
        }
        Claimed::InFlight => {
            line.duplicate = true;
            Err(refused(event.source, Code::InFlight, line))
        }
        Claimed::Settled(first) => {
            line.duplicate = true;
            Err(answer::duplicate(first))
        }
    }
}

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
    let origin_status = line.origin_status.filter(|status| response.is_ok() && (200..300).contains(status));
    let full = origin_status.is_some() && event.source.duplicate_answer == DuplicateAnswer::Full;
    let (response, content) = match response {
        Ok(response) if full => first_answer::keep(response).await?,
        response => (response?, None),
    };
    let started = now_ms();
    let (landed, note) = if let Some(status) = origin_status {
        let first = FirstAnswer { status, content };
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

fn problem(line: &mut Line, code: Code) -> Result<Response> {
    line.code = Some(code);
    answer::problem(code)
}
