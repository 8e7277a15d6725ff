//! Operations: the report lists what of them has no type or no defined form, and the rest is sent as described.

use crate::support::{crate_of, generated};

/// The details of operations that the report lists, and the code of their module.
fn listed(version: &str, rest: &str) -> (Vec<String>, String) {
    let text = format!(
        "openapi: {version}\ninfo: {{ title: Listed, version: '1' }}\nservers: [{{ url: 'https://api.example.com' }}]\n{rest}"
    );
    let output = generated(&crate_of("listed", text));
    let entries = output.report.constraints.iter();
    let entries = entries
        .map(|entry| format!("{}: {}", entry.pointer, entry.what))
        .collect();
    let files = output.files.iter();
    let code = files.map(|(path, text)| format!("// {path}\n{text}\n"));
    (entries, code.collect())
}

/// Returns how many entries end with a text.
fn count(entries: &[String], what: &str) -> usize {
    let found = entries.iter().filter(|entry| entry.ends_with(what));
    found.count()
}

#[test]
fn a_parameter_that_is_not_json_is_text() {
    let parameter = |content: &str| {
        format!(
            "paths:\n  /a/{{p}}:\n    get:\n      operationId: find\n      parameters:\n\
             \x20     - {{ name: p, in: path, required: true, content: {{ {content} }} }}\n\
             \x20     - {{ name: q, in: query, content: {{ {content} }} }}\n\
             \x20     - {{ name: X-H, in: header, content: {{ {content} }} }}\n\
             \x20     - {{ name: c, in: cookie, content: {{ {content} }} }}\n\
             \x20     responses: {{ '204': {{ description: done }} }}\n"
        )
    };
    for (media_type, schema) in [
        (
            "application/x-www-form-urlencoded",
            "{ type: object, properties: { prop: { type: string } } }",
        ),
        (
            "application/xml",
            "{ type: object, properties: { prop: { type: string } } }",
        ),
        ("text/csv", "{ type: array, items: { type: string } }"),
    ] {
        let (entries, code) = listed(
            "3.0.3",
            &parameter(&format!("{media_type}: {{ schema: {schema} }}")),
        );
        let what = format!("the schema of {media_type}, which is text");
        assert_eq!(count(&entries, &what), 4, "{entries:?}");
        assert!(code.contains("pub q: Option<String>"), "{code}");
        assert!(code.contains(".query(\"q\", "), "{code}");
    }
    let (entries, _) = listed(
        "3.0.3",
        &parameter("text/csv: { schema: { type: string } }"),
    );
    assert_eq!(entries, [""; 0]);
}

