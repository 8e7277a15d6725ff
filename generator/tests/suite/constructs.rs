//! What each construct of OpenAPI becomes: one small document each under `constructs/`, its whole output as a snapshot.
//! That the snapshots compile is tested where a compiler runs, in the crate `tests`.

use std::{fmt::Write as _, fs, path::Path};

use generator::generate;

use crate::support::{construct, crate_of, generated};

fn snapshot(name: &str) {
    let output = generated(&crate_of(name, construct(name)));
    let mut text = String::new();
    for (path, content) in &output.files {
        writeln!(text, "//// {path}\n{content}").unwrap();
    }
    writeln!(
        text,
        "//// names.lock\n{}\n//// report\n{}",
        output.lock, output.report
    )
    .unwrap();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_type_that_the_runtime_lacks() {
    for (good, bad) in [
        ("rt::Amount'}\n", "rt::Nothing'}\n"),
        ("price: {type: integer", "price: {type: boolean"),
    ] {
        let text = construct("formats");
        assert!(text.contains(good), "{good}");
        let errors = generate(&crate_of("formats", text.replace(good, bad))).unwrap_err();
        let [error] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        let said = error.to_string();
        assert!(said.contains("the runtime has no type `rt::"), "{said}");
        assert!(
            said.contains("formats.yaml:33:") && said.contains("/price/x-rust-type"),
            "{said}"
        );
    }
}

#[test]
fn a_number_can_be_an_amount() {
    let text = construct("formats");
    let number = text.replace("price: {type: integer", "price: {type: number");
    assert_ne!(number, text);
    let output = |text| generate(&crate_of("formats", text)).unwrap();
    assert_eq!(output(number).files, output(text).files);
}

#[test]
fn one_item_in_place_of_what_is_no_list() {
    let (good, bad) = (
        "limits: {$ref: '#/components/schemas/Limits'}",
        "limits: {type: string, x-or-single: true}",
    );
    let text = construct("open_types");
    assert!(text.contains(good), "{good}");
    let errors = generate(&crate_of("open_types", text.replace(good, bad))).unwrap_err();
    let [error] = errors.as_slice() else {
        panic!("{errors:?}");
    };
    let said = error.to_string();
    assert!(
        said.contains("only a list can come as one item") && said.contains("/limits/x-or-single"),
        "{said}"
    );
}

#[test]
fn a_mistake_in_a_webhook_is_found() {
    for (good, bad, expected) in [
        (
            "schemas/OrderPaid'",
            "schemas/OrderPad'",
            "leads to nothing",
        ),
        ("requestBody:", "requestBodi:", "`requestBodi`"),
    ] {
        let text = construct("webhooks");
        assert!(text.contains(good), "{good}");
        let errors = generate(&crate_of("webhooks", text.replacen(good, bad, 1))).unwrap_err();
        let [error] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        let said = error.to_string();
        assert!(
            said.contains(expected) && said.contains("/x-webhooks/order_paid/post"),
            "{said}"
        );
    }
}

#[test]
fn promises_about_repeating_that_do_not_hold() {
    for (good, bad, expected) in [
        (
            "x-settled-by: get_payment",
            "x-settled-by: get_money",
            "there is no operation `get_money`",
        ),
        (
            "x-idempotent-by: amount",
            "x-idempotent-by: number",
            "`number` is in no request",
        ),
    ] {
        let text = construct("all_of");
        assert!(text.contains(good), "{good}");
        let errors = generate(&crate_of("all_of", text.replacen(good, bad, 1))).unwrap_err();
        let [error] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn pages_that_do_not_hang_together() {
    for (good, bad, expected) in [
        (
            "{starting_after: id}",
            "{starting_before: id}",
            "`starting_before` is neither a parameter nor a member",
        ),
        (
            "{starting_after: id}",
            "{starting_after: number}",
            "`number` leads nowhere: there is no member `number`",
        ),
        (
            "{starting_after: id}",
            "{pages: id}",
            "the value of `id` is not one that the parameter takes",
        ),
        ("{starting_after: id}", "{items: id}", "the value of `id`"),
        ("{starting_after: id}", "{}", "there is no cursor"),
        (
            "{starting_after: id}",
            "{starting_after: 1}",
            "this names no member",
        ),
        (
            "{starting_after: id}",
            "{starting_after: []}",
            "`starting_after` has no value",
        ),
        (
            "last-item: {",
            "last_item: {",
            "`last_item` does not say how the pages are connected",
        ),
        (
            "hits: {type: array,",
            "hits: {type: array, x-or-single: true,",
            "`hits` may come as one item",
        ),
        (
            "offset: {type: integer}",
            "offset: {type: integer, readOnly: true}",
            "`offset` is not an optional member of the body",
        ),
        (
            "items: hits",
            "items: next_offset",
            "`next_offset` is not a list",
        ),
        ("        items: hits\n", "", "the response is not a list"),
        (
            "next: {offset: next_offset}",
            "items: hits",
            "missing cursor: the start of the next page is unknown",
        ),
        (
            "next: {offset: next_offset}",
            "next: {text: next_offset}",
            "`text` is not an optional member of the body",
        ),
        (
            "        - {name: after_id, in: query,",
            "        - {name: after_id, in: query, required: true,",
            "`after_id` is not an optional parameter",
        ),
        (
            "when: [created.gte, created.lte]",
            "when: [created.gt]",
            "there is no optional parameter `created.gt`",
        ),
        (
            "{from: key.settled_on}",
            "{from: key.settled_on, when: [created.gte]}",
            "only the last alternative is without `when`",
        ),
        (
            "x-settled-by: list_orders",
            "x-pagination: {items: ok, next: {a: ok}}",
            "`ok` is not a list",
        ),
        ("Pay-Id", "Pay Id", "not a valid header name"),
        ("Trace-Id", "[1]", "not a valid header name"),
        (
            "x-must-use: it may have failed; see `ok`",
            "x-must-use: 1",
            "missing reason",
        ),
        (
            "tags: [money]\n      description: The cursor",
            "x-must-use: look\n      tags: [money]\n      description: The cursor",
            "",
        ),
        (
            "      x-pagination:\n        last-item: {starting_after: id}",
            "      x-must-use: look",
            "the response is not an object",
        ),
    ] {
        let text = construct("pages");
        assert!(text.contains(good), "{good}");
        let text = text.replacen(good, bad, 1).replacen(
            "items: hits\n        items: hits",
            "items: hits",
            1,
        );
        let outcome = generate(&crate_of("pages", text));
        if expected.is_empty() {
            assert!(outcome.is_ok(), "{bad}");
            continue;
        }
        let errors = outcome.err().unwrap_or_else(|| panic!("{bad} is taken"));
        assert!(
            errors[0].to_string().contains(expected),
            "{bad}: {}",
            errors[0]
        );
        assert!(
            errors[0].to_string().contains("pages.yaml:"),
            "{}",
            errors[0]
        );
    }
}

/// Which of them is met first has no part in what lists, maps and heirs of themselves become.
#[test]
fn recursion_is_the_same_by_any_name() {
    let plain = construct("recursion");
    for (name, other) in [
        ("Rule", "ZRule"),
        ("BrokenRule", "ABrokenRule"),
        ("HasChildren", "ZHasChildren"),
        ("Part", "APart"),
        ("Evens", "ZEvens"),
    ] {
        let renamed = plain.replace(&format!("    {name}: "), &format!("    {other}: "));
        let renamed = renamed.replace(&format!("schemas/{name}'"), &format!("schemas/{other}'"));
        assert_ne!(renamed, plain, "{name}");
        let count = |text: &str| {
            let output =
                generate(&crate_of("recursion", text.to_owned())).unwrap_or_else(|errors| {
                    panic!("{name}: {}", errors[0]);
                });
            let files = ["src/types.rs", "src/json.rs"].map(|path| output.files[path].as_str());
            let mut lines: Vec<String> = (files.concat().lines())
                .map(|line| line.replace(other, name).replace(['[', ']', '`'], ""))
                .filter(|line| line.contains("pub ") || line.contains("optional "))
                .collect();
            lines.sort();
            lines
        };
        assert_eq!(count(&renamed), count(&plain), "{name}");
    }
}

/// Published documents have it for values that may be empty text.
#[test]
fn a_single_value_as_deep_object_is_listed_and_sent_plainly() {
    for (document, plain, deep, pointer) in [
        (
            "styles",
            "{name: q, in: query, ",
            "{name: q, in: query, style: deepObject, ",
            "/parameters/0/style",
        ),
        (
            "forms",
            "note: {contentType: text/plain}",
            "note: {style: deepObject}",
            "/encoding/note/style",
        ),
    ] {
        let text = construct(document);
        assert!(text.contains(plain), "{plain}");
        let before = generated(&crate_of(document, text.as_str()));
        let after = generated(&crate_of(document, text.replacen(plain, deep, 1)));
        assert_eq!(before.files, after.files);
        let mut listed = after.report.constraints.iter();
        assert!(
            listed.any(|entry| entry.pointer.ends_with(pointer)),
            "{}",
            after.report
        );
    }
}

#[test]
fn styles_that_mean_nothing() {
    for (document, good, bad, expected, pointer) in [
        (
            "styles",
            "{name: id, in: path, required: true, style: label,",
            "{name: id, in: path, required: true, style: label, x-client-value: account,",
            "a value that the client fills in",
            "/get/parameters/0",
        ),
        (
            "styles",
            "style: matrix, explode: true, schema: {type: array",
            "style: form, explode: true, schema: {type: array",
            "`form`",
            "/parameters/2",
        ),
        (
            "forms",
            "own: {style: form, explode: true}",
            "own: {contentType: application/xml}",
            "a member of a form can't be sent as `application/xml`",
            "/encoding/own/contentType",
        ),
        (
            "paths",
            "/v3/pets/{id}:",
            "/v3/pets/{pet}:",
            "`{pet}` in the path has no parameter",
            "/paths/~1v3~1pets~1{pet}",
        ),
        (
            "paths",
            "/v3/pets/{id}:",
            "/v3/pets:",
            "the path parameter `id`",
            "/paths/~1v3~1pets",
        ),
    ] {
        let text = construct(document);
        assert!(text.contains(good), "{good}");
        let input = crate_of(document, text.replacen(good, bad, 1));
        let Err(errors) = generate(&input) else {
            panic!("{bad} is taken");
        };
        let said = errors[0].to_string();
        assert!(said.contains(expected), "{bad}: {said}");
        assert!(errors[0].pointer.contains(pointer), "{bad}: {said}");
    }
}

/// Files in every version: `format`, `contentMediaType`, a media type of the part, `type: file`.
#[test]
fn files_of_every_version() {
    let head =
        "info: { title: T, version: '1' }\npaths:\n  /a:\n    post:\n      operationId: upload\n";
    let done = "      responses: { '204': { description: done } }\n";
    let body = |schema: &str, encoding: &str| {
        format!(
            "      requestBody: {{ required: true, content: {{ multipart/form-data: {{ {encoding}schema: {{ type: object, \
             required: [photo], properties: {{ photo: {schema}, title: {{ type: string }} }} }} }} }} }}\n"
        )
    };
    let servers = "servers: [{ url: 'https://api.example.com' }]\n";
    let encoding = "encoding: { photo: { contentType: image/png } }, ";
    let binary = "{ type: string, format: binary }";
    let media_type = "{ contentMediaType: image/png }";
    let documents = [
        format!(
            "openapi: 3.0.3\n{servers}{head}{}{done}",
            body(binary, encoding)
        ),
        format!(
            "openapi: 3.0.3\n{servers}{head}{}{done}",
            body("{ type: string }", encoding)
        ),
        format!(
            "openapi: 3.1.0\n{servers}{head}{}{done}",
            body(media_type, "")
        ),
        format!(
            "openapi: 3.1.0\n{servers}{head}{}{done}",
            body("{}", encoding)
        ),
    ];
    let swagger = format!(
        "swagger: '2.0'\nhost: api.example.com\nschemes: [https]\n{head}      consumes: [multipart/form-data]\n      parameters:\n      \
         - {{ name: photo, in: formData, type: file, required: true }}\n      - {{ name: title, in: formData, type: string }}\n{done}"
    );
    let of = |text: &str| {
        let output = generated(&crate_of("t", text));
        let manifest = output.files["Cargo.toml"].clone();
        assert!(
            manifest.contains("features = [\"multipart\"]"),
            "{manifest}"
        );
        (
            output.files["src/t.rs"].clone(),
            output.files["src/types.rs"].clone(),
        )
    };
    let first = of(&documents[0]);
    assert!(
        first.1.contains("pub photo: Option<rt::File>,"),
        "{}",
        first.1
    );
    assert!(first.0.contains("media_type: \"image/png\""), "{}", first.0);
    for document in &documents[1..] {
        assert_eq!(of(document), first, "{document}");
    }
    let plain = of(&swagger);
    assert_eq!(
        plain.1,
        first.1.replace("    /// Media type: `image/png`.\n", "")
    );
    assert!(plain.0.contains(".multipart(&self.body)"), "{}", plain.0);
}

macro_rules! constructs {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            snapshot(stringify!($name));
        })*

        /// No document is forgotten here.
        #[test]
        fn every_document_has_a_snapshot() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
            let mut found: Vec<String> = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            found.sort();
            assert_eq!(found, [$(stringify!($name)),*]);
        }
    };
}

constructs! {
    all_of answers bodies calls constants content directions enums equal_types formats forms hostile_names identity item_schemas json_schema maps_and_null media_types methods
    names numbers open_types pages parameters paths recursion security servers streams styles swagger told_apart trusted unions uploads
    webhooks
}
