//! Bodies that are read chunk by chunk, by polling.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;

use super::{Rest, pools};
use crate::Error;
use crate::rt::RawResponse;

type Piece = Result<Option<Bytes>, Error>;
type Reading = Pin<Box<dyn Future<Output = (Box<Rest>, Piece)> + Send>>;

/// A body that is being received.
pub(crate) struct Flow {
    head: Arc<RawResponse>,
    /// Never locked. Makes the type `Sync` although the future is not.
    state: Mutex<State>,
}

enum State {
    Idle(Box<Rest>),
    Reading(Reading),
    Ended,
}

impl Flow {
    /// `None`: there is no body.
    pub(crate) fn new(head: RawResponse, rest: Option<Rest>) -> Self {
        let state = rest.map_or(State::Ended, |rest| State::Idle(Box::new(rest)));
        Self {
            head: Arc::new(head),
            state: Mutex::new(state),
        }
    }

    /// Returns the response without its body.
    pub(crate) fn head(&self) -> &RawResponse {
        &self.head
    }

    /// Returns the next chunk; `None` after the last, and after an error. The wait can be dropped: the next one
    /// continues it.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Piece> {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut reading: Reading = match std::mem::replace(state, State::Ended) {
            State::Ended => return Poll::Ready(Ok(None)),
            State::Reading(reading) => reading,
            State::Idle(rest) => {
                let head = Arc::clone(&self.head);
                Box::pin(async move {
                    let mut rest = rest;
                    let piece = rest.next(&head).await;
                    (rest, piece)
                })
            }
        };
        // Timers panic without a runtime.
        if let Err(error) = pools::current() {
            return Poll::Ready(Err(error));
        }
        let Poll::Ready((rest, piece)) = reading.as_mut().poll(context) else {
            *state = State::Reading(reading);
            return Poll::Pending;
        };
        if matches!(piece, Ok(Some(_))) {
            *state = State::Idle(rest);
        }
        Poll::Ready(piece)
    }
}
