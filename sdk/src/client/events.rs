//! Responses that are streams, read event by event.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::{Client, Kind, SendFuture};
use crate::retry::Progress;
use crate::rt::{
    Decoder, EventData, EventTransport, Frame, Info, RawResponse, Returned, StreamEvent,
    StreamFormat, StreamInfo, Streams, read_data, unread,
};
use crate::transport::{Flow, Received, Rest};
use crate::{Error, ErrorKind, trace};

impl Client {
    /// Sends an operation and returns the events of its response while they arrive.
    ///
    /// The request is retried by the [`RetryPolicy`](crate::RetryPolicy) until the response starts to arrive, never
    /// after that.
    pub fn event_stream<O: Streams>(&self, operation: O) -> SendFuture<EventStream<O::Item>> {
        let inner = Arc::clone(&self.0);
        SendFuture::new(move |options| {
            let kind = Kind {
                info: O::STREAMING,
                ..Kind::of(&operation, &inner.observed.backend)
            };
            let prepared = operation
                .request()
                .and_then(|request| inner.prepare(&kind, request, &options));
            drop(operation);
            let call = kind.info;
            async move {
                let span = trace::Call::begin(call);
                let progress = Progress::default();
                let work = async {
                    let mut prepared = prepared.map_err(|error| error.of(call))?;
                    prepared.streamed = true;
                    let received = inner.call(call, &prepared, options.policy(), &progress);
                    let received = received.await.and_then(|received| {
                        check(&received.raw, O::STREAM, O::INFO)?;
                        Ok(received)
                    });
                    match received {
                        Ok(received) => Ok((received, prepared.key().map(str::to_owned))),
                        Err(error) => Err(prepared.failed(call, &progress, error)),
                    }
                };
                let outcome = span.within(work).await;
                let (Received { raw, mut rest }, key) = match outcome {
                    Ok(received) => received,
                    Err(error) => {
                        span.end(Some(&error));
                        return Err(error);
                    }
                };
                if let Some(rest) = &mut rest {
                    rest.without_pace();
                }
                let most = options
                    .most()
                    .unwrap_or(inner.settings.transport.limits.size);
                Ok(EventStream {
                    call,
                    stream: O::STREAM,
                    flow: Flow::new(raw, rest),
                    chunk: Bytes::new(),
                    decoder: Decoder::new(O::STREAM.format, most),
                    read: 0,
                    is_ended: false,
                    is_strict: inner.settings.strict,
                    most,
                    key,
                    progress,
                    span,
                    of: PhantomData,
                })
            }
        })
    }
}

impl<T: EventData> Returned for EventStream<T> {}

impl EventTransport for Client {
    type Events<T: EventData> = EventStream<T>;

    fn dispatch_events<O: Streams>(&self, operation: O) -> SendFuture<EventStream<O::Item>> {
        self.event_stream(operation)
    }
}

/// Rejects a redirect, and a response of another media type, which would be read as a stream without events.
fn check(head: &RawResponse, stream: &StreamInfo, other: &Info) -> Result<(), Error> {
    if !head.status.is_success() {
        // A documented redirect, whose body is not a stream.
        let reason = "has no stream";
        return Err(Error::handing_on(
            ErrorKind::Decode,
            head.clone(),
            reason,
            None,
        ));
    }
    let told = head.headers.get(CONTENT_TYPE);
    let told = told
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = |name: &str| {
        let name = name.split(';').next().unwrap_or_default();
        name.trim().to_ascii_lowercase()
    };
    let (told, wanted) = (essence(told), essence(stream.media_type));
    let is_other = other.accept.split(',').any(|name| essence(name) == told);
    let is_page = told == "text/html";
    let is_json = crate::rt::is_json(&told);
    let is_wrong = match stream.format {
        StreamFormat::Events => is_other || is_page || is_json,
        StreamFormat::Lines | StreamFormat::Sequence => {
            is_other || is_page || told == "text/event-stream"
        }
    };
    if told == wanted || !is_wrong {
        return Ok(());
    }
    let reason = format!("is {told} instead of {wanted}");
    Err(Error::handing_on(
        ErrorKind::Decode,
        head.clone(),
        reason,
        None,
    ))
}

