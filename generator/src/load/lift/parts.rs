//! Multipart bodies that are one of several objects: one object with all their parts. A union could not tell files apart, and a
//! part that is left out costs nothing.

use std::collections::{HashMap, HashSet};

use super::{
    super::{Key, Node, Place, Value, table::Kind, unescape},
    Notes,
    members::{Members, node, object, text},
    streams::{LONGEST, target},
    walk,
};
use crate::media_type::is_multipart;

pub(super) fn lift(root: &mut Node, notes: &mut Notes<'_>) {
    let mut found: Vec<String> = Vec::new();
    walk(Kind::Root, root, &mut String::new(), &mut |kind, _, at| {
        if kind == Kind::MediaType && is_multipart_body(at) {
            found.push(at.to_owned());
        }
    });
    for at in found {
        let schema = root.at(&at).and_then(|media| media.get("schema"));
        let Some(merged) = schema.and_then(|schema| merged(root, schema, 0)) else {
            continue;
        };
        if merged.is_lossy {
            let what = "which parts belong together: the body is one of several objects, and has the parts of all";
            notes.lost(&merged.schema.place, &format!("{at}/schema"), what);
        }
        if let Some(media) = root.at_mut(&at) {
            media.value.set("schema", merged.schema);
        }
    }
}

fn is_multipart_body(at: &str) -> bool {
    let mut above = at.rsplit('/');
    let media_type = above.next().unwrap_or_default();
    let of = above.nth(1);
    (of == Some("requestBody") || above.next() == Some("requestBodies"))
        && is_multipart(&unescape(media_type))
}

/// The schema of a body, without choices.
struct Merged {
    schema: Node,
    is_lossy: bool,
}

/// Returns the object with the parts of all; nothing if the schema is not one of several objects.
fn merged(root: &Node, schema: &Node, depth: usize) -> Option<Merged> {
    if depth > LONGEST {
        return None;
    }
    if let Some(only) = only(target(root, schema)) {
        let schema = only.clone();
        let of_it = merged(root, only, depth + 1);
        let is_lossy = false;
        return of_it.or(Some(Merged { schema, is_lossy }));
    }
    let mut fields = Fields::default();
    let mut left = MOST;
    fields.read(root, schema, 0, &mut left)?;
    fields.is_choice.then(|| {
        let described = target(root, schema).get("description").cloned();
        let is_lossy = fields.is_lossy;
        let schema = fields.schema(&schema.place, described);
        Merged { schema, is_lossy }
    })
}

/// Returns the only branch of a schema that is nothing else.
fn only(schema: &Node) -> Option<&Node> {
    let members = schema.as_object()?;
    let [(key, branches)] = members else {
        return None;
    };
    match (key.name.as_str(), branches.as_array()?) {
        ("oneOf" | "anyOf", [only]) => Some(only),
        _ => None,
    }
}

/// The schemas that values have: all of one of these lists.
type Ways = Vec<Way>;

/// Schemas that a value has all of.
struct Way {
    /// Their text.
    written: String,
    schemas: Vec<Node>,
    /// Members that the object requires in which this is.
    needs: usize,
}

/// Schemas and properties that are read for one body: schemas that combine each other can have far more than the document.
const MOST: usize = 10_000;

/// The lists of a property that are combined at most.
const MOST_WAYS: usize = 64;

/// A property.
struct Property {
    key: Key,
    ways: Ways,
}

/// The properties of an object.
#[derive(Default)]
struct Fields {
    properties: Vec<Property>,
    /// Their positions.
    named: HashMap<String, usize>,
    required: Vec<String>,
    additional: Option<Node>,
    is_choice: bool,
    /// Whether there is more than one to choose from.
    is_lossy: bool,
}

impl Fields {
    /// Adds what a schema says; nothing if it is not that of an object.
    fn read(&mut self, root: &Node, schema: &Node, depth: usize, left: &mut usize) -> Option<()> {
        let schema = target(root, schema);
        let kind = schema.get("type").and_then(Node::as_str);
        if depth > LONGEST || kind.is_some_and(|kind| kind != "object") {
            return None;
        }
        let properties = schema.get("properties").and_then(Node::as_object);
        let properties = properties.unwrap_or_default();
        *left = left.checked_sub(1 + properties.len())?;
        for (key, property) in properties {
            let ways = vec![Way {
                written: property.to_json().to_string(),
                schemas: vec![property.clone()],
                needs: 0,
            }];
            self.property(key.clone(), ways, both);
        }
        let required = schema.get("required").and_then(Node::as_array);
        let required = required.unwrap_or_default().iter();
        (self.required).extend(required.filter_map(Node::as_str).map(str::to_owned));
        let additional = schema.get("additionalProperties").cloned();
        self.additional = self.additional.take().or(additional);
        for part in items(schema, "allOf") {
            self.read(root, part, depth + 1, left)?;
        }
        for key in ["oneOf", "anyOf"] {
            let mut branches = items(schema, key).iter().map(|branch| {
                let mut fields = Self::default();
                fields.read(root, branch, depth + 1, left)?;
                let needs = fields.required.len();
                let ways = fields.properties.iter_mut();
                for way in ways.flat_map(|property| &mut property.ways) {
                    way.needs = needs;
                }
                Some(fields)
            });
            let Some(first) = branches.next() else {
                continue;
            };
            let mut any = first?;
            for branch in branches {
                any.or(branch?);
            }
            self.and(any);
            self.is_choice = true;
            self.is_lossy |= items(schema, key).len() > 1;
        }
        Some(())
    }

