//! What a call gives beside its value.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::Error;
use crate::rt::{Operation, RawResponse};

/// The answer of a successful call, with what came around it.
pub struct Response<O: Operation> {
    value: O::Answer,
    headers: O::Headers,
    raw: RawResponse,
}

impl<O: Operation> Response<O> {
    /// Reads a success.
    ///
    /// # Errors
    /// The body is not what the document says.
    #[doc(hidden)]
    pub fn read(raw: RawResponse) -> Result<Self, Error> {
        Self::read_for(None, raw)
    }

    /// The same, and sees that it is about the object that was asked for.
    pub(crate) fn read_for(asked: Option<&str>, raw: RawResponse) -> Result<Self, Error> {
        Ok(Self {
            value: O::answer_for(asked, &raw)?,
            headers: O::headers(&raw.headers),
            raw,
        })
    }

    /// The value of the answer.
    #[must_use]
    pub fn value(&self) -> &O::Answer {
        &self.value
    }

    /// The value of the answer, without the rest.
    #[must_use]
    pub fn into_value(self) -> O::Answer {
        self.value
    }

    /// Status: 2xx.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers that the document names, typed.
    #[must_use]
    pub fn headers(&self) -> &O::Headers {
        &self.headers
    }

    /// All headers.
    #[must_use]
    pub fn raw_headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }

    /// The id by which Dintero finds the call again, if the response carried one. After a 202 it is also the
    /// `correlation_request_id` of the event that tells how the call ended; `wait_until_settled` waits for that.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        crate::error::request_id(&self.raw, O::REQUEST_ID_HEADER)
    }
}

impl<O: Operation> fmt::Debug for Response<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("operation", &O::INFO.name)
            .field("status", &self.raw.status)
            .field("request_id", &self.request_id())
            .field("body_length", &self.raw.body.len())
            .finish_non_exhaustive()
    }
}
