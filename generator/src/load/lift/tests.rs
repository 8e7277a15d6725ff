//! The result for each construct of another version.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use serde_json::{Value as Json, json};

use super::super::{Library, Source};

/// The lifted tree and what was said about it, before anything else has changed it.
fn lifted(document: &Json) -> (Json, Vec<String>) {
    let source = Source {
        name: "api.json".to_owned(),
        text: format!("{document:#}"),
    };
    let texts = super::super::Texts::new([&source]);
    let mut notes = Vec::new();
    let root = super::super::changed(&texts, 0, &source, &[], (&[], 0), &mut notes).unwrap();
    let notes = notes.iter().map(|note| note.what.clone()).collect();
    (root.to_json(), notes)
}

fn loads(document: &Json) {
    let source = Source {
        name: "api.json".to_owned(),
        text: format!("{document:#}"),
    };
    let library = Library::read([(&source, &[][..])]);
    let found = library.document(0).map(|_| ()).map_err(|found| {
        let found = found.iter().map(ToString::to_string);
        found.collect::<Vec<_>>().join("\n")
    });
    assert_eq!(found, Ok(()), "{document:#}");
}

fn with_schemas(version: &str, schemas: &Json) -> Json {
    json!({
        "openapi": version,
        "info": {"title": "Pets", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas}
    })
}

/// Schemas of JSON Schema 2020-12 and of OpenAPI 3.0.
#[test]
fn schemas_of_json_schema() {
    let rows = [
        (
            json!({"type": ["string", "null"], "minLength": 1}),
            json!({"type": "string", "minLength": 1, "nullable": true}),
        ),
        (
            json!({"type": ["number", "integer"]}),
            json!({"type": "number"}),
        ),
        (json!({"type": ["integer"]}), json!({"type": "integer"})),
        (
            json!({"type": "null"}),
            json!({"enum": [null], "nullable": true}),
        ),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"anyOf": [{"type": "string"}, {"enum": [null], "nullable": true}]}),
        ),
        (
            json!({"type": ["string", "integer", "null"], "description": "d", "maxLength": 3, "minimum": 1, "format": "int32", "enum": ["a", 1, null]}),
            json!({"description": "d", "nullable": true, "anyOf": [
                {"type": "string", "enum": ["a"], "maxLength": 3},
                {"type": "integer", "enum": [1], "format": "int32", "minimum": 1}
            ]}),
        ),
        // Of these kinds only one has a value.
        (
            json!({"type": ["string", "integer"], "enum": ["a", "b"]}),
            json!({"type": "string", "enum": ["a", "b"]}),
        ),
        (
            json!({"type": ["string", "boolean"], "const": "a"}),
            json!({"type": "string", "const": "a"}),
        ),
        (
            json!({"type": ["object", "array"], "items": {"type": "string"}, "properties": {"a": {"type": ["string", "null"]}}}),
            json!({"anyOf": [
                {"type": "object", "properties": {"a": {"type": "string", "nullable": true}}},
                {"type": "array", "items": {"type": "string"}}
            ]}),
        ),
        (
            json!({"type": ["string", "integer"], "oneOf": [{"title": "A"}]}),
            json!({"oneOf": [{"title": "A"}], "allOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}]}),
        ),
        (
            json!({"type": "number", "exclusiveMinimum": 1}),
            json!({"type": "number", "minimum": 1, "exclusiveMinimum": true}),
        ),
        (
            json!({"minimum": 2, "exclusiveMinimum": 1}),
            json!({"minimum": 2}),
        ),
        (
            json!({"maximum": 2, "exclusiveMaximum": 1}),
            json!({"maximum": 1, "exclusiveMaximum": true}),
        ),
        (json!({"const": "cat"}), json!({"const": "cat"})),
        (
            json!({"type": "string", "examples": ["a", "b"]}),
            json!({"type": "string", "example": "a"}),
        ),
        (
            json!({"example": "a", "examples": ["b"]}),
            json!({"example": "a"}),
        ),
        (
            json!({"type": "string", "contentEncoding": "base64"}),
            json!({"type": "string", "format": "byte"}),
        ),
        (
            json!({"type": "string", "contentEncoding": "binary"}),
            json!({"type": "string", "format": "binary"}),
        ),
        // A text for systems that read seven bits of each byte.
        (
            json!({"type": "string", "contentEncoding": "7bit"}),
            json!({"type": "string"}),
        ),
        (
            json!({"type": "string", "contentMediaType": "application/octet-stream"}),
            json!({"type": "string", "format": "binary"}),
        ),
        (
            json!({"contentMediaType": "image/png"}),
            json!({"x-media-type": "image/png", "format": "binary", "type": "string"}),
        ),
        // JSON in a text.
        (
            json!({"type": "string", "contentMediaType": "application/json"}),
            json!({"x-media-type": "application/json", "type": "string"}),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": ["string", "null"]}}),
            json!({"type": "object", "additionalProperties": {"type": "string", "nullable": true}}),
        ),
        (
            json!({"type": "array", "items": true}),
            json!({"type": "array", "items": {}}),
        ),
        (
            json!({"properties": {"no": false}}),
            json!({"properties": {"no": {"not": {}}}}),
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
            json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "maxItems": 2}),
        ),
        (
            json!({"prefixItems": [{"type": "number"}, {"type": "number"}]}),
            json!({"items": {"type": "number"}}),
        ),
        (
            json!({"patternProperties": {"^x": {"type": "string"}}}),
            json!({"additionalProperties": {"type": "string"}}),
        ),
        (
            json!({"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": {"type": "integer"}}),
            json!({"additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}),
        ),
        (
            json!({"$schema": "s", "$comment": "c", "title": "T"}),
            json!({"title": "T"}),
        ),
        (
            json!({"$ref": "#/components/schemas/A", "description": "d"}),
            json!({"$ref": "#/components/schemas/A", "description": "d"}),
        ),
        // Not for a schema's own words.
        (
            json!({"default": {"type": ["a", "null"]}, "x-note": {"const": 1}}),
            json!({"default": {"type": ["a", "null"]}, "x-note": {"const": 1}}),
        ),
    ];
    for (schema, expected) in rows {
        let document = with_schemas("3.1.0", &json!({"A": {"type": "string"}, "It": schema}));
        let (root, _) = lifted(&document);
        assert_eq!(
            root.pointer("/components/schemas/It"),
            Some(&expected),
            "{schema}"
        );
        assert_eq!(root["openapi"], "3.0.3");
        loads(&document);
    }
}

