//! Requests, as operations see them, and their responses.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::contract::{Operation, Violation};

/// A request of an operation.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    /// Decoded.
    pub(crate) path: Vec<(String, String)>,
    /// Decoded.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Who sends it.
    pub(crate) caller: Caller,
    /// `http://127.0.0.1:8700`, for addresses in responses.
    pub(crate) origin: String,
    /// An id of its own, in the headers of the response and in events.
    pub(crate) id: String,
}

/// The sender of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// `T12345678`; empty without credentials.
    pub(crate) account: String,
    /// The client or the API key.
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
}

impl Request {
    pub(crate) fn path_value(&self, name: &str) -> Option<&str> {
        let found = self.path.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A value of the path, which the router has matched.
    pub(crate) fn id(&self, name: &str) -> &str {
        self.path_value(name).unwrap_or_default()
    }

    pub(crate) fn query_values<'r>(&'r self, name: &str) -> impl Iterator<Item = &'r str> {
        (self.query.iter())
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        self.query_values(name).next()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads the body as a generated type.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let message = format!("the body can't be read: {error}");
            Problem::bad_request("ValidationError", message)
        })
    }
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A response with status 200 and a JSON body.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        Self::status(200, value)
    }

    /// A response with a JSON body.
    pub(crate) fn status(status: u16, value: &impl Serialize) -> Result<Self, Problem> {
        let body =
            serde_json::to_vec(value).map_err(|error| Problem::internal(&error.to_string()))?;
        Ok(Self::bytes(status, "application/json", body))
    }

    pub(crate) fn bytes(status: u16, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static(media_type),
        );
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            body: body.into(),
        }
    }

    /// A response without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

/// An error response, in Dintero's form.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) errors: Vec<Value>,
}

impl Problem {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: Vec::new(),
        }
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "Unauthorized", message)
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", message)
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(404, "NotFound", format!("there is no {what} `{id}`"))
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self::new(500, "InternalServerError", message)
    }

    /// An operation, or a use of one, whose behavior is not documented.
    pub(crate) fn unknown(what: impl AsRef<str>) -> Self {
        let what = what.as_ref();
        Self::new(501, "NotKnown", format!("the sandbox does not know {what}"))
    }

    pub(crate) fn invalid(found: &[Violation]) -> Self {
        let first = found
            .first()
            .map(|one| format!("{} {}", one.place, one.message));
        let message = format!("the request is invalid: {}", first.unwrap_or_default());
        let errors = (found.iter())
            .map(|one| json!({ "path": one.place, "message": one.message }))
            .collect();
        Self {
            errors,
            ..Self::bad_request("ValidationError", message)
        }
    }

    pub(crate) fn into_answer(self) -> Answer {
        self.answer(json!({}))
    }

    /// The response of an operation, whose errors may have more members.
    pub(crate) fn into_answer_of(self, operation: &Operation) -> Answer {
        self.answer(match &*operation.name {
            "payments.pay_session" => json!({ "success": false }),
            _ => json!({}),
        })
    }

    fn answer(self, mut body: Value) -> Answer {
        let mut error = json!({ "code": self.code, "message": self.message });
        if !self.errors.is_empty() {
            error["errors"] = self.errors.into();
        }
        body["error"] = error;
        let answer = Answer::status(self.status, &body);
        answer.unwrap_or_else(|_| Answer::empty(500))
    }
}
