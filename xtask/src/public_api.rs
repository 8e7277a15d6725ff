//! `cargo xtask public-api`: everything public that was written by hand, as one text whose diff shows what breaks.
//!
//! Generated code is omitted: it would be many times as long, and `sdk/src/api` is such a text already, with its own
//! diff.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::tools::{self, Tool};
use crate::{process, workspace};

/// Reads what rustdoc of the nightly toolchain writes, in the form of 2025-11 and later.
const PUBLIC_API: Tool = Tool {
    name: "cargo-public-api",
    version: "0.52.0",
};
const TOOLCHAIN: &str = "nightly";
const PAGE: &str = "docs/public-api.txt";
/// The API whose module has parts that are written by hand, and where these are.
const EXTENDED: (&str, &str) = ("payments", "sdk/src/payments");
/// Modules that are hidden, or of the documentation alone.
const LEFT_OUT: [&str; 3] = ["api", "not_confirmed", "rt"];
/// The features with which all hand-written code is built.
const FEATURES: &str = "blocking,chrono-04,download,event-stream,jiff-02,mock,multipart,payments,reqwest-013,rust_decimal-1,rustls,time-03,tracing,webhook";

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    let mut check = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let mut nightly = Command::new("rustup");
    nightly.args(["run", TOOLCHAIN, "rustdoc", "--version"]);
    let Ok(version) = process::output(&mut nightly) else {
        let what =
            format!("there is no toolchain {TOOLCHAIN}, and no other can tell what is public");
        if check {
            println!("not run: {what}");
            return Ok(());
        }
        return Err(Failure::Mistake(format!("error: {what}")));
    };
    let root = workspace::root();
    let page = root.join(PAGE);
    let before = workspace::read_if_there(&page)?.unwrap_or_default();
    let heading = format!("# Written by {}\n", version.trim());
    if check && !before.starts_with(&heading) {
        println!(
            "not run: {PAGE} starts with `{}`, and {} may write other lines",
            before.lines().next().unwrap_or_default(),
            version.trim()
        );
        return Ok(());
    }
    let text = heading + &by_hand(&root, &public(&root)?)?;
    if before == text {
        println!("{PAGE}: {} lines, up to date", text.lines().count());
        return Ok(());
    }
    if !check {
        return std::fs::write(&page, text).map_err(|error| Failure::file("write", &page, &error));
    }
    let diff = similar::TextDiff::from_lines(&before, &text);
    Err(Failure::Mistake(format!(
        "{}error: {PAGE} is stale; `cargo xtask public-api` writes it",
        diff.unified_diff().context_radius(0).header(PAGE, "now")
    )))
}

/// Everything public, a line each; without implementations that are derived, blanket or automatic.
fn public(root: &Path) -> Outcome<String> {
    let program = tools::install(root, &PUBLIC_API)?;
    process::output(
        Command::new(program)
            .args(["public-api", "-sss", "--color=never"])
            .args(["--package", "dintero", "--no-default-features"])
            .args(["--features", FEATURES])
            .env("CARGO_TARGET_DIR", root.join("target/public-api"))
            // Those of the cargo that runs us are another toolchain's.
            .env_remove("CARGO")
            .env_remove("RUSTC")
            .env_remove("RUSTDOC")
            // Generated types have no page of their own, but methods that are written by hand.
            .env("RUSTDOCFLAGS", "-Zunstable-options --document-hidden-items")
            .env("RUSTUP_TOOLCHAIN", TOOLCHAIN)
            .current_dir(root),
    )
}

/// The lines about what is written by hand.
fn by_hand(root: &Path, public: &str) -> Outcome<String> {
    let (module, folder) = EXTENDED;
    let mut names = BTreeSet::new();
    declared(&root.join(folder), &mut names)?;
    // The type whose implementation of a hidden trait is being left out.
    let mut hidden: Option<String> = None;
    let lines = public.lines().filter(|line| {
        if line.starts_with("impl") {
            hidden = of_hidden_trait(line).map(str::to_owned);
        }
        if let Some(owner) = &hidden {
            if is_of(line, owner) {
                return false;
            }
            hidden = None;
        }
        let Some(path) = path_of(line) else {
            return true;
        };
        let mut parts = path.split("::");
        let first = parts.next().unwrap_or_default();
        if LEFT_OUT.contains(&first) || first.starts_with("__") {
            return false;
        }
        first != module || parts.any(|part| names.contains(part))
    });
    Ok(distinct(lines))
}

