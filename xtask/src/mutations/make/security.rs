//! Changes of credentials and scopes.

use serde_json::json;

use super::Kind;
use super::edit::{pop, set};
use super::site::is_operation;

pub(super) const KINDS: &[Kind] = &[
    Kind("security of one operation", 3, is_operation, |root, at| {
        set(root, at, "security", json!([]))
    }),
    Kind(
        "security alternative removed",
        1,
        |_, at, _| at == "/security",
        pop,
    ),
    Kind(
        "security scheme changed",
        1,
        |_, at, _| at == "/components/securitySchemes/ApiKey",
        |root, at| set(root, at, "name", json!("X-Other-Key")),
    ),
    Kind(
        "scopes changed",
        2,
        |_, _, value| value.get("x-scopes").is_some(),
        |root, at| set(root, at, "x-scopes", json!(["admin:all"])),
    ),
];
