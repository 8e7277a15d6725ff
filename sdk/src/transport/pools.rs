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

/// A runtime that is known to have what calls need.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) id: Id,
    /// Its other end is held by a task of the runtime, and goes with it.
    alive: oneshot::Sender<()>,
}

impl Home {
    /// The present runtime. Costs a task of it, which ends when this is dropped.
    pub(super) fn new(runtime: &Handle) -> Result<Self, Error> {
        check(runtime)?;
        let (alive, end) = oneshot::channel();
        drop(runtime.spawn(async move { drop(end.await) }));
        Ok(Self {
            id: runtime.id(),
            alive,
        })
    }

    /// Whether the runtime has ended, with all its connections.
    pub(super) fn is_gone(&self) -> bool {
        self.alive.is_closed()
    }
}

/// The runtime that this is called on.
pub(super) fn current() -> Result<Handle, Error> {
    Handle::try_current().map_err(|_| {
        Error::runtime(
            "calls need a tokio runtime, and there is none here; run them with `#[tokio::main]` or \
             `Runtime::block_on`, or use `dintero::blocking` (feature `blocking`)",
        )
    })
}

/// Whether the present runtime has timers and sockets. tokio tells by panicking only, so that is what is tried, once for
/// each runtime.
fn check(runtime: &Handle) -> Result<(), Error> {
    let has_io = || match UdpSocket::bind("127.0.0.1:0") {
        Ok(socket) if socket.set_nonblocking(true).is_ok() => {
            works(|| drop(tokio::net::UdpSocket::from_std(socket)))
        }
        // Nothing to try it with.
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

/// Whether the present runtime has timers.
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
    /// For TLS, or for everything if somebody else has set it up.
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

    /// The client that goes there.
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
    /// Programs have one or two runtimes, and theirs are found without a lock.
    first: [OnceLock<Arc<Pool>>; 4],
    /// Programs with many, such as tests that share a client. Those of runtimes that have ended are left out as others
    /// come.
    more: RwLock<Vec<Arc<Pool>>>,
}

impl Pools {
    /// The pool of the present runtime.
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
        // Another thread of the runtime may have been faster.
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
