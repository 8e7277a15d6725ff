//! What one document describes and another does not, whichever schemas they have moved it to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const SCHEMAS: &str = "#/components/schemas/";

/// Deep enough for any document that does not go in circles; those that do are cut off.
const DEEPEST: usize = 40;

/// An OpenAPI 3 document that refers to nothing but itself.
#[derive(Debug)]
pub struct Side<'a> {
    document: &'a Value,
    /// Schemas by the parent that they extend.
    kinds: BTreeMap<&'a str, Vec<(&'a str, &'a Value)>>,
}

/// An operation, or a call that a document's owner makes to others.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    side: &'a Side<'a>,
    item: &'a Value,
    operation: &'a Value,
}

/// What was looked for, and what of it is not there.
#[derive(Debug, Default)]
pub struct Comparison {
    /// How many parameters.
    pub parameters: usize,
    /// How many bodies, by status and media type.
    pub bodies: usize,
    /// How many properties, each wherever it can be met.
    pub properties: usize,
    /// How many values of enums, the same.
    pub values: usize,
    /// Names of whatever is there.
    pub found: BTreeSet<String>,
    /// Where, and what.
    pub missing: BTreeSet<(String, String)>,
    /// Schemas of theirs that were met.
    pub reached: BTreeSet<String>,
}

impl<'a> Side<'a> {
    /// Looks through a document.
    #[must_use]
    pub fn of(document: &'a Value) -> Self {
        let mut kinds: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
        for (name, schema) in members(&document["components"]["schemas"]) {
            for part in elements(&schema["allOf"]) {
                if let Some(parent) = part["$ref"].as_str() {
                    kinds.entry(parent).or_default().push((name, schema));
                }
            }
        }
        Self { document, kinds }
    }

    /// All of it.
    #[must_use]
    pub fn document(&self) -> &'a Value {
        self.document
    }

    /// The operation of a path item.
    #[must_use]
    pub fn described(&'a self, item: &'a Value, method: &str) -> Described<'a> {
        Described {
            side: self,
            item,
            operation: &item[method],
        }
    }

    fn resolve(&self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..DEEPEST {
            match self.target(value) {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    fn target(&self, value: &'a Value) -> Option<&'a Value> {
        self.document
            .pointer(value["$ref"].as_str()?.strip_prefix('#')?)
    }

    /// The plain schemas that a schema consists of: its parts, its alternatives, and what extends it.
    fn parts(&self, schema: &'a Value, found: &mut Vec<&'a Value>, reached: &mut BTreeSet<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            reached.extend(reference.strip_prefix(SCHEMAS).map(str::to_owned));
            let Some(target) = self.target(schema) else {
                return;
            };
            self.parts(target, found, reached);
            if target["discriminator"].is_object() {
                for (name, kind) in self.kinds.get(reference).into_iter().flatten() {
                    reached.insert((*name).to_owned());
                    self.parts(kind, found, reached);
                }
            }
            return;
        }
        if found.iter().any(|other| std::ptr::eq(*other, schema)) {
            return;
        }
        found.push(schema);
        for key in ["allOf", "oneOf", "anyOf"] {
            elements(&schema[key]).for_each(|part| self.parts(part, found, reached));
        }
    }
}

impl<'a> Described<'a> {
    /// Own parameters take the place of those of the path item.
    fn parameters(self) -> BTreeMap<(&'a str, &'a str), &'a Value> {
        let all = [self.item, self.operation].into_iter();
        all.flat_map(|place| elements(&place["parameters"]))
            .map(|parameter| self.side.resolve(parameter))
            .filter_map(|it| Some(((it["in"].as_str()?, it["name"].as_str()?), it)))
            .collect()
    }

    /// By `request` or the status, and the media type.
    fn bodies(self) -> BTreeMap<(&'a str, &'a str), &'a Value> {
        let request = ("request", &self.operation["requestBody"]);
        let responses = members(&self.operation["responses"]);
        let all =
            std::iter::once(request).chain(responses.map(|(status, it)| (status.as_str(), it)));
        all.flat_map(|(place, body)| {
            let content = members(&self.side.resolve(body)["content"]);
            content.map(move |(media, body)| ((place, media.as_str()), &body["schema"]))
        })
        .collect()
    }
}

