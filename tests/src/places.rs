//! Every named value of the documents under `spec/`, with their overlays: properties of schemas, and parameters.

#![allow(
    clippy::unwrap_used,
    reason = "a document that can't be read ends the test"
)]

use std::collections::BTreeSet;
use std::path::Path;

use generator::load::{Library, Source, escape};
use serde_json::Value;

/// A property or a parameter.
#[derive(Clone, Debug)]
pub struct Place {
    /// File name, a `#` and a JSON pointer.
    pub at: String,
    /// As on the wire.
    pub name: String,
    /// Whether it is a parameter.
    pub parameter: bool,
    /// What is said about it.
    pub description: String,
    /// The value; the items of a list; each alternative of a union.
    pub values: Vec<Plain>,
}

/// A value that is no list and no union.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    /// `type`
    pub ty: String,
    /// `format`
    pub format: Option<String>,
    /// `x-rust-type`
    pub rust_type: Option<String>,
    /// Whether the values are listed.
    pub listed: bool,
}

/// A place where a plain value is right, by the end of [`Place::at`], and the reason.
pub type Exception = (&'static str, &'static str);

/// Places that are wrong without being listed, and exceptions that no such place needs any more.
#[must_use]
pub fn unlisted(wrong: &[&Place], exceptions: &[Exception]) -> Vec<String> {
    let excepted = |place: &Place, end: &str| {
        place.name == end
            || place.at.ends_with(&format!("/{end}"))
            || place.at.ends_with(&format!("~1{end}"))
            || place.at == end
    };
    let unlisted = (wrong.iter())
        .filter(|place| !exceptions.iter().any(|(end, _)| excepted(place, end)))
        .map(|place| format!("{} ({})", place.at, place.name));
    let stale = (exceptions.iter())
        .filter(|(end, _)| !wrong.iter().any(|place| excepted(place, end)))
        .map(|(end, _)| format!("stale exception: {end}"));
    unlisted.chain(stale).collect()
}

/// All places, in the order of documents and pointers. Schemas of another document stand only there.
///
/// # Panics
/// If a document can't be read.
#[must_use]
pub fn all() -> Vec<Place> {
    let spec = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let mut names: Vec<String> = (std::fs::read_dir(spec).unwrap())
        .map(|entry| entry.unwrap().file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".yaml"))
        .collect();
    names.sort();
    let source = |name: String| Source {
        text: std::fs::read_to_string(spec.join(&name)).unwrap(),
        name,
    };
    let sources: Vec<(Source, Vec<Source>)> = (names.iter())
        .map(|name| {
            (
                source(name.clone()),
                vec![source(format!("overlays/{name}"))],
            )
        })
        .collect();
    let library = Library::read(sources.iter().map(|(one, overlays)| (one, &**overlays)));
    let mut places = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let document = library.document(number).unwrap();
        let mut root = document.root().to_json();
        let mut walk = Walk {
            name,
            root: root.clone(),
            places: &mut places,
        };
        for foreign in document.foreign().keys() {
            let schemas = root.pointer_mut("/components/schemas");
            schemas
                .and_then(Value::as_object_mut)
                .and_then(|schemas| schemas.remove(foreign));
        }
        walk.value(&root, "", false);
    }
    places
}

/// Schemas that give all sorts of resources an `id`.
const SHARED: [&str; 3] = ["/Entity", "/Id", "/ImmutableEntity"];