#[test]
fn what_is_lost_is_said() {
    let schema = json!({"propertyNames": {"pattern": "a"}, "if": {}, "prefixItems": [{}], "patternProperties": {"a": {}}, "$dynamicRef": "#node"});
    let (_, notes) = lifted(&with_schemas("3.1.0", &json!({"It": schema})));
    for word in [
        "propertyNames",
        "if",
        "prefixItems",
        "patternProperties",
        "$dynamicRef",
    ] {
        let word = format!("`{word}`");
        assert!(
            notes.iter().any(|note| note.contains(&word)),
            "{word}: {notes:?}"
        );
    }
    assert_eq!(
        lifted(&with_schemas(
            "3.1.0",
            &json!({"A": {"type": ["string", "null"]}})
        ))
        .1,
        [""; 0]
    );
}

/// Definitions inside of schemas, and other ways to name one.
#[test]
fn references_lead_to_what_they_meant() {
    let document = with_schemas(
        "3.1.0",
        &json!({
            "Order": {
                "$defs": {"Line": {"type": "object", "$defs": {"Tax": {"type": "integer"}}, "properties": {
                    "tax": {"$ref": "#/components/schemas/Order/$defs/Line/$defs/Tax"}
                }}, "Pet": {"type": "boolean"}},
                "type": "object",
                "properties": {
                    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Order/$defs/Line"}},
                    "short": {"$ref": "#/$defs/Line"},
                    "tax": {"$ref": "#/components/schemas/Order/$defs/Line/properties/tax"},
                    "flag": {"$ref": "#/components/schemas/Order/$defs/Pet"},
                    "by_name": {"$ref": "#tree"},
                    "by_id": {"$ref": "https://shop.example/pet"}
                }
            },
            "Pet": {"$id": "https://shop.example/pet", "type": "string"},
            "Tree": {"$anchor": "tree", "type": "object", "properties": {"inner": {"$recursiveRef": "#"}}}
        }),
    );
    let (root, _) = lifted(&document);
    let at = |pointer: &str| {
        root.pointer(pointer)
            .and_then(Json::as_str)
            .unwrap_or_default()
    };
    let properties = "/components/schemas/Order/properties";
    for (name, expected) in [
        ("lines/items", "#/components/schemas/Line"),
        ("short", "#/components/schemas/Line"),
        ("tax", "#/components/schemas/Line/properties/tax"),
        ("flag", "#/components/schemas/Order-Pet"),
        ("by_name", "#/components/schemas/Tree"),
        ("by_id", "#/components/schemas/Pet"),
    ] {
        assert_eq!(at(&format!("{properties}/{name}/$ref")), expected, "{name}");
    }
    assert_eq!(
        at("/components/schemas/Line/properties/tax/$ref"),
        "#/components/schemas/Tax"
    );
    assert_eq!(
        at("/components/schemas/Tree/properties/inner/$ref"),
        "#/components/schemas/Tree"
    );
    assert_eq!(at("/components/schemas/Order-Pet/type"), "boolean");
    loads(&document);
}

