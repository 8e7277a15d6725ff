//! No text makes the loader panic or hang: whatever is wrong comes back as findings.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    time::{Duration, Instant},
};

use generator::load::{Source, load};

const BLOCK: &str = r##"openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: 'https://{host}', variables: { host: { default: example.com } } }]
paths:
  /pets/{id}:
    parameters:
      - &id { name: id, in: path, required: true, schema: { type: string } }
    get:
      operationId: showPet
      description: |
        One pet: "all" of it.

        - and more
      security: [{ bearer: [] }, {}]
      responses:
        200: { description: the pet, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
        default: { $ref: "#/components/responses/Problem" }
    post:
      requestBody: { content: { text/plain: { schema: { type: string, enum: [a, ''], example: ~ } } } }
      responses:
        '204':
          description: >-
            done
            at last
components:
  securitySchemes: { bearer: { type: http, scheme: bearer } }
  responses:
    Problem: { description: a problem, headers: { x-id: { schema: { type: integer, minimum: 0x10, maximum: 1e3 } } } }
  schemas:
    Base: &base
      type: object
      required: [kind]
      discriminator: { propertyName: kind, mapping: { pet: '#/components/schemas/Pet' } }
      properties: { kind: { type: string, const: pet } }
    Pet:
      allOf: [{ $ref: '#/components/schemas/Base', description: the base }, { nullable: true, x-note: *base }]
"##;

const JSON: &str = r##"{ "openapi": "3.0.3", "info": { "title": "P\u00e9ts \ud83d\ude00", "version": "1" },
  "paths": { "/a~b": { "get": { "responses": { "200": { "description": "\"\\\/\t", "content": { "a/b": {} } } } } } },
  "components": { "schemas": { "A": { "anyOf": [{ "type": "number", "multipleOf": -1.5e-3 }, { "$ref": "#/components/schemas/B" }] },
    "B": { "type": "array", "items": { "not": { "additionalProperties": false } } } } } }
"##;

const OVERLAY: &str = r#"overlay: 1.0.0
info: { title: corrections, version: '1' }
actions:
  - target: $.paths..responses[?@.description == 'the pet']
    description: there is more to say
    update: { description: one pet }
  - target: $.paths['/pets/{id}'].post
    description: can't be done
    remove: true
"#;

/// How many times as long a spoiled text may take as the whole one: a busy machine stretches both.
const LIMIT: u32 = 10;
/// What one text may take in any case: other programs may have the machine for as long.
const ANYWAY: Duration = Duration::from_secs(20);

/// Returns how long it took.
fn attempt(name: &str, text: String, overlay: Option<&str>) -> Duration {
    let document = Source {
        name: name.to_owned(),
        text,
    };
    let overlays: Vec<Source> = (overlay.into_iter())
        .map(|text| Source {
            name: "overlay.yaml".to_owned(),
            text: text.to_owned(),
        })
        .collect();
    let start = Instant::now();
    let run = catch_unwind(AssertUnwindSafe(|| match load(&document, &overlays) {
        Ok(document) => document
            .unread()
            .iter()
            .map(|d| d.to_string().len())
            .sum::<usize>(),
        Err(found) => {
            assert!(!found.is_empty(), "refused without a reason");
            found.iter().map(|d| d.to_string().len()).sum()
        }
    }));
    assert!(run.is_ok(), "panicked on:\n{}\n{overlays:?}", document.text);
    start.elapsed()
}

/// Tries each way to spoil a text.
fn spoil(name: &str, text: &str, step: usize) {
    let whole = attempt(name, text.to_owned(), None);
    let limit = ANYWAY.max(whole * LIMIT);
    for text in spoiled(text, step) {
        let took = attempt(name, text.clone(), None);
        assert!(took < limit, "{took:?} instead of {whole:?} on:\n{text}");
    }
}

/// Signs that mean something to a reader.
const SIGNS: &[&str] = &[
    "{", "}", "[", "]", ":", ",", "&", "*", "!", "|", ">", "-", "?", "#", "'", "\"", "%", "@", "`",
    "~", "\t", "\n", " ", "<", "\\", "\0", "\u{feff}", "é", "😀", "---\n", "...\n", "<<: ",
    "!!int ", "null", "1e999", ".inf", "0x",
];

