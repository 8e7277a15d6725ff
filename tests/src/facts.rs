//! What two sides say of the same operation, wherever their documents keep it, and where they differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What is compared of a schema besides its properties, its values and what is required.
const KEYWORDS: [&str; 17] = [
    "type",
    "format",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "readOnly",
    "writeOnly",
    "nullable",
];

const SCHEMAS: &str = "#/components/schemas/";

/// OpenAPI documents that refer to each other by file name.
#[derive(Debug, Default)]
pub struct Side {
    documents: BTreeMap<String, Value>,
    /// Documents and names of schemas by those of the parent that they extend.
    kinds: BTreeMap<(String, String), Vec<(String, String)>>,
}

/// A value and the document that it stands in.
#[derive(Clone, Copy, Debug)]
struct At<'a> {
    document: &'a str,
    value: &'a Value,
}

/// A part of a schema. What an alternative requires is not required of all values.
struct Part<'a> {
    at: At<'a>,
    always: bool,
}

/// An operation of a side.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    side: &'a Side,
    item: At<'a>,
    method: &'a str,
}

/// Compares operations and keeps account of the differences. A pair of schemas is compared once, wherever it is met.
#[derive(Debug, Default)]
pub struct Differences {
    /// Sentences, each with its place: a schema by its name, anything else by its operation.
    pub found: BTreeSet<String>,
    /// How many properties were compared.
    pub properties: usize,
    /// How many parameters.
    pub parameters: usize,
    /// How many statuses.
    pub statuses: usize,
    seen: BTreeSet<(Vec<usize>, Vec<usize>)>,
}

impl Side {
    /// Documents by file name.
    #[must_use]
    pub fn of(documents: BTreeMap<String, Value>) -> Self {
        let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (document, value) in &documents {
            for (name, schema) in members(&value["components"]["schemas"]) {
                for part in elements(&schema["allOf"]) {
                    let parent = part["$ref"].as_str().and_then(|it| it.split_once(SCHEMAS));
                    if let Some((file, parent)) = parent {
                        let file = if file.is_empty() { document } else { file };
                        let kind = (document.clone(), name.clone());
                        let parent = (file.to_owned(), parent.to_owned());
                        kinds.entry(parent).or_default().push(kind);
                    }
                }
            }
        }
        Self { documents, kinds }
    }

    /// All operations below `key`: `paths`, or `x-webhooks`, by method and path.
    pub fn operations<'a>(
        &'a self,
        key: &'a str,
    ) -> impl Iterator<Item = (String, Operation<'a>)> + 'a {
        self.documents.iter().flat_map(move |(document, value)| {
            members(&value[key]).flat_map(move |(path, item)| {
                let methods = ["get", "put", "post", "delete", "patch"].into_iter();
                methods
                    .filter(|method| item.get(method).is_some())
                    .map(move |method| {
                        let item = At {
                            document,
                            value: item,
                        };
                        let call = format!("{} {path}", method.to_uppercase());
                        let side = self;
                        (call, Operation { side, item, method })
                    })
            })
        })
    }

    fn target<'a>(&'a self, at: At<'a>) -> Option<At<'a>> {
        let (file, pointer) = at.value["$ref"].as_str()?.split_once('#')?;
        let document = if file.is_empty() { at.document } else { file };
        let (document, root) = self.documents.get_key_value(document)?;
        let value = root.pointer(pointer)?;
        Some(At { document, value })
    }

    /// The schemas that extend the one a reference leads to.
    fn extensions<'a>(&'a self, at: At<'a>) -> Vec<At<'a>> {
        let named = at.value["$ref"]
            .as_str()
            .and_then(|it| it.split_once(SCHEMAS));
        let Some((file, name)) = named else {
            return Vec::new();
        };
        let file = if file.is_empty() { at.document } else { file };
        let kinds = self.kinds.get(&(file.to_owned(), name.to_owned()));
        let kinds = kinds.into_iter().flatten();
        kinds
            .filter_map(|(document, name)| {
                let (document, root) = self.documents.get_key_value(document)?;
                let value = &root["components"]["schemas"][name];
                Some(At { document, value })
            })
            .collect()
    }

    fn resolved<'a>(&'a self, mut at: At<'a>) -> At<'a> {
        while let Some(target) = self.target(at) {
            at = target;
        }
        at
    }

    /// A schema, what it is made of, its alternatives and its kinds.
    fn parts<'a>(&'a self, at: At<'a>, always: bool, found: &mut Vec<Part<'a>>) {
        let target = self.resolved(at);
        if found
            .iter()
            .any(|part| std::ptr::eq(part.at.value, target.value))
        {
            return;
        }
        found.push(Part { at: target, always });
        if target.value["discriminator"].is_object() {
            for kind in self.extensions(at) {
                self.parts(kind, false, found);
            }
        }
        for (key, all) in [("allOf", true), ("oneOf", false), ("anyOf", false)] {
            for part in elements(&target.value[key]) {
                self.parts(target.with(part), always && all, found);
            }
        }
    }
}

