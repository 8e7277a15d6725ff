//! What can't be expressed is left out and named; the rest of the document becomes code.

use generator::{Output, diagnostic::counted, generate, generate_tolerant, load::Part};

use crate::support::{crate_of, lines};

fn tolerant(text: &str) -> Output {
    let output = generate_tolerant(&crate_of("pets", text));
    output.unwrap_or_else(|found| panic!("{}", lines(&found)))
}

fn document(paths: &str, components: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{ title: Pets, version: '1' }}\npaths:\n{paths}\ncomponents:\n{components}\n"
    )
}

fn left_out(output: &Output) -> Vec<(Part, &str)> {
    let parts = output.report.left_out.iter();
    parts.map(|out| (out.part, out.name.as_str())).collect()
}

const GOOD: &str = "  /pets:
    get: { operationId: list_pets, responses: { '200': { description: all, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } } }";

const PET: &str = "  schemas:
    Pet: { type: object, properties: { name: { type: string } } }";

#[test]
fn an_upload_costs_one_operation() {
    let upload = "    post: { operationId: upload, requestBody: { content: { multipart/mixed: { schema: { type: integer } } } }, responses: { '204': { description: done } } }";
    let text = document(&format!("{GOOD}\n{upload}"), PET);
    let strict = generate(&crate_of("pets", &text)).unwrap_err();
    assert!(
        strict[0].help.contains(
            "- target: \"$.paths['/pets'].post\"\n  description: <the reason>\n  remove: true"
        ),
        "{}",
        strict[0]
    );
    let output = tolerant(&text);
    assert_eq!(left_out(&output), [(Part::Operation, "POST /pets")]);
    assert!(output.report.to_string().starts_with(
        "left out: 1\n  pets.yaml:6:60 #/paths/~1pets/post/requestBody/content/multipart~1mixed operation `POST /pets`: a multipart body must be an object\n"
    ), "{}", output.report);
    let front = &output.files["src/lib.rs"];
    assert!(front.contains("//! 1 operation is left out because the generator does not support them:\n//!\n//! - `POST /pets`: a multipart body must be an object."), "{front}");
    let file = &output.files["src/pets.rs"];
    assert!(
        file.contains("fn list_pets") && !file.contains("fn upload"),
        "{file}"
    );
}

#[test]
fn what_openapi_3_2_has_and_we_lack_costs_one_operation() {
    let part = "{ itemSchema: { type: object }, itemEncoding: { contentType: application/json } }";
    let paths = format!(
        "{GOOD}
    query: {{ operationId: upload, requestBody: {{ content: {{ multipart/mixed: {part} }} }}, responses: {{ '204': {{}} }} }}
  /files:
    additionalOperations:
      'A B': {{ responses: {{ '204': {{}} }} }}
      COPY: {{ parameters: [{{ name: all, in: querystring, content: {{ application/json: {{ schema: {{ type: object }} }} }} }}], responses: {{ '204': {{}} }} }}"
    );
    let text = document(&paths, PET).replace("3.0.3", "3.2.0");
    let output = tolerant(&text);
    let expected = [
        (Part::Operation, "COPY /files"),
        (Part::Operation, "A B /files"),
    ];
    assert_eq!(left_out(&output), expected);
    let file = &output.files["src/pets.rs"];
    assert!(
        file.contains("fn list_pets") && file.contains("fn upload"),
        "{file}"
    );
}

#[test]
fn an_upload_of_a_component_costs_those_that_send_it() {
    let upload = |path: &str| {
        format!(
            "  {path}:\n    post: {{ requestBody: {{ $ref: '#/components/requestBodies/File' }}, responses: {{ '204': {{ description: done }} }} }}"
        )
    };
    let text = document(
        &format!("{GOOD}\n{}\n{}", upload("/a"), upload("/b")),
        &format!(
            "{PET}\n  requestBodies: {{ File: {{ content: {{ multipart/mixed: {{ schema: {{ type: integer }} }} }} }} }}"
        ),
    );
    assert_eq!(
        left_out(&tolerant(&text)),
        [
            (Part::Component, "requestBodies/File"),
            (Part::Operation, "POST /a"),
            (Part::Operation, "POST /b"),
        ]
    );
}

#[test]
fn a_media_type_of_a_body_goes_alone() {
    let add = |json: &str, form: &str| {
        format!(
            "    post: {{ operationId: add_pet, requestBody: {{ content: {{ application/json: {{ schema: {{ {json} }} }}, application/x-www-form-urlencoded: {{ schema: {{ {form} }} }} }} }}, responses: {{ '204': {{ description: done }} }} }}"
        )
    };
    let good = "$ref: '#/components/schemas/Pet'";
    let bad = "$ref: 'https://example.com/pets.yaml'";
    let run = |json, form| tolerant(&document(&format!("{GOOD}\n{}", add(json, form)), PET));
    let output = run(good, bad);
    let name = "application/x-www-form-urlencoded of POST /pets";
    assert_eq!(left_out(&output), [(Part::MediaType, name)]);
    let front = &output.files["src/lib.rs"];
    assert!(
        front.contains("//! 1 media type of a body is left out"),
        "{front}"
    );
    let is_form = |output: &Output| output.files["src/pets.rs"].contains("x-www-form-urlencoded");
    assert!(!is_form(&output));
    let output = run(bad, good);
    assert_eq!(
        left_out(&output),
        [(Part::MediaType, "application/json of POST /pets")]
    );
    assert!(is_form(&output));
    // Without any, the operation has nothing to send.
    assert_eq!(left_out(&run(bad, bad)), [(Part::Operation, "POST /pets")]);
}

