//! Changes of a document, of every kind that documents of services see.

use serde_json::{Map, Value, json};

/// A changed document.
pub(super) struct Mutation {
    pub(super) kind: &'static str,
    /// JSON pointer.
    pub(super) site: String,
    pub(super) document: Value,
}

/// Changes one place; `false` if it can't.
type Edit = fn(&mut Value, &str) -> bool;
/// Whether a place is one.
type Site = fn(&Value, &str, &Value) -> bool;

/// A kind of change, how many places are tried, which, and how they are changed.
struct Kind(&'static str, usize, Site, Edit);

const KINDS: &[Kind] = &[
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
    Kind(
        "description of a property",
        2,
        is_plain_property,
        |root, at| set(root, at, "description", json!("Something else.")),
    ),
    Kind("example changed", 2, is_text_property, |root, at| {
        set(root, at, "example", json!("AB"))
    }),
    Kind("pattern changed", 2, is_text_property, |root, at| {
        set(root, at, "pattern", json!("^[a-z]*$"))
    }),
    Kind("length changed", 2, is_text_property, |root, at| {
        set(root, at, "maxLength", json!(40))
    }),
    Kind(
        "default of a property",
        3,
        |root, at, value| is_property(root, at, value) && value["type"] == "boolean",
        |root, at| set(root, at, "default", json!(true)),
    ),
    Kind(
        "format added: date-time",
        3,
        is_text_property,
        |root, at| set(root, at, "format", json!("date-time")),
    ),
    Kind(
        "format removed",
        3,
        |root, at, value| is_property(root, at, value) && value.get("format").is_some(),
        |root, at| remove(root, at, "format").is_some(),
    ),
    Kind(
        "format int32 -> int64",
        2,
        |_, _, value| value.get("format") == Some(&json!("int32")),
        |root, at| set(root, at, "format", json!("int64")),
    ),
    Kind("operation deprecated", 2, is_operation, |root, at| {
        set(root, at, "deprecated", json!(true))
    }),
    Kind("property deprecated", 2, is_plain_property, |root, at| {
        set(root, at, "deprecated", json!(true))
    }),
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
    Kind(
        "body becomes a form",
        1,
        |_, at, value| {
            at.ends_with("/requestBody/content")
                && value
                    .pointer("/application~1json/schema/properties")
                    .is_some()
        },
        |root, at| {
            let content = remove(root, at, "application/json");
            content
                .is_some_and(|content| set(root, at, "application/x-www-form-urlencoded", content))
        },
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

/// All changes of a document.
pub(super) fn all(base: &Value) -> Vec<Mutation> {
    let mut places: Vec<(String, &Value)> = Vec::new();
    walk(base, "", &mut places);
    let mut mutations = Vec::new();
    for Kind(kind, count, site, edit) in KINDS {
        let sites: Vec<&str> = (places.iter())
            .filter(|(at, value)| site(base, at, value))
            .map(|(at, _)| at.as_str())
            .collect();
        // Spread over the document.
        let count = (*count).min(sites.len());
        for number in 0..count {
            let Some(site) = sites.get((2 * number + 1) * sites.len() / (2 * count)) else {
                continue;
            };
            let mut document = base.clone();
            if edit(&mut document, site) && document != *base {
                mutations.push(Mutation {
                    kind,
                    site: (*site).to_owned(),
                    document,
                });
            }
        }
    }
    mutations
}

fn walk<'v>(value: &'v Value, at: &str, places: &mut Vec<(String, &'v Value)>) {
    places.push((at.to_owned(), value));
    let escape = |key: &str| generator::load::escape(key).into_owned();
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                walk(inner, &format!("{at}/{}", escape(key)), places);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                walk(inner, &format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
}

pub(super) fn each(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    change(value);
    match value {
        Value::Object(members) => members.values_mut().for_each(|inner| each(inner, change)),
        Value::Array(items) => items.iter_mut().for_each(|inner| each(inner, change)),
        _ => {}
    }
}

fn object<'v>(root: &'v mut Value, at: &str) -> Option<&'v mut Map<String, Value>> {
    root.pointer_mut(at)?.as_object_mut()
}

pub(super) fn set(root: &mut Value, at: &str, key: &str, value: Value) -> bool {
    object(root, at)
        .map(|members| members.insert(key.to_owned(), value))
        .is_some()
}

pub(super) fn remove(root: &mut Value, at: &str, key: &str) -> Option<Value> {
    object(root, at)?.remove(key)
}

pub(super) fn replace(root: &mut Value, at: &str, value: Value) -> bool {
    root.pointer_mut(at).map(|place| *place = value).is_some()
}

fn list<'v>(root: &'v mut Value, at: &str) -> Option<&'v mut Vec<Value>> {
    root.pointer_mut(at)?.as_array_mut()
}

