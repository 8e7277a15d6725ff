//! The results for valid documents.

use super::{Document, Node, Place, Source, Value, load};

const HEAD: &str = "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths: {}\n";

fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

fn loaded(text: &str, overlays: &[&str]) -> Document {
    let overlays: Vec<Source> = (overlays.iter().enumerate())
        .map(|(index, text)| source(&format!("overlay{index}.yaml"), text))
        .collect();
    match load(&source("pets.yaml", text), &overlays) {
        Ok(document) => document,
        Err(found) => panic!(
            "{}",
            found.iter().map(|d| format!("{d}\n")).collect::<String>()
        ),
    }
}

/// A document with these schemas.
fn schemas(text: &str) -> Document {
    let text = text.replace('\n', "\n    ");
    loaded(&format!("{HEAD}components:\n  schemas:\n    {text}\n"), &[])
}

fn json(document: &Document, pointer: &str) -> serde_json::Value {
    document
        .node(pointer)
        .map_or(serde_json::Value::Null, Node::to_json)
}

fn place(file: &str, line: u32, column: u32) -> Place {
    Place {
        file: file.into(),
        line,
        column,
    }
}

/// Everything below `x-a` of a document whose text ends in this.
fn extension(text: &str) -> serde_json::Value {
    json(&loaded(&format!("{HEAD}x-a: {text}\n"), &[]), "/x-a")
}

#[test]
fn scalars_are_those_of_serde_yaml() {
    let scalars = "\
[~, null, Null, NULL, nUll, true, True, TRUE, tRue, false, no, yes, on, off, n, y, 0, -0, 1, -1, +1, 007, 08, -012, 0x1F, 0o17, 0b11, -0x1f,
+0x1, 0x, 0xg, 0o8, 0x-1, 1_000, 1e3, 1.5, -1.5, .5, 1., 1.e2, +.5, '1', \"null\", '', 2020-01-01, 2020-01-01T10:00:00Z, 12:30:45, 1.2.3, --, +,
., .., e5, 1e, 1e+, 18446744073709551615, -9223372036854775808, 1e308, 0.1, 1E5, 1e-5, .e1, -.5,
a b, 'it''s', \"tab\\tnew\\nline\\u00e9\\x41\", =, 0.0, -0.0, 00, 0, 0.10, 1e05]";
    let scalars = &scalars.replace('\n', " ");
    let ours = extension(scalars);
    let theirs: serde_yaml::Value = serde_yaml::from_str(scalars).unwrap();
    let theirs = serde_json::to_value(theirs).unwrap();
    let (ours, theirs) = (ours.as_array().unwrap(), theirs.as_array().unwrap());
    assert_eq!(ours.len(), theirs.len());
    for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(ours, theirs, "scalar {index}");
    }
}

#[test]
fn whole_numbers_beyond_64_bits_are_floats() {
    let expected = serde_json::json!([18446744073709551616.0, -9223372036854775809.0]);
    assert_eq!(
        extension("[18446744073709551616, -9223372036854775809]"),
        expected
    );
}

#[test]
fn block_scalars_anchors_and_tags_are_those_of_serde_yaml() {
    let text = "\
a: |
  one
   two

b: >-
  one
  two
c: |+
  x

d: &d { k: 1 }
e: *d
f: [*d, !!str 12, ! 12, !!float 1]
g: 'a

  b'
200: numeric key
true: boolean key
";
    let indented = format!("\n  {}", text.replace('\n', "\n  ").trim_end());
    let theirs: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    let mut theirs = serde_json::to_value(theirs).unwrap();
    // serde_yaml has no opinion that matters on these two.
    theirs["f"][2] = "12".into();
    theirs["f"][3] = 1.into();
    assert_eq!(extension(&indented), theirs);
}

#[test]
fn merge_keys_are_merged_with_the_places_of_the_anchor() {
    let text = format!(
        "{HEAD}x-base: &base {{ a: 1, b: 1 }}\nx-more: &more {{ b: 2, c: 2 }}\nx-a: {{ <<: [*base, *more], c: 3, '<<': 4 }}\n"
    );
    let document = loaded(&text, &[]);
    assert_eq!(
        json(&document, "/x-a"),
        serde_json::json!({ "a": 1, "b": 1, "c": 3, "<<": 4 })
    );
    assert_eq!(document.place("/x-a/a"), place("pets.yaml", 4, 20));
}

