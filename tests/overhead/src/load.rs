//! Calls by one task, or by many at once.

use std::fs;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::task::JoinSet;

use crate::Outcome;

/// Threads that run the tasks when there are many.
const WORKERS: usize = 2;
/// Calls of each task before anything is measured: connections are made, memory is reserved.
const FIRST: u32 = 8;

/// What the command line asks for: a base URL, the number of calls, and of tasks that share them; and `fetched` for a
/// token that is asked for before each call, as in production.
#[derive(Debug)]
pub struct Load {
    /// Base URL.
    pub base: String,
    /// The token is not a fixed one.
    pub fetched: bool,
    calls: u32,
    tasks: u32,
}

impl Load {
    /// Reads the command line.
    ///
    /// # Errors
    /// Something is missing.
    pub fn from_arguments() -> Outcome<Self> {
        let mut arguments = std::env::args().skip(1);
        let base = arguments.next().ok_or("a base URL first")?;
        let calls = arguments.next().ok_or("then the number of calls")?;
        let tasks = arguments.next().unwrap_or_else(|| "1".to_owned());
        Ok(Self {
            base,
            calls: calls.parse()?,
            tasks: tasks.parse()?,
            fetched: arguments.next().as_deref() == Some("fetched"),
        })
    }
}

/// Makes all calls. One task runs on this thread. Many run on `WORKERS` threads, each task as fast as it gets its
/// responses, and the calls, seconds and CPU seconds are printed, and how
/// many calls there were with the first.
///
/// # Errors
/// The first of the calls.
pub fn drive<C, F>(load: &Load, call: C) -> Outcome
where
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send + 'static,
{
    if load.tasks == 1 {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        return runtime.block_on(repeat(load.calls, call));
    }
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(WORKERS).enable_all().build()?;
    let call = Arc::new(call);
    let each = load.calls / load.tasks;
    let round = |calls: u32| {
        let mut tasks = JoinSet::new();
        for _ in 0..load.tasks {
            let call = Arc::clone(&call);
            tasks.spawn_on(repeat(calls, move || call()), runtime.handle());
        }
        runtime.block_on(async {
            while let Some(ended) = tasks.join_next().await {
                ended??;
            }
            Outcome::Ok(())
        })
    };
    round(FIRST)?;
    let (begun, used) = (Instant::now(), cpu_time()?);
    round(each)?;
    let (seconds, used) = (begun.elapsed(), cpu_time()? - used);
    println!(
        "{} {} {} {}",
        each * load.tasks,
        seconds.as_secs_f64(),
        used.as_secs_f64(),
        (FIRST + each) * load.tasks
    );
    Ok(())
}

async fn repeat<F: Future<Output = Outcome>>(calls: u32, call: impl Fn() -> F) -> Outcome {
    for _ in 0..calls {
        call().await?;
    }
    Ok(())
}

/// What all threads of this process have used so far.
fn cpu_time() -> Outcome<Duration> {
    let mut sum = Duration::ZERO;
    for thread in fs::read_dir("/proc/self/task")? {
        let times = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = times.split_whitespace().next().ok_or("no time")?;
        sum += Duration::from_nanos(nanoseconds.parse()?);
    }
    Ok(sum)
}
