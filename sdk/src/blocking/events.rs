//! Streams for code that is not async.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, StatusCode};

use super::{Client, Worker};
use crate::rt::{EventData, EventTransport, Returned, Streams};
use crate::{Error, StreamEvent};

impl Client {
    /// Sends an operation and returns the events of its response, as [`Client::event_stream`](crate::Client::event_stream) does.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    pub fn event_stream<O: Streams>(&self, operation: O) -> Result<EventStream<O::Item>, Error> {
        let sending = self
            .client
            .event_stream(operation)
            .with(self.options.clone());
        let events = self.worker.run(sending)?;
        Ok(EventStream {
            worker: Arc::clone(&self.worker),
            status: events.status(),
            headers: events.headers().clone(),
            events: Some(events),
        })
    }
}

impl<T: EventData> Returned for EventStream<T> {}

impl EventTransport for Client {
    type Events<T: EventData> = EventStream<T>;

    fn dispatch_events<O: Streams>(&self, operation: O) -> Result<EventStream<O::Item>, Error> {
        self.event_stream(operation)
    }
}

/// The events of a response: an iterator, which ends after the first error. See
/// [`dintero::EventStream`](crate::EventStream) for its limits.
#[must_use = "iterate over it"]
pub struct EventStream<T> {
    worker: Arc<Worker>,
    status: StatusCode,
    headers: HeaderMap,
    /// `None` once it has ended.
    events: Option<crate::EventStream<T>>,
}

impl<T> EventStream<T> {
    /// Returns the status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl<T: EventData> Iterator for EventStream<T> {
    type Item = Result<StreamEvent<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // Without the worker, if it has already arrived.
        if let Some(event) = self.events.as_mut()?.received() {
            return Some(event);
        }
        let mut events = self.events.take()?;
        let next = self.worker.run(async move {
            let event = events.try_next().await?;
            Ok(event.map(|event| (events, event)))
        });
        match next {
            Ok(Some((events, event))) => {
                self.events = Some(events);
                Some(Ok(event))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("status", &self.status)
            .field("is_ended", &self.events.is_none())
            .finish_non_exhaustive()
    }
}
