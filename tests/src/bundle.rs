//! Documents that refer to each other's schemas as one document each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

const SCHEMAS: &str = "#/components/schemas/";

/// A schema of another document: file and name.
type Foreign = (String, String);

/// Reads a document, with every schema that it needs of its neighbours under the name `file.Schema`.
///
/// # Errors
/// One of them can't be read, or lacks a schema.
pub fn read(path: &Path) -> Result<Value, String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let own = path.file_name().unwrap_or_default().to_string_lossy();
    let mut document = parse(path)?;
    let mut needed = Vec::new();
    rename(&mut document, &own, &own, &mut needed);
    let mut others: BTreeMap<String, Value> = BTreeMap::new();
    let mut seen: BTreeSet<Foreign> = BTreeSet::new();
    while let Some((file, name)) = needed.pop() {
        if !seen.insert((file.clone(), name.clone())) {
            continue;
        }
        if !others.contains_key(&file) {
            others.insert(file.clone(), parse(&folder.join(&file))?);
        }
        let mut schema = others[&file]["components"]["schemas"][&name].clone();
        if schema.is_null() {
            return Err(format!("{file} has no schema {name}"));
        }
        rename(&mut schema, &file, &own, &mut needed);
        document["components"]["schemas"][format!("{file}.{name}")] = schema;
    }
    Ok(document)
}

fn parse(path: &Path) -> Result<Value, String> {
    let wrong = |error: String| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    serde_yaml::from_str(&text).map_err(|error| wrong(error.to_string()))
}

/// References in a part of the document `file`, as `whole` has them.
fn rename(value: &mut Value, file: &str, whole: &str, needed: &mut Vec<Foreign>) {
    match value {
        Value::Array(items) => {
            (items.iter_mut()).for_each(|item| rename(item, file, whole, needed))
        }
        Value::Object(members) => {
            (members.values_mut()).for_each(|member| rename(member, file, whole, needed));
        }
        Value::String(text) => {
            let Some((target, name)) = text.split_once(SCHEMAS) else {
                return;
            };
            let target = if target.is_empty() { file } else { target };
            if target == whole {
                *text = format!("{SCHEMAS}{name}");
            } else if target.ends_with(".yaml") {
                needed.push((target.to_owned(), name.to_owned()));
                *text = format!("{SCHEMAS}{target}.{name}");
            }
        }
        _ => {}
    }
}