/// References are relative to the `$id` of the schema that they are in, and anchors belong to it.
#[test]
fn references_are_relative_to_an_id() {
    let document = with_schemas(
        "3.1.0",
        &json!({
            "Order": {
                "$id": "https://shop.example/schemas/order",
                "type": "object",
                "$defs": {"price": {"type": "integer"}, "100%": {"type": "boolean"}, "unit": {"$anchor": "unit", "type": "string"}},
                "properties": {
                    "relative": {"$ref": "pet"},
                    "from_root": {"$ref": "/schemas/pet"},
                    "full": {"$ref": "https://shop.example/schemas/pet#"},
                    "pointer": {"$ref": "pet#/properties/name"},
                    "defined": {"$ref": "pet#/$defs/unit"},
                    "anchor": {"$ref": "pet#unit"},
                    "whole": {"$ref": "#"},
                    "own_pointer": {"$ref": "#/properties/relative"},
                    "own_defined": {"$ref": "#/$defs/price"},
                    "own_escaped": {"$ref": "#/%24defs/100%25"},
                    "own_anchor": {"$ref": "#unit"},
                    "inner": {"$id": "inner/", "properties": {
                        "above": {"$ref": "../pet"},
                        "whole": {"$ref": "#"},
                        "component": {"$ref": "#/components/schemas/Pet"}
                    }},
                    "old_anchor": {"$ref": "#old"}
                }
            },
            "Pet": {
                "$id": "https://shop.example/schemas/pet",
                "type": "object",
                "$defs": {"unit": {"$anchor": "unit", "type": "number"}},
                "properties": {"name": {"type": "string"}, "unit": {"$ref": "#unit"}}
            },
            "Old": {"$id": "#old", "type": "string"}
        }),
    );
    let (root, _) = lifted(&document);
    let order = "/components/schemas/Order/properties";
    for (place, expected) in [
        ("relative", "Pet"),
        ("from_root", "Pet"),
        ("full", "Pet"),
        ("pointer", "Pet/properties/name"),
        ("defined", "unit"),
        ("anchor", "unit"),
        ("whole", "Order"),
        ("own_pointer", "Order/properties/relative"),
        ("own_defined", "price"),
        ("own_escaped", "100%25"),
        ("own_anchor", "Order-unit"),
        ("inner/properties/above", "Pet"),
        ("inner/properties/whole", "Order/properties/inner"),
        ("inner/properties/component", "Pet"),
        ("old_anchor", "Old"),
    ] {
        let said = root.pointer(&format!("{order}/{place}/$ref"));
        let expected = format!("#/components/schemas/{expected}");
        assert_eq!(said, Some(&json!(expected)), "{place}");
    }
    assert_eq!(
        root.pointer("/components/schemas/Pet/properties/unit/$ref"),
        Some(&json!("#/components/schemas/unit"))
    );
    loads(&document);
}

