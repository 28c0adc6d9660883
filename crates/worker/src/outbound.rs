//! An event on its way to the origin: what one that just arrived, one from the queue and one that is replayed have in
//! common. The body travels beside it.

use hookwarden::{Authentic, Code, Table};
use js_sys::Uint8Array;
use serde::{Serialize, Serializer};
use web_sys::Response;

use crate::body::Body;
use crate::config::{Config, load};
use crate::deliver::Received;
use crate::headers::Headers;
use crate::js::Env;
use crate::log::{Line, now_ms, seconds};
use crate::origin::{Origin, Target};
use crate::relay;
use crate::relay_headers::{kept, relayed};
use crate::source::Source;

/// As many bytes as our own headers mostly take.
const OURS: usize = 512;

/// As JSON it is what the queue and the dead letters keep; `js/env.ts` says what of it is read there.
#[derive(Debug, Serialize)]
pub(crate) struct Outbound {
    pub(crate) source: String,
    provider: String,
    method: String,
    /// The query of a GET whose URL is signed: what such a delivery has to say.
    query: Option<String>,
    #[serde(serialize_with = "flat")]
    headers: Headers,
    pub(crate) event_type: Option<String>,
    event_id: Option<String>,
    schema: String,
    pub(crate) key: String,
    /// Whether another event with this key is the same one.
    pub(crate) dedupe: bool,
    /// When it arrived, and until when the queue tries, in Unix seconds.
    at: i64,
    until: i64,
    /// For how many milliseconds its key is remembered.
    keep: u64,
    /// Whether it comes from the queue or the dead letters.
    #[serde(skip)]
    was_kept: bool,
}

impl Outbound {
    pub(crate) fn new(received: &Received, authentic: &Authentic) -> Self {
        let Received { config, source, method, url, at, .. } = received;
        let verifier = source.verifier();
        let provider = verifier.provider();
        Self {
            source: source.name.clone(),
            provider: provider.name().to_owned(),
            method: method.clone(),
            query: url
                .as_deref()
                .filter(|_| method == "GET" && verifier.signs_url())
                .and_then(|url| url.split_once('?'))
                .map(|(_, query)| query.to_owned()),
            headers: relayed(&received.headers, provider.credentials(), config.signer.is_some()),
            event_type: authentic.event.event_type.clone(),
            event_id: authentic.event.id.clone(),
            schema: authentic.schema.status.as_str().to_owned(),
            key: authentic.key.to_string(),
            dedupe: source.dedupe && authentic.dedupe,
            at: *at,
            until: at.saturating_add(source.delivery.max_age().as_secs().try_into().unwrap_or(i64::MAX)),
            keep: source.window().as_millis().try_into().unwrap_or(u64::MAX),
            was_kept: false,
        }
    }

    /// As text, without what is not to be kept.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads as much of the text as a relay needs. Only what `to_text` wrote is meant to be read.
    fn read(text: &str) -> Result<Self, String> {
        let mut table = Table::parse(text.as_bytes())?;
        let mut needed = |key| {
            let text = table.text(key)?;
            table.needed(key, text)
        };
        Ok(Self {
            source: needed("source")?,
            provider: needed("provider")?,
            method: needed("method")?,
            schema: needed("schema")?,
            key: needed("key")?,
            query: table.text("query")?,
            event_type: table.text("event_type")?,
            event_id: table.text("event_id")?,
            headers: table
                .texts("headers")?
                .chunks_exact(2)
                .map(|pair| (pair[0].as_str(), pair[1].as_str()))
                .collect(),
            dedupe: false,
            at: 0,
            until: 0,
            keep: 0,
            was_kept: true,
        })
    }