/// The events of a response: call [`try_next`](Self::try_next), or use it as a [`Stream`]. Returned by the method
/// `events` of the builder of each operation whose response can be a stream.
///
/// - **No time limit** applies to the whole stream. The client's [`timeout`](crate::ClientBuilder::timeout), or that of
///   [`SendFuture::timeout`], limits the wait for the start of the response, then the time in which nothing arrives.
/// - **Each event** may have the size of [`max_response_bytes`](crate::ClientBuilder::max_response_bytes), of the client
///   or of the call.
/// - **Nothing is lost silently.** An event whose data is not as documented has no `data`, but its `text`. A stream that
///   breaks is an error, and so is one that ends within an event; [`Error::events_read`] has the number of events before.
/// - **It ends** with the response, after an error, or with the text that the API documents for that.
/// - **No reconnection.** To continue a stream, send the operation again, with the last [`id`](crate::StreamEvent::id) in the
///   header `last-event-id` if the API supports that.
///
/// Dropping it closes the connection.
#[must_use = "call `.try_next()`, or poll the stream"]
pub struct EventStream<T> {
    call: &'static Info,
    stream: &'static StreamInfo,
    flow: Flow,
    /// The part of the last chunk that is not decoded yet.
    chunk: Bytes,
    decoder: Decoder,
    /// The number of events so far.
    read: u64,
    is_ended: bool,
    is_strict: bool,
    most: u64,
    key: Option<String>,
    progress: Progress,
    span: trace::Call,
    of: PhantomData<fn() -> T>,
}

impl<T> EventStream<T> {
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
}

impl<T: EventData> EventStream<T> {
    /// Returns the next event; `None` after the last one. The future can be dropped without losing an event.
    ///
    /// # Errors
    /// [`ErrorKind::Transport`] if the stream breaks, or ends within an event; [`ErrorKind::Timeout`] if nothing arrives
    /// in time; [`ErrorKind::TooLarge`] for an event that exceeds its limit. With
    /// [`ClientBuilder::strict`](crate::ClientBuilder::strict), [`ErrorKind::Unread`] for an event that is not fully as
    /// documented.
    pub async fn try_next(&mut self) -> Result<Option<StreamEvent<T>>, Error> {
        poll_fn(|context| self.poll_event(context))
            .await
            .transpose()
    }

    fn poll_event(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<StreamEvent<T>, Error>>> {
        loop {
            if let Some(event) = self.received() {
                return Poll::Ready(Some(event));
            }
            if self.is_ended {
                return Poll::Ready(None);
            }
            let span = &self.span;
            let flow = &mut self.flow;
            match ready!(span.polling(|| flow.poll(context))) {
                Ok(Some(chunk)) => self.chunk = chunk,
                Ok(None) => {
                    self.is_ended = true;
                    let rest = self.decoder.rest();
                    return Poll::Ready(rest.and_then(|frame| self.last(frame)));
                }
                Err(error) => return Poll::Ready(Some(Err(self.failed(error)))),
            }
        }
    }

    /// Returns the next event of what has arrived.
    pub(crate) fn received(&mut self) -> Option<Result<StreamEvent<T>, Error>> {
        if self.is_ended {
            return None;
        }
        match self.decoder.next(&mut self.chunk) {
            Ok(frame) => self.event(frame?),
            Err(_) => {
                let reason = format!("has an event larger than {} bytes", self.most);
                let head = self.flow.head().clone();
                let error = Error::handing_on(ErrorKind::TooLarge, head, reason, None);
                Some(Err(self.failed(error)))
            }
        }
    }

    /// Returns the event; `None` if it ends the stream.
    fn event(&mut self, frame: Frame) -> Option<Result<StreamEvent<T>, Error>> {
        if self.stream.end == Some(frame.text.trim()) {
            self.is_ended = true;
            return None;
        }
        let data = read_data::<T>(&frame.text, self.stream);
        let data = match data {
            Some((value, has_unread)) => {
                if has_unread {
                    let places = unread(&value);
                    trace::unread(&places);
                    if self.is_strict {
                        let raw = self.raw(&frame);
                        let error = Error::not_all_read(&raw, places, Box::new(value));
                        return Some(Err(self.failed(error)));
                    }
                }
                Some(value)
            }
            None if self.is_strict => {
                let raw = self.raw(&frame);
                let error = serde::de::Error::custom("an event is not as documented");
                return Some(Err(self.failed(Error::decode(&raw, error))));
            }
            None => None,
        };
        self.read += 1;
        Some(Ok(StreamEvent {
            id: frame.id,
            event: frame.event,
            retry: frame.retry,
            data,
            text: frame.text,
        }))
    }

    /// Returns the event that the stream ended in. Some servers leave out the empty line after the last one.
    fn last(&mut self, frame: Frame) -> Option<Result<StreamEvent<T>, Error>> {
        let event = self.event(frame)?;
        match event {
            Ok(event) if event.data.is_none() => {
                let head = self.flow.head().clone();
                let reason = "it ends within an event";
                let source = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, reason);
                self.read -= 1;
                let error = Error::handing_on(ErrorKind::Transport, head, "", Some(source));
                Some(Err(self.failed(error)))
            }
            event => Some(event),
        }
    }

