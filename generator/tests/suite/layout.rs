//! Which file of a crate what lies in, whatever the tags of the document are called.

use std::collections::{BTreeMap, BTreeSet};

use generator::Input;
use syn::{Item, UseTree};

use crate::support::{crate_of, generated, module_of};

type Files = BTreeMap<String, String>;

/// A document with an operation for each of these tags; without a tag where it is empty.
fn document(tags: &[&str]) -> String {
    let mut text = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://shop.example'}]\npaths:\n".to_owned();
    for (number, tag) in tags.iter().enumerate() {
        let tag = if tag.is_empty() {
            String::new()
        } else {
            format!("tags: ['{tag}'], ")
        };
        text.push_str(&format!(
            "  /{number}:\n    post:\n      {{operationId: send_{number}, {tag}requestBody: {{required: true, content: {{application/json: \
             {{schema: {{type: object, required: [of], properties: {{of: {{$ref: '#/components/schemas/Only{number}'}}, all: {{$ref: \
             '#/components/schemas/All'}}}}}}}}}}}},\n       responses: {{'204': {{description: Done.}}}}}}\n"
        ));
    }
    text.push_str(
        "components:\n  schemas:\n    All: {type: object, properties: {a: {type: string}}}\n",
    );
    for number in 0..tags.len() {
        text.push_str(&format!(
            "    Only{number}: {{type: object, properties: {{a: {{type: string}}}}, description: '{number}'}}\n"
        ));
    }
    text
}

fn files(input: &Input) -> Files {
    let files = generated(input).files;
    let files = files.into_iter().filter(|(path, _)| path.ends_with(".rs"));
    files
        .map(|(path, text)| (path.trim_start_matches("src/").to_owned(), text))
        .collect()
}

/// The file that defines a struct.
fn home<'f>(files: &'f Files, name: &str) -> &'f str {
    let needle = |end: &str| format!("pub struct {name}{end}");
    let mut files = files.iter();
    let found = files.find(|(_, text)| ["<", " "].iter().any(|end| text.contains(&needle(end))));
    found.unwrap_or_else(|| panic!("no {name}")).0
}

fn leaves(tree: &UseTree, found: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, found),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, found)),
        UseTree::Name(name) => drop(found.insert(name.ident.to_string())),
        UseTree::Glob(_) | UseTree::Rename(_) => {}
    }
}

/// Names that a file gives to others by `pub use`.
fn given(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in syn::parse_file(text).unwrap().items {
        if let Item::Use(item) = item
            && matches!(item.vis, syn::Visibility::Public(_))
        {
            leaves(&item.tree, &mut found);
        }
    }
    found
}

/// Every operation with its builder lies in the file of its tag; at the root are the operations, and all builders are
/// in a module of theirs.
fn check(tags: &[&str], expected: &[&str], root: &str, files: &Files) {
    let (root, builders) = (given(&files[root]), given(&files["builder.rs"]));
    for (number, file) in expected.iter().enumerate() {
        let operation = format!("Send{number}");
        for name in [
            operation.clone(),
            format!("{operation}Builder"),
            format!("Only{number}Builder"),
        ] {
            assert_eq!(home(files, &name), *file, "{name} of {tags:?}");
            assert_eq!(
                builders.contains(&name),
                name.ends_with("Builder"),
                "{name}"
            );
            assert_eq!(root.contains(&name), !name.ends_with("Builder"), "{name}");
        }
    }
    assert_eq!(home(files, "All"), "types.rs");
    if expected.iter().collect::<BTreeSet<_>>().len() > 1 {
        assert_eq!(home(files, "AllBuilder"), "builder.rs");
    }
    assert!(files["json.rs"].contains("rt::object!(All {"));
    assert!(!files["types.rs"].contains("rt::object!"));
}

#[test]
fn each_tag_has_a_file_whatever_it_is_called() {
    for (tags, expected) in [
        (&[""][..], &["shop.rs"][..]),
        (&["", ""], &["shop.rs", "shop.rs"]),
        (&["Pets"], &["pets.rs"]),
        (
            &["pets", "Pets", "", "shop"],
            &["pets.rs", "pets.rs", "shop.rs", "shop.rs"],
        ),
        (
            &["main", "mod", "types", "builder", "json", "lib"],
            &[
                "main_group.rs",
                "mod_.rs",
                "types_group.rs",
                "builder_group.rs",
                "json_group.rs",
                "lib_group.rs",
            ],
        ),
        (
            &["types", "types_group"],
            &["types_group.rs", "types_group_group.rs"],
        ),
        (
            &["Ærlig talt", "支付", "…", "3ds"],
            &["aerlig_talt.rs", "zhi_fu.rs", "value.rs", "value_3ds.rs"],
        ),
        (
            &["type", "async", "con"],
            &["type_.rs", "async_.rs", "con_group.rs"],
        ),
    ] {
        let files = files(&crate_of("shop", document(tags)));
        check(tags, expected, "lib.rs", &files);
        for text in files.values() {
            assert!(!text.contains("compile_error"), "{tags:?}");
        }
    }
}

/// The same in a module of a crate, where all operations are found together.
#[test]
fn a_module_has_the_same_files() {
    let tags = ["pets", "types", "", "Ærlig talt"];
    let files = files(&module_of("shop", document(&tags)));
    check(
        &tags,
        &["pets.rs", "types_group.rs", "shop.rs", "aerlig_talt.rs"],
        "mod.rs",
        &files,
    );
    assert_eq!(home(&files, "Shop"), "mod.rs");
}
