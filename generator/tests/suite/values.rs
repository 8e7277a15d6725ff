//! Values whose type is chosen from several places: headers of several statuses, data of events, numbers, only values.

use generator::Output;

use crate::support::{crate_of, generated, types};

/// A document with an operation with this response, and these schemas.
fn with_response(version: &str, responses: &str, schemas: &str) -> Output {
    let document = format!(
        "openapi: {version}\ninfo: {{title: A, version: '1'}}\nservers: [{{url: 'https://api.example.com'}}]\npaths:\n  /pets:\n    \
         get:\n      operationId: list\n      responses: {responses}\ncomponents: {{schemas: {{{schemas}}}}}\n"
    );
    generated(&crate_of("a", document))
}

fn with_schema(members: &str) -> Output {
    let response = "{'200': {description: s, content: {application/json: {schema: {$ref: '#/components/schemas/N'}}}}}";
    with_response(
        "3.1.0",
        response,
        &format!("N: {{type: object, properties: {members}}}"),
    )
}

#[test]
fn headers_of_one_name_with_different_schemas_are_text() {
    let output = with_response(
        "3.1.0",
        "{'200': {description: s, headers: {X-Rate: {schema: {type: integer}}, X-Same: {schema: {type: integer}}}}, \
         '429': {description: s, headers: {x-rate: {schema: {type: string}}, X-Same: {schema: {type: integer, maximum: 9}}}}}",
        "",
    );
    let code = &output.files["src/a.rs"];
    assert!(code.contains("pub x_rate: Option<String>"), "{code}");
    assert!(code.contains("Comes with status 200, 429."), "{code}");
    assert!(code.contains("pub x_same: Option<i64>"), "{code}");
    let report = output.report.to_string();
    assert_eq!(report.matches("it is text").count(), 1, "{report}");
    assert!(
        report.contains("429/headers/x-rate the header `x-rate`"),
        "{report}"
    );
}

#[test]
fn a_header_with_json_has_the_type_of_its_schema() {
    let output = with_response(
        "3.1.0",
        "{'200': {description: s, headers: {X-Page: {content: {application/json: {schema: {type: object, properties: {total: {type: integer}}}}}}, \
         X-Text: {content: {application/json: {schema: {type: string}}}}, X-Xml: {content: {application/xml: {schema: {type: object}}}}, \
         X-List: {explode: true, schema: {type: array, items: {type: string}}}}}}",
        "",
    );
    let code = &output.files["src/a.rs"];
    assert!(code.contains("pub x_page: Option<ListXPage>"), "{code}");
    assert!(code.contains("pub x_xml: Option<String>"), "{code}");
    let report = output.report.to_string();
    assert!(report.contains("read with its quotation marks"), "{report}");
    assert!(report.contains("neither plain nor JSON"), "{report}");
    assert!(
        report.contains("keys that are not understood: 0"),
        "{report}"
    );
}

#[test]
fn events_that_may_be_text() {
    for (schema, expected) in [
        ("{type: string, format: date-time}", "is_text: true"),
        (
            "{anyOf: [{type: string}, {type: string, enum: [x]}]}",
            "is_text: true",
        ),
        (
            "{oneOf: [{type: string, format: date}, {type: string}]}",
            "is_text: true",
        ),
        (
            "{oneOf: [{type: string}, {type: integer}]}",
            "may_be_text: true",
        ),
        (
            "{oneOf: [{type: boolean}, {type: integer}]}",
            "may_be_text: false",
        ),
        ("{type: object}", "may_be_text: false"),
    ] {
        let response = format!(
            "{{'200': {{description: s, content: {{text/event-stream: {{schema: {schema}}}}}}}}}"
        );
        let output = with_response("3.1.0", &response, "");
        let code = &output.files["src/a.rs"];
        assert!(code.contains(expected), "{schema}: {code}");
        assert_eq!(
            expected == "is_text: true",
            code.contains("is_text: true,\n        may")
        );
    }
}

