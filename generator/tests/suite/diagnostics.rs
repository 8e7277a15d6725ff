//! Every mistake that a document can hold is named with its place and a way past it.

use std::{collections::BTreeSet, fs, path::Path};

use generator::{
    diagnostic::Diagnostic,
    load::{Document, Source, load},
};

use crate::support::source;

const HEAD: &str = "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\n";

const GOOD: &str = "\
paths:
  /pets/{id}:
    get:
      operationId: showPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      responses:
        '200':
          description: the pet
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Pet' }
components:
  schemas:
    Pet:
      type: object
      properties:
        name: { type: string, maxLength: 20 }
";

fn read(text: &str, overlay: Option<&str>) -> Result<Document, Vec<Diagnostic>> {
    let overlays: Vec<Source> = overlay
        .map(|text| source("overlay.yaml", text))
        .into_iter()
        .collect();
    load(&source("pets.yaml", text), &overlays)
}

fn print(found: &[Diagnostic]) -> String {
    let printed: Vec<String> = found.iter().map(Diagnostic::to_string).collect();
    printed.join("\n\n")
}

/// What is printed when a document is refused.
fn refused(text: &str) -> String {
    print(&read(text, None).expect_err("the document is wrong"))
}

/// The same for everything after the version and the info object.
fn refused_body(body: &str) -> String {
    refused(&format!("{HEAD}{body}"))
}

/// The same for a schema called `Pet`.
fn refused_schema(schema: &str) -> String {
    let schema = schema.replace('\n', "\n      ");
    refused_body(&format!(
        "paths: {{}}\ncomponents:\n  schemas:\n    Pet:\n      {schema}\n"
    ))
}

/// The same for an operation at `/pets/{id}`, without its answers.
fn refused_operation(operation: &str) -> String {
    let operation = operation.replace('\n', "\n      ");
    refused_body(&format!(
        "paths:\n  /pets/{{id}}:\n    get:\n      responses: {{ '204': {{ description: gone }} }}\n      {operation}\n"
    ))
}

/// What is printed when a document is read all the same.
fn tolerated(text: &str) -> String {
    match read(text, None) {
        Ok(document) => print(document.unread()),
        Err(found) => panic!("refused:\n{}", print(&found)),
    }
}

fn tolerated_body(body: &str) -> String {
    tolerated(&format!("{HEAD}{body}"))
}

fn tolerated_schema(schema: &str) -> String {
    let schema = schema.replace('\n', "\n      ");
    tolerated_body(&format!(
        "paths: {{}}\ncomponents:\n  schemas:\n    Pet:\n      {schema}\n"
    ))
}

fn refused_overlay(overlay: &str) -> String {
    print(&read(&format!("{HEAD}{GOOD}"), Some(overlay)).expect_err("the overlay is wrong"))
}

fn overlay_of(action: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{ title: corrections, version: '1' }}\nactions:\n  - {}\n",
        action.replace('\n', "\n    ")
    )
}

fn refused_action(action: &str) -> String {
    refused_overlay(&overlay_of(action))
}

/// What is printed when an action is applied.
fn noted_action(action: &str) -> String {
    match read(&format!("{HEAD}{GOOD}"), Some(&overlay_of(action))) {
        Ok(document) => print(document.unread()),
        Err(found) => panic!("refused:\n{}", print(&found)),
    }
}

macro_rules! snapshots {
    ($($name:ident: $text:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/diagnostics" }, {
                    insta::assert_snapshot!(stringify!($name), $text);
                });
            }
        )*
    };
}

#[test]
fn a_good_document_has_no_findings() {
    assert_eq!(tolerated_body(GOOD), "");
}

