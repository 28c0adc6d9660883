//! The page: static files below `/_hookwarden/`, sent by way of the Worker so that it decides about headers, methods and
//! whether there is a page at all.

use std::time::Duration;

use hookwarden::Code;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, Request, RequestInit, Response, ResponseInit, Url};

use crate::answer;
use crate::js::{self, Env, Result};

/// The binding under which wrangler.toml gives us the files.
const BINDING: &str = "ASSETS";
const TIMEOUT: Duration = Duration::from_secs(10);
/// Where the page is, whatever `PREFIX` says.
pub(crate) const FOLDER: &str = "/_hookwarden";
/// The variable that switches the page off.
const SWITCH: &str = "PAGE";

/// What the page may do: run its own code and nothing else, and speak to nobody but this host.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    worker-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
];

/// Answers a request for the page. Where it is switched off or not deployed, there is nothing.
pub(crate) async fn serve(env: &Env, request: &Request, path: &str) -> Result<Response> {
    let Some(files) = js::get(env, BINDING).filter(|_| is_on(env)) else {
        return answer::problem(Code::SourceUnknown);
    };
    if !matches!(request.method().as_str(), "GET" | "HEAD") {
        return answer::method_not_allowed(&["GET", "HEAD"]);
    }
    if path == FOLDER {
        return js::respond(308, &[("location", "/_hookwarden/")], None);
    }
    let url = Url::new(&request.url())?;
    url.set_search("");
    if path == "/_hookwarden/" {
        url.set_pathname("/_hookwarden/index.html");
    }
    let asked = Headers::new()?;
    if let Some(known) = request.headers().get("if-none-match")? {
        asked.set("if-none-match", &known)?;
    }
    let init = RequestInit::new();
    init.set_method(&request.method());
    init.set_headers(&asked);
    let file = Request::new_with_str_and_init(&url.href(), &init)?;
    let found = js::call(TIMEOUT, &files, "fetch", vec![file.into()]).await;
    let found = found.map_err(|_| JsValue::UNDEFINED)?.dyn_into::<Response>()?;
    if !matches!(found.status(), 200 | 304) {
        return answer::problem(Code::SourceUnknown);
    }
    let headers = Headers::new()?;
    for name in ["content-type", "etag"] {
        if let Some(value) = found.headers().get(name)? {
            headers.set(name, &value)?;
        }
    }
    // These have the hash of their content in their names.
    let lasting = path.starts_with("/_hookwarden/assets/");
    let kept = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.set("cache-control", kept)?;
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    let init = ResponseInit::new();
    init.set_status(found.status());
    init.set_headers(&headers);
    Response::new_with_opt_readable_stream_and_init(found.body().as_ref(), &init)
}

/// On, unless `PAGE` is false. What it cannot mean switches the page off, too.
fn is_on(env: &Env) -> bool {
    let Some(value) = js::get(env, SWITCH) else { return true };
    match value.as_bool().map(|on| on.to_string()).or_else(|| value.as_string()).as_deref() {
        Some("true") => true,
        Some("false") => false,
        _ => {
            js::log_error("hookwarden: PAGE: must be true or false; the page is switched off");
            false
        }
    }
}
