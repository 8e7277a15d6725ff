//! Documents in other words are equal; what one of them lacks is found, once, with both places.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use super::*;

const OURS: &str = "
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /orders/{order_id}:
    get:
      parameters:
        - {name: order_id, in: path, required: true, schema: {type: string}}
        - {name: expand, in: query, schema: {type: string, enum: [lines]}}
      responses:
        '200': {$ref: '#/components/responses/Order'}
        default: {description: failed, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '200': {$ref: '#/components/responses/Order'}
  /ours:
    delete: {responses: {'204': {description: gone}}}
x-webhooks:
  order_paid:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'200': {description: thanks}}
components:
  responses:
    Order: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  schemas:
    Error: {type: object, properties: {message: {type: string}}}
    Base: {type: object, properties: {id: {type: string, readOnly: true}, parent: {$ref: '#/components/schemas/Order'}}}
    Order:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - type: object
          properties:
            status: {type: string, enum: [PAID, OPEN]}
            lines: {type: array, items: {type: object, properties: {amount: {type: integer}}}}
            ours: {type: string}
";

/// The same API as Swagger 2.0, in other words and with more.
const THEIRS: &str = "
swagger: '2.0'
info: {title: Other, version: LATEST}
host: api.example.com
basePath: /v1/
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, type: string}
    get:
      parameters:
        - {name: expand, in: query, type: string, enum: [lines, totals]}
        - {name: theirs, in: query, type: string}
      produces: [application/json]
      responses:
        200: {description: ok, headers: {X-More: {type: string}}, schema: {$ref: '#/definitions/Wide'}}
        404: {description: no, schema: {type: object, properties: {message: {type: string}, code: {type: string}}}}
  /orders:
    post:
      consumes: [application/json]
      produces: [application/json]
      parameters: [{name: body, in: body, schema: {$ref: '#/definitions/Wide'}}]
      responses:
        200: {description: ok, schema: {$ref: '#/definitions/Wide'}}
        202: {description: later}
  /theirs:
    get: {responses: {200: {description: ok}}}
  /examples/paid:
    post:
      consumes: [application/json]
      parameters: [{name: body, in: body, schema: {$ref: '#/definitions/Wide'}}]
      responses: {200: {description: thanks}}
definitions:
  Wide:
    type: object
    properties:
      id: {type: string}
      parent: {$ref: '#/definitions/Wide'}
      status: {type: string, enum: [PAID, OPEN, LOST]}
      lines: {type: array, items: {type: object, properties: {amount: {type: integer}, vat: {type: integer}}}}
      theirs: {type: object, properties: {a: {type: string}, b: {type: string}}}
";

fn source(name: &str, text: &str) -> (Source, Vec<Source>) {
    let source = Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    (source, Vec::new())
}

fn wires(name: &str, text: &str, aliases: &Aliases) -> Vec<Wire> {
    read(&[source(name, text)], aliases).unwrap_or_else(|found| panic!("{}", found[0]))
}

fn aliases() -> Aliases {
    let paid = ("/examples/paid".to_owned(), "order_paid".to_owned());
    Aliases {
        events: BTreeMap::from([paid]),
        ..Aliases::default()
    }
}

fn lines(missing: &[Missing]) -> Vec<String> {
    let one = |one: &Missing| {
        let nearest = (one.nearest.as_ref())
            .map_or(String::new(), |at| format!(" | {}:{}", at.file, at.line));
        let values = one.values.join(",");
        format!(
            "{} {} | {} {values} | {}:{}{nearest}",
            one.kind.name(),
            one.operation,
            one.path,
            one.place.file,
            one.place.line
        )
    };
    missing.iter().map(one).collect()
}

#[test]
fn what_either_side_lacks() {
    let ours = wires("ours.yaml", OURS, &Aliases::default());
    let theirs = wires("theirs.yaml", THEIRS, &aliases());
    assert_eq!(theirs[0].format, "Swagger 2.0");
    assert_eq!((theirs[0].operations(), ours[0].operations()), (3, 3));
    let compared = compare(&theirs, &ours, &ours);
    let [document] = compared.documents.as_slice() else {
        panic!("{compared:?}");
    };
    assert_eq!(document.matched, 3);
    assert_eq!(document.notes, []);
    assert_eq!(
        lines(&document.lacking_here),
        [
            "operation GET /v1/theirs |   | theirs.yaml:27",
            "parameter GET /v1/orders/{id} | query theirs  | theirs.yaml:13 | ours.yaml:7",
            "status POST /v1/orders | response 202  | theirs.yaml:25 | ours.yaml:15",
            "header GET /v1/orders/{id} | response 200: X-More  | theirs.yaml:16 | ours.yaml:28",
            "member GET /v1/orders/{id} | response 404: code  | theirs.yaml:17 | ours.yaml:30",
            "member POST /v1/orders | request: id  | theirs.yaml:37 | ours.yaml:33",
            "member GET /v1/orders/{id} | response 200: lines[].vat  | theirs.yaml:40 | ours.yaml:38",
            "member GET /v1/orders/{id} | response 200: theirs  | theirs.yaml:41 | ours.yaml:33",
            "values GET /v1/orders/{id} | query expand totals | theirs.yaml:12 | ours.yaml:10",
            "values GET /v1/orders/{id} | response 200: status LOST | theirs.yaml:39 | ours.yaml:37",
        ]
    );
    assert_eq!(
        lines(&document.lacking_there),
        [
            "status GET /v1/orders/{order_id} | response default  | ours.yaml:13 | theirs.yaml:10",
            "member GET /v1/orders/{order_id} | response 200: ours  | ours.yaml:39 | theirs.yaml:35",
        ]
    );
    let only: Vec<Missing> = compared.ours_only.into_iter().map(|(_, one)| one).collect();
    assert_eq!(
        lines(&only),
        ["operation DELETE /v1/ours |   | ours.yaml:20"]
    );
}