pub(super) fn push(root: &mut Value, at: &str, value: Value) -> bool {
    list(root, at).map(|items| items.push(value)).is_some()
}

fn pop(root: &mut Value, at: &str) -> bool {
    list(root, at).and_then(Vec::pop).is_some()
}

pub(super) fn reverse(root: &mut Value, at: &str) -> bool {
    list(root, at).map(|items| items.reverse()).is_some()
}

/// The last part of a pointer, as it is written in the document.
fn last(at: &str) -> Option<String> {
    let (_, last) = at.rsplit_once('/')?;
    Some(generator::load::unescape(last).into_owned())
}

/// The schema that has a property, and the property's name.
fn property(at: &str) -> (String, String) {
    let owner = at
        .rsplit_once("/properties/")
        .map_or("", |(owner, _)| owner);
    (owner.to_owned(), last(at).unwrap_or_default())
}

fn require(root: &mut Value, at: &str, name: &str) -> bool {
    if root.pointer(&format!("{at}/required")).is_none() {
        set(root, at, "required", json!([]));
    }
    push(root, &format!("{at}/required"), json!(name))
}

fn unrequire(root: &mut Value, at: &str, name: &str) -> bool {
    let Some(all) = list(root, &format!("{at}/required")) else {
        return false;
    };
    let before = all.len();
    all.retain(|one| one != name);
    let removed = all.len() < before;
    if all.is_empty() {
        remove(root, at, "required");
    }
    removed
}

pub(super) fn move_schema(root: &mut Value, old: &str, new: &str) -> bool {
    let Some(schema) = remove(root, "/components/schemas", old) else {
        return false;
    };
    set(root, "/components/schemas", new, schema);
    let from = json!(format!("#/components/schemas/{old}"));
    let to = json!(format!("#/components/schemas/{new}"));
    each(root, &mut |value| {
        if *value == from {
            *value = to.clone();
        }
    });
    true
}

fn has_properties(_: &Value, at: &str, value: &Value) -> bool {
    value.get("properties").is_some_and(Value::is_object) && !at.ends_with("/properties")
}

fn is_property(_: &Value, at: &str, value: &Value) -> bool {
    let above = at.rsplit_once('/').map_or("", |(above, _)| above);
    above.ends_with("/properties") && value.is_object()
}

fn is_plain_property(root: &Value, at: &str, value: &Value) -> bool {
    let is_tag = root
        .pointer(&property(at).0)
        .is_some_and(|_| at.ends_with("/properties/type"));
    is_property(root, at, value)
        && value.get("type").is_some()
        && !is_tag
        && value.get("x-guaranteed").is_none()
}

fn is_text_property(root: &Value, at: &str, value: &Value) -> bool {
    let bare = ["enum", "format", "x-rust-type", "readOnly"];
    is_plain_property(root, at, value)
        && value["type"] == "string"
        && bare.iter().all(|key| value.get(key).is_none())
}

fn is_integer_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value)
        && value["type"] == "integer"
        && value.get("enum").is_none()
        && value.get("x-rust-type").is_none()
}

