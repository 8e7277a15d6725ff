//! Words: descriptions in the documents under `spec/` are complete, unique and our own, and hand-written prose uses the
//! nouns of HTTP and OpenAPI.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::prose::{Passage, passages};

/// Names a document of the provider.
const OFFICIAL: &str = "DINTERO_OFFICIAL_SPEC";
/// As many words in a row are no accident.
const RUN: usize = 8;

/// Files and folders of hand-written prose, from the root of the repository.
const PROSE: [&str; 15] = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "docs/architecture.md",
    "docs/dependencies.md",
    "docs/integrations.md",
    "docs/releasing.md",
    "generator/src",
    "sdk/examples",
    "sdk/sandbox/README.md",
    "sdk/sandbox/src",
    "sdk/src",
    "spec",
    "xtask/fetch/src",
    "xtask/src",
];
/// Folders in them whose prose comes from elsewhere.
const NOT_OURS: [&str; 1] = ["sdk/src/api"];

/// Words that are not used, the words to use, and phrases in which they are right. `*` at the end of a word is any ending;
/// `^` is the start of a sentence.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("answer*", "response, or respond", &[]),
    ("reply", "response, or respond", &[]),
    ("replies", "responses, or responds", &[]),
    ("replied", "responded", &[]),
    ("repetition*", "retry", &[]),
    ("repeat the call", "retry", &[]),
    ("repeats the call", "retries", &[]),
    ("repeat a call", "retry", &[]),
    ("repeats a call", "retries", &[]),
    ("calls are repeated", "are retried", &[]),
    ("is repeated", "is retried, or is a duplicate", &[]),
    ("be repeated", "be retried", &[]),
    ("don't repeat", "don't retry", &[]),
    ("stand-in*", "mock, fake or sandbox", &[]),
    ("carrier*", "transport, or backend", &[]),
    ("nobody", "no user, no operation, or unknown", &[]),
    ("somebody*", "a user, or a person", &[]),
    ("whoever", "anyone who, or the caller", &[]),
    (
        "refus*",
        "reject",
        &["connection is refused", "connection refused"],
    ),
    ("mend*", "fix, or correct", &[]),
    ("has to", "must", &[]),
    ("have to", "must", &[]),
    ("had to", "needed to", &[]),
    ("is no", "is not a", &["is no longer", "there is no"]),
    ("are no", "are not", &["are no longer", "there are no"]),
    ("is none of", "is not one of", &[]),
    ("least", "minimum", &["at least"]),
    ("greatest", "maximum", &[]),
    ("as it came", "as received", &[]),
    ("as they came", "as received", &[]),
    ("comes of", "the outcome, or the result", &[]),
    ("came of", "the outcome, or the result", &[]),
    ("becomes of", "the outcome, or the result", &[]),
    ("became of", "the outcome, or the result", &[]),
    ("obey*", "honor", &[]),
    ("once only", "at most once", &[]),
    ("gives", "returns", &["gives access", "gives no access"]),
    ("given up", "canceled, or failed", &[]),
    ("tells", "returns, reports, or distinguishes", &[]),
    ("stands", "is, or replaces", &[]),
    ("lies", "is", &[]),
    ("leans on", "uses", &[]),
    ("sister*", "the names", &[]),
    ("in the making", "incomplete, or open", &[]),
    ("under way", "in progress", &[]),
    ("on its way", "in progress", &[]),
    ("at hand", "available", &[]),
    ("for ever", "forever", &[]),
    ("made anew", "recreated", &[]),
    ("that which", "the … that", &[]),
    ("^ what", "a noun, or \"See … for what …\"", &["what to"]),
    ("^ where nobody", "if … is unknown", &[]),
];

fn read(path: &Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Our documents, by name.
fn documents() -> BTreeMap<String, Value> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, read(&path))
        })
        .collect()
}

