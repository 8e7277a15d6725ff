//! Connections by tokio runtime. A connection is driven by the runtime that made it: used from another one, a request
//! waits until that one runs again, which may be never.

use std::net::UdpSocket;
use std::panic;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use reqwest::Url;
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use super::Settings;
use super::age::Aged;
use crate::Error;

/// A runtime that was checked for timers and IO.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) id: Id,
    /// The other end is held by a task of the runtime and dropped with it.
    alive: oneshot::Sender<()>,
}

impl Home {
    /// Returns the current runtime. Spawns a task on it, which ends when this value is dropped.
    pub(super) fn new(runtime: &Handle) -> Result<Self, Error> {
        check(runtime)?;
        let (alive, end) = oneshot::channel();
        drop(runtime.spawn(async move { drop(end.await) }));
        Ok(Self {
            id: runtime.id(),
            alive,
        })
    }

    /// Returns whether the runtime has ended, with all its connections.
    pub(super) fn is_gone(&self) -> bool {
        self.alive.is_closed()
    }
}

/// Returns the current runtime.
pub(super) fn current() -> Result<Handle, Error> {
    Handle::try_current().map_err(|_| {
        Error::runtime(
            "calls need a tokio runtime, but this thread has none; run them with `#[tokio::main]` or \
             `Runtime::block_on`, or use `dintero::blocking` (feature `blocking`)",
        )
    })
}

/// Checks that the current runtime has timers and IO, once per runtime. tokio reports that only by a panic, which is
/// caught.
fn check(runtime: &Handle) -> Result<(), Error> {
    let has_io = || match UdpSocket::bind("127.0.0.1:0") {
        Ok(socket) if socket.set_nonblocking(true).is_ok() => {
            works(|| drop(tokio::net::UdpSocket::from_std(socket)))
        }
        // No socket to check IO with.
        Ok(_) | Err(_) => true,
    };
    let _inside = runtime.enter();
    check_timers()?;
    if has_io() {
        return Ok(());
    }
    Err(Error::runtime(
        "this tokio runtime has no IO; build it with `enable_all()`",
    ))
}

/// Checks that the current runtime has timers.
pub(super) fn check_timers() -> Result<(), Error> {
    if works(|| drop(tokio::time::sleep(Duration::ZERO))) {
        return Ok(());
    }
    Err(Error::runtime(
        "this tokio runtime has no timers; build it with `enable_all()`",
    ))
}

fn works(what: impl FnOnce()) -> bool {
    panic::catch_unwind(panic::AssertUnwindSafe(what)).is_ok()
}

/// The HTTP clients of one runtime.
#[derive(Debug)]
pub(super) struct Pool {
    home: Home,
    /// For TLS, or for everything with `http_client`.
    pub(super) main: Aged,
    /// For plain HTTP.
    pub(super) direct: OnceLock<Result<Aged, String>>,
}

impl Pool {
    pub(super) fn new(home: Home, main: reqwest::Client, settings: &Settings) -> Self {
        let make = |settings: &Settings| settings.client().ok();
        Self {
            home,
            main: Aged::new(main, settings.pooling.age, make),
            direct: OnceLock::new(),
        }
    }

    /// Returns the client for this URL.
    pub(super) fn client_for(
        &self,
        url: &Url,
        settings: &Settings,
    ) -> Result<reqwest::Client, Error> {
        if settings.is_foreign() || url.scheme() == "https" {
            return Ok(self.main.client(settings));
        }
        let direct = self.direct.get_or_init(|| {
            let make = |settings: &Settings| settings.direct().ok();
            Ok(Aged::new(settings.direct()?, settings.pooling.age, make))
        });
        direct
            .as_ref()
            .map(|direct| direct.client(settings))
            .map_err(|reason| Error::configuration("HTTP client", reason))
    }
}

/// The pool of each runtime.
#[derive(Debug, Default)]
pub(super) struct Pools {
    /// Most programs have one or two runtimes, whose pools are found without a lock.
    first: [OnceLock<Arc<Pool>>; 4],
    /// The pools of further runtimes, such as in tests that share a client. Pools of ended runtimes are removed when
    /// others are added.
    more: RwLock<Vec<Arc<Pool>>>,
}

impl Pools {
    /// Returns the pool of the current runtime.
    pub(super) fn get(
        &self,
        make: impl FnOnce(&Handle) -> Result<Pool, Error>,
    ) -> Result<Arc<Pool>, Error> {
        let runtime = current()?;
        let id = runtime.id();
        let is_its = |pool: &&Arc<Pool>| pool.home.id == id && !pool.home.is_gone();
        let first = || {
            let known = self.first.iter().map_while(OnceLock::get);
            known.into_iter().find(is_its).cloned()
        };
        if let Some(pool) = first() {
            return Ok(pool);
        }
        let more = self.more.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = more.iter().find(is_its) {
            return Ok(Arc::clone(pool));
        }
        drop(more);
        let mut more = self.more.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread of the runtime may have added it.
        if let Some(pool) = first().or_else(|| more.iter().find(is_its).cloned()) {
            return Ok(pool);
        }
        let pool = Arc::new(make(&runtime)?);
        let mut places = self.first.iter();
        if !places.any(|place| place.set(Arc::clone(&pool)).is_ok()) {
            more.retain(|pool| !pool.home.is_gone());
            more.push(Arc::clone(&pool));
        }
        Ok(pool)
    }
}