// The text itself.
snapshots! {
    text_empty: refused("");
    text_broken: refused(&format!("{HEAD}paths:\n  /pets:\n    get: [\n"));
    text_tabs: refused(&format!("{HEAD}paths:\n\t/pets: {{}}\n"));
    text_json_broken: print(&load(&source("pets.json", "{\"openapi\": \"3.0.3\",\n \"info\" {}}"), &[]).expect_err("wrong"));
    text_json_ends: print(&load(&source("pets.json", "{\"openapi\": [\"3.0.3\""), &[]).expect_err("wrong"));
    text_json_escape: print(&load(&source("pets.json", "{\"openapi\": \"\\ud83d alone\"}"), &[]).expect_err("wrong"));
    text_two_documents: refused(&format!("{HEAD}{GOOD}---\nopenapi: 3.0.3\n"));
    text_duplicate_key: refused_schema("type: object\nproperties:\n  name: { type: string }\n  age: { type: integer }\n  name: { type: number }");
    text_duplicate_key_three_times: refused_schema("type: string\ntype: string\ntype: string");
    text_key_is_a_list: refused_schema("? [a, b]\n: c");
    text_no_key: refused_schema(": string");
    text_infinite: refused_schema("maximum: .inf");
    text_not_a_number: refused_schema("maximum: .NaN");
    text_too_large_a_number: refused_schema("maximum: 1e999");
    text_tag: tolerated_schema("type: !kind string");
    text_wrong_core_tag: refused_schema("maxLength: !!int many");
    text_alias_in_itself: refused_schema("&pet\nproperties: { child: *pet }");
    text_unknown_alias: refused_schema("properties: { child: *pet }");
    text_merge_of_text: refused_schema("<<: string");
    text_long_line: print(&load(&source("pets.json", format!("{{\"openapi\": \"3.0.3\", \"x-a\": \"{}\", \"info\": 1, \"x-b\": \"{}\"}}", "a".repeat(300), "b".repeat(300))), &[]).expect_err("wrong"));
}

// Versions.
snapshots! {
    version_swagger: refused("swagger: '1.2'\ninfo: { title: Pets, version: '1' }\npaths: {}\n");
    version_unknown: refused("openapi: 3.3.0\ninfo: { title: Pets, version: '1' }\npaths: {}\n");
    version_missing: refused("info: { title: Pets, version: '1' }\npaths: {}\n");
    version_of_a_list: refused("- 1\n- 2\n");
}

// Keys, types and words.
snapshots! {
    key_misspelled: refused_schema("type: object\nproprties: {}");
    key_misspelled_case: refused_operation("operationID: showPet\nparameters: [{ name: id, in: path, required: true, schema: {} }]");
    key_missing_in_root: refused("openapi: 3.0.3\n");
    key_missing_responses: refused_body("paths:\n  /pets:\n    get: { summary: all pets }\n");
    key_missing_parameter_name: refused_operation("parameters: [{ in: query, schema: {} }]");
    key_no_path: refused_body("paths:\n  pets: {}\n");
    key_no_status: refused_body("paths:\n  /pets:\n    get:\n      responses: { ok: { description: '' } }\n");
    type_of_schema: refused_schema("string");
    type_of_properties: refused_schema("properties: [name]");
    type_of_flag: refused_schema("type: string\nnullable: maybe");
    type_of_count: refused_schema("type: string\nmaxLength: -1");
    type_of_count_fraction: refused_schema("type: string\nmaxLength: 1.5");
    type_of_required: refused_schema("required: [[name]]");
    type_of_reference: refused_schema("$ref: { name: Pet }");
    type_list_of_3_1: refused_schema("type: [string, 'null']");
    type_exclusive_of_3_1: refused_schema("type: integer\nexclusiveMinimum: 3");
    word_type: refused_schema("type: strng");
    word_type_null: refused_schema("type: 'null'");
    word_type_file: refused_schema("type: file");
    word_type_far: refused_schema("type: money");
    word_location: refused_operation("parameters: [{ name: id, in: pathx, required: true, schema: {} }]");
    word_style_of_location: refused_operation("parameters: [{ name: id, in: path, required: true, style: form, schema: {} }]");
    word_scheme: refused_body("paths: {}\ncomponents: { securitySchemes: { key: { type: apikey } } }\n");
}

// Rules between keys.
snapshots! {
    parameter_without_type: refused_operation("parameters: [{ name: id, in: path, required: true }]");
    parameter_schema_and_content: refused_operation("parameters: [{ name: id, in: path, required: true, schema: {}, content: { text/plain: {} } }]");
    parameter_two_contents: refused_operation("parameters: [{ name: id, in: path, required: true, content: { text/plain: {}, text/html: {} } }]");
    parameter_twice: refused_operation("parameters:\n  - { name: id, in: path, required: true, schema: {} }\n  - { name: id, in: path, required: true, schema: {} }");
    path_parameter_undeclared: refused_operation("summary: a pet");
    path_parameter_undeclared_beside_others: refused_operation("parameters: [{ name: limit, in: query, schema: {} }]");
    path_parameter_unplaced: refused_operation("parameters:\n  - { name: id, in: path, required: true, schema: {} }\n  - { name: owner, in: path, required: true, schema: {} }");
    path_parameter_unplaced_shared: refused_body("paths:\n  /pets:\n    parameters:\n      - { name: id, in: path, required: true, schema: {} }\n    get: { responses: { default: { description: '' } } }\n");
    path_braces: refused_body("paths:\n  /pets/{id: {}\n");
    path_name_twice: tolerated_body("paths:\n  /pets/{id}/{id}: {}\n");
    operation_id_twice: refused_body("paths:\n  /a:\n    get: { operationId: show, responses: { default: { description: '' } } }\n    post: { operationId: show, responses: { default: { description: '' } } }\n");
    scheme_unknown: refused_body("paths: {}\nsecurity: [{ bearr: [] }]\ncomponents: { securitySchemes: { bearer: { type: http, scheme: bearer } } }\n");
    scheme_incomplete: refused_body("paths: {}\ncomponents: { securitySchemes: { key: { type: apiKey, name: x-key } } }\n");
    link_nowhere: refused_body("paths: {}\ncomponents: { links: { next: { description: the next page } } }\n");
}

