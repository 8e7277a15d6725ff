//! What a mock server leaves unchecked in a request: parameters that the document does not have, JSON inside of a query
//! parameter, fields that the body may not have or that are the server's to set.

mod schema;

use serde_json::Value;

use crate::recorder::Recorded;

/// An OpenAPI 3.0 document to check requests against.
#[derive(Debug)]
pub struct Document {
    value: Value,
}

/// An operation of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In capitals.
    pub method: String,
    /// With its placeholders.
    pub path: String,
}

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Document {
    /// Reads a document, YAML or JSON.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { value })
    }

    /// A document that has been read.
    pub fn of(value: Value) -> Self {
        Self { value }
    }

    /// Every operation.
    pub fn operations(&self) -> Vec<Place> {
        let items = self.value["paths"].as_object().into_iter().flatten();
        items
            .flat_map(|(path, item)| {
                let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
                methods.map(|method| Place {
                    method: method.to_ascii_uppercase(),
                    path: path.clone(),
                })
            })
            .collect()
    }

    /// The statuses that an operation names, `default` among them.
    pub fn statuses(&self, place: &Place) -> Vec<String> {
        let responses = self.operation(place)["responses"].as_object();
        responses
            .into_iter()
            .flatten()
            .map(|(status, _)| status.clone())
            .collect()
    }

    /// The operation that a request is for.
    pub fn place(&self, request: &Recorded) -> Option<Place> {
        let path = request.target.split('?').next().unwrap_or_default();
        let fits = |place: &Place| {
            let (template, path) = (place.path.split('/'), path.split('/'));
            place.method == request.method
                && template.clone().count() == path.clone().count()
                && template.zip(path).all(|(part, given)| {
                    if is_placeholder(part) {
                        !given.is_empty()
                    } else {
                        part == given
                    }
                })
        };
        let fitting = self.operations().into_iter().filter(fits);
        // Of `/a/{id}` and `/a/all` the latter is meant.
        fitting.min_by_key(|place| {
            place
                .path
                .split('/')
                .filter(|part| is_placeholder(part))
                .count()
        })
    }

    /// Everything that is wrong with a request.
    pub fn check(&self, request: &Recorded) -> Vec<String> {
        let Some(place) = self.place(request) else {
            return vec![format!(
                "{} {}: no such operation",
                request.method, request.target
            )];
        };
        let mut wrong = Vec::new();
        self.check_query(&place, request, &mut wrong);
        self.check_body(&place, request, &mut wrong);
        wrong
            .iter()
            .map(|what| format!("{} {}: {what}", place.method, place.path))
            .collect()
    }

    /// Query parameters, and fields at the top of the body, that the document has and a request does not use.
    pub fn unused(&self, request: &Recorded) -> Vec<String> {
        let Some(place) = self.place(request) else {
            return Vec::new();
        };
        let pairs: Vec<_> = pairs(request).collect();
        let parameters = self.parameters(&place).into_iter();
        let parameters = parameters.filter(|parameter| parameter["in"] == "query");
        let parameters = parameters
            .filter(|parameter| !pairs.iter().any(|(name, _)| self.names(parameter, name)))
            .filter_map(|parameter| parameter["name"].as_str());
        let body = self.resolve(&self.operation(&place)["requestBody"]);
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let mut fields = Vec::new();
        self.fields(&body["content"]["application/json"]["schema"], &mut fields);
        let fields = fields.into_iter().filter(|name| sent.get(name).is_none());
        parameters.chain(fields).map(str::to_owned).collect()
    }

    fn fields<'a>(&'a self, schema: &'a Value, found: &mut Vec<&'a str>) {
        let schema = self.resolve(schema);
        let own = schema["properties"].as_object().into_iter().flatten();
        found.extend(
            own.filter(|(_, schema)| self.resolve(schema)["readOnly"] != true)
                .map(|(name, _)| name.as_str()),
        );
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.fields(part, found);
        }
    }

    fn check_query(&self, place: &Place, request: &Recorded, wrong: &mut Vec<String>) {
        let pairs: Vec<_> = pairs(request).collect();
        let parameters: Vec<&Value> = self.parameters(place);
        for (index, (name, value)) in pairs.iter().enumerate() {
            let Some(parameter) = parameters
                .iter()
                .find(|parameter| self.names(parameter, name))
            else {
                wrong.push(format!("query parameter {name:?} is not in the document"));
                continue;
            };
            if pairs[..index].iter().any(|(other, _)| other == name) && !self.repeats(parameter) {
                wrong.push(format!("query parameter {name:?} is sent twice"));
            }
            if let Some(schema) = parameter
                .get("content")
                .and_then(|content| content.get("application/json"))
            {
                match serde_json::from_str(value) {
                    Ok(value) => {
                        let found = schema::violations(&self.value, &schema["schema"], &value);
                        wrong.extend(
                            found
                                .into_iter()
                                .map(|what| format!("query parameter {name:?}: {what}")),
                        );
                    }
                    Err(error) => {
                        wrong.push(format!("query parameter {name:?} is no JSON: {error}"))
                    }
                }
            }
        }
        for parameter in parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
        {
            if !pairs.iter().any(|(name, _)| self.names(parameter, name)) {
                wrong.push(format!("query parameter {} is missing", parameter["name"]));
            }
        }
    }

    fn check_body(&self, place: &Place, request: &Recorded, wrong: &mut Vec<String>) {
        let body = self.resolve(&self.operation(place)["requestBody"]);
        let Some(content) = body["content"].as_object() else {
            if !request.body.is_empty() {
                wrong.push("a body where the document has none".to_owned());
            }
            return;
        };
        if request.body.is_empty() {
            if body["required"] == true {
                wrong.push("the body is missing".to_owned());
            }
            return;
        }
        let media = request.header("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        let Some(described) = content.get(media) else {
            wrong.push(format!(
                "the body is {media:?}, the document has {:?}",
                content.keys().collect::<Vec<_>>()
            ));
            return;
        };
        if media.ends_with("json") {
            match serde_json::from_slice(&request.body) {
                Ok(value) => {
                    let found = schema::violations(&self.value, &described["schema"], &value);
                    wrong.extend(found.into_iter().map(|what| format!("body: {what}")));
                }
                Err(error) => wrong.push(format!("the body is no JSON: {error}")),
            }
        }
    }

    fn operation(&self, place: &Place) -> &Value {
        &self.value["paths"][&place.path][place.method.to_ascii_lowercase()]
    }

    /// The parameters of an operation; its own come before those of its path, so that they are found first.
    fn parameters(&self, place: &Place) -> Vec<&Value> {
        let own = &self.operation(place)["parameters"];
        let shared = &self.value["paths"][&place.path]["parameters"];
        [own, shared]
            .into_iter()
            .filter_map(Value::as_array)
            .flatten()
            .map(|value| self.resolve(value))
            .collect()
    }

    /// Whether a query parameter may go by this name.
    fn names(&self, parameter: &Value, name: &str) -> bool {
        if parameter["in"] != "query" {
            return false;
        }
        let own = parameter["name"].as_str().unwrap_or_default();
        let schema = self.resolve(&parameter["schema"]);
        let has = |property: &str| schema["properties"].get(property).is_some();
        match (schema["type"] == "object", parameter["style"].as_str()) {
            (true, Some("deepObject")) => {
                let inner = name
                    .strip_prefix(own)
                    .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
                inner.is_some_and(has)
            }
            (true, _) if parameter["explode"] != false => has(name),
            _ => own == name,
        }
    }

    /// Whether a query parameter is sent once for each of several values.
    fn repeats(&self, parameter: &Value) -> bool {
        self.resolve(&parameter["schema"])["type"] == "array" && parameter["explode"] != false
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"]
            .as_str()
            .and_then(|target| self.value.pointer(target.strip_prefix('#')?))
        {
            Some(target) => self.resolve(target),
            None => value,
        }
    }
}

fn pairs(request: &Recorded) -> impl Iterator<Item = (String, String)> + '_ {
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned()
}

fn is_placeholder(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests;
