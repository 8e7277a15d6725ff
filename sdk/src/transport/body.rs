//! Reading bodies, with limits on size and throughput.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout};

use super::Outgoing;
use super::settings::{Limits, Throughput};
use crate::rt::RawResponse;

/// The maximum capacity to reserve for an announced length.
const LONGEST_RESERVE: u64 = 32 << 20;

/// The reason why a body was not read to its end.
pub(super) enum Broken {
    Off(reqwest::Error),
    /// It is larger than this limit.
    Large(u64),
    Slow(Throughput),
}

/// Reads the chunks of a body, and fails if they arrive too slowly.
pub(crate) struct Pace {
    least: Option<Throughput>,
    /// The time spent waiting for chunks in the current period, and the bytes received. The time of the consumer does
    /// not count.
    waited: Duration,
    received: u64,
}

impl Pace {
    pub(crate) fn new(least: Option<Throughput>) -> Self {
        Self {
            least,
            waited: Duration::ZERO,
            received: 0,
        }
    }

    /// Returns the next chunk; `None` after the last.
    pub(super) async fn next(
        &mut self,
        response: &mut reqwest::Response,
    ) -> Result<Option<Bytes>, Broken> {
        let piece = match at_once(response).await {
            // Without a timer.
            Some(piece) => piece,
            None => {
                let chunk = pin!(response.chunk());
                self.wait(chunk).await.map_err(Broken::Slow)?
            }
        };
        let piece = piece.map_err(Broken::Off)?;
        self.count(piece.as_ref());
        Ok(piece)
    }

    fn count(&mut self, piece: Option<&Bytes>) {
        self.received += piece.map_or(0, |piece| piece.len() as u64);
    }

    async fn wait<F: Future>(&mut self, mut next: Pin<&mut F>) -> Result<F::Output, Throughput> {
        let Some(least) = self.least else {
            return Ok(next.await);
        };
        loop {
            let begun = Instant::now();
            let left = least.period.saturating_sub(self.waited);
            if let Ok(piece) = timeout(left, next.as_mut()).await {
                self.waited += begun.elapsed();
                return Ok(piece);
            }
            if self.received < least.bytes() {
                return Err(least);
            }
            (self.waited, self.received) = (Duration::ZERO, 0);
        }
    }
}

/// Returns the next chunk or the end, if it is already available.
fn at_once(
    response: &mut reqwest::Response,
) -> impl Future<Output = Option<reqwest::Result<Option<Bytes>>>> {
    poll_fn(|context| match pin!(response.chunk()).poll(context) {
        Poll::Ready(piece) => Poll::Ready(Some(piece)),
        Poll::Pending => Poll::Ready(None),
    })
}

/// Reads the whole body. Most bodies arrive in one chunk with the head: they are not copied, and need neither a timer
/// nor a buffer.
pub(super) async fn whole(
    response: &mut reqwest::Response,
    limits: &Limits,
    outgoing: &Outgoing<'_>,
) -> Result<Bytes, Broken> {
    let first = match at_once(response).await {
        Some(piece) => piece.map_err(Broken::Off)?.unwrap_or_default(),
        None => Bytes::new(),
    };
    let most = outgoing.most.unwrap_or(limits.size);
    if response.content_length() == Some(0) {
        return match first.len() as u64 <= most {
            true => Ok(first),
            false => Err(Broken::Large(most)),
        };
    }
    if let Some(begun) = outgoing.begun {
        begun.set(Some(RawResponse {
            status: response.status(),
            headers: response.headers().clone(),
            body: Bytes::new(),
            is_strict: false,
        }));
    }
    let body = Box::pin(rest(response, first, most, limits.throughput)).await;
    if let Some(begun) = outgoing.begun {
        begun.set(None);
    }
    body
}

/// The head of a response while its body is being received, for errors when the wait is canceled.
#[derive(Debug, Default)]
pub(crate) struct Begun(Mutex<Option<RawResponse>>);

impl Begun {
    fn set(&self, head: Option<RawResponse>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }

    pub(crate) fn take(&self) -> Option<RawResponse> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Reads the rest of a body that starts with these chunks.
async fn rest(
    response: &mut reqwest::Response,
    first: Bytes,
    most: u64,
    least: Option<Throughput>,
) -> Result<Bytes, Broken> {
    let fits = |size: u64| match size <= most {
        true => Ok(()),
        false => Err(Broken::Large(most)),
    };
    let begun = first.len() as u64;
    // The announced rest.
    let announced = response.content_length().unwrap_or_default();
    fits(begun.saturating_add(announced))?;
    let mut pace = Pace::new(least);
    pace.count(Some(&first));
    // Copied, because each chunk, even of one byte, may keep its whole read buffer alive.
    let mut whole = Vec::new();
    while let Some(piece) = pace.next(response).await? {
        if whole.is_empty() {
            whole.reserve((begun + announced.min(LONGEST_RESERVE)) as usize);
            whole.extend_from_slice(&first);
        }
        fits((whole.len() + piece.len()) as u64)?;
        whole.extend_from_slice(&piece);
    }
    if whole.is_empty() {
        return Ok(first);
    }
    drop(first);
    whole.shrink_to_fit();
    Ok(whole.into())
}