impl Comparison {
    /// Looks for everything of `theirs` in `ours`.
    pub fn add(&mut self, call: &str, theirs: Described<'_>, ours: Described<'_>) {
        let known = ours.parameters();
        for ((kind, name), parameter) in theirs.parameters() {
            self.parameters += 1;
            let place = format!("{call} {kind}");
            let Some(counterpart) = known.get(&(kind, name)) else {
                self.missing.insert((place, name.to_owned()));
                continue;
            };
            match kind {
                // It stands in the template of a path.
                "path" => {}
                // It may be written in small letters.
                "header" => drop(self.found.insert(name.to_ascii_lowercase())),
                _ => drop(self.found.insert(name.to_owned())),
            }
            let pair = Pair {
                theirs: (theirs.side, vec![schema_of(parameter)]),
                ours: (ours.side, vec![schema_of(counterpart)]),
            };
            self.schemas(&format!("{place} {name}"), &pair, 0);
        }
        let known = ours.bodies();
        for ((place, media), schema) in theirs.bodies() {
            self.bodies += 1;
            let place = format!("{call} {place}");
            let Some(counterpart) = known.get(&(place_of(&place), media)) else {
                self.missing.insert((place, media.to_owned()));
                continue;
            };
            let pair = Pair {
                theirs: (theirs.side, vec![schema]),
                ours: (ours.side, vec![counterpart]),
            };
            self.schemas(&place, &pair, 0);
        }
    }

    fn schemas(&mut self, place: &str, pair: &Pair<'_>, depth: usize) {
        if depth == DEEPEST {
            return;
        }
        let theirs = pair.theirs_in_parts(&mut self.reached);
        let ours = pair.ours_in_parts();
        let known: Vec<&Value> = (ours.iter())
            .flat_map(|part| elements(&part["enum"]))
            .collect();
        let mut values: Vec<&Value> = Vec::new();
        for value in theirs.iter().flat_map(|part| elements(&part["enum"])) {
            if values.contains(&value) {
                continue;
            }
            values.push(value);
            self.values += 1;
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            if !known.contains(&value) {
                self.missing.insert((place.to_owned(), text));
            } else if value.is_string() {
                self.found.insert(text);
            }
        }
        let known = properties(&ours);
        for (name, schemas) in properties(&theirs) {
            self.properties += 1;
            let Some(counterparts) = known.get(name) else {
                self.missing.insert((place.to_owned(), name.to_owned()));
                continue;
            };
            self.found.insert(name.to_owned());
            let pair = Pair {
                theirs: (pair.theirs.0, schemas),
                ours: (pair.ours.0, counterparts.clone()),
            };
            self.schemas(&format!("{place}/{name}"), &pair, depth + 1);
        }
        for (keyword, sign) in [("items", "[]"), ("additionalProperties", "{}")] {
            let theirs = under(&theirs, keyword);
            let ours = under(&ours, keyword);
            if theirs.is_empty() {
                continue;
            }
            let place = format!("{place}/{sign}");
            if ours.is_empty() {
                self.missing.insert((place, keyword.to_owned()));
                continue;
            }
            let pair = Pair {
                theirs: (pair.theirs.0, theirs),
                ours: (pair.ours.0, ours),
            };
            self.schemas(&place, &pair, depth + 1);
        }
    }
}

/// What stands at the same place in both documents.
struct Pair<'a> {
    theirs: (&'a Side<'a>, Vec<&'a Value>),
    ours: (&'a Side<'a>, Vec<&'a Value>),
}

impl<'a> Pair<'a> {
    fn theirs_in_parts(&self, reached: &mut BTreeSet<String>) -> Vec<&'a Value> {
        in_parts(&self.theirs, reached)
    }

    fn ours_in_parts(&self) -> Vec<&'a Value> {
        in_parts(&self.ours, &mut BTreeSet::new())
    }
}

