//! What each construct of OpenAPI becomes: one small document each under `constructs/`, its whole output as a snapshot.
//! That the snapshots compile is tested where a compiler runs, in the crate `tests`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::{fmt::Write as _, fs, path::Path};

use generator::{Input, Output, Runtime, Target, generate, load::Source};

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/constructs")
        .join(format!("{name}.yaml"));
    fs::read_to_string(&path).unwrap()
}

fn input(name: &str, text: String) -> Input {
    Input {
        document: Source {
            name: format!("{name}.yaml"),
            text,
        },
        overlays: Vec::new(),
        lock: None,
        target: Target::Crate {
            name: name.replace('_', "-"),
            runtime: Runtime {
                name: "runtime".to_owned(),
                path: "../runtime".to_owned(),
            },
        },
    }
}

fn output(name: &str) -> Output {
    generate(&input(name, text(name))).unwrap_or_else(|errors| {
        let all: String = errors.iter().map(|error| format!("{error}\n")).collect();
        panic!("{all}")
    })
}

fn snapshot(name: &str) {
    let output = output(name);
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
        let text = text("formats");
        assert!(text.contains(good), "{good}");
        let errors = generate(&input("formats", text.replace(good, bad))).unwrap_err();
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
fn a_mistake_in_a_webhook_is_found() {
    for (good, bad, expected) in [
        (
            "schemas/OrderPaid'",
            "schemas/OrderPad'",
            "leads to nothing",
        ),
        ("requestBody:", "requestBodi:", "`requestBodi`"),
    ] {
        let text = text("webhooks");
        assert!(text.contains(good), "{good}");
        let errors = generate(&input("webhooks", text.replacen(good, bad, 1))).unwrap_err();
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
            "x-idempotent-by: events",
            "`events` is not in every request",
        ),
        (
            "requestBody:\n        required: true",
            "requestBody:\n        required: false",
            "`amount` is not in every request",
        ),
    ] {
        let text = text("all_of");
        assert!(text.contains(good), "{good}");
        let errors = generate(&input("all_of", text.replacen(good, bad, 1))).unwrap_err();
        let [error] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        assert!(error.to_string().contains(expected), "{error}");
    }
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
    all_of answers bodies content directions enums equal_types formats maps_and_null names parameters recursion security
    servers unions webhooks
}
