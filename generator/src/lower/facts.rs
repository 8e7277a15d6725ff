//! Facts of a schema about a value without parts: its type, its constraints, its constants.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{report::Findings, site::Site};
use crate::{
    load::{Node, Value},
    model::{RuntimeType, TextForm, TypeRef},
};

/// The type of the runtime that values can have, by its name.
pub(crate) fn runtime_type(name: &str) -> Option<RuntimeType> {
    [
        RuntimeType::AccountId,
        RuntimeType::Amount,
        RuntimeType::Currency,
    ]
    .into_iter()
    .find(|ty| ty.name() == name)
}

/// The type of a value if it did not have a type of the runtime.
pub(crate) fn plain(ty: RuntimeType) -> TypeRef {
    match ty {
        RuntimeType::Amount => TypeRef::Integer,
        RuntimeType::AccountId | RuntimeType::Currency | RuntimeType::Redirect => TypeRef::String,
    }
}

/// Whether a value of this type can have a type of the runtime. Many documents declare minor units as `number`, so both
/// kinds of numbers can be amounts.
pub(crate) fn fits_runtime(ty: RuntimeType, simple: &TypeRef) -> bool {
    let is_number = matches!(simple, TypeRef::Number | TypeRef::Unsigned);
    (ty == RuntimeType::Amount && is_number) || plain(ty) == *simple
}

