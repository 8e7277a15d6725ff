//! Schemas of other documents: `$ref: other.yaml#/components/schemas/Name`.
//!
//! A referenced schema is copied into the document that refers to it, with all that it refers to in turn, under the
//! same names. So later steps read a single document, and get the origin of each schema
//! separately.

use std::collections::BTreeMap;

use super::{Key, Node, Value, escape, library::Library, unescape};
use crate::diagnostic::Diagnostic;

const SCHEMAS: &str = "/components/schemas/";

/// Objects whose keys are names chosen by the document.
const FREE: [&str; 9] = [
    "callbacks",
    "headers",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "x-webhooks",
];

/// The name of a schema, and its document.
type Wanted = (usize, String);

struct Import<'l> {
    library: &'l Library,
    own: usize,
    /// Copied so far, by name.
    found: BTreeMap<String, (usize, Node)>,
    open: Vec<Wanted>,
    errors: Vec<Diagnostic>,
    /// A document that it refers to can't be read; the error of that document has the reason.
    is_blocked: bool,
}

/// Copies the schemas of other documents that `root` needs, and returns the document of each copied schema. An error
/// without findings: one of the other documents can't be read.
pub(super) fn import(
    library: &Library,
    own: usize,
    root: &mut Node,
) -> Result<BTreeMap<String, usize>, Vec<Diagnostic>> {
    let mut import = Import {
        library,
        own,
        found: BTreeMap::new(),
        open: Vec::new(),
        errors: Vec::new(),
        is_blocked: false,
    };
    import.rewrite(own, root, "", false);
    loop {
        while let Some(wanted) = import.open.pop() {
            import.copy(root, wanted);
        }
        import.children();
        if import.open.is_empty() {
            break;
        }
    }
    if import.is_blocked || !import.errors.is_empty() {
        return Err(import.errors);
    }
    let origins = (import.found.iter())
        .map(|(name, (document, _))| (name.clone(), *document))
        .collect();
    if let Some(schemas) = schemas_of(root, &import) {
        for (name, (_, node)) in import.found {
            let place = node.place.clone();
            schemas.push((Key { name, place }, node));
        }
    }
    Ok(origins)
}

/// The schemas of a document, which may not have any yet.
fn schemas_of<'n>(root: &'n mut Node, import: &Import<'_>) -> Option<&'n mut Vec<(Key, Node)>> {
    if import.found.is_empty() {
        return None;
    }
    let mut node = root;
    for name in ["components", "schemas"] {
        let place = node.place.clone();
        let Value::Object(members) = &mut node.value else {
            return None;
        };
        let index = match members.iter().position(|(key, _)| key.name == name) {
            Some(index) => index,
            None => {
                let key = Key {
                    name: name.to_owned(),
                    place: place.clone(),
                };
                let value = Value::Object(Vec::new());
                members.push((key, Node { value, place }));
                members.len() - 1
            }
        };
        node = &mut members[index].1;
    }
    match &mut node.value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

impl Import<'_> {
    /// Turns references to other documents into references within this one, and notes the schemas they need. `document` is
    /// the one that the node was written in.
    fn rewrite(&mut self, document: usize, node: &mut Node, pointer: &str, free: bool) {
        match &mut node.value {
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.rewrite(document, item, &format!("{pointer}/{index}"), false);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let name = key.name.as_str();
                    let inner = format!("{pointer}/{}", escape(name));
                    let data = ["example", "examples", "default", "enum"].contains(&name);
                    let other = name.starts_with("x-") && name != "x-webhooks";
                    if name == "$ref" && !free {
                        self.reference(document, member, &inner);
                    } else if name == "mapping" && !free {
                        for (key, target) in members_of(member) {
                            let inner = format!("{inner}/{}", escape(&key.name));
                            if target.as_str().is_some_and(|text| text.contains('#')) {
                                self.reference(document, target, &inner);
                            }
                        }
                    } else if free || !(data || other) {
                        let free = FREE.contains(&name) && !free;
                        self.rewrite(document, member, &inner, free);
                    }
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, document: usize, node: &mut Node, pointer: &str) {
        let Some(text) = node.as_str() else { return };
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let target = match file {
            "" => document,
            file => match self.library.relative(document, file) {
                Some(target) => target,
                // The check of references reports that this leads nowhere.
                None => return,
            },
        };
        if target == self.own && document == self.own && file.is_empty() {
            return;
        }
        let name = fragment
            .strip_prefix(SCHEMAS)
            .filter(|name| !name.contains('/'));
        let Some(name) = name.map(|name| unescape(name).into_owned()) else {
            let what =
                format!("`$ref: {text}` leads to a part of another document that is not a schema");
            let help =
                "of other documents only `#/components/schemas/Name` can be used; copy the rest";
            let error = self.library.texts.error(&node.place, pointer, what, help);
            self.errors.push(error);
            return;
        };
        if !self.library.is_read(target) {
            self.is_blocked = true;
            return;
        }
        let found = self.library.schema(target, &name).is_some();
        if !found {
            let what = format!("`$ref: {text}` leads to nothing");
            let names = self.library.name(target);
            let help = format!("`{names}` has no schema of this name");
            let error = self.library.texts.error(&node.place, pointer, what, help);
            self.errors.push(error);
            return;
        }
        node.value = Value::String(format!("#{SCHEMAS}{}", escape(&name)));
        if target != self.own {
            self.open.push((target, name));
        }
    }

    fn copy(&mut self, root: &Node, (document, name): Wanted) {
        let Some(schema) = self.library.schema(document, &name) else {
            return;
        };
        let pointer = format!("{SCHEMAS}{}", escape(&name));
        let other = match self.found.get(&name) {
            Some((known, _)) if *known == document => return,
            Some((known, _)) => Some(self.library.name(*known)),
            None => root.at(&pointer).map(|_| self.library.name(self.own)),
        };
        if let Some(other) = other {
            let what = format!(
                "two schemas that come together are called `{name}`: one of `{}`, one of `{other}`",
                self.library.name(document)
            );
            let help = "call one of them something else, or refer to one from both";
            let error = self.library.texts.error(&schema.place, pointer, what, help);
            self.errors.push(error);
            return;
        }
        let mut copy = schema.clone();
        self.rewrite(document, &mut copy, &pointer, false);
        self.found.insert(name, (document, copy));
    }

    /// Copies the schemas that refer to a copied parent with `allOf`, since they belong to it.
    fn children(&mut self) {
        let parents: Vec<Wanted> = (self.found.iter())
            .filter(|(_, (_, node))| node.get("discriminator").is_some())
            .map(|(name, (document, _))| (*document, name.clone()))
            .collect();
        for (document, parent) in parents {
            let to_parent = format!("#{SCHEMAS}{}", escape(&parent));
            for (name, schema) in self.library.schemas(document) {
                let parts = schema.get("allOf").and_then(Node::as_array);
                let extends = parts.unwrap_or_default().iter().any(|part| {
                    part.get("$ref").and_then(Node::as_str) == Some(to_parent.as_str())
                });
                if extends && !self.found.contains_key(name) {
                    self.open.push((document, name.to_owned()));
                }
            }
        }
    }
}

fn members_of(node: &mut Node) -> &mut [(Key, Node)] {
    match &mut node.value {
        Value::Object(members) => members,
        _ => &mut [],
    }
}

/// Resolves the path in a reference: `b.yaml` from `spec/a.yaml` is `spec/b.yaml`.
pub(super) fn joined(from: &str, file: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let root = if from.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
