//! Responses with status and headers.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::Error;
use crate::rt::{Operation, RawResponse};

/// A successful response: the value with status, headers and raw body.
pub struct Response<O: Operation> {
    value: O::Output,
    headers: O::Headers,
    raw: RawResponse,
}

impl<O: Operation> Response<O> {
    /// Reads a success.
    ///
    /// # Errors
    /// The body does not match its documentation.
    #[doc(hidden)]
    pub fn read(raw: RawResponse) -> Result<Self, Error> {
        Self::read_for(None, raw)
    }

    /// Reads a success, and checks that it is about the requested object.
    pub(crate) fn read_for(asked: Option<&str>, raw: RawResponse) -> Result<Self, Error> {
        Ok(Self {
            value: O::output_for(asked, &raw)?,
            headers: O::headers(&raw.headers),
            raw,
        })
    }

    /// Returns the value of the response.
    #[must_use]
    pub fn value(&self) -> &O::Output {
        &self.value
    }

    /// Returns the value of the response, by value.
    #[must_use]
    pub fn into_value(self) -> O::Output {
        self.value
    }

    /// Returns the status, a 2xx.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// Returns the documented headers, typed.
    #[must_use]
    pub fn headers(&self) -> &O::Headers {
        &self.headers
    }

    /// Returns all headers.
    #[must_use]
    pub fn raw_headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Returns the body as received.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }

    /// Returns the id by which Dintero can find the request, if the response has one. After a 202 it is also the
    /// `correlation_request_id` of the event with the outcome; `wait_until_settled` waits for that event.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        crate::error::request_id(&self.raw, O::INFO.request_id_header)
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
