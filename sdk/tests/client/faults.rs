//! What can happen to a call, and what is known about it afterwards.

use std::error::Error as _;
use std::io::Read;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use dintero::{Error, ErrorKind};

use crate::support::operation::{Charge, Open};
use crate::support::{Probe, Reply, Server, client};

fn charge() -> Charge {
    Charge {
        body: Some(serde_json::json!({"amount": 29_990})),
        key: None,
    }
}

/// The error of a charge that this server answers so.
async fn after(reply: Reply) -> (Error, Server) {
    let server = Server::start(move |_| reply.clone());
    let client = client(&server)
        .timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let call = tokio::time::timeout(Duration::from_secs(20), client.send(charge())).await;
    (call.expect("the call hangs").unwrap_err(), server)
}

#[tokio::test]
async fn nobody_listens() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    let client = dintero::Client::builder().base_url(url).build().unwrap();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let text = error.to_string();
    assert!(
        text.starts_with("POST /charge: could not connect: "),
        "{text}"
    );
    assert!(!error.may_have_been_sent());
    assert!(error.source().is_some());
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn no_tls_on_the_other_side() {
    let server = Server::start(|_| Reply::Last(Vec::new()));
    let url = server.url().replace("http:", "https:");
    // The server reads until an empty line, which a TLS greeting need not hold.
    let client = dintero::Client::builder()
        .base_url(url)
        .connect_timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.may_have_been_sent());
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[tokio::test]
async fn no_tls_in_this_build() {
    let client = dintero::Client::builder().build().unwrap();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("enable the feature"), "{error}");
    assert!(!error.may_have_been_sent());
}

#[tokio::test]
async fn the_server_hangs_up_without_an_answer() {
    let (error, server) = after(Reply::Last(Vec::new())).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "POST /charge: the connection failed: connection closed before message completed (the request may have been carried out; call `get_charge` to find out)"
    );
    assert!(error.may_have_been_sent() && !error.call_succeeded());
    assert_eq!(server.seen().len(), 1, "it was repeated");
}

/// Closing a socket with unread data in it resets the connection.
#[tokio::test]
async fn the_connection_is_reset() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0]).unwrap();
        drop(stream);
        // A second attempt would come now.
        listener.set_nonblocking(true).unwrap();
        thread::sleep(Duration::from_millis(300));
        listener.accept().is_ok()
    });
    let client = dintero::Client::builder().base_url(url).build().unwrap();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.may_have_been_sent());
    assert!(!server.join().unwrap(), "it was repeated");
}

/// A kept connection that ends as the next request arrives: the request may have been carried out.
#[tokio::test]
async fn a_kept_connection_ends() {
    let server = Server::start(|seen| match seen.method() {
        "GET" => Reply::json(200, "[]"),
        _ => Reply::Last(Vec::new()),
    });
    let client = client(&server).build().unwrap();
    client.send(Probe::<Open>::new("x")).await.unwrap();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.may_have_been_sent());
    assert_eq!(server.count("/charge"), 1, "it was repeated");
}

#[tokio::test]
async fn no_answer_in_time() {
    let start = Instant::now();
    let (error, server) = after(Reply::Silence).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.may_have_been_sent() && !error.call_succeeded());
    assert_eq!(error.status(), None);
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle() {
    let part = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\nrequest-id: r\r\n\r\n[1,";
    let (error, _) = after(Reply::Last(part.to_vec())).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.call_succeeded() && error.may_have_been_sent());
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.request_id(), Some("r"));
    assert!(error.body().is_none() && error.raw().is_none());
    assert_eq!(
        error.to_string(),
        "POST /charge: 200 OK: the call succeeded, but its response was cut off: end of file before message length reached"
    );

    let (error, _) = after(Reply::Bytes(part.to_vec())).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.call_succeeded() && error.may_have_been_sent());
}

#[tokio::test]
async fn a_failure_that_stops_in_the_middle() {
    let part = b"HTTP/1.1 409 Conflict\r\ncontent-length: 10\r\n\r\n{";
    let (error, _) = after(Reply::Last(part.to_vec())).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().unwrap(), 409);
    assert!(!error.call_succeeded() && error.error_body::<Charge>().is_none());
}

#[tokio::test]
async fn an_answer_that_is_no_http() {
    let (error, server) = after(Reply::Last(b"SSH-2.0-x\r\n\r\n".to_vec())).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.may_have_been_sent());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_chunk_that_is_no_chunk() {
    let bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n[1]\r\n0\r\n\r\n";
    let (error, _) = after(Reply::Last(bytes.to_vec())).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.call_succeeded());
}

#[tokio::test]
async fn a_success_that_can_not_be_read() {
    for (body, place, reason) in [
        (
            "<html>maintenance</html>",
            None,
            "expected value at line 1 column 1",
        ),
        ("", None, "EOF while parsing a value at line 1 column 0"),
        ("{", None, "EOF while parsing an object at line 1 column 1"),
        (
            r#"{"hunter2":1}"#,
            Some("$"),
            "expected a list, found an object",
        ),
        ("null", Some("$"), "unexpected `null`"),
    ] {
        let server = Server::start(move |_| Reply::with(200, &[], body));
        let client = client(&server).build().unwrap();
        let error = client.send(Probe::<Open>::new("x")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.call_succeeded() && error.may_have_been_sent());
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(error.json_path(), place);
        let at = place.map_or_else(String::new, |place| format!(" at {place}"));
        assert_eq!(
            error.to_string(),
            format!(
                "GET /accounts/{{aid}}/things/{{id}}: 200 OK: the call succeeded, but its response could not be read{at}: {reason}"
            )
        );
        assert!(error.error_body::<Probe<Open>>().is_none());
    }
}

#[tokio::test]
async fn nothing_is_sent_before_the_future_is_polled() {
    let server = Server::start(|_| Reply::json(200, "[]"));
    let client = client(&server).build().unwrap();
    drop(client.send(charge()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(server.seen().is_empty());
}
