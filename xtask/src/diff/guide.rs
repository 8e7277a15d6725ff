//! The example of `docs/releasing.md`, as it is written there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::fs;
use std::path::Path;

use generator::generate_together;
use semver::Version;

use super::{Format, Options, Report, compare, show};
use crate::codegen::{drill, sdk_tree};
use crate::mutations::{build, files};
use crate::{fetch, release, workspace};

/// The blocks of a kind in the page.
fn blocks(kind: &str) -> Vec<String> {
    let page = fs::read_to_string(workspace::root().join("docs/releasing.md")).unwrap();
    let start = format!("```{kind}\n");
    let parts = page.split(&start).skip(1);
    parts
        .map(|part| part.split("\n```").next().unwrap().to_owned())
        .collect()
}

fn block(kind: &str) -> String {
    let [only] = blocks(kind).try_into().unwrap();
    only
}

/// A copy of what codegen and a release read.
fn copy(to: &Path) {
    drill::copy(to);
    for file in ["Cargo.toml", "CHANGELOG.md"] {
        fs::copy(workspace::root().join(file), to.join(file)).unwrap();
    }
    // The page was written for this version.
    let now = release::current(to).unwrap();
    edit(&to.join("Cargo.toml"), |text| {
        text.replacen(&format!("version = \"{now}\""), "version = \"0.1.0\"", 1)
    });
}

fn report(old: &Path, new: &Path, format: Format) -> Report {
    let side = |root: &Path| root.join("spec").display().to_string();
    let options = Options {
        sides: vec![side(old), side(new)],
        format,
        ..Options::default()
    };
    compare(new, &options).unwrap()
}

/// Without places, which change with the document, and without the time.
fn stable(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim_end);
    lines
        .filter(|line| !line.contains("payments.yaml:") && !line.contains("public paths compared"))
        .collect()
}

/// The text before and after a change that is written as a diff.
fn sides(diff: &str) -> (String, String) {
    let side = |mark: char| -> String {
        let lines = diff.lines().filter(|line| line.starts_with([' ', mark]));
        lines.map(|line| format!("{}\n", &line[1..])).collect()
    };
    (side('-'), side('+'))
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, change(text)).unwrap();
}

#[test]
fn the_example_of_the_guide_from_change_to_version() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (old.path(), new.path());
    copy(old);
    copy(new);
    let [first, second] = blocks("text").try_into().unwrap();

    // 1. Change.
    let (before, after) = sides(&block("diff"));
    edit(&new.join("spec/payments.yaml"), |text| {
        assert_eq!(
            text.matches(&before).count(),
            1,
            "the document has\n{before}"
        );
        text.replace(&before, &after)
    });
    // As if Dintero had published it.
    let published = tempfile::tempdir().unwrap();
    let document = published.path().join("spec-payments.yaml");
    fs::copy(new.join("spec/payments.yaml"), document).unwrap();
    let fetched = fetch::compared(old, published.path());
    for line in block("console")
        .lines()
        .filter(|line| !line.contains(".yaml"))
    {
        assert!(fetched.contains(line), "{line:?} is not in\n{fetched}");
    }
    // 2. Difference.
    let text = show::text(&report(old, new, Format::Text), false);
    assert_eq!(stable(&text), stable(&first));
    // 3. Decision.
    edit(&new.join("spec/overlays/payments.yaml"), |text| {
        format!("{}\n{}\n", text.trim_end(), block("yaml"))
    });
    let decided = report(old, new, Format::Text);
    assert_eq!(stable(&show::text(&decided, false)), stable(&second));
    // 4. Generated code.
    sdk_tree(new).unwrap().0.unwrap().write().unwrap();
    let table = fs::read_to_string(new.join("sdk/src/api/payments/json.rs")).unwrap();
    assert!(table.contains("optional \"reference\" capture_reference"));
    let again = report(new, new, Format::Text);
    assert!(again.findings.is_empty());
    // 5. Test.
    let inputs = super::side::inputs(new).unwrap();
    let payments: Vec<_> = (inputs.into_iter())
        .filter(|input| input.document.name.ends_with("/payments.yaml"))
        .collect();
    let modules = files(generate_together(&payments, &[]).unwrap(), &payments);
    let program = block("rust").replace("dintero::", "api::");
    let program = format!("#![allow(unused)]\n{program}\nfn main() {{}}\n");
    let crates = [build::Crate::new(0, &modules, &program, &payments)];
    let checked = build::check(&workspace::root(), "target/mutations-guide", &crates).unwrap();
    assert!(checked.libraries.is_empty(), "{:?}", checked.libraries);
    assert!(checked.programs.is_empty(), "{:?}", checked.programs);
    // 6. Changelog.
    let entry = show::markdown(&report(old, new, Format::Markdown));
    assert_eq!(entry.trim_end(), block("markdown"));
    edit(&new.join("CHANGELOG.md"), |page| {
        page.replacen("## Unreleased\n", &format!("## Unreleased\n\n{entry}"), 1)
    });
    // 7. Version.
    let now = release::current(new).unwrap();
    let next = decided.implied;
    assert_eq!(
        (now.clone(), next.clone()),
        (Version::new(0, 1, 0), Version::new(0, 1, 1))
    );
    let [(_, manifest), (_, changelog), (_, names)] =
        release::texts(new, &now, &next, "2026-12-01").unwrap();
    assert!(manifest.contains("version = \"0.1.1\""));
    assert!(changelog.contains("## Unreleased\n\n## 0.1.1 - 2026-12-01\n\n### Changed behavior\n"));
    let mut types = names.lines().filter(|line| line.starts_with("type "));
    let is_version = |word: &str| Version::parse(word).is_ok();
    assert!(types.all(|line| line.split(' ').any(is_version)));
}
