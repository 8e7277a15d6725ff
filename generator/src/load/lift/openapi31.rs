//! OpenAPI 3.1 and 3.2: schemas are those of JSON Schema 2020-12.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Key, Node, Value, escape},
    Members, Notes,
    json_schema::Schema,
    members::{node, object, text},
    openapi32, references, streams, walk,
};
use crate::load::table::Kind;

pub(super) fn lift(root: &mut Node, notes: &mut Notes<'_>) {
    let place = root.place.clone();
    let version = root.get("openapi").and_then(Node::as_str);
    let is_later = version.is_some_and(|version| version.starts_with("3.2"));
    if let Some(version) = root.value.get_mut("openapi") {
        version.value = Value::String("3.0.3".to_owned());
    }
    for name in ["jsonSchemaDialect", "$self"] {
        root.value.take(name);
    }
    root.value.rename("webhooks", "x-webhooks");
    if !root.value.has("paths") {
        root.value
            .set("paths", node(&place, Value::Object(Vec::new())));
    }
    write_out(root, "pathItems", Kind::PathItem);
    openapi32::lift(root, is_later, notes);
    streams::lift(root, notes);
    let mut names = Names::default();
    names.hoist(root);
    names.refer(root);
    forget_mutual_tls(root, notes);
    let mut at = String::new();
    walk(
        Kind::Root,
        root,
        &mut at,
        &mut |kind, node, at| match kind {
            Kind::Schema => Schema { notes, at }.lift(node),
            Kind::Operation if !node.value.has("responses") => {
                let place = node.place.clone();
                let response = object(&place, vec![("description", text(&place, ""))]);
                node.value
                    .set("responses", object(&place, vec![("default", response)]));
            }
            Kind::Info | Kind::Tag => drop(node.value.take("summary")),
            Kind::License => drop(node.value.take("identifier")),
            Kind::Server => drop(node.value.take("name")),
            _ => {}
        },
    );
}

/// Replaces references to components of a group that OpenAPI 3.0 does not have.
pub(super) fn write_out(root: &mut Node, group: &str, of: Kind) {
    let Some(components) = root.value.get_mut("components") else {
        return;
    };
    let Some((_, taken)) = components.value.take(group) else {
        return;
    };
    let Value::Object(all) = taken.value else {
        return;
    };
    let all: BTreeMap<String, Node> = (all.into_iter())
        .map(|(key, one)| (format!("#/components/{group}/{}", escape(&key.name)), one))
        .collect();
    // Inside of one, others are where nothing gets types: in callbacks and in headers of parts. They may be that one again.
    let mut within = None;
    let mut at = String::new();
    walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
        if kind != of {
            return;
        }
        let is_inner = (within.as_deref()).is_some_and(|outer: &str| {
            let rest = at.strip_prefix(outer);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        // One may be another.
        for _ in 0..all.len() {
            let target = node.get("$ref").and_then(Node::as_str);
            let Some(one) = target.and_then(|target| all.get(target)) else {
                break;
            };
            if is_inner {
                node.value = Value::Object(Vec::new());
            } else {
                *node = one.clone();
                within = Some(at.to_owned());
            }
        }
    });
}

/// Mutual TLS adds nothing to the request: the certificate belongs to the connection.
fn forget_mutual_tls(root: &mut Node, notes: &mut Notes<'_>) {
    let mut forgotten = Vec::new();
    if let Some(components) = root.value.get_mut("components")
        && let Some(schemes) = components.value.get_mut("securitySchemes")
        && let Value::Object(schemes) = &mut schemes.value
    {
        schemes.retain(|(key, scheme)| {
            let is_mutual = scheme.get("type").and_then(Node::as_str) == Some("mutualTLS");
            if is_mutual {
                let pointer = format!("/components/securitySchemes/{}", escape(&key.name));
                let what = format!(
                    "the security scheme `{}` is a certificate of the connection, which the client is built with; requests don't show it",
                    key.name
                );
                notes.lost(&key.place, &pointer, what);
                forgotten.push(key.name.clone());
            }
            !is_mutual
        });
    }
    if forgotten.is_empty() {
        return;
    }
    walk(
        Kind::Root,
        root,
        &mut String::new(),
        &mut |kind, node, _| {
            if kind == Kind::SecurityRequirement
                && let Value::Object(members) = &mut node.value
            {
                members.retain(|(key, _)| !forgotten.contains(&key.name));
            }
        },
    );
}

/// Schemas that are referred to by other names than their place under `components`.
#[derive(Default)]
struct Names {
    /// The text of a reference, and its pointer.
    meant: BTreeMap<String, String>,
    /// Names of `$defs` and the schemas that they became; `None` for names of several schemas.
    bare: BTreeMap<String, Option<String>>,
}

