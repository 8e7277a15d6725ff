//! The operations of Dintero's documents, and whether requests and responses match them.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use jsonschema::{Registry, Validator};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::request::Request;

/// Each document, as `cargo xtask codegen` writes it.
const DOCUMENTS: [(&str, &str); 16] = [
    ("billing", include_str!("contract/billing.json")),
    ("checkout", include_str!("contract/checkout.json")),
    (
        "checkout_gateway",
        include_str!("contract/checkout_gateway.json"),
    ),
    ("customers", include_str!("contract/customers.json")),
    ("discounts", include_str!("contract/discounts.json")),
    ("hooks", include_str!("contract/hooks.json")),
    ("insight", include_str!("contract/insight.json")),
    ("ledger", include_str!("contract/ledger.json")),
    ("management", include_str!("contract/management.json")),
    ("orders", include_str!("contract/orders.json")),
    ("payments", include_str!("contract/payments.json")),
    ("payout_admin", include_str!("contract/payout_admin.json")),
    ("products", include_str!("contract/products.json")),
    ("receipts", include_str!("contract/receipts.json")),
    ("reports", include_str!("contract/reports.json")),
    ("wallets", include_str!("contract/wallets.json")),
];

const JSON: &str = "application/json";

/// The largest amount, in minor units: sums of a body of them are numbers, too.
const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// An operation of a document.
#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    /// `payments.capture_transaction`, as in the errors of the crate `dintero`.
    pub(crate) name: String,
    pub(crate) method: String,
    /// With the path of the base URL: `/v1/transactions/{id}/capture`.
    pub(crate) path: String,
    /// Alternatives, each a list of `bearer`, `basic` or `header:<name>`; none: no credentials.
    pub(crate) security: Vec<Vec<String>>,
    /// A token needs one of them.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    parameters: Vec<Parameter>,
    body: Option<Body>,
    responses: Map<String, Value>,
    #[serde(skip)]
    document: usize,
    #[serde(skip)]
    index: usize,
    #[serde(skip)]
    checks: Checks,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    name: String,
    r#in: String,
    /// `string`, `integer`, …; null without a type.
    kind: Value,
    #[serde(default)]
    required: bool,
    explode: Option<bool>,
    style: Option<String>,
    /// Its value is JSON text.
    #[serde(default)]
    json: bool,
}

#[derive(Debug, Deserialize)]
struct Body {
    required: bool,
    content: Map<String, Value>,
}

/// Compiled when first used: most runs use few of the operations.
#[derive(Debug, Default)]
struct Checks {
    body: OnceLock<Option<Validator>>,
    parameters: OnceLock<Vec<Option<Validator>>>,
    responses: OnceLock<Vec<(String, Option<Validator>)>>,
}

/// A part of a request that does not match its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// `body.order.amount`, `query.limit`
    pub(crate) place: String,
    pub(crate) message: String,
}

struct Contract {
    operations: Vec<Operation>,
    registry: Registry<'static>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let mut operations = Vec::new();
    let mut resources = Vec::new();
    for (document, (name, text)) in DOCUMENTS.iter().enumerate() {
        #[derive(Deserialize)]
        struct Read {
            operations: Vec<Operation>,
        }
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            continue;
        };
        if let Ok(read) = Read::deserialize(&value) {
            for (index, operation) in read.operations.into_iter().enumerate() {
                operations.push(Operation {
                    document,
                    index,
                    ..operation
                });
            }
        }
        for (scheme, mut value) in [("request", value.clone()), ("response", value)] {
            let unsent = if scheme == "request" {
                "readOnly"
            } else {
                "writeOnly"
            };
            do_not_require(&mut value, unsent);
            let resource = jsonschema::Draft::Draft202012.create_resource(value);
            resources.push((format!("{scheme}:/{name}"), resource));
        }
    }
    // The texts are generated and a test reads all of them.
    #[allow(clippy::expect_used, reason = "a test reads all documents")]
    let registry = (Registry::new().extend(resources))
        .and_then(jsonschema::RegistryBuilder::prepare)
        .expect("the documents are valid");
    Contract {
        operations,
        registry,
    }
});

