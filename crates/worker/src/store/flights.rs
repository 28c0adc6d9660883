//! Events in flight or just settled in this isolate.
//!
//! Workers KV shows a write elsewhere only after about a minute, and a look-up may be answered from a
//! cache that is as old. Copies of an event mostly arrive together at the same place, so remembering
//! them for that long in memory catches what KV cannot. It also catches copies while a Durable Object
//! does not answer.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// As long as KV may be stale.
const REMEMBER: Duration = Duration::from_mins(1);
/// How many events are remembered; beyond it the oldest are forgotten.
const CAPACITY: usize = 10_000;

thread_local! {
    static FLIGHTS: RefCell<Flights> = RefCell::default();
}

/// What became of an attempt to claim an event.
pub(crate) enum Claim {
    /// It is ours; dropping the flight without settling it frees the event.
    Mine(Flight),
    /// Another delivery of it is being relayed.
    InFlight,
    /// The origin has accepted it, with this status.
    Settled(u16),
}

/// A claimed event.
pub(crate) struct Flight {
    key: String,
    /// Tells this claim of the event from an earlier one.
    claim: u64,
    /// Counted from 1, as far as this isolate knows.
    pub(crate) attempt: u32,
}

/// Claims an event at a time in milliseconds, for as long as the lease.
pub(crate) fn claim(key: &str, now: u64, lease: Duration) -> Claim {
    FLIGHTS.with_borrow_mut(|flights| flights.claim(key, now, lease))
}

impl Flight {
    /// Remembers that the origin accepted the event.
    pub(crate) fn settle(&self, status: u16, now: u64) {
        FLIGHTS.with_borrow_mut(|flights| flights.set(&self.key, State::Settled(status), now, REMEMBER));
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        FLIGHTS.with_borrow_mut(|flights| flights.release(&self.key, self.claim));
    }
}

#[derive(Debug, Default)]
struct Flights {
    events: BTreeMap<String, Known>,
    /// The keys in the order in which they were first claimed.
    order: VecDeque<String>,
    claims: u64,
}

#[derive(Debug)]
struct Known {
    state: State,
    until: u64,
    claim: u64,
    attempts: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    InFlight,
    Settled(u16),
    Released,
}

impl Flights {
    fn claim(&mut self, key: &str, now: u64, lease: Duration) -> Claim {
        let known = self.events.get(key);
        match known.map(|known| (known.state, known.until > now)) {
            Some((State::InFlight, true)) => return Claim::InFlight,
            Some((State::Settled(status), true)) => return Claim::Settled(status),
            _ => {}
        }
        let attempt = known.map_or(0, |known| known.attempts).saturating_add(1);
        if known.is_none() {
            self.order.push_back(key.to_owned());
        }
        self.claims = self.claims.wrapping_add(1);
        let claim = self.claims;
        self.events
            .insert(key.to_owned(), Known { state: State::InFlight, until: 0, claim, attempts: attempt });
        self.set(key, State::InFlight, now, lease);
        while self.events.len() > CAPACITY {
            if let Some(oldest) = self.order.pop_front() {
                self.events.remove(&oldest);
            }
        }
        Claim::Mine(Flight { key: key.to_owned(), claim, attempt })
    }

    fn set(&mut self, key: &str, state: State, now: u64, duration: Duration) {
        if let Some(known) = self.events.get_mut(key) {
            known.state = state;
            known.until = now.saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        }
    }

    /// A flight whose lease ran out frees nothing: the event is another's by now.
    fn release(&mut self, key: &str, claim: u64) {
        if let Some(known) = self.events.get_mut(key)
            && (known.state, known.claim) == (State::InFlight, claim)
        {
            known.state = State::Released;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(40);

    #[test]
    fn a_second_copy_waits_until_the_first_has_landed() {
        let key = "wait";
        let Claim::Mine(first) = claim(key, 0, LEASE) else { panic!("not claimed") };
        assert!(matches!(claim(key, 1, LEASE), Claim::InFlight));
        first.settle(201, 1000);
        drop(first);
        assert!(matches!(claim(key, 60_999, LEASE), Claim::Settled(201)));
        assert!(matches!(claim(key, 61_000, LEASE), Claim::Mine(Flight { attempt: 2, .. })));
    }

    #[test]
    fn a_flight_that_is_dropped_frees_its_event() {
        let key = "free";
        drop(claim(key, 0, LEASE));
        assert!(matches!(claim(key, 1, LEASE), Claim::Mine(Flight { attempt: 2, .. })));
    }

    #[test]
    fn a_claim_that_is_never_given_back_expires() {
        let key = "lease";
        let Claim::Mine(first) = claim(key, 0, LEASE) else { panic!("not claimed") };
        assert!(matches!(claim(key, 39_999, LEASE), Claim::InFlight));
        let Claim::Mine(second) = claim(key, 40_000, LEASE) else { panic!("not claimed") };
        drop(first);
        assert!(matches!(claim(key, 40_001, LEASE), Claim::InFlight), "a late release changes nothing");
        drop(second);
    }

    #[test]
    fn memory_is_bounded() {
        let mut flights = Flights::default();
        for number in 0..CAPACITY + 5 {
            let claim = flights.claim(&number.to_string(), 0, LEASE);
            let Claim::Mine(flight) = claim else { panic!("not claimed") };
            std::mem::forget(flight);
        }
        assert_eq!((flights.events.len(), flights.order.len()), (CAPACITY, CAPACITY));
    }
}
