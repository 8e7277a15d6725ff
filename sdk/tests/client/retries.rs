//! What is repeated, by the requests that a server really received.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dintero::{Client, Error, ErrorKind, RetryPolicy};

use crate::support::operation::{Charge, Key};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client, token};

/// Two repetitions with hardly any wait.
fn quick() -> RetryPolicy {
    RetryPolicy::default().first_delay(Duration::from_millis(2))
}

fn calling(server: &Server) -> Client {
    let client = client(server).api_key("key").retry(quick());
    client.timeout(Duration::from_millis(300)).build().unwrap()
}

fn charge(key: Option<&str>) -> Charge {
    Charge {
        body: Some(serde_json::json!({"amount": 29_990})),
        key: key.map(str::to_owned),
    }
}

/// Answers the first requests badly and all others well.
fn failing(times: usize, bad: Reply) -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        number if number < times => bad.clone(),
        _ => Reply::json(200, "[1]"),
    })
}

/// What each class of calls does about a fault: does it succeed in the end, and how many requests arrived?
async fn row(fault: &Reply) -> [(Result<(), ErrorKind>, usize); 3] {
    let servers = [(); 3].map(|()| failing(1, fault.clone()));
    let [reading, keyed, moving] = &servers;
    let outcomes = [
        calling(reading)
            .send(Probe::<Key>::new("1"))
            .await
            .map(drop),
        calling(keyed).send(charge(Some("k"))).await,
        calling(moving).send(charge(None)).await,
    ];
    let mut counts = servers.iter().map(|server| server.seen().len());
    outcomes.map(|outcome| {
        let kind = outcome.map_err(|error: Error| {
            assert!(error.may_have_been_sent(), "{error:?}");
            error.kind()
        });
        (kind, counts.next().unwrap_or_default())
    })
}

