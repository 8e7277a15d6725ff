//! Documents in several files.

use generator::{
    Input, Output, generate_tolerant_with, generate_with,
    load::{Source, files_of},
};

use crate::support::{crate_of, lines, source};

const HEAD: &str = "openapi: 3.0.3
info: { title: T, version: '1' }
servers: [{ url: 'https://api.example.com' }]
";

fn input(text: &str) -> Input {
    crate_of("api", text)
}

fn output(text: &str, files: &[(&str, &str)]) -> Output {
    let files: Vec<Source> = files
        .iter()
        .map(|(name, text)| source(name, *text))
        .collect();
    generate_with(&input(text), &files).unwrap_or_else(|errors| panic!("{}", lines(&errors)))
}

/// The parts of one document, in files of every form: a path item, an operation, a parameter, a response, schemas that
/// refer to each other, a discriminator, a map of schemas.
const WHOLE: &str = "paths:
  /pets:
    parameters: [{ $ref: '#/components/parameters/limit' }]
    get:
      operationId: list_pets
      responses: { '200': { description: all, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } } } }, default: { $ref: '#/components/responses/Problem' } }
  /pets/{id}:
    get:
      operationId: get_pet
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: one, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }, default: { $ref: '#/components/responses/Problem' } }
components:
  parameters:
    limit: { name: limit, in: query, schema: { type: integer } }
  responses:
    Problem: { description: bad, content: { application/json: { schema: { $ref: '#/components/schemas/Problem' } } } }
  schemas:
    Pet:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
      discriminator: { propertyName: kind, mapping: { meow: '#/components/schemas/Cat', woof: '#/components/schemas/Dog' } }
    Cat: { type: object, required: [kind], properties: { kind: { type: string }, friend: { $ref: '#/components/schemas/Pet' } } }
    Dog: { type: object, required: [kind], properties: { kind: { type: string }, owner: { $ref: '#/components/schemas/Owner' } } }
    Owner: { type: object, properties: { name: { type: string }, owns: { type: array, items: { $ref: '#/components/schemas/Pet' } } } }
    Problem: { type: object, properties: { code: { type: string } } }
";