#[test]
fn numbers_have_a_type_that_holds_their_values() {
    for (schema, expected) in [
        (
            "{type: integer, default: 9223372036854775807}",
            "Option<i64>",
        ),
        (
            "{type: integer, default: 9223372036854775808}",
            "Option<u64>",
        ),
        (
            "{type: integer, example: 18446744073709551615}",
            "Option<u64>",
        ),
        (
            "{type: integer, default: 18446744073709551616}",
            "Option<rt::BigInteger>",
        ),
        (
            "{type: integer, default: -9223372036854775808}",
            "Option<i64>",
        ),
        (
            "{type: integer, default: -9223372036854775809}",
            "Option<rt::BigInteger>",
        ),
        (
            "{type: integer, maximum: 9223372036854775808}",
            "Option<u64>",
        ),
        (
            "{type: integer, maximum: 9223372036854776000}",
            "Option<i64>",
        ),
        (
            "{type: integer, minimum: -9223372036854776000}",
            "Option<i64>",
        ),
        (
            "{type: integer, maximum: 18446744073709552000}",
            "Option<u64>",
        ),
        (
            "{type: integer, const: 1180591620717411303424}",
            "Option<rt::BigInteger>",
        ),
        ("{const: 1180591620717411303424}", "Option<rt::BigInteger>"),
        (
            "{type: integer, enum: [1, 18000000000000000000]}",
            "Option<u64>",
        ),
        ("{type: integer, enum: [1.0, 2, 1]}", "Option<NA>"),
        ("{const: 1.5}", "Option<rt::Number>"),
        ("{enum: [1, 2, 1.5]}", "Option<rt::Number>"),
        (
            "{type: array, prefixItems: [{type: number, title: Lon}, {type: number, minimum: 2}]}",
            "rt::List<rt::Number>",
        ),
        (
            "{oneOf: [{type: number, multipleOf: 2}, {type: number, multipleOf: 3}]}",
            "Option<rt::Number>",
        ),
    ] {
        let output = with_schema(&format!("{{a: {schema}}}"));
        let code = types(&output);
        assert!(
            code.contains(&format!("pub a: {expected}")),
            "{schema}: {code}"
        );
        let report = output.report.to_string();
        assert!(!report.contains("several kinds"), "{schema}: {report}");
        let has_fraction = schema.contains("1.5");
        assert_eq!(
            report.contains("not whole"),
            has_fraction,
            "{schema}: {report}"
        );
    }
}

#[test]
fn the_place_of_an_only_value_is_in_the_document() {
    for (schema, expected) in [
        (
            "{const: 1.5}",
            "a/const the only value, a number that is not whole",
        ),
        (
            "{enum: [1.5]}",
            "a/enum the only value, a number that is not whole",
        ),
        ("{const: null}", "a/const null is the only value"),
        ("{type: 'null'}", "a/type null is the only value"),
        ("{type: string, enum: []}", "a/enum an empty `enum`"),
        (
            "{enum: [1, a]}",
            "a/enum an `enum` whose values are of several kinds",
        ),
    ] {
        let report = with_schema(&format!("{{a: {schema}}}")).report.to_string();
        assert!(report.contains(expected), "{schema}: {report}");
    }
}

#[test]
fn further_items_of_a_tuple() {
    for (members, is_open) in [
        ("", true),
        (", items: true", true),
        (", maxItems: 2", true),
        (", maxItems: 1", false),
        (", items: false", false),
        (", items: {type: integer}", false),
    ] {
        let output = with_schema(&format!(
            "{{a: {{type: array, prefixItems: [{{type: string}}]{members}}}}}"
        ));
        let report = output.report.to_string();
        assert_eq!(
            report.contains("further items may be anything"),
            is_open,
            "{members}: {report}"
        );
    }
}

/// Generators for OData write a nullable reference so.
#[test]
fn a_bare_object_that_may_be_null_is_null() {
    let null = "{type: object, nullable: true, title: Nothing}";
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\nservers: [{{url: 'https://api.example.com'}}]\npaths:\n  /n:\n    put:\n      \
         operationId: set\n      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/N'}}}}}}}}\n      \
         responses: {{'204': {{description: done}}}}\ncomponents:\n  schemas:\n    Owner: {{type: object, properties: {{id: {{type: string}}}}}}\n    \
         Kind: {{type: string, enum: [a, b]}}\n    N:\n      type: object\n      properties:\n        \
         owner: {{anyOf: [{{$ref: '#/components/schemas/Owner'}}, {null}]}}\n        \
         kind: {{oneOf: [{null}, {{$ref: '#/components/schemas/Kind'}}]}}\n        \
         inline: {{anyOf: [{{properties: {{a: {{type: string}}}}}}, {null}]}}\n        \
         value: {{anyOf: [{{type: string}}, {null}]}}\n        \
         any: {{anyOf: [{{$ref: '#/components/schemas/Owner'}}, {{$ref: '#/components/schemas/Kind'}}, {null}]}}\n"
    );
    let output = generated(&crate_of("a", text));
    let types = types(&output);
    for field in [
        "pub owner: Option<Box<Owner>>,",
        "pub kind: Option<Kind>,",
        "pub inline: Option<Box<NInline>>,",
        "pub struct NInline {",
        // Beside text, and beside several others, it may be any object.
        "pub enum NValue {",
        "pub enum NAny {",
    ] {
        assert!(types.contains(field), "{field}\n{types}");
    }
    let setters = &output.files["src/a.rs"];
    assert!(setters.contains("pub fn owner_null(mut self)"), "{setters}");
}
