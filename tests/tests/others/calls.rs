//! Calls of every operation, judged by Prism.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tests::prism::{self, Prism};

use super::known::{self, Verdict};
use super::program::Program;

/// How long to wait for a Prism that is known not to be ready in time.
const SOON: Duration = Duration::from_secs(60);

/// What came of the calls, by document.
#[derive(Default)]
pub(crate) struct Table {
    rows: String,
    /// What is not judged, by document and reason: the operations.
    unjudged: BTreeMap<(String, String), BTreeSet<String>>,
    /// What is not tried.
    untried: BTreeSet<String>,
    pub(crate) wrong: Vec<String>,
}

#[derive(Default)]
struct Counts {
    operations: BTreeSet<String>,
    calls: [usize; 2],
    valid: [usize; 2],
    read: usize,
    unjudged: usize,
    not_written: usize,
}

impl Table {
    /// Calls every operation of a document.
    pub(crate) fn add(&mut self, program: &Program, document: &Path) {
        let name = &program.name;
        let Some(command) = prism::command() else {
            println!("not run: Prism is not installed; `cargo xtask test` installs it");
            return;
        };
        let known = known::UNREADABLE.iter();
        let known = known.clone().find(|(known, _, _)| known == name);
        let (mut counts, mut done, mut lost) = (Counts::default(), 0, false);
        // Some requests make Prism end. Then the calls after it are made with another.
        loop {
            let patience = if known.is_some() {
                SOON
            } else {
                prism::PATIENCE
            };
            let prism = Prism::start_within(patience, &command, document);
            let mut prism = match (prism, known) {
                (Ok(prism), None) => prism,
                (Err(why), Some((_, says, reason))) if why.contains(says) => {
                    self.untried
                        .insert(format!("{name}: Prism can't read it: {reason}"));
                    return;
                }
                (Ok(_), Some((_, says, _))) => {
                    self.wrong
                        .push(format!("{name}: Prism can read it, in spite of {says:?}"));
                    return;
                }
                (Err(why), _) => {
                    self.wrong.push(format!("{name}: {why}"));
                    return;
                }
            };
            let url = format!("http://{}", prism.address());
            let before = done;
            for line in program.run(&[&url, &done.to_string()], "") {
                done += 1;
                lost = line["outcome"] == "lost";
                if !lost {
                    self.judge(name, &line, &mut counts);
                    continue;
                }
                let said = last_words(&mut prism);
                self.judge(name, &with_last_words(line, &said), &mut counts);
            }
            if !lost || done == before {
                break;
            }
        }
        for (operation, why) in known::refused(name) {
            let unjudged = self.unjudged.get(&(name.clone(), why.to_owned()));
            if !unjudged.is_some_and(|operations| operations.contains(operation)) {
                self.wrong.push(format!(
                    "{name}: {operation} is accepted, in spite of: {why}"
                ));
            }
        }
        let _ = writeln!(
            self.rows,
            "| {name} | {} | {} of {} | {} of {} | {} | {} | {} |",
            counts.operations.len(),
            counts.valid[0],
            counts.calls[0],
            counts.valid[1],
            counts.calls[1],
            counts.unjudged,
            counts.read,
            counts.not_written,
        );
    }

    fn judge(&mut self, name: &str, line: &Value, counts: &mut Counts) {
        let text = |key: &str| line[key].as_str().unwrap_or_default();
        let (operation, label) = (text("operation"), text("label"));
        let left_out = line["left_out"].as_array().into_iter().flatten();
        for what in left_out.filter_map(Value::as_str) {
            self.untried.insert(format!("{name}: {operation}: {what}"));
        }
        let outcome = text("outcome");
        if outcome == "left out" {
            return;
        }
        counts.operations.insert(operation.to_owned());
        if outcome == "not written" {
            counts.not_written += 1;
            return;
        }
        let index = usize::from(label == "full");
        counts.calls[index] += 1;
        let verdict = match outcome {
            "ok" => {
                counts.read += 1;
                Verdict::Valid(None)
            }
            _ => known::verdict(name, operation, line),
        };
        match verdict {
            Verdict::Valid(reason) => {
                counts.valid[index] += 1;
                if let Some(reason) = reason {
                    self.unjudged(name, reason, operation);
                }
            }
            Verdict::Unjudged(reason) => {
                counts.unjudged += 1;
                self.unjudged(name, reason, operation);
            }
            Verdict::Wrong => {
                let why = text("why");
                let (violations, body) = (&line["violations"], text("body"));
                self.wrong.push(format!(
                    "{name}: {operation} ({label}, {outcome}): {why}\n  {violations}\n  {body}"
                ));
            }
        }
    }

    fn unjudged(&mut self, name: &str, reason: &str, operation: &str) {
        let key = (name.to_owned(), reason.to_owned());
        let operations = self.unjudged.entry(key).or_default();
        operations.insert(operation.to_owned());
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "| Document | Operations | Minimal calls valid | Full calls valid | Not judged | Responses read | \
             Calls not written |\n|---|---|---|---|---|---|---|\n{}",
            self.rows
        );
        let unjudged = self.unjudged.iter();
        let unjudged = unjudged.map(|((name, reason), operations)| {
            let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
            format!("{name}: {reason}: {}", operations.join(", "))
        });
        let untried = self.untried.iter().cloned();
        let lists: [(&str, Vec<String>); 3] = [
            (
                "Requests or responses that are not judged",
                unjudged.collect(),
            ),
            ("Not tried", untried.collect()),
            ("Wrong", self.wrong.clone()),
        ];
        for (title, lines) in lists {
            if !lines.is_empty() {
                let _ = write!(text, "\n{title}:\n\n- {}\n", lines.join("\n- "));
            }
        }
        text
    }
}

/// What Prism printed when it ended, which takes it a moment; nothing if it still runs.
fn last_words(prism: &mut Prism) -> String {
    for _ in 0..100 {
        if let Err(said) = prism.alive() {
            return said;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    String::new()
}

/// The line of a call with which Prism ended, with what Prism printed.
fn with_last_words(mut line: Value, said: &str) -> Value {
    line["body"] = said.into();
    line
}
