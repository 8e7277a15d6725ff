//! The report lists every value without a type: as many entries as there are such values in the output.

use std::{env, fs, path::Path};

use generator::Output;
use quote::ToTokens;
use syn::{Fields, ImplItem, Item};

use crate::support::{construct, crate_of, generated, types};

fn is_untyped(tokens: &impl ToTokens) -> bool {
    let text = tokens.to_token_stream().to_string();
    let mut words = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.any(|word| word == "Json" || word == "JsonObject")
}

/// Fields, variants and answers whose type is any JSON, read off the Rust code itself.
fn untyped(output: &Output) -> usize {
    let mut count = 0;
    // Builders hold the values of the types they build once more.
    for (_, text) in output
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs") && !path.ends_with("builder.rs"))
    {
        for item in syn::parse_file(text).unwrap().items {
            count += match &item {
                Item::Struct(item) if !item.ident.to_string().ends_with("Builder") => {
                    of_fields(&item.fields)
                }
                Item::Enum(item) => item
                    .variants
                    .iter()
                    .map(|variant| of_fields(&variant.fields))
                    .sum(),
                Item::Impl(item) => {
                    let of_trait = item
                        .trait_
                        .as_ref()
                        .and_then(|(_, path, _)| path.segments.last());
                    let is_stream = of_trait.is_some_and(|last| last.ident == "Streams");
                    let types = item.items.iter().filter_map(|item| match item {
                        ImplItem::Type(item)
                            if item.ident == "Output"
                                || item.ident == "ErrorResponse"
                                || is_stream =>
                        {
                            Some(&item.ty)
                        }
                        _ => None,
                    });
                    types.filter(is_untyped).count()
                }
                Item::Macro(item) if item.mac.path.segments.last().unwrap().ident == "offers" => {
                    offered(&item.mac.tokens.to_string())
                }
                _ => 0,
            };
        }
    }
    count
}

/// Other media types of responses: rows of `number "media/type" as_name send_as_name: Type,`.
fn offered(rows: &str) -> usize {
    let rows = rows.split("send_as_").skip(1);
    let types = rows.map(|row| {
        let (_, ty) = row.split_once(':').unwrap();
        let (ty, _) = ty.rsplit_once(',').unwrap();
        syn::parse_str::<syn::Type>(ty).unwrap()
    });
    types.filter(is_untyped).count()
}

fn of_fields(fields: &Fields) -> usize {
    fields.iter().filter(|field| is_untyped(&field.ty)).count()
}

#[test]
fn as_many_entries_as_untyped_values() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
    let mut all = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let output = generated(&crate_of("reported", text));
        assert_eq!(
            untyped(&output),
            output.report.untyped.len(),
            "{}\n{}",
            path.display(),
            output.report
        );
        all += output.report.untyped.len();
    }
    assert!(all > 2, "the documents have holes to find");
}

#[test]
fn the_official_document_too() {
    let Some(path) = env::var_os("DINTERO_OFFICIAL_SPEC") else {
        println!("not run: DINTERO_OFFICIAL_SPEC is not set");
        return;
    };
    let output = generated(&crate_of("official", fs::read_to_string(path).unwrap()));
    assert_eq!(
        untyped(&output),
        output.report.untyped.len(),
        "{}",
        output.report
    );
    println!(
        "untyped values: {}, constraints left to the server: {}",
        output.report.untyped.len(),
        output.report.constraints.len()
    );
}

/// Every entry says where: a place in the file and a pointer that leads there.
#[test]
fn entries_have_places() {
    let text = construct("formats");
    let output = generated(&crate_of("formats", text.as_str()));
    assert!(!output.report.constraints.is_empty());
    for entry in &output.report.constraints {
        let line: usize = entry.place.split(':').nth(1).unwrap().parse().unwrap();
        let key = entry.pointer.rsplit('/').next().unwrap();
        assert!(text.lines().nth(line - 1).unwrap().contains(key), "{entry}");
    }
}

