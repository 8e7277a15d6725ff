//! Changes of enums, components, references and `allOf`.

use serde_json::{Value, json};

use super::Kind;
use super::edit::{
    move_schema, pop, property, push, remove, replace, require, reverse, set, to_component,
    unrequire,
};
use super::site::{
    has_all_of, is_component, is_enum, is_inline_enum, is_inline_object, is_number_enum,
    is_object_component, is_property, is_reference_property, is_text_property,
};

pub(super) const KINDS: &[Kind] = &[
    Kind("enum value added", 5, is_enum, |root, at| {
        push(root, &format!("{at}/enum"), json!("brand_new"))
    }),
    Kind("enum value removed", 4, is_enum, |root, at| {
        pop(root, &format!("{at}/enum"))
    }),
    Kind("enum value renamed", 3, is_enum, |root, at| {
        pop(root, &format!("{at}/enum")) && push(root, &format!("{at}/enum"), json!("other_now"))
    }),
    Kind("enum values reversed", 3, is_enum, |root, at| {
        reverse(root, &format!("{at}/enum"))
    }),
    Kind("enum becomes text", 2, is_enum, |root, at| {
        remove(root, at, "enum").is_some()
    }),
    Kind("text becomes an enum", 2, is_text_property, |root, at| {
        set(root, at, "enum", json!(["one", "two"]))
    }),
    Kind("number enum grows", 1, is_number_enum, |root, at| {
        push(root, &format!("{at}/enum"), json!(9))
    }),
    Kind("number enum shrinks", 1, is_number_enum, |root, at| {
        pop(root, &format!("{at}/enum"))
    }),
    Kind("schema renamed", 6, is_component, |root, at| {
        let Some((_, name)) = at.rsplit_once('/') else {
            return false;
        };
        let renamed = format!("New{name}");
        move_schema(root, name, &renamed)
    }),
    Kind(
        "schema split into allOf",
        4,
        is_object_component,
        |root, at| {
            let Some((_, name)) = at.rsplit_once('/') else {
                return false;
            };
            let base = format!("{name}Core");
            let Some(schema) = remove(root, "/components/schemas", name) else {
                return false;
            };
            let part = json!({"allOf": [{"$ref": format!("#/components/schemas/{base}")}]});
            set(root, "/components/schemas", &base, schema)
                && set(root, "/components/schemas", name, part)
        },
    ),
    Kind(
        "inline object to a component",
        3,
        is_inline_object,
        to_component,
    ),
    Kind(
        "inline enum to a component",
        3,
        is_inline_enum,
        to_component,
    ),
    Kind(
        "reference written out",
        4,
        is_reference_property,
        |root, at| {
            let target = root.pointer(&format!("{at}/$ref")).and_then(Value::as_str);
            let target = target.map(|target| target.trim_start_matches('#').to_owned());
            let schema = target.and_then(|target| root.pointer(&target).cloned());
            schema.is_some_and(|schema| replace(root, at, schema))
        },
    ),
    Kind(
        "reference to another schema",
        2,
        is_reference_property,
        |root, at| replace(root, at, json!({"$ref": "#/components/schemas/Error"})),
    ),
    Kind(
        "reference wrapped in allOf",
        2,
        is_reference_property,
        |root, at| {
            let reference = root.pointer(at).cloned();
            reference.is_some_and(|reference| replace(root, at, json!({"allOf": [reference]})))
        },
    ),
    Kind("allOf reversed", 3, has_all_of, |root, at| {
        reverse(root, &format!("{at}/allOf"))
    }),
    Kind("allOf part added", 2, has_all_of, |root, at| {
        let part = json!({"type": "object", "properties": {"theme": {"type": "string"}}});
        push(root, &format!("{at}/allOf"), part)
    }),
    Kind(
        "property moved to another part",
        2,
        |root, at, value| at.contains("/allOf/1/properties/") && is_property(root, at, value),
        |root, at| {
            let (owner, name) = property(at);
            let Some((list, _)) = owner.rsplit_once('/') else {
                return false;
            };
            let was_required = unrequire(root, &owner, &name);
            let Some(value) = remove(root, &format!("{owner}/properties"), &name) else {
                return false;
            };
            let mut part = json!({"type": "object", "properties": {}});
            set(&mut part, "/properties", &name, value);
            if was_required {
                require(&mut part, "", &name);
            }
            push(root, list, part)
        },
    ),
];
