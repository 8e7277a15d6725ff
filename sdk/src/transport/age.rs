//! How old connections may grow.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::settings::Settings;
use crate::retry::jitter;

/// The HTTP library's client: one for good or, when connections may grow only so old, one after the other.
pub(super) enum Aged {
    Lasting(reqwest::Client),
    Renewed(Renewed),
}

/// The connections of a client that has been replaced end when their requests have, and idle ones at once.
pub(super) struct Renewed {
    current: RwLock<Generation>,
    age: Duration,
    make: fn(&Settings) -> Option<reqwest::Client>,
}

struct Generation {
    client: reqwest::Client,
    /// When the next one is due; never, if time doesn't reach so far.
    until: Option<Instant>,
}

impl Aged {
    /// `make` makes clients like the first one.
    pub(super) fn new(
        first: reqwest::Client,
        age: Option<Duration>,
        make: fn(&Settings) -> Option<reqwest::Client>,
    ) -> Self {
        match age {
            None => Self::Lasting(first),
            Some(age) => Self::Renewed(Renewed {
                current: RwLock::new(Generation {
                    client: first,
                    until: due(age),
                }),
                age,
                make,
            }),
        }
    }

    /// The client for the next request.
    pub(super) fn client(&self, settings: &Settings) -> reqwest::Client {
        match self {
            Self::Lasting(client) => client.clone(),
            Self::Renewed(renewed) => renewed.client(settings),
        }
    }
}

impl Renewed {
    fn client(&self, settings: &Settings) -> reqwest::Client {
        let is_due = |generation: &Generation| {
            let until = generation.until;
            until.is_some_and(|until| until <= Instant::now())
        };
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        if !is_due(&current) {
            return current.client.clone();
        }
        drop(current);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let old = current.client.clone();
        if !is_due(&current) {
            return old;
        }
        // Making one takes a while: the others go on with the old one.
        current.until = due(self.age);
        drop(current);
        // Certificates of the system that can't be read just now are no reason to fail a call.
        let Some(new) = (self.make)(settings) else {
            return old;
        };
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.client = new.clone();
        new
    }
}

/// A little before connections are that old, so that many machines don't all connect anew at once.
fn due(age: Duration) -> Option<Instant> {
    Instant::now().checked_add(age - jitter(age / 4))
}

impl fmt::Debug for Aged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Aged")
    }
}
