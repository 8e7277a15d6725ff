//! Other companies' documents: what each generator makes of them.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::peers::{Installed, Peer};
use crate::failure::{Failure, Outcome};
use crate::measure::{cpu_seconds, stand_alone};
use crate::{process, workspace};

/// Names the folder of the documents.
pub(crate) const FOLDER: &str = "OPENAPI_CORPUS";
/// The peers that can read most documents.
const PEERS: [Peer; 2] = [Peer::Oas3Gen, Peer::OpenapiToRust];
/// Documents with fewer operations are too small to compare.
const FEW: usize = 20;
/// CPU of `cargo check`, of that of the best peer that compiles: for each document, and in sum.
const GOALS: [f64; 2] = [1.0 / 3.0, 0.25];
/// The folder of our crate, beside those that are named like the packages of the peers.
const OURS: &str = "ours";
/// Where crates are built.
const OUR_BUILD: &str = "ours-build";
const PEERS_BUILD: &str = "peers-build";
const CHECK: &[&str] = &["check", "--quiet"];

/// The result of a generator for a document. Each step holds its error, and the later ones are empty then.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Steps {
    /// A number for the measured code: it is another one for another document, generator or runtime.
    key: u64,
    generated: Option<String>,
    compiles: Option<Result<(), String>>,
    clippy: Option<Result<(), String>>,
    doctests: Option<Result<(), String>>,
    operations: usize,
    left_out: usize,
    /// CPU seconds of `cargo check` of the crate alone. Not kept: those that are compared are measured one after the other.
    #[serde(skip)]
    seconds: Option<f64>,
}

impl Steps {
    fn is_generated(&self) -> bool {
        self.generated.is_none()
    }

    fn compiles(&self) -> bool {
        matches!(self.compiles, Some(Ok(())))
    }

    /// One cell: how far it came, and why no further.
    fn cell(&self) -> String {
        if let Some(why) = &self.generated {
            return format!("not generated: {why}");
        }
        if let Some(Err(why)) = &self.compiles {
            return format!("does not compile: {why}");
        }
        let Some(seconds) = self.seconds else {
            return "not checked".to_owned();
        };
        let word = |step: &Option<Result<(), String>>, what: &str| match step {
            Some(Ok(())) => what.to_owned(),
            _ => format!("**not** {what}"),
        };
        format!(
            "{seconds:.2} s, {}, {}",
            word(&self.clippy, "clippy"),
            word(&self.doctests, "doctests"),
        )
    }
}

/// A document, and what our generator and the peers made of it.
struct Row {
    name: String,
    ours: Steps,
    peers: Vec<Option<Steps>>,
    /// Types of unions that are read from a valid value, and all.
    unions: Option<(usize, usize, usize)>,
}

/// The table over the documents whose names are in `only`, or over all.
pub(crate) fn report(generator: &Path, installed: &Installed, only: &[String]) -> Outcome<String> {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return Ok(format!(
            "Not run on other companies' documents: {FOLDER} is not set\n"
        ));
    };
    let mut documents: Vec<PathBuf> = workspace::files(&folder)?;
    documents.retain(|path| {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        let is_wanted = only.is_empty() || only.contains(&name_of(path));
        is_wanted && ["json", "yaml", "yml"].contains(&&*extension)
    });
    documents.sort();
    if let Some(unknown) = only
        .iter()
        .find(|name| !documents.iter().any(|path| name_of(path) == **name))
    {
        return Err(Failure::Usage(format!(
            "no document {unknown} in the folder of {FOLDER}"
        )));
    }
    let root = workspace::root();
    let folder = root.join("target/bench/corpus");
    let runtime = hash_of_folder(&root.join("sdk/src"))?;
    let mut rows = Vec::new();
    for document in &documents {
        let name = name_of(document);
        eprintln!("measuring {name}");
        let text = fs::read(document).map_err(|error| Failure::file("read", document, &error))?;
        let folder = folder.join(&name);
        let mut ours = ours(generator, document, &folder, runtime)?;
        let mut peers = Vec::new();
        for peer in PEERS {
            let is_there = installed
                .iter()
                .any(|(known, done)| known.title() == peer.title() && done.is_ok());
            let measured = is_there.then(|| {
                let mut hasher = DefaultHasher::new();
                (peer.title(), &text).hash(&mut hasher);
                of_peer(peer, document, &folder, hasher.finish())
            });
            peers.push(measured.transpose()?);
        }
        measure(&mut ours, &folder.join(OURS), OUR_BUILD)?;
        for (peer, steps) in PEERS.into_iter().zip(&mut peers) {
            if let Some(steps) = steps {
                measure(steps, &folder.join(peer.package()), PEERS_BUILD)?;
            }
        }
        let unions = unions(&root, &name);
        rows.push(Row {
            name,
            ours,
            peers,
            unions,
        });
    }
    Ok(table(&rows))
}

