//! Downloads for code that is not async.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Client, Worker};
use crate::Error;
use crate::rt::Operation;

impl Client {
    /// Downloads from a signed URL, as [`Client::download`](crate::Client::download) does.
    pub fn download(&self, url: impl AsRef<str>) -> Download {
        self.downloading(self.client.download(url))
    }

    /// Downloads the response of an operation, as [`Client::download_response`](crate::Client::download_response) does.
    pub fn download_response<O: Operation>(&self, operation: O) -> Download {
        self.downloading(self.client.download_response(operation))
    }

    fn downloading(&self, download: crate::Download) -> Download {
        Download {
            worker: Arc::clone(&self.worker),
            download: download.with(self.options.clone()),
        }
    }
}

/// A download that has not started; see [`dintero::Download`](crate::Download).
#[must_use = "nothing is sent before `.to_file(…)`"]
pub struct Download {
    worker: Arc<Worker>,
    download: crate::Download,
}

impl Download {
    /// Sets the maximum size in bytes; see [`Download::max_bytes`](crate::Download::max_bytes).
    pub fn max_bytes(mut self, limit: u64) -> Self {
        self.download = self.download.max_bytes(limit);
        self
    }

    /// Sets a function that is called after each chunk, on another thread; see
    /// [`Download::on_progress`](crate::Download::on_progress).
    pub fn on_progress(mut self, tell: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.download = self.download.on_progress(tell);
        self
    }

    /// Sets the time limit of the whole download; see [`Download::deadline`](crate::Download::deadline).
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.download = self.download.deadline(limit);
        self
    }

    /// Writes to a file. Returns its size in bytes.
    ///
    /// # Errors
    /// The errors of [`Download::to_file`](crate::Download::to_file), and a call from async code.
    pub fn to_file(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref().to_owned();
        self.worker.run(self.download.to_file(path))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.download.fmt(f)
    }
}
