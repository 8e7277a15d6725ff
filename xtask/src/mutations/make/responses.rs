//! Changes of statuses, bodies and headers of responses.

use serde_json::json;

use super::Kind;
use super::edit::{last, remove, replace, set};
use super::site::{is_operation, is_response_schema};

pub(super) const KINDS: &[Kind] = &[
    Kind("error status added", 3, is_operation, |root, at| {
        let response = root.pointer("/components/responses/Failure").map_or_else(
            || json!({"description": "An error."}),
            |_| json!({"$ref": "#/components/responses/Failure"}),
        );
        set(root, &format!("{at}/responses"), "429", response)
    }),
    Kind(
        "error status with another body",
        2,
        is_operation,
        |root, at| {
            let body = json!({"type": "object", "properties": {"hint": {"type": "string"}}});
            set(
                root,
                &format!("{at}/responses"),
                "423",
                json!({"description": "Locked.", "content": {"application/json": {"schema": body}}}),
            )
        },
    ),
    Kind(
        "success status with another body",
        2,
        is_operation,
        |root, at| {
            let body = json!({"type": "object", "properties": {"hint": {"type": "string"}}});
            set(
                root,
                &format!("{at}/responses"),
                "203",
                json!({"description": "So.", "content": {"application/json": {"schema": body}}}),
            )
        },
    ),
    Kind(
        "success status without body",
        2,
        is_operation,
        |root, at| {
            set(
                root,
                &format!("{at}/responses"),
                "204",
                json!({"description": "Nothing."}),
            )
        },
    ),
    Kind(
        "status changed",
        3,
        |_, at, _| at.ends_with("/responses/200"),
        |root, at| {
            let Some((responses, _)) = at.rsplit_once('/') else {
                return false;
            };
            let response = remove(root, responses, "200");
            response.is_some_and(|response| set(root, responses, "201", response))
        },
    ),
    Kind(
        "status removed",
        3,
        |_, at, _| {
            last(at).is_some_and(|status| status.starts_with('4')) && at.contains("/responses/")
        },
        |root, at| {
            at.rsplit_once('/')
                .is_some_and(|(responses, status)| remove(root, responses, status).is_some())
        },
    ),
    Kind(
        "response without body",
        2,
        |_, at, value| at.ends_with("/responses/200") && value.get("content").is_some(),
        |root, at| remove(root, at, "content").is_some(),
    ),
    Kind(
        "response in another media type, too",
        2,
        |_, at, value| {
            at.ends_with("/responses/200/content") && value.get("application/json").is_some()
        },
        |root, at| set(root, at, "text/csv", json!({"schema": {"type": "string"}})),
    ),
    Kind(
        "response in another media type alone",
        2,
        |_, at, value| {
            at.ends_with("/responses/200/content") && value.get("application/json").is_some()
        },
        |root, at| {
            replace(
                root,
                at,
                json!({"text/csv": {"schema": {"type": "string"}}}),
            )
        },
    ),
    Kind(
        "response of another schema",
        2,
        |_, at, value| is_response_schema(at, value),
        |root, at| replace(root, at, json!({"$ref": "#/components/schemas/Error"})),
    ),
    Kind(
        "response becomes oneOf",
        2,
        |_, at, value| is_response_schema(at, value),
        |root, at| {
            let was = root.pointer(at).cloned();
            was.is_some_and(|was| {
            let other = json!({"type": "object", "required": ["poll"], "properties": {"poll": {"type": "string"}}});
            replace(root, at, json!({"oneOf": [was, other]}))
        })
        },
    ),
    Kind(
        "response header added",
        2,
        |_, at, _| at.ends_with("/responses/200"),
        |root, at| {
            set(
                root,
                at,
                "headers",
                json!({"X-Left": {"schema": {"type": "integer"}}}),
            )
        },
    ),
    Kind(
        "response header removed",
        1,
        |_, at, value| at.contains("/responses/") && value.get("headers").is_some(),
        |root, at| remove(root, at, "headers").is_some(),
    ),
];
