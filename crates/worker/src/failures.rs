//! How many deliveries may come, above all of those that are not authentic, and when somebody should look.

use std::time::Duration;

use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::js::{self, Env};
use crate::log::now_ms;

/// The binding of the rate limiter for what is not authentic. Without it nothing of that is limited.
pub(crate) const FAILURES: &str = "FAILURES";
/// The binding of the one for what is. Nobody has it who does not ask for it.
pub(crate) const DELIVERIES: &str = "DELIVERIES";
/// The URL that alerts are posted to, a secret.
const ALERT_URL: &str = "ALERT_URL";
/// Who is asked whether an address has had its share must answer soon, or it has not.
const LIMITER_TIMEOUT: Duration = Duration::from_millis(500);
const ALERT_TIMEOUT: Duration = Duration::from_secs(10);
/// After as many in a row somebody should look, and again after ten times as many.
const STREAK: u64 = 20;

/// Deliveries of a source in a row that were not authentic, as far as this isolate knows.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Streak {
    failures: u64,
    /// When it began, in Unix seconds.
    since: u64,
}

/// What is logged, and posted, about a source that refuses everything.
#[derive(Debug, Serialize)]
pub(crate) struct Alert {
    #[serde(rename = "alert")]
    kind: &'static str,
    source: String,
    failures: u64,
    since: u64,
}

impl Streak {
    /// With a delivery more that was not authentic.
    pub(crate) fn longer(self) -> Self {
        let since = if self.failures == 0 { now_ms() / 1000 } else { self.since };
        Self { failures: self.failures.saturating_add(1), since }
    }

    /// The alert about a source, if this is when there should be one.
    pub(crate) fn alert(self, source: &str) -> Option<Alert> {
        let Self { failures, since } = self;
        let kind = "verification_failing";
        is_due(failures).then(|| Alert { kind, source: source.to_owned(), failures, since })
    }
}

fn is_due(failures: u64) -> bool {
    let mut due = STREAK;
    while due < failures {
        due = due.saturating_mul(10);
    }
    due == failures
}

/// Logs an alert, and posts it where it is wanted.
pub(crate) async fn raise(env: Env, alert: Alert) {
    let Ok(text) = serde_json::to_string(&alert) else { return };
    js::log(&text);
    let Some(url) = js::get(&env, ALERT_URL).and_then(|url| url.as_string()) else { return };
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&text.into());
    init.set_redirect(web_sys::RequestRedirect::Manual);
    let headers = js_sys::Array::of2(&"content-type".into(), &"application/json".into());
    init.set_headers(&js_sys::Array::of1(&headers));
    let arguments = vec![url.into(), init.into()];
    if js::call(ALERT_TIMEOUT, &js_sys::global(), "fetch", arguments).await.is_err() {
        js::log(r#"{"alert":"alert_not_posted"}"#);
    }
}

/// What junk is counted by: its source and the address of its sender.
pub(crate) fn sender(source: &str, address: Option<&str>) -> String {
    format!("{source} {}", address.unwrap_or_default())
}

/// Whether a limiter has counted more under a key than may come. Approximate: each place of Cloudflare counts for
/// itself, and a limiter that does not answer limits nothing.
pub(crate) async fn too_many(env: &Env, limiter: &str, key: &str) -> bool {
    let Some(limiter) = js::get(env, limiter) else { return false };
    let asked = Object::new();
    // Setting a field of an object of our own cannot fail.
    let _ = Reflect::set(&asked, &"key".into(), &JsValue::from_str(key));
    let answer = js::call(LIMITER_TIMEOUT, &limiter, "limit", vec![asked.into()]).await;
    answer.is_ok_and(|answer| js::get(&answer, "success").is_some_and(|success| success.is_falsy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_alert_at_twenty_and_at_each_tenfold() {
        let due: Vec<_> = (1..=20_000).filter(|&failures| is_due(failures)).collect();
        assert_eq!(due, [20, 200, 2000, 20_000]);
    }
}
