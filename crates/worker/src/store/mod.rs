//! What remembers which events were delivered: claim, settle, release.

mod durable;
mod flights;
mod kv;

use std::time::Duration;

use hookwarden::IdempotencyKey;
use wasm_bindgen::JsValue;
use worker::Env;

use crate::config::Config;
use crate::js::Unavailable;
use crate::log::now_ms;
use crate::source::Source;
use durable::{Holder, Shard};
use flights::Flight;

pub(crate) use durable::{BINDING as DURABLE, Placement};
pub(crate) use kv::BINDING as KV;

/// What a claim outlives the origin's timeout by, so that a lost relay does not block its event for ever.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// Which store a source uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Store {
    /// Best effort, and one write per event.
    #[default]
    Kv,
    /// One relay at a time, whatever happens; two calls per event.
    DurableObject,
}

impl Store {
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("kv", Self::Kv), ("durable-object", Self::DurableObject)];

    /// The binding that must be there.
    pub(crate) const fn binding(self) -> &'static str {
        match self {
            Self::Kv => KV,
            Self::DurableObject => DURABLE,
        }
    }
}

/// What the origin answered when it accepted an event. The content (headers, body) only where it is kept.
#[derive(Debug)]
pub(crate) struct FirstAnswer {
    pub(crate) status: u16,
    pub(crate) content: Option<(JsValue, JsValue)>,
}

/// What a store knows of an event.
pub(crate) enum Known {
    /// Nothing that keeps it from being relayed. Attempts are counted from 1, as far as the store remembers.
    Free {
        attempt: u32,
    },
    InFlight,
    Settled(FirstAnswer),
}

/// A claimed event; it must be settled or released.
pub(crate) struct Held {
    pub(crate) attempt: u32,
    by: By,
}

enum By {
    /// The memory of this isolate; dropping it releases the event.
    Isolate(Flight),
    Object(Holder),
}

/// What became of an attempt to claim an event.
pub(crate) enum Claimed {
    Mine(Held),
    InFlight,
    Settled(FirstAnswer),
    /// The store did not say. Nobody else is known to hold the event.
    Unsaid(Held),
}

/// An event at the store of its source.
#[derive(Clone, Copy)]
pub(crate) struct Event<'a> {
    pub(crate) env: &'a Env,
    pub(crate) config: &'a Config,
    pub(crate) source: &'a Source,
    pub(crate) key: IdempotencyKey,
}

impl Event<'_> {
    pub(crate) async fn claim(&self) -> Claimed {
        let lease = self.source.origin_timeout.saturating_add(LEASE_MARGIN);
        match self.source.store {
            Store::Kv => self.claim_in_kv(lease).await,
            Store::DurableObject => {
                let holder = Holder::new();
                let wait = self.source.duplicate_wait;
                let known = self.shard().claim(&holder, lease, wait, self.window()).await;
                let held = |attempt| Held { attempt, by: By::Object(holder) };
                match known {
                    Ok(Known::Free { attempt }) => Claimed::Mine(held(attempt)),
                    Ok(Known::InFlight) => Claimed::InFlight,
                    Ok(Known::Settled(first)) => Claimed::Settled(first),
                    Err(Unavailable) => Claimed::Unsaid(held(1)),
                }
            }
        }
    }

    async fn claim_in_kv(&self, lease: Duration) -> Claimed {
        let flight = match flights::claim(self.key, now_ms(), lease) {
            flights::Claim::Mine(flight) => flight,
            flights::Claim::InFlight => return Claimed::InFlight,
            flights::Claim::Settled(status) => {
                return Claimed::Settled(FirstAnswer { status, content: None });
            }
        };
        let found = kv::look_up(self.env, &self.source.name, self.key).await;
        if let Ok(Some(status)) = found {
            flight.settle(status, now_ms());
            return Claimed::Settled(FirstAnswer { status, content: None });
        }
        let held = Held { attempt: flight.attempt, by: By::Isolate(flight) };
        if found.is_ok() { Claimed::Mine(held) } else { Claimed::Unsaid(held) }
    }

    /// Remembers that the origin accepted the event.
    pub(crate) async fn settle(&self, held: Held, first: FirstAnswer) -> Result<(), Unavailable> {
        match held.by {
            By::Isolate(flight) => {
                flight.settle(first.status, now_ms());
                kv::settle(self.env, &self.source.name, self.key, first.status, self.window()).await
            }
            By::Object(_) => self.shard().settle(first, self.window()).await,
        }
    }

    /// Frees the event, so that the next attempt gets through.
    pub(crate) async fn release(&self, held: Held) -> Result<(), Unavailable> {
        match held.by {
            By::Isolate(flight) => {
                drop(flight);
                Ok(())
            }
            By::Object(holder) => self.shard().release(&holder).await,
        }
    }

    fn shard(&self) -> Shard<'_> {
        Shard { env: self.env, placement: &self.config.placement, key: self.key }
    }

    fn window(&self) -> Duration {
        Duration::from_secs(self.source.verifier().dedupe_window_seconds().into())
    }
}
