//! Responses about another object than was asked for.

use dintero::payments::{SessionId, Transaction, TransactionId};
use dintero::{Amount, Client, Error, ErrorKind};

use crate::support::{Reply, Server, client};

const OTHER: &str = r#"{"id":"T1.other","amount":100,"currency":"NOK","status":"CAPTURED"}"#;

fn answering(body: &'static str) -> (Server, Client) {
    let server = Server::start(move |_| Reply::json(200, body));
    let client = client(&server).bearer_token("t0k3n-t0k3n").build().unwrap();
    (server, client)
}

fn asked() -> TransactionId {
    TransactionId::new("T1.asked")
}

fn check(error: &Error, body: &str) {
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert!(error.may_have_been_sent());
    // That was another request's success, perhaps.
    assert!(!error.call_succeeded());
    assert_eq!(error.body().unwrap(), body);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("T1."), "{shown}");
}

#[tokio::test]
async fn a_capture_answered_with_another_transaction() {
    let (server, client) = answering(OTHER);
    let payments = client.payments();
    let error = payments
        .capture_transaction(asked())
        .amount(Amount::minor(100))
        .send()
        .await
        .unwrap_err();
    check(&error, OTHER);
    assert_eq!(error.settled_by(), Some("get_transaction"));
    assert_eq!(
        error.to_string(),
        "POST /transactions/{id}/capture: 200 OK: the response has another id than the request (the request may have been \
         carried out; call `get_transaction` to find out)"
    );
    let value: &Transaction = error.value().unwrap();
    assert_eq!(value.id, TransactionId::new("T1.other"));
    assert_eq!(server.seen().len(), 1, "it was repeated");

    let refund = payments
        .refund_transaction(asked())
        .amount(Amount::minor(1));
    check(&refund.send_with_response().await.unwrap_err(), OTHER);
    check(
        &payments.void_transaction(asked()).send().await.unwrap_err(),
        OTHER,
    );
    check(
        &payments.get_transaction(asked()).send().await.unwrap_err(),
        OTHER,
    );
}

#[tokio::test]
async fn a_read_answered_with_another_session() {
    let body = r#"{"id":"T1.other"}"#;
    let (_, client) = answering(body);
    let error = client
        .payments()
        .get_session(SessionId::new("T1.asked"))
        .send()
        .await
        .unwrap_err();
    check(&error, body);
    assert_eq!(error.settled_by(), None);
}

/// Only an id that says something else is a reason.
#[tokio::test]
async fn the_one_that_was_asked_for_and_none() {
    for body in [
        r#"{"id":"T1.asked","amount":100,"currency":"NOK","status":"CAPTURED"}"#,
        r#"{"id":"t1.ASKED","amount":100,"currency":"NOK","status":"CAPTURED"}"#,
        r#"{"id":"","amount":100,"currency":"NOK","status":"CAPTURED"}"#,
    ] {
        let (_, client) = answering(body);
        client
            .payments()
            .get_transaction(asked())
            .send()
            .await
            .unwrap();
    }
    let (_, client) = answering(r#"{"url":"https://checkout.example"}"#);
    let _ = client
        .payments()
        .get_session(SessionId::new("x"))
        .send()
        .await;
}

#[cfg(feature = "blocking")]
#[test]
fn without_async() {
    let server = Server::start(|_| Reply::json(200, OTHER));
    let client = client(&server).bearer_token("t0k3n-t0k3n");
    let client = client.build_blocking().unwrap();
    let error = client
        .payments()
        .void_transaction(asked())
        .send()
        .unwrap_err();
    check(&error, OTHER);
}
