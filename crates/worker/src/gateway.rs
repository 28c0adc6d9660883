//! The way in: route, source, method, encoding, size, verdict. What the core accepts goes on to
//! [`deliver`].

use std::rc::Rc;

use hookwarden::{Code, Delivery, Verdict};
use web_sys::{Request, Response};

use crate::body::{Body, Unread};
use crate::config::{Config, load};
use crate::deliver::{Accepted, Received, deliver};
use crate::js::{self, Context, Env, Head, Result, later};
use crate::log::{Line, now_ms, seconds};
use crate::outbound::Outbound;
use crate::public_keys;
use crate::routes::{Route, find};
use crate::schemas::{self, Need, load as load_schema};
use crate::source::Source;
use crate::{answer, assets, failures, gzip, journal};

/// When to come again where nothing says how long it takes.
const TRY_AGAIN_SECONDS: u64 = 10;

/// Answers any request. A rehearsal ends with the verdict: nothing is claimed, relayed or remembered.
pub(crate) async fn handle(
    request: &Request,
    env: &Env,
    context: &Context,
    rehearsal: bool,
) -> Result<Response> {
    let config = load(env);
    let answer = route(request, (env, context), &config, rehearsal).await;
    if config.has_log && journal::is_due() {
        later(context, Box::pin(journal::flush(env.clone(), config)));
    }
    answer
}

async fn route(
    request: &Request,
    (env, context): (&Env, &Context),
    config: &Rc<Config>,
    rehearsal: bool,
) -> Result<Response> {
    let head = Head::of(request);
    let path = path_of(&head.url).0;
    match find(&config.prefix, path) {
        Route::Health => match head.method.as_str() {
            "GET" | "HEAD" => answer::health(),
            _ => answer::method_not_allowed(&["GET", "HEAD"]),
        },
        Route::Page => assets::serve(env, request, path).await,
        // Not 404, which is final for some providers.
        Route::Source(_) | Route::Nowhere if config.broken.is_some() => {
            refuse(Line::default(), Code::SourceMisconfigured, config.broken.clone())
        }
        Route::Source(name) => match config.source(name) {
            Some(Ok(source)) => {
                judge(request, head, (env, context), Rc::clone(config), source, rehearsal).await
            }
            Some(Err(reason)) => refuse(Line::of(name), Code::SourceMisconfigured, Some(reason)),
            None if config.is_incomplete() => {
                let detail = Some("the configuration has not been read yet".to_owned());
                refuse_for_now(Line { detail, ..Line::default() }, Code::SourceMisconfigured)
            }
            // A name that is nobody's is somebody's text, and not for the log.
            None => refuse(Line::default(), Code::SourceUnknown, None),
        },
        Route::Nowhere => refuse(Line::default(), Code::SourceUnknown, None),
    }
}

/// Refuses before there is a verdict. The detail is for the log alone.
fn refuse(line: Line, code: Code, detail: Option<String>) -> Result<Response> {
    Line { code: Some(code), detail, status: code.status(), ..line }.write();
    answer::problem(code)
}

/// The same for what will not last.
fn refuse_for_now(line: Line, code: Code) -> Result<Response> {
    Line { code: Some(code), status: code.status(), ..line }.write();
    answer::try_again(code, TRY_AGAIN_SECONDS)
}

/// Refuses a coding, or what it does not name.
fn unsupported(line: Line) -> Result<Response> {
    let response = refuse(line, Code::EncodingUnsupported, None)?;
    response.headers().set("accept-encoding", gzip::ACCEPTED)?;
    Ok(response)
}

/// Path and query of a URL as the runtime writes it.
fn path_of(url: &str) -> (&str, &str) {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after.find('/').map_or("", |at| &after[at..]);
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    match path.find('?') {
        Some(at) if at + 1 < path.len() => path.split_at(at),
        Some(at) => (&path[..at], ""),
        None => (path, ""),
    }
}

