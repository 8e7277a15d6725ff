//! Documents that share schemas: what they share is one type, in a module of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use generator::{Input, Together, Unit, generate_together};

use crate::support::{self, lines, module_of, source};

fn input(name: &str, text: String) -> Input {
    let document = source(&format!("spec/{name}.yaml"), text);
    Input {
        document,
        ..module_of(name, "")
    }
}

fn text(name: &str) -> String {
    support::text(&format!("together/{name}.yaml"))
}

fn both() -> [Input; 2] {
    [input("desk", text("desk")), input("shop", text("shop"))]
}

/// Problems are for everybody; whoever has notes has the shop.
fn units() -> [Unit; 1] {
    [unit(&["Problem"])]
}

fn unit(types: &[&str]) -> Unit {
    let types = types.iter().map(|&name| name.to_owned()).collect();
    Unit {
        module: "common".to_owned(),
        about: "What everybody has.".to_owned(),
        types: BTreeMap::from([("shop".to_owned(), types)]),
    }
}

fn together(inputs: &[Input]) -> Together {
    generate_together(inputs, &units()).unwrap_or_else(|errors| panic!("{}", lines(&errors)))
}

fn refused(inputs: &[Input]) -> String {
    lines(&generate_together(inputs, &units()).unwrap_err())
}

#[test]
fn what_documents_share_is_one_type() {
    let inputs = both();
    let together = together(&inputs);
    let mut text = format!("//// ids.rs\n{}\n", together.ids);
    for (module, needs) in &together.needs {
        writeln!(text, "//// {module} needs {needs:?}").unwrap();
    }
    for shared in &together.shared {
        writeln!(text, "//// {} for {:?}", shared.module, shared.users).unwrap();
        for (path, content) in &shared.files {
            writeln!(text, "//// {}/{path}\n{content}", shared.module).unwrap();
        }
    }
    for (name, output) in ["desk", "shop"].into_iter().zip(&together.outputs) {
        for (path, content) in &output.files {
            writeln!(text, "//// {name}/{path}\n{content}").unwrap();
        }
        writeln!(text, "//// names.lock of {name}\n{}", output.lock).unwrap();
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("together", text);
    });
}

/// In which order the documents come means nothing for what is in the files.
#[test]
fn the_order_of_documents_means_nothing() {
    let [desk, shop] = both();
    let forth = together(&[desk.clone(), shop.clone()]);
    let back = together(&[shop, desk]);
    assert_eq!(forth.outputs[0].files, back.outputs[1].files);
    assert_eq!(forth.outputs[1].files, back.outputs[0].files);
    assert_eq!(forth.shared[0].files, back.shared[0].files);
    assert_eq!((forth.ids, forth.needs), (back.ids, back.needs));
}

/// What a document brings of its own and of others, by module.
#[test]
fn what_a_module_needs() {
    let users = |together: &Together| {
        let mut shared = together.shared.iter();
        shared.next().map(|unit| unit.users.clone()).unwrap()
    };
    let both = both();
    let with_problems = together(&both);
    let everybody = BTreeSet::from(["desk".to_owned(), "shop".to_owned()]);
    assert_eq!(users(&with_problems), everybody);
    assert_eq!(
        with_problems.needs["desk"],
        BTreeSet::from(["shop".to_owned()])
    );
    // Everything that the desk has of the shop.
    let all = generate_together(&both, &[unit(&["Problem", "Order"])]).unwrap();
    assert_eq!(users(&all), everybody);
    assert!(
        all.needs.values().all(BTreeSet::is_empty),
        "{:?}",
        all.needs
    );
    // What a type is made of comes with it.
    assert!(all.shared[0].files["types.rs"].contains("pub struct Note "));
    assert!(!all.outputs[1].files.contains_key("types.rs"));
}

#[test]
fn a_shared_module_of_types_that_are_not_there() {
    for wrong in ["Nothing", "OrderId"] {
        let errors = generate_together(&both(), &[unit(&[wrong])]).unwrap_err();
        let said = errors[0].to_string();
        let expected =
            format!("`{wrong}` is listed for the shared module `common`, but is not a type");
        assert!(said.contains(&expected), "{said}");
    }
}

