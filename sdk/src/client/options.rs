//! The options of a single call.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::own_headers;
use crate::rt::{Scheme, SchemeKind};
use crate::{Error, RetryPolicy};

/// Everything except letters, digits and `-._~`, as in parameters of operations.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The options of a single call. Boxed, because most calls set none.
#[derive(Clone, Default)]
pub(crate) struct CallOptions(Option<Box<Set>>);

#[derive(Clone, Default)]
struct Set {
    retry: Option<RetryPolicy>,
    timeout: Option<Duration>,
    most: Option<u64>,
    headers: HeaderMap,
    /// Names and values, as passed by the caller.
    query: Vec<(String, String)>,
    /// The first invalid option: its name and the reason.
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

    pub(crate) fn query(&mut self, name: &str, value: &str) {
        if name.is_empty() {
            self.fail("query", "has a parameter without a name");
        }
        self.set().query.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn timeout(&mut self, limit: Duration) {
        if limit.is_zero() {
            self.fail("timeout", "is zero");
        }
        self.set().timeout = Some(limit);
    }

    pub(crate) fn max_response_bytes(&mut self, limit: u64) {
        if limit == 0 {
            self.fail("max_response_bytes", "is zero");
        }
        self.set().most = Some(limit);
    }

    /// Returns the policy that replaces the client's.
    pub(super) fn policy(&self) -> Option<&RetryPolicy> {
        self.0.as_ref()?.retry.as_ref()
    }

    /// Returns the time limit of one request that replaces the client's.
    pub(super) fn limit(&self) -> Option<Duration> {
        self.0.as_ref()?.timeout
    }

    /// Returns the maximum response size in bytes that replaces the client's.
    pub(super) fn most(&self) -> Option<u64> {
        self.0.as_ref()?.most
    }

    /// Returns the headers, or an error if one of them replaces a header that the operation needs.
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

    /// Adds the query parameters to those of the request. Names of the request and of a credential are rejected.
    pub(super) fn add_query(
        &self,
        path_and_query: &mut String,
        security: &[&Scheme],
    ) -> Result<(), Error> {
        let Some(set) = self.0.as_ref().filter(|set| !set.query.is_empty()) else {
            return Ok(());
        };
        let (_, before) = path_and_query.split_once('?').unwrap_or_default();
        for (name, _) in &set.query {
            let is_sent = form_urlencoded::parse(before.as_bytes()).any(|(sent, _)| sent == *name);
            let is_key =
                |scheme: &&Scheme| matches!(scheme.kind, SchemeKind::QueryKey(key) if key == name);
            if is_sent || security.iter().any(is_key) {
                return Err(Error::invalid_request(name, own_headers::TAKEN));
            }
        }
        for (name, value) in &set.query {
            path_and_query.push(if path_and_query.contains('?') {
                '&'
            } else {
                '?'
            });
            path_and_query.extend(utf8_percent_encode(name, RESERVED));
            path_and_query.push('=');
            path_and_query.extend(utf8_percent_encode(value, RESERVED));
        }
        Ok(())
    }

    /// Returns the name of a query parameter, if there is one, for requests that don't support them.
    #[cfg(feature = "download")]
    pub(super) fn query_name(&self) -> Option<&str> {
        let (name, _) = self.0.as_ref()?.query.first()?;
        Some(name)
    }

    fn set(&mut self) -> &mut Set {
        self.0.get_or_insert_default()
    }

    fn fail(&mut self, name: &str, reason: &'static str) {
        let fault = &mut self.set().fault;
        fault.get_or_insert_with(|| (name.to_owned(), reason));
    }
}

/// Shows only the names of headers and query parameters.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("CallOptions");
        if let Some(set) = &self.0 {
            let query: Vec<&String> = set.query.iter().map(|(name, _)| name).collect();
            shown
                .field("retry", &set.retry)
                .field("timeout", &set.timeout)
                .field("max_response_bytes", &set.most)
                .field("headers", &set.headers.keys())
                .field("query", &query);
        }
        shown.finish()
    }
}
