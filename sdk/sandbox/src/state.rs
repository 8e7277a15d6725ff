//! The state of a sandbox: records, the clock, ids, and jobs for later.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dintero::Timestamp;
use serde::{Deserialize, Serialize};

use crate::delivery::Due;
use crate::request::Problem;
use crate::settings::Settings;
use crate::store::{Change, Record, Store};

/// The state, behind one lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) settings: Arc<Settings>,
    clock: Clock,
    ids: Ids,
    /// The number of ids is not stored yet.
    has_new_ids: bool,
    /// The jobs that have not started: when they are due, and their ids.
    waiting: BTreeSet<(u64, String)>,
    /// How many jobs were taken and are not finished.
    running: usize,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Clock {
    /// How far it was turned forward, in milliseconds.
    offset: u64,
    /// The time of a stopped clock since 1970, in milliseconds; the offset is added.
    fixed: Option<u64>,
}

impl Record for Clock {
    const TABLE: &'static str = "clock";
}

/// How many ids were given out. With the seed it determines the next one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Ids {
    seed: u64,
    count: u64,
}

impl Record for Ids {
    const TABLE: &'static str = "ids";
}

/// Something that happens later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Scheduled {
    /// Since 1970, in milliseconds.
    pub(crate) due: u64,
    pub(crate) job: Job,
}

impl Record for Scheduled {
    const TABLE: &'static str = "jobs";
}

/// Work for later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Job {
    /// A request to the merchant is sent.
    Deliver(Due),
    /// A capture, refund or void that got a response with status 202 is done.
    Complete(Box<crate::operations::transactions::Initiated>),
    /// An application of a seller moves on.
    Approve(String),
    /// The balance of a seller is paid out.
    PayOut(crate::operations::payouts::Seller),
    /// The reports of a configuration that are due are made.
    Report(String),
    /// A terminal has carried out a command.
    Command(String),
    /// A transfer between sellers is carried out.
    Transfer(String),
}

/// The end of the year 9999, since 1970, in milliseconds.
const LAST: u64 = 253_402_300_799_999;

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

impl State {
    pub(crate) fn new(mut store: Store, settings: Arc<Settings>) -> Self {
        let ids = store.get::<Ids>("ids").unwrap_or_else(|| Ids {
            seed: settings.seed.unwrap_or_else(|| fastrand::u64(..)),
            count: 0,
        });
        let clock = store.get::<Clock>("clock").unwrap_or_else(|| Clock {
            offset: 0,
            fixed: settings.clock.map(millis),
        });
        store.put("clock", &clock);
        // Those that a killed process did not finish are among them.
        let waiting = store.iter::<Scheduled>();
        let waiting = waiting.map(|(id, one)| (one.due, id.to_owned())).collect();
        let mut state = Self {
            store,
            settings,
            clock,
            ids,
            has_new_ids: true,
            waiting,
            running: 0,
        };
        state.prepare();
        state
    }

    /// Stores the names and secrets of a new sandbox.
    fn prepare(&mut self) {
        crate::accounts::prepare(self);
    }

    /// The time.
    pub(crate) fn now(&self) -> SystemTime {
        let base = match self.clock.fixed {
            Some(fixed) => SystemTime::UNIX_EPOCH + Duration::from_millis(fixed),
            None => SystemTime::now(),
        };
        base + Duration::from_millis(self.clock.offset)
    }

    /// The time, as responses have it: whole milliseconds.
    pub(crate) fn timestamp(&self) -> Timestamp {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(millis(self.now()));
        Timestamp::from(now)
    }

    /// Returns what the state file still needs.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        if std::mem::take(&mut self.has_new_ids) {
            self.store.put("ids", &self.ids);
        }
        self.store.take_changes()
    }

    /// Turns the clock forward.
    ///
    /// # Errors
    /// It would be after the year 9999, whose times have no text.
    pub(crate) fn advance(&mut self, time: Duration) -> Result<(), Problem> {
        let after = (self.now().checked_add(time)).filter(|after| millis(*after) <= LAST);
        let time = after.and_then(|_| u64::try_from(time.as_millis()).ok());
        let time = time.ok_or_else(|| {
            Problem::bad_request(
                "ValidationError",
                "the clock can't be turned beyond the year 9999",
            )
        })?;
        self.clock.offset = self.clock.offset.saturating_add(time);
        self.store.put("clock", &self.clock);
        Ok(())
    }

    /// Whether the clock is stopped until it is turned forward.
    pub(crate) fn is_clock_fixed(&self) -> bool {
        self.clock.fixed.is_some()
    }

    fn random(&mut self) -> fastrand::Rng {
        self.ids.count += 1;
        self.has_new_ids = true;
        // Neighbouring seeds give unrelated numbers after the first.
        let seed = self.ids.seed ^ self.ids.count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut random = fastrand::Rng::with_seed(seed);
        random.u64(..);
        random
    }

    /// A new text of this length, of letters and digits.
    pub(crate) fn text(&mut self, length: usize) -> String {
        let mut random = self.random();
        (0..length)
            .map(|_| char::from(BASE58[random.usize(..BASE58.len())]))
            .collect()
    }

    /// A new id of the account: `T12345678.4XjyXNnEYSpQiYpRGWkDhB`.
    pub(crate) fn id(&mut self, account: &str) -> String {
        format!("{account}.{}", self.text(22))
    }

    /// A new UUID (version 4).
    pub(crate) fn uuid(&mut self) -> String {
        let mut random = self.random();
        let value = (random.u128(..) & !(0xF << 76) & !(0b11 << 62)) | (4 << 76) | (0b10 << 62);
        let hex = format!("{value:032x}");
        [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ]
        .join("-")
    }

    /// A new number below a limit.
    pub(crate) fn number(&mut self, limit: u64) -> u64 {
        self.random().u64(..limit)
    }

    /// Does something later, or at once, but after the response, if `after` is zero.
    pub(crate) fn schedule(&mut self, after: Duration, job: Job) {
        let due = millis(self.now() + after);
        let id = self.text(16);
        self.store.put(&id, &Scheduled { due, job });
        self.waiting.insert((due, id));
    }

    /// Returns the first job that is due, with its id. It stays stored until it is [`finished`](Self::finished).
    pub(crate) fn take_due(&mut self) -> Option<(String, Job)> {
        let now = millis(self.now());
        while let Some((due, id)) = self.waiting.pop_first() {
            if due > now {
                self.waiting.insert((due, id));
                return None;
            }
            if let Some(scheduled) = self.store.get::<Scheduled>(&id) {
                self.running += 1;
                return Some((id, scheduled.job));
            }
        }
        None
    }

    /// Removes a job that is done.
    pub(crate) fn finished(&mut self, id: &str) {
        self.running = self.running.saturating_sub(1);
        self.store.remove::<Scheduled>(id);
    }

    /// Whether a job is due, or not finished.
    pub(crate) fn is_busy(&self) -> bool {
        let now = millis(self.now());
        self.running > 0 || self.waiting.first().is_some_and(|(due, _)| *due <= now)
    }

    /// How long until the next job is due; none if there is none, or the clock is stopped.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        let now = millis(self.now());
        let (due, _) = self.waiting.first()?;
        if *due > now && self.is_clock_fixed() {
            return None;
        }
        Some(Duration::from_millis(due.saturating_sub(now)))
    }
}

/// Since 1970.
pub(crate) fn millis(time: SystemTime) -> u64 {
    let time = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
