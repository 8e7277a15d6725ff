//! Answers that mean less than their status: calls carried out later, payments that failed with 200, bodies that lack what
//! they always have.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dintero::payments::{
    PayOutcome, PaySession, PaySessionResponse, RetryAdvice, Settled, TransactionEventId,
    TransactionId,
};
use dintero::{Amount, Client, Error, ErrorKind, Response};

use crate::support::{Reply, Server, client};

fn transaction(status: &str, events: &str) -> String {
    format!(
        r#"{{"id":"T1.a","amount":100,"currency":"NOK","status":"{status}","events":[{events}]}}"#
    )
}

fn event(kind: &str, id: &str, rest: &str) -> String {
    format!(r#"{{"event":"{kind}","correlation_request_id":"{id}"{rest}}}"#)
}

/// Captures are accepted; then the transaction is read with these answers, the last one again and again.
fn serve(replies: Vec<Reply>) -> (Server, Client) {
    let next = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        if seen.method() == "POST" {
            let initiated = event("INITIATE_CAPTURE", "ev-1", "");
            let body = transaction("AUTHORIZED", &initiated);
            return Reply::with(202, &[("event-request-id", "ev-1")], body);
        }
        let index = next.fetch_add(1, Ordering::SeqCst);
        replies[index.min(replies.len() - 1)].clone()
    });
    let client = client(&server).bearer_token("t").build().unwrap();
    (server, client)
}

async fn settle(client: &Client, deadline: u64) -> Result<Settled, Error> {
    let captured = client
        .payments()
        .capture_transaction(TransactionId::new("T1.a"))
        .amount(Amount::minor(100))
        .send_with_response()
        .await
        .unwrap();
    assert_eq!(captured.status(), 202);
    captured
        .wait_until_settled(client)
        .first_delay(Duration::from_millis(2))
        .deadline(Duration::from_millis(deadline))
        .await
}

fn open() -> Reply {
    let others = [
        event("CAPTURE", "ev-0", ""),
        event("INITIATE_CAPTURE", "ev-1", ""),
    ];
    Reply::json(200, transaction("AUTHORIZED", &others.join(",")))
}