#[test]
fn json_and_yaml_give_the_same_tree() {
    let json_text = r#"{ "openapi": "3.0.3", "info": { "title": "P\u00e9ts \ud83d\ude00 \/ \"x\"", "version": "1" },
	"paths": {}, "x-a": [1, -2.5, 1e3, true, false, null, {}, [], "", {"a":{"b":[{"c":1}]}}] }"#;
    let yaml = "openapi: 3.0.3\ninfo: { title: 'Péts 😀 / \"x\"', version: '1' }\npaths: {}\nx-a: [1, -2.5, 1e3, true, false, null, {}, [], '', {a: {b: [{c: 1}]}}]\n";
    let json_document = loaded(json_text, &[]);
    assert_eq!(
        json_document.root().to_json(),
        loaded(yaml, &[]).root().to_json()
    );
    assert_eq!(json_document.place("/x-a/0"), place("pets.yaml", 2, 23));
    assert_eq!(
        json_document.place("/x-a/9/a/b/0/c"),
        place("pets.yaml", 2, 84)
    );
    assert_eq!(
        json_document.place("/info/version"),
        place("pets.yaml", 1, 88)
    );
}

#[test]
fn yaml_in_flow_style_may_open_like_json() {
    let document = loaded(
        "{openapi: 3.0.3, info: {title: Pets, version: 'a'}, paths: {},}",
        &[],
    );
    assert_eq!(json(&document, "/info/title"), "Pets");
}

#[test]
fn a_byte_order_mark_is_no_content() {
    for text in [
        format!("\u{feff}{HEAD}"),
        "\u{feff}{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"x\",\"version\":\"1\"},\"paths\":{}}"
            .to_owned(),
    ] {
        assert_eq!(loaded(&text, &[]).place("/openapi").line, 1);
    }
}

#[test]
fn siblings_of_a_reference_go_into_an_all_of() {
    let document = schemas(
        "Cat: { type: object }\nPet: { $ref: '#/components/schemas/Cat', nullable: true, description: or none }",
    );
    assert_eq!(
        json(&document, "/components/schemas/Pet"),
        serde_json::json!({ "description": "or none", "allOf": [{ "$ref": "#/components/schemas/Cat" }, { "nullable": true }] })
    );
    assert_eq!(
        document.place("/components/schemas/Pet/allOf/1/nullable"),
        place("pets.yaml", 7, 56)
    );
    assert!(document.unread().is_empty());
}

#[test]
fn a_constant_is_an_enum_of_one() {
    let document = schemas("Pet: { type: string, const: cat, enum: [cat, dog] }");
    assert_eq!(
        json(&document, "/components/schemas/Pet"),
        serde_json::json!({ "type": "string", "enum": ["cat"] })
    );
    assert!(document.unread().is_empty());
}

#[test]
fn properties_called_like_keywords_are_properties() {
    let text = "\
Pet:
  type: object
  properties:
    $ref: { type: string }
    const: { type: string, const: a }
    items: { type: string }
    enum: { type: string }
    properties: { type: object, properties: { $ref: { type: string }, required: { type: string } } }
    required: { type: boolean }
    type: { type: string }
    x-tag: { type: string, const: b }";
    let document = schemas(text);
    let properties = json(&document, "/components/schemas/Pet/properties");
    assert_eq!(properties["$ref"]["type"], "string");
    assert_eq!(
        properties["const"],
        serde_json::json!({ "type": "string", "enum": ["a"] })
    );
    assert_eq!(properties["x-tag"]["enum"][0], "b");
    assert_eq!(
        properties["properties"]["properties"]["$ref"]["type"],
        "string"
    );
    assert!(document.unread().is_empty(), "{}", document.unread()[0]);
}

#[test]
fn examples_defaults_and_extensions_stay_as_they_are() {
    let value = "{ $ref: nowhere, const: 1, required: null, properties: { a: { const: 2 } } }";
    let document = schemas(&format!(
        "Pet:\n  example: {value}\n  default: {value}\n  x-more: {value}\n  enum: [{value}]"
    ));
    let expected = serde_json::json!({ "$ref": "nowhere", "const": 1, "required": null, "properties": { "a": { "const": 2 } } });
    for key in ["example", "default", "x-more", "enum/0"] {
        assert_eq!(
            json(&document, &format!("/components/schemas/Pet/{key}")),
            expected,
            "{key}"
        );
    }
    assert!(document.unread().is_empty());
}