/// An operation of Swagger 2.0 may be on another scheme than the others.
#[test]
fn schemes_of_an_operation() {
    let operation =
        |schemes: &Json| json!({"schemes": schemes, "responses": {"204": {"description": "done"}}});
    let document = json!({
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "host": "pets.example",
        "basePath": "/v1",
        "schemes": ["http"],
        "paths": {
            "/safe": {"get": operation(&json!(["http", "https"]))},
            "/same": {"get": operation(&json!(["http"]))},
            "/other": {"get": operation(&json!(["ws"]))}
        }
    });
    let (root, notes) = lifted(&document);
    let servers = |path: &str| root.pointer(&format!("/paths/~1{path}/get/servers"));
    assert_eq!(root["servers"], json!([{"url": "http://pets.example/v1"}]));
    assert_eq!(
        servers("safe"),
        Some(&json!([{"url": "https://pets.example/v1"}]))
    );
    assert_eq!(servers("same"), None);
    assert_eq!(servers("other"), None);
    assert!(
        notes.iter().any(|note| note.contains("`schemes`")),
        "{notes:?}"
    );
    loads(&document);
}

/// Separators that OpenAPI 3.0 has no style for, and those that are lost.
#[test]
fn collection_formats() {
    let strings = json!({"type": "string"});
    let list = |name: &str, location: &str, format: &str| json!({"name": name, "in": location, "required": true, "type": "array", "items": strings, "collectionFormat": format});
    let nested = json!({"type": "array", "items": strings, "collectionFormat": "pipes"});
    let document = json!({
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/{a}": {"get": {
            "parameters": [
                list("a", "path", "pipes"),
                list("b", "header", "ssv"),
                list("c", "query", "tsv"),
                list("d", "query", "ssv"),
                list("e", "header", "csv"),
                {"name": "f", "in": "query", "type": "array", "items": nested}
            ],
            "responses": {"200": {"description": "all", "headers": {"g": nested}}}
        }}}
    });
    let (root, notes) = lifted(&document);
    let all = root.pointer("/paths/~1{a}/get/parameters").unwrap();
    let said: Vec<(&Json, Option<&Json>)> = (all.as_array().unwrap().iter())
        .map(|one| (&one["style"], one.get("x-separator")))
        .collect();
    let (simple, form, spaces) = (json!("simple"), json!("form"), json!("spaceDelimited"));
    let (pipe, space, tab) = (json!("|"), json!(" "), json!("\t"));
    let expected = [
        (&simple, Some(&pipe)),
        (&simple, Some(&space)),
        (&form, Some(&tab)),
        (&spaces, None),
        (&simple, None),
        (&form, None),
    ];
    assert_eq!(said, expected);
    let lost = notes
        .iter()
        .filter(|note| note.contains("`collectionFormat`"));
    assert_eq!(lost.count(), 2, "{notes:?}");
    loads(&document);
}

/// Definitions and references are found wherever a schema may be.
#[test]
fn references_in_every_schema_of_a_schema() {
    let document = with_schemas(
        "3.1.0",
        &json!({
            "It": {
                "type": "object",
                "$defs": {"price": {"type": "integer"}},
                "properties": {
                    "tuple": {"type": "array", "prefixItems": [{"$ref": "#/$defs/price"}], "items": false},
                    "free": {"type": "object", "patternProperties": {"^x-": {"$ref": "#/$defs/price"}}}
                },
                "if": {"required": ["tuple"]},
                "then": {"properties": {"total": {"$ref": "#/$defs/price"}}},
                "dependentSchemas": {"tuple": {"properties": {"tax": {"$ref": "#/$defs/price"}}}}
            }
        }),
    );
    let (root, _) = lifted(&document);
    let of_it = "/components/schemas/It/properties";
    for place in ["tuple/items", "free/additionalProperties", "total", "tax"] {
        let said = root.pointer(&format!("{of_it}/{place}/$ref"));
        assert_eq!(said, Some(&json!("#/components/schemas/price")), "{place}");
    }
    loads(&document);
}

