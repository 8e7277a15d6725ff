//! The sides that can be compared, and the report in each format.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use generator::diff::Class;

use super::{Format, Options, Report, compare, parse, show};

const SHOP: &str = include_str!("../mutations/shop.yaml");
const TOML: &str = "[[api]]\ndocument = \"shop.yaml\"\nmodule = \"shop\"\nfeature = \"shop\"\nabout = \"orders\"\n";

/// A repository with a document.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("spec")).unwrap();
    fs::write(root.join("spec/shop.yaml"), SHOP).unwrap();
    fs::write(root.join("spec/sdk.toml"), TOML).unwrap();
    let manifest = "[workspace.package]\nversion = \"1.4.2\"\n";
    fs::write(root.join("Cargo.toml"), manifest).unwrap();
    folder
}

fn git(root: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    let output = git.args(arguments).current_dir(root).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn report(root: &Path, old: &str, new: &str) -> Report {
    let options = Options {
        sides: vec![old.to_owned(), new.to_owned()],
        ..Options::default()
    };
    compare(root, &options).unwrap_or_else(|why| panic!("{why}"))
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The property that is renamed, and how it is then.
const NOTE: (&str, &str) = (
    "comment: {type: string, nullable: true,",
    "remark: {type: string, nullable: true,",
);

#[test]
fn revisions_folders_and_documents() {
    let repository = repository();
    let root = repository.path();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "first"]);
    let spec = root.join("spec").display().to_string();
    assert!(report(root, "HEAD", &spec).findings.is_empty());

    let other = tempfile::tempdir().unwrap();
    let other = other.path().join("new.yaml");
    fs::copy(root.join("spec/shop.yaml"), &other).unwrap();
    edit(&other, NOTE.0, NOTE.1);
    edit(&root.join("spec/shop.yaml"), NOTE.0, NOTE.1);
    let expected = "shop::Order.comment: removed; `remark` is new and has the same type";
    let first = |report: &Report| {
        let first = &report.findings[0];
        assert_eq!(first.class, Class::Breaking);
        assert_eq!(report.implied.to_string(), "2.0.0");
        format!("{}: {}", first.path, first.change)
    };
    assert_eq!(first(&report(root, "HEAD", &spec)), expected);
    git(root, &["commit", "--quiet", "-am", "second"]);
    assert_eq!(first(&report(root, "HEAD~1", "HEAD")), expected);
    // A document of the folder and another version of it.
    git(root, &["checkout", "--quiet", "HEAD~1"]);
    let own = root.join("spec/shop.yaml").display().to_string();
    let new = other.display().to_string();
    let found = report(root, &own, &new);
    assert_eq!(first(&found), expected);
    let place = found.findings[0].new.clone().unwrap().place.unwrap();
    assert_eq!(*place.file, *new);
    // Two documents that are in no folder.
    let old = other.with_file_name("old.yaml");
    fs::write(&old, SHOP).unwrap();
    let found = report(root, &old.display().to_string(), &new);
    assert_eq!(first(&found), expected.replace("shop::", "api::"));
}

#[test]
fn features_are_part_of_the_difference() {
    let (old, new) = (repository(), repository());
    edit(
        &new.path().join("spec/sdk.toml"),
        "feature = \"shop\"",
        "feature = \"store\"",
    );
    let spec = |root: &Path| root.join("spec").display().to_string();
    let found = report(old.path(), &spec(old.path()), &spec(new.path()));
    let lines: Vec<String> = (found.findings.iter())
        .map(|one| format!("{} {}: {}", one.class.name(), one.path, one.change))
        .collect();
    assert_eq!(
        lines,
        [
            "BREAKING feature shop: removed",
            "NEW NAME feature store: new"
        ]
    );
}

