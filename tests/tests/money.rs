//! Money in generated code is an amount, never a bare whole number.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that can't go on says so and fails"
)]

use std::path::{Path, PathBuf};

const WORDS: [&str; 5] = ["amount", "price", "fee", "balance", "cost"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn whole_numbers_called_money_are_amounts() {
    let api = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../sdk/src/api"));
    let (mut amounts, mut bare) = (0, Vec::new());
    for path in files(&api) {
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            // Fields and the arguments of setters: `amount: i64`, `amount: Option<rt::Amount>`.
            let Some((name, ty)) = line.split_once(": ") else {
                continue;
            };
            let name = name.rsplit([' ', '(']).next().unwrap_or_default();
            if name.split('_').any(|word| WORDS.contains(&word)) && !line.contains("///") {
                amounts += usize::from(ty.contains("rt::Amount"));
                if ty.contains("i64") {
                    bare.push(format!("{}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert_eq!(bare, [""; 0]);
    assert!(amounts > 100, "only {amounts} amounts found");
}
