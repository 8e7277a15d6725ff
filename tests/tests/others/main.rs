//! Other companies' documents: the generator writes calls of every operation, which Prism judges, and every type of every
//! union is read from valid values, which hypothesis-jsonschema makes.
//!
//! `OTHER_APIS` names documents of the folder in `OPENAPI_CORPUS`, with commas between them, or `all`; without it only a
//! few small ones are tried, and no values are made.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod calls;
mod known;
mod program;
mod unions;

use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use program::Program;
use tests::table::publish;

/// The documents that are always tried.
const SAMPLE: [&str; 2] = ["oas3_petstore", "prog_propolis"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Names and paths of the documents to be tried, the smallest first.
fn documents() -> Vec<(String, PathBuf)> {
    let wanted = env::var("OTHER_APIS").ok();
    let is_wanted = |name: &str| match wanted.as_deref() {
        Some("all") => true,
        Some(names) => names.split(',').any(|wanted| wanted == name),
        None => SAMPLE.contains(&name),
    };
    let mut documents = Vec::new();
    match env::var_os("OPENAPI_CORPUS") {
        Some(folder) => {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let extension = path.extension().unwrap_or_default().to_string_lossy();
                if ["json", "yaml", "yml"].contains(&&*extension) {
                    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                    documents.push((name, path));
                }
            }
        }
        None => println!("not run on other companies' documents: OPENAPI_CORPUS is not set"),
    }
    match env::var_os("DINTERO_OFFICIAL_SPEC") {
        Some(path) => documents.push(("official".to_owned(), path.into())),
        None => println!("not run on the official document: DINTERO_OFFICIAL_SPEC is not set"),
    }
    documents.retain(|(name, _)| is_wanted(name));
    let size = |path: &Path| std::fs::metadata(path).unwrap().len();
    documents.sort_by_key(|(name, path)| (size(path), name.clone()));
    documents
}

/// What one document takes, in order.
const STEPS: [&str; 5] = ["Generate", "Compile", "Make values", "Call", "Read"];

/// How long each step took, by document.
#[derive(Default)]
struct Times {
    rows: String,
    totals: [Duration; STEPS.len()],
}

impl Times {
    fn add(&mut self, name: &str, times: [Duration; STEPS.len()]) {
        self.row(name, times);
        for (total, time) in self.totals.iter_mut().zip(times) {
            *total += time;
        }
    }

    fn row(&mut self, name: &str, times: [Duration; STEPS.len()]) {
        let cells: Vec<String> = (times.iter())
            .map(|time| format!("{:.0}", time.as_secs_f64()))
            .collect();
        let row = format!("| {name} | {} |", cells.join(" | "));
        // A run takes long: this shows where it is.
        eprintln!("{row}");
        self.rows.push_str(&row);
        self.rows.push('\n');
    }

    fn text(&mut self, whole: Duration) -> String {
        self.row("all", self.totals);
        let minutes = whole.as_secs_f64() / 60.0;
        format!(
            "| Document | {} |\n|---|---|---|---|---|---|\n{}\nThe whole took {minutes:.1} minutes.\n",
            STEPS.join(" | "),
            self.rows
        )
    }
}

/// Returns the result of a step and how long it took.
fn timed<T>(step: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let result = step();
    (result, begun.elapsed())
}

/// One test, because both parts run the same programs, and cargo builds one at a time. While one document is tried, the next
/// ones are compiled, and values of them are made.
#[test]
fn other_documents_are_called_and_read_as_described() {
    let begun = Instant::now();
    let documents = documents();
    let with_values = env::var_os("OTHER_APIS").is_some();
    let (mut called, mut read) = (calls::Table::default(), unions::Table::default());
    let (mut times, mut wrong) = (Times::default(), Vec::new());
    let (to_compile, compiling) = mpsc::channel::<Arc<Program>>();
    let (to_make, making) = mpsc::channel::<Arc<Program>>();
    let (to_try, written) = mpsc::channel();
    let (to_run, compiled) = mpsc::channel();
    let (to_read, made) = mpsc::channel();
    let all = &documents;
    std::thread::scope(|scope| {
        // If a receiver is gone, the test has failed.
        scope.spawn(move || {
            for (name, path) in all {
                let (program, time) = timed(|| Program::write(name, path).map(Arc::new));
                if let Ok(program) = &program {
                    drop(to_compile.send(Arc::clone(program)));
                    drop(to_make.send(Arc::clone(program)));
                }
                drop(to_try.send((program, path, time)));
            }
        });
        scope.spawn(move || {
            for program in compiling {
                drop(to_run.send(timed(|| program.compile())));
            }
        });
        scope.spawn(move || {
            for program in making {
                let values = || match with_values {
                    true => unions::values(&program),
                    false => Ok(None),
                };
                drop(to_read.send(timed(values)));
            }
        });
        for (program, path, generate) in written {
            let program = match program {
                Ok(program) => program,
                Err(why) => {
                    wrong.push(why);
                    continue;
                }
            };
            let (compiled, compile) = compiled.recv().unwrap();
            let (values, make) = made.recv().unwrap();
            let (mut call, mut reading) = (Duration::ZERO, Duration::ZERO);
            let before = (called.wrong.len(), read.wrong.len());
            match (compiled, values) {
                (Ok(()), Ok(values)) => {
                    call = timed(|| called.add(&program, path)).1;
                    if let Some(values) = values {
                        reading = timed(|| read.add(&program, &values)).1;
                    }
                }
                (compiled, values) => wrong.extend(compiled.err().into_iter().chain(values.err())),
            }
            times.add(&program.name, [generate, compile, make, call, reading]);
            let wrong = called.wrong.iter().skip(before.0);
            for why in wrong.chain(read.wrong.iter().skip(before.1)) {
                eprintln!("- {why}");
            }
        }
    });
    if !documents.is_empty() {
        publish(
            "Calls of other companies' operations against Prism",
            &called.text(),
        );
        wrong.extend(called.wrong);
        if with_values {
            publish("Types of unions read from valid values", &read.text());
            wrong.extend(read.wrong);
        }
        publish(
            "Seconds that other companies' documents took",
            &times.text(begun.elapsed()),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
