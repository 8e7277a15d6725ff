//! Answers that send the caller to another place.

use std::fmt;

use http::{StatusCode, header::LOCATION};

use crate::rt::RawResponse;

/// An answer that names another place. It is not followed: credentials are for Dintero alone, and mostly it is the
/// customer's browser that has to go there.
#[derive(Clone, PartialEq, Eq)]
pub struct Redirect {
    status: StatusCode,
    location: Option<String>,
}

impl Redirect {
    pub(crate) fn of(response: &RawResponse) -> Self {
        let location = response.headers.get(LOCATION);
        Self {
            status: response.status,
            location: location.and_then(|text| text.to_str().ok().map(str::to_owned)),
        }
    }

    /// A redirect, for answers of a mock: with the status that the document gives the answer, whatever is set here.
    #[cfg(feature = "mock")]
    #[must_use]
    pub fn to(location: impl Into<String>) -> Self {
        Self {
            status: StatusCode::FOUND,
            location: Some(location.into()),
        }
    }

    /// The place, as the server wrote it: perhaps relative to the URL of the request. It may hold ids and secrets, so
    /// `Debug` does not show it.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Status: 3xx.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirect")
            .field("status", &self.status)
            .field("has_location", &self.location.is_some())
            .finish_non_exhaustive()
    }
}
