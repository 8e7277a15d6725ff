//! Dintero publishes its payments document as Swagger 2.0 and as OpenAPI 3.0: both become the same crate.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::{collections::BTreeMap, env, fs, path::Path};

use generator::{Input, Runtime, Target, generate_tolerant, load::Source};

/// What only the conversion to OpenAPI 3.0 added: servers, and a name for a body.
const ADDED: &str = "overlay: 1.0.0
info: { title: as the other form has it, version: '1' }
actions:
  - { target: $.servers, description: added by hand, remove: true }
  - { target: '$.paths..servers', description: added by hand, remove: true }
";
/// What it dropped: descriptions beside a reference.
const DROPPED: &str = "overlay: 1.0.0
info: { title: as the other form has it, version: '1' }
actions:
  - { target: \"$.paths['/sessions/payment-token'].post.parameters[0].schema.properties.token_provider.description\", description: dropped, remove: true }
  - { target: \"$.paths['/sessions/pay'].post.parameters[1].schema.properties.payment.description\", description: dropped, remove: true }
";
const BODY: (&str, &str) = ("CallbackUrlOptions", "CallbackUrlBody");

fn files(path: &Path, overlay: Option<&str>) -> BTreeMap<String, String> {
    let overlay = overlay.map(|text| Source {
        name: "overlay.yaml".to_owned(),
        text: text.to_owned(),
    });
    let output = generate_tolerant(&Input {
        document: Source {
            name: "payments.yaml".to_owned(),
            text: fs::read_to_string(path).unwrap(),
        },
        overlays: overlay.into_iter().collect(),
        lock: None,
        target: Target::Crate {
            name: "payments".to_owned(),
            runtime: Runtime {
                name: "dintero".to_owned(),
                path: "../sdk".to_owned(),
            },
        },
    });
    output
        .unwrap_or_else(|found| panic!("{}", found[0]))
        .files
        .into_iter()
        .collect()
}

/// The tokens of a file: lines break elsewhere where a name is longer, and lists then end with a comma.
fn tokens(path: &str, text: &str) -> Vec<String> {
    let text = text.replace(BODY.0, BODY.1);
    if !path.ends_with(".rs") {
        return text.lines().map(str::to_owned).collect();
    }
    let tokens: proc_macro2::TokenStream = text.parse().unwrap();
    let tokens = tokens.to_string().replace(',', " ");
    let mut tokens: Vec<String> = tokens.split_whitespace().map(str::to_owned).collect();
    if path == "src/builder.rs" {
        // Its lists are in the order of the names.
        tokens.sort();
    }
    tokens
}

#[test]
fn both_forms_of_the_official_document_become_the_same_crate() {
    let Some(new) = env::var_os("DINTERO_OFFICIAL_SPEC") else {
        println!("not run: DINTERO_OFFICIAL_SPEC is not set");
        return;
    };
    let old = new.to_string_lossy().replace(".openapi3.", ".swagger2.");
    let old = Path::new(&old);
    if old == Path::new(&new) || !old.exists() {
        println!("not run: there is no document {}", old.display());
        return;
    }
    let (new, old) = (
        files(Path::new(&new), Some(ADDED)),
        files(old, Some(DROPPED)),
    );
    assert_eq!(
        new.keys().collect::<Vec<_>>(),
        old.keys().collect::<Vec<_>>()
    );
    for (path, text) in &new {
        let (new, old) = (tokens(path, text), tokens(path, &old[path]));
        let differs = new.iter().zip(&old).position(|(new, old)| new != old);
        if let Some(at) = differs {
            let around = at.saturating_sub(5)..at + 5;
            panic!(
                "{path}: {:?} and {:?}",
                new.get(around.clone()),
                old.get(around)
            );
        }
        assert_eq!(new.len(), old.len(), "{path}");
    }
}
