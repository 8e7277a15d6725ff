//! Changes of paths, hosts and operations.

use serde_json::{Value, json};

use super::Kind;
use super::edit::{each, last, remove, set};
use super::site::{is_operation, is_path};

pub(super) const KINDS: &[Kind] = &[
    Kind("path changed", 3, is_path, |root, at| {
        let Some(path) = last(at) else { return false };
        let item = remove(root, "/paths", &path);
        item.is_some_and(|item| set(root, "/paths", &format!("/next{path}"), item))
    }),
    Kind(
        "host changed",
        1,
        |_, at, _| at == "/servers/0",
        |root, at| set(root, at, "url", json!("https://other.example/v1")),
    ),
    Kind("host of one operation", 2, is_operation, |root, at| {
        set(
            root,
            at,
            "servers",
            json!([{"url": "https://other.example"}]),
        )
    }),
    Kind("method changed", 2, is_operation, |root, at| {
        let Some((item, method)) = at.rsplit_once('/') else {
            return false;
        };
        let other = if method == "put" { "patch" } else { "put" };
        if root.pointer(&format!("{item}/{other}")).is_some() {
            return false;
        }
        let operation = remove(root, item, method);
        operation.is_some_and(|operation| set(root, item, other, operation))
    }),
    Kind("operation removed", 3, is_operation, |root, at| {
        at.rsplit_once('/')
            .is_some_and(|(item, method)| remove(root, item, method).is_some())
    }),
    Kind(
        "operation added",
        1,
        |_, at, _| at == "/paths",
        |root, at| {
            let added = json!({"get": {"operationId": "news_get", "responses": {"204": {"description": "None."}}}});
            set(root, at, "/news", added)
        },
    ),
    Kind("operationId changed", 3, is_operation, |root, at| {
        set(root, at, "operationId", json!("called_otherwise"))
    }),
    Kind(
        "tag renamed",
        1,
        |_, at, _| at == "/tags",
        |root, _| {
            each(root, &mut |value| {
                if let Some(tags) = value.get_mut("tags").and_then(Value::as_array_mut)
                    && tags.iter().all(Value::is_string)
                {
                    *tags = vec![json!("Renamed")];
                }
            });
            true
        },
    ),
    Kind("tag of one operation", 2, is_operation, |root, at| {
        set(root, at, "tags", json!(["elsewhere"]))
    }),
    Kind("summary changed", 2, is_operation, |root, at| {
        set(root, at, "summary", json!("Something else."))
    }),
];
