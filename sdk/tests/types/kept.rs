//! Nothing that arrives is lost: whatever is added to a value of any type, or stands in it in place of something else, is
//! read without an error, is listed, and is written back.

use serde_json::{Value, json};

use crate::catalog::TYPES;
use crate::entry::Entry;
use crate::sample::{Mode, Sampler};
use crate::source::{Shape, Source, Way, last};

#[track_caller]
fn through(entry: &Entry, json: &Value) -> (Value, Vec<String>) {
    (entry.through)(&json.to_string())
        .unwrap_or_else(|error| panic!("{}::{}: {error}\n{json}", entry.module, entry.name))
}

/// Numbers are the same whether they are written as `1` or as `1.0`.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

#[track_caller]
fn comes_back(entry: &Entry, json: &Value, places: &[String]) {
    let (written, listed) = through(entry, json);
    let (module, name) = (entry.module, entry.name);
    assert!(same(&written, json), "{module}::{name}:\n{json}\n{written}");
    assert_eq!(listed, places, "{module}::{name}:\n{json}");
}

/// Adds members that nobody knows to every object.
fn add(json: &mut Value, number: &mut usize) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(|item| add(item, number)),
        Value::Object(members) => {
            members.values_mut().for_each(|value| add(value, number));
            *number += 1;
            let new = json!({"a": [1, null, "x"], "b": {"c": *number}, "d": 1.5, "e": false});
            members.insert("something_new".to_owned(), new);
            members.insert("woo_customer_id".to_owned(), (*number).into());
        }
        _ => {}
    }
}

#[test]
fn what_nobody_knows() {
    let source = Source::read();
    let sampler = Sampler {
        source: &source,
        mode: Mode::Valid,
    };
    let mut added = 0;
    for entry in TYPES {
        let mut json = sampler.named(entry.module, entry.name, 0);
        comes_back(entry, &json, &[]);
        add(&mut json, &mut added);
        // Maps and typed additional members take what fits them, and list what does not.
        let (written, _) = through(entry, &json);
        let (module, name) = (entry.module, entry.name);
        assert!(
            same(&written, &json),
            "{module}::{name}:\n{json}\n{written}"
        );
    }
    assert!(added > 5_000, "{added}");
}

/// A value of each kind.
fn kinds() -> [Value; 6] {
    [
        json!(true),
        json!(7),
        json!(1.25),
        json!("of another kind"),
        json!([[["of", "another"], {"kind": 1}]]),
        json!({"of another kind": [true]}),
    ]
}

/// Whether a value of the kind of this one stands in a place of the type.
pub(crate) fn fits(source: &Source, module: &str, of: &syn::Type, json: &Value) -> bool {
    let is_whole = json.as_f64().is_some_and(|number| number.fract() == 0.0);
    match last(of).as_str() {
        "Option" | "Box" => fits(source, module, inner(of), json),
        "List" => json.is_array(),
        "OneOrList" => json.is_array() || fits(source, module, inner(of), json),
        "Map" | "JsonObject" => json.is_object(),
        "String" => json.is_string(),
        "bool" => json.is_boolean(),
        "i64" => json.is_number() && is_whole,
        "f64" => json.is_number(),
        "AccountId" | "Currency" | "Timestamp" | "Date" if is_of_runtime(of) => json.is_string(),
        "Amount" if is_of_runtime(of) => json.is_number() && is_whole,
        "Number" if is_of_runtime(of) => json.is_number(),
        "Json" => true,
        name => {
            let (module, shape) = source.home(module, name).unwrap();
            match shape {
                Shape::Struct { .. } => json.is_object(),
                Shape::Texts(_) | Shape::Id => json.is_string(),
                Shape::Numbers(_) => json.is_number() && is_whole,
                Shape::Union(payloads) => {
                    (payloads.iter()).any(|payload| fits(source, module, payload, json))
                }
            }
        }
    }
}

fn is_of_runtime(of: &syn::Type) -> bool {
    matches!(of, syn::Type::Path(path) if path.path.segments.len() > 1)
}

fn inner(of: &syn::Type) -> &syn::Type {
    crate::sample::argument(of, 0)
}

#[test]
fn a_value_of_another_kind() {
    let source = Source::read();
    let sampler = Sampler {
        source: &source,
        mode: Mode::Valid,
    };
    let mut replaced = 0;
    for entry in TYPES {
        let (home, shape) = source.home(entry.module, entry.name).unwrap();
        let Shape::Struct { members, .. } = shape else {
            continue;
        };
        let sample = sampler.named(entry.module, entry.name, 0);
        for member in members.iter().filter(|member| member.way == Way::Optional) {
            for other in kinds() {
                if fits(&source, home, &member.of, &other) {
                    continue;
                }
                let mut json = sample.clone();
                json[&member.name] = other;
                let plain = member
                    .name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_');
                let place = match plain {
                    true => format!("$.{}", member.name),
                    false => format!("$['{}']", member.name),
                };
                comes_back(entry, &json, &[place]);
                replaced += 1;
            }
        }
    }
    assert!(replaced > 15_000, "{replaced}");
}

#[test]
fn an_item_of_another_kind() {
    let source = Source::read();
    let sampler = Sampler {
        source: &source,
        mode: Mode::Valid,
    };
    let mut replaced = 0;
    for entry in TYPES {
        let (home, shape) = source.home(entry.module, entry.name).unwrap();
        let Shape::Struct { members, .. } = shape else {
            continue;
        };
        let sample = sampler.named(entry.module, entry.name, 0);
        let lists = members.iter().filter(|member| last(&member.of) == "List");
        for member in lists {
            for other in kinds() {
                if fits(&source, home, inner(&member.of), &other) {
                    continue;
                }
                let mut json = sample.clone();
                let good = json[&member.name][0].clone();
                json[&member.name] = json!([good, other, good]);
                let (written, places) = through(entry, &json);
                assert!(
                    same(&written, &json),
                    "{}::{}:\n{json}\n{written}",
                    entry.module,
                    entry.name
                );
                let [place] = places.as_slice() else {
                    panic!("{}::{}: {places:?}\n{json}", entry.module, entry.name)
                };
                assert!(place.ends_with("[1]"), "{place}");
                replaced += 1;
            }
        }
    }
    assert!(replaced > 1_000, "{replaced}");
}