impl<'a> At<'a> {
    fn with(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }
}

impl<'a> Operation<'a> {
    fn at(self) -> At<'a> {
        self.item.with(&self.item.value[self.method])
    }

    /// Its `operationId`.
    #[must_use]
    pub fn id(self) -> Option<&'a str> {
        self.at().value["operationId"].as_str()
    }

    /// The file that it stands in.
    #[must_use]
    pub fn document(self) -> &'a str {
        self.item.document
    }

    /// A text of its own, such as an extension.
    #[must_use]
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.at().value[key].as_str()
    }

    /// By location and name; own parameters take the place of those of the path item.
    fn parameters(self) -> BTreeMap<(&'a str, String), At<'a>> {
        let own = self.at();
        let all = [self.item.value, own.value].into_iter();
        all.flat_map(|place| elements(&place["parameters"]))
            .map(|it| self.side.resolved(self.item.with(it)))
            .filter_map(|it| {
                let place = it.value["in"].as_str()?;
                let name = it.value["name"].as_str()?;
                let name = if place == "header" {
                    name.to_ascii_lowercase()
                } else {
                    name.to_owned()
                };
                Some(((place, name), it))
            })
            .collect()
    }

    fn responses(self) -> BTreeMap<&'a str, At<'a>> {
        let own = self.at();
        members(&own.value["responses"])
            .map(|(status, it)| (status.as_str(), self.side.resolved(own.with(it))))
            .collect()
    }
}

impl Differences {
    /// Compares an operation with its counterpart.
    pub fn add(&mut self, call: &str, theirs: Operation<'_>, ours: Operation<'_>) {
        let (known, own) = (theirs.parameters(), ours.parameters());
        self.names(
            &format!("{call} parameter"),
            known.keys().map(|(place, name)| format!("{place} {name}")),
            own.keys().map(|(place, name)| format!("{place} {name}")),
        );
        for (key, parameter) in &known {
            let Some(counterpart) = own.get(key) else {
                continue;
            };
            self.parameters += 1;
            let place = format!("{call} parameter {} {}", key.0, key.1);
            let required =
                [parameter, counterpart].map(|it| it.value["required"].as_bool() == Some(true));
            self.equal(&place, "required", required[0], required[1]);
            let sides = [(theirs.side, parameter), (ours.side, counterpart)];
            let [theirs, ours] = sides.map(|(side, it)| (side, it.with(schema_of(it.value))));
            self.schema(&place, theirs, ours);
        }
        let bodies = [theirs, ours].map(|it| {
            let own = it.at();
            let body = own.with(&own.value["requestBody"]);
            (!body.value.is_null()).then(|| it.side.resolved(body))
        });
        self.equal(
            call,
            "takes a body",
            bodies[0].is_some(),
            bodies[1].is_some(),
        );
        if let [Some(body), Some(counterpart)] = bodies {
            let required =
                [body, counterpart].map(|it| it.value["required"].as_bool() == Some(true));
            self.equal(
                &format!("{call} body"),
                "required",
                required[0],
                required[1],
            );
            self.content(
                &format!("{call} body"),
                (theirs.side, body),
                (ours.side, counterpart),
            );
        }
        let (known, own) = (theirs.responses(), ours.responses());
        self.names(
            &format!("{call} status"),
            known.keys().map(|it| (*it).to_owned()),
            own.keys().map(|it| (*it).to_owned()),
        );
        for (status, response) in &known {
            let Some(counterpart) = own.get(status) else {
                continue;
            };
            self.statuses += 1;
            let place = format!("{call} {status}");
            let headers = [response, counterpart].map(|it| {
                let names = members(&it.value["headers"]).map(|(name, _)| name.to_lowercase());
                names.collect::<Vec<_>>()
            });
            let [known, own] = headers;
            self.names(&format!("{place} header"), known, own);
            self.content(&place, (theirs.side, *response), (ours.side, *counterpart));
        }
    }

