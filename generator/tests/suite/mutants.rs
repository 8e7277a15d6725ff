//! Documents with random changes: values moved, keys renamed and removed, schemas combined. Whatever is generated is Rust
//! without two things of one name; whatever is not has findings. Nothing panics or hangs.

mod change;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use generator::{Output, generate_tolerant};
use serde_json::Value;
use syn::{Fields, ImplItem, Item};

use crate::support::{constructs, crate_of, lines};

/// How many documents are tried; `MUTANTS` sets another number.
const COUNT: u64 = 2_000;
/// How long one may take: far more than it does, because other programs use the machine, too.
const LIMIT: Duration = Duration::from_secs(60);

/// Names of one kind that are there twice.
fn twice(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    names
        .into_iter()
        .filter(|name| !known.insert(name.clone()))
        .collect()
}

fn named(fields: &Fields) -> impl Iterator<Item = String> + '_ {
    fields
        .iter()
        .filter_map(|field| Some(field.ident.as_ref()?.to_string()))
}

/// Everything in a file that has the name of another thing of its kind.
fn doubles(file: &syn::File) -> Vec<String> {
    let mut found = Vec::new();
    let mut items = Vec::new();
    for item in &file.items {
        match item {
            Item::Struct(item) => {
                items.push(item.ident.to_string());
                found.extend(twice(named(&item.fields)));
            }
            Item::Enum(item) => {
                items.push(item.ident.to_string());
                found.extend(twice(
                    item.variants
                        .iter()
                        .map(|variant| variant.ident.to_string()),
                ));
            }
            Item::Type(item) => items.push(item.ident.to_string()),
            Item::Static(item) => items.push(item.ident.to_string()),
            Item::Mod(item) => items.push(format!("mod {}", item.ident)),
            Item::Impl(item) if item.trait_.is_none() => {
                let methods = item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                    _ => None,
                });
                found.extend(twice(methods));
            }
            _ => {}
        }
    }
    found.extend(twice(items));
    found
}

fn check(output: &Output) -> Result<(), String> {
    for (path, text) in output
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
    {
        let file = syn::parse_file(text).map_err(|error| format!("{path} is no Rust: {error}"))?;
        if text.contains("compile_error!") {
            return Err(format!("{path} has a compile_error"));
        }
        let doubles = doubles(&file);
        if !doubles.is_empty() {
            return Err(format!("{path} has twice: {}", doubles.join(", ")));
        }
    }
    Ok(())
}

#[test]
fn changed_documents() {
    let count = std::env::var("MUTANTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(COUNT);
    let bases: Vec<Value> = (constructs().into_iter())
        .map(|(_, text)| serde_yaml::from_str(&text).unwrap())
        .filter(|document: &Value| document.get("openapi").is_some())
        .collect();
    let mut whole = 0;
    for seed in 0..count {
        let document = change::changed(&bases, seed);
        let text = document.to_string();
        let start = Instant::now();
        let run = catch_unwind(AssertUnwindSafe(|| {
            generate_tolerant(&crate_of("mutant", text.as_str()))
        }));
        let took = start.elapsed();
        assert!(took < LIMIT, "seed {seed} takes {took:?}:\n{text}");
        match run {
            Err(_) => panic!("seed {seed} panics:\n{text}"),
            Ok(Err(found)) => assert!(
                !lines(&found).is_empty(),
                "seed {seed} has no finding:\n{text}"
            ),
            Ok(Ok(output)) => {
                whole += 1;
                if let Err(why) = check(&output) {
                    panic!("seed {seed}: {why}\n{text}");
                }
            }
        }
    }
    println!("{count} changed documents, of which {whole} became code");
    assert!(whole > count / 4, "most changes cost more than one place");
}