#[test]
fn a_property_goes_where_it_is_optional() {
    let pet = "  schemas:
    Pet: { type: object, properties: { name: { type: string }, owner: { $ref: 'people.yaml#/Owner' } } }";
    let output = tolerant(&document(GOOD, pet));
    assert_eq!(left_out(&output), [(Part::Property, "Pet.owner")]);
    assert!(output.files["src/lib.rs"].contains("//! - `Pet.owner`: "));
}

#[test]
fn a_required_property_takes_its_operation_along() {
    let other = "  /owners:
    get: { operationId: list_owners, responses: { '200': { description: all, content: { application/json: { schema: { $ref: '#/components/schemas/Owner' } } } } } }";
    let schemas = format!(
        "{PET}
    Owner: {{ required: [house], type: object, properties: {{ house: {{ $ref: 'https://example.com/houses.yaml' }} }} }}"
    );
    let output = tolerant(&document(&format!("{GOOD}\n{other}"), &schemas));
    assert_eq!(
        left_out(&output),
        [
            (Part::Component, "schemas/Owner"),
            (Part::Operation, "GET /owners"),
        ]
    );
}

#[test]
fn where_nothing_would_be_left_the_document_is_refused() {
    let text = document(
        "  /a: { post: { requestBody: { content: { multipart/mixed: { schema: { type: integer } } } }, responses: {} } }",
        "  schemas: {}",
    );
    let found = generate_tolerant(&crate_of("pets", &text)).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn an_operation_in_another_file_is_one_finding() {
    let text = document(
        &format!(
            "{GOOD}\n  /pets/{{id}}:\n    get: {{ $ref: 'one.yaml#/get' }}\n    delete: {{ $ref: 'one.yaml#/delete' }}\n  /far: {{ $ref: 'far.yaml' }}"
        ),
        PET,
    );
    let found = generate(&crate_of("pets", &text)).unwrap_err();
    let what: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "`$ref: one.yaml#/get` leads to another file, which is not in the folder of the document",
            "`$ref: one.yaml#/delete` leads to another file, which is not in the folder of the document",
            "`$ref: far.yaml` leads to another file, which is not in the folder of the document",
        ]
    );
    assert!(
        found[0]
            .help
            .starts_with("put the file there; or leave it out")
    );
    let output = tolerant(&text);
    assert_eq!(
        left_out(&output),
        [
            (Part::Operation, "all of /far"),
            (Part::Operation, "DELETE /pets/{id}"),
            (Part::Operation, "GET /pets/{id}"),
        ]
    );
}

#[test]
fn a_scheme_that_is_not_known_costs_what_it_guards() {
    let guarded = "    delete: { operationId: clear, security: [{ odd: [] }], responses: { '204': { description: done } } }
    put: { operationId: save, security: [{ odd: [] }, { key: [], odd: [] }, { key: [] }], responses: { '204': { description: done } } }";
    let schemes = "  securitySchemes: { odd: { type: carrier-pigeon }, key: { type: apiKey, in: header, name: x-key } }";
    let text = document(&format!("{GOOD}\n{guarded}"), &format!("{PET}\n{schemes}"));
    for default in ["", "security: [{ odd: [] }, { key: [] }]\n"] {
        let output = tolerant(&format!("{default}{text}"));
        let operations: Vec<(Part, &str)> = left_out(&output);
        let operations = operations
            .into_iter()
            .filter(|(part, _)| *part == Part::Operation);
        let operations: Vec<&str> = operations.map(|(_, name)| name).collect();
        assert_eq!(operations, ["DELETE /pets"], "{default}");
        let code = &output.files["src/pets.rs"];
        assert!(code.contains("fn list_pets"));
        // What is left of the alternatives, and never nothing.
        let alternatives = code.matches("security: &[&[&schemes::KEY]],").count();
        assert_eq!(
            alternatives,
            if default.is_empty() { 1 } else { 2 },
            "{code}"
        );
    }
}

