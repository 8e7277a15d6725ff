//! Warnings about contradictions that leave the meaning clear but were probably not intended.

use std::collections::BTreeMap;

use super::{
    super::{Key, Node, Place, Value, table::Kind},
    At, Check,
};

/// Pairs of bounds: the first must not exceed the second.
const BOUNDS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

pub(super) fn check(check: &mut Check<'_>, kind: Kind, node: &Node, at: &At<'_>) {
    match kind {
        Kind::Schema => schema(check, node, at),
        Kind::Server => server(check, node, at),
        _ => {}
    }
}

fn schema(check: &mut Check<'_>, node: &Node, at: &At<'_>) {
    let wanted = node.get("type").and_then(Node::as_str);
    let composed = ["allOf", "oneOf", "anyOf", "$ref"];
    if let Some((key, _)) = node.entry("type")
        && wanted == Some("array")
        && node.get("items").is_none()
        && composed.iter().all(|key| node.get(key).is_none())
    {
        let what = "a list without `items`: its items are any JSON".to_owned();
        let help = "say what they are: `items: { type: string }`".to_owned();
        check.warn(&key.place, at, what, help);
    }
    for (least, most) in BOUNDS {
        let bound = |key: &str| {
            let (key, node) = node.entry(key)?;
            Some((&key.place, node.as_f64()?))
        };
        if let (Some((place, low)), Some((_, high))) = (bound(least), bound(most))
            && low > high
        {
            let what = format!("`{least}` is {low} and `{most}` is {high}: no value is valid");
            check.warn(place, &at.key(least), what, "exchange them".to_owned());
        }
    }
    if let Some((key, step)) = node.entry("multipleOf")
        && step.as_f64().is_some_and(|step| step <= 0.0)
    {
        let what = "`multipleOf` must be greater than 0: no value is valid".to_owned();
        check.warn(&key.place, &at.key("multipleOf"), what, String::new());
    }
    let values = node.get("enum").and_then(Node::as_array);
    for (index, value) in values.unwrap_or_default().iter().enumerate() {
        // `null` is accepted without `nullable`, too; the check of scalars reports numbers that are read as strings.
        let fits = match (wanted, &value.value) {
            (_, Value::Null) => true,
            (Some("integer"), Value::Number(number)) => {
                number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            (Some("number"), Value::Number(_))
            | (Some("boolean"), Value::Bool(_))
            | (Some("array"), Value::Array(_))
            | (Some("object"), Value::Object(_)) => true,
            (Some("string"), Value::Array(_) | Value::Object(_))
            | (Some("integer" | "number" | "boolean" | "array" | "object"), _) => false,
            _ => true,
        };
        if !fits {
            let wanted = wanted.unwrap_or_default();
            let what = format!(
                "a value of `enum` is {}, and the type is `{wanted}`: it is never valid",
                value.value.kind()
            );
            let help = "correct the `type` or the value".to_owned();
            check.warn(&value.place, &at.key("enum").index(index), what, help);
        }
    }
}

/// Names in braces of a URL are its variables.
fn server(check: &mut Check<'_>, node: &Node, at: &At<'_>) {
    let Some((url, text)) = node.get("url").and_then(|url| Some((url, url.as_str()?))) else {
        return;
    };
    let variables = node.get("variables");
    let names = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'));
    for (name, _) in names {
        if variables.is_none_or(|all| all.get(name).is_none()) {
            let what = format!("`{{{name}}}` in the URL has no entry in `variables`");
            let help = format!("give it a default: `variables: {{ {name}: {{ default: … }} }}`");
            check.warn(&url.place, &at.key("url"), what, help);
        }
    }
    let entries = variables.and_then(Node::as_object).unwrap_or_default();
    for (key, variable) in entries {
        let values = variable.get("enum").and_then(Node::as_array);
        let Some((default, values)) = variable.get("default").zip(values) else {
            continue;
        };
        if !values.is_empty() && !values.iter().any(|value| value.value == default.value) {
            let what = format!("the default of `{}` is not in its `enum`", key.name);
            let at = at.key("variables");
            let at = at.key(&key.name);
            check.warn(&default.place, &at.key("default"), what, String::new());
        }
    }
}

/// Reports paths that a server can't distinguish: only the names of their parameters differ.
pub(super) fn paths(check: &mut Check<'_>, paths: &[(Key, Node)]) {
    let mut known: BTreeMap<String, (&str, &Place)> = BTreeMap::new();
    for (key, _) in paths.iter().filter(|(key, _)| key.name.starts_with('/')) {
        let mut parts = key.name.split('{');
        let mut path = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            path.push_str("{}");
            path.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
        }
        // A fragment in a path distinguishes several operations of the same path.
        if path.contains('#') {
            continue;
        }
        match known.get(&path) {
            None => drop(known.insert(path, (&key.name, &key.place))),
            Some((first, place)) => {
                let what = format!(
                    "`{}` and `{first}` differ in the names of parameters only: a server can't tell them apart",
                    key.name
                );
                let at = At::Root.key("paths");
                let at = at.key(&key.name);
                let found = (check.texts)
                    .error(&key.place, at.pointer(), what, "")
                    .also((*place).clone(), "the first one");
                check.findings.warnings.push(found.into_warning());
            }
        }
    }
}