/// Every text under `summary` and `description`, with its JSON pointer.
fn texts(value: &Value, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                match value {
                    Value::String(text) if key == "summary" || key == "description" => {
                        found.push((pointer, text.clone()));
                    }
                    _ if matches!(key.as_str(), "example" | "examples" | "default" | "enum") => {}
                    _ => texts(value, &pointer, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn whatever_needs_a_sentence_has_one() {
    let mut silent = Vec::new();
    for (name, document) in documents() {
        let mut need = |pointer: String, value: &Value| {
            let said = value["description"].as_str().unwrap_or_default();
            if value.get("$ref").is_none() && said.trim().is_empty() {
                silent.push(format!("{name} {pointer}"));
            }
        };
        for kind in ["schemas", "parameters", "responses", "securitySchemes"] {
            for (key, value) in document["components"][kind]
                .as_object()
                .into_iter()
                .flatten()
            {
                need(format!("/components/{kind}/{key}"), value);
            }
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if !operation.is_object() {
                    continue;
                }
                let place = format!("{method} {path}");
                need(place.clone(), operation);
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                for parameter in parameters {
                    need(format!("{place} {}", parameter["name"]), parameter);
                }
                for (status, response) in operation["responses"].as_object().unwrap() {
                    need(format!("{place} {status}"), response);
                }
            }
        }
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn no_sentence_stands_twice() {
    let mut twice = Vec::new();
    for (name, document) in documents() {
        let mut found = Vec::new();
        texts(&document, "", &mut found);
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for (pointer, text) in found {
            if let Some(before) = known.insert(words(&text).join(" "), pointer.clone()) {
                twice.push(format!("{name} {before} and {pointer}: {text}"));
            }
        }
    }
    assert_eq!(twice, [""; 0]);
}

#[test]
fn no_sentence_is_the_providers() {
    let Some(path) = std::env::var_os(OFFICIAL) else {
        println!("not run: {OFFICIAL} does not name the provider's document");
        return;
    };
    let mut theirs = Vec::new();
    texts(&read(Path::new(&path)), "", &mut theirs);
    let runs: BTreeSet<Vec<String>> = (theirs.iter())
        .flat_map(|(_, text)| {
            words(text)
                .windows(RUN)
                .map(<[_]>::to_vec)
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(runs.len() > 1000, "only {} runs in {path:?}", runs.len());
    let mut taken = Vec::new();
    for (name, document) in documents() {
        let mut ours = Vec::new();
        texts(&document, "", &mut ours);
        for (pointer, text) in ours {
            let words = words(&text);
            let run = words.windows(RUN).find(|run| runs.contains(*run));
            taken.extend(run.map(|run| format!("{name} {pointer}: {}", run.join(" "))));
        }
    }
    assert_eq!(taken, [""; 0]);
}

/// Returns whether a word of a text is that of a pattern.
fn is_word(pattern: &str, word: &str) -> bool {
    let word = word.to_lowercase().replace('’', "'");
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    }
}

/// Returns the positions of the words of a phrase, wherever it occurs.
fn occurrences(passage: &Passage, phrase: &str) -> Vec<std::ops::Range<usize>> {
    let is_start = phrase.starts_with("^ ");
    let phrase: Vec<&str> = phrase.trim_start_matches("^ ").split(' ').collect();
    let words = &passage.words;
    let starts = (0..words.len()).filter(|start| {
        let is_first = *start == 0 || matches!(&*words[start - 1].1, "." | "!" | "?" | "|" | "\n");
        let found = words[*start..].iter().map(|(_, word)| word);
        let fits = words.len() - start >= phrase.len()
            && phrase
                .iter()
                .zip(found)
                .all(|(pattern, word)| is_word(pattern, word));
        // A sentence starts with a capital letter, unlike a cell or an error.
        let is_capital = words[*start].1.starts_with(char::is_uppercase);
        fits && (!is_start || is_first && is_capital)
    });
    starts.map(|start| start..start + phrase.len()).collect()
}

/// Returns the words of a text that are not used, with their lines and the words to use.
fn unused_words(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for passage in passages(name, text) {
        for (phrase, use_instead, right) in WORDS {
            let right: Vec<_> = (right.iter())
                .flat_map(|phrase| occurrences(&passage, phrase))
                .collect();
            for place in occurrences(&passage, phrase) {
                if right
                    .iter()
                    .any(|right| right.start <= place.start && place.end <= right.end)
                {
                    continue;
                }
                let words = &passage.words[place];
                let line = words[0].0;
                let words: Vec<&str> = words.iter().map(|(_, word)| &**word).collect();
                let words = words.join(" ");
                found.push(format!("{name}:{line}: `{words}`: use {use_instead}"));
            }
        }
    }
    found
}

/// Returns the files with prose in a folder, or the file itself.
fn prose_files(root: &Path, name: &str, files: &mut Vec<String>) {
    let path = root.join(name);
    if NOT_OURS.contains(&name) {
        return;
    }
    if path.is_dir() {
        let entries = std::fs::read_dir(path).unwrap();
        for entry in entries {
            let entry = entry.unwrap().file_name().into_string().unwrap();
            prose_files(root, &format!("{name}/{entry}"), files);
        }
    } else if [".rs", ".md", ".yaml"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        files.push(name.to_owned());
    }
}

#[test]
fn hand_written_prose_uses_the_words_of_the_field() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for name in PROSE {
        prose_files(&root, name, &mut files);
    }
    files.sort();
    assert!(files.len() > 150, "only {} files", files.len());
    let mut found = Vec::new();
    for name in &files {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        found.extend(unused_words(name, &text));
    }
    assert!(
        found.is_empty(),
        "{} places; `WORDS` in {} has the list:\n{}",
        found.len(),
        file!(),
        found.join("\n")
    );
}

#[test]
fn words_are_found_wherever_they_are_read() {
    let rust = r##"
//! Of the
//! greatest value. `answer` and [`x`](crate::answer) are names.
///
/// ```
/// let answer = "nobody";
/// ```
/// What it is. See it for what to do. There is no other.
fn f(c: char) {
    let text = "it has \
                to fit";
    let (quote, raw) = ('"', r#"the "least" of all, at least"#);
}
"##;
    assert_eq!(
        unused_words("a.rs", rust),
        [
            "a.rs:3: `greatest`: use maximum",
            "a.rs:8: `What`: use a noun, or \"See … for what …\"",
            "a.rs:10: `has to`: use must",
            "a.rs:12: `least`: use minimum",
        ]
    );
    let yaml = "answer:\n  description: It gives\n    an answer.\n  # Or\n  type: greatest\n  enum:\n    - answer\n";
    assert_eq!(
        unused_words("a.yaml", yaml),
        [
            "a.yaml:3: `answer`: use response, or respond",
            "a.yaml:2: `gives`: use returns",
        ]
    );
    let yaml =
        "summary: 'What it is.'\nx-not-confirmed: that nobody has it\ntitle: >-\n  What it is.\n";
    assert_eq!(
        unused_words("a.yaml", yaml),
        [
            "a.yaml:1: `What`: use a noun, or \"See … for what …\"",
            "a.yaml:2: `nobody`: use no user, no operation, or unknown",
            "a.yaml:4: `What`: use a noun, or \"See … for what …\"",
        ]
    );
    let markdown =
        "| What to do | What is it |\n|---|---|\n\n```sh\nanswer\n```\n- A call\n  is repeated.\n";
    assert_eq!(
        unused_words("a.md", markdown),
        [
            "a.md:1: `What`: use a noun, or \"See … for what …\"",
            "a.md:8: `is repeated`: use is retried, or is a duplicate",
        ]
    );
}
