//! Responses made of values, for tests.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{Operation, RawResponse, Redirect, Write, encode};
use crate::Error;

/// An operation that a [`Mock`](crate::mock::Mock) can answer with a value. Every generated operation is one.
pub trait Mockable: Operation {
    /// The response that says this, with the status that the document gives it.
    ///
    /// # Errors
    /// JSON has no form for a number in it.
    fn respond(answer: &Self::Answer) -> Result<RawResponse, Error>;
}

impl RawResponse {
    /// A response without a body.
    ///
    /// # Errors
    /// There is no such status.
    pub fn of_status(status: u16) -> Result<Self, Error> {
        Self::of(status, "", Bytes::new())
    }

    /// A response that names another place.
    ///
    /// # Errors
    /// There is no such status, or no header can carry the place.
    pub fn of_redirect(status: u16, redirect: &Redirect) -> Result<Self, Error> {
        let mut response = Self::of_status(status)?;
        if let Some(location) = redirect.location() {
            let value = HeaderValue::from_str(location)
                .map_err(|error| Error::invalid_request("answer", error.to_string()))?;
            response.headers.insert(LOCATION, value);
        }
        Ok(response)
    }

    /// A response with a JSON body.
    ///
    /// # Errors
    /// There is no such status, or JSON has no form for a number in it.
    pub fn of_json(status: u16, body: &impl Write) -> Result<Self, Error> {
        let json = encode::json(&body.write());
        let json = json.map_err(|reason| Error::invalid_request("answer", reason))?;
        Self::of(status, "application/json", json.into())
    }

    /// A response with text.
    ///
    /// # Errors
    /// There is no such status.
    pub fn of_text(status: u16, text: &str) -> Result<Self, Error> {
        let text = Bytes::copy_from_slice(text.as_bytes());
        Self::of(status, "text/plain; charset=utf-8", text)
    }

    /// A response with bytes.
    ///
    /// # Errors
    /// There is no such status.
    pub fn of_bytes(status: u16, bytes: &Bytes) -> Result<Self, Error> {
        Self::of(status, "application/octet-stream", bytes.clone())
    }

    pub(crate) fn of(status: u16, media_type: &'static str, body: Bytes) -> Result<Self, Error> {
        let status = StatusCode::from_u16(status)
            .map_err(|_| Error::invalid_request("status", format!("{status} is no HTTP status")))?;
        let mut headers = HeaderMap::new();
        if !media_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        Ok(Self {
            status,
            headers,
            body,
        })
    }
}