#[test]
fn what_is_meant_replaces_what_is_written() {
    let document = loaded(
        "openapi: 3.0.3\ninfo: { title: Pets, version: 1.10 }\nsecurity: [{ key: }]\npaths:\n  /a/{b}:\n    parameters: [{ name: b, in: path, schema: { maxLength: '35', nullable: 'true', minLength: 2.0, required: null } }]\n    get:\n      tags: pets\n      responses: { 204: }\ncomponents: { schemas: , securitySchemes: { key: { type: oauth2, flows: { clientCredentials: { tokenUrl: /t } } } } }\n",
        &[],
    );
    assert_eq!(document.openapi.info.version, "1.10");
    assert_eq!(
        json(&document, "/paths/~1a~1{b}"),
        serde_json::json!({
            "parameters": [{ "name": "b", "in": "path", "required": true, "schema": { "maxLength": 35, "nullable": true, "minLength": 2 } }],
            "get": { "tags": ["pets"], "responses": { "204": { "description": "" } } },
        })
    );
    assert_eq!(
        json(&document, "/security"),
        serde_json::json!([{ "key": [] }])
    );
    assert_eq!(
        json(
            &document,
            "/components/securitySchemes/key/flows/clientCredentials/scopes"
        ),
        serde_json::json!({})
    );
    assert_eq!(document.unread().len(), 11);
}

#[test]
fn percent_escapes_of_references_are_undone() {
    let document = schemas("a b: { type: string }\nPet: { $ref: '#/components/schemas/a%20b' }");
    assert_eq!(
        json(&document, "/components/schemas/Pet/$ref"),
        "#/components/schemas/a b"
    );
}

#[test]
fn callbacks_of_operations_are_written_out() {
    let document = loaded(
        "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths:\n  /a:\n    get:\n      callbacks: { done: { $ref: '#/components/callbacks/done' } }\n      responses: { 204: { description: '' } }\ncomponents: { callbacks: { done: { '{$url}': { summary: called } } } }\n",
        &[],
    );
    assert_eq!(
        json(&document, "/paths/~1a/get/callbacks/done/{$url}/summary"),
        "called"
    );
}

fn overlay(actions: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{ title: corrections, version: '1' }}\nextends: pets.yaml\nactions:\n{actions}"
    )
}

#[test]
fn overlays_merge_append_replace_and_remove_in_order() {
    let base = format!(
        "{HEAD}tags: [{{ name: a }}, {{ name: b }}, {{ name: c }}]\ncomponents:\n  schemas:\n    Pet: {{ type: object, required: [name], properties: {{ name: {{ type: string }}, age: {{ type: string }} }} }}\n"
    );
    let first = overlay(
        "  - target: $.components.schemas.Pet
    description: an age is a number
    update: { required: [age], properties: { age: { type: integer }, kind: { type: string } } }
  - target: $.tags[?@.name != 'b']
    description: only b is used
    remove: true
  - target: $.tags
    description: but there is d
    update: { name: d }
",
    );
    let second = overlay(
        "  - target: $..[?@.type == 'integer']\n    description: no negative numbers\n    update: { minimum: 0 }\n",
    );
    let document = loaded(&base, &[&first, &second]);
    assert_eq!(
        json(&document, "/components/schemas/Pet"),
        serde_json::json!({
            "type": "object",
            "required": ["name", "age"],
            "properties": { "name": { "type": "string" }, "age": { "type": "integer", "minimum": 0 }, "kind": { "type": "string" } },
        })
    );
    assert_eq!(
        json(&document, "/tags"),
        serde_json::json!([{ "name": "b" }, { "name": "d" }])
    );
    assert_eq!(
        document.place("/components/schemas/Pet/properties/name/type"),
        place("pets.yaml", 7, 72)
    );
    assert_eq!(
        document.place("/components/schemas/Pet/properties/age/type"),
        place("overlay0.yaml", 7, 59)
    );
    assert_eq!(
        document.place("/components/schemas/Pet/properties/age/minimum"),
        place("overlay1.yaml", 7, 24)
    );
}

#[test]
fn an_update_with_null_leaves_objects_and_lists_alone() {
    let text = overlay(
        "  - target: $\n    description: mirrors the document\n    update: { info: , paths: , tags: , x-note: here }\n",
    );
    let document = loaded(&format!("{HEAD}tags: [{{ name: a }}]\n"), &[&text]);
    assert_eq!(json(&document, "/tags/0/name"), "a");
    assert_eq!(json(&document, "/info/title"), "Pets");
    assert_eq!(json(&document, "/x-note"), "here");
}

