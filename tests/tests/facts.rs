//! The documents under `spec/`, with their overlays, say what the facts say that they were written from. Where they don't, a
//! reviewed list says why.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use generator::load::{Library, Source};
use serde_json::Value;
use tests::facts::{Differences, Side, stands_for};
use tests::table;

/// Names a folder of OpenAPI documents that hold facts about the provider's API, with nothing said in prose.
const FACTS: &str = "DINTERO_FACTS";
/// Where the documents differ from the facts, and why.
const REVIEWED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/facts.yaml");

/// Differences that one reason stands for.
struct Reason {
    why: String,
    lines: Vec<String>,
}

#[test]
fn what_the_facts_say() {
    let Some(folder) = std::env::var_os(FACTS) else {
        println!("not run: {FACTS} names no folder");
        return;
    };
    let theirs = Side::of(plain(Path::new(&folder)));
    let ours = Side::of(specs());
    let mut own: BTreeMap<String, _> = ours.operations("paths").collect();
    // The facts have them among the paths, below `/examples/`.
    let mut events = BTreeMap::new();
    for (call, event) in ours.operations("x-webhooks") {
        events.extend(event.id().map(|id| (id.to_owned(), event)));
        events.insert(call.replace(' ', " /examples/"), event);
    }
    let mut differences = Differences::default();
    let (mut operations, mut compared) = (0, BTreeSet::new());
    for (call, operation) in theirs.operations("paths") {
        operations += 1;
        let event = operation.id().and_then(|id| events.get(id));
        let event = event.or_else(|| events.get(&call));
        match own.get(&call).or(event) {
            Some(counterpart) => {
                differences.add(&call, operation, *counterpart);
                compared.insert(call);
            }
            None => {
                let how = operation.text("x-completeness").unwrap_or("unknown");
                differences
                    .found
                    .insert(format!("{call}: missing, the facts are {how}"));
            }
        }
    }
    own.retain(|call, _| !compared.contains(call));
    differences
        .found
        .extend(own.keys().map(|call| format!("{call}: added")));

    let reviewed = reviewed();
    let mut needed = BTreeSet::new();
    let mut wrong = Vec::new();
    for difference in &differences.found {
        let lines = reviewed.iter().flat_map(|it| &it.lines);
        let before = needed.len();
        let mut listed = false;
        for line in lines.filter(|line| stands_for(line, difference)) {
            needed.insert(line.as_str());
            listed = true;
        }
        if !listed {
            assert_eq!(before, needed.len());
            wrong.push(difference.clone());
        }
    }
    let lines = reviewed.iter().flat_map(|it| &it.lines);
    let idle = lines.filter(|line| !needed.contains(line.as_str()));
    wrong.extend(idle.map(|line| format!("listed in tests/facts.yaml, and no difference: {line}")));
    let mut rows = String::new();
    for reason in &reviewed {
        rows.push_str(&format!(
            "| {} | {} |\n",
            reason.why.trim(),
            reason.lines.len()
        ));
    }
    table::publish(
        "The documents against the facts",
        &format!(
            "| | |\n|---|---|\n| operations and events of the facts | {operations} |\n| compared | {} |\n\
             | parameters | {} |\n| statuses | {} |\n| properties, each pair of schemas once | {} |\n\
             | differences, all listed in `tests/facts.yaml` | {} |\n\n| why | lines |\n|---|---|\n{rows}",
            compared.len(),
            differences.parameters,
            differences.statuses,
            differences.properties,
            differences.found.len(),
        ),
    );
    assert!(
        wrong.is_empty(),
        "{} differences that nobody has reviewed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn yaml(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} holds no documents", folder.display());
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn plain(folder: &Path) -> BTreeMap<String, Value> {
    yaml(folder)
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            (name(path), serde_yaml::from_str(&text).unwrap())
        })
        .collect()
}

/// The documents as the generator sees them.
fn specs() -> BTreeMap<String, Value> {
    let spec = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let source = |name: String| Source {
        text: std::fs::read_to_string(spec.join(&name)).unwrap(),
        name,
    };
    let names: Vec<String> = yaml(spec).iter().map(|path| name(path)).collect();
    let sources: Vec<(Source, [Source; 1])> = names
        .iter()
        .map(|name| (source(name.clone()), [source(format!("overlays/{name}"))]))
        .collect();
    let library = Library::read(sources.iter().map(|(one, overlays)| (one, &overlays[..])));
    let documents = names.into_iter().enumerate();
    documents
        .map(|(number, name)| {
            let document = library.document(number).unwrap();
            (name, document.root().to_json())
        })
        .collect()
}

fn reviewed() -> Vec<Reason> {
    let text = std::fs::read_to_string(REVIEWED).unwrap();
    let list: Value = serde_yaml::from_str(&text).unwrap();
    let reasons = list.as_array().into_iter().flatten();
    reasons
        .map(|reason| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let lines = reason["differences"].as_array().unwrap();
            Reason {
                why: text(&reason["why"]),
                lines: lines.iter().map(text).collect(),
            }
        })
        .collect()
}
