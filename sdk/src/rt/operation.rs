//! Operations, and transports that send them.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::{FromHeaders, FromResponse, Request, Returned};
use crate::{Error, Response, RetryPolicy};

/// A documented base URL. A setting of the client can replace it.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    /// The documented URL, without a trailing slash.
    pub url: &'static str,
}

/// A documented security scheme.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its documented name.
    pub name: &'static str,
    /// The kind of credentials.
    pub kind: SchemeKind,
}

/// The credentials that a security scheme sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    /// `Authorization: Bearer …`, with a token of the grant "client credentials" of OAuth 2 from the endpoint at this URL.
    ClientCredentials(&'static str),
    /// A key in a header of this name.
    HeaderKey(&'static str),
    /// A key in a query parameter of this name.
    QueryKey(&'static str),
    /// A key in a cookie of this name.
    CookieKey(&'static str),
    /// `Authorization: …` as the caller makes it, for an authentication scheme of HTTP that the client doesn't know.
    Authorization(&'static str),
}

/// The documented properties of an operation.
#[derive(Debug)]
pub struct Info {
    /// For errors and logs: `insight.list_checkout_kpis`.
    pub name: &'static str,
    /// HTTP method; of an [extension](Self::extension_method), one that is retried like it.
    pub method: &'static Method,
    /// The method that is sent, if RFC 9110 has no such method: `QUERY`, `COPY`.
    pub extension_method: Option<&'static str>,
    /// Path with its `{placeholders}`, as shown by errors and logs.
    pub path: &'static str,
    /// Base URL.
    pub server: &'static Server,
    /// Alternatives, each a list of schemes that are used together. No alternative: no authentication; an empty one:
    /// authentication is optional.
    pub security: &'static [&'static [&'static Scheme]],
    /// Scopes, any one of which a token needs.
    pub scopes: &'static [&'static str],
    /// Value of the `Accept` header.
    pub accept: &'static str,
    /// The documented status of a success; of several, the first one with a body.
    pub status: u16,
    /// Statuses of the class 3xx that are successes.
    pub redirects: &'static [u16],
    /// The operation to call if the outcome of this one is unknown.
    pub settled_by: Option<&'static str>,
    /// The documented response header with the id of the request, if there is one.
    pub request_id_header: Option<&'static str>,
}

impl Info {
    /// The usual values; name, method, path and server are those of no operation.
    pub const USUAL: Self = Self {
        name: "",
        method: &Method::GET,
        extension_method: None,
        path: "",
        server: &Server { url: "" },
        security: &[],
        scopes: &[],
        accept: "application/json",
        status: 200,
        redirects: &[],
        settled_by: None,
        request_id_header: None,
    };

    /// Returns the method that is sent.
    #[must_use]
    pub fn sent_method(&self) -> Method {
        let extension = self.extension_method;
        let extension = extension.and_then(|name| Method::from_bytes(name.as_bytes()).ok());
        extension.unwrap_or_else(|| self.method.clone())
    }
}

/// A complete operation as a value: it builds a request and reads a response, but never sends anything.
pub trait Operation: Clone + fmt::Debug + Send + Sync + 'static {
    /// The value of a success.
    type Output: FromResponse;
    /// The body of an error response.
    type ErrorResponse: FromResponse;
    /// The documented response headers.
    type Headers: FromHeaders + Send + 'static;

    /// The documented properties.
    const INFO: &'static Info;

    /// Returns whether the server carries the same request out at most once, because of a value in it.
    fn is_repeatable(&self) -> bool {
        false
    }

    /// Returns the id of the requested object, if [`returned_id`](Self::returned_id) returns that of the response.
    fn requested_id(&self) -> Option<&str> {
        None
    }

    /// Returns the id of the object in a response.
    fn returned_id(output: &Self::Output) -> Option<&str> {
        let _ = output;
        None
    }

    /// Fills in generated values, such as the idempotency key.
    fn complete(&mut self) {}

    /// Builds the request, without base URL and credentials.
    ///
    /// # Errors
    /// An invalid value, by the name of the parameter or field.
    fn request(&self) -> Result<Request, Error>;

    /// Reads a success.
    ///
    /// # Errors
    /// The body does not match its documentation.
    fn output(response: &RawResponse) -> Result<Self::Output, Error> {
        FromResponse::from_response(response)
    }

    /// Reads a success, and checks that it is about the requested object.
    ///
    /// # Errors
    /// The body does not match its documentation, or has another id.
    #[doc(hidden)]
    fn output_for(requested: Option<&str>, response: &RawResponse) -> Result<Self::Output, Error> {
        let output = Self::output(response)?;
        match (requested, Self::returned_id(&output)) {
            // An empty id is ignored, and some servers write UUIDs in lower case.
            (Some(requested), Some(returned))
                if !returned.is_empty() && !requested.eq_ignore_ascii_case(returned) =>
            {
                Err(Error::mismatch(response, Box::new(output)))
            }
            _ => Ok(output),
        }
    }

    /// Reads an error response.
    ///
    /// # Errors
    /// The body does not match its documentation.
    fn error_response(response: &RawResponse) -> Result<Self::ErrorResponse, Error> {
        FromResponse::from_response(response)
    }

    /// Reads the headers.
    fn headers(headers: &HeaderMap) -> Self::Headers {
        FromHeaders::from_headers(headers)
    }

    /// Returns the response with this value and its documented status.
    ///
    /// # Errors
    /// A number in it can't be represented in JSON.
    fn respond(output: &Self::Output) -> Result<RawResponse, Error> {
        output.to_response(Self::INFO.status)
    }
}

/// An operation that the server may carry out after its response.
pub trait Settles: Operation {
    /// The operation that returns the outcome.
    type By: Operation;
}

/// A raw response.
#[derive(Clone)]
pub struct RawResponse {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// Whether places that could not be read as documented are an error.
    #[doc(hidden)]
    pub is_strict: bool,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A transport that sends operations: the async client, a blocking one, a mock.
pub trait Transport: Clone + Send + Sync + 'static {
    /// The return type of sending: a future of a result, or the result.
    type Sent<T: Returned>;

    /// Sends an operation. Returns the value of the response.
    fn dispatch<O: Operation>(&self, operation: O) -> Self::Sent<O::Output>;

    /// Sends with another retry policy than the transport's; transports without retries ignore it.
    fn dispatch_under<O: Operation>(
        &self,
        operation: O,
        policy: Option<RetryPolicy>,
    ) -> Self::Sent<O::Output> {
        let _ = policy;
        self.dispatch(operation)
    }

    /// Sends an operation. Returns the value with status, headers and raw body.
    fn dispatch_with_response<O: Operation>(&self, operation: O) -> Self::Sent<Response<O>>;
}

/// Implements a complete operation, from the list of its fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_operation {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::rt::Fields for $name {
            fn blank() -> Self {
                Self { $($field: $crate::rt::blank()),* }
            }
            #[allow(unused_variables)]
            fn field(&mut self, name: &str) -> ::core::option::Option<&mut dyn $crate::rt::Read> {
                $(if name == stringify!($field) {
                    return ::core::option::Option::Some(&mut self.$field);
                })*
                ::core::option::Option::None
            }
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                #[allow(unused_mut)]
                let mut object = to.operation(<Self as $crate::rt::Operation>::INFO.name);
                $(object.optional(stringify!($field), &self.$field);)*
                object.end();
            }
        }
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug_operation::<Self>(stringify!($name), f)
            }
        }
        /// Writes all values that the operation sends, by the names of its fields, and its own name as `operation`.
        impl $crate::rt::serde::Serialize for $name {
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serialize_operation(self, serializer)
            }
        }
        impl<'de> $crate::rt::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::rt::deserialize_operation(deserializer)
            }
        }
    };
}

/// Shows the name of an operation, not its values.
///
/// # Errors
/// Those of the formatter.
pub fn debug_operation<O: Operation>(type_name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(type_name)
        .field("method", &O::INFO.sent_method())
        .field("path", &O::INFO.path)
        .finish_non_exhaustive()
}