fn name_of(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// How many types of unions the test `others` read, if it was run.
fn unions(root: &Path, name: &str) -> Option<(usize, usize, usize)> {
    let path = root.join("target/others").join(name).join("counts.json");
    let counts: Vec<usize> = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    // Types without a value are not counted.
    let all = counts.get(1)?.checked_sub(*counts.get(4)?)?;
    Some((*counts.get(2)?, *counts.get(3)?, all))
}

fn ours(generator: &Path, document: &Path, folder: &Path, runtime: u64) -> Outcome<Steps> {
    let out = folder.join(OURS);
    let mut command = Command::new(generator);
    command
        .args(["codegen", "--report", "--name", "measured", "--document"])
        .arg(document)
        .arg("--out")
        .arg(&out);
    let output = command
        .output()
        .map_err(|error| Failure::file("run", generator, &error))?;
    let mut steps = Steps::default();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        steps.generated = Some(said.lines().next().unwrap_or("it said nothing").to_owned());
        return Ok(steps);
    }
    let mut hasher = DefaultHasher::new();
    (hash_of_folder(&out.join("src"))?, runtime).hash(&mut hasher);
    steps.key = hasher.finish();
    let said = String::from_utf8_lossy(&output.stdout);
    steps.left_out = said
        .lines()
        .filter(|line| line.contains(" operation `"))
        .count();
    for path in workspace::files(&out.join("src"))? {
        steps.operations += workspace::read(&path)?
            .matches("impl rt::Operation for ")
            .count();
    }
    steps_of(steps, &out, &folder.join("ours.json"), OUR_BUILD)
}

fn of_peer(peer: Peer, document: &Path, folder: &Path, key: u64) -> Outcome<Steps> {
    let record = folder.join(format!("{}.json", peer.package()));
    if let Some(known) = recorded(&record, key) {
        return Ok(known);
    }
    let out = folder.join(peer.package());
    if out.exists() {
        fs::remove_dir_all(&out).map_err(|error| Failure::file("empty", &out, &error))?;
    }
    let installed = workspace::root().join("target/peers");
    let mut steps = Steps {
        key,
        ..Steps::default()
    };
    let generated = cpu_seconds(&peer.command(&installed, document, &out)).map(drop);
    let generated = generated.and_then(|()| peer.complete(&out));
    if let Err(why) = generated {
        steps.generated = Some(why);
        record_in(&record, &steps)?;
        return Ok(steps);
    }
    steps_of(steps, &out, &record, PEERS_BUILD)
}

/// Checks, lints and tests a crate, unless that was recorded.
fn steps_of(mut steps: Steps, krate: &Path, record: &Path, target: &str) -> Outcome<Steps> {
    if let Some(known) = recorded(record, steps.key) {
        return Ok(Steps {
            left_out: steps.left_out,
            operations: steps.operations,
            ..known
        });
    }
    stand_alone(krate).map_err(|why| Failure::Mistake(format!("error: {why}")))?;
    touch(krate)?;
    let passes = |arguments: &[&str]| cpu_seconds(&cargo_for(krate, target, arguments)).map(drop);
    steps.compiles = Some(passes(CHECK));
    if steps.compiles() {
        steps.clippy = Some(passes(&["clippy", "--quiet", "--", "-D", "warnings"]));
        steps.doctests = Some(passes(&["test", "--quiet", "--doc"]));
    }
    record_in(record, &steps)?;
    Ok(steps)
}

