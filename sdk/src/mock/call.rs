//! Recorded calls, for conditions of rules and for messages.

use std::any::{Any, TypeId};
use std::fmt::{self, Write as _};

use reqwest::Url;
use serde_json::Value;

use crate::rt::{Content, Info, Operation, Resolved};

/// Parts of names whose values are hidden in messages.
const HIDDEN: &[&str] = &[
    "secret",
    "password",
    "token",
    "authorization",
    "cookie",
    "api_key",
    "apikey",
    "card_number",
    "cvc",
];

/// A call: the operation as it was sent, and its request.
pub(crate) struct Call {
    operation: Box<dyn Any + Send + Sync>,
    pub(super) info: &'static Info,
    /// Values that the client fills in appear as `{account}`. `None` if the operation can't be sent.
    request: Option<Resolved>,
}

impl Call {
    pub(crate) fn of<O: Operation>(operation: &O) -> Self {
        let request = operation.request();
        let named = |name: &str| Some(format!("{{{name}}}"));
        Self {
            operation: Box::new(operation.clone()),
            info: O::INFO,
            request: request.and_then(|request| request.resolve(&named)).ok(),
        }
    }

    pub(super) fn is(&self, kind: TypeId) -> bool {
        (*self.operation).type_id() == kind
    }

    pub(super) fn operation<O: Operation>(&self) -> Option<&O> {
        self.operation.downcast_ref()
    }

    /// Returns whether both are the same request.
    pub(super) fn equals(&self, other: &Self) -> bool {
        let (Some(one), Some(other)) = (&self.request, &other.request) else {
            return false;
        };
        one.path_and_query == other.path_and_query
            && one.headers == other.headers
            && one.body == other.body
    }

    /// Returns parameters and body members by name.
    fn values(&self) -> Vec<(String, String)> {
        let Some(request) = &self.request else {
            return Vec::new();
        };
        let mut values = Vec::new();
        let mut add = |name: &str, value: &Value| {
            values.push((name.to_owned(), hidden(name, value).to_string()));
        };
        // Any host turns the rest into a URL.
        let url = Url::parse(&format!("http://mock{}", request.path_and_query));
        let template = self.info.path.split('/');
        let path = request.path_and_query.split('?').next().unwrap_or_default();
        for (name, text) in template.zip(path.split('/')) {
            let name = name
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'));
            if let Some(name) = name.filter(|_| !text.starts_with("%7B")) {
                add(name, &text.into());
            }
        }
        if let Ok(url) = url {
            for (name, text) in url.query_pairs() {
                add(&name, &text.as_ref().into());
            }
        }
        for (name, text) in &request.headers {
            if name != http::header::CONTENT_TYPE {
                add(name.as_str(), &text.to_str().unwrap_or("…").into());
            }
        }
        if let Some(body) = request.body.as_ref().and_then(Content::bytes) {
            match serde_json::from_slice(body) {
                Ok(Value::Object(members)) => {
                    members.iter().for_each(|(name, value)| add(name, value));
                }
                Ok(other) => add("body", &other),
                Err(_) => add("body", &format!("{} bytes", body.len()).into()),
            }
        }
        values
    }
}

/// Returns the JSON with its secrets replaced.
fn hidden(name: &str, value: &Value) -> Value {
    let name = name.to_ascii_lowercase().replace('-', "_");
    match value {
        _ if HIDDEN.iter().any(|part| name.contains(part)) => "…".into(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), hidden(name, value)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| hidden("", item)).collect(),
        other => other.clone(),
    }
}

/// The values by name, without secret ones.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (name, value) in self.values() {
            let separator = if text.is_empty() { "" } else { ", " };
            write!(text, "{separator}{name} = {value}")?;
        }
        f.write_str(if text.is_empty() { "nothing" } else { &text })
    }
}

/// Shows only the name of the operation.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("name", &self.info.name)
            .finish_non_exhaustive()
    }
}