#[test]
fn overlay_actions_without_a_target_are_not_applied() {
    let repository = repository();
    let root = repository.path();
    fs::create_dir_all(root.join("spec/overlays")).unwrap();
    let overlay = "overlay: 1.0.0\ninfo: {title: a, version: '1'}\nactions:\n  \
                   - target: $.components.schemas.Order.allOf[2].properties.comment\n    description: Named.\n    \
                   update: {x-rust-name: remark}\n  \
                   - target: $.components.schemas.Item.properties.price\n    description: Named.\n    \
                   update: {x-rust-name: cost}\n";
    fs::write(root.join("spec/overlays/shop.yaml"), overlay).unwrap();
    let line = "module = \"shop\"\noverlays = [\"overlays/shop.yaml\"]";
    edit(&root.join("spec/sdk.toml"), "module = \"shop\"", line);
    let new = root.join("new.yaml");
    fs::write(&new, SHOP).unwrap();
    edit(&new, NOTE.0, "remark: {type: string, nullable: true,");
    let own = root.join("spec/shop.yaml").display().to_string();
    let found = report(root, &own, &new.display().to_string());
    assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
    assert!(
        found.notes[0].starts_with("1 overlay actions"),
        "{:?}",
        found.notes
    );
    // The names are the same: one by the overlay, the other by the document.
    let worst = found.findings.iter().map(|one| one.class).min();
    assert_eq!(worst, Some(Class::Behaviour));
}

#[test]
fn wrong_sides_say_what_is_wrong() {
    let repository = repository();
    let root = repository.path();
    let said = |old: &str, new: &str| {
        let options = Options {
            sides: vec![old.to_owned(), new.to_owned()],
            ..Options::default()
        };
        compare(root, &options)
            .err()
            .map(|why| why.to_string())
            .unwrap_or_default()
    };
    let spec = root.join("spec").display().to_string();
    assert!(said("no-such-thing", &spec).contains("neither a file, a folder nor a revision"));
    assert!(said(&root.display().to_string(), &spec).contains("has no sdk.toml"));
    let document = root.join("spec/shop.yaml").display().to_string();
    assert!(said(&spec, &document).contains("OLD and NEW are folders or revisions"));
    let broken = root.join("broken.yaml");
    fs::write(&broken, "openapi: 3.0.3\n").unwrap();
    let said = said(&document, &broken.display().to_string());
    assert!(
        said.contains("in NEW") && said.contains("broken.yaml:1"),
        "{said}"
    );
}

#[test]
fn json_and_markdown() {
    let (old, new) = (repository(), repository());
    edit(&new.path().join("spec/shop.yaml"), NOTE.0, NOTE.1);
    edit(
        &new.path().join("spec/shop.yaml"),
        "[read:orders]",
        "[admin:orders]",
    );
    let spec = |root: &Path| root.join("spec").display().to_string();
    let report = report(old.path(), &spec(old.path()), &spec(new.path()));
    let json: serde_json::Value = serde_json::from_str(&show::json(&report)).unwrap();
    assert_eq!(json["implied"], "2.0.0");
    assert_eq!(json["counts"]["BREAKING"], 1);
    assert_eq!(
        json["findings"][0]["old"]["pointer"],
        "/components/schemas/Order/allOf/2/properties/comment"
    );
    assert!(json["findings"][0]["new"]["line"].as_u64().unwrap() > 100);
    let markdown = show::markdown(&report);
    assert!(
        markdown.starts_with("### Breaking\n\n- `shop::Order.comment`: removed;"),
        "{markdown}"
    );
    assert!(
        markdown.contains("### Changed behavior\n\n- `shop::Shop::list_orders`: scopes:"),
        "{markdown}"
    );
}

#[test]
fn arguments() {
    let parsed = |words: &[&str]| parse(lexopt::Parser::from_args(words));
    assert!(parsed(&["a", "b"]).unwrap().format == Format::Text);
    assert!(parsed(&["a", "b", "--format", "json"]).unwrap().format == Format::Json);
    for wrong in [
        &[][..],
        &["a"],
        &["a", "b", "c"],
        &["a", "b", "--format", "xml"],
    ] {
        assert!(parsed(wrong).is_err(), "{wrong:?}");
    }
}
