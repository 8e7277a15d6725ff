//! Clients that nobody here wrote, against the sandbox.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::path::Path;

use dintero_sandbox::Sandbox;
use serde_json::{Value, json};
use tests::counterpart;

fn session(amount: i64) -> Value {
    json!({
        "profile_id": "default",
        "url": { "return_url": "https://shop.example/thanks" },
        "order": {
            "amount": amount,
            "currency": "NOK",
            "merchant_reference": "order-1",
            "items": [{ "id": "chair", "line_id": "1", "quantity": 1, "amount": amount }],
        },
    })
}

/// The results of calls with Dintero's Python client.
async fn official(sandbox: &Sandbox, python: &Path, calls: Value) -> Vec<Value> {
    let arguments = json!({
        "account": sandbox.account(),
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "system": "shop",
        "version": "1.2",
        "calls": calls,
    });
    let (python, url) = (python.to_owned(), sandbox.url());
    let run = tokio::task::spawn_blocking(move || counterpart::official(&python, &url, &arguments));
    run.await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn dinteros_python_client_takes_and_returns_a_payment() {
    let usual = "../target/counterparts/python/bin/python";
    let Some(python) = counterpart::find("DINTERO_TEST_PYTHON", usual, "Dintero's Python client")
    else {
        return;
    };
    let builder = Sandbox::builder().seed(3).check_responses(true);
    let sandbox = builder.start().await.unwrap();
    let results = official(
        &sandbox,
        &python,
        json!([["create_session", [session(29_990)]]]),
    )
    .await;
    let id = results[0]["id"].as_str().unwrap().to_owned();
    let url = results[0]["url"].as_str().unwrap();
    assert_eq!(url, format!("{}/v1/view/{id}", sandbox.url()));

    let transaction = sandbox.pay(&id).await.unwrap().transaction.unwrap();
    let lines = |amount: i64| json!([{ "line_id": "1", "amount": amount }]);
    let calls = json!([
        ["get_session", [id]],
        ["get_transaction", [transaction]],
        [
            "capture_transaction",
            [transaction, 30_000, lines(30_000), "too much"]
        ],
        [
            "capture_transaction",
            [transaction, 20_000, lines(20_000), "first"]
        ],
        [
            "refund_transaction",
            [transaction, 5_000, lines(5_000), "back", "damaged"]
        ],
        ["void_transaction", ["T12345678.unknown"]],
    ]);
    let results = official(&sandbox, &python, calls).await;
    assert_eq!(results[0]["transaction_id"], *transaction);
    assert_eq!(results[0]["order"]["items"][0]["id"], "chair");
    assert_eq!(results[1]["status"], "AUTHORIZED");
    assert_eq!(
        results[1]["initiating_system_request_headers"]["dintero-system-name"],
        "shop"
    );
    assert!(results[2]["exception"].is_string(), "{}", results[2]);
    assert_eq!(results[3]["status"], "PARTIALLY_CAPTURED");
    assert_eq!(results[4]["status"], "PARTIALLY_CAPTURED_REFUNDED");
    let event = &results[4]["events"][3];
    let facts = (&event["event"], &event["amount"], &event["event_reference"]);
    assert_eq!(facts, (&json!("REFUND"), &json!(5_000), &json!("back")));
    assert!(results[5]["exception"].is_string(), "{}", results[5]);

    let wrong = json!([["get_session", ["x"]]]);
    let sandbox = Sandbox::start().await.unwrap();
    let arguments = json!({
        "account": sandbox.account(), "client_id": "x", "client_secret": "y", "system": "a", "version": "1",
        "calls": wrong,
    });
    let (url, python) = (sandbox.url(), python.clone());
    let results =
        tokio::task::spawn_blocking(move || counterpart::official(&python, &url, &arguments));
    let results = results.await.unwrap().unwrap();
    assert!(results[0]["exception"].is_string(), "{}", results[0]);
}

/// The results of calls with openapi-fetch, of Node.js.
async fn fetched(sandbox: &Sandbox, calls: Value) -> Vec<Value> {
    let arguments = json!({
        "account": sandbox.account(),
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "calls": calls,
    });
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/counterparts/openapi_fetch.mjs"
    );
    let mut node = std::process::Command::new("node");
    node.args([script, &sandbox.url(), &arguments.to_string()]);
    let output = tokio::task::spawn_blocking(move || node.output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_node_takes_and_returns_a_payment() {
    let what = "openapi-fetch";
    if counterpart::find(
        "DINTERO_TEST_OPENAPI_FETCH",
        "node_modules/openapi-fetch",
        what,
    )
    .is_none()
    {
        return;
    }
    let builder = Sandbox::builder().seed(4).check_responses(true);
    let sandbox = builder.start().await.unwrap();
    let account = sandbox.account();
    let results = fetched(
        &sandbox,
        json!([
            ["POST", "/sessions-profile", { "body": session(29_990) }],
            ["GET", "/accounts/{aid}/settlements", { "params": { "path": { "aid": account } } }],
            ["POST", "/sessions-profile", { "body": { "profile_id": "other", "url": { "return_url": "https://a" } } }],
        ]),
    );
    let results = results.await;
    assert_eq!(results[0]["status"], 200, "{}", results[0]);
    let id = results[0]["data"]["id"].as_str().unwrap();
    assert_eq!(results[1]["status"], 200, "{}", results[1]);
    assert_eq!(results[2]["status"], 400, "{}", results[2]);
    assert!(
        results[2]["error"]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("order")
    );

    let transaction = sandbox.pay(id).await.unwrap().transaction.unwrap();
    let path = json!({ "path": { "id": transaction } });
    let results = fetched(
        &sandbox,
        json!([
            ["GET", "/sessions/{session_id}", { "params": { "path": { "session_id": id } } }],
            ["POST", "/transactions/{id}/capture", { "params": path, "body": { "amount": 20_000 } }],
            ["POST", "/transactions/{id}/void", { "params": path }],
            ["GET", "/transactions", { "params": { "query": { "status": ["PARTIALLY_CAPTURED"], "limit": 5 } } }],
            ["POST", "/transactions/{id}/refund", { "params": path, "body": { "amount": 20_001 } }],
        ]),
    );
    let results = results.await;
    assert_eq!(results[0]["data"]["transaction_id"], *transaction);
    assert_eq!(results[1]["data"]["status"], "PARTIALLY_CAPTURED");
    assert_eq!(results[2]["data"]["events"][3]["event"], "VOID");
    assert_eq!(results[2]["data"]["events"][3]["amount"], 9_990);
    assert_eq!(results[3]["data"][0]["id"], *transaction);
    assert_eq!(results[4]["status"], 400);
}