#[test]
fn a_scheme_may_be_a_reference_to_another() {
    let guarded = "    delete: { operationId: clear, security: [{ alias: [] }], responses: { '204': { description: done } } }";
    let schemes = "  securitySchemes: { alias: { $ref: '#/components/securitySchemes/key' }, key: { type: apiKey, in: header, name: x-key } }";
    let text = document(&format!("{GOOD}\n{guarded}"), &format!("{PET}\n{schemes}"));
    let output =
        generate(&crate_of("pets", &text)).unwrap_or_else(|found| panic!("{}", lines(&found)));
    assert!(output.files["src/pets.rs"].contains("security: &[&[&schemes::ALIAS]],"));
    let schemes = &output.files["src/schemes.rs"];
    assert!(schemes.contains("x-key"), "{schemes}");
}

#[test]
fn a_scheme_that_is_not_there_is_left_out_of_the_alternatives() {
    let schemes = "  securitySchemes: { key: { type: apiKey, in: header, name: x-key } }";
    let key = Some("security: &[&[&schemes::KEY]],");
    for (alternatives, expected) in [
        ("[{ none: [] }]", None),
        ("[{ none: [] }, { key: [] }]", key),
        ("[{ none: [], key: [] }]", key),
        ("[{ key: [] }, { none: [], key: [] }, { none: [] }]", key),
    ] {
        let inside = format!(
            "    delete: {{ operationId: clear, security: {alternatives}, responses: {{ '204': {{ description: done }} }} }}"
        );
        let own = document(&format!("{GOOD}\n{inside}"), &format!("{PET}\n{schemes}"));
        let of_root = own.replace(&format!("security: {alternatives}, "), "");
        for text in [own, format!("security: {alternatives}\n{of_root}")] {
            let output = tolerant(&text);
            assert!(output.report.left_out.is_empty(), "{alternatives}");
            let code = &output.files["src/pets.rs"];
            let clear = code.split("pets.clear\"").nth(1).unwrap();
            let line = clear.lines().find(|line| line.contains("security: "));
            assert_eq!(line.map(str::trim), expected, "{alternatives}");
            let told = output.warnings.iter().map(ToString::to_string);
            let told: String = told.collect();
            assert!(
                told.contains("there is no security scheme `none`"),
                "{told}"
            );
        }
    }
}

/// Each alternative alone is no loss; without all of them the operation would be sent without a secret.
#[test]
fn an_operation_goes_with_the_last_scheme_that_it_accepts() {
    let guarded = "    delete: { operationId: clear, security: [{ odd: [] }, { even: [], key: [] }], responses: { '204': { description: done } } }
    put: { operationId: save, security: [{ odd: [] }, { even: [] }, {}], responses: { '204': { description: done } } }";
    let schemes = "  securitySchemes: { odd: { type: carrier-pigeon }, even: { type: carrier-dove }, key: { type: apiKey, in: header, name: x-key } }";
    let text = document(&format!("{GOOD}\n{guarded}"), &format!("{PET}\n{schemes}"));
    for default in ["", "security: [{ odd: [] }, { even: [] }]\n"] {
        let output = tolerant(&format!("{default}{text}"));
        let mut gone: Vec<&str> = (left_out(&output).into_iter())
            .filter(|(part, _)| *part == Part::Operation)
            .map(|(_, name)| name)
            .collect();
        gone.sort_unstable();
        match default {
            "" => assert_eq!(gone, ["DELETE /pets"]),
            _ => assert_eq!(gone, ["DELETE /pets", "GET /pets"]),
        }
        assert!(output.files["src/pets.rs"].contains("fn save"));
    }
}

#[test]
fn a_scheme_of_http_that_only_the_caller_can_make_costs_nothing() {
    let guarded = "    delete: { operationId: clear, security: [{ odd: [] }], responses: { '204': { description: done } } }";
    let schemes = "  securitySchemes: { odd: { type: http, scheme: Digest } }";
    let text = document(&format!("{GOOD}\n{guarded}"), &format!("{PET}\n{schemes}"));
    let output = tolerant(&text);
    assert!(output.report.left_out.is_empty());
    assert!(output.files["src/pets.rs"].contains("security: &[&[&schemes::ODD]],"));
    let code = &output.files["src/schemes.rs"];
    assert!(code.contains("Authorization(\"digest\")"), "{code}");
    let warning = output.report.unread[0].to_string();
    let told = [
        "the client does not know the authentication scheme `Digest`",
        "`api_key_for(\"odd\", …)`",
    ];
    assert!(told.iter().all(|told| warning.contains(told)), "{warning}");
}

#[test]
fn a_parameter_may_be_in_the_path_twice() {
    let twice = GOOD.replace("/pets:", "/pets/{id}/again/{id}:").replace(
        "operationId: list_pets,",
        "operationId: list_pets, parameters: [{ name: id, in: path, required: true, schema: { type: string } }],",
    );
    let output = tolerant(&document(&twice, PET));
    assert!(output.report.left_out.is_empty());
    let code = &output.files["src/pets.rs"];
    assert!(code.contains("path: \"/pets/{id}/again/{id}\""), "{code}");
    assert_eq!(code.matches(".path(\"id\", ").count(), 1, "{code}");
    let warning = output.warnings[0].to_string();
    assert!(warning.contains("`{id}` is in the path twice"), "{warning}");
}

