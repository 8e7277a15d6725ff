//! A new document changes only its own files and the lists, whatever it refers to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::{sdk_tree, settings, together};
use crate::workspace;

type Files = BTreeMap<String, String>;

/// The result for the unchanged documents.
static BEFORE: LazyLock<Files> = LazyLock::new(|| generated(&workspace::root()));

/// Files that list all APIs.
const LISTS: [&str; 8] = [
    "README.md",
    "sdk/Cargo.toml",
    "sdk/src/api/mod.rs",
    "sdk/src/lib.rs",
    "spec/names.lock",
    "tests/Cargo.toml",
    "tests/tests/calls/mod.rs",
    "tests/tests/schemas/mod.rs",
];

/// A copy of the input of codegen.
pub(crate) fn copy(to: &Path) {
    let root = workspace::root();
    for folder in ["spec", "spec/overlays", "sdk/src/payments", "tests"] {
        fs::create_dir_all(to.join(folder)).unwrap();
    }
    for folder in ["spec", "spec/overlays"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), to.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
    for file in [
        "README.md",
        "sdk/Cargo.toml",
        "sdk/src/lib.rs",
        "tests/Cargo.toml",
    ] {
        fs::copy(root.join(file), to.join(file)).unwrap();
    }
}

fn generated(root: &Path) -> Files {
    let tree = sdk_tree(root).unwrap().0.unwrap();
    tree.files.into_iter().chain(tree.written).collect()
}

/// Adds `vouchers.yaml` to a copy: a document that receives values of the first schemas and sends values of the others.
fn vouchers(root: &Path, received: &[String], sent: &[String]) {
    let mut text = "openapi: 3.0.3\ninfo: {title: Vouchers API, version: '1'}\nservers: [{url: 'https://api.dintero.com/v1'}]\npaths:\n".to_owned();
    for (number, reference) in received.iter().enumerate() {
        text.push_str(&format!(
            "  /vouchers/received/{number}:\n    get:\n      operationId: vouchers_received_{number}\n      responses: {{'200': {{description: \
             One., content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}}}\n"
        ));
    }
    for (number, reference) in sent.iter().enumerate() {
        text.push_str(&format!(
            "  /vouchers/sent/{number}:\n    post:\n      operationId: vouchers_sent_{number}\n      requestBody: {{required: true, content: \
             {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}\n      responses: {{'204': {{description: Done.}}}}\n"
        ));
    }
    fs::write(root.join("spec/vouchers.yaml"), text).unwrap();
    let path = root.join("spec/sdk.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let (apis, shared) = settings.split_once("[[shared]]").unwrap();
    let (apis, comment) = apis.trim_end().rsplit_once("\n\n").unwrap();
    let entry = "[[api]]\ndocument = \"vouchers.yaml\"\nmodule = \"vouchers\"\nfeature = \"vouchers\"\nabout = \"vouchers of a shop\"\n";
    if !apis.contains("vouchers") {
        fs::write(
            &path,
            format!("{apis}\n\n{entry}\n{comment}\n\n[[shared]]{shared}"),
        )
        .unwrap();
    }
}

/// Returns the changed files and the new ones.
fn changes(before: &Files, after: &Files) -> (BTreeSet<String>, BTreeSet<String>) {
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    assert_eq!(gone.collect::<Vec<_>>(), [""; 0]);
    let changed = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(*text));
    let changed = changed.map(|(path, _)| path.clone());
    changed.partition(|path| before.contains_key(path))
}

fn only_lists_change(before: &Files, after: &Files, what: &str) {
    let (changed, new) = changes(before, after);
    println!("{what}: {} files changed, {} new", changed.len(), new.len());
    let lists = BTreeSet::from(LISTS.map(str::to_owned));
    assert_eq!(changed, lists, "{what}");
    assert!(
        new.iter().all(|path| path.contains("/vouchers")),
        "{what}: {new:?}"
    );
    let names = |files: &Files| {
        files["spec/names.lock"]
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (old, new) = (names(before), names(after));
    assert_eq!(new[..old.len()], old, "{what}: names");
}

#[test]
fn a_new_document_changes_no_other_module() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    copy(root);
    let before = &*BEFORE;
    let of = |document: &str, name: &str| format!("{document}#/components/schemas/{name}");

    vouchers(root, &[of("payments.yaml", "Error")], &[]);
    only_lists_change(before, &generated(root), "an error of payments");
    let (error, transaction) = (
        of("payments.yaml", "Error"),
        of("payments.yaml", "Transaction"),
    );
    vouchers(root, &[error, transaction], &[]);
    only_lists_change(before, &generated(root), "a transaction, too");
}

/// Every schema that is received somewhere: of a document that others refer to, of two that refer to it as well and of
/// one that is by itself.
#[test]
fn whatever_a_new_document_refers_to() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    copy(root);
    let before = &*BEFORE;
    let settings = settings::read(root).unwrap();
    let outputs = together(root, &settings).unwrap().1.outputs;
    let documents = [
        "payments.yaml",
        "checkout.yaml",
        "discounts.yaml",
        "orders.yaml",
    ];
    for (api, output) in settings.api.iter().zip(outputs) {
        if !documents.contains(&api.document.as_str()) {
            continue;
        }
        let mut received = Vec::new();
        for schema in output.schemas.iter().filter(|schema| schema.usage.received) {
            let name = schema.place.strip_prefix("/components/schemas/");
            if let Some(name) = name.filter(|name| !name.contains('/')) {
                received.push(format!("{}#/components/schemas/{name}", api.document));
            }
        }
        assert!(received.len() > 10, "{}", api.document);
        vouchers(root, &received, &[]);
        let what = format!("{} schemas of {}", received.len(), api.document);
        only_lists_change(before, &generated(root), &what);
    }
}

/// A schema that is sent for the first time gains a builder, and nothing else changes.
#[test]
fn what_is_sent_for_the_first_time_gains_a_builder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    copy(root);
    let before = &*BEFORE;
    vouchers(
        root,
        &[],
        &["payments.yaml#/components/schemas/SettlementResponse".to_owned()],
    );
    let after = generated(root);
    let (mut changed, _) = changes(before, &after);
    changed.retain(|path| !LISTS.contains(&path.as_str()));
    assert!(
        changed.contains("sdk/src/api/payments/builder.rs"),
        "{changed:?}"
    );
    for path in &changed {
        let file = path.rsplit('/').next().unwrap();
        assert!(["builder.rs", "required.rs"].contains(&file), "{changed:?}");
    }
}