/// Properties that only some values have are members that may be absent.
#[test]
fn properties_under_conditions() {
    let text = json!({"type": "string"});
    let document = with_schemas(
        "3.1.0",
        &json!({
            "Address": {
                "type": "object",
                "required": ["country"],
                "properties": {"country": text, "note": text},
                "if": {"properties": {"country": {"const": "NO"}}},
                "then": {"required": ["post"], "properties": {"post": text, "note": {"const": "a"}}},
                "else": {
                    "if": {"properties": {"country": {"const": "US"}}},
                    "then": {"properties": {"post": {"type": "integer"}}},
                    "else": {"properties": {"place": text}}
                },
                "dependentSchemas": {"note": {"properties": {"author": text}}}
            },
            "Part": {"allOf": [
                {"$ref": "#/components/schemas/Address"},
                {"if": {}, "then": {"type": "object", "properties": {"country": {"const": "SE"}}}}
            ]}
        }),
    );
    let (root, notes) = lifted(&document);
    assert_eq!(
        root.pointer("/components/schemas/Address"),
        Some(&json!({
            "type": "object",
            "required": ["country"],
            "properties": {
                "country": text,
                "note": text,
                "post": {"anyOf": [text, {"type": "integer"}]},
                "place": text,
                "author": text
            }
        }))
    );
    // A constant for some values is not one for all.
    assert_eq!(
        root.pointer("/components/schemas/Part/allOf/1"),
        Some(&json!({}))
    );
    for name in ["if", "then", "else", "dependentSchemas"] {
        let name = format!("`{name}`");
        assert!(
            notes.iter().any(|note| note.contains(&name)),
            "{name}: {notes:?}"
        );
    }
    loads(&document);
}

/// A document may be referred to by its own URI.
#[test]
fn references_to_the_document_by_its_uri() {
    let mut document = with_schemas(
        "3.2.0",
        &json!({
            "Order": {"type": "object", "properties": {
                "full": {"$ref": "https://shop.example/api/openapi.yaml#/components/schemas/Pet"},
                "relative": {"$ref": "openapi.yaml#/components/schemas/Pet"},
                "by_id": {"$ref": "pet"}
            }},
            "Pet": {"$id": "pet", "type": "string"}
        }),
    );
    document["$self"] = json!("https://shop.example/api/openapi.yaml");
    let (root, _) = lifted(&document);
    for name in ["full", "relative", "by_id"] {
        let said = root.pointer(&format!("/components/schemas/Order/properties/{name}/$ref"));
        assert_eq!(said, Some(&json!("#/components/schemas/Pet")), "{name}");
    }
    loads(&document);
}

/// A reference by a dynamic anchor means the schema that it means by itself.
#[test]
fn dynamic_references_lead_to_their_anchor() {
    let document = with_schemas(
        "3.1.0",
        &json!({
            "Tree": {
                "$dynamicAnchor": "node",
                "type": "object",
                "properties": {"children": {"type": "array", "items": {"$dynamicRef": "#node"}}}
            },
            "Page": {
                "type": "object",
                "$defs": {"item": {"$dynamicAnchor": "item", "not": {}}},
                "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}}
            },
            "PageOfPets": {
                "$defs": {"item": {"$dynamicAnchor": "item", "type": "string"}},
                "$ref": "#/components/schemas/Page"
            }
        }),
    );
    let (root, notes) = lifted(&document);
    for (place, expected) in [
        ("Tree/properties/children", "Tree"),
        ("Page/properties/items", "Page-item"),
    ] {
        assert_eq!(
            root.pointer(&format!("/components/schemas/{place}/items/$ref")),
            Some(&json!(format!("#/components/schemas/{expected}"))),
            "{place}"
        );
    }
    assert!(
        notes.iter().any(|note| note.contains("`$dynamicRef`")),
        "{notes:?}"
    );
    loads(&document);
}