#[test]
fn schemas_that_nothing_reaches_are_listed_and_no_types() {
    let text = construct("all_of");
    let output = generated(&crate_of("all_of", text.as_str()));
    let listed: Vec<&str> = (output.report.unreached.iter())
        .map(|entry| entry.what.as_str())
        .collect();
    // Parts of others: what they have is in the types of those.
    assert_eq!(listed, ["Base", "CardPart", "WalletPart"]);
    for entry in &output.report.unreached {
        let line: usize = entry.place.split(':').nth(1).unwrap().parse().unwrap();
        let key = text.lines().nth(line - 1).unwrap().trim();
        assert_eq!(key, format!("{}:", entry.what), "{entry}");
        let definition = format!("pub struct {} {{", entry.what);
        assert!(!types(&output).contains(&definition), "{definition}");
    }
    assert!(!types(&output).contains("pub struct Foundation {"));
    assert!(types(&output).contains("pub struct Payment {"));
    let text = output.report.to_string();
    assert!(
        text.contains("schemas that no operation reaches, without a type: 3\n"),
        "{text}"
    );
}

#[test]
fn a_document_of_schemas_alone_has_types_for_all() {
    let text = "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths: {}\n\
                components:\n  schemas:\n    Pet: { properties: { owner: { $ref: '#/components/schemas/Owner' } } }\n    \
                Owner: { properties: { name: { type: string } } }\n";
    let output = generated(&crate_of("pets", text));
    assert!(
        output.report.unreached.is_empty(),
        "{:?}",
        output.report.unreached
    );
    for name in ["Pet", "Owner"] {
        assert!(types(&output).contains(&format!("pub struct {name} {{")));
    }
}

/// Types of unions that nothing tells apart are listed, and those that no value is read as are warnings.
#[test]
fn what_a_union_leaves_open() {
    let output = generated(&crate_of("told_apart", construct("told_apart")));
    let listed = output.report.ambiguous.iter();
    let listed: Vec<(&str, &str)> = listed
        .map(|entry| (entry.pointer.as_str(), entry.what.as_str()))
        .collect();
    let zoo = "/components/schemas/Zoo/properties";
    assert_eq!(
        listed,
        [
            (
                &*format!("{zoo}/net/oneOf/1"),
                "`V6Net` is the same type as `V4Net`"
            ),
            ("/components/schemas/Inner", "`First` or `Second`"),
            ("/components/schemas/Nested", "`Outer` or `Inner`"),
            (&*format!("{zoo}/crossed"), "`Union` or `Union2`"),
            (&*format!("{zoo}/more"), "`Object` or `Object2`"),
            (&*format!("{zoo}/nullable_tag"), "`A` or `B`"),
            (&*format!("{zoo}/parted"), "`PartedA` or `PartedB`"),
            (&*format!("{zoo}/twice"), "`Twin` or `Brother`"),
            (&*format!("{zoo}/untold"), "`Near` or `Far`"),
        ]
    );
    let warnings = output.warnings.iter().map(ToString::to_string);
    let warnings: Vec<String> = warnings
        .filter(|warning| !warning.contains("a value of `enum`"))
        .collect();
    let [dead] = warnings.as_slice() else {
        panic!("{warnings:?}");
    };
    assert!(
        dead.contains("`Brother` can never be read") && dead.contains("/properties/twice"),
        "{dead}"
    );
}

/// The default of a discriminator has the values of the tag that mean no other type.
#[test]
fn a_default_leaves_nothing_open() {
    let listed = |text: String| generated(&crate_of("methods", text)).report.ambiguous.len();
    let text = construct("methods");
    assert_eq!(listed(text.replace(", defaultMapping: Other", "")), 0);
    assert_eq!(listed(text.clone()), 0);
    // Without the tag, a value may be of either.
    let optional = "Picture: {type: object, properties";
    let text = text.replace(
        "Picture: {type: object, required: [kind], properties",
        optional,
    );
    assert_eq!(listed(text), 1);
}