    fn content<'a>(&mut self, place: &str, theirs: (&'a Side, At<'a>), ours: (&'a Side, At<'a>)) {
        let media = |at: At<'a>| -> BTreeMap<&'a str, At<'a>> {
            members(&at.value["content"])
                .map(|(media, it)| (media.as_str(), at.with(&it["schema"])))
                .collect()
        };
        let (known, own) = (media(theirs.1), media(ours.1));
        self.names(
            &format!("{place} media type"),
            known.keys().map(|it| (*it).to_owned()),
            own.keys().map(|it| (*it).to_owned()),
        );
        for (media, schema) in known {
            if let Some(counterpart) = own.get(media) {
                self.schema(place, (theirs.0, schema), (ours.0, *counterpart));
            }
        }
    }

    fn schema<'a>(&mut self, place: &str, theirs: (&'a Side, At<'a>), ours: (&'a Side, At<'a>)) {
        self.schemas(place, (theirs.0, vec![theirs.1]), (ours.0, vec![ours.1]));
    }

    /// Schemas that hold of the same value.
    fn schemas<'a>(
        &mut self,
        place: &str,
        theirs: (&'a Side, Vec<At<'a>>),
        ours: (&'a Side, Vec<At<'a>>),
    ) {
        let place = match theirs.1.as_slice() {
            [one] => name_of(*one).unwrap_or(place),
            _ => place,
        };
        let [known, own] = [&theirs, &ours].map(|(side, schemas)| {
            let mut parts = Vec::new();
            for schema in schemas {
                side.parts(*schema, true, &mut parts);
            }
            parts
        });
        let [left, right] = [&known, &own].map(|parts| {
            let mut places: Vec<usize> = parts
                .iter()
                .map(|part| std::ptr::from_ref(part.at.value).addr())
                .collect();
            places.sort_unstable();
            places
        });
        if !self.seen.insert((left, right)) {
            return;
        }
        for keyword in KEYWORDS {
            let [left, right] = [&known, &own].map(|parts| values(parts, keyword));
            self.equal(place, keyword, join(&left), join(&right));
        }
        let [left, right] = [&known, &own].map(|parts| {
            let all = parts
                .iter()
                .flat_map(|part| elements(&part.at.value["enum"]));
            all.map(text).collect::<BTreeSet<_>>()
        });
        if left.is_empty() != right.is_empty() {
            self.equal(place, "enum", join(&left), join(&right));
        } else {
            self.names(&format!("{place} value"), left, right);
        }
        let [left, right] = [&known, &own].map(|parts| {
            let strict = parts.iter().filter(|part| part.always);
            let all = strict.flat_map(|part| elements(&part.at.value["required"]));
            all.map(text).collect::<BTreeSet<_>>()
        });
        self.names(&format!("{place} required property"), left, right);
        let [left, right] = [&known, &own].map(|parts| properties(parts));
        let names = |it: &BTreeMap<&str, Vec<At<'_>>>| -> Vec<String> {
            it.keys().map(|name| (*name).to_owned()).collect()
        };
        self.names(&format!("{place} property"), names(&left), names(&right));
        for (name, schemas) in left {
            let Some(counterparts) = right.get(name) else {
                continue;
            };
            self.properties += 1;
            self.schemas(
                &format!("{place}/{name}"),
                (theirs.0, schemas),
                (ours.0, counterparts.clone()),
            );
        }
        for (keyword, sign) in [("items", "[]"), ("additionalProperties", "{}")] {
            let [left, right] = [&known, &own].map(|parts| under(parts, keyword));
            if left.is_empty() != right.is_empty() {
                let said = [!left.is_empty(), !right.is_empty()];
                self.equal(place, keyword, said[0], said[1]);
            } else if !left.is_empty() {
                self.schemas(
                    &format!("{place}/{sign}"),
                    (theirs.0, left),
                    (ours.0, right),
                );
            }
        }
    }

    fn names(
        &mut self,
        place: &str,
        theirs: impl IntoIterator<Item = String>,
        ours: impl IntoIterator<Item = String>,
    ) {
        let [theirs, ours]: [BTreeSet<String>; 2] =
            [theirs.into_iter().collect(), ours.into_iter().collect()];
        for name in theirs.difference(&ours) {
            self.found.insert(format!("{place} {name}: missing"));
        }
        for name in ours.difference(&theirs) {
            self.found.insert(format!("{place} {name}: added"));
        }
    }

    fn equal<T: PartialEq + std::fmt::Display>(
        &mut self,
        place: &str,
        what: &str,
        theirs: T,
        ours: T,
    ) {
        if theirs != ours {
            self.found
                .insert(format!("{place} {what}: {ours}, the facts say {theirs}"));
        }
    }
}

