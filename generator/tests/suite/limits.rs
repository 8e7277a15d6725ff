//! Documents whose schemas refer to each other in long chains or combine to ever more types: code, or an error with a place.

use std::fmt::Write as _;
use std::time::Instant;

use generator::{Output, generate, generate_tolerant};

use crate::support::{crate_of, types};

/// Generates a document whose one operation sends the schema `first`.
fn generated(first: &str, schemas: &str) -> Result<Output, Vec<String>> {
    sent_as("application/json", first, schemas)
}

fn sent_as(media_type: &str, first: &str, schemas: &str) -> Result<Output, Vec<String>> {
    generate(&crate_of("chain", document(media_type, first, schemas)))
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn document(media_type: &str, first: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: Chain, version: '1'}}\nservers: [{{url: 'https://api.example.com'}}]\n\
         paths:\n  /x:\n    post:\n      operationId: send\n      requestBody: {{content: {{{media_type}: \
         {{schema: {{$ref: '#/components/schemas/{first}'}}}}}}}}\n      responses: {{'204': {{description: Done.}}}}\n\
         components:\n  schemas:\n{schemas}"
    )
}

/// A chain of schemas, each made from its number and a reference to the next one.
fn chain(length: usize, schema: impl Fn(usize, &str) -> String) -> String {
    let mut schemas = String::new();
    for number in 0..length {
        let next = format!("{{$ref: '#/components/schemas/R{}'}}", number + 1);
        writeln!(schemas, "    R{number}: {}", schema(number, &next)).unwrap();
    }
    writeln!(
        schemas,
        "    R{length}: {{type: object, properties: {{last: {{type: string}}}}}}"
    )
    .unwrap();
    schemas
}

#[test]
fn references_to_references() {
    let output = generated("R0", &chain(5_000, |_, next| next.to_owned())).unwrap();
    assert!(types(&output).contains("pub last: Option<String>"));
}

/// The branch is at the end of more references than anybody would write.
#[test]
fn references_to_a_branch() {
    let mut schemas = chain(300, |_, next| next.to_owned());
    schemas.push_str(
        "    Choice: {oneOf: [{$ref: '#/components/schemas/R0'}, {$ref: '#/components/schemas/Other'}], \
         discriminator: {propertyName: kind, mapping: {chain: R0, other: Other}}}\n    \
         Other: {type: object, required: [kind], properties: {kind: {type: string}}}\n",
    );
    let output = generated("Choice", &schemas).unwrap();
    let tables = &output.files["src/json.rs"];
    assert!(tables.contains("constant \"kind\" \"chain\""), "{tables}");
}

