//! What a call sends and what it gives back.

use dintero::ErrorKind;
use dintero::rt::Json;

use crate::support::operation::{Charge, Count, Open};
use crate::support::{Probe, Reply, Server, client};

const AGENT: &str = concat!("dintero-rust/", env!("CARGO_PKG_VERSION"));

#[tokio::test]
async fn a_request_byte_by_byte() {
    let server = Server::start(|_| Reply::json(200, "[1,2]"));
    let client = client(&server)
        .bearer_token("fixed")
        .user_agent_suffix("my-shop/1.4 (test)")
        .system("woocommerce", "5.4")
        .plugin("Dintero.Checkout.WooCommerce", "2020.11.03")
        .build()
        .unwrap();
    assert_eq!(client.send(<Probe>::new("a b")).await.unwrap(), [1, 2]);
    let expected = format!(
        "GET /accounts/T12345678/things/a%20b HTTP/1.1\r\n\
         user-agent: {AGENT} my-shop/1.4 (test)\r\n\
         dintero-system-name: woocommerce\r\n\
         dintero-system-version: 5.4\r\n\
         dintero-system-plugin-name: Dintero.Checkout.WooCommerce\r\n\
         dintero-system-plugin-version: 2020.11.03\r\n\
         accept: application/json\r\n\
         authorization: Bearer fixed\r\n\
         host: {}\r\n\r\n",
        server.address()
    );
    assert_eq!(server.only().head, expected);
}

#[tokio::test]
async fn bodies() {
    let server = Server::start(|_| Reply::with(204, &[], ""));
    let client = client(&server).build().unwrap();
    let body = Some(serde_json::json!({"a": [1, "ø"]}));
    client.send(Charge { body, key: None }).await.unwrap();
    client
        .send(Charge {
            body: None,
            key: None,
        })
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].text(), r#"{"a":[1,"ø"]}"#);
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert_eq!(seen[0].header("accept"), Some("*/*"));
    assert_eq!(seen[1].header("content-length"), Some("0"));
    assert_eq!(seen[1].header("content-type"), None);
}

#[tokio::test]
async fn the_whole_response() {
    let headers = [
        ("total-count", "7"),
        ("event-request-id", "ev-1"),
        ("content-encoding", "identity"),
    ];
    let server = Server::start(move |_| Reply::with(202, &headers, "[1, 2]"));
    let client = client(&server).build().unwrap();
    let response = client
        .send_with_response(Probe::<Open>::new("x"))
        .await
        .unwrap();
    assert_eq!(response.value(), &[1, 2]);
    assert_eq!(response.status(), 202);
    assert_eq!(response.headers(), &Count(Some(7)));
    assert_eq!(response.raw_headers()["content-encoding"], "identity");
    assert_eq!(&response.body()[..], b"[1, 2]");
    assert_eq!(response.request_id(), Some("ev-1"));
    assert_eq!(response.into_value(), [1, 2]);
}

#[tokio::test]
async fn a_failure_with_all_it_says() {
    let body = r#"{"error":{"code":"NOT FOUND","message":"no such thing","errors":[{"at":"id"}]}}"#;
    let server = Server::start(move |_| {
        Reply::with(404, &[("request-id", "r-1"), ("retry-after", "9")], body)
    });
    let client = client(&server).build().unwrap();
    let error = client.send(Probe::<Open>::new("x")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /accounts/{aid}/things/{id}: 404 Not Found (code NOT FOUND, request id r-1): no such thing"
    );
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.errors(), [serde_json::json!({"at": "id"})]);
    assert_eq!(error.operation(), Some("test.probe"));
    assert_eq!(error.retry_after().unwrap().as_secs(), 9);
    assert_eq!(error.body().unwrap(), body);
    assert_eq!(error.raw().unwrap().headers["request-id"], "r-1");
    let failure: Json = error.error_body::<Probe<Open>>().unwrap().unwrap();
    assert_eq!(failure["error"]["code"], "NOT FOUND");
    assert!(
        error.error_body::<Charge>().is_none(),
        "another operation's"
    );
}

#[tokio::test]
async fn the_body_of_a_failure_that_is_not_as_documented() {
    let server = Server::start(|_| Reply::with(502, &[], "<html>"));
    let client = client(&server).build().unwrap();
    let error = client.send(Probe::<Open>::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    let inner = error.error_body::<Probe<Open>>().unwrap().unwrap_err();
    assert_eq!(inner.kind(), ErrorKind::Decode);
    assert_eq!(
        inner.to_string(),
        "GET /accounts/{aid}/things/{id}: 502 Bad Gateway: the response could not be read: expected value at line 1 column 1"
    );
    assert!(!inner.call_succeeded());
}

#[tokio::test]
async fn scopes_that_would_have_helped() {
    let server = Server::start(|_| Reply::json(403, "{}"));
    let client = client(&server).bearer_token("fixed").build().unwrap();
    let error = client.send(<Probe>::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.scopes(), ["read:things"]);
    assert!(
        error
            .to_string()
            .ends_with("needs one of the scopes read:things"),
        "{error}"
    );
}

#[tokio::test]
async fn an_account_that_is_not_set_is_asked_for() {
    let server = Server::start(|_| Reply::json(200, "[]"));
    let client = dintero::Client::builder()
        .base_url(server.url())
        .build()
        .unwrap();
    let error = client.send(Probe::<Open>::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = error.to_string();
    assert!(text.contains("aid") && text.contains("account"), "{text}");
    assert!(server.seen().is_empty());
}
