//! What one call has set for itself.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName};

use super::own_headers;
use crate::{Error, RetryPolicy};

/// What one call has set for itself. Behind a pointer that is null in most calls, which set nothing.
#[derive(Clone, Default)]
pub(crate) struct CallOptions(Option<Box<Set>>);

#[derive(Clone, Default)]
struct Set {
    retry: Option<RetryPolicy>,
    timeout: Option<Duration>,
    headers: HeaderMap,
    /// The first thing that can't be used: its name, and why.
    fault: Option<(String, &'static str)>,
}

impl CallOptions {
    pub(crate) fn retry(&mut self, policy: RetryPolicy) {
        self.set().retry = Some(policy);
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match own_headers::read(name, value) {
            Ok((name, value)) => drop(self.set().headers.insert(name, value)),
            Err(reason) => self.fail(name, reason),
        }
    }

    pub(crate) fn timeout(&mut self, limit: Duration) {
        if limit.is_zero() {
            self.fail("timeout", "is zero");
        }
        self.set().timeout = Some(limit);
    }

    /// The policy, if it is not the client's.
    pub(super) fn policy(&self) -> Option<&RetryPolicy> {
        self.0.as_ref()?.retry.as_ref()
    }

    /// Time limit of one request, if it is not the client's.
    pub(super) fn limit(&self) -> Option<Duration> {
        self.0.as_ref()?.timeout
    }

    /// The headers, none of which takes the place of one that the operation needs.
    pub(super) fn headers(&self, needed: &[HeaderName]) -> Result<HeaderMap, Error> {
        let Some(set) = &self.0 else {
            return Ok(HeaderMap::new());
        };
        if let Some((name, reason)) = &set.fault {
            return Err(Error::invalid_request(name, *reason));
        }
        for name in set.headers.keys() {
            own_headers::check(name, needed)
                .map_err(|reason| Error::invalid_request(name.as_str(), reason))?;
        }
        Ok(set.headers.clone())
    }

    fn set(&mut self) -> &mut Set {
        self.0.get_or_insert_default()
    }

    fn fail(&mut self, name: &str, reason: &'static str) {
        let fault = &mut self.set().fault;
        fault.get_or_insert_with(|| (name.to_owned(), reason));
    }
}

/// Shows names of headers only.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("CallOptions");
        if let Some(set) = &self.0 {
            shown
                .field("retry", &set.retry)
                .field("timeout", &set.timeout)
                .field("headers", &set.headers.keys());
        }
        shown.finish()
    }
}