#[test]
fn what_is_new_around_schemas() {
    let document = json!({
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {"title": "Pets", "summary": "s", "version": "1", "license": {"name": "MIT", "identifier": "MIT"}},
        "paths": {"/pets": {"$ref": "#/components/pathItems/Pets"}},
        "webhooks": {"pet": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": ["object", "null"]}}}}}}},
        "components": {
            "pathItems": {"Pets": {"get": {"responses": {"204": {"description": ""}}}}},
            "securitySchemes": {"cert": {"type": "mutualTLS"}, "key": {"type": "apiKey", "in": "header", "name": "k"}}
        },
        "security": [{"cert": [], "key": []}]
    });
    let (root, notes) = lifted(&document);
    assert_eq!(
        root.pointer("/paths/~1pets/get/responses/204/description"),
        Some(&json!(""))
    );
    assert_eq!(root["components"].get("pathItems"), None);
    assert_eq!(root["info"]["license"], json!({"name": "MIT"}));
    assert_eq!(
        root.pointer("/x-webhooks/pet/post/requestBody/content/application~1json/schema/nullable"),
        Some(&json!(true))
    );
    assert!(
        root.pointer("/x-webhooks/pet/post/responses/default")
            .is_some()
    );
    assert_eq!(root["security"], json!([{"key": []}]));
    assert_eq!(notes.len(), 1, "{notes:?}");
    loads(&document);
    // Neither paths nor components are needed.
    loads(
        &json!({"openapi": "3.2.0", "$self": "https://shop.example", "info": {"title": "Pets", "version": "1"}, "webhooks": {}}),
    );
}

#[test]
fn swagger() {
    let document = json!({
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "host": "shop.example", "basePath": "/v1/", "schemes": ["http", "https", "ws"],
        "consumes": ["application/json"], "produces": ["application/hal+json"],
        "securityDefinitions": {
            "basic": {"type": "basic"},
            "login": {"type": "oauth2", "flow": "application", "tokenUrl": "https://shop.example/t", "scopes": {"a": "b"}}
        },
        "parameters": {
            "Limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 9, "x-example": 3},
            "NewPet": {"name": "pet", "in": "body", "required": true, "description": "the pet", "schema": {"$ref": "#/definitions/Pet"}}
        },
        "responses": {"Gone": {"description": "gone", "schema": {"$ref": "#/definitions/Pet"}}},
        "paths": {
            "/pets": {
                "parameters": [{"$ref": "#/parameters/Limit"}],
                "get": {
                    "schemes": ["https"],
                    "produces": ["text/csv"],
                    "parameters": [
                        {"name": "a", "in": "query", "type": "array", "items": {"type": "string", "collectionFormat": "csv"}},
                        {"name": "b", "in": "query", "type": "array", "collectionFormat": "multi", "items": {"type": "string"}},
                        {"name": "c", "in": "query", "type": "array", "collectionFormat": "pipes", "items": {"type": "string"}},
                        {"name": "d", "in": "header", "type": "array", "items": {"type": "string"}}
                    ],
                    "responses": {
                        "200": {"description": "", "schema": {"type": "file"}, "headers": {"x-left": {"type": "integer", "description": "left"}},
                            "examples": {"text/csv": "a;b"}},
                        "404": {"$ref": "#/responses/Gone"}
                    }
                },
                "post": {"parameters": [{"$ref": "#/parameters/NewPet"}],
                    "responses": {"201": {"description": "", "schema": {"$ref": "#/definitions/Pet"}}}}
            },
            "/forms": {
                "post": {
                    "consumes": ["application/x-www-form-urlencoded"],
                    "parameters": [
                        {"name": "name", "in": "formData", "type": "string", "required": true, "description": "its name"},
                        {"name": "tags", "in": "formData", "type": "array", "items": {"type": "string"}},
                        {"name": "ids", "in": "formData", "type": "array", "collectionFormat": "multi", "items": {"type": "string"}}
                    ],
                    "responses": {"204": {"description": ""}}
                },
                "put": {
                    "parameters": [{"name": "photo", "in": "formData", "type": "file"}],
                    "responses": {"204": {"description": ""}}
                }
            }
        },
        "definitions": {
            "Pet": {"type": "object", "discriminator": "kind", "required": ["kind"], "properties": {
                "kind": {"type": "string"}, "name": {"type": "string", "x-nullable": true}, "next": {"$ref": "#/definitions/Pet"}
            }}
        }
    });
    let (root, notes) = lifted(&document);
    assert_eq!(notes, [""; 0]);
    let pet = json!({"$ref": "#/components/schemas/Pet"});
    for (pointer, expected) in [
        ("/openapi", json!("3.0.3")),
        (
            "/servers",
            json!([{"url": "https://shop.example/v1"}, {"url": "http://shop.example/v1"}]),
        ),
        (
            "/components/securitySchemes/basic",
            json!({"type": "http", "scheme": "basic"}),
        ),
        (
            "/components/securitySchemes/login/flows/clientCredentials",
            json!({"tokenUrl": "https://shop.example/t", "scopes": {"a": "b"}}),
        ),
        (
            "/components/parameters",
            json!({"Limit": {"name": "limit", "in": "query", "example": 3, "schema": {"type": "integer", "maximum": 9}}}),
        ),
        (
            "/components/responses/Gone/content",
            json!({"application/hal+json": {"schema": pet}}),
        ),
        (
            "/components/schemas/Pet/discriminator",
            json!({"propertyName": "kind"}),
        ),
        (
            "/components/schemas/Pet/properties/name",
            json!({"type": "string", "nullable": true}),
        ),
        ("/components/schemas/Pet/properties/next", pet.clone()),
        (
            "/paths/~1pets/parameters",
            json!([{"$ref": "#/components/parameters/Limit"}]),
        ),
        (
            "/paths/~1pets/get/parameters/0",
            json!({"name": "a", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}}),
        ),
        ("/paths/~1pets/get/parameters/1/explode", json!(true)),
        (
            "/paths/~1pets/get/parameters/2/style",
            json!("pipeDelimited"),
        ),
        ("/paths/~1pets/get/parameters/3/style", json!("simple")),
        (
            "/paths/~1pets/get/responses/200",
            json!({"description": "", "headers": {"x-left": {"description": "left", "schema": {"type": "integer"}}},
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}, "example": "a;b"}}}),
        ),
        (
            "/paths/~1pets/get/responses/404",
            json!({"$ref": "#/components/responses/Gone"}),
        ),
        (
            "/paths/~1pets/post/requestBody",
            json!({"description": "the pet", "required": true, "content": {"application/json": {"schema": pet}}}),
        ),
        ("/paths/~1pets/post/parameters", json!([])),
        (
            "/paths/~1pets/post/responses/201/content",
            json!({"application/hal+json": {"schema": pet}}),
        ),
        (
            "/paths/~1forms/post/requestBody",
            json!({"required": true, "content": {"application/x-www-form-urlencoded": {
                "schema": {"type": "object", "required": ["name"], "properties": {
                    "name": {"type": "string", "description": "its name"}, "tags": {"type": "array", "items": {"type": "string"}},
                    "ids": {"type": "array", "items": {"type": "string"}}}},
                "encoding": {"tags": {"style": "form", "explode": false}}
            }}}),
        ),
        (
            "/paths/~1forms/put/requestBody/content/multipart~1form-data/schema/properties/photo",
            json!({"type": "string", "format": "binary"}),
        ),
    ] {
        assert_eq!(root.pointer(pointer), Some(&expected), "{pointer}");
    }
    for gone in [
        "host",
        "basePath",
        "schemes",
        "consumes",
        "produces",
        "definitions",
        "parameters",
        "responses",
        "securityDefinitions",
        "swagger",
    ] {
        assert_eq!(root.get(gone), None, "{gone}");
    }
    assert_eq!(root.pointer("/paths/~1pets/get/schemes"), None);
    loads(&document);
}

