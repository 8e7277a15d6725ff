//! The same calls with Dintero's own Python client and with this one: the same requests.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::sync::{Arc, Mutex};

use dintero::payments::{
    OrderLineRef, ProfileId, SessionId, SessionOrder, SessionOrderItem, SessionUrls, TransactionId,
};
use dintero::{Amount, Client, Currency};
use serde_json::{Value, json};
use tests::counterpart::{self, Stub};
use tests::recorder::Recorded;

const TRANSACTION: &str = "T12345678.4XjyXNnEYSpQiYpRGWkDhB";
const SESSION: &str = "T12345678.4XjyW9v1eJzS6vxkvRNmUF";

/// A server that takes every call, and what it got so far.
fn server() -> (Stub, Arc<Mutex<Vec<Recorded>>>) {
    let recorded = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&recorded);
    let stub = Stub::start(move |request| {
        let answer = match request.target.as_str() {
            target if target.ends_with("/auth/token") => {
                json!({ "access_token": "t0ken", "token_type": "Bearer", "expires_in": 14400 })
            }
            target if target.contains("/transactions/") => {
                json!({ "id": TRANSACTION, "status": "CAPTURED", "amount": 29990, "currency": "NOK" })
            }
            target if target.ends_with(SESSION) => json!({ "id": SESSION }),
            _ => json!({ "id": SESSION, "url": "https://checkout.dintero.com/v1/view/x" }),
        };
        log.lock().unwrap().push(request);
        (200, answer.to_string())
    });
    (stub.unwrap(), recorded)
}

/// What makes a request what it is: the client's own name, encodings it takes and the like may differ.
fn essence(request: &Recorded) -> Value {
    let has_body = !request.body.is_empty();
    let body: Value = match has_body {
        true => serde_json::from_slice(&request.body).unwrap(),
        false => Value::Null,
    };
    let mut headers = serde_json::Map::new();
    for name in [
        "authorization",
        "dintero-system-name",
        "dintero-system-version",
    ] {
        headers.insert(name.to_owned(), json!(request.header(name)));
    }
    if has_body {
        headers.insert(
            "content-type".to_owned(),
            json!(request.header("content-type")),
        );
    }
    if request.target.ends_with("/auth/token") {
        // The official client names its system in the calls themselves only.
        headers.retain(|name, _| !name.starts_with("dintero-"));
    }
    json!({ "method": request.method, "target": request.target, "headers": headers, "body": body })
}

fn session() -> Value {
    json!({
        "profile_id": "default",
        "url": { "return_url": "https://shop.example/thanks" },
        "order": {
            "amount": 29990,
            "currency": "NOK",
            "merchant_reference": "order-1",
            "items": [{ "id": "chair", "line_id": "1", "quantity": 1, "amount": 29990 }],
        },
    })
}

/// Dintero's client.
fn theirs(python: &std::path::Path, url: &str) {
    let lines = json!([{ "line_id": "1", "amount": 10000 }]);
    let arguments = json!({
        "account": "T12345678",
        "client_id": "id",
        "client_secret": "s3cret",
        "system": "shop",
        "version": "1.2",
        "calls": [
            ["create_session", [session()]],
            ["get_session", [SESSION]],
            ["get_transaction", [TRANSACTION]],
            ["capture_transaction", [TRANSACTION, 29990, lines, "capture-1"]],
            ["refund_transaction", [TRANSACTION, 10000, lines, "refund-1", "damaged"]],
            ["void_transaction", [TRANSACTION]],
        ],
    });
    counterpart::official(python, url, &arguments).unwrap();
}

/// This client.
async fn ours(url: &str) {
    let client = Client::builder()
        .account("T12345678".parse().unwrap())
        .client_credentials("id", "s3cret")
        .base_url(format!("{url}/v1"))
        // Theirs makes the audience of the address.
        .token_audience(format!("{url}/v1/accounts/{{aid}}"))
        .system("shop", "1.2")
        .build()
        .unwrap();
    let payments = client.payments();
    let item = SessionOrderItem::builder()
        .id("chair")
        .line_id("1")
        .quantity(1)
        .amount(Amount::minor(29_990));
    let order = SessionOrder::builder()
        .amount(Amount::minor(29_990))
        .currency(Currency::NOK)
        .merchant_reference("order-1")
        .items([item.build()]);
    let urls = SessionUrls::builder().return_url("https://shop.example/thanks");
    let session = payments
        .create_session()
        .profile_id(ProfileId::new("default"))
        .url(urls.build())
        .order(order.build());
    session.send().await.unwrap();
    payments
        .get_session(SessionId::new(SESSION))
        .send()
        .await
        .unwrap();
    let id = TransactionId::new(TRANSACTION);
    payments.get_transaction(id.clone()).send().await.unwrap();
    let line = || {
        let line = OrderLineRef::builder()
            .line_id("1")
            .amount(Amount::minor(10_000));
        [line.build()]
    };
    let capture = payments
        .capture_transaction(id.clone())
        .amount(Amount::minor(29_990))
        .items(line())
        .capture_reference("capture-1");
    capture.send().await.unwrap();
    let refund = payments
        .refund_transaction(id.clone())
        .amount(Amount::minor(10_000))
        .items(line())
        .refund_reference("refund-1")
        .reason("damaged");
    refund.send().await.unwrap();
    payments.void_transaction(id).send().await.unwrap();
}

#[tokio::test]
async fn the_same_requests_as_dinteros_own_client() {
    let usual = "../target/counterparts/python/bin/python";
    let what = "Dintero's Python client";
    let Some(python) = counterpart::find("DINTERO_TEST_PYTHON", usual, what) else {
        return;
    };
    let (their_server, their_log) = server();
    theirs(&python, &their_server.url());
    let (our_server, our_log) = server();
    ours(&our_server.url()).await;

    let essences = |log: &Mutex<Vec<Recorded>>, url: &str| -> Vec<Value> {
        let requests = log.lock().unwrap();
        let text = Value::from_iter(requests.iter().map(essence)).to_string();
        serde_json::from_str(&text.replace(url, "http://server")).unwrap()
    };
    let theirs = essences(&their_log, &their_server.url());
    let ours = essences(&our_log, &our_server.url());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    assert_eq!((theirs.len(), ours.len()), (7, 7));
}
