//! What documents of other companies taught: names, credentials and examples.

use std::{collections::BTreeSet, fs, path::Path};

use generator::{Output, lower};

use crate::support::{crate_of, generated};

fn of(body: &str) -> Output {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{ title: Other, version: '1' }}\nservers: [{{ url: 'https://api.example.com' }}]\n{body}"
    );
    generated(&crate_of("other", text))
}

fn file<'o>(output: &'o Output, name: &str) -> &'o str {
    output.files.get(name).expect("the file is there")
}

/// An operation with this inside.
fn operation(inside: &str) -> String {
    format!(
        "paths:\n  /a:\n    post:\n      operationId: do_it\n      responses: {{ '204': {{ description: done }} }}\n      {inside}\n"
    )
}

/// The hand-written files below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("src/api") {
            texts.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
    texts
}

#[test]
fn a_group_is_no_method_of_the_client() {
    let output = of(&operation("tags: [account]"));
    let root = file(&output, "src/lib.rs");
    assert!(root.contains("fn account_api(&self)"), "{root}");
    // Every method of the clients that takes `&self` is known.
    let known: BTreeSet<&str> = lower::CLIENT_METHODS.iter().copied().collect();
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/src");
    let mut methods = BTreeSet::new();
    for text in sources(&sdk) {
        for item in syn::parse_file(&text).unwrap().items {
            let syn::Item::Impl(item) = item else {
                continue;
            };
            let syn::Type::Path(of) = &*item.self_ty else {
                continue;
            };
            if item.trait_.is_some()
                || of
                    .path
                    .segments
                    .last()
                    .is_none_or(|last| last.ident != "Client")
            {
                continue;
            }
            for method in item.items {
                if let syn::ImplItem::Fn(method) = method
                    && matches!(method.vis, syn::Visibility::Public(_))
                    && method.sig.receiver().is_some()
                {
                    methods.insert(method.sig.ident.to_string());
                }
            }
        }
    }
    assert!(
        ["account", "event_stream", "send"]
            .iter()
            .all(|name| methods.contains(*name)),
        "{methods:?}"
    );
    let unknown: Vec<&String> = methods
        .iter()
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn a_header_parameter_can_say_how_requests_are_authorized() {
    let header = "parameters: [{ name: authorization, in: header, required: true, schema: { type: string } }]";
    let described = "components: { securitySchemes: { token: { type: http, scheme: bearer }, other: { type: apiKey, in: query, name: k } } }\n";
    let output = of(&format!("{}{described}", operation(header)));
    let code = file(&output, "src/other.rs");
    assert!(code.contains("security: &[&[&schemes::TOKEN]]"), "{code}");
    // Without a scheme there is one of its own; an optional header is optional.
    let output = of(&operation(&header.replace("true", "false")));
    let code = file(&output, "src/other.rs");
    assert!(
        code.contains("security: &[&[&schemes::AUTHORIZATION], &[]]"),
        "{code}"
    );
    // What the document says about security is kept.
    let output = of(&format!(
        "{}{described}",
        operation(&format!("security: []\n      {header}"))
    ));
    assert!(!file(&output, "src/other.rs").contains("security:"));
}

#[test]
fn a_required_member_without_a_property_is_told() {
    let schema = "type: object, required: [name, Id], properties: { Name: { type: string }, Id: { type: string } }";
    let body = format!(
        "requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ {schema} }} }} }} }}"
    );
    let output = of(&operation(&body));
    let said: Vec<String> = output.warnings.iter().map(ToString::to_string).collect();
    let [said] = said.as_slice() else {
        panic!("{said:?}");
    };
    assert!(
        said.contains("`name` is required, but the schema has no property `name`"),
        "{said}"
    );
    assert!(
        said.contains("other.yaml:9:") && said.contains("/schema/required"),
        "{said}"
    );
    // A property in another part of the schema is one.
    let schema =
        "allOf: [{ required: [a] }, { type: object, properties: { a: { type: string } } }]";
    let body = format!(
        "requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ {schema} }} }} }} }}"
    );
    assert!(of(&operation(&body)).warnings.is_empty());
}

#[test]
fn examples_are_valid() {
    let example = |schema: &str| {
        let body = format!(
            "requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ {schema} }} }} }} }}"
        );
        let output = of(&operation(&body));
        let code = file(&output, "src/other.rs").to_owned();
        let lines = code
            .lines()
            .map(|line| line.trim().trim_start_matches("/// "));
        let mut lines = lines.skip_while(|line| !line.starts_with("```no_run"));
        let call: String = lines
            .by_ref()
            .skip(1)
            .take_while(|line| *line != "```")
            .collect();
        call
    };
    // The only branch that is not null.
    let call = example(
        "type: object, required: [a], properties: { a: { oneOf: [{ type: string, pattern: '^[1-9]{4}$' }, { nullable: true, enum: [null] }] } }",
    );
    assert!(call.contains(".a(\"1111\")"), "{call}");
    // As long as it must be, and not what must not follow.
    let call = example(
        "type: object, required: [a], properties: { a: { type: string, minLength: 6, pattern: '^(?!x{9})[a-z0-9]*$' } }",
    );
    assert!(call.contains(".a(\"111111\")"), "{call}");
    // No point in time without an offset.
    let call = example(
        "type: object, required: [a], properties: { a: { type: string, format: date-time, example: '2020-12-10T01:22:00.0' } }",
    );
    assert!(call.contains("2024-06-01T12:00:00Z"), "{call}");
    // As many members as there must be.
    let call = example(
        "type: object, minProperties: 1, properties: { a: { type: string }, b: { type: string } }",
    );
    assert!(
        call.contains(".a(\"a\")") && !call.contains(".b("),
        "{call}"
    );
}

#[test]
fn examples_by_reference_are_taken_over_and_null_is_one() {
    let parameter = "parameters: [{ name: day, in: query, required: true, schema: { type: string }, examples: { first: { $ref: '#/components/examples/Day' } } }, { name: none, in: query, example: null, schema: { type: string } }]";
    let components =
        "components:\n  examples:\n    Day: { value: monday }\n    Nothing: { value: null }\n";
    let output = of(&(operation(parameter) + components));
    let code = file(&output, "src/other.rs");
    assert!(code.contains(".day(\"monday\")"), "{code}");
    assert!(output.warnings.is_empty(), "{:?}", output.warnings);
}

/// Branches that only limit or describe the values of the schema around them, which is not lost.
#[test]
fn a_union_without_a_kind_of_its_own_is_of_the_kind_around_it() {
    let text = |schema: &str| {
        format!(
            "{}components:\n  schemas:\n    Words: {{ type: string, enum: [q, r] }}\n    Pet: {{ type: object, properties: {{ a: {{ {schema} }} }} }}\n",
            operation(
                "requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }"
            )
        )
    };
    for (schema, field) in [
        (
            "type: string, oneOf: [{ description: one }, { description: two }]",
            "Option<String>",
        ),
        (
            "type: string, anyOf: [{ format: ipv4 }, { format: ipv6 }]",
            "Option<String>",
        ),
        (
            "type: string, nullable: true, anyOf: [{ pattern: '^a' }, { not: { enum: [b] } }]",
            "Option<String>",
        ),
        (
            "type: string, anyOf: [{ pattern: '^a' }, { enum: [null] }]",
            "Option<String>",
        ),
        (
            "type: integer, anyOf: [{ maximum: 3 }, { type: integer, minimum: 7 }]",
            "Option<i64>",
        ),
        (
            "type: array, items: { type: string }, anyOf: [{ minItems: 1 }, { maxItems: 2 }]",
            "rt::List<String>",
        ),
        (
            "type: string, enum: [x, y], anyOf: [{ minLength: 1 }, { maxLength: 2 }]",
            "Option<PetA>",
        ),
        (
            "enum: [x, y], anyOf: [{ type: string }, { type: string, maxLength: 2 }]",
            "Option<PetA>",
        ),
        (
            "type: string, anyOf: [{ enum: [x, y] }, { pattern: '^a' }]",
            "Option<PetA>",
        ),
        (
            "type: string, anyOf: [{ $ref: '#/components/schemas/Words' }, { pattern: '^a' }]",
            "Option<Words>",
        ),
        (
            "oneOf: [{ type: string, format: ip-address }, { type: string, maxLength: 2 }]",
            "Option<String>",
        ),
        (
            "oneOf: [{ type: array, items: { type: string, pattern: x } }, { type: array, items: { type: string }, minItems: 3 }]",
            "rt::List<String>",
        ),
        (
            "anyOf: [{ $ref: '#/components/schemas/Words' }, { $ref: '#/components/schemas/Words' }]",
            "Option<Words>",
        ),
        (
            "type: object, properties: { x: { type: string } }, oneOf: [{ description: one }, {}]",
            "Option<Box<PetA>>",
        ),
    ] {
        let output = of(&text(schema));
        let types = file(&output, "src/types.rs");
        assert!(
            types.contains(&format!("pub a: {field},")),
            "{schema}: {types}"
        );
        assert!(!types.contains("pub enum"), "{schema}: {types}");
        let limits = ["format", "pattern", "imum", "Items", "Length", "not"];
        let said = limits.iter().any(|limit| schema.contains(limit));
        let listed = &output.report.constraints;
        assert_eq!(!listed.is_empty(), said, "{schema}: {listed:?}");
    }
    // A branch that says its kind, and one that leaves it to the schema around it.
    let output = of(&text(
        "type: string, anyOf: [{ format: date }, { format: date-time }]",
    ));
    let types = file(&output, "src/types.rs");
    assert!(types.contains("    Date(rt::Date),"), "{types}");
    assert!(types.contains("    Timestamp(rt::Timestamp),"), "{types}");
    let output = of(&text(
        "type: object, properties: { x: { type: string } }, oneOf: [{ required: [y], properties: { y: { type: string } } }, { title: Bare }]",
    ));
    let types = file(&output, "src/types.rs");
    let bare = types.split("pub struct PetABare {").nth(1).unwrap();
    assert!(
        bare.starts_with("\n    pub x: Option<String>,\n    /// Members without"),
        "{types}"
    );
    assert!(types.contains("    Bare(PetABare),"), "{types}");
}

/// Places that OpenAPI gives no meaning: a reference to them says what they are.
#[test]
fn references_lead_anywhere_in_the_document() {
    let text = "openapi: 3.0.3
info: { title: Other, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /a:
    post:
      operationId: do_it
      parameters: [{ $ref: '#/x-parameters/Limit' }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } }
      responses: { '200': { $ref: '#/x-answers/~1ok' } }
  /b: { $ref: '#/outside/' }
components:
  schemas:
    A:
      type: object
      properties:
        money: { $ref: '#/$defs/Money' }
        prices: { type: array, items: { $ref: '#/$defs/Money' } }
        tree: { $ref: '#/x-shared/types/Tree' }
        kind: { $ref: '#/definitions/kind' }
        inner: { $ref: '#/components/schemas/A/x-inner/in' }
      x-inner: { in: { type: object, properties: { z: { type: integer } } } }
$defs: { Money: { type: object, properties: { amount: { type: integer } } } }
definitions: { kind: { type: string, enum: [a, b] } }
x-parameters: { Limit: { name: limit, in: query, schema: { type: integer } } }
x-answers: { /ok: { description: Done., content: { application/json: { schema: { $ref: '#/x-shared/types/Tree' } } } } }
x-shared: { types: { Tree: { type: object, properties: { children: { type: array, items: { $ref: '#/x-shared/types/Tree' } } } } } }
outside: { '': { get: { operationId: look, responses: { '204': { description: Done. } } } } }
";
    for version in ["3.0.3", "3.1.0"] {
        let output = generated(&crate_of("other", text.replacen("3.0.3", version, 1)));
        let types = file(&output, "src/types.rs");
        for field in [
            "pub money: Option<Box<Money>>,",
            "pub prices: rt::List<Money>,",
            "pub tree: Option<Box<Tree>>,",
            "pub children: rt::List<Tree>,",
            "pub kind: Option<Kind>,",
            "pub inner: Option<Box<In>>,",
        ] {
            assert!(types.contains(field), "{field}: {types}");
        }
        assert_eq!(types.matches("pub struct ").count(), 4, "{types}");
        let code = file(&output, "src/other.rs");
        assert!(code.contains(".query(\"limit\", &self.limit)"), "{code}");
        assert!(code.contains("type Output = Tree;"), "{code}");
        assert!(code.contains("path: \"/b\""), "{code}");
    }
    // A place that is not there stays a mistake.
    let none = text.replace("'#/x-shared/types/Tree'", "'#/x-shared/types/Wood'");
    let errors = generator::generate(&crate_of("other", none)).unwrap_err();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(
        errors
            .iter()
            .all(|error| error.contains("leads to nothing")),
        "{errors:?}"
    );
}

#[test]
fn secret_members_are_marked() {
    let schema = "type: object, properties: { pin: { type: string, format: password }, name: { type: string }, keys: { type: array, items: { type: string, format: password } }, born: { type: string, x-personal: true } }";
    let body = format!(
        "requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ {schema} }} }} }} }}"
    );
    let output = of(&operation(&body));
    let json = file(&output, "src/json.rs");
    for row in [
        "secret \"pin\" pin",
        "optional \"name\" name",
        "secret \"keys\" keys",
        "secret \"born\" born",
    ] {
        assert!(json.contains(row), "{row}: {json}");
    }
}

#[test]
fn calls_and_unions_of_a_crate_are_only_written_for_tests() {
    let text = "openapi: 3.0.3\ninfo: { title: Other, version: '1' }\npaths:\n  /a:\n    get:\n      responses: { '200': { description: a, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }\ncomponents:\n  schemas:\n    Pet: { oneOf: [{ type: string }, { type: integer }] }\n";
    let input = crate_of("other", text);
    let without = generated(&input);
    assert!(without.calls.is_none() && without.table.is_none() && without.unions.is_empty());
    let with = generator::generate_with_tests(&input, &[]).unwrap();
    assert_eq!(with.files, without.files);
    let calls = with.calls.unwrap();
    assert!(
        calls.contains("use other::prelude::*;") && calls.contains("path: \"/a\""),
        "{calls}"
    );
    let table = with.table.unwrap();
    assert!(
        table.contains("other::Pet::String(_) => \"String\""),
        "{table}"
    );
    let generator::model::TypeKind::Union(union) = &with.unions["Pet"].kind else {
        panic!("not a union");
    };
    let places: Vec<&str> = union
        .variants
        .iter()
        .map(|variant| variant.place.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "/components/schemas/Pet/oneOf/0",
            "/components/schemas/Pet/oneOf/1"
        ]
    );
}
