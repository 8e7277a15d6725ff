//! Every operation of every document against Prism, a mock server that nobody here wrote: with what it needs, with
//! everything that can be set, and each documented failure. The generator wrote the calls.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod calls;

use std::fmt::Write as _;

use calls::DOCUMENTS;
use dintero::{Client, ErrorKind};
use tests::calls::{Call, Calls, Failed, Run};
use tests::strict::Place;
use tests::table::publish;
use tests::world::World;

/// What came of the calls of one document.
#[derive(Default)]
struct Score {
    minimal: usize,
    full: usize,
    answers: usize,
    failures: usize,
    /// What is not as it should be.
    wrong: Vec<String>,
    /// What could not be tried, and why.
    untried: Vec<String>,
}

#[tokio::test]
async fn every_operation_is_called_as_described() {
    let mut table = "| Document | Operations | Minimal calls valid | Full calls valid | Answers read | Failures told |\n\
                     |---|---|---|---|---|---|\n"
        .to_owned();
    let (mut wrong, mut untried) = (Vec::new(), Vec::new());
    for document in DOCUMENTS {
        let Some(mut world) = World::start(document.document) else {
            return;
        };
        let score = Box::pin(try_all(document, &mut world)).await;
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} |",
            document.document,
            document.calls.len(),
            score.minimal,
            score.full,
            score.answers,
            score.failures,
        );
        wrong.extend(score.wrong);
        untried.extend(score.untried);
    }
    let list = |title: &str, lines: &[String]| match lines {
        [] => String::new(),
        lines => format!("\n{title}:\n\n- {}\n", lines.join("\n- ")),
    };
    table.push_str(&list("Not tried or not judged", &untried));
    table.push_str(&list("Wrong", &wrong));
    publish("Calls of every operation against Prism", &table);
    assert_eq!(wrong, [""; 0]);
}

async fn try_all(document: &Calls, world: &mut World) -> Score {
    let mut score = Score::default();
    let client = world.client();
    let out = |what: &str| format!("{}: {what}", document.document);
    score
        .untried
        .extend(document.left_out.iter().map(|what| out(what)));
    let mut called = Vec::new();
    for call in document.calls {
        called.push((call.method.to_owned(), call.path.to_owned()));
        let left_out = call.left_out.iter();
        score
            .untried
            .extend(left_out.map(|what| format!("{}: {what}", call.name)));
        if let Some(run) = call.minimal
            && passes(call, "minimal", run, (world, &client), &mut score).await
        {
            score.minimal += 1;
        }
        if let Some(run) = call.full
            && passes(call, "full", run, (world, &client), &mut score).await
        {
            score.full += 1;
        }
        if let Some(run) = call.minimal {
            fails_as_documented(call, run, (world, &client), &mut score).await;
        }
    }
    called.sort();
    let mut all: Vec<_> = (world.document.operations().into_iter())
        .map(|place| (place.method, place.path))
        .collect();
    all.sort();
    assert_eq!(called, all);
    score
}

/// Whether the request of a call is valid; and notes whether its answer could be read.
async fn passes(
    call: &Call,
    label: &str,
    run: Run,
    (world, client): (&mut World, &Client),
    score: &mut Score,
) -> bool {
    world.recorder.prefer(None);
    let outcome = run(client).await;
    world.prism.alive().unwrap();
    let sent = world.recorder.take();
    let name = format!("{} ({label})", call.name);
    let [sent] = sent.as_slice() else {
        score
            .wrong
            .push(format!("{name}: {} requests; {outcome:?}", sent.len()));
        return false;
    };
    let violations = world.document.check(sent);
    let mut valid = violations.is_empty();
    score
        .wrong
        .extend(violations.iter().map(|what| format!("{name}: {what}")));
    match outcome {
        Ok(()) => score.answers += usize::from(label == "minimal"),
        Err(Failed { error, .. }) if error.kind() == ErrorKind::Decode => {
            score
                .untried
                .push(format!("{name}: Prism's answer can't be read: {error}"));
        }
        Err(Failed { error, .. }) => {
            valid = false;
            score
                .wrong
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
    score: &mut Score,
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
        world.recorder.prefer(Some(&format!("code={code}")));
        let outcome = run(client).await;
        world.prism.alive().unwrap();
        world.recorder.take();
        let name = format!("{} ({code})", call.name);
        let Err(Failed { error, failure }) = outcome else {
            score.wrong.push(format!("{name}: no error"));
            continue;
        };
        let told = (error.kind(), error.status().map(|status| status.as_u16()));
        if told != (kind_of(code), Some(code)) {
            score.wrong.push(format!("{name}: {told:?}: {error}"));
        } else if let Some(why) = failure {
            score
                .untried
                .push(format!("{name}: Prism's answer can't be read: {why}"));
        } else {
            score.failures += 1;
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
