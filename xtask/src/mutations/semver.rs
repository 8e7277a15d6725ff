//! A second opinion on some of the changes: cargo-semver-checks, which compares what rustdoc says of two crates.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use generator::Input;
use generator::diff::Class;

use super::{Base, Verdict, agrees, build};
use crate::failure::{Failure, Outcome};
use crate::process;
use crate::tools::{self, Tool};

/// Reads what rustdoc of Rust 1.93 and later writes.
const TOOL: Tool = Tool {
    name: "cargo-semver-checks",
    version: "0.51.0",
};

/// How many changes are checked.
const CHANGES: usize = 20;

/// Its exit code if a change is breaking.
const BREAKS: i32 = 100;

/// Where the crate is, below the repository.
const FOLDER: &str = "target/mutations-semver";

type Files = BTreeMap<String, String>;

/// Returns a table of its opinions, or why there are none. It decides nothing: it knows neither changed types of fields nor
/// what programs do.
pub(super) fn report(
    root: &Path,
    base: &Base,
    verdicts: &[Verdict],
    checked: &build::Checked,
    changed: &BTreeMap<usize, Files>,
) -> String {
    let title = format!("Second opinion, {} {}:", TOOL.name, TOOL.version);
    match table(root, base, verdicts, checked, changed) {
        Ok(table) => format!("{title}\n\n{table}"),
        Err(why) => {
            let why = why.to_string();
            let first = why.lines().next().unwrap_or_default();
            let first = first.trim_start_matches("error: ");
            format!("{title} not run: {first}\n")
        }
    }
}

fn table(
    root: &Path,
    base: &Base,
    verdicts: &[Verdict],
    checked: &build::Checked,
    changed: &BTreeMap<usize, Files>,
) -> Outcome<String> {
    let program = tools::install(root, &TOOL)?;
    let folder = root.join(FOLDER);
    let old = described(root, &folder, "old.json", &base.files, &base.inputs)?;
    let mut text =
        String::from("| change | `diff` | compiler | second opinion |\n|---|---|---|---|\n");
    let (mut same, mut count) = (0, 0);
    for verdict in chosen(verdicts, changed) {
        let Some(files) = changed.get(&verdict.number) else {
            continue;
        };
        let new = described(root, &folder, "new.json", files, &base.inputs)?;
        let opinion = opinion(&program, &old, &new)?;
        let class = verdict.class();
        let breaks = class == Some(Class::Breaking);
        count += 1;
        same += usize::from(breaks == opinion.is_some());
        let compiler = match breaks == agrees(verdict, checked) {
            true => "breaks",
            false => "compiles",
        };
        let _ = writeln!(
            text,
            "| {} | {} | {compiler} | {} |",
            verdict.kind,
            class.map_or("no change", Class::name),
            opinion.as_deref().unwrap_or("no break")
        );
    }
    let _ = writeln!(text, "\nthe same opinion: {same} of {count}");
    Ok(text)
}

/// Changes of different kinds, spread over all.
fn chosen<'v>(verdicts: &'v [Verdict], changed: &BTreeMap<usize, Files>) -> Vec<&'v Verdict> {
    let mut known = std::collections::BTreeSet::new();
    let kinds: Vec<&Verdict> = (verdicts.iter())
        .filter(|one| changed.contains_key(&one.number) && known.insert(one.kind))
        .collect();
    let count = CHANGES.min(kinds.len());
    (0..count)
        .filter_map(|number| kinds.get(number * kinds.len() / count).copied())
        .collect()
}

/// Returns the file in which rustdoc describes a crate. All crates have one name, else nothing in them would be the same.
fn described(
    root: &Path,
    folder: &Path,
    name: &str,
    modules: &Files,
    inputs: &[Input],
) -> Outcome<PathBuf> {
    let own = folder.join("src");
    if own.exists() {
        std::fs::remove_dir_all(&own).map_err(|error| Failure::file("remove", &own, &error))?;
    }
    for (path, text) in build::library(modules, inputs) {
        // For rustdoc, generated types are hidden and inlined elsewhere; the tool knows only what is not hidden.
        let text = text.replace("#[cfg_attr(doc, doc(hidden))]", "");
        build::write(&folder.join(path), &text)?;
    }
    let manifest = format!(
        "[package]\nname = \"api\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}",
        build::runtime(root)
    );
    build::write(&folder.join("Cargo.toml"), &manifest)?;
    build::copy_lock(root, folder)?;
    let target = root.join(build::FOLDER).join("target");
    let mut cargo = process::cargo();
    cargo
        .args(["rustdoc", "--lib", "--quiet", "--"])
        .args(["-Zunstable-options", "--output-format=json"])
        .args(["--document-hidden-items", "--cap-lints=allow"])
        .env("CARGO_TARGET_DIR", &target)
        // The form for programs is unstable, but not bound to a toolchain.
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTDOCFLAGS")
        .env_remove("CARGO_MANIFEST_DIR")
        .current_dir(folder);
    process::output(&mut cargo)?;
    let (from, to) = (target.join("doc/api.json"), folder.join(name));
    std::fs::copy(&from, &to).map_err(|error| Failure::file("copy", &from, &error))?;
    Ok(to)
}

/// Returns the first broken rule; `None` if nothing breaks.
fn opinion(program: &Path, old: &Path, new: &Path) -> Outcome<Option<String>> {
    let mut command = Command::new(program);
    command
        .args(["semver-checks", "--color=never", "--release-type=minor"])
        .arg("--baseline-rustdoc")
        .arg(old)
        .arg("--current-rustdoc")
        .arg(new)
        .stdin(Stdio::null());
    let shown = process::shown(&command);
    let failed = |why: &str| Failure::Mistake(format!("error: `{shown}` failed: {why}"));
    let output = (command.output()).map_err(|error| failed(&error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let rules: Vec<&str> = (said.lines())
        .filter_map(|line| line.strip_prefix("--- failure ")?.split(':').next())
        .collect();
    match (output.status.code(), rules.as_slice()) {
        (Some(0), _) => Ok(None),
        (Some(BREAKS), [only]) => Ok(Some(format!("`{only}`"))),
        (Some(BREAKS), [first, others @ ..]) => {
            Ok(Some(format!("`{first}` and {} more", others.len())))
        }
        _ => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(failed(said.trim_end().lines().last().unwrap_or_default()))
        }
    }
}
