//! Changes of extensions.

use serde_json::{Value, json};

use super::Kind;
use super::edit::{remove, set};
use super::site::{is_integer_property, is_operation, is_plain_property, is_text_property};

pub(super) const KINDS: &[Kind] = &[
    Kind(
        "pagination removed",
        1,
        |_, _, value| value.get("x-pagination").is_some(),
        |root, at| remove(root, at, "x-pagination").is_some(),
    ),
    Kind(
        "guaranteed no longer",
        2,
        |_, _, value| value.get("x-guaranteed").is_some(),
        |root, at| remove(root, at, "x-guaranteed").is_some(),
    ),
    Kind("guaranteed now", 2, is_text_property, |root, at| {
        set(root, at, "x-guaranteed", json!(true))
    }),
    Kind(
        "Rust name of a property",
        2,
        is_plain_property,
        |root, at| set(root, at, "x-rust-name", json!("better_name")),
    ),
    Kind(
        "Rust type of a property",
        2,
        is_integer_property,
        |root, at| set(root, at, "x-rust-type", json!("rt::Amount")),
    ),
    Kind(
        "identifier of a property",
        1,
        is_text_property,
        |root, at| set(root, at, "x-rust-type", json!("ThingId")),
    ),
    Kind(
        "retry by a member",
        1,
        |_, at, value| is_operation(&Value::Null, at, value) && at.ends_with("/post"),
        |root, at| set(root, at, "x-idempotent-by", json!("note")),
    ),
];
