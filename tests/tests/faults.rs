//! What becomes of calls when a server that nobody here wrote misbehaves, by the requests that it really received.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use dintero::payments::{PayoutDestinationId, TransactionId};
use dintero::{Amount, Client, Currency, Error, ErrorKind, RetryPolicy};
use serde_json::{Value, json};
use tests::table;
use tests::wiremock::WireMock;

const ATTEMPT: Duration = Duration::from_millis(700);
const DEADLINE: Duration = Duration::from_secs(6);
/// Beyond the deadline a call may take as long as a busy machine makes it.
const SLACK: Duration = Duration::from_secs(2);

fn client(url: &str, attempt: Duration) -> Client {
    let policy = RetryPolicy::default()
        .first_delay(Duration::from_millis(5))
        .deadline(DEADLINE);
    Client::builder()
        .account("T12345678".parse().unwrap())
        .bearer_token("t0ken")
        .base_url(url)
        .timeout(attempt)
        .retry(policy)
        .build()
        .unwrap()
}

/// What may be repeated, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Reads,
    /// By an id that makes it happen once.
    Keyed,
    MovesMoney,
}

const CLASSES: [Class; 3] = [Class::Reads, Class::Keyed, Class::MovesMoney];

async fn call(client: &Client, class: Class) -> Result<(), Error> {
    let payments = client.payments();
    let id = TransactionId::new("T12345678.x");
    match class {
        Class::Reads => payments.get_transaction(id).send().await.map(drop),
        Class::MovesMoney => {
            let capture = payments.capture_transaction(id);
            capture.amount(Amount::minor(100)).send().await.map(drop)
        }
        Class::Keyed => {
            let transfer = payments
                .create_fund_transfer()
                .amount(Amount::minor(100))
                .currency(Currency::NOK)
                .source_payout_destination_id(PayoutDestinationId::new("seller-1"))
                .destination_payout_destination_id(PayoutDestinationId::new("seller-2"))
                .fund_transfer_id("transfer-1")
                .reference("correction");
            transfer.send().await.map(drop)
        }
    }
}

/// What a class of calls comes to: how it ends, and how many requests arrive.
type Outcome = (Result<(), ErrorKind>, u64);

struct Fault {
    name: &'static str,
    answers: Vec<Value>,
    reads: Outcome,
    keyed: Outcome,
    moves_money: Outcome,
}

impl Fault {
    /// The server proves nothing: what can't be repeated is not.
    fn undecided(name: &'static str, answers: &[Value], kind: ErrorKind) -> Self {
        let again = match answers.len() {
            1 => (Err(kind), 3),
            _ => (Ok(()), 2),
        };
        Self {
            name,
            answers: answers.to_vec(),
            reads: again,
            keyed: again,
            moves_money: (Err(kind), 1),
        }
    }

    /// The same for all.
    fn plain(name: &'static str, answers: &[Value], outcome: Outcome) -> Self {
        Self {
            name,
            answers: answers.to_vec(),
            reads: outcome,
            keyed: outcome,
            moves_money: outcome,
        }
    }

    fn expected(&self, class: Class) -> Outcome {
        match class {
            Class::Reads => self.reads,
            Class::Keyed => self.keyed,
            Class::MovesMoney => self.moves_money,
        }
    }
}

