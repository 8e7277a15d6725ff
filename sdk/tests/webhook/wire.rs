//! The example server over a loopback socket.

#[path = "../../examples/webhooks/app.rs"]
mod app;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use dintero::webhook::{CallbackSigner, CallbackVerifier, WebhookSigner, WebhookVerifier};

async fn serve() -> SocketAddr {
    let account = "T12345678".parse().unwrap();
    let callbacks = CallbackVerifier::new(account, ["callback secret"]).unwrap();
    let callbacks = callbacks.host("shop.example").unwrap();
    let webhooks = WebhookVerifier::new(["webhook secret"]).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = app::App::new(callbacks, webhooks).router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
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

#[tokio::test]
async fn callbacks() {
    let server = serve().await;
    let target = "/callback?transaction_id=T12345678.1&b=%C3%A5+%2B&a=~";
    let sign = |method, secret, at| {
        let signer = CallbackSigner::new("T12345678".parse().unwrap(), secret).unwrap();
        let url = format!("https://shop.example{target}");
        let signature = signer.sign(method, &url, at).unwrap();
        format!("Dintero-Signature: {signature}")
    };
    let now = SystemTime::now();
    let signature = sign("GET", "callback secret", now);
    let get = format!("GET {target}");
    let ok = (200, "{}".to_owned());
    assert_eq!(call(server, &get, &signature, "").await, ok);
    assert_eq!(call(server, &get, &signature, "").await, ok);
    let post = sign("POST", "callback secret", now);
    let line = format!("POST {target}");
    assert_eq!(call(server, &line, &post, r#"{"id":"forged"}"#).await, ok);

    let old = sign("GET", "callback secret", now - Duration::from_secs(400));
    let other = sign("GET", "another secret", now);
    for header in [&post, &old, &other, "x: y"] {
        assert_eq!(call(server, &get, header, "").await.0, 401, "{header}");
    }
    let changed = format!("{get}&c=1");
    assert_eq!(call(server, &changed, &signature, "").await.0, 401);
}

#[tokio::test]
async fn webhooks() {
    let server = serve().await;
    let body = r#"{"event":"ping","event_delivery":"1"}"#;
    let signer = WebhookSigner::new("webhook secret").unwrap();
    let header = format!("event-signature: {}", signer.sign(body).unwrap());
    let line = "POST /webhook";
    assert_eq!(call(server, line, &header, body).await.0, 200);
    assert_eq!(
        call(server, line, &header, &body.replace('1', "2")).await.0,
        401
    );
    assert_eq!(call(server, line, "x: y", body).await.0, 401);
}