/// The text of the lines, sorted. An implementation is listed again wherever the hidden module exports its type.
fn distinct<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for line in lines {
        let is_item = ["pub fn ", "pub const ", "pub type "]
            .iter()
            .any(|start| line.starts_with(start));
        match blocks.last_mut() {
            Some(block) if is_item && block.starts_with("impl") => block.push_str(line),
            _ => blocks.push(line.to_owned()),
        }
        blocks
            .last_mut()
            .into_iter()
            .for_each(|block| block.push('\n'));
    }
    // Sorted, because the hidden module decides where the implementations of what it exports are listed.
    blocks.sort();
    blocks.dedup();
    blocks.concat()
}

/// The type of an implementation, if the trait is one of the hidden module.
fn of_hidden_trait(line: &str) -> Option<&str> {
    let (implemented, owner) = line.strip_prefix("impl")?.rsplit_once(" for ")?;
    let mut depth = 0_usize;
    let name = implemented.find(|c: char| {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && c != ' ',
        }
        false
    })?;
    let is_hidden = implemented.get(name..)?.starts_with("dintero::rt::");
    let end = owner.find(['<', ' ']).unwrap_or(owner.len());
    is_hidden.then(|| &owner[..end])
}

/// Whether a line is an implementation of a type, or an item of it.
fn is_of(line: &str, owner: &str) -> bool {
    let at = line.match_indices(owner).map(|(at, _)| at + owner.len());
    let mut rest = at.filter_map(|end| line.get(end..));
    line.starts_with("impl") || rest.any(|rest| rest.starts_with("::") || rest.starts_with('<'))
}

/// `payments::Card::new` of `pub fn dintero::payments::Card::new(…)` and of `impl From<…> for dintero::payments::Card`.
fn path_of(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("impl") {
        Some(implemented) => implemented.rsplit(" for ").next()?,
        None => line,
    };
    let (_, path) = line.split_once("dintero::")?;
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    Some(path[..end.unwrap_or(path.len())].trim_end_matches(':'))
}

/// Names that files of a folder give to what they make public.
fn declared(folder: &Path, names: &mut BTreeSet<String>) -> Outcome {
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failure::file("list", folder, &error))?;
    for entry in entries {
        let path = entry
            .map_err(|error| Failure::file("list", folder, &error))?
            .path();
        if path.is_dir() {
            declared(&path, names)?;
            continue;
        }
        for line in workspace::read(&path)?.lines() {
            let Some(rest) = line.trim_start().strip_prefix("pub ") else {
                continue;
            };
            let keyword = |word: &&str| {
                [
                    "async", "const", "fn", "struct", "enum", "trait", "type", "mod",
                ]
                .contains(word)
            };
            let mut words = rest
                .split([' ', '(', '<', ':', ';', '{'])
                .skip_while(keyword);
            names.extend(words.next().map(str::to_owned));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{of_hidden_trait, path_of};

    #[test]
    fn lines_tell_their_path() {
        for (line, path) in [
            (
                "pub fn dintero::payments::Card::new(id: dintero::Id) -> Self",
                "payments::Card::new",
            ),
            (
                "impl core::convert::From<dintero::Error> for dintero::payments::Card",
                "payments::Card",
            ),
            ("impl<O: dintero::rt::X> dintero::page::Pages<O>", "rt::X"),
            (
                "pub dintero::payments::Card::id: dintero::Id",
                "payments::Card::id",
            ),
            ("pub mod dintero", ""),
        ] {
            assert_eq!(path_of(line).unwrap_or_default(), path, "{line}");
        }
    }

    #[test]
    fn implementations_of_hidden_traits() {
        for (line, owner) in [
            ("impl dintero::rt::Read for u64", Some("u64")),
            (
                "impl<T: dintero::rt::Read> dintero::rt::Write for dintero::Map<T>",
                Some("dintero::Map"),
            ),
            (
                "impl<T: dintero::rt::Read> core::fmt::Debug for dintero::Map<T>",
                None,
            ),
            (
                "impl<O: dintero::rt::Operation> dintero::mock::On<'_, O>",
                None,
            ),
        ] {
            assert_eq!(of_hidden_trait(line), owner, "{line}");
        }
    }
}
