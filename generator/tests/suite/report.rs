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
            (&*format!("{zoo}/crossed"), "`A` or `B`"),
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