fn is_number_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value) && value["type"] == "number"
}

fn is_list_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value) && value["type"] == "array"
}

fn is_required_property(root: &Value, at: &str, value: &Value) -> bool {
    let (owner, name) = property(at);
    let all = root
        .pointer(&format!("{owner}/required"))
        .and_then(Value::as_array);
    is_plain_property(root, at, value) && all.is_some_and(|all| all.contains(&json!(name)))
}

fn is_optional_property(root: &Value, at: &str, value: &Value) -> bool {
    is_plain_property(root, at, value)
        && !is_required_property(root, at, value)
        && value.get("readOnly").is_none()
}

fn is_reference_property(root: &Value, at: &str, value: &Value) -> bool {
    let target = value.get("$ref").and_then(Value::as_str);
    is_property(root, at, value) && target.is_some_and(|target| target.starts_with('#'))
}

fn is_enum(_: &Value, _: &str, value: &Value) -> bool {
    let values = value.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_string))
}

fn is_number_enum(_: &Value, _: &str, value: &Value) -> bool {
    let values = value.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_number))
}

fn is_inline_enum(root: &Value, at: &str, value: &Value) -> bool {
    is_enum(root, at, value) && !is_component(root, at, value)
}

fn is_component(_: &Value, at: &str, _: &Value) -> bool {
    at.strip_prefix("/components/schemas/")
        .is_some_and(|rest| !rest.contains('/'))
}

fn is_object_component(root: &Value, at: &str, value: &Value) -> bool {
    is_component(root, at, value) && value.get("properties").is_some()
}

/// Moves a schema to a component.
fn to_component(root: &mut Value, at: &str) -> bool {
    let Some(schema) = root.pointer(at).cloned() else {
        return false;
    };
    let reference = json!({"$ref": "#/components/schemas/MovedHere"});
    set(root, "/components/schemas", "MovedHere", schema) && replace(root, at, reference)
}

fn is_inline_object(root: &Value, at: &str, value: &Value) -> bool {
    let is_part = at
        .rsplit_once('/')
        .is_some_and(|(above, _)| above.ends_with("/allOf"));
    has_properties(root, at, value)
        && !is_component(root, at, value)
        && !is_part
        && !at.contains("/requestBody/")
}

fn has_all_of(_: &Value, _: &str, value: &Value) -> bool {
    value
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.len() > 1)
}

fn has_one_of(_: &Value, _: &str, value: &Value) -> bool {
    value
        .get("oneOf")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.len() > 1)
}

fn is_operation(_: &Value, at: &str, value: &Value) -> bool {
    at.starts_with("/paths/") && value.get("responses").is_some()
}

fn has_parameters(root: &Value, at: &str, value: &Value) -> bool {
    is_operation(root, at, value) && value.get("parameters").is_some()
}

fn is_parameter(at: &str, value: &Value) -> bool {
    at.contains("/parameters/") && value.get("in").is_some() && value.get("schema").is_some()
}

fn is_optional_parameter(_: &Value, at: &str, value: &Value) -> bool {
    let is_key = value["name"] == "Idempotency-Key" || value["name"] == "starting_after";
    is_parameter(at, value) && value["required"] != true && !is_key
}

fn is_named_parameter(_: &Value, at: &str, value: &Value) -> bool {
    is_parameter(at, value) && value["in"] != "path" && value["name"] != "starting_after"
}

fn is_path(_: &Value, at: &str, _: &Value) -> bool {
    at.strip_prefix("/paths/")
        .is_some_and(|rest| !rest.contains('/'))
}

fn is_path_with_parameter(root: &Value, at: &str, value: &Value) -> bool {
    is_path(root, at, value) && at.contains('{')
}

fn is_response_schema(at: &str, value: &Value) -> bool {
    at.ends_with("/responses/200/content/application~1json/schema") && value.get("$ref").is_some()
}