#[test]
fn a_list_gets_no_item_twice() {
    let base = format!(
        "{HEAD}tags: [{{ name: a }}]\ncomponents: {{ schemas: {{ Pet: {{ type: string, enum: [cat, dog] }} }} }}\n"
    );
    let text = overlay(
        "  - target: $.tags
    description: the document has it
    update: { name: a }
  - target: $.components.schemas.Pet
    description: the document has one of them
    update: { enum: [dog, bird] }
",
    );
    let document = loaded(&base, &[&text]);
    assert_eq!(
        json(&document, "/tags"),
        serde_json::json!([{ "name": "a" }])
    );
    let values = serde_json::json!(["cat", "dog", "bird"]);
    assert_eq!(json(&document, "/components/schemas/Pet/enum"), values);
    let [noted] = document.unread() else {
        panic!("{:?}", document.unread());
    };
    assert_eq!(noted.place, place("overlay0.yaml", 5, 13));
}

#[test]
fn an_overlay_gets_past_a_mistake() {
    let text = overlay(
        "  - target: $.components.schemas.Pet\n    description: the document has a typing mistake here\n    update: { type: string }\n",
    );
    let document = loaded(
        &format!("{HEAD}components: {{ schemas: {{ Pet: {{ type: strng }} }} }}\n"),
        &[&text],
    );
    assert_eq!(json(&document, "/components/schemas/Pet/type"), "string");
}

#[test]
fn places_are_those_of_the_nearest_thing() {
    let document = schemas("Pet:\n  type: object\n  properties:\n    a~/b: { type: string }");
    assert_eq!(
        document.place("/components/schemas/Pet"),
        place("pets.yaml", 6, 5)
    );
    assert_eq!(
        document.place("/components/schemas/Pet/type"),
        place("pets.yaml", 7, 13)
    );
    assert_eq!(
        document.place("/components/schemas/Pet/properties/a~0~1b/format/x"),
        place("pets.yaml", 9, 9)
    );
    assert_eq!(document.place("/nothing"), place("pets.yaml", 1, 1));
    assert_eq!(document.place("no pointer"), place("pets.yaml", 1, 1));
    assert_eq!(super::unescape("~01"), "~1");
    assert_eq!(super::unescape(&super::escape("~1/~0")), "~1/~0");
    assert!(document.node("/info/title/0").is_none());
    assert!(document.node("no pointer").is_none());
    assert!(document.node("").is_some());
}

#[test]
fn the_depth_of_a_document_is_limited() {
    let nested = |levels: usize| {
        let inner = "{ not: ".repeat(levels) + "{}" + &" }".repeat(levels);
        format!("{HEAD}components: {{ schemas: {{ Pet: {inner} }} }}\n")
    };
    loaded(&nested(super::build::MAX_DEPTH - 4), &[]);
    let siblings = nested(super::build::MAX_DEPTH - 4).replace(
        "not: {}",
        "not: { $ref: '#/components/schemas/Pet', nullable: true }",
    );
    loaded(&siblings, &[]);
    for text in [
        nested(super::build::MAX_DEPTH),
        nested(5000),
        format!("{HEAD}x-a: {}", "[".repeat(100_000)),
        "[".repeat(1_000_000),
        "- ".repeat(100_000),
        format!("{{\"a\":{}", "[".repeat(1_000_000)),
    ] {
        let found = load(&source("pets.yaml", &text), &[]).unwrap_err();
        assert!(
            found[0].what.contains("level") || found[0].what.contains("not YAML"),
            "{}",
            found[0]
        );
    }
    let brings = overlay(&format!(
        "  - target: $.info\n    description: too deep\n    update: {{ x-a: {}1{} }}\n",
        "[".repeat(63),
        "]".repeat(63)
    ));
    let found = load(&source("pets.yaml", HEAD), &[source("o.yaml", &brings)]).unwrap_err();
    assert!(found[0].what.contains("levels"), "{}", found[0]);
}

#[test]
fn aliases_that_explode_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    let found = load(&source("pets.yaml", &text), &[]).unwrap_err();
    assert!(found[0].what.contains("aliases"), "{}", found[0]);
}