/// A path item whose callback is itself, and a media type whose parts have headers of it.
#[test]
fn components_that_hold_themselves() {
    let text = "
openapi: 3.2.0
info: {title: Events, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /events: {$ref: '#/components/pathItems/Event'}
components:
  pathItems:
    Event:
      post:
        operationId: send_event
        requestBody: {content: {multipart/form-data: {$ref: '#/components/mediaTypes/Parts'}}}
        responses: {'204': {description: Done.}}
        callbacks: {on: {'{$request.body#/url}': {$ref: '#/components/pathItems/Event'}}}
  mediaTypes:
    Loop: {$ref: '#/components/mediaTypes/Loop'}
    Parts:
      schema: {type: object, properties: {url: {type: string}}}
      encoding: {url: {headers: {X: {content: {application/json: {$ref: '#/components/mediaTypes/Parts'}}}}}}
";
    let output = generate(&crate_of("events", text.to_owned())).unwrap();
    assert!(output.files["src/events.rs"].contains("fn send_event"));
}

#[test]
fn schemas_that_hold_each_other() {
    let object = |_, next: &str| format!("{{type: object, properties: {{next: {next}}}}}");
    let output = generated("R0", &chain(3_000, object)).unwrap();
    assert!(types(&output).contains("pub struct R2999 {"));
}

#[test]
fn lists_of_lists_in_unions() {
    let either = |_, next: &str| {
        format!(
            "{{oneOf: [{{type: array, items: {next}}}, {{type: object, additionalProperties: {next}}}]}}"
        )
    };
    let output = generated("R0", &chain(300, either)).unwrap();
    assert!(types(&output).contains("pub enum R299 {"));
}

#[test]
fn an_enum_of_many_values() {
    let values: Vec<String> = (0..20_000).map(|number| format!("v{number}")).collect();
    let schemas = format!(
        "    R0: {{type: object, properties: {{a: {{type: string, enum: [{}]}}}}}}\n",
        values.join(", ")
    );
    let output = generated("R0", &schemas).unwrap();
    assert!(output.files["src/enums.rs"].contains("V19999 \"v19999\""));
}

/// Ten times as many branches take about ten times as long, on a busy machine, too.
#[test]
fn an_enum_of_many_branches() {
    let of = |count: usize| {
        let values = (0..count).map(|number| format!("{{type: string, enum: [v{number}]}}"));
        let values: Vec<String> = values.collect();
        let schemas = format!(
            "    R0: {{type: object, properties: {{a: {{oneOf: [{}]}}}}}}\n",
            values.join(", ")
        );
        let start = Instant::now();
        let output = generated("R0", &schemas).unwrap();
        let took = start.elapsed();
        assert!(output.files["src/enums.rs"].contains(&format!("V{0} \"v{0}\"", count - 1)));
        took
    };
    let (few, many) = (of(2_000), of(20_000));
    assert!(many < few * 40, "{few:?}, then {many:?}");
}

/// As many mistakes as schemas: not each is compared with all names for a suggestion.
#[test]
fn many_references_to_nothing() {
    let of = |count: usize| {
        let mut schemas = "    R0: {type: object}\n".to_owned();
        for number in 0..count {
            let to = format!("{{$ref: '#/components/schemas/Nome{number:05}'}}");
            writeln!(schemas, "    Name{number:05}: {{properties: {{a: {to}}}}}").unwrap();
        }
        let input = crate_of("lost", document("application/json", "R0", &schemas));
        let start = Instant::now();
        let output = generate_tolerant(&input).unwrap();
        let took = start.elapsed();
        assert_eq!(output.report.left_out.len(), count);
        let found = output.warnings.first().unwrap();
        assert!(found.help.contains("did you mean `Name00000`?"), "{found}");
        took
    };
    let (few, many) = (of(1_000), of(10_000));
    assert!(many < few * 30, "{few:?}, then {many:?}");
}

/// Each schema is one of two that are the next one.
#[test]
fn a_multipart_body_that_combines_without_end() {
    let schemas = chain(30, |_, next| {
        format!("{{oneOf: [{next}, {{allOf: [{next}]}}]}}")
    });
    let errors = sent_as("multipart/form-data", "R0", &schemas).unwrap_err();
    assert!(
        errors
            .join("\n")
            .contains("a multipart body must be an object"),
        "{errors:?}"
    );
    // A part: whether it is a file is asked of each schema once.
    let part = "    Body: {type: object, properties: {part: {$ref: '#/components/schemas/R0'}}}\n";
    let output = sent_as("multipart/form-data", "Body", &format!("{part}{schemas}")).unwrap();
    assert!(types(&output).contains("pub part: "), "{}", types(&output));
}

/// Each schema is one of two that extend the next one: twice as many types at each step.
#[test]
fn unions_that_combine_without_end() {
    let both = |number: usize, next: &str| {
        let branch = |name: &str| {
            let own = format!("{{type: object, properties: {{{name}{number}: {{type: string}}}}}}");
            format!("{{allOf: [{next}, {own}]}}")
        };
        format!("{{oneOf: [{}, {}]}}", branch("a"), branch("b"))
    };
    assert!(generated("R0", &chain(6, both)).is_ok());
    let errors = generated("R0", &chain(30, both)).unwrap_err();
    let first = errors.first().unwrap();
    assert!(
        first.contains("the unions in this one combine to more than 500 types")
            && first.contains("/components/schemas/R0/oneOf"),
        "{first}"
    );
}

#[test]
fn schemas_that_extend_each_other_without_end() {
    let extending = |number: usize, next: &str| {
        format!(
            "{{allOf: [{next}, {{type: object, properties: {{p{number}: {{type: string}}}}}}]}}"
        )
    };
    assert!(generated("R0", &chain(100, extending)).is_ok());
    let errors = generated("R0", &chain(1_000, extending)).unwrap_err();
    let [error] = errors.as_slice() else {
        unreachable!("{errors:?}");
    };
    assert!(
        error.contains("300000 properties more than the document") && error.contains("chain.yaml:"),
        "{error}"
    );
}

/// The limit is about the whole document: one schema after the other is not left out.
#[test]
fn many_schemas_that_extend_one() {
    let listed = |count, one: &dyn Fn(usize) -> String| {
        let all: Vec<String> = (0..count).map(one).collect();
        all.join(", ")
    };
    let base = listed(1_000, &|number| format!("p{number}: {{type: string}}"));
    let all = listed(400, &|number| {
        let own = format!("{{properties: {{a{number}: {{type: string}}}}}}");
        format!("s{number}: {{allOf: [{{$ref: '#/components/schemas/Base'}}, {own}]}}")
    });
    let schemas = format!(
        "    Base: {{type: object, properties: {{{base}}}}}\n    \
         R0: {{type: object, properties: {{{all}}}}}\n"
    );
    let input = crate_of("star", document("application/json", "R0", &schemas));
    let errors = generate_tolerant(&input).unwrap_err();
    let [error] = errors.as_slice() else {
        unreachable!("{errors:?}");
    };
    let error = error.to_string();
    assert!(
        error.contains("300000 properties more than the document") && error.contains("star.yaml:"),
        "{error}"
    );
}
