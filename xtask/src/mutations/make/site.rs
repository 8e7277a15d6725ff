//! Places of a document, by kind.

use serde_json::{Value, json};

use super::edit::property;

pub(super) fn has_properties(_: &Value, at: &str, value: &Value) -> bool {
    value.get("properties").is_some_and(Value::is_object) && !at.ends_with("/properties")
}

pub(super) fn is_property(_: &Value, at: &str, value: &Value) -> bool {
    let above = at.rsplit_once('/').map_or("", |(above, _)| above);
    above.ends_with("/properties") && value.is_object()
}

pub(super) fn is_plain_property(root: &Value, at: &str, value: &Value) -> bool {
    let is_tag = root
        .pointer(&property(at).0)
        .is_some_and(|_| at.ends_with("/properties/type"));
    is_property(root, at, value)
        && value.get("type").is_some()
        && !is_tag
        && value.get("x-guaranteed").is_none()
}

pub(super) fn is_text_property(root: &Value, at: &str, value: &Value) -> bool {
    let bare = ["enum", "format", "x-rust-type", "readOnly"];
    is_plain_property(root, at, value)
        && value["type"] == "string"
        && bare.iter().all(|key| value.get(key).is_none())
}

pub(super) fn is_integer_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value)
        && value["type"] == "integer"
        && value.get("enum").is_none()
        && value.get("x-rust-type").is_none()
}

pub(super) fn is_number_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value) && value["type"] == "number"
}

pub(super) fn is_list_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value) && value["type"] == "array"
}

pub(super) fn is_required_property(root: &Value, at: &str, value: &Value) -> bool {
    let (owner, name) = property(at);
    let all = root
        .pointer(&format!("{owner}/required"))
        .and_then(Value::as_array);
    is_plain_property(root, at, value) && all.is_some_and(|all| all.contains(&json!(name)))
}

pub(super) fn is_optional_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value)
        && !is_required_property(root, at, value)
        && value.get("readOnly").is_none()
}

pub(super) fn is_reference_property(root: &Value, at: &str, value: &Value) -> bool {
    let target = value.get("$ref").and_then(Value::as_str);
    is_property(root, at, value) && target.is_some_and(|target| target.starts_with('#'))
}

pub(super) fn is_enum(_: &Value, _: &str, value: &Value) -> bool {
    let values = value.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_string))
}

pub(super) fn is_number_enum(_: &Value, _: &str, value: &Value) -> bool {
    let values = value.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_number))
}

pub(super) fn is_inline_enum(root: &Value, at: &str, value: &Value) -> bool {
    is_enum(root, at, value) && !is_component(root, at, value)
}

pub(super) fn is_component(_: &Value, at: &str, _: &Value) -> bool {
    at.strip_prefix("/components/schemas/")
        .is_some_and(|rest| !rest.contains('/'))
}

pub(super) fn is_object_component(root: &Value, at: &str, value: &Value) -> bool {
    is_component(root, at, value) && value.get("properties").is_some()
}

pub(super) fn is_inline_object(root: &Value, at: &str, value: &Value) -> bool {
    let is_part = at
        .rsplit_once('/')
        .is_some_and(|(above, _)| above.ends_with("/allOf"));
    has_properties(root, at, value)
        && !is_component(root, at, value)
        && !is_part
        && !at.contains("/requestBody/")
}

pub(super) fn has_all_of(_: &Value, _: &str, value: &Value) -> bool {
    value
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.len() > 1)
}

pub(super) fn has_one_of(_: &Value, _: &str, value: &Value) -> bool {
    value
        .get("oneOf")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.len() > 1)
}

pub(super) fn is_operation(_: &Value, at: &str, value: &Value) -> bool {
    at.starts_with("/paths/") && value.get("responses").is_some()
}

pub(super) fn has_parameters(root: &Value, at: &str, value: &Value) -> bool {
    is_operation(root, at, value) && value.get("parameters").is_some()
}

pub(super) fn is_parameter(at: &str, value: &Value) -> bool {
    at.contains("/parameters/") && value.get("in").is_some() && value.get("schema").is_some()
}

pub(super) fn is_optional_parameter(_: &Value, at: &str, value: &Value) -> bool {
    let is_key = value["name"] == "Idempotency-Key" || value["name"] == "starting_after";
    is_parameter(at, value) && value["required"] != true && !is_key
}

pub(super) fn is_named_parameter(_: &Value, at: &str, value: &Value) -> bool {
    is_parameter(at, value) && value["in"] != "path" && value["name"] != "starting_after"
}

pub(super) fn is_path(_: &Value, at: &str, _: &Value) -> bool {
    at.strip_prefix("/paths/")
        .is_some_and(|rest| !rest.contains('/'))
}

pub(super) fn is_path_with_parameter(root: &Value, at: &str, value: &Value) -> bool {
    is_path(root, at, value) && at.contains('{')
}

pub(super) fn is_response_schema(at: &str, value: &Value) -> bool {
    at.ends_with("/responses/200/content/application~1json/schema") && value.get("$ref").is_some()
}