/// Whether a line of a reviewed list stands for a difference: `*` is any text.
#[must_use]
pub fn stands_for(line: &str, difference: &str) -> bool {
    let mut rest = difference;
    let mut pieces = line.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(after) = rest.strip_prefix(first) else {
        return false;
    };
    rest = after;
    let mut last = None;
    for piece in pieces {
        if let Some(middle) = last.replace(piece) {
            match rest.find(middle) {
                Some(at) => rest = &rest[at + middle.len()..],
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |end| rest.ends_with(end))
}

/// The name of the schema that a reference leads to.
fn name_of(at: At<'_>) -> Option<&str> {
    let reference = at.value["$ref"].as_str()?;
    reference.split_once(SCHEMAS).map(|it| it.1)
}

fn values(parts: &[Part<'_>], keyword: &str) -> BTreeSet<String> {
    let said = parts.iter().map(|part| &part.at.value[keyword]);
    let mut said: BTreeSet<String> = said.filter(|it| !it.is_null()).map(text).collect();
    if keyword == "type" && said.is_empty() {
        let has = |keyword: &str| parts.iter().any(|part| part.at.value[keyword].is_object());
        said.extend(has("properties").then(|| "object".to_owned()));
        said.extend(has("items").then(|| "array".to_owned()));
    }
    // What is so anyway need not be said.
    let plain = match keyword {
        "readOnly" | "writeOnly" | "nullable" => "false",
        _ => "",
    };
    said.remove(plain);
    said
}

fn properties<'a>(parts: &[Part<'a>]) -> BTreeMap<&'a str, Vec<At<'a>>> {
    let mut found: BTreeMap<&str, Vec<At<'_>>> = BTreeMap::new();
    for part in parts {
        for (name, schema) in members(&part.at.value["properties"]) {
            found.entry(name).or_default().push(part.at.with(schema));
        }
    }
    found
}

fn under<'a>(parts: &[Part<'a>], keyword: &str) -> Vec<At<'a>> {
    let all = parts
        .iter()
        .map(|part| part.at.with(&part.at.value[keyword]));
    // `true` and `{}` say the same, and so does a note.
    all.filter(|inner| members(inner.value).any(|(key, _)| !key.starts_with("x-")))
        .collect()
}

fn schema_of(parameter: &Value) -> &Value {
    let content = members(&parameter["content"]).next();
    content.map_or(&parameter["schema"], |(_, content)| &content["schema"])
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn join(values: &BTreeSet<String>) -> String {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    if values.is_empty() {
        "nothing".to_owned()
    } else {
        values.join(", ")
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
