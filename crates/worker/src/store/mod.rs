//! What remembers which events were delivered: claim, settle, release.

mod durable;
mod flights;
mod kv;

use std::time::Duration;

use wasm_bindgen::JsValue;

use crate::config::Config;
use crate::js::{Env, Unavailable};
use crate::log::now_ms;
use crate::source::Source;
pub(crate) use durable::{Holder, Shard};
use flights::Flight;

pub(crate) use durable::{BINDING as DURABLE, Placement};
use kv::BINDING as KV;

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
    /// The claim in the memory of this isolate, which dropping it releases.
    flight: Option<Flight>,
    /// The claim in a Durable Object.
    pub(crate) holder: Option<Holder>,
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
    pub(crate) key: &'a str,
}

impl Event<'_> {
    pub(crate) async fn claim(&self) -> Claimed {
        let lease = self.lease();
        match self.source.store {
            Store::Kv => self.claim_in_kv(lease).await,
            Store::DurableObject => self.claim_in_object(lease).await,
        }
    }

    async fn claim_in_object(&self, lease: Duration) -> Claimed {
        let holder = Holder::new();
        let wait = self.source.duplicate_wait;
        match self.shard().claim(&holder, lease, wait, self.source.window()).await {
            Ok(Known::Free { attempt }) => {
                Claimed::Mine(Held { attempt, flight: None, holder: Some(holder) })
            }
            Ok(Known::InFlight) => Claimed::InFlight,
            Ok(Known::Settled(first)) => Claimed::Settled(first),
            // What is left is this isolate's memory.
            Err(Unavailable) => match flights::claim(self.key, now_ms(), lease) {
                flights::Claim::Mine(flight) => {
                    let attempt = flight.attempt;
                    Claimed::Unsaid(Held { attempt, flight: Some(flight), holder: Some(holder) })
                }
                caught => {
                    // The object may have taken this claim all the same.
                    let _ = self.shard().release(&holder).await;
                    match caught {
                        flights::Claim::Settled(status) => {
                            Claimed::Settled(FirstAnswer { status, content: None })
                        }
                        _ => Claimed::InFlight,
                    }
                }
            },
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
        let held = Held { attempt: flight.attempt, flight: Some(flight), holder: None };
        if found.is_ok() { Claimed::Mine(held) } else { Claimed::Unsaid(held) }
    }

    /// Remembers that the origin accepted the event.
    pub(crate) async fn settle(&self, held: Held, first: FirstAnswer) -> Result<(), Unavailable> {
        if let Some(flight) = &held.flight {
            flight.settle(first.status, now_ms());
        }
        match self.source.store {
            Store::Kv => {
                kv::settle(self.env, &self.source.name, self.key, first.status, self.source.window()).await
            }
            Store::DurableObject => self.shard().settle(first, self.source.window()).await,
        }
    }

    /// Frees the event, so that the next attempt gets through.
    pub(crate) async fn release(&self, held: Held) -> Result<(), Unavailable> {
        match &held.holder {
            Some(holder) => self.shard().release(holder).await,
            None => Ok(()),
        }
    }

    fn lease(&self) -> Duration {
        self.source.origin_timeout.saturating_add(LEASE_MARGIN)
    }

    pub(crate) fn shard(&self) -> Shard<'_> {
        Shard { env: self.env, placement: &self.config.placement, key: self.key }
    }
}