struct Walk<'a> {
    name: &'a str,
    /// With the schemas of other documents, as references lead to them.
    root: Value,
    places: &'a mut Vec<Place>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, at: &str, properties: bool) {
        if let Value::Array(items) = value {
            for (index, item) in items.iter().enumerate() {
                self.value(item, &format!("{at}/{index}"), false);
            }
        }
        let Some(members) = value.as_object() else {
            return;
        };
        if !properties && let (Some(name), Some(_)) = (value["name"].as_str(), value.get("in")) {
            let content = value["content"]
                .as_object()
                .and_then(|kinds| kinds.values().next());
            let schema = value
                .get("schema")
                .or_else(|| content.and_then(|kind| kind.get("schema")));
            let mut values = self.plain(schema.unwrap_or(&Value::Null), 0);
            let list = self.target(schema.unwrap_or(&Value::Null))["type"] == "array";
            // Beside a list it would be said of the list.
            if let Some(named) = value["x-rust-type"].as_str().filter(|_| !list) {
                for value in &mut values {
                    value.rust_type = Some(named.to_owned());
                }
            }
            self.place(name, at, true, value, values);
        }
        if let Some(values) = self.inherited_id(value) {
            self.place("id", at, false, &Value::Null, values);
        }
        for (name, inner) in members {
            let below = format!("{at}/{}", escape(name));
            if properties {
                let values = self.plain(inner, 0);
                self.place(name, &below, false, inner, values);
                self.value(inner, &below, false);
            } else if !["example", "examples", "default", "enum"].contains(&name.as_str()) {
                self.value(inner, &below, name == "properties");
            }
        }
    }

    /// The `id` that a schema has from one of [`SHARED`]: as exactly as any of its parts says it.
    fn inherited_id(&self, schema: &Value) -> Option<Vec<Plain>> {
        let mut ids = Vec::new();
        let mut open: Vec<&Value> = schema.get("allOf").map(|_| schema).into_iter().collect();
        let mut shared = false;
        while let Some(part) = open.pop() {
            let to = part["$ref"].as_str().unwrap_or_default();
            shared |= SHARED.iter().any(|name| to.ends_with(name));
            let part = self.target(part);
            ids.extend(part.pointer("/properties/id"));
            open.extend(part["allOf"].as_array().into_iter().flatten());
        }
        let values = ids.into_iter().map(|id| self.plain(id, 0));
        shared
            .then_some(values)?
            .max_by_key(|values| values.iter().any(|value| value.rust_type.is_some()))
    }

    fn place(&mut self, name: &str, at: &str, parameter: bool, said: &Value, values: Vec<Plain>) {
        let said = [said, self.target(said)]
            .into_iter()
            .find_map(|said| said["description"].as_str());
        self.places.push(Place {
            at: format!("{}#{at}", self.name),
            name: name.to_owned(),
            parameter,
            description: said.unwrap_or_default().to_owned(),
            values,
        });
    }

    /// What a reference leads to, or the value itself.
    fn target<'v>(&'v self, value: &'v Value) -> &'v Value {
        let to = value["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
        to.map_or(value, |to| self.root.pointer(to).unwrap())
    }

    fn plain(&self, schema: &Value, depth: usize) -> Vec<Plain> {
        /// Schemas may hold themselves.
        const DEEPEST: usize = 8;
        if depth > DEEPEST {
            return Vec::new();
        }
        let own = self.target(schema);
        let parts: Vec<&Value> = std::iter::once(own)
            .chain(own["allOf"].as_array().into_iter().flatten())
            .map(|part| self.target(part))
            .collect();
        let each = |list: &Value| -> Vec<Plain> {
            let items = list.as_array().into_iter().flatten();
            items.flat_map(|item| self.plain(item, depth + 1)).collect()
        };
        for part in &parts {
            for union in ["oneOf", "anyOf"] {
                if part.get(union).is_some() {
                    return each(&part[union]);
                }
            }
            if part.get("items").is_some() {
                return self.plain(&part["items"], depth + 1);
            }
        }
        let text = |name: &str| parts.iter().find_map(|part| part[name].as_str());
        vec![Plain {
            ty: text("type").unwrap_or_default().to_owned(),
            format: text("format").map(str::to_owned),
            rust_type: text("x-rust-type").map(str::to_owned),
            listed: parts.iter().any(|part| part.get("enum").is_some()),
        }]
    }
}

/// The words of a name, in small letters: those of `collector:Invoice.TotalAmount` and `total_amount` too.
#[must_use]
pub fn words(name: &str) -> BTreeSet<String> {
    let mut spaced = String::new();
    let mut small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && small {
            spaced.push(' ');
        }
        small = letter.is_lowercase();
        spaced.push(if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        });
    }
    spaced.split_whitespace().map(str::to_lowercase).collect()
}