#[test]
fn schemas_of_text_and_bytes_are_listed() {
    let both = |media_type: &str, schema: &str| {
        let content = format!("content: {{ {media_type}: {{ {schema} }} }}");
        let (entries, _) = listed(
            "3.0.3",
            &format!(
                "paths:\n  /a:\n    post:\n      operationId: put\n      requestBody: {{ required: true, {content} }}\n      \
                 responses: {{ '200': {{ description: ok, {content} }}, '400': {{ description: no, {content} }} }}\n"
            ),
        );
        entries
    };
    for (media_type, schema, kind) in [
        ("text/plain", "type: integer", "text"),
        ("text/plain", "type: string, enum: [a, b]", "text"),
        ("text/plain", "type: string, format: date", "text"),
        ("text/csv", "type: array, items: { type: string }", "text"),
        ("application/xml", "type: object", "text"),
        ("application/octet-stream", "type: object", "bytes"),
        (
            "application/yaml",
            "properties: { a: { type: string } }",
            "bytes",
        ),
        ("application/cbor", "type: object", "bytes"),
    ] {
        let entries = both(media_type, &format!("schema: {{ {schema} }}"));
        let place = media_type.replace('/', "~1");
        let what = format!("{place}: the schema of {media_type}, which is {kind}");
        assert_eq!(count(&entries, &what), 3, "{entries:?}");
    }
    for (media_type, schema) in [
        ("text/plain", "schema: { type: string }"),
        ("text/plain", ""),
        ("text/csv", "schema: { description: any }"),
        ("application/xml", "schema: { type: string }"),
        (
            "application/octet-stream",
            "schema: { type: string, format: binary }",
        ),
        ("image/png", "schema: {}"),
    ] {
        assert_eq!(both(media_type, schema), [""; 0], "{media_type} {schema}");
    }
    // Base64 in bytes is that of the caller.
    let entries = both("image/png", "schema: { type: string, format: byte }");
    let formats = entries
        .iter()
        .filter(|entry| entry.ends_with("format: format byte"));
    assert_eq!(formats.count(), 3, "{entries:?}");
    let entries = both(
        "application/json",
        "schema: { type: string, format: binary }",
    );
    let formats = entries
        .iter()
        .filter(|entry| entry.contains("`format: binary` in application/json"));
    assert_eq!(formats.count(), 3, "{entries:?}");
    let form = both(
        "application/x-www-form-urlencoded",
        "schema: { type: object }",
    );
    let parts = both(
        "multipart/mixed",
        "schema: { type: object, properties: { a: { type: string } } }",
    );
    for (entries, name) in [
        (form, "application/x-www-form-urlencoded"),
        (parts, "multipart/mixed"),
    ] {
        let what = format!("the schema of {name}, which is bytes");
        assert_eq!(count(&entries, &what), 2, "{entries:?}");
    }
    let (entries, _) = listed(
        "3.0.3",
        "paths: { /a: { get: { operationId: get, responses: { '204': { description: done, headers: { X-A: { content: { text/csv: { schema: { type: object } } } } } } } } } }\n",
    );
    assert_eq!(entries.len(), 1, "{entries:?}");
    let (entries, _) = listed(
        "3.2.0",
        "paths: { /a: { post: { operationId: put, requestBody: { content: { application/jsonl: { itemSchema: { type: object } } } }, responses: { '204': { description: done } } } } }\n",
    );
    assert_eq!(
        entries,
        [
            "/paths/~1a/post/requestBody/content/application~1jsonl: the schema of application/jsonl, which is bytes"
        ]
    );
}

#[test]
fn lists_and_objects_inside_of_parameters_are_listed() {
    let of = |location: &str, more: &str, schema: &str| {
        let (entries, _) = listed(
            "3.0.3",
            &format!(
                "paths:\n  /a/{{p}}:\n    get:\n      operationId: find\n      parameters:\n      - {{ name: p, in: {location}, {more} schema: {schema} }}\n{}      \
                 responses: {{ '204': {{ description: done }} }}\n",
                match location {
                    "path" => "",
                    _ =>
                        "      - { name: p, in: path, required: true, schema: { type: string } }\n",
                }
            ),
        );
        entries
    };
    let in_list = "{ type: array, items: { type: object, properties: { a: { type: string } } } }";
    let lists = "{ type: array, items: { type: array, items: { type: string } } }";
    let in_object = "{ type: object, properties: { a: { type: object, properties: { b: { type: string } } } } }";
    let undefined = "; OpenAPI does not define them there";
    for (location, more, schema, expected) in [
        (
            "query",
            "",
            in_list,
            "objects in a list: sent as `p[0][member]=a`",
        ),
        (
            "query",
            "",
            lists,
            "lists in a list: sent as `p[0]=a&p[0]=b`",
        ),
        (
            "query",
            "",
            in_object,
            "objects in an object: sent as `member[inner]=a`",
        ),
        (
            "query",
            "style: deepObject,",
            in_object,
            "objects in an object: sent as `p[member][inner]=a`",
        ),
    ] {
        let entries = of(location, more, schema);
        assert!(
            entries
                .iter()
                .any(|entry| entry.ends_with(&format!("{expected}{undefined}"))),
            "{entries:?}"
        );
    }
    for (location, more, schema) in [
        ("query", "explode: false,", lists),
        ("header", "", in_list),
        ("header", "required: true,", in_object),
        ("path", "required: true,", lists),
        ("path", "required: true, style: label,", in_object),
    ] {
        let entries = of(location, more, schema);
        assert!(
            entries
                .iter()
                .any(|entry| entry.contains(", which can't be sent")),
            "{entries:?}"
        );
    }
    let plain = "{ type: object, properties: { a: { type: string }, b: {} }, additionalProperties: { type: integer } }";
    for schema in [
        plain,
        "{ type: array, items: { type: string, enum: [a, b] } }",
        "{ type: array, items: {} }",
    ] {
        assert_eq!(of("query", "", schema), [""; 0]);
    }
}

