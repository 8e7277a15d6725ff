//! Each media type of a body is an operation of its own, and keeps its name.

use generator::Output;

use crate::kept_names::{all, run};

/// An upload with bodies of these media types.
fn files(content: &str) -> String {
    format!(
        "\
openapi: 3.0.3
info: {{title: T, version: '1'}}
servers: [{{url: https://api.example.com}}]
paths:
  /files/{{id}}:
    put:
      operationId: upload
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
        - {{name: mode, in: query, schema: {{type: string, enum: [keep, drop]}}}}
      requestBody: {{content: {{{content}}}}}
      responses:
        '200': {{description: It., content: {{application/json: {{schema: {{type: object, properties: {{state: {{type: string}}}}}}}}}}}}
        '409': {{description: No., content: {{application/json: {{schema: {{type: object, properties: {{why: {{type: string}}}}}}}}}}}}
"
    )
}

const OBJECT: &str = "schema: {type: object, required: [name], properties: {name: {type: string}, by: {type: object, properties: {id: {type: string}}}}}";

/// The name of each operation, and how it writes its body.
fn uploads(output: &Output) -> Vec<String> {
    let text = all(output);
    let operations = text.split("name: \"shop.").skip(1);
    let named = operations.map(|rest| {
        let name = rest.split('"').next().unwrap();
        let request = rest.split("finish()").next().unwrap();
        let kinds = ["json", "multipart", "form", "text"];
        let mut kinds = kinds.iter().filter(|kind| {
            request.contains(&format!(".{kind}(")) || request.contains(&format!(".{kind}_"))
        });
        format!("{name} {}", kinds.next().unwrap_or(&"-"))
    });
    named.collect()
}

#[test]
fn a_media_type_of_a_body_keeps_its_name() {
    let multipart = format!("multipart/form-data: {{{OBJECT}}}");
    let both = format!("{multipart}, application/json: {{{OBJECT}}}");
    let first = run(&files(&multipart), None).unwrap();
    assert_eq!(uploads(&first), ["upload multipart"]);
    let alone = run(&files(&both), None).unwrap();
    assert_eq!(
        uploads(&alone),
        ["upload json", "upload_as_multipart multipart"]
    );
    // JSON is preferred, but it came later.
    let grown = run(&files(&both), Some(&first.lock)).unwrap();
    assert_eq!(uploads(&grown), ["upload multipart", "upload_as_json json"]);
    assert!(grown.lock.contains(
        "operation PUT /files/{id} upload\n  body multipart/form-data\n  sets .by .name /1=id ?mode\n\
         operation PUT /files/{id} application/json upload_as_json\n"
    ), "{}", grown.lock);
    // The same schema, written twice, is one type in spite of the lock.
    let types = |output: &Output| {
        let lock = output.lock.lines();
        let types = lock.filter_map(|line| line.strip_prefix("type ").map(str::to_owned));
        types.collect::<Vec<_>>()
    };
    assert_eq!(types(&grown), types(&first));
    let again = run(&files(&both), Some(&grown.lock)).unwrap();
    assert_eq!(again.lock, grown.lock);
    // For a server, they are one operation.
    let contract = grown.contract.as_deref().unwrap();
    assert_eq!(
        contract.matches(r#""method":"PUT""#).count(),
        1,
        "{contract}"
    );
    for media_type in ["multipart/form-data", "application/json"] {
        assert!(
            contract.contains(&format!("\"{media_type}\":{{\"properties\"")),
            "{contract}"
        );
    }
    // A third one renames none of them.
    let third = format!(
        "{both}, application/x-www-form-urlencoded: {{{OBJECT}}}, text/json: {{schema: {{type: string}}}}"
    );
    let third = run(&files(&third), Some(&grown.lock)).unwrap();
    assert_eq!(
        uploads(&third),
        [
            "upload multipart",
            "upload_as_json json",
            "upload_as_form form",
            "upload_as_json_2 json"
        ]
    );
}

#[test]
fn the_first_media_type_is_gone() {
    let both = format!("multipart/form-data: {{{OBJECT}}}, application/json: {{{OBJECT}}}");
    let json = format!("application/json: {{{OBJECT}}}");
    let first = run(&files(&format!("multipart/form-data: {{{OBJECT}}}")), None).unwrap();
    let grown = run(&files(&both), Some(&first.lock)).unwrap();
    let less = run(&files(&json), Some(&grown.lock)).unwrap();
    assert_eq!(uploads(&less), ["upload_as_json json"]);
    // Types of parameters and responses stay.
    let text = all(&less);
    for kept in [
        "enum UploadMode",
        "struct UploadResponse",
        "struct FileId(",
        "struct UploadStatus409Error",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let again = run(&files(&json), Some(&less.lock)).unwrap();
    assert_eq!((uploads(&again), &again.lock), (uploads(&less), &less.lock));
    // What had only that one goes on with another, as before.
    let changed = run(&files(&json), Some(&first.lock)).unwrap();
    assert_eq!(uploads(&changed), ["upload json"]);
}

#[test]
fn a_new_operation_takes_no_name_of_a_media_type() {
    let both = format!("multipart/form-data: {{{OBJECT}}}, application/json: {{{OBJECT}}}");
    let first = run(&files(&both), None).unwrap();
    let more = files(&both).replace(
        "paths:\n",
        "paths:\n  /a/{id}:\n    put:\n      operationId: upload_as_multipart\n      parameters: [{name: id, in: path, required: true, schema: {type: string, x-rust-type: FileId}}]\n      responses: {'204': {description: Done.}}\n",
    );
    let kept = run(&more, Some(&first.lock)).unwrap();
    assert_eq!(
        uploads(&kept),
        [
            "upload_as_multipart_2 -",
            "upload json",
            "upload_as_multipart multipart"
        ]
    );
    let free = run(&more, None).unwrap();
    assert_eq!(
        uploads(&free),
        [
            "upload_as_multipart -",
            "upload json",
            "upload_as_multipart_2 multipart"
        ]
    );
}

#[test]
fn a_media_type_is_renamed_as_the_lock_says() {
    let named = "x-rust-name: upload_parts, ";
    let text = |name: &str| {
        files(&format!(
            "multipart/form-data: {{{name}{OBJECT}}}, application/json: {{{OBJECT}}}"
        ))
    };
    let first = run(&text(""), None).unwrap();
    let released = first
        .lock
        .replace("upload_as_multipart\n", "upload_as_multipart 1.0.0\n");
    assert_ne!(released, first.lock);
    assert_eq!(run(&text(""), Some(&released)).unwrap().lock, released);
    let open = run(&text(named), Some(&first.lock)).unwrap();
    assert_eq!(uploads(&open), ["upload json", "upload_parts multipart"]);
    let error = run(&text(named), Some(&released)).unwrap_err();
    assert!(
        error.contains("`upload_as_multipart` would become `upload_parts`"),
        "{error}"
    );
    let decided = format!("{released}renamed operation upload_as_multipart upload_parts\n");
    let renamed = run(&text(named), Some(&decided)).unwrap();
    assert_eq!(uploads(&renamed), ["upload json", "upload_parts multipart"]);
    assert!(all(&renamed).contains("is called `upload_parts` now"));
    // With the operation, its media types get another name, unless they were released.
    let other = |text: String| text.replace("operationId: upload", "x-rust-name: send");
    let open = run(&other(text("")), Some(&first.lock)).unwrap();
    assert_eq!(uploads(&open), ["send json", "send_as_multipart multipart"]);
    let kept = run(&other(text("")), Some(&released)).unwrap();
    assert_eq!(
        uploads(&kept),
        ["send json", "upload_as_multipart multipart"]
    );
}
