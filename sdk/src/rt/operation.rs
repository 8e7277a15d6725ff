//! What generated code says about an operation, and what carries it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::{FromHeaders, FromResponse, Request};
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
    /// The documented status of a success; of several, the first one with a body.
    pub status: u16,
}

/// A complete call, as a value: it can become a request and read a response. It never sends anything.
pub trait Operation: Clone + fmt::Debug + Send + Sync + 'static {
    /// What a success gives.
    type Answer: FromResponse + Send + Sync + 'static;
    /// What the body of an error response says.
    type Failure: FromResponse + Send + Sync + 'static;
    /// The response headers that the document names.
    type Headers: FromHeaders + Send + 'static;

    /// What the document says about it.
    const INFO: Info;

    /// The operation that tells what became of this one, if the outcome is unknown.
    const SETTLED_BY: Option<&'static str> = None;

    /// Statuses of the class 3xx that are successes.
    const REDIRECTS: &'static [u16] = &[];

    /// The response header that carries the id of the request, if the document names one.
    const REQUEST_ID_HEADER: Option<&'static str> = None;

    /// Whether the server carries the same request out once only, because of a value in it.
    fn is_repeatable(&self) -> bool {
        false
    }

    /// The id of the object that is asked for, where [`answered_with`](Self::answered_with) tells that of the answer.
    fn asked_for(&self) -> Option<&str> {
        None
    }

    /// The id of the object in an answer.
    fn answered_with(answer: &Self::Answer) -> Option<&str> {
        let _ = answer;
        None
    }

    /// Fills in what every complete operation has.
    fn complete(&mut self) {}

    /// The request, without base URL and credentials.
    ///
    /// # Errors
    /// A value that can't be sent, by name of the parameter or field.
    fn request(&self) -> Result<Request, Error>;

    /// Reads a success.
    ///
    /// # Errors
    /// The body is not what the document says.
    fn answer(response: &RawResponse) -> Result<Self::Answer, Error> {
        FromResponse::from_response(response)
    }

    /// Reads a success, and sees that it is about the object that was asked for.
    ///
    /// # Errors
    /// The body is not what the document says, or has another id.
    #[doc(hidden)]
    fn answer_for(asked: Option<&str>, response: &RawResponse) -> Result<Self::Answer, Error> {
        let answer = Self::answer(response)?;
        match (asked, Self::answered_with(&answer)) {
            // An empty one says nothing, and some servers write UUIDs in small letters whatever they got.
            (Some(asked), Some(answered))
                if !answered.is_empty() && !asked.eq_ignore_ascii_case(answered) =>
            {
                Err(Error::mismatch(response, Box::new(answer)))
            }
            _ => Ok(answer),
        }
    }

    /// Reads an error response.
    ///
    /// # Errors
    /// The body is not what the document says.
    fn failure(response: &RawResponse) -> Result<Self::Failure, Error> {
        FromResponse::from_response(response)
    }

    /// Reads the headers.
    fn headers(headers: &HeaderMap) -> Self::Headers {
        FromHeaders::from_headers(headers)
    }

    /// The response that says this, with the status that the document gives it.
    ///
    /// # Errors
    /// JSON has no form for a number in it.
    fn respond(answer: &Self::Answer) -> Result<RawResponse, Error> {
        answer.to_response(Self::INFO.status)
    }
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
    /// Places that could not be read as documented are an error.
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

/// All that a complete operation can do, by the list of its fields.
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
        /// Everything that the operation sends, under the names of its fields, and its own name as `operation`.
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
