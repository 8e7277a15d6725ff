//! Changes of properties.

use serde_json::json;

use super::Kind;
use super::edit::{property, remove, replace, require, set, unrequire};
use super::site::{
    has_properties, is_integer_property, is_list_property, is_number_property,
    is_optional_property, is_plain_property, is_property, is_required_property, is_text_property,
};

pub(super) const KINDS: &[Kind] = &[
    Kind("property added", 4, has_properties, |root, at| {
        set(
            root,
            &format!("{at}/properties"),
            "brand_new",
            json!({"type": "string"}),
        )
    }),
    Kind("required property added", 3, has_properties, |root, at| {
        let is_set = set(
            root,
            &format!("{at}/properties"),
            "brand_new",
            json!({"type": "string"}),
        );
        is_set && require(root, at, "brand_new")
    }),
    Kind("property removed", 4, is_property, |root, at| {
        let (owner, name) = property(at);
        unrequire(root, &owner, &name);
        remove(root, &format!("{owner}/properties"), &name).is_some()
    }),
    Kind("property renamed", 4, is_property, |root, at| {
        let (owner, name) = property(at);
        let was_required = unrequire(root, &owner, &name);
        let Some(value) = remove(root, &format!("{owner}/properties"), &name) else {
            return false;
        };
        let renamed = format!("{name}_renamed");
        if was_required {
            require(root, &owner, &renamed);
        }
        set(root, &format!("{owner}/properties"), &renamed, value)
    }),
    Kind(
        "property text -> whole number",
        3,
        is_text_property,
        |root, at| replace(root, at, json!({"type": "integer"})),
    ),
    Kind(
        "property whole number -> text",
        3,
        is_integer_property,
        |root, at| replace(root, at, json!({"type": "string"})),
    ),
    Kind(
        "property number -> whole number",
        2,
        is_number_property,
        |root, at| replace(root, at, json!({"type": "integer"})),
    ),
    Kind(
        "property becomes a list",
        3,
        is_text_property,
        |root, at| {
            replace(
                root,
                at,
                json!({"type": "array", "items": {"type": "string"}}),
            )
        },
    ),
    Kind("list becomes one", 2, is_list_property, |root, at| {
        let items = root.pointer(&format!("{at}/items")).cloned();
        items.is_some_and(|items| replace(root, at, items))
    }),
    Kind("items of a list change", 2, is_list_property, |root, at| {
        set(root, at, "items", json!({"type": "boolean"}))
    }),
    Kind(
        "property becomes required",
        4,
        is_optional_property,
        |root, at| {
            let (owner, name) = property(at);
            require(root, &owner, &name)
        },
    ),
    Kind(
        "property becomes optional",
        3,
        is_required_property,
        |root, at| {
            let (owner, name) = property(at);
            unrequire(root, &owner, &name)
        },
    ),
    Kind(
        "property becomes read-only",
        3,
        is_optional_property,
        |root, at| set(root, at, "readOnly", json!(true)),
    ),
    Kind(
        "required property becomes read-only",
        2,
        is_required_property,
        |root, at| {
            let (owner, name) = property(at);
            unrequire(root, &owner, &name) && set(root, at, "readOnly", json!(true))
        },
    ),
    Kind(
        "property no longer read-only",
        2,
        |_, _, value| value.get("readOnly").is_some(),
        |root, at| remove(root, at, "readOnly").is_some(),
    ),
    Kind(
        "property becomes write-only",
        2,
        is_plain_property,
        |root, at| set(root, at, "writeOnly", json!(true)),
    ),
    Kind(
        "property becomes nullable",
        4,
        is_plain_property,
        |root, at| set(root, at, "nullable", json!(true)),
    ),
    Kind(
        "property no longer nullable",
        2,
        |_, _, value| value.get("nullable").is_some(),
        |root, at| remove(root, at, "nullable").is_some(),
    ),
    Kind("read-only property added", 2, has_properties, |root, at| {
        let value = json!({"type": "string", "readOnly": true});
        set(root, &format!("{at}/properties"), "seen_by", value)
    }),
    Kind(
        "write-only property added",
        2,
        has_properties,
        |root, at| {
            let value = json!({"type": "string", "writeOnly": true});
            set(root, &format!("{at}/properties"), "told_by", value)
        },
    ),
];