/// Each is refused strictly, and read as its author meant it otherwise.
#[test]
fn slips_are_warnings() {
    let get = |inner: &str| {
        document(
            &format!(
                "  /pets/{{id}}:\n    get: {{ operationId: one, responses: {{ '204': {{ description: done }} }}{inner} }}"
            ),
            PET,
        )
    };
    let id = "{ name: id, in: path, required: true, schema: { type: string } }";
    let header = |name: &str| format!("{{ name: {name}, in: header, schema: {{ type: string }} }}");
    let cases = [
        ("a path parameter that is missing", get("")),
        (
            "a description that is a reference",
            get(&format!(
                ", parameters: [{id}], description: {{ $ref: 'one.md' }}"
            )),
        ),
        (
            "a header that comes twice",
            get(&format!(
                ", parameters: [{id}, {}, {}]",
                header("trace"),
                header("Trace")
            )),
        ),
        (
            "a misspelt keyword",
            get(&format!(", parameters: [{id}]")).replace(
                "type: object",
                "type: object, min_propertes: 1, minPropertie: 1",
            ),
        ),
        (
            "no info object",
            get(&format!(", parameters: [{id}]"))
                .replace("info: { title: Pets, version: '1' }\n", ""),
        ),
        (
            "no version",
            get(&format!(", parameters: [{id}]")).replace(", version: '1'", ""),
        ),
        (
            "a parameter without a type",
            get(
                ", parameters: [{ name: id, in: path, required: true }, { name: sort, in: query }]",
            ),
        ),
        (
            "a range of statuses in lower case",
            get(&format!(", parameters: [{id}]")).replace("'204'", "'2xx'"),
        ),
        (
            "a body without content",
            get(&format!(
                ", parameters: [{id}], requestBody: {{ description: What it has is not known. }}"
            ))
            .replace("    get:", "    post:"),
        ),
        (
            "a parameter with several media types",
            get(&format!(
                ", parameters: [{id}, {{ name: filter, in: query, content: {{ application/json: {{ schema: {{ type: object }} }}, text/plain: {{ schema: {{ type: string }} }} }} }}]"
            )),
        ),
    ];
    for (what, text) in cases {
        let strict = generate(&crate_of("pets", &text)).err();
        assert!(strict.is_some(), "{what}");
        let output = tolerant(&text);
        assert!(output.report.left_out.is_empty(), "{what}");
        assert!(output.files["src/pets.rs"].contains("fn one("), "{what}");
        assert!(!output.warnings.is_empty(), "{what}");
        assert!(output.warnings.iter().all(|one| !one.is_error()), "{what}");
    }
}

/// Keywords of OpenAPI 3.1 in a document of 3.0 are read as there.
#[test]
fn schemas_of_later_versions_are_read() {
    for (schema, field) in [
        ("type: [string, 'null']", "pub a: Option<String>,"),
        ("type: [integer]", "pub a: Option<i64>,"),
        ("type: [string, integer]", "pub a: Option<Box<PetA>>,"),
        (
            "anyOf: [{ type: string, format: date }, { type: 'null' }]",
            "pub a: Option<rt::Date>,",
        ),
        (
            "type: object, properties: { b: { type: [object, 'null'], properties: { c: { type: [string, 'null'] }, d: true } } }",
            "pub a: Option<Box<PetA>>,",
        ),
        ("type: array, items: true", "pub a: rt::List<rt::Json>,"),
        (
            "type: array, items: [{ type: string }]",
            "pub a: rt::List<String>,",
        ),
        (
            "type: array, items: [{ type: string }, { type: integer }]",
            "pub a: rt::List<PetA>,",
        ),
        (
            "type: integer, exclusiveMinimum: 3, exclusiveMaximum: 9",
            "    /// Minimum: `3`. Maximum: `9`. The minimum itself is excluded. The maximum itself is excluded.\n    pub a: Option<i64>,",
        ),
    ] {
        let pet = format!(
            "  schemas:\n    Pet: {{ type: object, required: [id], properties: {{ id: {{ type: string }}, a: {{ {schema} }} }} }}"
        );
        let text = document(GOOD, &pet);
        assert!(generate(&crate_of("pets", &text)).is_err(), "{schema}");
        let output = tolerant(&text);
        assert!(output.report.left_out.is_empty(), "{schema}");
        let types = &output.files["src/types.rs"];
        assert!(types.contains(field), "{schema}: {types}");
        assert!(!output.warnings.is_empty(), "{schema}");
        assert!(
            !schema.contains("c:") || types.contains("pub c: Option<String>,"),
            "{types}"
        );
    }
}

