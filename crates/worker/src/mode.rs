//! How events reach the origin: while the sender waits, or from a queue.

use std::time::Duration;

const MAX_AGE_SECONDS: u32 = 86_400;
/// `js/retry.ts` fits its attempts into what a queue allows.
const LONGEST_MAX_AGE_SECONDS: u32 = 172_800;

/// As a source writes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Way {
    #[default]
    Direct,
    Queue,
}

impl Way {
    pub(crate) const WORDS: &'static [(&'static str, Self)] =
        &[("direct", Self::Direct), ("queue", Self::Queue)];

    /// With the age, where there is one.
    pub(crate) fn mode(self, max_age_seconds: Option<u32>) -> Result<Mode, String> {
        match (self, max_age_seconds) {
            (Self::Direct, None) => Ok(Mode::Direct),
            (Self::Direct, Some(_)) => Err("max_age_seconds: only with delivery = \"queue\"".to_owned()),
            (Self::Queue, age) => match age.unwrap_or(MAX_AGE_SECONDS) {
                seconds @ 1..=LONGEST_MAX_AGE_SECONDS => {
                    Ok(Mode::Queue { max_age: Duration::from_secs(seconds.into()) })
                }
                _ => Err(format!("max_age_seconds: must be from 1 to {LONGEST_MAX_AGE_SECONDS}")),
            },
        }
    }
}

/// How an event reaches the origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// While the sender waits for the origin's answer.
    Direct,
    /// From a queue, up to an age; the sender is answered before.
    Queue { max_age: Duration },
}

impl Mode {
    pub(crate) fn max_age(self) -> Duration {
        match self {
            Self::Direct => Duration::ZERO,
            Self::Queue { max_age } => max_age,
        }
    }
}