/// Removes members that are not sent in this direction from the required ones.
fn do_not_require(schema: &mut Value, keyword: &str) {
    match schema {
        Value::Object(members) => {
            let unsent: Vec<String> = (members.get("properties").and_then(Value::as_object))
                .into_iter()
                .flatten()
                .filter(|(_, property)| property[keyword] == true)
                .map(|(name, _)| name.clone())
                .collect();
            if let Some(Value::Array(required)) = members.get_mut("required") {
                required.retain(|name| !unsent.iter().any(|unsent| *name == **unsent));
            }
            (members.values_mut()).for_each(|value| do_not_require(value, keyword));
        }
        Value::Array(items) => {
            (items.iter_mut()).for_each(|value| do_not_require(value, keyword));
        }
        _ => {}
    }
}

/// Every operation of every document.
pub(crate) fn operations() -> &'static [Operation] {
    &CONTRACT.operations
}

/// Returns why a body that a merchant sends does not match a schema of the payments document.
pub(crate) fn merchant_violation(schema: &str, value: &Value) -> Option<String> {
    let check = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_registry(&CONTRACT.registry)
        .build(&json!({ "$ref": format!("request:/payments#/schemas/{schema}") }));
    let check = check.ok()?;
    let error = check.iter_errors(value).next()?;
    Some(format!("{}: {error}", error.instance_path()))
}

impl Operation {
    fn validator(&self, scheme: &str, pointer: &str) -> Option<Validator> {
        let (document, _) = DOCUMENTS.get(self.document)?;
        let target = format!("{scheme}:/{document}#/operations/{}/{pointer}", self.index);
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .with_registry(&CONTRACT.registry)
            .build(&json!({ "$ref": target }))
            .ok()
    }

    /// Whether its body is JSON.
    pub(crate) fn takes_json(&self) -> bool {
        let content = self.body.as_ref().map(|body| &body.content);
        content.is_some_and(|content| content.contains_key(JSON))
    }

    /// Returns what in a request does not match the document.
    pub(crate) fn violations(&self, request: &Request) -> Vec<Violation> {
        let mut found = self.parameter_violations(request);
        if let Some(body) = &self.body {
            self.body_violations(body, &request.body, &mut found);
        }
        found
    }

    fn body_violations(&self, body: &Body, bytes: &Bytes, found: &mut Vec<Violation>) {
        let wrong = |message: &str| Violation {
            place: "body".to_owned(),
            message: message.to_owned(),
        };
        if bytes.is_empty() {
            if body.required {
                found.push(wrong("is required"));
            }
            return;
        }
        if !self.takes_json() {
            return;
        }
        let value: Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => {
                found.push(wrong(&format!("is not JSON: {error}")));
                return;
            }
        };
        amount_violations(&value, "body", found);
        let check = (self.checks.body)
            .get_or_init(|| self.validator("request", "body/content/application~1json"));
        if let Some(check) = check {
            for error in check.iter_errors(&value).take(20) {
                let path = error.instance_path().to_string();
                found.push(Violation {
                    place: format!("body{}", path.replace('/', ".")),
                    message: error.masked().to_string(),
                });
            }
        }
    }

    fn parameter_violations(&self, request: &Request) -> Vec<Violation> {
        let checks = self.checks.parameters.get_or_init(|| {
            (0..self.parameters.len())
                .map(|index| self.validator("request", &format!("parameters/{index}/schema")))
                .collect()
        });
        let mut found = Vec::new();
        for (parameter, check) in self.parameters.iter().zip(checks) {
            let place = format!("{}.{}", parameter.r#in, parameter.name);
            let given = parameter.given(request);
            if given.is_empty() {
                if parameter.required {
                    let message = "is required".to_owned();
                    found.push(Violation { place, message });
                }
                continue;
            }
            let message = match (parameter.value(&given), check) {
                (Err(message), _) => message,
                (Ok(value), Some(check)) => match check.validate(&value) {
                    Ok(()) => continue,
                    Err(error) => error.masked().to_string(),
                },
                (Ok(_), None) => continue,
            };
            found.push(Violation { place, message });
        }
        found
    }

    /// Returns why a response does not match the document.
    pub(crate) fn response_violation(
        &self,
        status: u16,
        media_type: Option<&str>,
        body: &[u8],
    ) -> Option<String> {
        let keys = [
            status.to_string(),
            format!("{}XX", status / 100),
            "default".to_owned(),
        ];
        let Some(key) = keys.iter().find(|key| self.responses.contains_key(*key)) else {
            // Errors that every operation can have are not documented for each.
            let is_common = matches!(status, 400 | 401 | 403 | 404 | 405 | 415 | 429 | 500..);
            return (!is_common).then(|| format!("status {status} is not documented"));
        };
        let content = self.responses.get(key)?;
        if body.is_empty() {
            return None;
        }
        let media_type = media_type.unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if media_type != JSON || content.get(JSON).is_none() {
            return None;
        }
        // Any bytes, such as a file that is JSON itself.
        if content[JSON]["format"] == "binary" {
            return None;
        }
        let checks = self.checks.responses.get_or_init(|| {
            (self.responses.iter())
                .filter(|(_, content)| content.get(JSON).is_some())
                .map(|(key, _)| {
                    let pointer = format!("responses/{key}/application~1json");
                    (key.clone(), self.validator("response", &pointer))
                })
                .collect()
        });
        let (_, check) = checks.iter().find(|(known, _)| known == key)?;
        let value: Value = match serde_json::from_slice(body) {
            Ok(value) => value,
            Err(error) => return Some(format!("the body is not JSON: {error}")),
        };
        let errors: Vec<String> = (check.as_ref()?.iter_errors(&value).take(5))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        (!errors.is_empty()).then(|| errors.join("; "))
    }
}

