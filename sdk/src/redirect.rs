//! Redirects.

use std::fmt;

use http::{StatusCode, header::LOCATION};

use crate::rt::RawResponse;

/// A redirect, which is not followed: credentials are for Dintero only, and usually the customer's browser follows it.
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

    /// Returns a redirect for a mock. The mock sends it with the documented status.
    #[cfg(feature = "mock")]
    #[must_use]
    pub fn to(location: impl Into<String>) -> Self {
        Self {
            status: StatusCode::FOUND,
            location: Some(location.into()),
        }
    }

    /// Returns the target as received: possibly relative to the URL of the request. It may contain ids and secrets, so
    /// `Debug` does not show it.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Returns the status, a 3xx.
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
