//! `cargo xtask bench`: the cost of generating and checking a crate, compared with other generators in the same run.

mod corpus;
mod count;
mod peers;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::measure::{check_cost, generation_cost};
use crate::{process, workspace};
use count::{Counts, Kind};

/// Names the document.
pub(crate) const DOCUMENT: &str = "DINTERO_OFFICIAL_SPEC";

/// The result of one generator.
struct Figures {
    /// CPU seconds.
    generation: f64,
    /// CPU seconds; why the crate does not compile.
    check: Result<f64, String>,
    counts: Counts,
}

/// A generator and its figures, or its error.
type Row = (String, Result<Figures, String>);

pub(crate) fn run(mut arguments: lexopt::Parser) -> Outcome {
    use lexopt::prelude::*;
    let mut with_peers = true;
    let mut only = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("no-peers") => with_peers = false,
            Value(document) => only.push(document.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    print!("{}", report(with_peers, &only)?);
    Ok(())
}

/// The tables: of the official document and of other companies', or only of the documents of others with these names.
pub(crate) fn report(with_peers: bool, only: &[String]) -> Outcome<String> {
    let root = workspace::root();
    let folder = root.join("target/bench");
    // The first installation takes many minutes, so it starts first; measuring starts after it.
    let installing = with_peers.then(|| peers::install(root.join("target/peers")));
    let generator = build_generator(&root, &folder)?;
    let installed = installing.map(|thread| thread.join()).transpose();
    let installed = installed
        .map_err(|_| Failure::Mistake("error: installing the peers ended badly".to_owned()))?
        .unwrap_or_default();
    let others = corpus::report(&generator, &installed, only)?;
    if !only.is_empty() {
        return Ok(others);
    }
    let official = official(&generator, installed)?;
    Ok(format!("{official}\n{others}"))
}

/// The table of the official document.
fn official(generator: &Path, installed: peers::Installed) -> Outcome<String> {
    let document = std::env::var_os(DOCUMENT)
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::Mistake(format!(
                "error: {DOCUMENT} must name the OpenAPI 3 document to measure with"
            ))
        })?;
    let document = document
        .canonicalize()
        .map_err(|error| Failure::file("read", &document, &error))?;
    let root = workspace::root();
    let folder = root.join("target/bench");
    let ours = measure_ours(generator, &document, &folder)?;
    let mut rows = Vec::new();
    for (peer, outcome) in installed {
        eprintln!("measuring {}", peer.title());
        let figures =
            outcome.and_then(|()| peer.measure(&root.join("target/peers"), &document, &folder));
        rows.push((peer.title(), figures));
    }
    Ok(table(ours, rows))
}

/// Our generator as its users should run it: built in release mode.
pub(crate) fn build_generator(root: &Path, folder: &Path) -> Outcome<PathBuf> {
    let target = folder.join("xtask");
    let mut build = process::cargo();
    build
        .args(["build", "--release", "--package", "xtask", "--target-dir"])
        .arg(&target)
        .current_dir(root);
    process::run(&mut build)?;
    Ok(target.join("release/xtask"))
}

fn measure_ours(generator: &Path, document: &Path, folder: &Path) -> Outcome<Figures> {
    eprintln!("measuring ours");
    let out = folder.join("ours");
    let mistake = |why: String| Failure::Mistake(format!("error: {why}"));
    let generation = generation_cost(&out, || {
        let mut command = Command::new(generator);
        command
            .args(["codegen", "--name", "measured", "--document"])
            .arg(document)
            .arg("--out")
            .arg(&out);
        command
    })
    .map_err(mistake)?;
    let counts = count::count(&out.join("src")).map_err(mistake)?;
    let check = check_cost(&out, &folder.join("ours-build"));
    Ok(Figures {
        generation,
        check,
        counts,
    })
}

fn table(ours: Figures, peers: Vec<Row>) -> String {
    let reference = (ours.generation, ours.check.as_ref().ok().copied());
    let kinds = ours.counts.clone();
    let mut text = String::from(
        "CPU seconds, user + system, median. Generation: the whole program, in release mode. Check: `cargo check` of \
         the generated crate alone, dependencies built before, CARGO_INCREMENTAL=0. In brackets: how many times ours.\n\n\
         | generator | generation | check | lines of code | string enums | of them open | multi-line macro calls |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (name, figures) in std::iter::once(("ours".to_owned(), Ok(ours))).chain(peers) {
        let _ = match figures {
            Ok(Figures {
                generation,
                check,
                counts,
            }) => writeln!(
                text,
                "| {name} | {} | {} | {} | {} | {} | {} |",
                seconds(generation, Some(reference.0)),
                check.map_or_else(|why| why, |check| seconds(check, reference.1)),
                counts.code(),
                counts.enums,
                counts.open_enums,
                counts.multi_line_macros,
            ),
            Err(why) => writeln!(text, "| {name} | {why} | | | | | |"),
        };
    }
    let lines = |kind| kinds.code.get(&kind).copied().unwrap_or_default();
    let _ = writeln!(
        text,
        "\nOur lines by kind: types {}, string enums {}, builders {}, operations {}, documentation and comments {}, \
         blank {}.",
        lines(Kind::Types),
        lines(Kind::Enums),
        lines(Kind::Builders),
        lines(Kind::Operations),
        kinds.comments,
        kinds.blank,
    );
    text
}

fn seconds(value: f64, reference: Option<f64>) -> String {
    match reference {
        Some(reference) if reference > 0.0 => format!("{value:.2} ({:.1})", value / reference),
        _ => format!("{value:.2}"),
    }
}