#[test]
fn targets_that_nest_too_deeply_are_refused() {
    for target in [
        format!("$[?{}@.a]", "(".repeat(900)),
        format!("${}", "[0]".repeat(5000)),
        format!("$[?{}@.a]", "!".repeat(900)),
    ] {
        let text = overlay(&format!(
            "  - target: \"{target}\"\n    description: none\n    remove: true\n"
        ));
        assert!(load(&source("pets.yaml", HEAD), &[source("o.yaml", &text)]).is_err());
    }
}

#[test]
fn numbers_keep_their_value() {
    let document = schemas(
        "Pet: { type: integer, maximum: 9223372036854775807, minimum: -9223372036854775808 }",
    );
    assert_eq!(
        document
            .node("/components/schemas/Pet/maximum")
            .and_then(Node::as_u64),
        Some(9223372036854775807)
    );
    assert_eq!(
        document
            .node("/components/schemas/Pet/minimum")
            .and_then(Node::as_i64),
        Some(i64::MIN)
    );
    assert!(matches!(
        document.node("/components/schemas").map(|n| &n.value),
        Some(Value::Object(_))
    ));
}

/// A string without quotes is read as written, wherever its schema is.
#[test]
fn texts_without_quotes() {
    let text = "\
openapi: 3.0.3
info: { title: Pets, version: 1.10 }
paths:
  /pets:
    get:
      parameters:
        - { name: v, in: query, example: 1.10, schema: { $ref: '#/components/schemas/V' } }
        - { name: n, in: query, example: 1.10, schema: { type: number } }
      responses:
        '200':
          description: pets
          content:
            application/json:
              example: { v: 1.50, list: [007, 1e3], n: 1.50 }
              schema: { $ref: '#/components/schemas/Pet' }
components:
  schemas:
    V:
      type: string
      enum: [1.10, 1e3, .5, 0x1F, 007, 2020-01-01, NO, True, 99999999999999999999, null, '1.20']
      default: 1.10
      example: 1.10 # as in the enum
    Only: { type: string, const: 2.0 }
    Pet:
      type: object
      properties:
        v: { allOf: [{ $ref: '#/components/schemas/V' }], default: 1.0 }
        list: { type: array, items: { type: string }, example: [1.0] }
        n: { type: number, example: 1.50, enum: [1.50] }
";
    let document = load(&source("pets.yaml", text), &[]).unwrap();
    for (pointer, expected) in [
        (
            "/components/schemas/V/enum",
            "['1.10', '1e3', '.5', '0x1F', '007', '2020-01-01', 'NO', 'True', '99999999999999999999', null, '1.20']",
        ),
        ("/components/schemas/V/default", "'1.10'"),
        ("/components/schemas/V/example", "'1.10'"),
        ("/components/schemas/Only/enum", "['2.0']"),
        ("/components/schemas/Pet/properties/v/default", "'1.0'"),
        ("/components/schemas/Pet/properties/list/example", "['1.0']"),
        ("/components/schemas/Pet/properties/n/example", "1.5"),
        ("/components/schemas/Pet/properties/n/enum", "[1.5]"),
        ("/paths/~1pets/get/parameters/0/example", "'1.10'"),
        ("/paths/~1pets/get/parameters/1/example", "1.1"),
        (
            "/paths/~1pets/get/responses/200/content/application~1json/example",
            "{'list': ['007', '1e3'], 'n': 1.5, 'v': '1.50'}",
        ),
    ] {
        let found = document.node(pointer).unwrap().to_json();
        let expected: serde_json::Value =
            serde_json::from_str(&expected.replace('\'', "\"")).unwrap();
        assert_eq!(found, expected, "{pointer}");
    }
    let told: Vec<String> = (document.unread().iter())
        .map(|found| format!("{}: {}", found.place.line, found.what))
        .collect();
    for expected in [
        "2: `version` must be text, but it is a number; it is read as the text `1.10`",
        "7: `example` must be text, but it is a number; it is read as the text `1.10`",
        "20: `enum` must be text, but it is a number; it is read as the text `.5`",
        "20: `enum` must be text, but it is a boolean; it is read as the text `True`",
        "21: `default` must be text, but it is a number; it is read as the text `1.10`",
        "23: `const` must be text, but it is a number; it is read as the text `2.0`",
    ] {
        assert!(
            told.iter().any(|line| line == expected),
            "{expected}\n{told:#?}"
        );
    }
}