/// OpenAPI 3.0 is as it was, whatever it says.
#[test]
fn version_3_0_is_left_alone() {
    let document = with_schemas("3.0.3", &json!({"It": {"type": ["string", "null"]}}));
    assert_eq!(lifted(&document).0, document);
    let odd = json!({"openapi": "3.10.0"});
    assert_eq!(lifted(&odd).0, odd);
}

/// An overlay speaks of the document as it is written, and of the form that messages name.
#[test]
fn overlays_of_both_forms() {
    let source = |name: &str, text: String| Source {
        name: name.to_owned(),
        text,
    };
    let document = json!({"swagger": "2.0", "info": {"title": "Pets", "version": "1"}, "paths": {},
        "definitions": {"Pet": {"type": "object"}}});
    let document = source("api.json", document.to_string());
    let overlay = |targets: &[&str]| {
        let actions: Vec<Json> = (targets.iter())
            .map(|target| json!({"target": target, "description": "a reason", "update": {"title": target}}))
            .collect();
        let overlay =
            json!({"overlay": "1.0.0", "info": {"title": "o", "version": "1"}, "actions": actions});
        source("overlay.json", overlay.to_string())
    };
    let (old, new) = ("$.definitions.Pet", "$.components.schemas.Pet");
    let overlays = [overlay(&[new, old])];
    let library = Library::read([(&document, &overlays[..])]);
    let title = |library: &Library| {
        let document = library.document(0).ok()?;
        let title = document.node("/components/schemas/Pet/title")?;
        title.as_str().map(str::to_owned)
    };
    assert_eq!(
        title(&library).as_deref(),
        Some(new),
        "later than the other"
    );
    let overlays = [overlay(&["$.nowhere"])];
    let found = Library::read([(&document, &overlays[..])])
        .document(0)
        .unwrap_err();
    assert!(
        found
            .iter()
            .any(|found| found.what.contains("matches nothing"))
    );
}