fn faults(elsewhere: &str) -> Vec<Fault> {
    use ErrorKind::{Decode, RateLimited, Redirect, Server, Timeout, Transport};
    let good = json!({ "status": 200, "jsonBody": { "id": "T12345678.x", "status": "CAPTURED", "amount": 100, "currency": "NOK" } });
    let fault = |name: &str| json!({ "fault": name });
    let status =
        |status: u16| json!({ "status": status, "jsonBody": { "error": { "message": "no" } } });
    let later =
        |status: u16, wait: &str| json!({ "status": status, "headers": { "Retry-After": wait } });
    let html = json!({ "status": 200, "headers": { "content-type": "text/html" }, "body": "<html>welcome</html>" });
    let stalled = json!({ "status": 200, "body": "{}", "fixedDelayMilliseconds": 1500 });
    let dribbled = json!({
        "status": 200,
        "jsonBody": { "id": "T12345678.x", "amount": 100 },
        "chunkedDribbleDelay": { "numberOfChunks": 5, "totalDuration": 2500 },
    });
    let away = json!({ "status": 307, "headers": { "Location": elsewhere } });
    vec![
        Fault::undecided("reset", &[fault("CONNECTION_RESET_BY_PEER")], Transport),
        Fault::undecided(
            "closed without an answer",
            &[fault("EMPTY_RESPONSE")],
            Transport,
        ),
        Fault::undecided(
            "garbage, then closed",
            &[fault("RANDOM_DATA_THEN_CLOSE")],
            Transport,
        ),
        Fault::undecided(
            "200, then a malformed chunk",
            &[fault("MALFORMED_RESPONSE_CHUNK")],
            Transport,
        ),
        Fault::undecided(
            "closed once, then 200",
            &[fault("EMPTY_RESPONSE"), good.clone()],
            Transport,
        ),
        Fault::undecided("headers stall", &[stalled], Timeout),
        Fault::undecided("body dribbles", &[dribbled], Timeout),
        Fault::plain("429", &[status(429)], (Err(RateLimited), 3)),
        Fault::plain(
            "429 once, Retry-After 1, then 200",
            &[later(429, "1"), good.clone()],
            (Ok(()), 2),
        ),
        Fault::plain(
            "429, Retry-After 3600",
            &[later(429, "3600")],
            (Err(RateLimited), 1),
        ),
        Fault::undecided("503", &[status(503)], Server),
        Fault::undecided(
            "503 once, Retry-After 1, then 200",
            &[later(503, "1"), good.clone()],
            Server,
        ),
        Fault::undecided("500 once, then 200", &[status(500), good], Server),
        Fault::plain("501", &[status(501)], (Err(Server), 1)),
        Fault::plain("200 with HTML", &[html], (Err(Decode), 1)),
        Fault::plain("307 to another host", &[away], (Err(Redirect), 1)),
    ]
}

#[tokio::test]
async fn faults_of_wiremock() {
    let Some(server) = WireMock::start() else {
        return;
    };
    let elsewhere = tests::counterpart::Stub::start(|_| panic!("a redirect was followed")).unwrap();
    let client = client(&server.url(), ATTEMPT);
    let mut rows = String::from("| fault | reads | has a key | moves money |\n|---|---|---|---|\n");
    let mut wrong = Vec::new();
    let mut slowest = Duration::ZERO;
    for fault in faults(&elsewhere.url()) {
        let _ = write!(rows, "| {}", fault.name);
        for class in CLASSES {
            server.answer(&fault.answers).await;
            let begun = Instant::now();
            let outcome = call(&client, class).await;
            slowest = slowest.max(begun.elapsed());
            let requests = server.requests().await;
            let ended = match &outcome {
                Ok(()) => "ok".to_owned(),
                Err(error) => format!("{:?}", error.kind()),
            };
            let _ = write!(rows, " | {ended}, {requests} sent");
            let found = (
                outcome.as_ref().map(|&()| ()).map_err(Error::kind),
                requests,
            );
            if found != fault.expected(class) {
                wrong.push(format!("{}, {class:?}: {found:?}", fault.name));
            }
            if let Err(error) = outcome {
                assert!(error.may_have_been_sent(), "{error:?}");
                assert_eq!(u64::from(error.attempts()), requests, "{error:?}");
                let unknown = matches!(
                    error.kind(),
                    ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Server
                );
                if class == Class::MovesMoney && unknown && !error.call_succeeded() {
                    assert_eq!(error.settled_by(), Some("get_transaction"), "{error:?}");
                }
            }
        }
        rows.push_str(" |\n");
    }
    table::publish("Faults of WireMock by class of call", &rows);
    assert_eq!(wrong, [""; 0]);
    assert!(slowest < DEADLINE + SLACK, "{slowest:?}");
}

/// A certificate that nobody has signed, and nobody there: nothing was sent, so any call is repeated.
#[tokio::test]
async fn no_connection() {
    let Some(server) = WireMock::start() else {
        return;
    };
    server.answer(&[json!({ "status": 200 })]).await;
    let nobody = format!("http://{}", tests::counterpart::free_address().unwrap());
    for url in [server.https_url(), &nobody] {
        for class in CLASSES {
            let error = call(&client(url, DEADLINE), class).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
            assert!(!error.may_have_been_sent(), "{error:?}");
            assert_eq!(error.attempts(), 3);
            assert_eq!(error.settled_by(), None);
        }
    }
    assert_eq!(server.requests().await, 0);
}