/// Values that no version has stay mistakes, and are not lost.
#[test]
fn schemas_of_no_version_are_refused() {
    for schema in [
        "type: [string, 'null'], items: 5",
        "type: [string, 5], exclusiveMinimum: 3",
    ] {
        let pet = format!(
            "  schemas:\n    Pet: {{ type: object, required: [id], properties: {{ id: {{ type: string }}, a: {{ {schema} }} }} }}"
        );
        let output = tolerant(&document(GOOD, &pet));
        assert_eq!(left_out(&output), [(Part::Property, "Pet.a")], "{schema}");
    }
}

/// YAML has commas at the end and texts without quotes.
#[test]
fn almost_json_is_read_with_a_warning() {
    let text = "{ \"openapi\": \"3.0.3\", \"info\": { \"title\": \"Pets\", \"version\": \"1\", }, \"paths\": { \"/pets\": { \"get\": { operationId: \"list_pets\", \"responses\": { \"204\": { \"description\": \"done\" } } } } } }";
    let mut input = crate_of("pets", text);
    input.document.name = "pets.json".to_owned();
    let output = generate_tolerant(&input).unwrap();
    assert!(output.files["src/pets.rs"].contains("fn list_pets"));
    let warnings = lines(&output.warnings);
    assert!(
        warnings.contains("this is not JSON: ") && warnings.contains("pets.json:1:"),
        "{warnings}"
    );
    // What is neither is an error of JSON.
    input.document.text = text.replace("\"3.0.3\"", "\"3.0.3");
    let errors = lines(&generate_tolerant(&input).unwrap_err());
    assert!(errors.contains("this is not JSON: "), "{errors}");
}

#[test]
fn equal_warnings_are_counted() {
    let property = |number: u32| format!("p{number}: {{ type: string, odd: 1 }}");
    let properties: Vec<String> = (0..1000).map(property).collect();
    let schemas = format!(
        "  schemas: {{ Pet: {{ type: object, properties: {{ {} }} }} }}",
        properties.join(", ")
    );
    let output = tolerant(&document(GOOD, &schemas));
    assert_eq!(output.warnings.len(), 1000);
    let lines = counted(&output.warnings);
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("and at 999 more places: "),
        "{}",
        lines[0]
    );
    // The line is long; a finding holds what is shown of it.
    let held: usize = (output.warnings.iter())
        .map(|one| one.source_line.len())
        .sum();
    assert!(held <= 1000 * 480, "{held}");
    assert!(lines[0].contains("…ject, "), "{}", lines[0]);
}

#[test]
fn a_version_that_is_not_read_comes_with_what_to_do() {
    let refused = |first: &str| {
        let found = generate_tolerant(&crate_of(
            "pets",
            format!("{first}\ninfo: {{}}\npaths: {{}}\n"),
        ));
        found.unwrap_err().remove(0).help
    };
    assert!(
        refused("openapi: 3.3.0")
            .contains("- target: \"$\"\n  description: <the reason>\n  update: { openapi: 3.1.0 }")
    );
    assert!(refused("swagger: '1.2'").contains("Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2"));
}

#[test]
fn a_bracket_may_close_at_the_column_of_its_key() {
    let text = document(
        GOOD,
        "  schemas:
    Pet:
      type: object
      properties:
        ports:
          type: object
          example: {
            '80/tcp': {}
          }
        tags:
          type: array
          enum: [
            [a]
          ]
          items: { type: string }",
    );
    let output = tolerant(&text);
    assert!(output.files["src/types.rs"].contains("pub tags: "));
    let lines = counted(&output.warnings);
    assert!(lines[0].contains("a bracket closes"), "{lines:?}");
    assert!(lines[0].contains("--> pets.yaml:15:11"), "{}", lines[0]);
    // What is no closing bracket is an error as before.
    let wrong = text.replace("        tags:", "       tags:");
    assert!(generate_tolerant(&crate_of("pets", &wrong)).is_err());
}

#[test]
fn a_path_that_refers_to_another_one_has_its_operations() {
    let text = document(
        &format!("{GOOD}\n  /animals: {{ $ref: '#/paths/~1pets' }}"),
        PET,
    );
    let output = generate(&crate_of("pets", &text)).unwrap();
    let file = &output.files["src/pets.rs"];
    assert!(
        file.contains("fn list_pets(") && file.contains("fn list_pets_2("),
        "{file}"
    );
    assert!(file.contains("\"/animals\""), "{file}");
}

#[test]
fn pages_that_do_not_fit_cost_the_pages_alone() {
    let get = "  /pets:
    get:
      operationId: list_pets
      parameters: [{ name: after, in: query, schema: { type: string } }, { name: by, in: query, schema: { type: string } }]
      x-pagination: { items: data, next: { after: [{ from: day, when: [by] }, { from: name }] } }
      responses: { '200': { description: all, content: { application/json: { schema: { type: object, properties: {
        data: { type: array, items: { type: string } }, day: { type: string, format: date }, name: { type: string } } } } } } }";
    let text = document(get, PET);
    let found = generate(&crate_of("pets", &text)).unwrap_err();
    assert_eq!(
        found[0].what,
        "the alternatives of this value have different types"
    );
    let output = tolerant(&text);
    assert!(output.report.left_out.is_empty());
    assert!(output.files["src/pets.rs"].contains("fn list_pets("));
}

