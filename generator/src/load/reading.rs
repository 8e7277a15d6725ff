//! Reads values of the wrong type whose meaning is clear: `maxLength: "35"`, `version: 1.0`,
//! `required: null`. The check warns about them, the normalisation replaces them.

use super::{Node, Value, table::Want, text::Texts, yaml::plain};

/// How a value is read where another type is expected.
pub(super) enum Reading {
    /// The value has the expected type.
    AsIs,
    /// As if the key were missing.
    Absent,
    /// As this value.
    As(Value),
    /// The meaning is unclear.
    Wrong,
}

/// Reads a value. `named_freely`: its key is a name chosen by the document, so dropping it would lose information.
pub(super) fn reading(texts: &Texts, want: Want, node: &Node, named_freely: bool) -> Reading {
    use Want::*;
    let good = |fits: bool| if fits { Reading::AsIs } else { Reading::Wrong };
    match (want, &node.value) {
        (Any, _) => Reading::AsIs,
        (Is(_) | FlagOrSchema, Value::Null) if named_freely => {
            Reading::As(Value::Object(Vec::new()))
        }
        (Text, Value::Null) if named_freely => Reading::As(Value::String(String::new())),
        (Texts, Value::Null) if named_freely => Reading::As(Value::Array(Vec::new())),
        (_, Value::Null) => Reading::Absent,
        (Text | Word(_), Value::Number(number)) => Reading::As(Value::String(
            written(texts, node).unwrap_or_else(|| number.to_string()),
        )),
        (Text, Value::Bool(flag)) => Reading::As(Value::String(flag.to_string())),
        (Text | Word(_), value) => good(matches!(value, Value::String(_))),
        (Flag | FlagOrSchema, Value::String(text)) => match text.as_str() {
            "true" => Reading::As(Value::Bool(true)),
            "false" => Reading::As(Value::Bool(false)),
            _ => Reading::Wrong,
        },
        (Flag, value) => good(matches!(value, Value::Bool(_))),
        (FlagOrSchema, value) => good(matches!(value, Value::Bool(_) | Value::Object(_))),
        (Number, Value::String(text)) => match serde_json::from_str(text) {
            Ok(number) => Reading::As(Value::Number(number)),
            Err(_) => Reading::Wrong,
        },
        (Number, value) => good(matches!(value, Value::Number(_))),
        (Count, Value::Number(number)) => match (number.as_u64(), number.as_f64()) {
            (Some(_), _) => Reading::AsIs,
            (None, Some(value)) if value.fract() == 0.0 && (0.0..9e15).contains(&value) => {
                // In this range every float without a fraction is exactly a whole number.
                match format!("{value:.0}").parse::<u64>() {
                    Ok(whole) => Reading::As(Value::Number(whole.into())),
                    Err(_) => Reading::Wrong,
                }
            }
            _ => Reading::Wrong,
        },
        (Count, Value::String(text)) => match text.parse::<u64>() {
            Ok(number) => Reading::As(Value::Number(number.into())),
            Err(_) => Reading::Wrong,
        },
        (Count, _) => Reading::Wrong,
        (Texts, Value::String(_)) => Reading::As(Value::Array(vec![node.clone()])),
        (Texts | Values | Many(_), Value::Object(members)) if members.is_empty() => {
            Reading::As(Value::Array(Vec::new()))
        }
        (Texts | Values | Many(_), value) => good(matches!(value, Value::Array(_))),
        // PHP writes an empty object like this.
        (TextMap | ValueMap | Map(_) | Is(_), Value::Array(items)) if items.is_empty() => {
            Reading::As(Value::Object(Vec::new()))
        }
        (TextMap | ValueMap | Map(_) | Is(_), value) => good(matches!(value, Value::Object(_))),
    }
}

/// A number or boolean as its author wrote it: `1.10` is not `1.1` when it is a version.
pub(super) fn written(texts: &Texts, node: &Node) -> Option<String> {
    let text: String = (texts.rest(&node.place).chars())
        .take_while(|c| !c.is_whitespace() && !matches!(c, ',' | '}' | ']'))
        .collect();
    // Not if the value comes from an anchor.
    let same = plain(&text)?.same(&node.value);
    same.then_some(text)
}

impl Value {
    /// Returns whether two scalars are the same value.
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one == other,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            _ => false,
        }
    }
}
