//! The way in: route, source, method, encoding, size, verdict. What the core accepts goes on to
//! [`deliver`].

use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::LocalBoxFuture;
use hookwarden::{Code, Delivery, Verdict};
use web_sys::{Request, Url};
use worker::{Context, Env, Headers, Response, Result};

use crate::answer;
use crate::body::{self, Unread};
use crate::config::{Config, load};
use crate::deliver::{Accepted, Received, deliver};
use crate::log::{Line, now_ms, unix_seconds};
use crate::origin::Site;
use crate::public_keys;
use crate::routes::{Route, find};
use crate::schemas::{self, Need, load as load_schema};
use crate::source::Source;

/// Answers any request.
pub(crate) async fn handle(request: Request, env: Env, context: &Context) -> Result<Response> {
    let config = load(&env);
    let path = Url::new(&request.url())?.pathname();
    match find(&config.prefix, &path) {
        Route::Health => match request.method().as_str() {
            "GET" | "HEAD" => answer::health(),
            _ => answer::method_not_allowed(&["GET", "HEAD"]),
        },
        // Not 404, which is final for some providers.
        Route::Source(_) | Route::Nowhere if config.broken.is_some() => {
            refuse(Line::default(), Code::SourceMisconfigured, config.broken.clone())
        }
        Route::Source(name) => match config.sources.get(name) {
            Some(Ok(source)) => {
                let source = Rc::clone(source);
                judge(request, env, context, config, source).await
            }
            Some(Err(reason)) => refuse(Line::of(name), Code::SourceMisconfigured, Some(reason.clone())),
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

async fn judge(
    request: Request,
    env: Env,
    context: &Context,
    config: Rc<Config>,
    source: Rc<Source>,
) -> Result<Response> {
    let verifier = source.verifier();
    let provider = verifier.provider();
    let mut line = Line { provider: Some(provider.name().to_owned()), ..Line::of(&source.name) };
    let method = request.method();
    if !provider.methods().contains(&method) && !provider.handshake_methods().any(|known| known == method) {
        let code = Code::MethodNotAllowed;
        Line { code: Some(code), status: code.status(), ..line }.write();
        return answer::method_not_allowed(provider.methods());
    }
    let headers: Vec<(String, String)> = Headers(request.headers()).entries().collect();
    let encoding = request.headers().get("content-encoding")?;
    if encoding.is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        return refuse(line, Code::EncodingUnsupported, None);
    }
    let started = now_ms();
    let body = body::read(&request, source.max_body_bytes).await;
    line.body_ms = Some(now_ms().saturating_sub(started));
    let body = match body {
        Ok(body) => body,
        Err(Unread::TooLarge) => return refuse(line, Code::PayloadTooLarge, None),
        Err(Unread::CutShort) => {
            Line { notes: vec!["body_cut_short"], status: 400, ..line }.write();
            return answer::cut_short();
        }
    };
    let sent_to = request.url().parse().ok().and_then(|url| Site::of(&url));
    let url = source.url(&Url::new(&request.url())?.search());
    let received = Received { config, source, sent_to, method, url, headers, body, at: unix_seconds() };
    let verdict = verify(&received).await;
    if let Some(handshake) = &verdict.handshake {
        let mut line = line_of(line, &received, &verdict);
        line.notes.push("handshake");
        line.status = u16::try_from(handshake.status).unwrap_or(200);
        line.write();
        return answer::handshake(handshake);
    }
    let missing = missing_schema(&env, context, &received, &verdict);
    if missing.is_none() && !verdict.is_accepted() {
        return reject(&verdict, line_of(line, &received, &verdict));
    }
    // When the sender hangs up, the handler is cancelled; what is handed to `wait_until` is not.
    let (answered, answer) = oneshot::channel();
    let delivered: LocalBoxFuture<'static, ()> = Box::pin(async move {
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
        let answer = match verdict {
            Verdict { rejection: None, authentic: Some(authentic), .. } => {
                deliver(&env, Accepted { received, authentic }, line).await
            }
            verdict => reject(&verdict, line),
        };
        let _ = answered.send(answer);
    });
    context.wait_until(delivered);
    answer.await.map_err(|_| "the delivery was abandoned")?
}

async fn verify(received: &Received) -> Verdict {
    let Received { source, method, url, headers, body, at, .. } = received;
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let delivery = Delivery { method: Some(method), url: url.as_deref(), headers: &headers, body };
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
            context.wait_until(load_schema(env.clone(), Rc::clone(config), Rc::clone(source), key));
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

/// Answers what the core does not accept.
fn reject(verdict: &Verdict, mut line: Line) -> Result<Response> {
    let code = verdict.code().unwrap_or(Code::SignatureMismatch);
    line.status = code.status();
    line.write();
    answer::rejection(code, line.detail.as_deref(), verdict.authentic.as_ref())
}
