//! Reading and writing of responses.

use bytes::Bytes;
use http::HeaderMap;

use super::{
    Invalid, Json, JsonObject, List, Map, Operation, RawResponse, Read, Redirect, Unread, Write,
    source::{self, Fault},
    unread,
};
use crate::{Amount, Currency, Date, Error, Number, Response, Timestamp};

/// A value that a transport returns.
///
/// Bounds name this trait instead of `Send`, so that the compiler visits the fields of fields of a type once, where the
/// trait is implemented, and not at each use of an operation.
pub trait Returned: Send + 'static {}

impl<T: FromResponse> Returned for T {}
impl<O: Operation> Returned for Response<O> {}

/// A type that the body of a response is read into.
pub trait FromResponse: Sized + Send + Sync + 'static {
    /// Reads it.
    ///
    /// # Errors
    /// The body does not match its documentation.
    fn from_response(response: &RawResponse) -> Result<Self, Error>;

    /// Returns every place that could not be read as documented.
    fn unread(&self) -> Vec<Unread> {
        Vec::new()
    }

    /// Returns the response with this value.
    ///
    /// # Errors
    /// A number in it can't be represented in JSON.
    fn to_response(&self, status: u16) -> Result<RawResponse, Error>;
}

/// A type that is JSON in the body of a response.
pub trait JsonBody: Read + Write + Send + Sync + 'static {}

impl<T: JsonBody> FromResponse for T {
    fn from_response(response: &RawResponse) -> Result<Self, Error> {
        response.json()
    }

    fn unread(&self) -> Vec<Unread> {
        unread(self)
    }

    fn to_response(&self, status: u16) -> Result<RawResponse, Error> {
        RawResponse::of_json(status, self)
    }
}

impl<T: Read + Write + Send + Sync + 'static> JsonBody for List<T> {}
impl<T: Read + Write + Send + Sync + 'static> JsonBody for Map<T> {}
impl JsonBody for Json {}
impl JsonBody for JsonObject {}
impl JsonBody for bool {}
impl JsonBody for i64 {}
impl JsonBody for u64 {}
impl JsonBody for f64 {}
impl JsonBody for Number {}
impl JsonBody for Amount {}
impl JsonBody for Currency {}
impl JsonBody for Timestamp {}
impl JsonBody for Date {}

impl FromResponse for () {
    fn from_response(_: &RawResponse) -> Result<Self, Error> {
        Ok(())
    }

    fn to_response(&self, status: u16) -> Result<RawResponse, Error> {
        RawResponse::of_status(status)
    }
}

/// Text, unchanged.
impl FromResponse for String {
    fn from_response(response: &RawResponse) -> Result<Self, Error> {
        response.text()
    }

    fn to_response(&self, status: u16) -> Result<RawResponse, Error> {
        RawResponse::of_text(status, self)
    }
}

/// Bytes, unchanged.
impl FromResponse for Bytes {
    fn from_response(response: &RawResponse) -> Result<Self, Error> {
        Ok(response.body.clone())
    }

    fn to_response(&self, status: u16) -> Result<RawResponse, Error> {
        RawResponse::of_bytes(status, self)
    }
}

/// The target of a 3xx.
impl FromResponse for Redirect {
    fn from_response(response: &RawResponse) -> Result<Self, Error> {
        Ok(Self::of(response))
    }

    fn to_response(&self, status: u16) -> Result<RawResponse, Error> {
        RawResponse::of_redirect(status, self)
    }
}

/// An optional body.
impl<T: FromResponse> FromResponse for Option<T> {
    fn from_response(response: &RawResponse) -> Result<Self, Error> {
        response.if_any(T::from_response)
    }

    fn unread(&self) -> Vec<Unread> {
        self.as_ref().map(T::unread).unwrap_or_default()
    }

    fn to_response(&self, status: u16) -> Result<RawResponse, Error> {
        match self {
            Some(value) => value.to_response(status),
            None => RawResponse::of_status(204),
        }
    }
}

/// Whether a media type, in lower case and without parameters, is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    ["application/json", "text/json"].contains(&media_type) || media_type.ends_with("+json")
}

impl RawResponse {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// It is not JSON, or a guaranteed member is missing.
    pub fn json<T: Read + Write + Send + Sync + 'static>(&self) -> Result<T, Error> {
        // RFC 8259 lets a reader ignore the byte order mark that some writers leave.
        let body = self
            .body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.body);
        // A document that says JSON, but not which, is often one of a server that sends nothing.
        if T::keeps_null() && body.trim_ascii().is_empty() {
            return Ok(T::blank());
        }
        let (value, has_unread) = source::json::<T>(body).map_err(|fault| match fault {
            Fault::Syntax(source) => Error::decode(self, source),
            Fault::Invalid(invalid) => Error::unfit(self, invalid),
        })?;
        if has_unread {
            let places = unread(&value);
            crate::trace::unread(&places);
            if self.is_strict {
                return Err(Error::not_all_read(self, places, Box::new(value)));
            }
        }
        Ok(value)
    }

    /// Reads a body whose media type the document leaves open: a JSON string if the response says that it is JSON, else text.
    ///
    /// # Errors
    /// It is neither.
    pub fn text_or_json(&self) -> Result<String, Error> {
        match self.is_json() {
            true => self.json(),
            false => self.text(),
        }
    }

    /// Whether the response says that its body is JSON.
    fn is_json(&self) -> bool {
        let told = self.headers.get(http::header::CONTENT_TYPE);
        let told = told.and_then(|value| value.to_str().ok()).unwrap_or("");
        let told = told.split(';').next().unwrap_or("").trim();
        is_json(&told.to_ascii_lowercase())
    }

    /// Reads a body, unless it is empty.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn if_any<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match self.body.is_empty() {
            true => Ok(None),
            false => read(self).map(Some),
        }
    }

    /// Reads a text body.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text(&self) -> Result<String, Error> {
        let text = String::from_utf8(self.body.to_vec());
        text.map_err(|source| Error::decode(self, serde::de::Error::custom(source.utf8_error())))
    }
}

