//! The maximum age of connections.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::settings::Settings;
use crate::retry::jitter;

/// The client of the HTTP library: a single one or, with a maximum age of connections, one after the other.
pub(super) enum Aged {
    Lasting(reqwest::Client),
    Renewed(Renewed),
}

/// The connections of a replaced client close when their requests end, idle ones at once.
pub(super) struct Renewed {
    current: RwLock<Generation>,
    age: Duration,
    make: fn(&Settings) -> Option<reqwest::Client>,
}

struct Generation {
    client: reqwest::Client,
    /// When the next one is due; `None` if that is beyond the range of time.
    until: Option<Instant>,
}

impl Aged {
    /// `make` builds clients like the first one.
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

    /// Returns the client for the next request.
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
        // Building a client takes a while, so other calls use the old one.
        current.until = due(self.age);
        drop(current);
        // If the system's certificates can't be read right now, the call must not fail.
        let Some(new) = (self.make)(settings) else {
            return old;
        };
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.client = new.clone();
        new
    }
}

/// Up to a quarter earlier, so that many machines don't reconnect at once.
fn due(age: Duration) -> Option<Instant> {
    Instant::now().checked_add(age - jitter(age / 4))
}

impl fmt::Debug for Aged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Aged")
    }
}