#[test]
fn a_group_called_like_the_runtime_does_not_hide_it() {
    let text = document(
        &GOOD.replace(
            "operationId: list_pets,",
            "operationId: list_pets, tags: [Runtime],",
        ),
        PET,
    );
    let files = generate(&crate_of("pets", &text)).unwrap().files;
    assert!(files.contains_key("src/runtime_group.rs"));
    assert!(
        files["src/lib.rs"].contains("fn runtime(&self) -> Runtime<Self>"),
        "{}",
        files["src/lib.rs"]
    );
}

/// The lines of the report about a document that a tolerant run reads, and its warnings.
fn noted(text: &str) -> String {
    let output = tolerant(text);
    assert!(output.report.left_out.is_empty(), "{}", output.report);
    format!("{}{}", output.report, lines(&output.warnings))
}

#[test]
fn slips_with_one_meaning_are_mended() {
    let done = "responses: { '204': { description: done } }";
    let twice = document(
        &format!(
            "  /a: {{ get: {{ operationId: show, {done} }}, put: {{ operationId: show, {done} }}, post: {{ operationId: show_2, {done} }} }}"
        ),
        PET,
    );
    let silent = document("  /a: { get: { operationId: show } }", PET);
    let list = "{ name: q, in: Query, schema: { type: String } }";
    let cases = document(
        &format!("  /a: {{ get: {{ operationId: show, parameters: [{list}], {done} }} }}"),
        PET,
    );
    for (text, expected) in [
        (&twice, vec!["the operation id `show` is used twice"]),
        (&silent, vec!["`responses` is missing in an operation"]),
        (
            &cases,
            vec!["`in` can't be `Query`", "`type` can't be `String`"],
        ),
    ] {
        let strict = generate(&crate_of("pets", text)).unwrap_err();
        let found: Vec<&str> = strict.iter().map(|found| found.what.as_str()).collect();
        assert_eq!(found, expected);
        let noted = noted(text);
        for what in expected {
            assert!(noted.contains(&format!("warning: {what}")), "{noted}");
        }
    }
    let file = &tolerant(&twice).files["src/pets.rs"];
    assert!(
        file.contains("fn show(") && file.contains("fn show_2(") && file.contains("fn show_3("),
        "{file}"
    );
    let file = &tolerant(&cases).files["src/pets.rs"];
    assert!(file.contains(".query(\"q\""), "{file}");
}

/// In Swagger 2.0, a parameter whose words have another case has the same style as others.
#[test]
fn words_in_another_case_mean_the_same_in_swagger() {
    let of = |location: &str, array: &str| {
        let text = format!(
            "swagger: '2.0'\ninfo: {{ title: Pets, version: '1' }}\nhost: a.example\npaths:\n  /a:\n    get: {{ operationId: show, parameters: [{{ name: q, in: {location}, type: {array}, items: {{ type: string }}, collectionFormat: pipes }}], responses: {{ '204': {{ description: done }} }} }}\n"
        );
        tolerant(&text).files
    };
    assert_eq!(of("Query", "Array"), of("query", "array"));
}

#[test]
fn a_header_needs_a_name_that_can_be_sent() {
    let done = "responses: { '204': { description: done } }";
    let paths = format!(
        "{GOOD}
  /a: {{ get: {{ parameters: [{{ name: 'X \"Y', in: header, schema: {{ type: string }} }}], {done} }} }}
  /b: {{ get: {{ security: [{{ k: [] }}], {done} }} }}
  /c: {{ get: {{ parameters: [{{ name: x-1, in: header, schema: {{ type: string }} }}], {done} }} }}"
    );
    let components =
        format!("{PET}\n  securitySchemes: {{ k: {{ type: apiKey, in: header, name: X Token }} }}");
    let text = document(&paths, &components);
    let strict = generate(&crate_of("pets", &text)).unwrap_err();
    let found: Vec<(&str, &str)> = (strict.iter())
        .map(|found| (found.pointer.as_str(), found.what.as_str()))
        .collect();
    let expected = [
        (
            "/paths/~1a/get/parameters/0/name",
            "a header can't have the name `X \"Y`",
        ),
        (
            "/components/securitySchemes/k/name",
            "a header can't have the name `X Token`",
        ),
    ];
    assert_eq!(found, expected);
    let expected = [
        (Part::Component, "securitySchemes/k"),
        (Part::Parameter, "X \"Y of GET /a"),
        (Part::Operation, "GET /b"),
    ];
    assert_eq!(left_out(&tolerant(&text)), expected);
}

