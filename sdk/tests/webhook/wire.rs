//! The example server over a loopback socket.

#[path = "../../examples/webhooks/app.rs"]
mod app;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use app::App;
use dintero::webhook::{CallbackSigner, CallbackVerifier, WebhookSigner, WebhookVerifier};

use crate::support::{Reply, Server, client};

/// The API as the example asks it, and the example itself.
async fn serve(status: u16) -> (Server, App, SocketAddr) {
    let api = Server::start(move |_| {
        let body = r#"{"id":"T12345678.1","merchant_reference":"order-7","status":"AUTHORIZED","amount":500,"currency":"NOK"}"#;
        Reply::json(status, body)
    });
    let client = client(&api).bearer_token("t").build().unwrap();
    let account = "T12345678".parse().unwrap();
    let callbacks = CallbackVerifier::new(account, ["callback secret"]).unwrap();
    let callbacks = callbacks.host("shop.example").unwrap();
    let webhooks = WebhookVerifier::new(["webhook secret"]).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new(client, callbacks, webhooks);
    let router = app.clone().router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (api, app, address)
}

/// Status and body of the answer to a request written by hand.
async fn call(to: SocketAddr, line: &str, header: &str, body: &str) -> (u16, String) {
    let request = format!(
        "{line} HTTP/1.1\r\nhost: 127.0.0.1\r\n{header}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let exchange = move || {
        let mut stream = TcpStream::connect(to).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = tokio::task::spawn_blocking(exchange).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn sign(target: &str, method: &str, secret: &str, at: SystemTime) -> String {
    let signer = CallbackSigner::new("T12345678".parse().unwrap(), secret).unwrap();
    let url = format!("https://shop.example{target}");
    let signature = signer.sign(method, &url, at).unwrap();
    format!("Dintero-Signature: {signature}")
}

#[tokio::test]
async fn callbacks() {
    let (api, app, server) = serve(200).await;
    let target = "/callback?transaction_id=T12345678.1&b=%C3%A5+%2B&a=~";
    let now = SystemTime::now();
    let signature = sign(target, "GET", "callback secret", now);
    let get = format!("GET {target}");
    let ok = (200, "{}".to_owned());
    assert_eq!(call(server, &get, &signature, "").await, ok);
    assert_eq!(call(server, &get, &signature, "").await, ok);
    // Handled once, and not by what a body says.
    assert_eq!(api.count("/transactions/T12345678.1"), 1);
    let post = sign(target, "POST", "callback secret", now);
    let line = format!("POST {target}");
    let forged = r#"{"id":"forged","merchant_reference":"order-8","status":"CAPTURED"}"#;
    assert_eq!(call(server, &line, &post, forged).await, ok);
    let orders = app.shop().orders.clone();
    assert_eq!(
        orders.into_iter().collect::<Vec<_>>(),
        [("order-7".into(), "AUTHORIZED".into())]
    );

    let old = sign(
        target,
        "GET",
        "callback secret",
        now - Duration::from_secs(400),
    );
    let other = sign(target, "GET", "another secret", now);
    for (header, status) in [(&*post, 401), (&*old, 503), (&*other, 401), ("x: y", 401)] {
        assert_eq!(call(server, &get, header, "").await.0, status, "{header}");
    }
    let changed = format!("{get}&c=1");
    assert_eq!(call(server, &changed, &signature, "").await.0, 401);
    assert_eq!(api.seen().len(), 2);

    let target = "/callback?error=cancelled&merchant_reference=order-7";
    let signature = sign(target, "GET", "callback secret", now);
    assert_eq!(
        call(server, &format!("GET {target}"), &signature, "").await,
        ok
    );
    assert_eq!(api.seen().len(), 2);
}

#[tokio::test]
async fn what_could_not_be_handled_is_asked_for_again() {
    let (api, app, server) = serve(500).await;
    let target = "/callback?transaction_id=T12345678.1";
    let signature = sign(target, "GET", "callback secret", SystemTime::now());
    let get = format!("GET {target}");
    for seen in 1..3 {
        assert_eq!(call(server, &get, &signature, "").await.0, 503);
        assert_eq!(api.seen().len(), seen);
    }
    assert!(app.shop().orders.is_empty());
}

#[tokio::test]
async fn webhooks() {
    let (api, app, server) = serve(200).await;
    let signer = WebhookSigner::new("webhook secret").unwrap();
    let header = |body: &str| format!("event-signature: {}", signer.sign(body).unwrap());
    let line = "POST /webhook";
    let ping = r#"{"event":"ping","event_delivery":"1"}"#;
    assert_eq!(call(server, line, &header(ping), ping).await.0, 200);
    let other = r#"{"event":"location_add","event_delivery":"2"}"#;
    assert_eq!(call(server, line, &header(other), other).await.0, 200);
    assert_eq!(call(server, line, &header(ping), other).await.0, 401);
    assert_eq!(call(server, line, "x: y", ping).await.0, 401);
    assert!(api.seen().is_empty());

    let no_json = "no JSON";
    assert_eq!(call(server, line, &header(no_json), no_json).await.0, 400);
    // Late, and a part of the transaction only.
    let late = r#"{"event":"checkout_transaction","event_delivery":"3",
        "transaction":{"id":"T12345678.1","merchant_reference":"order-7","status":"INITIATED"}}"#;
    for _ in 0..2 {
        assert_eq!(call(server, line, &header(late), late).await.0, 200);
    }
    assert_eq!(api.count("/transactions/T12345678.1"), 1);
    assert_eq!(app.shop().orders["order-7"], "AUTHORIZED");
}

#[tokio::test]
async fn shipping() {
    let (_, _, server) = serve(200).await;
    for (country, options) in [("NO", 1), ("IS", 0)] {
        let body =
            format!(r#"{{"id":"S1","order":{{"shipping_address":{{"country":"{country}"}}}}}}"#);
        let (status, answer) = call(server, "POST /shipping", "x: y", &body).await;
        assert_eq!(status, 200);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            answer["shipping_options"].as_array().unwrap().len(),
            options
        );
    }
    assert_eq!(call(server, "POST /shipping", "x: y", "7").await.0, 400);
}
