//! How an operation reads its answer.

use bytes::Bytes;
use http::HeaderMap;

use super::{
    Node, RawResponse, Read, Redirect, read,
    source::{self, Fault},
};
use crate::Error;

impl RawResponse {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// It is not JSON, or something else than the document says.
    pub fn json<T: Read>(&self) -> Result<T, Error> {
        // RFC 8259 lets a reader ignore the byte order mark that some writers leave.
        let body = self
            .body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.body);
        source::json(body).map_err(|fault| match fault {
            Fault::Syntax(source) => Error::decode(self, source),
            // Only a fault has a path: it is put together on the way out, step by step.
            Fault::Invalid(invalid) => Error::unfit(self, invalid),
        })
    }

    /// Reads a text body.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text(&self) -> Result<String, Error> {
        let text = String::from_utf8(self.body.to_vec());
        text.map_err(|source| Error::decode(self, serde::de::Error::custom(source.utf8_error())))
    }

    /// The body as it is.
    ///
    /// # Errors
    /// None; the signature is that of the other two.
    pub fn bytes(&self) -> Result<Bytes, Error> {
        Ok(self.body.clone())
    }

    /// The place that a 3xx names.
    ///
    /// # Errors
    /// None; the signature is that of the others.
    pub fn redirect(&self) -> Result<Redirect, Error> {
        Ok(Redirect::of(self))
    }

    /// Reads a body that may be missing.
    ///
    /// # Errors
    /// It is there and can't be read.
    pub fn optional<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.body.is_empty() {
            Ok(None)
        } else {
            read(self).map(Some)
        }
    }
}

/// Reads a header; one that is missing or can't be read is `None`.
#[must_use]
pub fn header<T: Read>(headers: &HeaderMap, name: &str) -> Option<T> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let value = read(Node::Text(text.into()));
    let list = || {
        Node::List(
            text.split(',')
                .map(|item| Node::Text(item.trim().into()))
                .collect(),
        )
    };
    value
        .or_else(|_| read(serde_json::from_str(text).unwrap_or_else(|_| list())))
        .or_else(|_| read(list()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, rt::Json};

    fn response(body: &'static [u8]) -> RawResponse {
        RawResponse {
            status: http::StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body),
        }
    }

    #[test]
    fn bodies() {
        assert_eq!(
            response(b"\xEF\xBB\xBF[1]").json::<Vec<i64>>().unwrap(),
            [1]
        );
        assert_eq!(response(b"text").text().unwrap(), "text");
        assert!(response(b"\xFF").text().is_err());
        assert!(response(b"[1] x").json::<Json>().is_err());
        assert_eq!(
            response(b"").optional(RawResponse::json::<i64>).unwrap(),
            None
        );
        assert_eq!(
            response(b"1").optional(RawResponse::json::<i64>).unwrap(),
            Some(1)
        );
        assert!(response(b"").json::<i64>().is_err());
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
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        assert_eq!(header::<i64>(&headers, "total"), Some(12));
        assert_eq!(header::<String>(&headers, "total"), Some("12".to_owned()));
        assert_eq!(header::<bool>(&headers, "ok"), Some(true));
        assert_eq!(
            header::<Vec<String>>(&headers, "ids"),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(header::<Vec<i64>>(&headers, "total"), None);
        assert_eq!(
            header::<Timestamp>(&headers, "at").map(|at| at.unix_seconds()),
            Some(Some(1_767_225_600))
        );
        assert_eq!(header::<i64>(&headers, "bad"), None);
        assert_eq!(header::<i64>(&headers, "missing"), None);
    }
}