// References.
snapshots! {
    reference_dangling: refused_schema("properties:\n  owner: { $ref: '#/components/schemas/Pett' }");
    reference_dangling_far: refused_schema("properties:\n  owner: { $ref: '#/components/schemas/Owner' }");
    reference_to_file: refused_schema("$ref: 'common.yaml#/Pet'");
    reference_to_host: refused_schema("$ref: 'https://example.com/common.yaml#/Pet'");
    reference_to_root: refused_schema("$ref: '#'");
    reference_percent: refused_schema("$ref: '#/components/schemas/%ZZ'");
    reference_of_wrong_kind: refused_operation("parameters:\n  - $ref: '#/paths/~1pets~1{id}/get/responses/204'");
    reference_to_example: refused_schema("example: { a: {} }\nproperties: { a: { $ref: '#/components/schemas/Pet/example/a' } }");
    reference_to_itself: refused_schema("$ref: '#/components/schemas/Pet'");
    reference_circle_by_all_of: refused_body("paths: {}\ncomponents:\n  schemas:\n    A: { allOf: [{ $ref: '#/components/schemas/B' }] }\n    B: { allOf: [{ $ref: '#/components/schemas/A' }, { type: object }] }\n");
    reference_beside_operation: refused_body("paths:\n  /a: { get: { responses: { default: { description: '' } } } }\n  /b:\n    $ref: '#/paths/~1a'\n    post: { responses: { default: { description: '' } } }\n");
    mapping_to_nothing: refused_schema("discriminator:\n  propertyName: kind\n  mapping: { cat: '#/components/schemas/Cat' }\nproperties: { kind: { type: string } }");
}

// Overlays.
snapshots! {
    overlay_target_matches_nothing: refused_action("target: $.paths['/cats']\ndescription: cats\nupdate: { summary: Cats }");
    overlay_target_misspelled: refused_action("target: $.paths['/pet/{id}'].get\ndescription: why\nupdate: { summary: Pet }");
    overlay_target_of_filter: refused_action("target: $.paths['/pets/{id}'].get.parameters[?@.name == 'ids'].schema\ndescription: why\nupdate: { minLength: 1 }");
    overlay_target_of_any_depth: refused_action("target: $..names\ndescription: why\nupdate: { minLength: 1 }");
    overlay_target_moved: refused_action("target: $.components.schemas.Pet.name\ndescription: why\nupdate: { minLength: 1 }");
    overlay_target_renamed: refused_action("target: $.components.schemas.Animal.properties.name\ndescription: why\nupdate: { minLength: 1 }");
    overlay_removes_nothing: noted_action("target: $.paths['/pets/{id}'].put\ndescription: why\nremove: true");
    overlay_changes_nothing: noted_action("target: $.components.schemas.Pet.properties.name\ndescription: why\nupdate: { type: string, maxLength: 20 }");
    overlay_changes_something: noted_action("target: $.components.schemas.Pet.properties.name\ndescription: why\nupdate: { type: string, maxLength: 21 }");
    overlay_target_is_no_path: refused_action("target: paths.pets\ndescription: why\nremove: true");
    overlay_without_reason: refused_action("target: $.info\nupdate: { title: Cats }");
    overlay_without_verb: refused_action("target: $.info\ndescription: why");
    overlay_two_verbs: refused_action("target: $.info\ndescription: why\nremove: true\nupdate: {}");
    overlay_misspelled: refused_action("target: $.info\ndescription: why\nupdat: { title: Cats }");
    overlay_unknown_key: refused_action("target: $.info\ndescription: why\ncopy: $.paths\nremove: true");
    overlay_type_of_update: refused_action("target: $.info\ndescription: why\nupdate: Cats");
    overlay_target_is_text: refused_action("target: $.info.title\ndescription: why\nupdate: Cats");
    overlay_clash: refused_action("target: $\ndescription: why\nupdate: { components: { schemas: { Pet: { properties: none } } } }");
    overlay_of_version_2: refused_overlay("overlay: 2.0.0\ninfo: { title: x, version: '1' }\nactions: []\n");
    overlay_not_an_object: refused_overlay("- 1\n");
    overlay_removes_everything: refused_action("target: $\ndescription: why\nremove: true");
    overlay_brings_a_mistake: refused_action("target: $.components.schemas.Pet\ndescription: why\nupdate:\n  properties:\n    age: { type: intger }");
    overlay_all_mistakes: refused_overlay("overlay: 1.0.0\ninfo: { title: x, version: '1' }\nactions:\n  - { target: $.a, description: why, update: { x: 1 } }\n  - { target: $.b, description: why, update: { x: 1 } }\n");
}

