//! The worker thread of a blocking client.

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
    /// The process of the thread. A fork of it does not have the thread.
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

    /// Runs a future and waits for its output.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        if process::id() != self.process {
            return Err(Error::runtime(
                "the worker thread of this blocking client is in the parent process; build a client after the fork",
            ));
        }
        if is_async() {
            let reason = "it would block this thread, which runs async code; use `dintero::Client` there, or \
                          `spawn_blocking`";
            return Err(Error::configuration("blocking client", reason));
        }
        let (sender, result) = mpsc::sync_channel(1);
        let job = Box::pin(async move {
            // If the receiver is gone, the output is not needed.
            let _ = sender.send(work.await);
        });
        // The job panicked and dropped its end of the channel.
        self.jobs.send(job).map_err(|_| Error::lost())?;
        result.recv().unwrap_or_else(|_| Err(Error::lost()))
    }
}

/// Returns whether this thread runs tokio's async code, which blocking would stop.
///
/// In `spawn_blocking` and `block_in_place` there is a runtime too, but blocking is allowed. There tokio sets no budget
/// for a task, so the budget never runs out.
fn is_async() -> bool {
    /// More than the budget of any task.
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

    /// A fork has the memory of its parent but not its threads.
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
