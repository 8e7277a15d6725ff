//! Random changes of documents, reproducible by their number. Included by the tests that compile what they become, too.

use serde_json::{Value, json};

/// Names that mean something to Rust, cargo, JSON pointers or generated code, and others that are no words.
const NAMES: [&str; 32] = [
    "",
    " ",
    "self",
    "Self",
    "crate",
    "type",
    "r#type",
    "fn",
    "rt",
    "std",
    "core",
    "String",
    "Vec",
    "Option",
    "Box",
    "Default",
    "None",
    "main",
    "build",
    "send",
    "client",
    "extra",
    "unread",
    "new",
    "a/b~c",
    "é",
    "日本語",
    "123",
    "-",
    "$ref",
    "a b.c",
    "\u{202e}x",
];

/// A reproducible sequence of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, item) in members {
                pointers(
                    item,
                    format!("{at}/{}", generator::load::escape(key)),
                    found,
                );
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        found.push(at);
    }
}

/// Changes one thing.
fn change(document: &mut Value, others: &[Value], random: &mut Random) {
    let mut all = Vec::new();
    pointers(document, String::new(), &mut all);
    let place = random.of(&all).clone();
    let from = random.of(others);
    let mut theirs = Vec::new();
    pointers(from, String::new(), &mut theirs);
    let foreign = from
        .pointer(random.of(theirs.as_slice()).as_str())
        .cloned()
        .unwrap_or_default();
    let own = document
        .pointer(random.of(all.as_slice()).as_str())
        .cloned()
        .unwrap_or_default();
    let schemas: Vec<String> = (document
        .pointer("/components/schemas")
        .and_then(Value::as_object))
    .map(|schemas| schemas.keys().cloned().collect())
    .unwrap_or_default();
    let name = match schemas.is_empty() {
        true => String::new(),
        false => random.of(&schemas).clone(),
    };
    let reference = json!({"$ref": format!("#/components/schemas/{name}")});
    let how = random.below(10);
    let hostile = (*random.of(&NAMES)).to_owned();
    let Some(value) = document.pointer_mut(&place) else {
        return;
    };
    match (how, value) {
        (0, value) => *value = own,
        (1, value) => *value = foreign,
        (2, value @ Value::String(_)) => *value = Value::String(hostile),
        (2, value) => *value = reference,
        (3, Value::Object(members)) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            if !keys.is_empty() {
                members.remove(random.of(&keys));
            }
        }
        (4 | 5, Value::Object(members)) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            if !keys.is_empty() {
                let key = random.of(&keys).clone();
                let value = members.remove(&key).unwrap_or_default();
                members.insert(hostile, value);
            }
        }
        (6, value @ Value::Object(_)) => {
            let key = *random.of(&["allOf", "oneOf", "anyOf"]);
            let parts = match random.below(3) {
                0 => vec![value.clone()],
                1 => vec![value.clone(), reference],
                _ => vec![
                    reference,
                    value.clone(),
                    json!({"type": "object", "properties": {hostile: {"type": "integer"}}}),
                ],
            };
            *value = json!({ key: parts });
        }
        (7, Value::Object(members)) => {
            let (key, value) = match random.below(9) {
                0 => ("nullable", json!(true)),
                1 => ("readOnly", json!(true)),
                2 => ("writeOnly", json!(true)),
                3 => ("required", json!([hostile])),
                4 => ("additionalProperties", reference),
                5 => ("discriminator", json!({"propertyName": hostile})),
                6 => ("enum", json!([hostile, "b", "B", 1, null])),
                7 => ("default", foreign),
                _ => (
                    "properties",
                    json!({hostile: reference, "a": {"type": "string", "enum": ["x"]}}),
                ),
            };
            members.insert(key.to_owned(), value);
        }
        (8, Value::Array(items)) => items.push(foreign),
        (_, Value::Object(members)) => {
            members.insert(hostile, foreign);
        }
        (_, value) => *value = reference,
    }
}

/// Returns a changed document: one of these, with things of others.
pub(crate) fn changed(documents: &[Value], seed: u64) -> Value {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut document = random.of(documents).clone();
    for _ in 0..=random.below(4) {
        change(&mut document, documents, &mut random);
    }
    document
}
