//! Bodies of error responses, in any format.

use serde_json::{Map, Value};

/// Code, message and details of an error response. All are optional.
#[derive(Default)]
pub(super) struct Report {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) errors: Vec<Value>,
    /// The descriptions of the first `errors`.
    pub(super) details: Option<String>,
}

impl Report {
    /// Reads `{"error": {"code", "message", "errors"}}`, the same without `error` around it, and the form of OAuth 2,
    /// `{"error": code, "error_description": message}`. Anything else returns an empty report.
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(Value::Object(mut outer)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        match outer.remove("error") {
            Some(Value::Object(inner)) => Self::of(inner),
            Some(Value::String(code)) => Self {
                message: text(outer.remove("error_description"))
                    .or_else(|| text(outer.remove("message"))),
                code: Some(code),
                ..Self::default()
            }
            .with(list(outer.remove("errors"))),
            _ => Self::of(outer),
        }
    }

    fn of(mut object: Map<String, Value>) -> Self {
        Self {
            code: text(object.remove("code")),
            message: text(object.remove("message"))
                // Sent by gateways in front of Dintero, such as those of AWS.
                .or_else(|| text(object.remove("Message"))),
            ..Self::default()
        }
        .with(list(object.remove("errors")))
    }

    fn with(mut self, errors: Vec<Value>) -> Self {
        const MOST: usize = 3;
        let mut told: Vec<&str> = Vec::new();
        for error in &errors {
            let description = error.get("description").and_then(Value::as_str);
            let Some(description) = description.map(str::trim).filter(|text| !text.is_empty())
            else {
                continue;
            };
            let is_known = self.message.as_deref() == Some(description);
            if !is_known && !told.contains(&description) && told.len() < MOST {
                told.push(description);
            }
        }
        self.details = (!told.is_empty()).then(|| told.join("; "));
        self.errors = errors;
        self
    }

    /// Returns the code if it looks like one. Only then may `Debug` show it, which must not show the text of a body.
    pub(super) fn plain_code(&self) -> Option<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || " _-.".contains(c);
        let code = self.code.as_deref()?;
        (code.len() <= 64 && code.chars().all(plain)).then_some(code)
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(list)) => list,
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    }
}
