//! Changes of parameters.

use serde_json::{Value, json};

use super::Kind;
use super::edit::{each, last, push, remove, reverse, set};
use super::site::{
    has_parameters, is_named_parameter, is_optional_parameter, is_parameter, is_path,
    is_path_with_parameter,
};

pub(super) const KINDS: &[Kind] = &[
    Kind("optional parameter added", 3, has_parameters, |root, at| {
        let added = json!({"name": "brand_new", "in": "query", "schema": {"type": "string"}});
        push(root, &format!("{at}/parameters"), added)
    }),
    Kind("required parameter added", 2, has_parameters, |root, at| {
        let added = json!({"name": "brand_new", "in": "query", "required": true, "schema": {"type": "string"}});
        push(root, &format!("{at}/parameters"), added)
    }),
    Kind("parameter removed", 3, is_named_parameter, |root, at| {
        let Some((list, index)) = at.rsplit_once('/') else {
            return false;
        };
        let index: Option<usize> = index.parse().ok();
        let list = root.pointer_mut(list).and_then(Value::as_array_mut);
        list.zip(index)
            .map(|(list, index)| list.remove(index))
            .is_some()
    }),
    Kind(
        "parameter becomes required",
        3,
        is_optional_parameter,
        |root, at| set(root, at, "required", json!(true)),
    ),
    Kind(
        "parameter becomes optional",
        2,
        |_, at, value| {
            is_parameter(at, value) && value["required"] == true && value["in"] != "path"
        },
        |root, at| set(root, at, "required", json!(false)),
    ),
    Kind("parameter renamed", 3, is_named_parameter, |root, at| {
        set(root, at, "name", json!("another_name"))
    }),
    Kind("parameter retyped", 3, is_named_parameter, |root, at| {
        let other = match root
            .pointer(&format!("{at}/schema/type"))
            .and_then(Value::as_str)
        {
            Some("integer") => "string",
            _ => "integer",
        };
        set(root, at, "schema", json!({"type": other}))
    }),
    Kind(
        "parameter written otherwise",
        2,
        |_, at, value| {
            is_parameter(at, value) && value.pointer("/schema/type") == Some(&json!("array"))
        },
        |root, at| {
            let explode = root.pointer(&format!("{at}/explode")) == Some(&json!(false));
            set(root, at, "style", json!("form")) && set(root, at, "explode", json!(explode))
        },
    ),
    Kind(
        "parameter moves to a header",
        2,
        is_optional_parameter,
        |root, at| set(root, at, "in", json!("header")),
    ),
    Kind(
        "parameters reversed",
        3,
        |_, _, value| {
            value
                .get("parameters")
                .and_then(Value::as_array)
                .is_some_and(|all| all.len() > 1)
        },
        |root, at| reverse(root, &format!("{at}/parameters")),
    ),
    Kind("parameter default", 2, is_optional_parameter, |root, at| {
        let value = match root
            .pointer(&format!("{at}/schema/type"))
            .and_then(Value::as_str)
        {
            Some("integer") => json!(25),
            Some("string") => json!("x"),
            _ => return false,
        };
        set(root, &format!("{at}/schema"), "default", value)
    }),
    Kind(
        "path parameter renamed",
        4,
        is_path_with_parameter,
        |root, at| {
            let Some(path) = last(at) else { return false };
            let Some(name) = path
                .rsplit_once('{')
                .and_then(|(_, rest)| rest.split('}').next())
            else {
                return false;
            };
            let (old, new) = (name.to_owned(), format!("{name}_now"));
            let Some(mut item) = remove(root, "/paths", &path) else {
                return false;
            };
            each(&mut item, &mut |value| {
                if value.get("in") == Some(&json!("path"))
                    && value.get("name") == Some(&json!(old.clone()))
                {
                    value["name"] = json!(new.clone());
                }
            });
            let path = path.replace(&format!("{{{old}}}"), &format!("{{{new}}}"));
            set(root, "/paths", &path, item)
        },
    ),
    Kind(
        "path parameters swapped",
        1,
        |root, at, value| is_path(root, at, value) && at.matches('{').count() == 2,
        |root, at| {
            let Some(path) = last(at) else { return false };
            let names: Vec<String> = (path.split('{').skip(1))
                .filter_map(|part| part.split('}').next().map(str::to_owned))
                .collect();
            let [first, second] = names.as_slice() else {
                return false;
            };
            let swapped = path
                .replace(&format!("{{{first}}}"), "{}")
                .replace(&format!("{{{second}}}"), &format!("{{{first}}}"))
                .replace("{}", &format!("{{{second}}}"));
            let item = remove(root, "/paths", &path);
            item.is_some_and(|item| set(root, "/paths", &swapped, item))
        },
    ),
];
