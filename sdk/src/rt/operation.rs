//! What generated code says about an operation, and what carries it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::Request;
use crate::{Error, Response, RetryPolicy};

/// A base URL that a document names. Which URL is really used is a setting of the client.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// As the document writes it, without a slash at the end.
    pub url: &'static str,
}

/// A way to authenticate that a document names.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The document's name of it.
    pub name: &'static str,
    /// What is sent.
    pub kind: SchemeKind,
}

/// What a security scheme sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    /// A key in a header of this name.
    HeaderKey(&'static str),
    /// A key in a query parameter of this name.
    QueryKey(&'static str),
    /// A key in a cookie of this name.
    CookieKey(&'static str),
}

/// What a document says about an operation.
#[derive(Debug)]
pub struct Info {
    /// For errors and logs: `insight.list_checkout_kpis`.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path with its `{placeholders}`; the only form of it that errors and logs show.
    pub path: &'static str,
    /// Base URL.
    pub server: &'static Server,
    /// Alternatives, each a list of schemes that go together. No alternative: no authentication; an empty one:
    /// authentication is optional.
    pub security: &'static [&'static [&'static Scheme]],
    /// Scopes, any one of which a token needs.
    pub scopes: &'static [&'static str],
    /// Value of the `Accept` header.
    pub accept: &'static str,
}

/// A complete call, as a value: it can become a request and read an answer. It never sends anything.
pub trait Operation: Clone + fmt::Debug + Send + Sync + 'static {
    /// What a success gives.
    type Answer: Send + 'static;
    /// What the body of a failure says.
    type Failure: Send + 'static;
    /// The response headers that the document names.
    type Headers: Send + 'static;

    /// What the document says about it.
    const INFO: Info;

    /// The operation that tells what became of this one, where nobody knows.
    const SETTLED_BY: Option<&'static str> = None;

    /// The server carries the same request out once only, because of a value that is always in it.
    const REPEATABLE: bool = false;

    /// The response header that carries the id of the call, where the document names one.
    const REQUEST_ID_HEADER: Option<&'static str> = None;

    /// The request, without base URL and credentials.
    ///
    /// # Errors
    /// A value that can't be sent, by name of the parameter or field.
    fn request(&self) -> Result<Request, Error>;

    /// Reads a success.
    ///
    /// # Errors
    /// The body is not what the document says.
    fn answer(response: &RawResponse) -> Result<Self::Answer, Error>;

    /// Reads a failure.
    ///
    /// # Errors
    /// The body is not what the document says.
    fn failure(response: &RawResponse) -> Result<Self::Failure, Error>;

    /// Reads the headers.
    fn headers(headers: &HeaderMap) -> Self::Headers;
}

/// An operation that the server may carry out after it has answered.
pub trait Settles: Operation {
    /// The operation that tells what became of it.
    type By: Operation;
}

/// A response as it came.
#[derive(Clone)]
pub struct RawResponse {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What carries operations: the async client, a blocking one, a mock.
pub trait Transport: Clone + Send + Sync + 'static {
    /// What sending gives: a future of a result, or the result.
    type Sent<T: Send + 'static>;

    /// Sends an operation and gives the value of its answer.
    fn dispatch<O: Operation>(&self, operation: O) -> Self::Sent<O::Answer>;

    /// The same under another policy than the carrier's; carriers that repeat nothing have none.
    fn dispatch_under<O: Operation>(
        &self,
        operation: O,
        policy: Option<RetryPolicy>,
    ) -> Self::Sent<O::Answer> {
        let _ = policy;
        self.dispatch(operation)
    }

    /// Sends an operation and gives status, headers and raw body beside the value.
    fn dispatch_with_response<O: Operation>(&self, operation: O) -> Self::Sent<Response<O>>;
}

/// Shows what an operation is, not what it says.
///
/// # Errors
/// Those of the formatter.
pub fn debug_operation<O: Operation>(type_name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(type_name)
        .field("method", &O::INFO.method)
        .field("path", &O::INFO.path)
        .finish_non_exhaustive()
}