fn in_parts<'a>(
    (side, schemas): &(&'a Side<'a>, Vec<&'a Value>),
    reached: &mut BTreeSet<String>,
) -> Vec<&'a Value> {
    let mut found = Vec::new();
    for schema in schemas {
        side.parts(schema, &mut found, reached);
    }
    found
}

fn properties<'a>(parts: &[&'a Value]) -> BTreeMap<&'a str, Vec<&'a Value>> {
    let mut found: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for (name, schema) in parts.iter().flat_map(|part| members(&part["properties"])) {
        found.entry(name).or_default().push(schema);
    }
    found
}

fn under<'a>(parts: &[&'a Value], keyword: &str) -> Vec<&'a Value> {
    let all = parts.iter().map(|part| &part[keyword]);
    all.filter(|inner| inner.is_object()).collect()
}

fn schema_of(parameter: &Value) -> &Value {
    let content = members(&parameter["content"]).next();
    content.map_or(&parameter["schema"], |(_, content)| &content["schema"])
}

/// `post /pets request` ends with it.
fn place_of(place: &str) -> &str {
    place.rsplit(' ').next().unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compared(theirs: &Value, ours: &Value) -> Comparison {
        let document = |parameters: &Value, schema: &Value, schemas: &Value| {
            let body = json!({ "content": { "application/json": { "schema": schema } } });
            let call = json!({ "parameters": parameters, "requestBody": body });
            json!({ "paths": { "/a": { "post": call } }, "components": { "schemas": schemas } })
        };
        let [theirs, ours] = [theirs, ours].map(|it| document(&it[0], &it[1], &it[2]));
        let (theirs, ours) = (Side::of(&theirs), Side::of(&ours));
        let [theirs, ours] =
            [&theirs, &ours].map(|side| side.described(&side.document["paths"]["/a"], "post"));
        let mut comparison = Comparison::default();
        comparison.add("post /a", theirs, ours);
        comparison
    }

    #[test]
    fn what_moved_to_another_schema_is_there() {
        let card = json!({ "properties": { "brand": { "enum": ["A", "B"] } } });
        let theirs = json!([[], { "properties": { "card": card } }, {}]);
        let schemas = json!({
            "Card": { "allOf": [{ "$ref": "#/components/schemas/Brand" }] },
            "Brand": card,
        });
        let card = json!({ "$ref": "#/components/schemas/Card" });
        let ours = json!([[], { "allOf": [{ "properties": { "card": card } }] }, schemas]);
        let comparison = compared(&theirs, &ours);
        assert_eq!(comparison.missing, BTreeSet::new());
        assert_eq!((comparison.properties, comparison.values), (2, 2));
        let found = ["A", "B", "brand", "card"].map(str::to_owned);
        assert_eq!(comparison.found, found.into());
    }

    #[test]
    fn what_is_missing_is_told_with_its_place() {
        let kinds = json!({
            "Pet": { "discriminator": { "propertyName": "kind" }, "properties": { "kind": {} } },
            "Cat": { "allOf": [
                { "$ref": "#/components/schemas/Pet" },
                { "properties": { "lives": { "items": { "enum": [9, 7] } } } },
            ] },
        });
        let pet = json!({ "$ref": "#/components/schemas/Pet" });
        let theirs = json!([[{ "in": "query", "name": "q" }], pet, kinds]);
        let ours = json!([[], { "properties": { "lives": { "items": { "enum": [9] } } } }, {}]);
        let comparison = compared(&theirs, &ours);
        let missing = [
            ("post /a query", "q"),
            ("post /a request", "kind"),
            ("post /a request/lives/[]", "7"),
        ];
        let missing = missing.map(|(place, name)| (place.to_owned(), name.to_owned()));
        assert_eq!(comparison.missing, missing.into());
        assert!(comparison.reached.contains("Cat"));
    }
}