    fn raw(&self, frame: &Frame) -> RawResponse {
        RawResponse {
            body: frame.text.clone().into(),
            ..self.flow.head().clone()
        }
    }

    /// Ends the stream.
    fn failed(&mut self, error: Error) -> Error {
        self.is_ended = true;
        let error = error.of(self.call).with_key(self.key.as_deref());
        let error = error.after(&self.progress).after_events(self.read);
        self.span.end(Some(&error));
        error
    }
}

/// Nothing is pinned in place.
impl<T> Unpin for EventStream<T> {}

/// Ends after the first error.
impl<T: EventData> Stream for EventStream<T> {
    type Item = Result<StreamEvent<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("operation", &self.call.name)
            .field("read", &self.read)
            .field("is_ended", &self.is_ended)
            .finish_non_exhaustive()
    }
}

impl Rest {
    /// Reads without a minimum throughput: a stream waits for what happens.
    fn without_pace(&mut self) {
        match self {
            Self::Http { pace, .. } => *pace = crate::transport::Pace::new(None),
            #[cfg(feature = "mock")]
            Self::Given(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: StreamInfo = StreamInfo {
        media_type: "text/event-stream",
        format: StreamFormat::Events,
        is_text: false,
        may_be_text: false,
        end: None,
    };
    const LINES: StreamInfo = StreamInfo {
        media_type: "application/x-ndjson",
        format: StreamFormat::Lines,
        ..EVENTS
    };

    fn checked(stream: &StreamInfo, other: &'static str, status: u16, told: &str) -> bool {
        let mut head = RawResponse::of_status(status).unwrap();
        if !told.is_empty() {
            head.headers.insert(CONTENT_TYPE, told.parse().unwrap());
        }
        let other = Info {
            accept: other,
            ..Info::USUAL
        };
        let outcome = check(&head, stream, &other);
        assert!(outcome.is_ok() || outcome.unwrap_err().kind() == ErrorKind::Decode);
        check(&head, stream, &other).is_ok()
    }

    #[test]
    fn media_types_of_streams() {
        for (stream, other, told, is_stream) in [
            (&EVENTS, "application/json", "text/event-stream", true),
            (&EVENTS, "", "Text/Event-Stream; charset=utf-8", true),
            // Servers leave it out, or send another text.
            (&EVENTS, "application/json", "", true),
            (&EVENTS, "application/json", "text/plain", true),
            (&EVENTS, "text/plain", "text/plain", false),
            (&EVENTS, "text/event-stream", "application/json", false),
            (&EVENTS, "", "application/problem+json", false),
            (&EVENTS, "", "text/html; charset=utf-8", false),
            (&LINES, "application/x-ndjson", "application/x-ndjson", true),
            (&LINES, "application/x-ndjson", "application/json", true),
            (&LINES, "application/json", "application/json", false),
            (&LINES, "application/x-ndjson", "text/event-stream", false),
        ] {
            assert_eq!(
                checked(stream, other, 200, told),
                is_stream,
                "{told}, not {other}"
            );
        }
        assert!(!checked(&EVENTS, "", 302, "text/event-stream"));
    }
}