/// The crate has a feature for multipart bodies.
#[test]
fn what_a_module_needs_of_the_runtime() {
    let desk = text("desk");
    let parts = desk.replace(
        "application/json: { schema: { $ref: \"shop.yaml#/components/schemas/Note\"",
        "multipart/form-data: { schema: { $ref: \"shop.yaml#/components/schemas/Note\"",
    );
    assert_ne!(parts, desk);
    let features = |desk: String| {
        let together = generate_together(&[input("desk", desk), input("shop", text("shop"))], &[]);
        together.unwrap().features
    };
    assert!(features(desk).values().all(BTreeSet::is_empty));
    let features = features(parts);
    assert_eq!(features["desk"], BTreeSet::from(["multipart"]));
    assert!(features["shop"].is_empty(), "{features:?}");
}

#[test]
fn references_that_lead_nowhere() {
    for (reference, expected) in [
        ("shop.yaml#/components/schemas/Nowhere", "leads to nothing"),
        (
            "shop.yaml#/components/parameters/x",
            "leads to a part of another document that is not a schema",
        ),
        (
            "other.yaml#/components/schemas/Note",
            "leads to another file",
        ),
        (
            "../shop.yaml#/components/schemas/Note",
            "leads out of the folder of the document",
        ),
    ] {
        let desk = text("desk").replace("shop.yaml#/components/schemas/Note", reference);
        let said = refused(&[input("desk", desk), input("shop", text("shop"))]);
        assert!(said.contains(expected), "{reference}: {said}");
        assert!(said.contains("spec/desk.yaml:13:"), "{said}");
    }
}

#[test]
fn two_schemas_of_one_name() {
    let desk = text("desk")
        + "components: { schemas: { Problem: { type: object, properties: { a: { type: string } } } } }\n";
    let said = refused(&[input("desk", desk), input("shop", text("shop"))]);
    assert!(
        said.contains("two schemas that come together are called `Problem`"),
        "{said}"
    );
}

#[test]
fn documents_that_refer_to_each_other() {
    let shop = text("shop").replace(
        "message: { type: string }",
        "message: { $ref: \"desk.yaml#/components/schemas/Message\" }",
    );
    let desk = text("desk")
        + "components: { schemas: { Message: { type: object, properties: { a: { type: string } } } } }\n";
    let said = refused(&[input("desk", desk), input("shop", shop)]);
    assert!(
        said.contains("refers to others that refer to it in turn"),
        "{said}"
    );
}

/// A mistake in a document is said once, though others refer to it.
#[test]
fn mistakes_are_said_once() {
    let shop = text("shop").replace("type: integer", "type: whole");
    let said = refused(&[input("desk", text("desk")), input("shop", shop)]);
    assert_eq!(said.matches("spec/shop.yaml:").count(), 1, "{said}");
}

/// Whoever refers to a document that can't be read has no mistakes of its own.
#[test]
fn a_document_that_cant_be_read_is_one_mistake() {
    let mut overlaid = input("shop", text("shop"));
    overlaid.overlays.push(source("spec/overlays/shop.yaml", "overlay: 1.0.0\ninfo: { title: a, version: '1' }\nactions:\n  - target: $.paths.nothing\n    description: Gone.\n    update: { get: }\n".to_owned()));
    for (shop, place) in [
        (input("shop", text("shop") + "\n  : ["), "spec/shop.yaml:"),
        (input("shop", String::new()), "spec/shop.yaml:"),
        (overlaid, "spec/overlays/shop.yaml:"),
    ] {
        for inputs in [
            [input("desk", text("desk")), shop.clone()],
            [shop.clone(), input("desk", text("desk"))],
        ] {
            let found = generate_together(&inputs, &[]).unwrap_err();
            assert_eq!(found.len(), 1, "{found:#?}");
            assert!(found[0].place.to_string().starts_with(place), "{found:#?}");
        }
    }
}