    /// Relays it, and turns what goes wrong on the way into a code.
    pub(crate) async fn send(
        &self,
        (env, config, source): (&Env, &Config, &Source),
        origin: &Origin,
        body: &Body,
        attempt: u32,
        line: &mut Line,
    ) -> Result<Response, Code> {
        let headers = self.headers(config, &body.bytes, attempt, line);
        let started = now_ms();
        // What is kept is relayed together with others.
        let patience = (source.origin_timeout, !self.was_kept);
        let query = self.query.as_deref();
        let answer = relay::relay(env, origin, query, &self.method, &headers, body.raw(), patience).await;
        line.origin_ms = Some(now_ms().saturating_sub(started));
        let (response, status) = answer?;
        line.origin_status = Some(status);
        Ok(response)
    }

    fn headers(&self, config: &Config, body: &[u8], attempt: u32, line: &Line) -> Headers {
        let mut headers = Headers::with_room(self.headers.as_str().len().saturating_add(OURS));
        headers.extend(&self.headers);
        let hints = [
            ("x-hookwarden-source", Some(self.source.as_str())),
            ("x-hookwarden-provider", Some(&self.provider)),
            ("x-hookwarden-event", self.event_type.as_deref()),
            ("x-hookwarden-event-id", self.event_id.as_deref()),
            ("x-hookwarden-schema", Some(&self.schema)),
            ("x-hookwarden-key", Some(&self.key)),
            ("x-hookwarden-attempt", Some(&attempt.to_string())),
            ("x-hookwarden-store", line.is_store_unavailable().then_some("unavailable")),
        ];
        for (name, value) in hints {
            if let Some(value) = value {
                headers.push(name, value);
            }
        }
        if let Some(signer) = &config.signer {
            for (name, value) in signer.sign(&self.key, seconds(now_ms()), body) {
                headers.push(&name, &value);
            }
        }
        headers
    }
}

/// Relays what is kept of an event.
pub(crate) async fn relay_kept(
    env: &Env,
    text: &str,
    body: Uint8Array,
    attempt: u32,
) -> Result<Response, &'static str> {
    let config = load(env);
    let outbound = Outbound::read(text).map_err(|_| Code::SourceMisconfigured.as_str())?;
    let source = match config.source(&outbound.source) {
        Some(Ok(source)) => source,
        Some(Err(_)) => return Err(Code::SourceMisconfigured.as_str()),
        None if config.broken.is_some() || config.is_incomplete() => {
            return Err(Code::SourceMisconfigured.as_str());
        }
        None => return Err(Code::SourceUnknown.as_str()),
    };
    match source.targets.of(outbound.event_type.as_deref()) {
        Target::Drop => Err("dropped"),
        Target::Relay(origin) => {
            let body = Body::kept(body, config.signer.is_some());
            let answer =
                outbound.send((env, &config, &source), origin, &body, attempt, &mut Line::default()).await;
            answer.map_err(Code::as_str)
        }
    }
}

/// Name, value, name, value: a list of strings is all that `Table` has to read. Less what is not to be kept.
fn flat<S: Serializer>(headers: &Headers, serializer: S) -> Result<S::Ok, S::Error> {
    serializer
        .collect_seq(headers.iter().filter(|(name, _)| kept(name)).flat_map(|(name, value)| [name, value]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_can_be_read_again_and_holds_no_credential() {
        let outbound = Outbound {
            source: "calls".into(),
            provider: "audian".into(),
            method: "POST".into(),
            query: Some("a=b&c=".to_owned()),
            headers: [("x-a", "1"), ("Authorization", "Basic canary"), ("cookie", "canary"), ("x-b", "\"2")]
                .into_iter()
                .collect(),
            event_type: Some("call.completed".into()),
            event_id: None,
            schema: "valid".into(),
            key: "00ff".into(),
            dedupe: false,
            at: 1_700_000_000,
            until: 1_700_000_100,
            keep: 1,
            was_kept: false,
        };
        let text = outbound.to_text();
        assert!(!text.contains("canary"), "{text}");
        let again = Outbound::read(&text).unwrap();
        assert_eq!(again.headers, [("x-a", "1"), ("x-b", "\"2")].into_iter().collect());
        assert_eq!((again.key, again.event_type, again.event_id), (outbound.key, outbound.event_type, None));
        assert!(Outbound::read("{}").is_err());
    }
}