#[test]
fn parts_of_webhooks_without_types_are_listed() {
    let (entries, _) = listed(
        "3.1.0",
        "webhooks:
  created:
    parameters: [{ name: X-Id, in: header, schema: { type: string } }]
    post:
      parameters: [{ name: X-Sig, in: header, schema: { type: string } }]
      security: [{ key: [] }]
      requestBody: { content: { application/json: { schema: { type: object } }, application/xml: {} } }
      responses:
        '200': { description: ok, headers: { X-A: { schema: { type: string } } } }
        '400': { description: no, content: { application/json: { schema: { type: object } } } }
components: { securitySchemes: { key: { type: http, scheme: basic } } }
",
    );
    let at = "/x-webhooks/created";
    let parameters = "the parameters of a webhook: their objects and enums have types, they themselves have none";
    let expected = [
        format!("{at}/parameters: {parameters}"),
        format!("{at}/post/parameters: {parameters}"),
        format!("{at}/post/security: the security of a webhook, which is not checked"),
        format!(
            "{at}/post/responses/200/headers: the headers of the response to a webhook, which have no types"
        ),
        format!(
            "{at}/post/responses/400/content: the content of this response to a webhook, which has no type"
        ),
        format!(
            "{at}/post/requestBody/content: application/xml of a webhook, without a type; application/json has one"
        ),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn schemes_that_are_one_header_are_listed() {
    let (entries, _) = listed(
        "3.0.3",
        "security: [{ basic: [], token: [] }]
paths:
  /a: { get: { operationId: a, responses: { '204': { description: done } } } }
  /b: { get: { operationId: b, security: [{ basic: [], key: [] }, { basic: [], other: [] }, { login: [], token: [] }], responses: { '204': { description: done } } } }
components:
  securitySchemes:
    basic: { type: http, scheme: basic }
    token: { type: http, scheme: bearer }
    key: { type: apiKey, in: header, name: authorization }
    other: { type: apiKey, in: header, name: X-Key }
    login: { type: openIdConnect, openIdConnectUrl: 'https://api.example.com/login' }
",
    );
    assert_eq!(
        entries,
        [
            "/security/0: `basic` together with `token`: each is the header `Authorization`, and that of `token` is sent",
            "/paths/~1b/get/security/0: `basic` together with `key`: each is the header `Authorization`, and that of `key` is sent",
        ]
    );
}

#[test]
fn null_as_a_body_is_listed() {
    let body = |schema: &str| {
        let (entries, _) = listed(
            "3.1.0",
            &format!(
                "paths: {{ /a: {{ put: {{ operationId: put, requestBody: {{ content: {{ application/json: {{ schema: {schema} }} }} }}, responses: {{ '204': {{ description: done }} }} }} }} }}\n"
            ),
        );
        entries
    };
    let object = "type: object, properties: { n: { type: string } }";
    for schema in [
        format!("{{ oneOf: [{{ {object} }}, {{ type: 'null' }}] }}"),
        "{ type: [integer, 'null'] }".to_owned(),
    ] {
        let entries = body(&schema);
        let at = "/paths/~1a/put/requestBody/content/application~1json/schema";
        let expected = format!("{at}: `null` as the whole body, which can't be sent");
        assert!(entries.contains(&expected), "{entries:?}");
    }
    assert_eq!(body(&format!("{{ {object} }}")), [""; 0]);
}

#[test]
fn a_mapping_to_schemas_that_are_no_forms_is_listed() {
    let (entries, _) = listed(
        "3.0.3",
        "paths: { /a: { get: { operationId: a, responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Base' } } } } } } } }
components:
  schemas:
    Base:
      type: object
      required: [kind]
      properties: { kind: { type: string } }
      discriminator: { propertyName: kind, mapping: { a: '#/components/schemas/Apart', b: Child, c: '#/components/schemas/Grandchild', d: Base } }
    Apart: { type: object, properties: { kind: { type: string } } }
    Child: { allOf: [{ $ref: '#/components/schemas/Base' }] }
    Grandchild: { allOf: [{ $ref: '#/components/schemas/Child' }] }
",
    );
    let lost: Vec<&String> = entries
        .iter()
        .filter(|entry| entry.contains("discriminator"))
        .collect();
    assert_eq!(
        lost,
        [
            "/components/schemas/Base/discriminator/mapping/a: `a` of the discriminator: `#/components/schemas/Apart` does not extend the schema with `allOf`, nor is it in its `oneOf`"
        ]
    );
}

#[test]
fn any_media_type_beside_one_is_not_sent() {
    let (entries, code) = listed(
        "3.0.3",
        "paths: { /a: { post: { operationId: put, requestBody: { content: { application/octet-stream: { schema: { type: string, format: binary } }, '*/*': { schema: { type: string, format: binary } } } }, responses: { '204': { description: done } } } } }\n",
    );
    assert_eq!(
        entries,
        [
            "/paths/~1a/post/requestBody/content/*~1*: the body as */*; application/octet-stream is sent"
        ]
    );
    assert!(code.contains("\"application/octet-stream\""), "{code}");
}

fn upload(version: &str, properties: &str) -> (Vec<String>, String) {
    listed(
        version,
        &format!(
            "paths: {{ /a: {{ post: {{ operationId: put, requestBody: {{ required: true, content: {{ multipart/form-data: {{ schema: {{ type: object, properties: {{ {properties} }} }} }} }} }}, responses: {{ '204': {{ description: done }} }} }} }} }}\n"
        ),
    )
}

#[test]
fn a_part_that_may_be_a_file_is_one() {
    let (entries, code) = upload(
        "3.0.3",
        "f: { oneOf: [{ type: string, format: binary }, { type: object, properties: { k: { type: string } } }] }",
    );
    let at = "/paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/f/oneOf/1";
    let expected = format!(
        "{at}: another form of a file, without a type: it can be sent as the content of one"
    );
    assert_eq!(entries, [expected]);
    assert!(code.contains("pub f: Option<rt::File>"), "{code}");
    let (entries, code) = upload(
        "3.0.3",
        "f: { oneOf: [{ type: string, format: binary }, { type: array, items: { type: string, format: binary } }] }",
    );
    assert_eq!(entries, [""; 0]);
    assert!(code.contains("rt::List<rt::File>"), "{code}");
    let (_, code) = upload(
        "3.0.3",
        "f: { oneOf: [{ type: string }, { type: integer }] }",
    );
    assert!(!code.contains("rt::File"), "{code}");
}

#[test]
fn a_part_has_the_media_type_of_its_text() {
    let (entries, code) = upload(
        "3.1.0",
        "t: { type: string, contentMediaType: text/csv }, j: { type: string, contentMediaType: application/json }, s: { type: string }",
    );
    assert_eq!(entries, [""; 0]);
    for (name, media_type) in [("t", "text/csv"), ("j", "application/json")] {
        let part = format!("name: \"{name}\",");
        let part = code.split(&part).nth(1).unwrap_or_default();
        let part = part.split('}').next().unwrap();
        assert!(
            part.contains(media_type) && !part.contains("Json"),
            "{code}"
        );
    }
}

#[test]
fn a_key_of_content_that_is_no_media_type_is_a_warning() {
    let warned = |media_type: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\nservers: [{{ url: 'https://api.example.com' }}]\n\
             paths: {{ /a: {{ post: {{ operationId: put, requestBody: {{ content: {{ {media_type}: {{}} }} }}, responses: {{ '200': {{ description: ok, content: {{ {media_type}: {{}} }} }} }} }} }} }}\n"
        );
        let output = generated(&crate_of("listed", text));
        let warnings = output.warnings.iter().map(ToString::to_string);
        let warnings = warnings.filter(|text| text.contains("is not a media type"));
        warnings.count()
    };
    assert_eq!(warned("form-data"), 2);
    assert_eq!(warned("json"), 2);
    assert_eq!(warned("'*/*'"), 0);
    assert_eq!(warned("image/png; q=1"), 0);
}

