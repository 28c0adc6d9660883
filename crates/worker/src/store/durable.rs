//! Delivered events in Durable Objects: the strong store. `js/event-store.ts` is the other side.

use std::time::Duration;

use js_sys::Math;
use wasm_bindgen::JsValue;

use super::{FirstAnswer, Known};
use crate::body::Body;
use crate::js::{self, Env, Unavailable};

/// The name of the namespace's binding.
pub(crate) const BINDING: &str = "EVENTS";
/// The first part of the objects' names. Another number of shards is another version: the objects of the old one
/// would know nothing of the events that the new one asks them for.
const VERSION: &str = "v1";
const SHARDS: u32 = 32;
/// An object that is slower than this counts as failing: the sender's patience is for the origin.
const TIMEOUT: Duration = Duration::from_secs(1);
/// The same for a body, which may be 25 MB.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the objects live.
#[derive(Debug, Default)]
pub(crate) struct Placement {
    /// Near which region an object is made.
    pub(crate) location: Option<String>,
    /// Which jurisdiction it never leaves.
    pub(crate) jurisdiction: Option<String>,
}

impl Placement {
    pub(crate) const LOCATIONS: &'static [&'static str] =
        &["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"];
    pub(crate) const JURISDICTIONS: &'static [&'static str] = &["eu", "fedramp"];

    /// The object of a namespace that has a name.
    pub(crate) fn object<'a>(&'a self, env: &Env, binding: &str, name: &'a str) -> js::Object<'a> {
        js::Object {
            namespace: js::get(env, binding).unwrap_or_default(),
            jurisdiction: self.jurisdiction.as_deref(),
            location: self.location.as_deref(),
            name,
        }
    }
}

/// A claim of an event, by the number that names it.
#[derive(Debug)]
pub(crate) struct Holder(f64);

impl Holder {
    pub(crate) fn new() -> Self {
        Self(Math::random())
    }

    /// As a message of the queue carries it.
    pub(crate) fn number(&self) -> f64 {
        self.0
    }
}

/// The shard that remembers an event. The key is a hash already, of the source among other things.
pub(crate) struct Shard<'a> {
    pub(crate) env: &'a Env,
    pub(crate) placement: &'a Placement,
    pub(crate) key: &'a str,
}

impl Shard<'_> {
    /// Claims the event, and waits a little where another holds it.
    pub(crate) async fn claim(
        &self,
        holder: &Holder,
        lease: Duration,
        wait: Duration,
        keep: Duration,
    ) -> Result<Known, Unavailable> {
        let arguments = vec![holder.0.into(), ms(lease), ms(wait), ms(keep)];
        let claimed = self.call("claim", arguments, TIMEOUT.saturating_add(wait)).await?;
        if let Some(attempt) = js::number(&claimed, "attempt") {
            return Ok(Known::Free { attempt });
        }
        let status = js::number(&claimed, "status").and_then(|status| u16::try_from(status).ok());
        Ok(status.map_or(Known::InFlight, |status| {
            let content = js::get(&claimed, "headers").zip(js::get(&claimed, "body"));
            Known::Settled(FirstAnswer { status, content })
        }))
    }

    /// Remembers that the event is on the queue.
    pub(crate) async fn accept(&self, holder: &Holder) -> Result<(), Unavailable> {
        self.call("accept", vec![holder.0.into()], TIMEOUT).await.map(drop)
    }

    /// Keeps a body that is too large for the queue.
    pub(crate) async fn keep(&self, body: &Body, keep: Duration) -> Result<(), Unavailable> {
        self.call("keep", vec![body.raw().into(), ms(keep)], BODY_TIMEOUT).await.map(drop)
    }

    /// Remembers that the origin accepted the event.
    pub(crate) async fn settle(&self, first: FirstAnswer, keep: Duration) -> Result<(), Unavailable> {
        let mut arguments = vec![first.status.into(), ms(keep)];
        if let Some((headers, body)) = first.content {
            arguments.extend([headers, body]);
        }
        self.call("settle", arguments, TIMEOUT).await.map(drop)
    }

    /// Gives a claim back, also one whose answer never came: the object takes calls in their order.
    pub(crate) async fn release(&self, holder: &Holder) -> Result<(), Unavailable> {
        self.call("release", vec![holder.0.into()], TIMEOUT).await.map(drop)
    }

    /// Every call may be made twice with the effect of once, so one that fails (and does not take too long) is
    /// made again.
    async fn call(
        &self,
        method: &str,
        mut arguments: Vec<JsValue>,
        limit: Duration,
    ) -> Result<JsValue, Unavailable> {
        arguments.insert(0, self.key.into());
        self.placement.object(self.env, BINDING, &self.name()).call(limit, 2, method, arguments).await
    }

    fn name(&self) -> String {
        let digits = self.key.chars().take(2).filter_map(|digit| digit.to_digit(16));
        let first = digits.fold(0, |all, digit| all * 16 + digit);
        format!("{VERSION}-{:02}", first % SHARDS)
    }
}

fn ms(duration: Duration) -> JsValue {
    js::ms(duration).into()
}
