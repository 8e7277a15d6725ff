//! Downloads as streams of chunks.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::time::Sleep;

use super::{Body, OnProgress, check_length};
use crate::rt::Info;
use crate::transport::{Flow, too_large};
use crate::{Error, trace};

/// The chunks of a download: call [`try_next`](Self::try_next), or use it as a [`Stream`]. Returned by
/// [`Download::chunks`](crate::Download::chunks), with the limits of that download.
///
/// Dropping it closes the connection.
#[must_use = "call `.try_next()`, or poll the stream"]
pub struct Chunks {
    call: &'static Info,
    flow: Flow,
    announced: Option<u64>,
    most: Option<u64>,
    /// The number of bytes so far.
    received: u64,
    /// Never locked. Makes the type `Sync` although the function is not.
    progress: Mutex<Option<OnProgress>>,
    /// The time limit of the whole download, and its end.
    deadline: Option<(Duration, Pin<Box<Sleep>>)>,
    span: trace::Call,
    is_ended: bool,
}

impl Chunks {
    /// `limit`: the time limit of the whole download, and the time left of it.
    pub(super) fn new(
        call: &'static Info,
        body: Body,
        tell: Option<OnProgress>,
        limit: Option<(Duration, Duration)>,
        span: trace::Call,
    ) -> Self {
        let deadline = limit.map(|(limit, left)| (limit, Box::pin(tokio::time::sleep(left))));
        Self {
            call,
            flow: Flow::new(body.head, body.rest),
            announced: body.announced,
            most: body.limit,
            received: 0,
            progress: Mutex::new(tell),
            deadline,
            span,
            is_ended: false,
        }
    }

    /// Returns the status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.flow.head().status
    }

    /// Returns the headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.flow.head().headers
    }

    /// Returns the size of the download in bytes, if the server announced it.
    #[must_use]
    pub fn announced_bytes(&self) -> Option<u64> {
        self.announced
    }

    /// Returns the next chunk, which is never empty; `None` after the last one. The future can be dropped without
    /// losing a chunk.
    ///
    /// # Errors
    /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) if the response is cut off or differs from its announced
    /// length, [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge), [`ErrorKind::TooSlow`](crate::ErrorKind::TooSlow), and
    /// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if a chunk or the whole download takes too long.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        if self.is_ended {
            return Poll::Ready(Ok(None));
        }
        let next = loop {
            let (span, flow) = (&self.span, &mut self.flow);
            match span.polling(|| flow.poll(context)) {
                Poll::Ready(Ok(Some(chunk))) if chunk.is_empty() => {}
                Poll::Ready(next) => break next.and_then(|chunk| self.received(chunk)),
                Poll::Pending => {
                    let Some((limit, sleep)) = &mut self.deadline else {
                        return Poll::Pending;
                    };
                    ready!(sleep.as_mut().poll(context));
                    break Err(Error::download_deadline(*limit));
                }
            }
        };
        self.is_ended = !matches!(next, Ok(Some(_)));
        Poll::Ready(next.map_err(|error| {
            let error = error.of(self.call);
            self.span.end(Some(&error));
            error
        }))
    }

    fn received(&mut self, chunk: Option<Bytes>) -> Result<Option<Bytes>, Error> {
        let head = self.flow.head();
        let Some(chunk) = chunk else {
            check_length(head, self.announced, self.received)?;
            return Ok(None);
        };
        self.received = self.received.saturating_add(chunk.len() as u64);
        if let Some(most) = self.most.filter(|most| self.received > *most) {
            return Err(too_large(head.clone(), most));
        }
        let progress = self.progress.get_mut();
        if let Some(tell) = progress.unwrap_or_else(PoisonError::into_inner) {
            tell(self.received, self.announced);
        }
        Ok(Some(chunk))
    }
}

/// Ends after the first error.
impl Stream for Chunks {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context).map(Result::transpose)
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks")
            .field("operation", &self.call.name)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
