//! Changes of unions and of open objects.

use serde_json::{Value, json};

use super::Kind;
use super::edit::{pop, push, remove, reverse, set};
use super::site::{has_one_of, has_properties};

pub(super) const KINDS: &[Kind] = &[
    Kind("variant added", 2, has_one_of, |root, at| {
        push(root, &format!("{at}/oneOf"), json!({"type": "boolean"}))
    }),
    Kind(
        "variant of a discriminator",
        1,
        |_, _, value| value.get("discriminator").is_some(),
        |root, at| {
            let schema = json!({"type": "object", "required": ["type", "iban"], "properties": {"type": {"type": "string", "enum": ["bank"]}, "iban": {"type": "string"}}});
            set(root, "/components/schemas", "BankPayment", schema)
                && push(
                    root,
                    &format!("{at}/oneOf"),
                    json!({"$ref": "#/components/schemas/BankPayment"}),
                )
                && set(
                    root,
                    &format!("{at}/discriminator/mapping"),
                    "bank",
                    json!("#/components/schemas/BankPayment"),
                )
        },
    ),
    Kind("variant removed", 2, has_one_of, |root, at| {
        remove(root, at, "discriminator");
        pop(root, &format!("{at}/oneOf"))
    }),
    Kind("variants reversed", 2, has_one_of, |root, at| {
        reverse(root, &format!("{at}/oneOf"))
    }),
    Kind(
        "discriminator removed",
        1,
        |_, _, value| value.get("discriminator").is_some(),
        |root, at| remove(root, at, "discriminator").is_some(),
    ),
    Kind(
        "discriminator value changed",
        1,
        |_, _, value| value.pointer("/discriminator/mapping/card").is_some(),
        |root, at| {
            let is_set = set(
                root,
                &format!("{at}/discriminator/mapping"),
                "plastic",
                json!("#/components/schemas/CardPayment"),
            );
            remove(root, &format!("{at}/discriminator/mapping"), "card");
            is_set
                && set(
                    root,
                    "/components/schemas/CardPayment/properties/type",
                    "enum",
                    json!(["plastic"]),
                )
        },
    ),
    Kind("open object gets a type", 2, has_properties, |root, at| {
        root.pointer(&format!("{at}/additionalProperties"))
            .is_none()
            && set(root, at, "additionalProperties", json!({"type": "integer"}))
    }),
    Kind(
        "type of an open object",
        2,
        |_, at, value| {
            at.starts_with("/components")
                && value
                    .get("additionalProperties")
                    .is_some_and(Value::is_object)
        },
        |root, at| set(root, at, "additionalProperties", json!({"type": "integer"})),
    ),
    Kind(
        "open object closed",
        1,
        |_, _, value| {
            value.get("properties").is_some()
                && value
                    .get("additionalProperties")
                    .is_some_and(Value::is_object)
        },
        |root, at| remove(root, at, "additionalProperties").is_some(),
    ),
];
