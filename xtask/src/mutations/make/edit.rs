//! Edits of a document by JSON pointer; `false` or `None` if the place is not there.

use serde_json::{Map, Value, json};

pub(in crate::mutations) fn each(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    change(value);
    match value {
        Value::Object(members) => members.values_mut().for_each(|inner| each(inner, change)),
        Value::Array(items) => items.iter_mut().for_each(|inner| each(inner, change)),
        _ => {}
    }
}

fn object<'v>(root: &'v mut Value, at: &str) -> Option<&'v mut Map<String, Value>> {
    root.pointer_mut(at)?.as_object_mut()
}

pub(in crate::mutations) fn set(root: &mut Value, at: &str, key: &str, value: Value) -> bool {
    object(root, at)
        .map(|members| members.insert(key.to_owned(), value))
        .is_some()
}

pub(in crate::mutations) fn remove(root: &mut Value, at: &str, key: &str) -> Option<Value> {
    object(root, at)?.remove(key)
}

pub(in crate::mutations) fn replace(root: &mut Value, at: &str, value: Value) -> bool {
    root.pointer_mut(at).map(|place| *place = value).is_some()
}

fn list<'v>(root: &'v mut Value, at: &str) -> Option<&'v mut Vec<Value>> {
    root.pointer_mut(at)?.as_array_mut()
}

pub(in crate::mutations) fn push(root: &mut Value, at: &str, value: Value) -> bool {
    list(root, at).map(|items| items.push(value)).is_some()
}

pub(super) fn pop(root: &mut Value, at: &str) -> bool {
    list(root, at).and_then(Vec::pop).is_some()
}

pub(in crate::mutations) fn reverse(root: &mut Value, at: &str) -> bool {
    list(root, at).map(|items| items.reverse()).is_some()
}

/// The last part of a pointer, as it is written in the document.
pub(super) fn last(at: &str) -> Option<String> {
    let (_, last) = at.rsplit_once('/')?;
    Some(generator::load::unescape(last).into_owned())
}

/// The schema that has a property, and the property's name.
pub(super) fn property(at: &str) -> (String, String) {
    let owner = at
        .rsplit_once("/properties/")
        .map_or("", |(owner, _)| owner);
    (owner.to_owned(), last(at).unwrap_or_default())
}

pub(super) fn require(root: &mut Value, at: &str, name: &str) -> bool {
    if root.pointer(&format!("{at}/required")).is_none() {
        set(root, at, "required", json!([]));
    }
    push(root, &format!("{at}/required"), json!(name))
}

pub(super) fn unrequire(root: &mut Value, at: &str, name: &str) -> bool {
    let Some(all) = list(root, &format!("{at}/required")) else {
        return false;
    };
    let before = all.len();
    all.retain(|one| one != name);
    let removed = all.len() < before;
    if all.is_empty() {
        remove(root, at, "required");
    }
    removed
}

pub(in crate::mutations) fn move_schema(root: &mut Value, old: &str, new: &str) -> bool {
    let Some(schema) = remove(root, "/components/schemas", old) else {
        return false;
    };
    set(root, "/components/schemas", new, schema);
    let from = json!(format!("#/components/schemas/{old}"));
    let to = json!(format!("#/components/schemas/{new}"));
    each(root, &mut |value| {
        if *value == from {
            *value = to.clone();
        }
    });
    true
}

/// Moves a schema to a component.
pub(super) fn to_component(root: &mut Value, at: &str) -> bool {
    let Some(schema) = root.pointer(at).cloned() else {
        return false;
    };
    let reference = json!({"$ref": "#/components/schemas/MovedHere"});
    set(root, "/components/schemas", "MovedHere", schema) && replace(root, at, reference)
}
