//! Every operation of every document against Prism, a mock server that nobody here wrote: with what it needs, with
//! everything that can be set, and each documented failure. The generator wrote the calls.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod calls;

use std::fmt::{self, Write as _};

use calls::DOCUMENTS;
use dintero::{Client, ErrorKind};
use tests::calls::{Call, Calls, Failed, Run};
use tests::strict::Place;
use tests::table::publish;
use tests::world::World;

/// What came of the calls of one operation.
#[derive(Default)]
struct Row {
    name: &'static str,
    /// Whether the request was valid; nothing where the call could not be made.
    minimal: Option<bool>,
    full: Option<bool>,
    /// Whether the answer to the minimal call could be read.
    answer: bool,
    /// Statuses of failures that the document names.
    documented: usize,
    /// Those of them that were told as they should be.
    failures: usize,
    /// What is not as it should be.
    wrong: Vec<String>,
    /// What could not be tried or is not counted, and why.
    untried: Vec<String>,
}

#[tokio::test]
async fn every_operation_is_called_as_described() {
    let mut summary = "| Document | Operations | Minimal calls valid | Full calls valid | Answers read | Failures told |\n\
                       |---|---|---|---|---|---|\n"
        .to_owned();
    let mut full =
        "| Operation | Minimal | Full | Output | Failures told, of documented | Exceptions |\n\
                    |---|---|---|---|---|---|\n"
            .to_owned();
    let (mut wrong, mut untried) = (Vec::new(), Vec::new());
    for document in DOCUMENTS {
        let Some(mut world) = World::start(document.document) else {
            return;
        };
        let rows = Box::pin(try_all(document, &mut world)).await;
        let count = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
        let _ = writeln!(
            summary,
            "| {} | {} | {} | {} | {} | {} of {} |",
            document.document,
            rows.len(),
            count(|row| usize::from(row.minimal == Some(true))),
            count(|row| usize::from(row.full == Some(true))),
            count(|row| usize::from(row.answer)),
            count(|row| row.failures),
            count(|row| row.documented),
        );
        let out = document.left_out.iter();
        untried.extend(out.map(|what| format!("{}: {what}", document.document)));
        for row in rows {
            let _ = writeln!(full, "{row}");
            wrong.extend(row.wrong);
            untried.extend(row.untried);
        }
    }
    let list = |title: &str, lines: &[String]| match lines {
        [] => String::new(),
        lines => format!("\n{title}:\n\n- {}\n", lines.join("\n- ")),
    };
    summary.push_str(&list("Not tried or not judged", &untried));
    summary.push_str(&list("Wrong", &wrong));
    publish("Calls of every operation against Prism", &summary);
    publish(
        "Calls of every operation against Prism, one by one",
        &format!("{full}\nThe exceptions are told in the table of the documents."),
    );
    assert_eq!(wrong, [""; 0]);
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let valid = |outcome| match outcome {
            Some(true) => "valid",
            Some(false) => "WRONG",
            None => "-",
        };
        let answer = if self.answer { "read" } else { "-" };
        write!(
            f,
            "| {} | {} | {} | {answer} | {} of {} | {} |",
            self.name,
            valid(self.minimal),
            valid(self.full),
            self.failures,
            self.documented,
            self.untried.len(),
        )
    }
}

async fn try_all(document: &Calls, world: &mut World) -> Vec<Row> {
    let client = world.client();
    let (mut called, mut rows) = (Vec::new(), Vec::new());
    for call in document.calls {
        called.push((call.method.to_owned(), call.path.to_owned()));
        let left_out = call.left_out.iter();
        let mut row = Row {
            name: call.name,
            untried: left_out
                .map(|what| format!("{}: {what}", call.name))
                .collect(),
            ..Row::default()
        };
        if let Some(run) = call.minimal {
            row.minimal = Some(passes(call, "minimal", run, (world, &client), &mut row).await);
        }
        if let Some(run) = call.full {
            row.full = Some(passes(call, "full", run, (world, &client), &mut row).await);
        }
        if let Some(run) = call.minimal {
            fails_as_documented(call, run, (world, &client), &mut row).await;
        }
        rows.push(row);
    }
    called.sort();
    let mut all: Vec<_> = (world.document.operations().into_iter())
        .map(|place| (place.method, place.path))
        .collect();
    all.sort();
    assert_eq!(called, all);
    rows
}

/// Whether the request of a call is valid; and notes whether its answer could be read.
async fn passes(
    call: &Call,
    label: &str,
    run: Run,
    (world, client): (&mut World, &Client),
    row: &mut Row,
) -> bool {
    world.recorder.prefer(None);
    let outcome = run(client).await;
    world.prism.alive().unwrap();
    let sent = world.recorder.take();
    let name = format!("{} ({label})", call.name);
    let [sent] = sent.as_slice() else {
        row.wrong
            .push(format!("{name}: {} requests; {outcome:?}", sent.len()));
        return false;
    };
    let violations = world.document.check(sent);
    let mut valid = violations.is_empty();
    row.wrong
        .extend(violations.iter().map(|what| format!("{name}: {what}")));
    match outcome {
        Ok(()) => row.answer |= label == "minimal",
        Err(Failed { error, .. }) if error.kind() == ErrorKind::Decode => {
            row.untried
                .push(format!("{name}: Prism's answer can't be read: {error}"));
        }
        Err(Failed { error, .. }) => {
            valid = false;
            row.wrong
                .push(format!("{name}: {error} {:?}", error.body()));
        }
    }
    valid
}

/// Asks Prism for each failure that the document names.
async fn fails_as_documented(
    call: &Call,
    run: Run,
    (world, client): (&mut World, &Client),
    row: &mut Row,
) {
    let place = Place {
        method: call.method.to_owned(),
        path: call.path.to_owned(),
    };
    let statuses = world.document.statuses(&place);
    let codes = statuses
        .iter()
        .filter_map(|status| status.parse::<u16>().ok());
    for code in codes.filter(|code| *code >= 400) {
        row.documented += 1;
        world.recorder.prefer(Some(&format!("code={code}")));
        let outcome = run(client).await;
        world.prism.alive().unwrap();
        world.recorder.take();
        let name = format!("{} ({code})", call.name);
        let Err(Failed { error, failure }) = outcome else {
            row.wrong.push(format!("{name}: no error"));
            continue;
        };
        let told = (error.kind(), error.status().map(|status| status.as_u16()));
        if told != (kind_of(code), Some(code)) {
            row.wrong.push(format!("{name}: {told:?}: {error}"));
        } else if let Some(why) = failure {
            row.untried
                .push(format!("{name}: Prism's answer can't be read: {why}"));
        } else {
            row.failures += 1;
        }
    }
}

fn kind_of(code: u16) -> ErrorKind {
    match code {
        400 | 422 => ErrorKind::BadRequest,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        500.. => ErrorKind::Server,
        _ => ErrorKind::Rejected,
    }
}