#[test]
fn a_document_lacks_nothing_of_itself() {
    let ours = wires("ours.yaml", OURS, &Aliases::default());
    let compared = compare(&ours, &ours, &ours);
    assert_eq!(compared.documents[0].lacking_here, []);
    assert_eq!(compared.documents[0].lacking_there, []);
    assert!(compared.ours_only.is_empty());
    assert_eq!(compared.documents[0].matched, 4);
}

#[test]
fn other_bases_and_missing_servers() {
    let ours = wires("ours.yaml", OURS, &Aliases::default());
    let matched = |from: &str, to: &str, aliases: &Aliases| {
        let theirs = wires("theirs.yaml", &OURS.replace(from, to), aliases);
        compare(&theirs, &ours, &ours).documents[0].matched
    };
    let server = "servers: [{url: 'https://api.example.com/v1'}]\n";
    assert_eq!(matched(server, "", &Aliases::default()), 4);
    // Another base is another operation; events have none.
    let other = server.replace("/v1", "/v1/accounts/{aid}/shop/");
    assert_eq!(matched(server, &other, &Aliases::default()), 1);
    let known = ("/v1/accounts/{id}/shop".to_owned(), "/v1".to_owned());
    let bases = Aliases {
        bases: BTreeMap::from([known]),
        ..Aliases::default()
    };
    assert_eq!(matched(server, &other, &bases), 4);
    assert_eq!(matched("/v1", "/v2", &Aliases::default()), 1);
}

#[test]
fn a_member_in_several_operations_is_found_once() {
    let ours = wires("ours.yaml", OURS, &Aliases::default());
    let more = OURS.replace(
        "ours: {type: string}",
        "ours: {type: string}\n            more: {type: string}",
    );
    let theirs = wires("theirs.yaml", &more, &Aliases::default());
    let compared = compare(&[theirs[0].clone(), theirs[0].clone()], &ours, &ours);
    assert_eq!(compared.documents[0].lacking_here.len(), 1);
    // The second document says nothing new.
    assert_eq!(compared.documents[1].lacking_here, []);
}

#[test]
fn versions_are_those_of_the_text() {
    for (text, expected) in [
        ("openapi: 3.1.0\n", "OpenAPI 3.1.0"),
        ("\"swagger\" : \"2.0\",", "Swagger 2.0"),
        ("{\"openapi\":\"3.0.3\",\"info\":{}}", "OpenAPI 3.0.3"),
        ("{\"info\":{},\"swagger\" : 2.0}", "Swagger 2.0"),
        ("info: {}\n", ""),
    ] {
        assert_eq!(format_of(text), expected, "{text}");
    }
}

#[test]
fn cycles_and_broken_references_end() {
    let text = OURS.replace("'#/components/schemas/Base'", "'#/components/schemas/Gone'");
    let theirs = wires("theirs.yaml", &text, &Aliases::default());
    let ours = wires("ours.yaml", OURS, &Aliases::default());
    let compared = compare(&theirs, &ours, &ours);
    let notes = &compared.documents[0].notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0].1, "the reference leads nowhere");
}

#[test]
fn a_shared_parameter_is_a_part_of_each_operation() {
    let shared = "\n      parameters: [{$ref: '#/components/parameters/Trace'}]\n";
    let text = OURS
        .replace("    post:\n      requestBody", &format!("    post:{shared}      requestBody"))
        .replace("    delete:", "    put: {parameters: [{$ref: '#/components/parameters/Trace'}], responses: {'204': {description: gone}}}\n    delete:")
        .replace("components:\n", "components:\n  parameters:\n    Trace: {name: X-Trace, in: header, schema: {type: string}}\n");
    let ours = text.replace("{$ref: '#/components/parameters/Trace'}", "");
    let theirs = wires("theirs.yaml", &text, &Aliases::default());
    let ours = wires("ours.yaml", &ours, &Aliases::default());
    let found = compare(&theirs, &ours, &ours).documents.remove(0);
    let found: Vec<String> = lines(&found.lacking_here);
    // The event is an operation, too.
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|line| line.contains("header x-trace")));
}