/// Lists are told apart by the members of their items.
#[test]
fn lists_whose_items_have_the_same_members_are_listed() {
    let document = |member: &str| {
        format!(
            r#"
openapi: 3.0.3
info: {{ title: Lists, version: "1" }}
paths: {{}}
components:
  schemas:
    Batch:
      anyOf:
        - {{ type: array, items: {{ $ref: '#/components/schemas/Document' }} }}
        - {{ type: array, items: {{ $ref: '#/components/schemas/Image' }} }}
    Document:
      type: object
      required: [text, model]
      properties: {{ text: {{ }}, model: {{ type: string }} }}
    Image:
      type: object
      required: [{member}, model]
      properties: {{ {member}: {{ }}, model: {{ type: string }} }}
"#
        )
    };
    let listed = |member: &str| -> Vec<String> {
        let output = generated(&crate_of("lists", document(member)));
        let listed = output.report.ambiguous.iter();
        listed.map(|entry| entry.pointer.clone()).collect()
    };
    assert_eq!(listed("image"), [""; 0]);
    assert_eq!(listed("text"), ["/components/schemas/Batch"]);
}

#[test]
fn callbacks_and_links_are_listed() {
    let text = "\
openapi: 3.0.3
info: { title: Calls, version: '1' }
servers: [{ url: 'https://api.example.com' }]
paths:
  /orders:
    post:
      operationId: order
      responses:
        '201': { description: ok, links: { get: { operationId: get }, put: { $ref: '#/components/links/Put' } } }
        '200': { $ref: '#/components/responses/Shared' }
      callbacks:
        onPaid: { '{$request.body#/url}': { post: { responses: { '200': { description: ok } } } } }
        onGone: { $ref: '#/components/callbacks/Gone' }
    get: { operationId: get, responses: { '200': { $ref: '#/components/responses/Shared' } } }
components:
  links: { Put: { operationId: get } }
  callbacks: { Gone: { '{$request.body#/url}': { post: { responses: { '200': { description: ok } } } } } }
  responses: { Shared: { description: ok, links: { again: { operationId: get } } } }
";
    let output = generated(&crate_of("calls", text));
    let entries = output.report.constraints.iter();
    let entries: Vec<String> = entries
        .map(|entry| format!("{}: {}", entry.pointer, entry.what))
        .collect();
    assert_eq!(
        entries,
        [
            "/components/responses/Shared/links/again: the link `again` to another operation",
            "/paths/~1orders/post/responses/201/links/get: the link `get` to another operation",
            "/paths/~1orders/post/responses/201/links/put: the link `put` to another operation",
            "/paths/~1orders/post/callbacks/onGone: the callback `onGone`, whose requests have no types",
            "/paths/~1orders/post/callbacks/onPaid: the callback `onPaid`, whose requests have no types",
        ]
    );
}

#[test]
fn xml_is_text_and_listed() {
    let document = |media_type: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{ title: Xml, version: '1' }}\nservers: [{{ url: 'https://api.example.com' }}]\npaths:\n  /pets:\n    \
             post:\n      operationId: add\n      requestBody: {{ required: true, content: {{ {media_type}: {{ schema: {{ type: object, properties: {{ a: {{ type: string }} }} }} }} }} }}\n      \
             responses: {{ '200': {{ description: ok, content: {{ {media_type}: {{ schema: {{ type: object }} }}, application/octet-stream: {{}} }} }} }}\n"
        )
    };
    for media_type in [
        "application/xml",
        "text/xml",
        "application/soap+xml; charset=utf-8",
    ] {
        let output = generated(&crate_of("xml", document(&format!("'{media_type}'"))));
        let code = &output.files["src/xml.rs"];
        assert!(
            code.contains(&format!(".text(\"{media_type}\", &self.body)")),
            "{code}"
        );
        assert!(code.contains("type Output = String;"), "{code}");
        let listed = format!("the schema of {media_type}, which is text");
        let entries = output.report.constraints.iter();
        assert_eq!(
            entries.filter(|entry| entry.what == listed).count(),
            2,
            "{}",
            output.report
        );
    }
    let output = generated(&crate_of("xml", document("image/svg+xml")));
    assert!(output.files["src/xml.rs"].contains("type Output = rt::Bytes;"));
}

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