/// A body that is not an object has no names for its parts, and text is what a form is sent as.
#[test]
fn bodies_whose_fields_have_no_names() {
    let body = |path: &str, media_type: &str, schema: &str| {
        format!(
            "  /{path}: {{ post: {{ operationId: {path}, requestBody: {{ required: true, content: {{ {media_type}: {{ schema: {schema} }} }} }}, responses: {{ '204': {{ description: done }} }} }} }}\n"
        )
    };
    let multipart = |path, schema| body(path, "multipart/form-data", schema);
    let file = "{ type: string, format: binary }";
    let paths = [
        multipart("one", file),
        multipart("list", &format!("{{ type: array, items: {file} }}")),
        multipart("text", "{ type: string }"),
        multipart(
            "map",
            &format!("{{ type: object, additionalProperties: {{ type: array, items: {file} }} }}"),
        ),
        multipart(
            "more",
            &format!(
                "{{ type: object, properties: {{ name: {{ type: string }} }}, additionalProperties: {{ type: array, items: {file} }} }}"
            ),
        ),
        body(
            "form",
            "application/x-www-form-urlencoded",
            "{ type: string }",
        ),
    ];
    let text = format!(
        "openapi: 3.0.3\ninfo: {{ title: Files, version: '1' }}\nservers: [{{ url: 'https://api.example.com' }}]\npaths:\n{}",
        paths.concat()
    );
    let output = generated(&crate_of("files", &text));
    let code = &output.files["src/files.rs"];
    let bodies: Vec<&str> = (code.lines())
        .filter_map(|line| line.trim().strip_prefix("pub body: "))
        .collect();
    let expected = [
        "String,",
        "rt::Map<rt::List<rt::File>>,",
        "rt::Map<rt::List<rt::File>>,",
        "MoreBody,",
        "rt::Map<rt::File>,",
        "rt::Map<String>,",
    ];
    assert_eq!(bodies, expected, "{code}");
    let types = &output.files["src/types.rs"];
    assert!(
        types.contains("pub additional: rt::Map<rt::List<rt::File>>,"),
        "{types}"
    );
    assert!(
        code.contains(".text(\"application/x-www-form-urlencoded\""),
        "{code}"
    );
    let report = output.report.to_string();
    let unnamed = "the names of the parts: the body is not an object, and the caller names them";
    assert_eq!(report.matches(unnamed).count(), 3, "{report}");
    assert_eq!(
        report.matches("the fields of the form").count(),
        1,
        "{report}"
    );
}

