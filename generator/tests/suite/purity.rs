//! The output is a function of the documents and of nothing else.

use std::{env, fs, path::Path};

use generator::{generate, generate_tolerant};
use serde_yaml::{Mapping, Value};

use crate::support::{crate_of, generated, source};

/// Documents in reach: the small ones, and the real one where it is.
fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    match env::var_os("DINTERO_OFFICIAL_SPEC") {
        Some(path) => paths.push(path.into()),
        None => println!("not run on the official document: DINTERO_OFFICIAL_SPEC is not set"),
    }
    paths.sort();
    let read = |path: &Path| {
        (
            path.display().to_string(),
            fs::read_to_string(path).unwrap(),
        )
    };
    paths.iter().map(|path| read(path)).collect()
}

/// Every map in another order; which one depends on the seed only.
fn shuffle(value: &mut Value, seed: &mut u64) {
    match value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| shuffle(item, seed)),
        Value::Mapping(mapping) => {
            let mut members: Vec<_> = std::mem::take(mapping).into_iter().collect();
            for index in (1..members.len()).rev() {
                *seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                members.swap(index, (*seed >> 33) as usize % (index + 1));
            }
            for (_, member) in &mut members {
                shuffle(member, seed);
            }
            *mapping = members.into_iter().collect::<Mapping>();
        }
        _ => {}
    }
}

/// Removes bodies of `multipart/mixed` and the like: the order of their parts is that of the properties.
fn remove_ordered_parts(value: &mut Value) {
    match value {
        Value::Sequence(items) => items.iter_mut().for_each(remove_ordered_parts),
        Value::Mapping(mapping) => {
            mapping.retain(|key, _| {
                let key = key.as_str().unwrap_or_default();
                !key.starts_with("multipart/") || key == "multipart/form-data"
            });
            mapping.values_mut().for_each(remove_ordered_parts);
        }
        _ => {}
    }
}

#[test]
fn two_runs_give_the_same() {
    for (name, text) in documents() {
        let (first, second) = (
            generated(&crate_of("document", text.clone())),
            generated(&crate_of("document", text)),
        );
        assert!(first.files == second.files, "{name}: other files");
        assert_eq!(first.lock, second.lock, "{name}");
    }
}

#[test]
fn the_order_of_maps_means_nothing() {
    for (name, text) in documents() {
        let mut value: Value = serde_yaml::from_str(&text).unwrap();
        remove_ordered_parts(&mut value);
        let text = serde_yaml::to_string(&value).unwrap();
        let straight = generated(&crate_of("document", text));
        for mut seed in 1..4 {
            let mut value = value.clone();
            shuffle(&mut value, &mut seed);
            let shuffled = generated(&crate_of(
                "document",
                serde_yaml::to_string(&value).unwrap(),
            ));
            assert_eq!(straight.lock, shuffled.lock, "{name}");
            for (path, content) in &straight.files {
                assert!(
                    shuffled.files.get(path) == Some(content),
                    "{name}: {path} depends on the order of maps"
                );
            }
            assert_eq!(straight.files.len(), shuffled.files.len(), "{name}");
        }
    }
}

#[test]
fn a_lock_that_was_written_changes_nothing() {
    for (name, text) in documents() {
        let mut again = crate_of("document", text);
        let first = generated(&again);
        again.lock = Some(source("names.lock", first.lock.clone()));
        let second = generated(&again);
        assert_eq!(first.lock, second.lock, "{name}");
        assert!(
            first.files == second.files,
            "{name}: the lock of the first run renames something"
        );
    }
}

#[test]
fn a_locked_name_outlives_a_new_neighbour() {
    let text = |before: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{before}    B:\n      type: object\n      \
             properties:\n        inner: {{type: object, properties: {{x: {{type: string}}}}}}\n"
        )
    };
    let old = generated(&crate_of("document", text("")));
    assert!(old.lock.contains("BInner"), "{}", old.lock);
    let mut newer = crate_of(
        "document",
        text(
            "    A:\n      type: object\n      properties:\n        other: {type: object, properties: {x: {type: string}}}\n",
        ),
    );
    assert!(
        generated(&newer).lock.contains("AOther"),
        "without the lock the new neighbour names the type"
    );
    newer.lock = Some(source("names.lock", old.lock));
    let kept = generated(&newer);
    assert!(
        kept.lock.contains("type BInner\n") && kept.lock.contains("type AOther\n"),
        "{}",
        kept.lock
    );
}

#[test]
fn a_line_that_is_no_name_is_an_error() {
    let mut wrong = crate_of(
        "document",
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n".to_owned(),
    );
    wrong.lock = Some(source("names.lock", "type /a\n".to_owned()));
    let errors = generate(&wrong).unwrap_err();
    assert!(
        errors[0].to_string().contains("names.lock:1"),
        "{}",
        errors[0]
    );
}

/// The generator serves any company's documents.
#[test]
fn no_vendor_is_named() {
    fn walk(folder: &Path, vendors: &[String], found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, vendors, found);
            } else if let Ok(text) = fs::read_to_string(&path) {
                for (number, line) in text.lines().enumerate() {
                    // The variable that names a test document is no fact of the API.
                    let line = line.replace("DINTERO_OFFICIAL_SPEC", "").to_lowercase();
                    if vendors.iter().any(|vendor| line.contains(vendor)) {
                        found.push(format!("{}:{}: {line}", path.display(), number + 1));
                    }
                }
            }
        }
    }
    // Put together here, so that this file does not find itself.
    let vendors = [
        ["din", "tero"],
        ["vip", "ps"],
        ["klar", "na"],
        ["pay", "ex"],
        ["bam", "bora"],
    ]
    .map(|halves| halves.concat());
    let mut found = Vec::new();
    for room in ["src", "tests"] {
        walk(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(room),
            &vendors,
            &mut found,
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Documents of other companies, of any version, become code: whole, or with every place that is left out. A strict run
/// says each of these with its place. Nothing panics.
#[test]
fn other_companies_documents_generate() {
    let Some(folder) = env::var_os("OPENAPI_CORPUS") else {
        println!("not run: OPENAPI_CORPUS is not set");
        return;
    };
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "md"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut whole = 0;
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let input = crate_of("document", fs::read_to_string(path).unwrap());
        let output = match generate_tolerant(&input) {
            Ok(output) => output,
            Err(errors) => panic!("{name}: {}", errors[0]),
        };
        for (file, text) in output
            .files
            .iter()
            .filter(|(file, _)| file.ends_with(".rs"))
        {
            assert!(syn::parse_file(text).is_ok(), "{name}: {file} is no Rust");
        }
        let left_out = output.report.left_out.len();
        println!("{name}: {left_out} places left out");
        whole += usize::from(left_out == 0);
        let Err(errors) = generate(&input) else {
            continue;
        };
        for error in &errors {
            let text = error.to_string();
            assert!(
                text.contains("document.yaml:") && text.contains("help:"),
                "{name}: {text}"
            );
        }
    }
    println!("{whole} of {} are whole", paths.len());
}
