//! Changes of documentation, constraints and formats.

use serde_json::json;

use super::Kind;
use super::edit::{remove, set};
use super::site::{is_operation, is_plain_property, is_property, is_text_property};

pub(super) const KINDS: &[Kind] = &[
    Kind(
        "description of a property",
        2,
        is_plain_property,
        |root, at| set(root, at, "description", json!("Something else.")),
    ),
    Kind("example changed", 2, is_text_property, |root, at| {
        set(root, at, "example", json!("AB"))
    }),
    Kind("pattern changed", 2, is_text_property, |root, at| {
        set(root, at, "pattern", json!("^[a-z]*$"))
    }),
    Kind("length changed", 2, is_text_property, |root, at| {
        set(root, at, "maxLength", json!(40))
    }),
    Kind(
        "default of a property",
        3,
        |root, at, value| is_property(root, at, value) && value["type"] == "boolean",
        |root, at| set(root, at, "default", json!(true)),
    ),
    Kind(
        "format added: date-time",
        3,
        is_text_property,
        |root, at| set(root, at, "format", json!("date-time")),
    ),
    Kind(
        "format removed",
        3,
        |root, at, value| is_property(root, at, value) && value.get("format").is_some(),
        |root, at| remove(root, at, "format").is_some(),
    ),
    Kind(
        "format int32 -> int64",
        2,
        |_, _, value| value.get("format") == Some(&json!("int32")),
        |root, at| set(root, at, "format", json!("int64")),
    ),
    Kind("operation deprecated", 2, is_operation, |root, at| {
        set(root, at, "deprecated", json!(true))
    }),
    Kind("property deprecated", 2, is_plain_property, |root, at| {
        set(root, at, "deprecated", json!(true))
    }),
];