/// Every way to spoil a text, `step` positions apart.
fn spoiled(text: &str, step: usize) -> impl Iterator<Item = String> + '_ {
    let positions: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let truncated = positions
        .clone()
        .into_iter()
        .step_by(step)
        .map(|at| text[..at].to_owned());
    let beheaded = positions
        .clone()
        .into_iter()
        .step_by(step * 7)
        .map(|at| text[at..].to_owned());
    let replaced = positions
        .into_iter()
        .enumerate()
        .step_by(step)
        .map(move |(index, at)| {
            let sign = SIGNS[(index / step) % SIGNS.len()];
            let rest = &text[at..];
            let next = rest
                .char_indices()
                .nth(1)
                .map_or("", |(next, _)| &rest[next..]);
            // Every other one goes in between instead.
            let next = if (index / step).is_multiple_of(2) {
                next
            } else {
                rest
            };
            format!("{}{sign}{next}", &text[..at])
        });
    let lines = text.lines().count();
    let line_step = lines.div_ceil(200).max(step / 3 + 1);
    let without_line = (0..lines).step_by(line_step).map(move |skip| {
        let kept = text.lines().enumerate().filter(|(index, _)| *index != skip);
        kept.map(|(_, line)| format!("{line}\n")).collect()
    });
    let twice = (0..lines).step_by(line_step).map(move |again| {
        let all = text.lines().enumerate();
        all.map(|(index, line)| format!("{line}\n").repeat(if index == again { 2 } else { 1 }))
            .collect()
    });
    truncated
        .chain(beheaded)
        .chain(replaced)
        .chain(without_line)
        .chain(twice)
}

#[test]
fn the_originals_are_good() {
    for (name, text, overlay) in [("a.yaml", BLOCK, Some(OVERLAY)), ("a.json", JSON, None)] {
        let overlays = overlay.map(|text| Source {
            name: "o.yaml".to_owned(),
            text: text.to_owned(),
        });
        let document = Source {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let loaded = load(&document, overlays.as_slice());
        assert!(
            loaded.is_ok(),
            "{}",
            loaded
                .err()
                .map(|found| found[0].to_string())
                .unwrap_or_default()
        );
    }
}

#[test]
fn spoiled_yaml() {
    spoil("a.yaml", BLOCK, 3);
}

#[test]
fn spoiled_json() {
    spoil("a.json", JSON, 2);
    spoil("a.yaml", JSON, 5);
}

#[test]
fn spoiled_overlays() {
    for text in spoiled(OVERLAY, 3) {
        attempt("a.yaml", BLOCK.to_owned(), Some(&text));
    }
}

/// Any value put in the place of any other: the text is in order, the document is not.
#[test]
fn swapped_values() {
    let document = load(
        &Source {
            name: "a.yaml".to_owned(),
            text: BLOCK.to_owned(),
        },
        &[],
    )
    .expect("good");
    let whole = document.root().to_json();
    let mut pointers = Vec::new();
    collect(&whole, String::new(), &mut pointers);
    let fixed: Vec<serde_json::Value> = [
        "null",
        "true",
        "-1",
        "1.5",
        "\"\"",
        "\"#/\"",
        "[]",
        "{}",
        "[null]",
        "{\"$ref\":\"#/components/schemas/Pet\"}",
        "{\"\":null}",
    ]
    .iter()
    .map(|text| serde_json::from_str(text).expect("JSON"))
    .collect();
    for (index, pointer) in pointers.iter().enumerate() {
        let other = whole
            .pointer(&pointers[(index * 31 + 7) % pointers.len()])
            .expect("there");
        let values = [
            &fixed[index % fixed.len()],
            &fixed[(index / 3 + 5) % fixed.len()],
            other,
        ];
        for value in values {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).expect("there") = value.clone();
            attempt("a.json", changed.to_string(), None);
        }
    }
}

fn collect(value: &serde_json::Value, at: String, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{at}/{index}"), out);
            }
        }
        serde_json::Value::Object(members) => {
            for (key, item) in members {
                collect(item, format!("{at}/{}", generator::load::escape(key)), out);
            }
        }
        _ => {}
    }
    out.push(at);
}

/// Real documents, where some are at hand.
#[test]
fn spoiled_corpus() {
    let mut files: Vec<PathBuf> = Vec::new();
    match std::env::var("OPENAPI_CORPUS") {
        Ok(folder) => files.extend(
            std::fs::read_dir(folder)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path()),
        ),
        Err(_) => println!("not run: OPENAPI_CORPUS is not set"),
    }
    match std::env::var("DINTERO_OFFICIAL_SPEC") {
        Ok(file) => files.push(file.into()),
        Err(_) => println!("not run: DINTERO_OFFICIAL_SPEC is not set"),
    }
    files.sort();
    for file in files {
        let name = file.display().to_string();
        if ![".json", ".yaml", ".yml"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        // A few of each kind, however long the document is.
        let step = text.chars().count().div_ceil(8).max(1);
        spoil(&name, &text, step);
    }
}