/// Measures the check of a crate that compiles.
fn measure(steps: &mut Steps, krate: &Path, target: &str) -> Outcome {
    if !steps.compiles() {
        return Ok(());
    }
    let mistake = |why: String| Failure::Mistake(format!("error: {why}"));
    let check = || cpu_seconds(&cargo_for(krate, target, CHECK)).map_err(mistake);
    // Dependencies that are not there any more.
    check()?;
    touch(krate)?;
    steps.seconds = Some(check()?);
    Ok(())
}

/// Makes a crate newer than what was built of it. All have one name and one target folder, so that cargo takes what was
/// built of another one for its own.
fn touch(krate: &Path) -> Outcome {
    let root = krate.join("src/lib.rs");
    let touched = fs::File::options().write(true).open(&root);
    touched
        .and_then(|file| file.set_modified(std::time::SystemTime::now()))
        .map_err(|error| Failure::file("touch", &root, &error))
}

/// A command of cargo for a generated crate, free of the settings of the one that runs us.
fn cargo_for(krate: &Path, target: &str, arguments: &[&str]) -> Command {
    let mut cargo = process::cargo();
    cargo
        .args(arguments)
        .current_dir(krate)
        .env(
            "CARGO_TARGET_DIR",
            workspace::root().join("target/bench").join(target),
        )
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}

/// Returns what was recorded by an earlier run, if it measured the same.
fn recorded(record: &Path, key: u64) -> Option<Steps> {
    let known: Steps = serde_json::from_str(&fs::read_to_string(record).ok()?).ok()?;
    (known.key == key).then_some(known)
}

fn record_in(record: &Path, steps: &Steps) -> Outcome {
    let text = serde_json::to_string(steps)
        .map_err(|error| Failure::Mistake(format!("error: {error}")))?;
    fs::write(record, text).map_err(|error| Failure::file("write", record, &error))
}

