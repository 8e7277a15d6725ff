//! The examples that a document gives, and where a value can have them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::schema::{Schemas, Site, escape, members};

/// Objects whose members are called what the document likes.
const FREE: [&str; 9] = [
    "callbacks",
    "content",
    "headers",
    "parameters",
    "properties",
    "responses",
    "schemas",
    "requestBodies",
    "x-webhooks",
];

/// An example.
pub(crate) struct Example<'d> {
    /// The schema that it is an example of.
    pub(crate) schema: String,
    pub(crate) value: &'d Value,
    /// Whether it is the whole of a body.
    pub(crate) is_body: bool,
}

/// The examples of a document.
#[derive(Default)]
pub(crate) struct Examples<'d> {
    pub(crate) found: Vec<Example<'d>>,
    /// Of parameters and headers, which are no JSON.
    pub(crate) of_parameters: usize,
    /// Of bodies that are no JSON.
    pub(crate) of_others: usize,
}

impl<'d> Examples<'d> {
    /// All of a document but for those of schemas that other documents have.
    pub(crate) fn of(document: &'d Value, foreign: &BTreeSet<String>) -> Self {
        let mut examples = Self::default();
        for (key, part) in members(document) {
            if key != "components" {
                let free = FREE.contains(&key.as_str()) || key == "paths";
                examples.walk(part, &format!("/{}", escape(key)), "", free);
            }
        }
        for (key, part) in members(&document["components"]) {
            for (name, part) in members(part) {
                if key != "schemas" || !foreign.contains(name) {
                    let at = format!("/components/{key}/{}", escape(name));
                    examples.walk(part, &at, key, false);
                }
            }
        }
        examples
    }

    /// `inside` is the member that the node stands in; `free` says that its own members are called anything.
    fn walk(&mut self, node: &'d Value, at: &str, inside: &str, free: bool) {
        if !free {
            let several = members(&node["examples"]).map(|(_, example)| &example["value"]);
            for value in node.get("example").into_iter().chain(several) {
                self.add(value, at, inside);
            }
        }
        for (index, item) in node.as_array().into_iter().flatten().enumerate() {
            self.walk(item, &format!("{at}/{index}"), inside, false);
        }
        let own = at.rsplit('/').next().unwrap_or_default();
        for (key, member) in members(node) {
            let data = ["example", "examples", "default", "enum"].contains(&key.as_str());
            if !free && (data || key.starts_with("x-")) {
                continue;
            }
            let at = format!("{at}/{}", escape(key));
            let inside = if free { own } else { inside };
            self.walk(member, &at, inside, !free && FREE.contains(&key.as_str()));
        }
    }

    fn add(&mut self, value: &'d Value, at: &str, inside: &str) {
        let is_of = |folder: &str| at.contains(&format!("/{folder}/"));
        let is_data = ["schemas", "properties", "requestBody", "requestBodies"].map(is_of);
        if !is_data.contains(&true) && (is_of("parameters") || is_of("headers")) {
            self.of_parameters += 1;
            return;
        }
        if inside != "content" {
            let schema = at.to_owned();
            let is_body = false;
            return self.found.push(Example {
                schema,
                value,
                is_body,
            });
        }
        if !at.ends_with("json") {
            self.of_others += 1;
            return;
        }
        self.found.push(Example {
            schema: format!("{at}/schema"),
            value,
            is_body: true,
        });
    }
}

/// Where the values of a schema stand that have this or that schema as a part: JSON pointers, by the place of the part.
pub(crate) fn spots<'d>(
    schemas: &'d Schemas,
    site: &Site<'d>,
    value: &Value,
    wanted: &BTreeSet<&str>,
    found: &mut BTreeMap<String, String>,
) {
    let mut open = vec![(vec![site.clone()], value, String::new())];
    while let Some((sites, value, path)) = open.pop() {
        let said = schemas.said(&sites, value);
        for place in said.parts.iter().chain(&sites).map(|part| part.at.as_str()) {
            if wanted.contains(place) && !found.contains_key(place) {
                found.insert(place.to_owned(), path.clone());
            }
        }
        match value {
            Value::Object(object) => {
                let known = said.members();
                let additional: Vec<_> = said.additional().into_iter().collect();
                for (name, value) in object {
                    let sites = known.get(name.as_str()).unwrap_or(&additional).clone();
                    open.push((sites, value, format!("{path}/{}", escape(name))));
                }
            }
            Value::Array(list) => {
                let sites = said.items();
                for (index, value) in list.iter().enumerate() {
                    open.push((sites.clone(), value, format!("{path}/{index}")));
                }
            }
            _ => {}
        }
    }
}
