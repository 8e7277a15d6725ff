//! Responses that are streams of values: server-sent events, a value per line, and JSON text sequences.

mod decoder;

use std::fmt;
use std::time::Duration;

use super::{Info, Json, Operation, Read, Returned, Transport, Write, source};
pub(crate) use decoder::{Decoder, Frame};

/// How a stream separates its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// Server-sent events.
    Events,
    /// A JSON value per line.
    Lines,
    /// JSON values that each begin with U+001E, as in RFC 7464.
    Sequence,
}

/// The documented properties of a stream.
#[derive(Debug)]
pub struct StreamInfo {
    /// Media type.
    pub media_type: &'static str,
    /// How its items are separated.
    pub format: StreamFormat,
    /// Whether items are text, not JSON.
    pub is_text: bool,
    /// Whether items that are not JSON may be text.
    pub may_be_text: bool,
    /// The text that ends the stream.
    pub end: Option<&'static str>,
}

/// A type that the data of an event is read into.
pub trait EventData: Read + Write + Send + Sync + 'static {}

impl<T: Read + Write + Send + Sync + 'static> EventData for T {}

/// An operation whose response can be a stream.
pub trait Streams: Operation {
    /// The type of the data of an event.
    type Item: EventData;

    /// The documented properties of the stream.
    const STREAM: &'static StreamInfo;

    /// The properties of the operation if it is sent for the stream.
    #[doc(hidden)]
    const STREAMING: &'static Info = &Info {
        accept: Self::STREAM.media_type,
        ..*Self::INFO
    };
}

/// A transport that sends operations for their streams.
pub trait EventTransport: Transport {
    /// The events of a response.
    type Events<T: EventData>: Returned;

    /// Sends an operation. Returns the events of the response.
    fn dispatch_events<O: Streams>(&self, operation: O) -> Self::Sent<Self::Events<O::Item>>;
}

/// An event of a stream.
///
/// A stream of another format has only [`data`](Self::data) and [`text`](Self::text).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct StreamEvent<T> {
    /// The last id that the server gave, in this event or an earlier one.
    pub id: Option<String>,
    /// The name of the event, if it has one.
    pub event: Option<String>,
    /// The last time that the server asked to wait before a reconnection, in this event or an earlier one.
    pub retry: Option<Duration>,
    /// The data; `None` if it is not as documented, such as the `[DONE]` with which some servers end a stream.
    pub data: Option<T>,
    /// The data as received.
    pub text: String,
}

/// Hides data and ids, because they may be personal.
impl<T> fmt::Debug for StreamEvent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamEvent")
            .field("event", &self.event)
            .field("is_read", &self.data.is_some())
            .field("length", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// Writes an item of a stream.
#[cfg(feature = "mock")]
pub(crate) fn write_item(
    stream: &StreamInfo,
    item: &dyn Write,
    out: &mut Vec<u8>,
) -> Result<(), super::Invalid> {
    let json = super::write::response_text(item)?;
    let text = match stream.is_text {
        true => serde_json::from_slice::<String>(&json).map(String::into_bytes),
        false => Ok(json),
    };
    let text = text.unwrap_or_default();
    match stream.format {
        StreamFormat::Lines => out.extend_from_slice(&text),
        StreamFormat::Sequence => {
            out.push(decoder::RECORD_SEPARATOR);
            out.extend_from_slice(&text);
        }
        StreamFormat::Events => {
            for line in text.split(|byte| *byte == b'\n') {
                out.extend_from_slice(b"data: ");
                out.extend_from_slice(line);
                out.push(b'\n');
            }
        }
    }
    out.push(b'\n');
    Ok(())
}

/// Reads the data of an event. Returns whether a value in it has another kind than documented. `None`: the data is not
/// as documented.
pub(crate) fn read_data<T: Read>(text: &str, stream: &StreamInfo) -> Option<(T, bool)> {
    let as_text = || source::whole(&Json::from(text)).map(|value| (value, false));
    if stream.is_text {
        return as_text();
    }
    let read = source::json(text.as_bytes()).ok();
    match &read {
        Some((_, false)) => read,
        _ if stream.may_be_text => as_text().or(read),
        _ => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_may_be_text() {
        let stream = |is_text, may_be_text| StreamInfo {
            media_type: "text/event-stream",
            format: StreamFormat::Events,
            is_text,
            may_be_text,
            end: None,
        };
        let read = |text, is_text, may_be_text| {
            read_data::<Json>(text, &stream(is_text, may_be_text)).map(|(value, _)| value)
        };
        assert_eq!(read("x", false, false), None);
        assert_eq!(read("x", false, true), Some(Json::from("x")));
        assert_eq!(read("5", false, true), Some(Json::from(5)));
        assert_eq!(read("5", true, true), Some(Json::from("5")));
        let text = read_data::<String>("5", &stream(false, true));
        assert_eq!(text, Some(("5".to_owned(), false)));
    }
}
