//! Each block of code of the guide is run here, or is listed with the reason why not.
//!
//! A copy of a block begins with a comment `page.md, number` and ends with the comment `end`. Lines that end in the
//! comment `hidden` are not of the guide, which has lines of its own in their place. Values of the sandbox stand where the
//! guide has others: `page.md, number; id = "T1"` is `id` here and `"T1"` there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The blocks that are not run here.
const NOT_RUN: [(&str, usize, &str); 19] = [
    ("accounts", 1, "it sends nothing"),
    ("operating", 1, "it sends nothing"),
    (
        "operating",
        2,
        "it sends nothing, and needs a module with FIPS",
    ),
    ("stored", 1, "it is a part of a function, and sends nothing"),
    ("stored", 2, "it sends nothing"),
    ("testing", 0, "it is about the mock"),
    ("testing", 1, "it is about the mock"),
    ("testing", 2, "it is about the mock"),
    ("transactions", 2, "it sends nothing"),
    ("transactions", 3, "it sends nothing"),
    ("undocumented", 0, "it sends nothing"),
    ("undocumented", 1, "it sends nothing"),
    (
        "undocumented",
        2,
        "no response of the sandbox has an unreadable item",
    ),
    (
        "undocumented",
        3,
        "no response of the sandbox has an unreadable item",
    ),
    ("values", 0, "it sends nothing"),
    ("values", 1, "it sends nothing"),
    ("values", 2, "it sends nothing"),
    ("values", 3, "it sends nothing"),
    ("values", 4, "it sends nothing"),
];

/// The files with copies.
const FILES: [(&str, &str); 5] = [
    ("main.rs", include_str!("main.rs")),
    ("accounts.rs", include_str!("accounts.rs")),
    ("faults.rs", include_str!("faults.rs")),
    ("reports.rs", include_str!("reports.rs")),
    ("webhooks.rs", include_str!("webhooks.rs")),
];

type Place = (String, usize);

/// Returns the visible lines of the code blocks of a page, without assertions.
fn blocks(page: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(page).unwrap();
    let is_hidden = |line: &str| line.trim() == "#" || line.trim_start().starts_with("# ");
    let mut blocks = Vec::new();
    for (index, part) in text.split("```").enumerate() {
        // Every second part is a block; its first line is the language, which is Rust unless it says another.
        if let (true, Some((language, code))) = (index % 2 == 1, part.split_once('\n'))
            && !["toml", "sh", "text", "json"].contains(&language)
        {
            blocks.push(essence(code.lines().filter(|line| !is_hidden(line))));
        }
    }
    blocks
}

fn essence<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<String> {
    let lines = lines.map(|line| line.trim().to_owned());
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("assert"))
        .collect()
}

fn guide() -> BTreeMap<Place, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/src/guide");
    let pages = std::fs::read_dir(folder).unwrap();
    let pages: Vec<PathBuf> = pages.map(|entry| entry.unwrap().path()).collect();
    let mut all = BTreeMap::new();
    for page in pages.iter().filter(|page| page.extension().is_some()) {
        let name = page.file_stem().unwrap().to_str().unwrap();
        for (number, block) in blocks(page).into_iter().enumerate() {
            all.insert((name.to_owned(), number), block);
        }
    }
    all
}

/// Returns the copies in a file, as the guide has them.
fn copies(text: &str) -> Vec<(Place, Vec<String>)> {
    let mut copies = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let title = line.trim_start().strip_prefix("// ").unwrap_or_default();
        let Some((page, rest)) = title.split_once(".md, ") else {
            continue;
        };
        let mut parts = rest.split("; ");
        let number = parts.next().unwrap().parse().unwrap();
        let values: Vec<(&str, &str)> = parts.map(|part| part.split_once(" = ").unwrap()).collect();
        let code = lines.by_ref().take_while(|line| line.trim() != "// end");
        let code = code.filter(|line| !line.ends_with("// hidden"));
        let code: Vec<String> = code
            .map(|line| {
                let replaced = |line: String, (own, guide): &(&str, &str)| line.replace(own, guide);
                values.iter().fold(line.to_owned(), replaced)
            })
            .collect();
        let code = essence(code.iter().map(String::as_str));
        copies.push(((page.to_owned(), number), code));
    }
    copies
}

#[test]
fn each_block_of_the_guide_is_run_or_has_a_reason() {
    let guide = guide();
    let mut missing: Vec<&Place> = guide.keys().collect();
    let mut account_for = |place: &Place, what: &str| {
        let position = missing.iter().position(|known| *known == place);
        let position = position.unwrap_or_else(|| {
            let (page, number) = place;
            panic!("{page}.md, {number}: {what}, and is not in the guide, or twice here")
        });
        missing.remove(position);
    };
    for (file, text) in FILES {
        for (place, code) in copies(text) {
            account_for(&place, &format!("it is run by {file}"));
            assert_eq!(
                code, guide[&place],
                "{place:?} in {file} is not that of the guide"
            );
        }
    }
    for (page, number, reason) in NOT_RUN {
        account_for(
            &(page.to_owned(), number),
            &format!("it is not run ({reason})"),
        );
    }
    assert!(
        missing.is_empty(),
        "blocks of the guide that are neither run against the sandbox nor listed in NOT_RUN: {missing:?}"
    );
}