#[test]
fn headers_of_the_client_are_listed() {
    let done = "responses: { '204': { description: done } }";
    let header = |name: &str| {
        format!("parameters: [{{ name: {name}, in: header, required: true, type: string }}]")
    };
    let text = format!(
        "swagger: '2.0'\ninfo: {{ title: Pets, version: '1' }}\nhost: a.example\nsecurityDefinitions: {{ k: {{ type: apiKey, in: query, name: k }}, b: {{ type: basic }} }}\npaths:\n  /a: {{ get: {{ {}, {done} }} }}\n  /b: {{ get: {{ {}, {done} }} }}\n  /c: {{ get: {{ security: [{{ k: [] }}], {}, {done} }} }}\n  /d: {{ get: {{ security: [{{ b: [] }}], {}, {done} }} }}\n",
        header("Accept"),
        header("Content-Type"),
        header("Authorization"),
        header("Authorization"),
    );
    let report = tolerant(&text).report;
    let found: Vec<(&str, &str)> = (report.constraints.iter())
        .map(|entry| (entry.pointer.as_str(), entry.what.as_str()))
        .collect();
    let expected = [
        (
            "/paths/~1a/get/parameters/0",
            "the header parameter `Accept`: it has the media types of the responses",
        ),
        (
            "/paths/~1b/get/parameters/0",
            "the header parameter `Content-Type`: it has the media type of the body",
        ),
        (
            "/paths/~1c/get/parameters/0",
            "the header parameter `Authorization`: no security scheme sets it",
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_yaml_tag_is_left_out() {
    let text = document(GOOD, PET).replace(
        "title: Pets",
        "title: !foo Pets, x-a: !<tag:yaml.org,2002:js/undefined> '', x-b: !!set { a: 1 }, x-c: !!binary aGk=, x-d: !!str 1",
    );
    let output = generate(&crate_of("pets", &text)).unwrap();
    let found: Vec<&str> = (output.warnings.iter())
        .map(|found| found.pointer.as_str())
        .collect();
    let expected = ["/info/title", "/info/x-a", "/info/x-b", "/info/x-c"];
    assert_eq!(found, expected);
}

#[test]
fn a_base_path_starts_with_a_slash() {
    let text = "swagger: '2.0'\ninfo: { title: Pets, version: '1' }\nhost: a.example\nbasePath: v2\npaths:\n  /a: { get: { responses: { '204': { description: done } } } }\n";
    let noted = noted(text);
    assert!(noted.contains("at #/basePath"), "{noted}");
    let output = tolerant(text);
    let sent = "https://a.example/v2";
    assert!(output.files.values().any(|file| file.contains(sent)));
}

/// In a form and in a multipart body, a list is one value; `multi` repeats it.
#[test]
fn lists_of_a_swagger_form_are_joined() {
    let list = |name: &str, format: &str| {
        format!("{{ name: {name}, in: formData, type: array, items: {{ type: string }}{format} }}")
    };
    for consumes in [
        "multipart/form-data",
        "multipart/form-data, application/x-www-form-urlencoded",
    ] {
        let text = format!(
            "swagger: '2.0'\ninfo: {{ title: Pets, version: '1' }}\nhost: a.example\npaths:\n  /a: {{ post: {{ operationId: add, consumes: [{consumes}], parameters: [{}, {}, {}, {}], responses: {{ '204': {{ description: done }} }} }} }}\n",
            list("plain", ""),
            list("tabs", ", collectionFormat: tsv"),
            list("pipes", ", collectionFormat: pipes"),
            list("all", ", collectionFormat: multi"),
        );
        let output = tolerant(&text);
        let file = output.files["src/pets.rs"]
            .split_whitespace()
            .collect::<String>();
        let (_, sent) = file.split_once(".multipart_of(").unwrap();
        for (name, separator) in [("plain", ","), ("tabs", "%09"), ("pipes", "%7C")] {
            let part = format!("name:\"{name}\",style:rt::PartStyle::Joined(\"{separator}\")");
            assert!(sent.contains(&part), "{sent}");
        }
        assert!(!file.contains("name:\"all\",style"), "{file}");
    }
}

#[test]
fn what_is_lost_of_a_collection_format_has_its_place() {
    let list =
        "type: array, items: { type: array, items: { type: string }, collectionFormat: pipes }";
    let text = format!(
        "swagger: '2.0'\ninfo: {{ title: Pets, version: '1' }}\nhost: a.example\npaths:\n  /a: {{ get: {{ parameters: [{{ name: q, in: query, {list} }}], responses: {{ '204': {{ description: done, headers: {{ X-L: {{ {list}, collectionFormat: pipes }} }} }} }} }} }}\n"
    );
    let noted = noted(&text);
    for at in [
        "/paths/~1a/get/parameters/0/items/collectionFormat",
        "/paths/~1a/get/responses/204/headers/X-L/items/collectionFormat",
        "/paths/~1a/get/responses/204/headers/X-L/collectionFormat",
    ] {
        assert!(noted.contains(&format!("at #{at}\n")), "{noted}");
    }
}

/// An optional parameter, what describes a failure, and what becomes no code cost no operation.
#[test]
fn an_operation_does_without_what_it_can() {
    let nothing = "{ $ref: '#/components/schemas/Nothing' }";
    let content = "{ application/json: { schema: { type: string }, examples: { large: { $ref: '#/components/examples/Nothing' } } } }";
    let operation = |query: &str| {
        format!(
            "  /owners:
    parameters: [{{ name: X-Trace, in: header, schema: {nothing} }}]
    get:
      operationId: list_owners
      parameters:
      - {{ name: limit, in: query, schema: {{ type: integer }} }}
      - {{ name: order, in: query, {query}schema: {nothing} }}
      - {{ $ref: '#/components/parameters/Page' }}
      callbacks: {{ done: {{ '{{$request.query.url}}': {{ post: {{ requestBody: {{ content: {{ application/json: {{ schema: {nothing} }} }} }}, responses: {{ '204': {{ description: done }} }} }} }} }} }}
      responses:
        '200':
          description: all
          headers: {{ X-Rate: {{ schema: {nothing} }}, X-Total: {{ schema: {{ type: integer }} }} }}
          links: {{ next: {{ description: nowhere }} }}
          content: {content}
        '404': {{ $ref: '#/components/responses/Nothing' }}
        default: {{ description: failed, content: {{ application/json: {{ schema: {nothing} }} }} }}"
        )
    };
    let components =
        format!("{PET}\n  parameters: {{ Page: {{ name: page, in: query, schema: {nothing} }} }}");
    let run = |query| {
        tolerant(&document(
            &format!("{GOOD}\n{}", operation(query)),
            &components,
        ))
    };
    let output = run("");
    let expected = [
        (Part::Component, "parameters/Page"),
        (Part::Callback, "done of GET /owners"),
        (Part::Parameter, "order of GET /owners"),
        (Part::Parameter, "page of GET /owners"),
        (Part::Example, "large of GET /owners"),
        (Part::Header, "X-Rate of GET /owners"),
        (Part::Link, "next of GET /owners"),
        (Part::Response, "404 of GET /owners"),
        (Part::Response, "default of GET /owners"),
        (Part::Parameter, "X-Trace of all of /owners"),
    ];
    assert_eq!(left_out(&output), expected);
    let file = &output.files["src/pets.rs"];
    let setters = ["fn limit(", "fn order(", "fn page(", "fn x_trace("];
    let there = setters.map(|setter| file.contains(setter));
    assert_eq!(there, [true, false, false, false], "{file}");
    assert!(
        file.contains("pub x_total: Option<i64>") && !file.contains("x_rate"),
        "{file}"
    );
    let front = &output.files["src/lib.rs"];
    assert!(
        front.contains("//! 3 optional parameters are left out"),
        "{front}"
    );
    assert!(
        front.contains("//! 2 responses of failed calls are left out"),
        "{front}"
    );
    assert!(
        front.contains("//! 1 header of a response is left out"),
        "{front}"
    );

    // A call can't be made without a required parameter.
    let output = run("required: true, ");
    let gone = left_out(&output);
    assert!(gone.contains(&(Part::Operation, "GET /owners")), "{gone:?}");
    assert!(!output.files["src/pets.rs"].contains("fn list_owners"));
}

/// With a part of a mapping, values would be sent with the wrong tag.
#[test]
fn a_mapping_that_leads_nowhere_costs_the_discriminator() {
    let paths = "  /pets:\n    post: { operationId: add, requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }, responses: { '204': { description: done } } }";
    let schemas = "  schemas:
    Cat: { type: object, required: [kind], properties: { kind: { type: string, enum: [cat] }, lives: { type: integer } } }
    Dog: { type: object, required: [kind], properties: { kind: { type: string, enum: [dog] }, tricks: { type: integer } } }
    Pet:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
      discriminator: { propertyName: kind, mapping: { cat: 'cat.yaml#/Cat', dog: '#/components/schemas/Dog' } }";
    let text = document(paths, schemas);
    let found = generate(&crate_of("pets", &text)).unwrap_err();
    assert!(
        found[0]
            .what
            .contains("the discriminator value `cat` leads to"),
        "{}",
        found[0]
    );
    let output = tolerant(&text);
    assert_eq!(left_out(&output), []);
    let warnings = lines(&output.warnings);
    assert!(
        warnings.contains("the discriminator value `cat` leads to"),
        "{warnings}"
    );
    let tables = &output.files["src/json.rs"];
    assert!(tables.contains("Cat Object \"kind\" = \"cat\""), "{tables}");
    assert!(tables.contains("Dog Object \"kind\" = \"dog\""), "{tables}");
}

#[test]
fn an_extension_among_webhooks_is_no_webhook() {
    let text =
        document(GOOD, PET).replace("components:", "x-webhooks: { x-hidden: true }\ncomponents:");
    let output = tolerant(&text);
    assert_eq!(left_out(&output), []);
    assert!(lines(&output.warnings).contains("`x-hidden` is an extension"));
}
