//! Changes of request bodies.

use serde_json::{Value, json};

use super::Kind;
use super::edit::{remove, replace, set};

fn is_json_content(_: &Value, at: &str, value: &Value) -> bool {
    let properties = value.pointer("/application~1json/schema/properties");
    at.ends_with("/requestBody/content") && properties.is_some()
}

fn send_as(root: &mut Value, at: &str, media_type: &str) -> bool {
    let content = remove(root, at, "application/json");
    content.is_some_and(|content| set(root, at, media_type, content))
}

pub(super) const KINDS: &[Kind] = &[
    Kind(
        "body becomes optional",
        3,
        |_, at, value| at.ends_with("/requestBody") && value["required"] == true,
        |root, at| set(root, at, "required", json!(false)),
    ),
    Kind(
        "body becomes required",
        1,
        |_, at, value| at.ends_with("/requestBody") && value["required"] != true,
        |root, at| set(root, at, "required", json!(true)),
    ),
    Kind(
        "body removed",
        2,
        |_, at, _| at.ends_with("/requestBody"),
        |root, at| {
            at.rsplit_once('/')
                .is_some_and(|(operation, _)| remove(root, operation, "requestBody").is_some())
        },
    ),
    Kind("body becomes a form", 1, is_json_content, |root, at| {
        send_as(root, at, "application/x-www-form-urlencoded")
    }),
    Kind(
        "body in another media type, too",
        2,
        is_json_content,
        |root, at| {
            let content = root.pointer(&format!("{at}/application~1json")).cloned();
            content.is_some_and(|content| set(root, at, "multipart/form-data", content))
        },
    ),
    Kind(
        "body in another media type alone",
        2,
        is_json_content,
        |root, at| send_as(root, at, "multipart/form-data"),
    ),
    Kind(
        "body of another JSON media type",
        2,
        is_json_content,
        |root, at| send_as(root, at, "application/vnd.shop+json"),
    ),
    Kind(
        "body moved to a component",
        2,
        |_, at, value| {
            at.ends_with("/requestBody/content/application~1json/schema")
                && value.get("properties").is_some()
        },
        |root, at| {
            let schema = root.pointer(at).cloned();
            schema.is_some_and(|schema| {
                set(root, "/components/schemas", "MovedBody", schema)
                    && replace(root, at, json!({"$ref": "#/components/schemas/MovedBody"}))
            })
        },
    ),
];