// Mistakes that leave the meaning plain.
snapshots! {
    tolerated_nulls: tolerated_body("servers:\npaths:\n  /pets:\n    get:\n      parameters: null\n      responses:\n        '204':\ncomponents:\n  schemas:\n    Pet: { type: object, required: null, properties: { name: } }\n");
    tolerated_texts: tolerated("openapi: 3.0.3\ninfo: { title: Pets, version: 1.10 }\npaths: {}\ncomponents:\n  schemas:\n    Pet: { type: string, maxLength: '35', minLength: 2.0, nullable: 'true', description: 5 }\n");
    tolerated_lists: tolerated_schema("type: object\nrequired: name\nproperties: []");
    tolerated_required_flag: tolerated_schema("type: string\nrequired: true");
    tolerated_unknown_keys: tolerated_schema("type: string\nexamples: [a]\npatternProperties: {}\nconfidential: true");
    tolerated_siblings: tolerated_body("paths: {}\ncomponents:\n  responses:\n    A: { description: a }\n    B: { $ref: '#/components/responses/A', description: b }\n");
    tolerated_path_parameter: tolerated_body("paths:\n  /pets/{id}:\n    parameters: [{ name: id, in: path, schema: {} }]\n");
    tolerated_missing_texts: tolerated_body("paths:\n  /pets:\n    get:\n      responses: { '200': { headers: { x-count: {} } } }\n");
    contradiction_list_without_items: tolerated_schema("type: object\nproperties:\n  names: { type: array }");
    contradiction_enum_of_another_type: tolerated_schema("type: object\nproperties:\n  size: { type: integer, enum: [1, small, 2.5, null] }\n  open: { type: boolean, nullable: true, enum: [true, 'yes', null] }");
    contradiction_bounds: tolerated_schema("type: object\nproperties:\n  age: { type: integer, minimum: 5, maximum: 2 }\n  name: { type: string, minLength: 5, maxLength: 2 }\n  tags: { type: array, items: { type: string }, minItems: 3, maxItems: 1 }\n  step: { type: integer, multipleOf: 0 }");
    contradiction_server_variable: tolerated_body("servers: [{ url: 'https://{region}.example.com/{base}', variables: { base: { default: v1, enum: [v2, v3] } } }]\npaths: {}\n");
    contradiction_paths: tolerated_body("paths:\n  /pets/{id}: {}\n  /pets/{name}: {}\n  /pets/{id}/toys: {}\n  '/pets/{id}#again': {}\n");
    lost_keys: tolerated_schema("type: object\nxml: { name: pet }\nproperties:\n  weight: { type: integer, maximum: 18446744073709551615 }");
}

/// Messages of the snapshots, without names and numbers.
#[test]
fn sixty_different_mistakes_have_a_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/snapshots/diagnostics");
    let mut messages: BTreeSet<String> = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let message = ["error: ", "warning: "]
                .iter()
                .find_map(|kind| line.strip_prefix(kind));
            let parts = message.unwrap_or_default().split(['`', '"']).step_by(2);
            let parts: Vec<String> = parts
                .map(|part| part.replace(|c: char| c.is_ascii_digit(), ""))
                .collect();
            messages.insert(parts.join("_"));
        }
    }
    messages.remove("");
    println!("{} different mistakes have a snapshot", messages.len());
    assert!(messages.len() >= 60, "{messages:#?}");
    // Mistakes that once passed in silence.
    for silent in [
        "a list without _: its items are any JSON",
        "a value of _ is text, and the type is _: it is never valid",
        "_ is  and _ is : no value is valid",
        "_ in the URL has no entry in _",
        "_ and _ differ in the names of parameters only: a server can't tell them apart",
    ] {
        assert!(messages.contains(silent), "{silent}: {messages:#?}");
    }
}