/// A parameter that is the key of a security scheme would be sent twice.
#[test]
fn a_parameter_that_a_security_scheme_sends_is_listed() {
    let operation = |security: &str, parameter: &str| {
        format!(
            "    {{ operationId: x, security: {security}, parameters: [{parameter}], responses: {{ '204': {{ description: done }} }} }}"
        )
    };
    let schemes = "components: { securitySchemes: { key: { type: apiKey, in: query, name: key }, token: { type: apiKey, in: header, name: X-Token } } }";
    let key = |required| {
        format!("{{ name: key, in: query, required: {required}, schema: {{ type: string }} }}")
    };
    let token = "{ name: x-token, in: header, schema: { type: string } }".to_owned();
    let run = |security: &str, parameter: &str| {
        let rest = format!(
            "paths:\n  /x:\n    get:\n  {}\n{schemes}\n",
            operation(security, parameter)
        );
        let (entries, code) = listed("3.0.3", &rest);
        let is_listed = entries
            .iter()
            .any(|entry| entry.contains("a security scheme sends it"));
        let is_set =
            code.contains("fn key(") || code.contains("fn x_token(") || code.contains("pub key:");
        assert_eq!(is_listed, !is_set, "{security} {parameter}\n{code}");
        is_set
    };
    assert!(!run("[{ key: [] }]", &key(true)));
    assert!(!run("[{ key: [] }, {}]", &key(false)));
    assert!(!run("[{ key: [], token: [] }]", &token));
    // Another alternative does not send what the operation requires.
    assert!(run("[{ key: [] }, { token: [] }]", &key(true)));
    assert!(run("[{ token: [] }]", &key(false)));
    assert!(run("[]", &key(true)));
}