#[tokio::test]
async fn waits_for_the_event_of_the_call() {
    let captured = event("CAPTURE", "ev-1", r#","success":true,"id":"e9""#);
    let done = Reply::json(200, transaction("CAPTURED", &captured));
    let (server, client) = serve(vec![open(), Reply::json(503, "{}"), open(), done]);
    let Settled::Done { transaction, event } = settle(&client, 10_000).await.unwrap() else {
        panic!("not done");
    };
    assert_eq!(transaction.status.as_str(), "CAPTURED");
    assert_eq!(event.unwrap().id, Some(TransactionEventId::new("e9")));
    let seen = server.seen();
    assert_eq!(seen.len(), 5);
    assert!(
        seen[1..]
            .iter()
            .all(|seen| seen.target() == "/transactions/T1.a")
    );
}

#[tokio::test]
async fn says_that_it_failed() {
    for rest in [r#","success":false"#, r#","error":{"message":"no"}"#] {
        let failed = event("CAPTURE", "ev-1", rest);
        let (_, client) = serve(vec![Reply::json(200, transaction("AUTHORIZED", &failed))]);
        let settled = settle(&client, 10_000).await.unwrap();
        assert!(matches!(settled, Settled::Failed { .. }), "{settled:?}");
        assert!(!settled.is_done());
    }
}

/// Too many reads say nothing about the capture.
#[tokio::test]
async fn waits_through_too_many_requests() {
    let busy = |after| Reply::with(429, &[("retry-after", after)], "{}");
    for after in ["99999999999999999999999", "86400", "1", "0", ""] {
        let (server, client) = serve(vec![busy(after)]);
        let begun = std::time::Instant::now();
        let settled = settle(&client, 300).await.unwrap();
        assert!(matches!(settled, Settled::Pending { .. }), "{settled:?}");
        let waited = begun.elapsed();
        assert!(waited >= Duration::from_millis(300), "{after}: {waited:?}");
        assert!(server.seen().len() >= 2);
    }
    let captured = event("CAPTURE", "ev-1", r#","success":true"#);
    let done = Reply::json(200, transaction("CAPTURED", &captured));
    let (_, client) = serve(vec![busy("0"), busy("1"), done]);
    assert!(settle(&client, 20_000).await.unwrap().is_done());
}

#[tokio::test]
async fn stays_open_when_nothing_tells() {
    let (_, client) = serve(vec![open()]);
    let settled = settle(&client, 60).await.unwrap();
    assert!(matches!(settled, Settled::Pending { .. }), "{settled:?}");
    assert_eq!(settled.transaction().id, TransactionId::new("T1.a"));

    let (server, client) = serve(vec![Reply::json(404, "{}")]);
    assert_eq!(
        settle(&client, 10_000).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert_eq!(server.seen().len(), 2);
    let (_, client) = serve(vec![Reply::json(503, "{}")]);
    assert_eq!(
        settle(&client, 60).await.unwrap_err().kind(),
        ErrorKind::Server
    );
    let (_, client) = serve(vec![open().late(5_000)]);
    assert!(matches!(
        settle(&client, 60).await.unwrap(),
        Settled::Pending { .. }
    ));
}

#[tokio::test]
async fn what_was_done_at_once_needs_no_waiting() {
    let server = Server::start(|_| Reply::json(200, transaction("AUTHORIZATION_VOIDED", "")));
    let client = client(&server).bearer_token("t").build().unwrap();
    let voided = client
        .payments()
        .void_transaction(TransactionId::new("T1.a"));
    let voided = voided.send_with_response().await.unwrap();
    let settled = voided.wait_until_settled(&client).await.unwrap();
    assert!(matches!(settled, Settled::Done { event: None, .. }));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn without_a_request_id_there_is_nothing_to_wait_for() {
    let server = Server::start(|_| Reply::json(202, transaction("CAPTURED", "")));
    let client = client(&server).bearer_token("t").build().unwrap();
    let refund = client
        .payments()
        .refund_transaction(TransactionId::new("T1.a"));
    let accepted = refund
        .amount(Amount::minor(1))
        .send_with_response()
        .await
        .unwrap();
    let error = accepted.wait_until_settled(&client).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST /transactions/{id}/refund: 202 Accepted: the call succeeded, but its response has no request id, which \
         is needed to find its outcome"
    );
    assert!(error.call_succeeded());
}

async fn paid(body: String) -> Response<PaySession> {
    let server = Server::start(move |_| Reply::json(200, &body));
    let client = client(&server).bearer_token("t").build().unwrap();
    client
        .payments()
        .pay_session()
        .send_with_response()
        .await
        .unwrap()
}

fn pay_body(success: bool, status: &str, errors: &[&str]) -> String {
    let events: Vec<String> = errors
        .iter()
        .map(|error| format!(r#"{{"event":"AUTHORIZE","success":false,"error":{error}}}"#))
        .collect();
    let body = transaction(status, &events.join(","));
    format!(r#"{{"success":{success},{}"#, &body[1..])
}

fn failure(answer: &PaySessionResponse) -> (bool, RetryAdvice<'_>) {
    let PayOutcome::Failed(failure) = answer.outcome() else {
        panic!("not failed");
    };
    (failure.may_retry(), failure.advice())
}

#[tokio::test]
async fn what_came_of_paying_with_a_token() {
    for (success, status, expected) in [
        (true, "AUTHORIZED", PayOutcome::Paid),
        (true, "CAPTURED", PayOutcome::Paid),
        (true, "ON_HOLD", PayOutcome::OnHold),
        (true, "UNKNOWN", PayOutcome::Unclear),
        (true, "NEW_ONE", PayOutcome::Unclear),
        (false, "AUTHORIZED", PayOutcome::Unclear),
        (false, "INITIATED", PayOutcome::Unclear),
    ] {
        let answer = paid(pay_body(success, status, &[])).await;
        assert_eq!(answer.value().outcome(), expected, "{success} {status}");
    }
    let never =
        r#"{"message":"no","retry_policy":{"retry_codes":["DO_NOT_RETRY","RETRY_IMMEDIATELY"]}}"#;
    let as_type = r#"{"message":"no","type":["DO_NOT_RETRY"]}"#;
    let now = r#"{"message":"no","retry_policy":{"retry_codes":["RETRY_IMMEDIATELY"]}}"#;
    let later = r#"{"message":"no","retry_policy":{"retry_codes":["RETRY_AFTER_DELAY"],"retry_after":"72h"}}"#;
    for (success, status, errors, expected) in [
        (false, "FAILED", &[][..], (true, RetryAdvice::NotTold)),
        // Dintero's plugin for WooCommerce takes it for a rejected payment.
        (
            false,
            "AUTHORIZATION_VOIDED",
            &[],
            (true, RetryAdvice::NotTold),
        ),
        (
            true,
            "AUTHORIZATION_VOIDED",
            &[never],
            (false, RetryAdvice::Never),
        ),
        (true, "FAILED", &[now], (true, RetryAdvice::Immediately)),
        (
            false,
            "DECLINED",
            &[later, now],
            (true, RetryAdvice::Later(Some("72h"))),
        ),
        (
            false,
            "FAILED",
            &[now, never, later],
            (false, RetryAdvice::Never),
        ),
        (
            false,
            "FAILED",
            &[as_type, now],
            (false, RetryAdvice::Never),
        ),
    ] {
        let answer = paid(pay_body(success, status, errors)).await;
        assert_eq!(failure(answer.value()), expected, "{errors:?}");
    }
}

#[tokio::test]
async fn what_is_guaranteed_and_missing_is_named() {
    let whole = transaction("CAPTURED", "");
    let units = "expected a whole number of minor units, found";
    for (good, bad, path, reason) in [
        (r#""amount":100,"#, "", "$.amount", "missing"),
        (r#""amount":100"#, r#""amount":null"#, "$.amount", "missing"),
        (
            r#""amount":100"#,
            r#""amount":1.5"#,
            "$.amount",
            &format!("{units} one that is not whole"),
        ),
        (
            r#""amount":100"#,
            r#""amount":"100""#,
            "$.amount",
            &format!("{units} text"),
        ),
        (
            r#""currency":"NOK""#,
            r#""currency":7"#,
            "$.currency",
            "expected text, found a number",
        ),
        (
            r#""currency":"NOK""#,
            r#""currency":"""#,
            "$.currency",
            "missing",
        ),
        (r#","status":"CAPTURED""#, "", "$.status", "missing"),
    ] {
        let body = whole.replace(good, bad);
        assert_ne!(body, whole);
        let list = format!("[{whole},{body},{whole}]");
        let server = Server::start(move |_| Reply::json(200, &body));
        let client = client(&server).bearer_token("t").build().unwrap();
        let id = TransactionId::new("T1.a");
        let read = client.payments().get_transaction(&id);
        let error = read.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.call_succeeded());
        assert_eq!(error.json_path(), Some(path));
        assert_eq!(
            error.to_string(),
            format!(
                "GET /transactions/{{id}}: 200 OK: the call succeeded, but its response could not be read at {path}: {reason}"
            )
        );

        // In a list it costs nothing but itself.
        let server = Server::start(move |_| Reply::json(200, &list));
        let client = self::client(&server).bearer_token("t").build().unwrap();
        let list = client.payments().list_transactions().await.unwrap();
        assert_eq!(list.len(), 2);
        let [unread] = list.unread_items() else {
            panic!("{list:?}")
        };
        assert_eq!(unread.index(), 1);
        assert_eq!(unread.json()["id"], "T1.a");
        let places = dintero::rt::unread(&list);
        assert_eq!(places[0].path(), path.replacen('$', "$[1]", 1));
    }
}

#[tokio::test]
async fn a_strict_client_takes_nothing_that_is_not_as_documented() {
    let body = transaction("CAPTURED", "").replace("{\"id\"", "{\"created_at\":7,\"id\"");
    let server = Server::start(move |_| Reply::json(200, &body));
    let tolerant = client(&server).bearer_token("t");
    let strict = tolerant.clone().strict().build().unwrap();
    let tolerant = tolerant.build().unwrap();
    let id = TransactionId::new("T1.a");
    let read = tolerant.payments().get_transaction(&id);
    let transaction = read.await.unwrap();
    assert_eq!(transaction.created_at, None);
    assert_eq!(transaction.extra.get("created_at"), Some(&7.into()));
    assert_eq!(transaction.unread().len(), 1);

    let error = strict.payments().get_transaction(&id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unread);
    assert!(error.call_succeeded() && error.may_have_been_sent());
    assert_eq!(error.unread()[0].path(), "$.created_at");
    assert_eq!(
        error.value::<dintero::payments::Transaction>(),
        Some(&transaction)
    );
    assert!(error.value::<String>().is_none());
    assert_eq!(
        error.to_string(),
        "GET /transactions/{id}: 200 OK: the call succeeded, but its response is not fully as documented at $.created_at"
    );
}

#[tokio::test]
async fn everything_else_may_be_missing_null_or_new() {
    let body = r#"{"id":"T1.a","amount":100.0,"currency":"XXY","status":"BRAND_NEW","events":[null,{"event":"NEW","brand_new":{}}],
        "items":null,"brand_new":[1],"customer":null,"payment_product_type":"new.product"}"#;
    let server = Server::start(move |_| Reply::json(200, body));
    let client = client(&server).bearer_token("t").build().unwrap();
    let read = client
        .payments()
        .get_transaction(TransactionId::new("T1.a"));
    let transaction = read.send().await.unwrap();
    assert_eq!(transaction.status.as_str(), "BRAND_NEW");
    assert_eq!(transaction.amount, Amount::minor(100));
    assert_eq!(transaction.events.len(), 1);
    assert_eq!(transaction.events.unread_items().len(), 1);
    assert!(transaction.items.is_empty());
    assert!(transaction.customer.is_none() && transaction.merchant_reference.is_none());
}