    /// Adds those of an object that a value is, too.
    fn and(&mut self, other: Self) {
        for property in other.properties {
            self.property(property.key, property.ways, both);
        }
        self.required.extend(other.required);
        self.additional = self.additional.take().or(other.additional);
        self.is_choice |= other.is_choice;
        self.is_lossy |= other.is_lossy;
    }

    /// Adds those of an object that a value may be instead.
    fn or(&mut self, other: Self) {
        for property in other.properties {
            self.property(property.key, property.ways, either);
        }
        let required: HashSet<String> = other.required.into_iter().collect();
        self.required.retain(|name| required.contains(name));
        self.additional = self.additional.take().or(other.additional);
        self.is_choice |= other.is_choice;
        self.is_lossy |= other.is_lossy;
    }

    fn property(&mut self, key: Key, ways: Ways, combine: fn(&mut Ways, Ways)) {
        match self.named.get(&key.name) {
            Some(&at) => {
                if let Some(known) = self.properties.get_mut(at) {
                    combine(&mut known.ways, ways);
                }
            }
            None => {
                self.named.insert(key.name.clone(), self.properties.len());
                self.properties.push(Property { key, ways });
            }
        }
    }

    fn schema(self, place: &Place, described: Option<Node>) -> Node {
        let list = |key: &str, mut schemas: Vec<Node>| match schemas.len() {
            1 => schemas.remove(0),
            _ => object(place, vec![(key, node(place, Value::Array(schemas)))]),
        };
        let properties = self.properties.into_iter().map(|property| {
            let mut known = HashSet::new();
            let mut ways = property.ways;
            ways.retain(|way| known.insert(way.written.clone()));
            let schema = of_values(place, &ways).unwrap_or_else(|| {
                let ways = ways.into_iter().map(|way| list("allOf", way.schemas));
                list("anyOf", ways.collect())
            });
            (property.key, schema)
        });
        let properties = Value::Object(properties.collect());
        let required = self.required.iter().map(|name| text(place, name.as_str()));
        let mut members = vec![
            ("type", text(place, "object")),
            ("properties", node(place, properties)),
            ("required", node(place, Value::Array(required.collect()))),
        ];
        members.extend((self.additional).map(|schema| ("additionalProperties", schema)));
        members.extend(described.map(|text| ("description", text)));
        object(place, members)
    }
}

/// Returns the schema of a property that distinguishes the objects: all values that it has in one of them, which are of one
/// type.
fn of_values(place: &Place, ways: &Ways) -> Option<Node> {
    let mut known = HashSet::new();
    let mut values = Vec::new();
    let mut sorted: Vec<&Way> = ways.iter().collect();
    // The first value is that of examples: of the object with the fewest required members.
    sorted.sort_by_key(|way| way.needs);
    for way in sorted {
        let listed = way
            .schemas
            .iter()
            .find_map(|schema| match schema.get("const") {
                Some(only) => Some(std::slice::from_ref(only)),
                None => schema.get("enum").and_then(Node::as_array),
            });
        let new = (listed?.iter()).filter(|value| known.insert(value.to_json().to_string()));
        values.extend(new.cloned());
    }
    let schemas = ways.iter().flat_map(|way| &way.schemas);
    let types: Vec<&Node> = schemas.filter_map(|schema| schema.get("type")).collect();
    let first = types.first();
    let is_one = types
        .iter()
        .all(|kind| Some(kind.as_str()) == first.map(|kind| kind.as_str()));
    let kind = first.map(|kind| ("type", (*kind).clone()));
    let members = (kind.into_iter()).chain([("enum", node(place, Value::Array(values)))]);
    (ways.len() > 1 && is_one).then(|| object(place, members.collect()))
}

/// Each of some and each of others; of very many, the first alone.
fn both(ways: &mut Ways, others: Ways) {
    if ways.len() * others.len() > MOST_WAYS {
        return;
    }
    let combined = ways.iter().flat_map(|one| {
        (others.iter()).map(move |other| {
            let is_same = one.written == other.written;
            let more = if is_same { &[][..] } else { &other.schemas };
            Way {
                written: match is_same {
                    true => one.written.clone(),
                    false => format!("{}{}", one.written, other.written),
                },
                schemas: one.schemas.iter().chain(more).cloned().collect(),
                needs: one.needs.max(other.needs),
            }
        })
    });
    *ways = combined.collect();
}

/// Some or others.
fn either(ways: &mut Ways, others: Ways) {
    ways.extend(others);
}

fn items<'n>(schema: &'n Node, key: &str) -> &'n [Node] {
    schema.get(key).and_then(Node::as_array).unwrap_or_default()
}