#[tokio::test]
async fn faults_by_class_of_call() {
    use ErrorKind::{BadRequest, Server as Failed, Timeout, Transport};
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[1".to_vec();
    let chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec();
    // Fault; what becomes of a call that moves money and has no key, which is never sent twice unless nothing was done.
    let faults: [(&str, Reply, Result<(), ErrorKind>); 9] = [
        (
            "reset after the request",
            Reply::Last(Vec::new()),
            Err(Transport),
        ),
        ("truncated body", Reply::Last(cut), Err(Transport)),
        ("malformed chunk", Reply::Last(chunk), Err(Transport)),
        ("stalled", Reply::Silence, Err(Timeout)),
        ("429", Reply::json(429, "{}"), Ok(())),
        ("500", Reply::json(500, "{}"), Err(Failed)),
        ("503", Reply::json(503, "{}"), Err(Failed)),
        (
            "503 with Retry-After",
            Reply::with(503, &[("retry-after", "0")], ""),
            Err(Failed),
        ),
        ("400", Reply::json(400, "{}"), Err(BadRequest)),
    ];
    let mut table = String::from("fault | reads | has a key | moves money\n");
    for (name, fault, moving) in faults {
        let found = row(&fault).await;
        let shown = found.map(|(outcome, requests)| match outcome {
            Ok(()) => format!("ok, {requests} requests"),
            Err(kind) => format!("{kind:?}, {requests} requests"),
        });
        let _ = writeln!(table, "{name} | {}", shown.join(" | "));
        let repeated = if name == "400" {
            (Err(BadRequest), 1)
        } else {
            (Ok(()), 2)
        };
        let once = (moving, if moving.is_ok() { 2 } else { 1 });
        assert_eq!(found, [repeated, repeated, once], "{name}");
    }
    println!("{table}");
}

#[tokio::test]
async fn repetitions_end() {
    let server = failing(usize::MAX, Reply::json(500, "{}"));
    let error = calling(&server)
        .send(Probe::<Key>::new("1"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn what_tells_whether_it_was_done() {
    let settled = async |reply: Reply| {
        let server = failing(usize::MAX, reply);
        let error = calling(&server).send(charge(None)).await.unwrap_err();
        (error.settled_by(), error.to_string())
    };
    let (by, text) = settled(Reply::Last(Vec::new())).await;
    assert_eq!(by, Some("get_charge"));
    assert!(
        text.ends_with("(the request may have been carried out; call `get_charge` to find out)"),
        "{text}"
    );
    let (by, text) = settled(Reply::json(500, "{}")).await;
    assert_eq!(by, Some("get_charge"));
    assert!(
        text.ends_with("; call `get_charge` to find out whether it was carried out"),
        "{text}"
    );
    // It certainly was not.
    assert_eq!(settled(Reply::json(400, "{}")).await.0, None);
    assert_eq!(settled(Reply::json(429, "{}")).await.0, None);
    // It certainly was.
    assert_eq!(
        settled(Reply::Last(
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec()
        ))
        .await
        .0,
        None
    );
}

#[tokio::test]
async fn a_call_can_have_its_own_policy() {
    let server = failing(1, Reply::json(500, "{}"));
    let client = calling(&server);
    let call = client.send(Probe::<Key>::new("1"));
    let error = call.retry(RetryPolicy::none()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.seen().len(), 1);
    client.send(Probe::<Key>::new("1")).await.unwrap();
}

#[tokio::test]
async fn no_time_for_what_the_server_asks() {
    let server = failing(1, Reply::with(429, &[("retry-after", "20")], ""));
    let policy = quick().deadline(Duration::from_secs(10));
    let begun = Instant::now();
    let call = calling(&server).send(charge(None)).retry(policy);
    let error = call.await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert!(error.to_string().ends_with("asks to wait 20 s"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_wait_that_a_server_asks_for_is_kept() {
    let server = failing(1, Reply::with(429, &[("retry-after", "1")], ""));
    let begun = Instant::now();
    calling(&server).send(charge(None)).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn the_deadline_ends_everything() {
    // While the request is under way nobody knows.
    let server = failing(usize::MAX, Reply::Silence);
    let client = client(&server).retry(quick().deadline(Duration::from_millis(200)));
    let client = client.build().unwrap();
    let begun = Instant::now();
    let error = client.send(charge(None)).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.may_have_been_sent());
    assert!(
        error.to_string().contains("the whole call had 0.2 s"),
        "{error}"
    );

    // While a token is fetched the call itself has not been sent.
    let server = failing(usize::MAX, Reply::Silence);
    let client = crate::support::client(&server)
        .client_credentials("id", "secret")
        .retry(quick().deadline(Duration::from_millis(200)));
    let client = client.build().unwrap();
    let error = client.send(Probe::<crate::support::operation::Bearer>::new("1"));
    let error = error.await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(!error.may_have_been_sent());
}

#[tokio::test]
async fn a_token_that_can_not_be_fetched_at_first() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        let is_token = seen.target() == TOKEN_PATH;
        match (is_token, asked.fetch_add(1, Ordering::SeqCst)) {
            (true, 0) => Reply::json(503, "{}"),
            (true, _) => token("token", 3600),
            (false, _) => Reply::json(200, "[1]"),
        }
    });
    let client = client(&server).client_credentials("id", "secret");
    let client = client.retry(quick()).build().unwrap();
    let call = client.send(Probe::<crate::support::operation::Bearer>::new("1"));
    call.await.unwrap();
    assert_eq!(server.count(TOKEN_PATH), 2);
}

#[cfg(feature = "payments")]
#[tokio::test]
async fn payments_by_what_may_be_repeated() {
    use dintero::payments::{PayoutDestinationId, TransactionId};
    use dintero::{Amount, Currency};

    let broken = || failing(1, Reply::json(500, "{}"));
    let id = || TransactionId::new("T12345678.abc");

    let server = broken();
    let payments = calling(&server).payments();
    let capture = payments.capture_transaction(id()).amount(Amount::minor(1));
    let error = capture.send().await.unwrap_err();
    assert_eq!(error.settled_by(), Some("get_transaction"));
    assert_eq!(server.seen().len(), 1);

    let server = broken();
    let payments = calling(&server).payments();
    let refund = payments.refund_transaction(id()).amount(Amount::minor(1));
    let error = refund.send().await.unwrap_err();
    assert_eq!(error.settled_by(), Some("get_transaction"));
    assert_eq!(server.seen().len(), 1);

    let server = broken();
    let payments = calling(&server).payments();
    let error = payments.void_transaction(id()).send().await.unwrap_err();
    assert_eq!(error.settled_by(), Some("get_transaction"));
    assert_eq!(server.seen().len(), 1);

    // Its id makes a transfer happen once.
    let server = broken();
    let transfer = calling(&server)
        .payments()
        .create_fund_transfer()
        .amount(Amount::minor(100))
        .currency(Currency::NOK)
        .source_payout_destination_id(PayoutDestinationId::new("seller-1"))
        .destination_payout_destination_id(PayoutDestinationId::new("seller-2"))
        .fund_transfer_id("transfer-1")
        .reference("correction");
    let error = transfer.send().await;
    let sent = server.seen();
    assert_eq!(sent.len(), 2, "{error:?}");
    assert_eq!(sent.first().unwrap().body, sent.last().unwrap().body);
}
