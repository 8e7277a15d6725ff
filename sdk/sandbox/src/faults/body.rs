//! Bodies that are slow, or break off.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Sleep, sleep};

/// A body in parts. Its length is in the header of the response only, so that nothing collects it.
pub(super) struct Parts {
    parts: VecDeque<Bytes>,
    pause: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whether it ends with an error before its length is reached.
    breaks: bool,
}

impl Parts {
    /// The whole body, byte after byte if it is short, within this time.
    pub(super) fn slow(body: &Bytes, time: Duration) -> Self {
        let size = body.len().div_ceil(10).max(1);
        let parts: VecDeque<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX).max(1);
        Self {
            parts,
            pause: time / count,
            sleep: None,
            breaks: false,
        }
    }

    /// The first half, and an error.
    pub(super) fn broken(body: &Bytes) -> Self {
        Self {
            parts: [body.slice(..body.len() / 2)].into(),
            // The first half leaves before the connection breaks.
            pause: Duration::from_millis(20),
            sleep: None,
            breaks: true,
        }
    }
}

impl Body for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(sleep) = self.sleep.as_mut() {
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        let Some(part) = self.parts.pop_front() else {
            let broken = io::Error::other("broken off on purpose");
            return Poll::Ready(self.breaks.then_some(Err(broken)));
        };
        if !self.parts.is_empty() || self.breaks {
            self.sleep = Some(Box::pin(sleep(self.pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty() && !self.breaks
    }
}
