//! Tokens from a server that nobody here wrote, which signs them for real and misbehaves by name of the client.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use dintero::payments::TransactionId;
use dintero::{Client, Error, ErrorKind, RetryPolicy};
use serde_json::Value;
use tests::counterpart::{self, Process};
use tests::table;

/// Calls that go out together.
const CALLS: usize = 40;
const DEADLINE: Duration = Duration::from_secs(4);
/// Beyond the deadline a call may take as long as a busy machine makes it.
const SLACK: Duration = Duration::from_secs(2);

fn server() -> Option<Process> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts");
    let usual = "node_modules/oauth2-mock-server";
    counterpart::find("DINTERO_TEST_TOKENS", usual, "oauth2-mock-server")?;
    let address = counterpart::free_address().unwrap();
    let mut command = Command::new("node");
    command.current_dir(folder);
    command.args(["tokens.mjs", &address.port().to_string()]);
    Some(Process::start(&mut command, address).unwrap())
}

fn client(url: &str, id: &str, secret: &str) -> Client {
    let policy = RetryPolicy::default()
        .first_delay(Duration::from_millis(50))
        .deadline(DEADLINE);
    Client::builder()
        .account("T12345678".parse().unwrap())
        .client_credentials(id, secret)
        .base_url(format!("{url}/v1"))
        .timeout(Duration::from_millis(1500))
        .retry(policy)
        .build()
        .unwrap()
}

async fn calls(client: &Client) -> Vec<Result<(), Error>> {
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let id = TransactionId::new("T12345678.x");
            tokio::spawn(client.payments().get_transaction(id).send())
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap().map(drop));
    }
    outcomes
}

/// How often this client asked for a token.
async fn asked(server: &Process, id: &str) -> u64 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{}/counts", server.url())).send();
    let text = answer.await.unwrap().text().await.unwrap();
    let counts: Value = serde_json::from_str(&text).unwrap();
    counts[id].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn faults_of_the_token_endpoint() {
    let Some(server) = server() else { return };
    // Behaviour; the kind of what went wrong with the token; token requests, at least and at most.
    let most = 1 + 2 * CALLS as u64;
    let cases = [
        ("is-well", None, 1, 1),
        ("slow", None, 1, 1),
        ("lives-short", None, 1, 1),
        ("lives-not", None, 1, 1),
        ("lives-oddly", None, 1, 1),
        ("wrong-clock", None, 1, 1),
        ("fails-once", None, 2, 2),
        ("wrong-secret", Some(401), 1, 1),
        ("fails", Some(503), 3, most),
        ("hangs-up", Some(0), 3, most),
        ("hangs", Some(0), 2, most),
    ];
    let mut rows =
        format!("| token endpoint | {CALLS} calls at once | token requests |\n|---|---|---|\n");
    let mut slowest = Duration::ZERO;
    for (id, status, least, most) in cases {
        let secret = match id {
            "wrong-secret" => "wr0ng",
            _ => "s3cret",
        };
        let client = client(&server.url(), id, secret);
        let begun = Instant::now();
        let outcomes = calls(&client).await;
        slowest = slowest.max(begun.elapsed());
        let requests = asked(&server, id).await;
        // On a busy machine a token of a second may not outlive the calls.
        let most = match id {
            "lives-short" | "lives-not" => most + begun.elapsed().as_secs(),
            _ => most,
        };
        let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        let _ = writeln!(
            rows,
            "| {id} | {} ok, {failed} failed | {requests} |",
            CALLS - failed
        );
        assert!((least..=most).contains(&requests), "{id}: {requests}");
        match status {
            None => assert_eq!(failed, 0, "{id}: {outcomes:?}"),
            Some(status) => assert_eq!(failed, CALLS, "{id}: {status}"),
        }
        for error in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            // The calls themselves never left.
            assert!(
                !error.may_have_been_sent() && error.attempts() == 0,
                "{error:?}"
            );
            assert!(
                matches!(error.kind(), ErrorKind::Token | ErrorKind::Timeout),
                "{error:?}"
            );
            let found = error.status().map_or(0, |found| found.as_u16());
            assert!(
                status == Some(found) || error.kind() == ErrorKind::Timeout,
                "{error:?}"
            );
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains("wr0ng") && !shown.contains("s3cret"),
                "{shown}"
            );
        }
    }
    table::publish("Faults of the token endpoint (oauth2-mock-server)", &rows);
    assert!(slowest < DEADLINE + SLACK, "{slowest:?}");
}