#[test]
fn the_same_as_one_document() {
    let files = [
        (
            "paths/pets.yaml",
            "parameters: [{ $ref: ../limit.json }]
get:
  operationId: list_pets
  responses: { '200': { description: all, content: { application/json: { schema: { type: array, items: { $ref: ../models/Pet.yaml } } } } }, default: { $ref: '../api.yaml#/components/responses/Problem' } }
",
        ),
        (
            "paths/pet.yaml",
            "get:
  operationId: get_pet
  parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
  responses: { '200': { description: one, content: { application/json: { schema: { $ref: ../models/Pet.yaml } } } }, default: { $ref: '#/components/responses/Problem' } }
",
        ),
        ("limit.json", r#"{ "name": "limit", "in": "query", "schema": { "type": "integer" } }"#),
        (
            "common.yaml",
            "responses:
  Problem: { description: bad, content: { application/json: { schema: { $ref: '#/definitions/Problem' } } } }
definitions:
  Problem: { type: object, properties: { code: { type: string } } }
  Owner: { type: object, properties: { name: { type: string }, owns: { type: array, items: { $ref: 'models/Pet.yaml' } } } }
  Cat: { type: object, required: [kind], properties: { kind: { type: string }, friend: { $ref: './models/Pet.yaml' } } }
",
        ),
        (
            "models/Pet.yaml",
            "oneOf: [{ $ref: ../common.yaml#/definitions/Cat }, { $ref: Dog.yaml }]
discriminator: { propertyName: kind, mapping: { meow: ../common.yaml#/definitions/Cat, woof: Dog.yaml } }
",
        ),
        (
            "models/Dog.yaml",
            "type: object
required: [kind]
properties: { $ref: dog/properties.yaml }
",
        ),
        (
            "models/dog/properties.yaml",
            "kind: { type: string }\nowner: { $ref: ../../common.yaml#/definitions/Owner }\n",
        ),
    ];
    let root = "paths:
  /pets: { $ref: paths/pets.yaml }
  /pets/{id}:
    get: { $ref: 'paths/pet.yaml#/get' }
components: { responses: { Problem: { $ref: 'common.yaml#/responses/Problem' } } }
";
    let whole = output(&format!("{HEAD}{WHOLE}"), &[]);
    let many = output(&format!("{HEAD}{root}"), &files);
    assert_eq!(many.files, whole.files);
    assert_eq!(many.lock, whole.lock);
    assert!(many.warnings.is_empty(), "{:?}", many.warnings);

    // Maps of the document, too.
    let root =
        "paths: { $ref: paths.yaml }\ncomponents: { schemas: { $ref: models/index.yaml } }\n";
    let mut files = files.to_vec();
    files.push((
        "paths.yaml",
        "/pets: { $ref: paths/pets.yaml }\n/pets/{id}: { $ref: paths/pet.yaml }\n",
    ));
    files.push((
        "models/index.yaml",
        "Pet: { $ref: Pet.yaml }\nDog: { $ref: Dog.yaml }\n",
    ));
    let common = "'../common.yaml#/responses/Problem'";
    let pets = (files[0].1).replace("'../api.yaml#/components/responses/Problem'", common);
    let pet = (files[1].1).replace("'#/components/responses/Problem'", common);
    (files[0].1, files[1].1) = (&pets, &pet);
    let many = output(&format!("{HEAD}{root}"), &files);
    assert_eq!(many.files, whole.files);
}

#[test]
fn swagger_in_files() {
    let head = "swagger: '2.0'\ninfo: { title: T, version: '1' }\nhost: api.example.com\nschemes: [https]\n";
    let operation = |schema: &str, parameter: &str| {
        format!(
            "paths:\n  /pets:\n    post:\n      operationId: add\n      parameters: [{parameter}, {{ name: pet, in: body, required: true, schema: {schema} }}]\n      \
             responses: {{ '200': {{ description: it, schema: {schema} }} }}\n"
        )
    };
    let pet = "{ type: object, properties: { name: { type: string }, photo: { $ref: 'PHOTO' } } }";
    let whole = format!(
        "{head}{}parameters: {{ dry: {{ name: dry, in: query, type: boolean }} }}\ndefinitions:\n  Pet: {}\n  Photo: {{ type: object, properties: {{ url: {{ type: string }} }} }}\n",
        operation(
            "{ $ref: '#/definitions/Pet' }",
            "{ $ref: '#/parameters/dry' }"
        ),
        pet.replace("PHOTO", "#/definitions/Photo"),
    );
    let files = [
        ("models/Pet.yaml", pet.replace("PHOTO", "all.yaml#/Photo")),
        (
            "models/all.yaml",
            "Photo: { type: object, properties: { url: { type: string } } }".to_owned(),
        ),
        (
            "dry.yaml",
            "{ name: dry, in: query, type: boolean }".to_owned(),
        ),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let root = operation("{ $ref: models/Pet.yaml }", "{ $ref: dry.yaml }");
    let many = output(&format!("{head}{root}"), &files);
    assert_eq!(many.files, output(&whole, &[]).files);
}

/// Each reference that leads nowhere is one finding, at the reference, and costs its operation only.
#[test]
fn references_that_lead_nowhere() {
    let operation = |path: &str, target: &str| {
        format!(
            "  /{path}:\n    get: {{ operationId: {path}, responses: {{ '200': {{ description: x, content: {{ application/json: {{ schema: {{ $ref: '{target}' }} }} }} }} }} }}\n"
        )
    };
    let paths = [
        operation("good", "models/all.yaml#/Good"),
        operation("far", "https://example.com/x.yaml#/X"),
        operation("gone", "models/gone.yaml"),
        operation("outside", "../secret.yaml"),
        operation("nothing", "models/all.yaml#/Nothing"),
        operation("inner", "models/all.yaml#/Inner"),
    ];
    let text = format!("{HEAD}paths:\n{}", paths.concat());
    let all = "Good: { type: object, properties: { a: { type: string } } }\nInner: { type: object, required: [b], properties: { b: { $ref: 'https://example.com/b.yaml' } } }\n";
    let files = [source("models/all.yaml", all)];
    let found: Vec<String> = generate_with(&input(&text), &files)
        .unwrap_err()
        .iter()
        .map(|error| format!("{}: {}", error.place, error.what))
        .collect();
    let column = |line: usize| text.lines().nth(line - 1).unwrap().find("$ref: ").unwrap() + 7;
    let expected = [
        (
            7,
            "`$ref: https://example.com/x.yaml#/X` leads to another host; only files in the folder of the document are read",
        ),
        (
            9,
            "`$ref: models/gone.yaml` leads to another file, which is not in the folder of the document",
        ),
        (
            11,
            "`$ref: ../secret.yaml` leads out of the folder of the document; only files in it are read",
        ),
        (13, "`$ref: models/all.yaml#/Nothing` leads to nothing"),
    ];
    let mut expected: Vec<String> = expected
        .iter()
        .map(|(line, what)| format!("api.yaml:{}:{}: {what}", line + 1, column(line + 1)))
        .collect();
    expected.push("models/all.yaml:2:64: `$ref: https://example.com/b.yaml` leads to another host; only files in the folder of the document are read".to_owned());
    assert_eq!(found, expected);

    let output = generate_tolerant_with(&input(&text), &files).unwrap();
    let left_out: Vec<&str> = output
        .report
        .left_out
        .iter()
        .map(|out| out.name.as_str())
        .collect();
    let operations: Vec<&&str> = left_out
        .iter()
        .filter(|name| name.starts_with("GET"))
        .collect();
    assert_eq!(
        operations,
        [
            &"GET /far",
            &"GET /gone",
            &"GET /inner",
            &"GET /nothing",
            &"GET /outside"
        ]
    );
    assert!(output.files["src/api.rs"].contains("pub fn good("));
}

#[test]
fn mistakes_in_a_file() {
    let text = format!("{HEAD}paths: {{ /a: {{ $ref: a.yaml }} }}\n");
    let errors = |file: &str| {
        let files = [source("a.yaml", file)];
        let found = generate_with(&input(&text), &files).unwrap_err();
        format!("{}: {}", found[0].place, found[0].what)
    };
    assert!(
        errors("get: { a: ]").starts_with("a.yaml:1:"),
        "{}",
        errors("get: { a: ]")
    );
    let unknown = "get:\n  operationID: a\n  responses: { '204': { description: x } }\n";
    assert!(
        errors(unknown).starts_with("a.yaml:2:3: "),
        "{}",
        errors(unknown)
    );
    let circle = "{ $ref: a.yaml }";
    assert!(
        errors(circle).contains("contains itself"),
        "{}",
        errors(circle)
    );
}

/// Neither the stack nor the memory is used up.
#[test]
fn too_many_references() {
    let text = format!("{HEAD}paths: {{ /a: {{ $ref: f0.yaml }} }}\n");
    let found = |file: &dyn Fn(usize) -> String| {
        let files: Vec<Source> = (0..5_000)
            .map(|number| source(&format!("f{number}.yaml"), file(number)))
            .collect();
        let found = generate_with(&input(&text), &files).unwrap_err();
        found[0].what.clone()
    };
    let chain = found(&|number| format!("$ref: f{}.yaml", number + 1));
    assert!(chain.contains("more than 64 references"), "{chain}");
    let doubled = found(&|number| {
        format!(
            "x: {{ a: {{ $ref: f{0}.yaml }}, b: {{ $ref: f{0}.yaml }} }}",
            number + 1
        )
    });
    assert!(
        doubled.contains("more than 64") || doubled.contains("far larger"),
        "{doubled}"
    );
}

#[test]
fn names_of_files() {
    let text = "a: { $ref: models/pet.yaml }\nb: './c.json#/x'\nd: { \"$ref\": \"e%20f.yml\" }\ng: https://example.com/h.yaml\ni: see ../k.yaml";
    let found: Vec<String> = files_of(&source("sub/api.yaml", text))
        .into_iter()
        .collect();
    assert_eq!(
        found,
        ["k.yaml", "sub/c.json", "sub/e f.yml", "sub/models/pet.yaml"]
    );
}

/// The schema of an item of a stream can be in another file, too.
#[test]
fn items_of_streams() {
    let head = HEAD.replace("3.0.3", "3.2.0");
    let path = "paths:
  /ticks:
    get:
      operationId: ticks
      responses: { '200': { description: all, content: { text/event-stream: { itemSchema: { $ref: ";
    let tick = "{ type: object, properties: { data: { type: string, contentMediaType: application/json, contentSchema: { $ref: ";
    let price = "{ type: object, properties: { price: { type: number } } }";
    let whole = format!(
        "{head}{path}'#/components/schemas/tick' }} }} }} }} }}\ncomponents:\n  schemas:\n    price: {price}\n    tick: {tick}'#/components/schemas/price' }} }} }} }}\n"
    );
    let many = format!("{head}{path}models/tick.yaml }} }} }} }} }}\n");
    let in_file = format!("{tick}price.yaml }} }} }} }}\n");
    let files = [
        ("models/tick.yaml", in_file.as_str()),
        ("models/price.yaml", price),
    ];
    let (whole, many) = (output(&whole, &[]), output(&many, &files));
    let streams = |output: &Output| {
        let mut files = output.files.values();
        files
            .find(|text| text.contains("type Item = Price;"))
            .cloned()
    };
    assert!(streams(&whole).is_some());
    assert_eq!(streams(&many), streams(&whole));
}

/// A reference may name a schema of another file by its anchor.
#[test]
fn anchors_of_a_file() {
    let text = "openapi: 3.1.0
info: { title: T, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /pets:
    get:
      operationId: get_pet
      responses: { '200': { description: one, content: { application/json: { schema: { $ref: 'pets.yaml#pet' } } } } }
";
    let pets = "all:
  - { $anchor: owner, type: object, properties: { street: { type: string } } }
  - { $dynamicAnchor: pet, type: object, properties: { name: { type: string }, owner: { $ref: '#owner' } } }
";
    let output = output(text, &[("pets.yaml", pets)]);
    let types = &output.files["src/types.rs"];
    for field in [
        "name: Option<String>",
        "owner: Option<Box<",
        "street: Option<String>",
    ] {
        assert!(types.contains(field), "{field}\n{types}");
    }

    let two = format!("{pets}  - {{ $anchor: pet, type: string }}\n");
    let found = generate_with(&input(text), &[source("pets.yaml", two)]).unwrap_err();
    assert!(found[0].help.contains("or more than one"), "{}", found[0]);
}