/// The type of a value without parts.
pub(crate) fn simple(parts: &[Site<'_>], types: &BTreeSet<&str>) -> TypeRef {
    let format = parts.iter().rev().find_map(|part| part.text("format"));
    if types.contains("integer") {
        return whole(parts, format);
    }
    if types.contains("number") {
        return match format {
            Some("float" | "double") => TypeRef::Float,
            Some("int32" | "int64") => TypeRef::Integer,
            Some("uint64") => TypeRef::Unsigned,
            _ => TypeRef::Number,
        };
    }
    if types.contains("boolean") {
        return TypeRef::Bool;
    }
    let textual = types.contains("string")
        || ["pattern", "minLength", "maxLength", "format"]
            .iter()
            .any(|keyword| parts.iter().any(|part| part.get(keyword).is_some()));
    if !textual {
        return TypeRef::Json;
    }
    match format {
        Some("date-time") => TypeRef::Timestamp,
        Some("date") => TypeRef::Date,
        _ => TypeRef::String,
    }
}

/// The format of a text, if it distinguishes it from texts of other formats.
pub(crate) fn form(parts: &[Site<'_>]) -> Option<TextForm> {
    let mut formats = parts.iter().filter_map(|part| part.text("format"));
    formats.find_map(|format| match format {
        "ipv4" => Some(TextForm::Ipv4),
        "ipv6" => Some(TextForm::Ipv6),
        "uuid" => Some(TextForm::Uuid),
        _ => None,
    })
}

/// The type of a whole number: by its format, or else by its bounds and values.
fn whole(parts: &[Site<'_>], format: Option<&str>) -> TypeRef {
    match format {
        Some("int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32") => {
            return TypeRef::Integer;
        }
        Some("uint64") => return TypeRef::Unsigned,
        Some("int128" | "uint128" | "bigint" | "biginteger") => return TypeRef::Big,
        _ => {}
    }
    let all = |keywords: &[&str]| -> Vec<&serde_json::Number> {
        let found = (parts.iter()).flat_map(|part| keywords.iter().map(|key| part.node.get(key)));
        found.flatten().filter_map(Node::as_number).collect()
    };
    let bounds = all(&["minimum", "maximum"]);
    let mut values = all(&["default", "example"]);
    let listed = (parts.iter()).filter_map(|part| part.node.get("enum")?.as_array());
    values.extend(listed.flatten().filter_map(Node::as_number));
    let held = |numbers: &[&serde_json::Number], round: fn(f64) -> i128| -> Vec<i128> {
        let exact = |number: &serde_json::Number| {
            let whole = number.as_i64().map(i128::from);
            whole.or_else(|| number.as_u64().map(i128::from))
        };
        let float = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
        let all = numbers.iter();
        all.map(|number| exact(number).unwrap_or_else(|| round(float(number))))
            .collect()
    };
    let mut numbers = held(&values, beyond);
    numbers.extend(
        held(&bounds, |bound| bound as i128)
            .into_iter()
            .map(unrounded),
    );
    let least = numbers.iter().copied().fold(0, i128::min);
    let most = numbers.iter().copied().fold(0, i128::max);
    match () {
        () if i64::try_from(least).is_ok() && i64::try_from(most).is_ok() => TypeRef::Integer,
        () if u64::try_from(least).is_ok() && u64::try_from(most).is_ok() => TypeRef::Unsigned,
        () => TypeRef::Big,
    }
}

/// A value that is held as a float: if it is as large as the bounds of `i64` and `u64`, it is beyond them, since these are
/// held exactly.
fn beyond(value: f64) -> i128 {
    let whole = value as i128;
    match whole == i128::from(i64::MIN) {
        true => whole - 1,
        false => whole,
    }
}

/// Writers of JSON round the bounds of `i64` and `u64` to a float, and write its shortest digits.
fn unrounded(bound: i128) -> i128 {
    match bound {
        9_223_372_036_854_776_000 => i128::from(i64::MAX),
        -9_223_372_036_854_776_000 => i128::from(i64::MIN),
        18_446_744_073_709_551_616 => i128::from(u64::MAX),
        _ => bound,
    }
}

/// Documented keywords in the order of the documentation, with their words.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("format", "Format"),
    ("pattern", "Pattern"),
    ("minLength", "Minimum length"),
    ("maxLength", "Maximum length"),
    ("minimum", "Minimum"),
    ("maximum", "Maximum"),
    ("exclusiveMinimum", "The minimum itself is excluded"),
    ("exclusiveMaximum", "The maximum itself is excluded"),
    ("multipleOf", "Multiple of"),
    ("minItems", "Minimum number of items"),
    ("maxItems", "Maximum number of items"),
    ("uniqueItems", "Items must be unique"),
    ("minProperties", "Minimum number of members"),
    ("maxProperties", "Maximum number of members"),
    ("default", "Default"),
];

/// Formats that a type expresses.
const TYPED_FORMATS: [&str; 5] = ["date-time", "date", "float", "double", "binary"];

/// Returns whether a keyword of a schema limits the values of its type, and does not change the type.
pub(crate) fn is_limit(keyword: &str, node: &Node) -> bool {
    match keyword {
        "format" => node
            .as_str()
            .is_some_and(|format| !TYPED_FORMATS.contains(&format)),
        _ => keyword == "not" || CONSTRAINTS.iter().any(|(known, _)| *known == keyword),
    }
}

/// One line about the valid values.
pub(crate) fn constraints(parts: &[Site<'_>]) -> String {
    let mut told = Vec::new();
    for (_, words, keyword, text) in stated(parts) {
        let line = match text.is_empty() {
            true if keyword == "default" => format!("{words}: empty."),
            true => format!("{words}."),
            false => format!("{words}: {}.", code(&text)),
        };
        if !told.contains(&line) {
            told.push(line);
        }
    }
    told.join(" ")
}

/// Adds each constraint to the report: the types don't enforce them.
pub(crate) fn list_constraints(parts: &[Site<'_>], findings: &mut Findings) {
    for (at, _, keyword, text) in stated(parts) {
        if keyword != "default" {
            findings.constraint(&at, format!("{keyword} {text}").replace('\n', " ").trim());
        }
    }
}

/// Place, words, keyword and value of each constraint.
fn stated(parts: &[Site<'_>]) -> Vec<(String, &'static str, &'static str, String)> {
    let mut stated = Vec::new();
    for (keyword, words) in CONSTRAINTS {
        for part in parts {
            let Some(node) = part.node.get(keyword) else {
                continue;
            };
            let text = match &node.value {
                Value::Bool(false) if *keyword != "default" => continue,
                Value::Bool(true) if *keyword != "default" => String::new(),
                Value::String(text) => text.clone(),
                _ => node.to_json().to_string(),
            };
            // The types express these.
            if *keyword == "format" && TYPED_FORMATS.contains(&text.as_str()) {
                continue;
            }
            stated.push((format!("{}/{keyword}", part.at), *words, *keyword, text));
        }
    }
    stated
}

/// A value as inline code of CommonMark.
pub(crate) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.contains('`') {
        return format!("`` {text} ``");
    }
    format!("`{text}`")
}

/// The values that all enums of these parts allow.
pub(crate) fn enum_values<'d>(parts: &[Site<'d>]) -> Vec<&'d Node> {
    let mut lists = parts
        .iter()
        .filter_map(|part| part.get("enum"))
        .map(|site| {
            let node: &'d Node = site.node;
            node.as_array()
                .unwrap_or_default()
                .iter()
                .filter(|node| !is_null(node))
                .collect::<Vec<_>>()
        });
    let text = |node: &Node| node.to_json().to_string();
    let mut known: HashSet<String> = HashSet::new();
    let first = lists.next().unwrap_or_default().into_iter();
    let mut values: Vec<&'d Node> = first.filter(|node| known.insert(text(node))).collect();
    for list in lists {
        let other: HashSet<String> = list.iter().map(|node| text(node)).collect();
        let both: Vec<&'d Node> = (values.iter())
            .filter(|node| other.contains(&text(node)))
            .copied()
            .collect();
        // Lists without a common value are a mistake of the document; the first one is used.
        if !both.is_empty() {
            values = both;
        }
    }
    values
}

/// Names and descriptions of the values of an enum by their JSON, from `x-enum-varnames` and `x-enum-descriptions`; empty if
/// there is none.
pub(crate) fn said_of_values<'d>(parts: &[Site<'d>]) -> HashMap<String, (&'d str, &'d str)> {
    let mut said: HashMap<String, (&str, &str)> = HashMap::new();
    for part in parts {
        let list = |key| {
            let node: Option<&'d Node> = part.get(key).map(|site| site.node);
            node.and_then(Node::as_array).unwrap_or_default()
        };
        let values = list("enum");
        // A list of another length belongs to other values.
        let texts = |key| Some(list(key)).filter(|list| list.len() == values.len());
        let (names, descriptions) = (texts("x-enum-varnames"), texts("x-enum-descriptions"));
        if names.is_none() && descriptions.is_none() {
            continue;
        }
        for (index, value) in values.iter().enumerate() {
            let text = |list: Option<&'d [Node]>| {
                let text = list?.get(index)?.as_str()?;
                (!text.is_empty()).then_some(text)
            };
            let (name, docs) = said.entry(value.to_json().to_string()).or_default();
            *name = text(names).unwrap_or(name);
            *docs = text(descriptions).unwrap_or(docs);
        }
    }
    said
}