/// A type that the headers of a response are read into.
pub trait FromHeaders {
    /// Reads them.
    fn from_headers(headers: &HeaderMap) -> Self;
}

impl FromHeaders for () {
    fn from_headers(_: &HeaderMap) {}
}

/// Reads a header; a missing or invalid one is absent.
#[must_use]
pub fn header<T: Read + Write>(headers: &HeaderMap, name: &str) -> T {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    let Some(text) = text.map(str::trim) else {
        return T::blank();
    };
    // The lines of a header that is a list are one list.
    let items = || {
        let lines = headers.get_all(name).iter();
        let lines = lines.filter_map(|value| value.to_str().ok());
        lines.flat_map(|line| line.split(',')).map(str::trim)
    };
    let list = || Json::Array(items().map(Json::from).collect());
    source::whole(&Json::from(text))
        .or_else(|| source::whole(&serde_json::from_str(text).unwrap_or_else(|_| list())))
        .or_else(|| source::whole(&list()))
        .or_else(|| pairs(&items().collect::<Vec<_>>()))
        .unwrap_or_else(T::blank)
}

/// Reads an object: `a=1,b=x`, or `a,1,b,x`. A value is text, or JSON if the member is not text.
fn pairs<T: Read + Write>(items: &[&str]) -> Option<T> {
    let exploded: Option<Vec<(&str, &str)>> =
        items.iter().map(|item| item.split_once('=')).collect();
    let pairs = exploded.or_else(|| {
        let (pairs, rest) = items.as_chunks::<2>();
        let pairs = pairs.iter().map(|[key, value]| (*key, *value));
        rest.is_empty().then(|| pairs.collect())
    })?;
    let as_json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Json::from(text));
    let object = |is_json: &dyn Fn(&str) -> bool| {
        let members = pairs.iter().map(|(key, text)| match is_json(key) {
            true => ((*key).to_owned(), as_json(text)),
            false => ((*key).to_owned(), Json::from(*text)),
        });
        Json::Object(members.collect())
    };
    let (value, _) = source::complete::<T>(&object(&|_| false))
        .or_else(|| source::complete(&object(&|_| true)))?;
    let places = unread(&value);
    source::whole(&object(&|key| {
        let mut path = "$".to_owned();
        Invalid::step(&mut path, key);
        places.iter().any(|place| place.path() == path)
    }))
    .or_else(|| source::whole(&object(&|_| true)))
}

/// Implements a type of response headers, from their names and fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt_headers {
    ($name:ident { $($wire:literal $field:ident,)* }) => {
        impl $crate::rt::FromHeaders for $name {
            fn from_headers(headers: &$crate::rt::HeaderMap) -> Self {
                Self { $($field: $crate::rt::header(headers, $wire),)* }
            }
        }
        impl $crate::rt::Write for $name {
            fn write<'a>(&'a self, to: &mut $crate::rt::Writer<'a>) {
                let mut object = to.object(stringify!($name), true, &$crate::rt::NO_EXTRA);
                $(object.optional($wire, &self.$field);)*
                object.end();
            }
        }
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug(self, ::core::module_path!(), f)
            }
        }
    };
}

mod respond {
    use bytes::Bytes;
    use http::header::{CONTENT_TYPE, LOCATION};
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::{RawResponse, Redirect, Write};
    use crate::Error;
    use crate::rt::write;

    impl RawResponse {
        /// Returns a response without a body.
        ///
        /// # Errors
        /// The status is invalid.
        pub fn of_status(status: u16) -> Result<Self, Error> {
            Self::of(status, "", Bytes::new())
        }

        /// Returns a redirect.
        ///
        /// # Errors
        /// The status is invalid, or the target is not allowed in a header.
        pub fn of_redirect(status: u16, redirect: &Redirect) -> Result<Self, Error> {
            let mut response = Self::of_status(status)?;
            if let Some(location) = redirect.location() {
                let value = HeaderValue::from_str(location)
                    .map_err(|error| Error::invalid_request("answer", error.to_string()))?;
                response.headers.insert(LOCATION, value);
            }
            Ok(response)
        }