fn hash_of_folder(folder: &Path) -> Outcome<u64> {
    let mut hasher = DefaultHasher::new();
    let mut files = workspace::files(folder)?;
    files.sort();
    for path in files {
        (
            path.strip_prefix(folder).unwrap_or(&path),
            workspace::read(&path)?,
        )
            .hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn table(rows: &[Row]) -> String {
    let titles = PEERS.map(Peer::title);
    let mut text = format!(
        "Documents of other companies, untouched. CPU seconds of `cargo check` of the crate alone, then whether \
         `cargo clippy -- -D warnings` and the doctests pass. Types of unions: read from a valid value, and all, by \
         `OTHER_APIS=all cargo test -p tests --features mock --test others`.\n\n\
         | document | operations generated, of all | ours | {} | ours / best peer | types of unions read, of all |\n\
         |---|---|---|---|---|---|---|\n",
        titles.join(" | ")
    );
    for row in rows {
        let peers = row.peers.iter();
        let peers = peers.map(|steps| {
            steps
                .as_ref()
                .map_or_else(|| "not installed".to_owned(), Steps::cell)
        });
        let ratio = row
            .ratio()
            .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let unions = match row.unions {
            Some((read, 0, all)) => format!("{read} of {all}"),
            Some((read, reported, all)) => format!("{read} of {all}, {reported} in the report"),
            None => "not run".to_owned(),
        };
        let all = row.ours.operations + row.ours.left_out;
        let _ = writeln!(
            text,
            "| {} | {} of {all} | {} | {} | {ratio} | {unions} |",
            row.name,
            row.ours.operations,
            row.ours.cell().replace('|', "\\|"),
            peers
                .map(|cell| cell.replace('|', "\\|"))
                .collect::<Vec<_>>()
                .join(" | "),
        );
    }
    let _ = writeln!(text, "\n{}", goals(rows, &titles));
    text
}

impl Row {
    /// The fewest CPU seconds of a peer that compiles.
    fn best(&self) -> Option<f64> {
        let seconds = self
            .peers
            .iter()
            .flatten()
            .filter_map(|steps| steps.seconds);
        seconds.reduce(f64::min)
    }

    fn ratio(&self) -> Option<f64> {
        Some(self.ours.seconds? / self.best()?)
    }
}

fn goals(rows: &[Row], titles: &[String]) -> String {
    let mut text = String::from("| figure | value | goal |\n|---|---|---|\n");
    let mut row = |what: &str, value: String, goal: String, met: bool| {
        let missed = if met { "" } else { ", missed" };
        let _ = writeln!(text, "| {what} | {value} | {goal}{missed} |");
    };
    let of = |steps: &dyn Fn(&Row) -> Option<Steps>| {
        let all: Vec<Steps> = rows.iter().filter_map(steps).collect();
        let count = |is: &dyn Fn(&Steps) -> bool| all.iter().filter(|steps| is(steps)).count();
        [
            count(&Steps::is_generated),
            count(&Steps::compiles),
            count(&|steps| matches!(steps.clippy, Some(Ok(())))),
            count(&|steps| matches!(steps.doctests, Some(Ok(())))),
        ]
    };
    let all = rows.len();
    let words = |counts: [usize; 4]| counts.map(|count| count.to_string()).join(" / ");
    let ours = of(&|row| Some(row.ours.clone()));
    row(
        "documents generated / compile / clippy clean / doctests",
        words(ours),
        words([all; 4]),
        ours == [all; 4],
    );
    for (index, title) in titles.iter().enumerate() {
        let counts = of(&|row| row.peers.get(index)?.clone());
        row(
            &format!("the same by {title}"),
            words(counts),
            String::new(),
            true,
        );
    }
    let (generated, left_out) = rows.iter().fold((0, 0), |(generated, left_out), row| {
        (
            generated + row.ours.operations,
            left_out + row.ours.left_out,
        )
    });
    row(
        "operations generated, of all; the others are in the report",
        format!("{generated} of {}", generated + left_out),
        "100 %, or listed".to_owned(),
        true,
    );
    let known: Vec<_> = rows.iter().filter_map(|row| row.unions).collect();
    let sum = |of: &dyn Fn(&(usize, usize, usize)) -> usize| known.iter().map(of).sum::<usize>();
    let (read, reported, types) = (sum(&|row| row.0), sum(&|row| row.1), sum(&|row| row.2));
    row(
        &format!(
            "types of unions read from a valid value, of all, in {} documents",
            known.len()
        ),
        format!("{read} of {types}, {reported} in the report"),
        "all, or in the report".to_owned(),
        read + reported == types && known.len() == all,
    );
    let large = rows.iter().filter(|row| row.ours.operations > FEW);
    let ratios: Vec<(f64, &str)> = large
        .filter_map(|row| Some((row.ratio()?, row.name.as_str())))
        .collect();
    let above = ratios.iter().filter(|(ratio, _)| *ratio > GOALS[0]);
    let above: Vec<String> = above
        .map(|(ratio, name)| format!("{name} {ratio:.2}"))
        .collect();
    row(
        &format!(
            "check CPU, of the best peer that compiles: documents of more than {FEW} operations above the goal"
        ),
        format!("{} of {}{}", above.len(), ratios.len(), list(&above)),
        format!("none above {:.2}", GOALS[0]),
        above.is_empty(),
    );
    let pairs = rows
        .iter()
        .filter_map(|row| Some((row.ours.seconds?, row.best()?)));
    let (mine, best) = pairs.fold((0.0, 0.0), |(mine, best), pair| {
        (mine + pair.0, best + pair.1)
    });
    let ratio = if best > 0.0 { mine / best } else { 0.0 };
    row(
        "the same, in sum over the documents that a peer compiles",
        format!("{mine:.1} s of {best:.1} s: {ratio:.2}"),
        format!("≤ {:.2}", GOALS[1]),
        ratio <= GOALS[1],
    );
    text
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!(": {}", names.join(", ")),
    }
}