pub(crate) fn is_null(node: &Node) -> bool {
    matches!(node.value, Value::Null)
}

/// A whole number.
pub(crate) fn integer(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

/// `1` and `1.0` are the same number.
pub(crate) fn whole_number(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        let whole = float as i64;
        (float.abs() < 9_007_199_254_740_992.0 && whole as f64 == float).then_some(whole)
    })
}

/// Whether a number is whole, as large as it may be.
pub(crate) fn has_no_fraction(node: &Node) -> bool {
    node.as_number().is_some_and(|number| {
        !number.is_f64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
    })
}

/// A scalar as text.
pub(crate) fn scalar_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The version of a deprecation, and the replacement.
pub(crate) fn deprecation(site: &Site<'_>) -> String {
    let since = site
        .text("x-deprecated-since")
        .map(|since| format!("since {since}"));
    let instead = site
        .text("x-deprecated-use")
        .map(|instead| format!("use {} instead", instead.trim()));
    match (since, instead) {
        (Some(since), Some(instead)) => format!("{since}; {instead}"),
        (Some(note), None) | (None, Some(note)) => note,
        (None, None) => "the document marks it as deprecated".to_owned(),
    }
}

/// The facts of a place that are not confirmed.
pub(crate) fn unconfirmed(site: &Site<'_>) -> Option<String> {
    let text = site.text("x-not-confirmed")?;
    Some(text.trim().to_owned())
}

/// Whether a header is an idempotency key, with room for a generated one.
pub(crate) fn is_made_up(header: &str, schema: &Site<'_>) -> bool {
    /// The length of a UUID.
    const KEY: u64 = 36;
    let most = schema.node.get("maxLength").and_then(|most| most.as_u64());
    header.eq_ignore_ascii_case("idempotency-key") && most.is_none_or(|most| most >= KEY)
}