        /// Returns a response with a JSON body.
        ///
        /// # Errors
        /// The status is invalid, or a number in it can't be represented in JSON.
        pub fn of_json(status: u16, body: &dyn Write) -> Result<Self, Error> {
            let json = write::response_text(body);
            let json = json.map_err(|fault| Error::invalid_request("answer", fault.to_string()))?;
            Self::of(status, "application/json", json.into())
        }

        /// Returns a response with text.
        ///
        /// # Errors
        /// The status is invalid.
        pub fn of_text(status: u16, text: &str) -> Result<Self, Error> {
            let text = Bytes::copy_from_slice(text.as_bytes());
            Self::of(status, "text/plain; charset=utf-8", text)
        }

        /// Returns a response with bytes.
        ///
        /// # Errors
        /// The status is invalid.
        pub fn of_bytes(status: u16, bytes: &Bytes) -> Result<Self, Error> {
            Self::of(status, "application/octet-stream", bytes.clone())
        }

        pub(crate) fn of(
            status: u16,
            media_type: &'static str,
            body: Bytes,
        ) -> Result<Self, Error> {
            let status = StatusCode::from_u16(status).map_err(|_| {
                Error::invalid_request("status", format!("{status} is not an HTTP status"))
            })?;
            let mut headers = HeaderMap::new();
            if !media_type.is_empty() {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            }
            Ok(Self {
                status,
                headers,
                body,
                is_strict: false,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &'static [u8]) -> RawResponse {
        RawResponse {
            status: http::StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body),
            is_strict: false,
        }
    }

    #[test]
    fn bodies() {
        assert_eq!(
            response(b"\xEF\xBB\xBF[1]").json::<List<i64>>().unwrap(),
            [1]
        );
        assert_eq!(response(b"text").text().unwrap(), "text");
        assert!(response(b"\xFF").text().is_err());
        assert!(response(b"[1] x").json::<Json>().is_err());
        assert_eq!(response(b"null").json::<Json>().unwrap(), Json::Null);
        assert_eq!(response(b"\n").json::<Json>().unwrap(), Json::Null);
        assert_eq!(Option::<i64>::from_response(&response(b"")).unwrap(), None);
        assert_eq!(
            Option::<i64>::from_response(&response(b"1")).unwrap(),
            Some(1)
        );
        assert!(response(b"").json::<i64>().is_err());
        assert!(response(b"null").json::<i64>().is_err());
    }

    /// Kubernetes documents `*/*`, and responds with either.
    #[test]
    fn the_response_says_whether_a_string_is_json() {
        for (media_type, body, expected) in [
            (None, &b"\"ok\""[..], Some("\"ok\"")),
            (Some("text/plain; charset=utf-8"), b"ok", Some("ok")),
            (
                Some("Application/JSON; charset=utf-8"),
                b"\"ok\"",
                Some("ok"),
            ),
            (Some("application/problem+json"), b"\"ok\"", Some("ok")),
            (Some("text/json"), b"\"ok\"", Some("ok")),
            (Some("application/json"), b"ok", None),
        ] {
            let mut response = response(body);
            if let Some(media_type) = media_type {
                let name = http::header::CONTENT_TYPE;
                response.headers.insert(name, media_type.parse().unwrap());
            }
            let text = response.text_or_json().ok();
            assert_eq!(text.as_deref(), expected, "{media_type:?}");
        }
        let none = response(b"").if_any(RawResponse::text_or_json);
        assert_eq!(none.unwrap(), None);
    }

    #[test]
    fn headers() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("total", "12"),
            ("ids", "a, b"),
            ("ok", "true"),
            ("at", "2026-01-01T00:00:00Z"),
            ("bad", "x"),
            ("ids", "c"),
            ("pairs", "a, 1, b, x"),
            ("exploded", "a=1,b=2"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        assert_eq!(header::<Option<i64>>(&headers, "total"), Some(12));
        assert_eq!(
            header::<Option<String>>(&headers, "total"),
            Some("12".to_owned())
        );
        assert_eq!(header::<Option<bool>>(&headers, "ok"), Some(true));
        assert_eq!(header::<List<String>>(&headers, "ids"), ["a", "b", "c"]);
        assert!(!header::<List<i64>>(&headers, "bad").is_present());
        assert_eq!(
            header::<Option<Timestamp>>(&headers, "at").map(|at| at.unix_seconds()),
            Some(Some(1_767_225_600))
        );
        assert_eq!(header::<Option<i64>>(&headers, "bad"), None);
        assert_eq!(header::<Option<i64>>(&headers, "missing"), None);
        let text = |name: &str| {
            let object = header::<Option<JsonObject>>(&headers, name)?;
            serde_json::to_string(&object).ok()
        };
        assert_eq!(text("pairs").as_deref(), Some(r#"{"a":"1","b":"x"}"#));
        assert_eq!(text("exploded").as_deref(), Some(r#"{"a":"1","b":"2"}"#));
        let numbers = header::<Map<i64>>(&headers, "exploded");
        assert_eq!(numbers.get("a"), Some(&1));
        assert_eq!(numbers.get("b"), Some(&2));
    }
}