impl Names {
    /// Moves definitions inside of schemas to `components`.
    fn hoist(&mut self, root: &mut Node) {
        let mut found: Vec<(String, Key, Node)> = Vec::new();
        let mut at = String::new();
        walk(Kind::Root, root, &mut at, &mut |kind, node, at| {
            if kind == Kind::Schema {
                self.take(node, at, &mut found);
            }
        });
        // Definitions of the whole document are not part of OpenAPI, but documents refer to them.
        self.defs(root, "", &mut found);
        let mut taken: BTreeSet<String> = (root.at("/components/schemas"))
            .and_then(Node::as_object)
            .map(|members| members.iter().map(|(key, _)| key.name.clone()).collect())
            .unwrap_or_default();
        let mut hoisted = Vec::new();
        while let Some((from, mut key, mut schema)) = found.pop() {
            let mut inner = Vec::new();
            walk(
                Kind::Schema,
                &mut schema,
                &mut from.clone(),
                &mut |kind, node, at| {
                    if kind == Kind::Schema {
                        self.take(node, at, &mut inner);
                    }
                },
            );
            found.extend(inner);
            let name = free(&key.name, &from, &taken);
            let target = format!("/components/schemas/{}", escape(&name));
            let bare = self.bare.entry(key.name.clone());
            bare.and_modify(|known| *known = None)
                .or_insert_with(|| Some(target.clone()));
            self.meant.insert(format!("#{from}"), target);
            taken.insert(name.clone());
            key.name = name;
            hoisted.push((key, schema));
        }
        if hoisted.is_empty() {
            return;
        }
        // In the order of the text, not of the search.
        hoisted.sort_by(|one, other| one.0.place.cmp(&other.0.place));
        let place = root.place.clone();
        let empty = || node(&place, Value::Object(Vec::new()));
        if !root.value.has("components") {
            root.value.set("components", empty());
        }
        let Some(components) = root.value.get_mut("components") else {
            return;
        };
        if !components.value.has("schemas") {
            components.value.set("schemas", empty());
        }
        if let Some(schemas) = components.value.get_mut("schemas")
            && let Value::Object(members) = &mut schemas.value
        {
            members.extend(hoisted);
        }
    }

    /// Takes the definitions of a schema, and the names that it declares for itself.
    fn take(&mut self, schema: &mut Node, at: &str, found: &mut Vec<(String, Key, Node)>) {
        self.defs(schema, at, found);
        for name in ["$anchor", "$dynamicAnchor"] {
            if let Some((_, anchor)) = schema.value.take(name)
                && let Some(anchor) = anchor.as_str()
            {
                self.meant.insert(format!("#{anchor}"), at.to_owned());
            }
        }
        if let Some((_, id)) = schema.value.take("$id")
            && let Some(id) = id.as_str()
        {
            self.meant.insert(id.to_owned(), at.to_owned());
        }
    }

    fn defs(&mut self, schema: &mut Node, at: &str, found: &mut Vec<(String, Key, Node)>) {
        for group in ["$defs", "definitions"] {
            let is_group = |node: &Node| node.as_object().is_some();
            if !schema.get(group).is_some_and(is_group) {
                continue;
            }
            if let Some((_, defs)) = schema.value.take(group)
                && let Value::Object(members) = defs.value
            {
                for (key, inner) in members {
                    let pointer = format!("{at}/{group}/{}", escape(&key.name));
                    found.push((pointer, key, inner));
                }
            }
        }
    }

    /// Updates references to moved and named schemas.
    fn refer(&self, root: &mut Node) {
        if self.meant.is_empty() {
            return;
        }
        references(root, &mut |text| {
            let target = self.target(text)?;
            // References inside a schema that was moved itself.
            let again = self.target(&format!("#{target}"));
            Some(format!("#{}", again.unwrap_or(target)))
        });
    }

    fn target(&self, text: &str) -> Option<String> {
        if let Some(pointer) = self.meant.get(text) {
            return Some(pointer.clone());
        }
        // `#/components/schemas/A/$defs/B/properties/c`
        let mut end = text.len();
        while let Some(slash) = text.get(..end)?.rfind('/') {
            let (before, rest) = text.split_at(slash);
            if let Some(pointer) = self.meant.get(before) {
                return Some(format!("{pointer}{rest}"));
            }
            end = slash;
        }
        let bare =
            (text.strip_prefix("#/$defs/")).or_else(|| text.strip_prefix("#/definitions/"))?;
        let (name, rest) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
        let pointer = self.bare.get(name)?.as_ref()?;
        Some(format!("{pointer}{rest}"))
    }
}

/// Returns a name for a definition that no component has.
fn free(name: &str, from: &str, taken: &BTreeSet<String>) -> String {
    let is_free = |name: &String| !taken.contains(name);
    let own = name.to_owned();
    if is_free(&own) {
        return own;
    }
    let holder = from
        .strip_prefix("/components/schemas/")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("Inner");
    let long = format!("{holder}-{name}");
    if is_free(&long) {
        return long;
    }
    let mut numbered = (2..).map(|number| format!("{long}-{number}"));
    numbered.find(is_free).unwrap_or(long)
}
