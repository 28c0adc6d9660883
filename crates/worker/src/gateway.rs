//! The way in: route, source, method, encoding, size, verdict. What the core accepts goes on to
//! [`deliver`].

use std::rc::Rc;

use futures_channel::oneshot;
use hookwarden::{Code, Delivery};
use worker::{Context, Env, Request, Response, Result};

use crate::config::{Config, load};
use crate::deliver::{Accepted, deliver};
use crate::log::{Line, now_ms, unix_seconds};
use crate::routes::{Route, find};
use crate::source::Source;
use crate::{answer, body};

/// Answers any request.
pub(crate) async fn handle(request: Request, env: Env, context: &Context) -> Result<Response> {
    let config = load(&env);
    let path = request.path();
    match find(&config.prefix, &path) {
        Route::Health => match request.inner().method().as_str() {
            "GET" | "HEAD" => answer::health(),
            _ => answer::method_not_allowed(&["GET", "HEAD"]),
        },
        Route::Source(name) => match (&config.broken, config.sources.get(name)) {
            (Some(reason), _) => refuse(Line::default(), Code::SourceMisconfigured, Some(reason.clone())),
            (None, Some(Err(reason))) => {
                refuse(Line::of(name), Code::SourceMisconfigured, Some(reason.clone()))
            }
            (None, Some(Ok(source))) => {
                let source = Rc::clone(source);
                judge(request, env, context, config, source).await
            }
            (None, None) => refuse(Line::default(), Code::SourceUnknown, None),
        },
        // A name that is nobody's is somebody's text, and not for the log.
        Route::Nowhere => refuse(Line::default(), Code::SourceUnknown, None),
    }
}

/// Refuses before there is a verdict. The detail is for the log alone.
fn refuse(line: Line, code: Code, detail: Option<String>) -> Result<Response> {
    Line { code: Some(code), detail, status: code.status(), ..line }.write();
    answer::problem(code)
}

async fn judge(
    mut request: Request,
    env: Env,
    context: &Context,
    config: Rc<Config>,
    source: Rc<Source>,
) -> Result<Response> {
    let provider = source.verifier.provider();
    let mut line = Line { provider: Some(provider.name().to_owned()), ..Line::of(&source.name) };
    let method = request.inner().method();
    if !provider.methods().contains(&method) {
        let code = Code::MethodNotAllowed;
        Line { code: Some(code), status: code.status(), ..line }.write();
        return answer::method_not_allowed(provider.methods());
    }
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let encoding = request.headers().get("content-encoding")?;
    if encoding.is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        return refuse(line, Code::EncodingUnsupported, None);
    }
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
    let authentic = match (verdict.code(), verdict.authentic) {
        (None, Some(authentic)) => authentic,
        (code, authentic) => {
            let code = code.unwrap_or(Code::SignatureMismatch);
            line.status = code.status();
            line.write();
            return answer::rejection(code, line.detail.as_deref(), authentic.as_ref());
        }
    };
    let url = request.url()?;
    let accepted = Accepted { config, source, url, method, headers, body, authentic };
    // When the sender hangs up, the handler is cancelled; what is handed to `wait_until` is not.
    let (answered, answer) = oneshot::channel();
    context.wait_until(async move {
        let _ = answered.send(deliver(&env, accepted, line).await);
    });
    answer.await.map_err(|_| "the delivery was abandoned")?
}