/// Adds the amounts of a body that are too large.
fn amount_violations(value: &Value, place: &str, found: &mut Vec<Violation>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => (members.iter())
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => (items.iter().enumerate())
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => return,
    };
    for (name, value) in members {
        let place = format!("{place}.{name}");
        let is_amount = name == "amount" || name.ends_with("_amount");
        let is_small = |number: &serde_json::Number| {
            let amount = number.as_f64().unwrap_or(f64::INFINITY).abs();
            #[allow(clippy::cast_precision_loss, reason = "it is a round number")]
            let limit = MAX_AMOUNT as f64;
            amount <= limit
        };
        match value {
            Value::Number(number) if is_amount && !is_small(number) => {
                let message = format!("is beyond {MAX_AMOUNT}, the largest amount of the sandbox");
                found.push(Violation { place, message });
            }
            value => amount_violations(value, &place, found),
        }
        if found.len() >= 20 {
            return;
        }
    }
}

impl Parameter {
    /// The texts of a parameter in a request; none if it is absent.
    fn given<'r>(&self, request: &'r Request) -> Vec<Cow<'r, str>> {
        match &*self.r#in {
            "path" => (request.path_value(&self.name).into_iter())
                .map(Cow::Borrowed)
                .collect(),
            "query" => request
                .query_values(&self.name)
                .map(Cow::Borrowed)
                .collect(),
            "header" => (request.headers.get_all(&self.name).iter())
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn value(&self, given: &[Cow<'_, str>]) -> Result<Value, String> {
        if self.json {
            return serde_json::from_str(&given[0])
                .map_err(|error| format!("is not JSON: {error}"));
        }
        if self.kind == "array" {
            let separated = self.explode == Some(false) || self.r#in != "query";
            let separator = match self.style.as_deref() {
                Some("spaceDelimited") => ' ',
                Some("pipeDelimited") => '|',
                _ => ',',
            };
            let items: Vec<Value> = (given.iter())
                .flat_map(|text| match separated {
                    true => text.split(separator).map(str::trim).collect(),
                    false => vec![&**text],
                })
                .map(Value::from)
                .collect();
            return Ok(items.into());
        }
        let [text] = given else {
            return Err("is given more than once".to_owned());
        };
        Ok(match self.kind.as_str() {
            Some("integer") => (text.parse::<i64>())
                .map_err(|_| "is not a whole number".to_owned())?
                .into(),
            Some("number") => serde_json::from_str::<serde_json::Number>(text)
                .map_err(|_| "is not a number".to_owned())?
                .into(),
            Some("boolean") => match &**text {
                "true" => true.into(),
                "false" => false.into(),
                _ => return Err("is neither `true` nor `false`".to_owned()),
            },
            // Objects in parameters are read by their operations.
            _ => Value::from(&**text),
        })
    }
}
