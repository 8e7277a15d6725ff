//! The thread that does the work of a blocking client.

use std::future::Future;
use std::pin::{Pin, pin};
use std::process;
use std::sync::mpsc;
use std::task::{Context, Waker};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::Error;

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs futures on a thread of its own, which ends when this is dropped.
pub(super) struct Worker {
    jobs: UnboundedSender<Job>,
    /// The process that has the thread: a fork of it has not.
    process: u32,
}

impl Worker {
    pub(super) fn start() -> Result<Self, Error> {
        let cannot = |error: std::io::Error| {
            Error::configuration("blocking client", format_args!("can't start: {error}"))
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot)?;
        let (sender, mut jobs) = unbounded_channel::<Job>();
        let work = move || {
            runtime.block_on(async {
                while let Some(job) = jobs.recv().await {
                    drop(tokio::spawn(job));
                }
            });
        };
        let thread = thread::Builder::new().name("dintero-blocking".to_owned());
        thread.spawn(work).map_err(cannot)?;
        Ok(Self {
            jobs: sender,
            process: process::id(),
        })
    }

    /// Waits for what comes of a future.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        if process::id() != self.process {
            return Err(Error::runtime(
                "the thread of this blocking client stayed in the process that this one was forked from; build a client \
                 after the fork",
            ));
        }
        if is_async() {
            let reason = "it would keep this thread, which runs async code, from everything else; use \
                          `dintero::Client` there, or `spawn_blocking`";
            return Err(Error::configuration("blocking client", reason));
        }
        let (sender, result) = mpsc::sync_channel(1);
        let job = Box::pin(async move {
            // When nobody waits any more, nobody wants to know.
            let _ = sender.send(work.await);
        });
        // Without an answer the job is gone: it panicked, and took its end of the channel along.
        self.jobs.send(job).map_err(|_| Error::lost())?;
        result.recv().unwrap_or_else(|_| Err(Error::lost()))
    }
}

/// Whether this thread runs async code of tokio, and waiting here would keep it from that.
///
/// In `spawn_blocking` and `block_in_place` there is a runtime too, but waiting is right. What differs is that tokio
/// gives no budget there that a task would have to keep to, so it never runs out.
fn is_async() -> bool {
    /// More than any task may do at a time.
    const ENOUGH: usize = 1024;
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..ENOUGH).any(|_| {
        let step = pin!(tokio::task::consume_budget());
        step.poll(&mut context).is_pending()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    /// A fork has the memory of its parent, and none of its threads.
    #[test]
    fn another_process_can_not_use_it() {
        let mut worker = Worker::start().unwrap();
        assert_eq!(worker.run(async { Ok(1) }).unwrap(), 1);
        worker.process += 1;
        let error = worker.run(async { Ok(1) }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Runtime);
        assert!(!error.may_have_been_sent());
        assert!(error.to_string().contains("after the fork"), "{error}");
    }
}