async fn judge(
    request: &Request,
    mut head: Head,
    (env, context): (&Env, &Context),
    config: Rc<Config>,
    source: Rc<Source>,
    rehearsal: bool,
) -> Result<Response> {
    let verifier = source.verifier();
    let provider = verifier.provider();
    let mut line = Line { provider: Some(provider.name().to_owned()), ..Line::of(&source.name) };
    let method = &head.method;
    if !provider.methods().contains(method) && !provider.handshake_methods().any(|known| known == method) {
        let code = Code::MethodNotAllowed;
        Line { code: Some(code), status: code.status(), ..line }.write();
        return answer::method_not_allowed(provider.methods());
    }
    let encoding = gzip::undone(head.headers.get("content-encoding"), verifier.compressed());
    if encoding == Some(false) {
        return unsupported(line);
    }
    let started = now_ms();
    let mut body = Body::read(request, head.headers.get("content-length"), source.max_body_bytes).await;
    if let (Ok(zipped), Some(_)) = (&body, encoding) {
        body = gzip::inflate(zipped, source.max_body_bytes).await;
        // What is relayed is the content.
        head.headers = head.headers.iter().filter(|(name, _)| *name != "content-encoding").collect();
    }
    let arrived = now_ms();
    line.body_ms = Some(arrived.saturating_sub(started));
    let body = match body {
        Ok(body) => body,
        Err(Unread::Overloaded) => return refuse_for_now(line, Code::Overloaded),
        Err(Unread::TooLarge) => return refuse(line, Code::PayloadTooLarge, None),
        Err(Unread::NoGzip) => return unsupported(line),
        Err(Unread::CutShort) => {
            Line { notes: vec!["body_cut_short"], status: 400, ..line }.write();
            return answer::cut_short();
        }
    };
    let url = source.url(path_of(&head.url).1);
    let Head { method, headers, url: sent_to } = head;
    let received = Received { config, source, sent_to, method, url, headers, body, at: seconds(arrived) };
    let verdict = verify(&received).await;
    if rehearsal {
        return answer::rehearsed(&line_of(line, &received, &verdict));
    }
    if let Some(handshake) = &verdict.handshake {
        let mut line = line_of(line, &received, &verdict);
        line.notes.push("handshake");
        line.status = u16::try_from(handshake.status).unwrap_or(200);
        line.write();
        return answer::handshake(handshake);
    }
    let missing = missing_schema(env, context, &received, &verdict);
    let source = &received.source;
    if verdict.authentic.is_some() {
        source.failures.take();
        if received.config.has_limit && failures::too_many(env, failures::DELIVERIES, &source.name).await {
            return refuse_for_now(line_of(line, &received, &verdict), Code::RateLimited);
        }
    } else {
        source.failures.set(source.failures.get().longer());
        if let Some(alert) = source.failures.get().alert(&source.name) {
            later(context, Box::pin(failures::raise(env.clone(), alert)));
        }
        let sender = failures::sender(&source.name, received.headers.get("cf-connecting-ip"));
        if failures::too_many(env, failures::FAILURES, &sender).await {
            let code = Code::RateLimited;
            // Junk must not fill the delivery log either.
            Line { code: Some(code), status: code.status(), ..line }.print();
            return answer::try_again(code, TRY_AGAIN_SECONDS);
        }
    }
    let verdict = match missing {
        None => verdict,
        Some(key) => {
            let started = now_ms();
            let Received { config, source, .. } = &received;
            load_schema(env.clone(), Rc::clone(config), Rc::clone(source), key).await;
            line.schema_ms = Some(now_ms().saturating_sub(started));
            verify(&received).await
        }
    };
    let line = line_of(line, &received, &verdict);
    match verdict {
        Verdict { rejection: None, authentic: Some(authentic), .. } => {
            deliver(env, Accepted { received, authentic }, line).await
        }
        verdict => {
            let answer = reject(&verdict, line);
            if received.config.has_log && verdict.authentic.is_some() {
                let env = env.clone();
                later(context, Box::pin(async move { bury(&env, &received, &verdict).await }));
            }
            answer
        }
    }
}

async fn verify(received: &Received) -> Verdict {
    let Received { source, method, url, headers, body, at, .. } = received;
    let headers = headers.pairs();
    let delivery =
        Delivery { method: Some(method), url: url.as_deref(), headers: &headers, body: &body.bytes };
    public_keys::verify(&source.verifier(), &delivery, *at).await
}

/// The key of the schema that must be loaded before an authentic delivery can be judged. One that has
/// become old is loaded in the background.
fn missing_schema(env: &Env, context: &Context, received: &Received, verdict: &Verdict) -> Option<Rc<str>> {
    let Received { config, source, .. } = received;
    let key = Rc::clone(source.schemas.key_for(verdict.authentic.as_ref()?)?);
    match schemas::need(&key, config.schema_refresh_ms, now_ms()) {
        Need::Nothing => None,
        Need::Load => Some(key),
        Need::Refresh => {
            later(context, load_schema(env.clone(), Rc::clone(config), Rc::clone(source), key));
            None
        }
    }
}

/// The line with what the core found, and whether it had the schema for it.
fn line_of(mut line: Line, received: &Received, verdict: &Verdict) -> Line {
    let source = &received.source;
    line.judged(verdict, &source.secret_places);
    let key = verdict.authentic.as_ref().and_then(|authentic| source.schemas.key_for(authentic));
    if key.is_some_and(|key| schemas::known(key).is_none()) {
        line.notes.push("schema_unavailable");
    }
    line
}

/// Keeps an authentic delivery whose payload is refused: its sender may never send it again.
async fn bury(env: &Env, received: &Received, verdict: &Verdict) {
    let Received { config, body, .. } = received;
    let Some(authentic) = verdict.authentic.as_ref().filter(|_| config.has_log) else { return };
    let code = verdict.code().map(Code::as_str);
    let outbound = Outbound::new(received, authentic);
    if journal::bury(env, config, &outbound, body, code).await.is_err() {
        js::log_error("hookwarden: a refused delivery could not be kept as a dead letter");
    }
}

/// Answers what the core does not accept.
fn reject(verdict: &Verdict, mut line: Line) -> Result<Response> {
    let code = verdict.code().unwrap_or(Code::SignatureMismatch);
    line.status = code.status();
    line.write();
    answer::rejection(code, line.detail.as_deref(), verdict.authentic.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_path_and_perhaps_a_query() {
        for (url, path, query) in [
            ("https://a.example/audian", "/audian", ""),
            ("https://a.example/", "/", ""),
            ("http://a.example:8080/hooks/audian?a=/b?c", "/hooks/audian", "?a=/b?c"),
            ("https://a.example/audian?", "/audian", ""),
            ("https://a.example/audian?a=b#c", "/audian", "?a=b"),
        ] {
            assert_eq!(path_of(url), (path, query), "{url}");
        }
    }
}
