use super::*;

const DOCUMENT: &str = r##"
openapi: 3.0.3
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    post:
      parameters:
        - {name: kind, in: query, required: true, schema: {type: string}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: born, in: query, style: deepObject, schema: {type: object, properties: {gte: {type: string}}}}
        - name: functions
          in: query
          content:
            application/json: {schema: {type: array, minItems: 1, items: {type: string, enum: [sum, avg]}}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
      responses: {'200': {description: ok}, '409': {description: no}}
  /pets/all:
    post: {responses: {'200': {description: ok}}}
components:
  schemas:
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Pet:
      allOf:
        - $ref: '#/components/schemas/Named'
        - type: object
          required: [id, owner]
          properties:
            id: {type: string, readOnly: true}
            age: {type: integer, nullable: true, minimum: 0, exclusiveMinimum: true}
            owner: {$ref: '#/components/schemas/Named'}
            notes: {type: object, additionalProperties: {type: string}}
"##;

const BODY: &str = r#"{"name":"Rex","age":null,"owner":{"name":"Ann"},"notes":{"a":"b"}}"#;

fn request(target: &str, body: &str) -> Recorded {
    let headers = vec![(
        "content-type".to_owned(),
        "application/json; charset=utf-8".to_owned(),
    )];
    Recorded {
        method: "POST".into(),
        target: target.into(),
        headers,
        body: body.into(),
    }
}

fn check(target: &str, body: &str) -> Vec<String> {
    Document::parse(DOCUMENT)
        .unwrap()
        .check(&request(target, body))
}

#[test]
fn what_the_document_allows_passes() {
    let target = "/pets/1?kind=dog&tags=a&tags=b&born%5Bgte%5D=2024&functions=%5B%22sum%22%5D";
    assert_eq!(check(target, BODY), [""; 0]);
    assert_eq!(check("/pets/all", ""), [""; 0]);
}

#[test]
fn parts_that_describe_the_same_field_are_judged_together() {
    let document = DOCUMENT.replace(
        "    Pet:\n      allOf:\n",
        "    Pet:\n      allOf:\n        - properties: {owner: {type: object, properties: {town: {type: string}}}}\n",
    );
    let document = Document::parse(&document).unwrap();
    let wrong = |owner: &str| {
        let body = format!(r#"{{"name":"Rex","owner":{owner}}}"#);
        document.check(&request("/pets/1?kind=dog", &body))
    };
    assert_eq!(wrong(r#"{"name":"Ann","town":"Oslo"}"#), [""; 0]);
    assert!(!wrong(r#"{"name":"Ann","shoe":"42"}"#).is_empty());
    assert!(!wrong(r#"{"name":"Ann","town":1}"#).is_empty());
}

#[test]
fn what_it_does_not_allow_is_found() {
    let cases = [
        ("/cats/1?kind=dog", BODY, "no such operation"),
        ("/pets/1", BODY, r#"query parameter "kind" is missing"#),
        (
            "/pets/1?kind=dog&knd=cat",
            BODY,
            r#"query parameter "knd" is not in the document"#,
        ),
        (
            "/pets/1?kind=dog&kind=cat",
            BODY,
            r#"query parameter "kind" is sent twice"#,
        ),
        (
            "/pets/1?kind=dog&born%5Bgt%5D=2024",
            BODY,
            r#"query parameter "born[gt]" is not in the document"#,
        ),
        ("/pets/1?kind=dog&functions=sum", BODY, "is no JSON"),
        (
            "/pets/1?kind=dog&functions=%5B%22nope%22%5D",
            BODY,
            r#""nope" is not one of"#,
        ),
        (
            "/pets/1?kind=dog&functions=%5B%5D",
            BODY,
            "[] has less than 1 item",
        ),
        ("/pets/1?kind=dog", "", "the body is missing"),
        ("/pets/1?kind=dog", "{", "the body is no JSON"),
        (
            "/pets/1?kind=dog",
            r#"{"name":"Rex"}"#,
            r#""owner" is a required property"#,
        ),
        (
            "/pets/1?kind=dog",
            r#"{"name":"Rex","owner":{"name":"Ann"},"nmae":1}"#,
            "'nmae' was unexpected",
        ),
        (
            "/pets/1?kind=dog",
            r#"{"name":"Rex","owner":{"name":"Ann","age":1}}"#,
            "'age' was unexpected",
        ),
        (
            "/pets/1?kind=dog",
            r#"{"name":"Rex","owner":{"name":"Ann"},"id":"1"}"#,
            "False schema does not allow \"1\"",
        ),
        (
            "/pets/1?kind=dog",
            r#"{"name":"Rex","owner":{"name":"Ann"},"age":0}"#,
            "at \"/age\"",
        ),
        ("/pets/all", "{}", "a body where the document has none"),
    ];
    for (target, body, expected) in cases {
        let wrong = check(target, body);
        assert!(
            wrong.iter().any(|what| what.contains(expected)),
            "{target} {body}: {wrong:?}, not {expected:?}"
        );
    }
}

#[test]
fn operations_and_statuses_are_listed() {
    let document = Document::parse(DOCUMENT).unwrap();
    let paths: Vec<_> = document
        .operations()
        .into_iter()
        .map(|place| place.path)
        .collect();
    assert_eq!(paths, ["/pets/all", "/pets/{id}"]);
    assert_eq!(document.statuses(&document.operations()[1]), ["200", "409"]);
}

#[test]
fn what_a_request_leaves_out_is_listed() {
    let unused = |target, body| {
        let mut names = Document::parse(DOCUMENT)
            .unwrap()
            .unused(&request(target, body));
        names.sort();
        names
    };
    assert_eq!(
        unused("/pets/1?kind=dog&born%5Bgte%5D=1", BODY),
        ["functions", "tags"]
    );
    assert_eq!(
        unused("/pets/1?kind=a&tags=b&born%5Bgte%5D=1&functions=1", "{}"),
        ["age", "name", "notes", "owner"]
    );
}
