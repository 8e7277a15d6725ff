//! How large a response may be, and how slowly it may arrive.

use std::error::Error as _;
use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dintero::{Client, ErrorKind};

use crate::support::operation::{Bearer, Charge, Open};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client};

fn charge() -> Charge {
    Charge {
        body: Some(serde_json::json!({"amount": 29_990})),
        key: None,
    }
}

fn probe() -> Probe<Open> {
    Probe::new("x")
}

/// A body without end in pieces of this many bytes, until the client hangs up.
fn flood(stream: &mut TcpStream, status: &str, piece: usize) {
    let head =
        format!("HTTP/1.1 {status}\r\nrequest-id: r-1\r\ntransfer-encoding: chunked\r\n\r\n");
    let piece = format!("{piece:x}\r\n{}\r\n", "1".repeat(piece));
    let pieces = piece.repeat((1 << 16) / piece.len() + 1);
    let _ = stream.write_all(head.as_bytes());
    while stream.write_all(pieces.as_bytes()).is_ok() {
        SENT.fetch_add(pieces.len() as u64, Ordering::Relaxed);
    }
}

static SENT: AtomicU64 = AtomicU64::new(0);

/// A body that comes byte by byte, as slowly as a test can bear.
fn drip(stream: &mut TcpStream, status: &str) {
    let head = format!("HTTP/1.1 {status}\r\nrequest-id: r-1\r\ncontent-length: 100000\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    while stream.write_all(b" ").is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
}

fn large(server: &Server) -> Client {
    let client = client(server).max_response_bytes(1 << 20);
    client.build().unwrap()
}

fn slow(server: &Server) -> Client {
    let client = client(server).client_credentials("id", "s3cret");
    let client = client.min_throughput(1000, Duration::from_millis(300));
    client.build().unwrap()
}

#[tokio::test]
async fn a_success_without_end() {
    let server = Server::start(|_| Reply::Writes(|stream| flood(stream, "200 OK", 10_000)));
    let error = large(&server).send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.call_succeeded() && error.may_have_been_sent());
    assert_eq!(error.settled_by(), None);
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.request_id(), Some("r-1"));
    assert!(error.raw().is_none());
    assert_eq!(
        error.to_string(),
        "POST /charge: 200 OK: the call succeeded, but its response is larger than 1048576 bytes"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_failure_without_end() {
    let server = Server::start(|_| Reply::Writes(|stream| flood(stream, "500 Oops", 10_000)));
    let error = large(&server).send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(!error.call_succeeded() && error.may_have_been_sent());
    assert_eq!(error.settled_by(), Some("get_charge"));
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(
        error.to_string(),
        "POST /charge: 500 Internal Server Error: the response is larger than 1048576 bytes; \
         call `get_charge` to find out whether it was carried out"
    );
}

#[tokio::test]
async fn a_token_response_without_end() {
    let server = Server::start(|_| Reply::Writes(|stream| flood(stream, "200 OK", 10_000)));
    let client = client(&server).client_credentials("id", "s3cret");
    let client = client.max_response_bytes(1 << 20).build().unwrap();
    let error = client.send(<Probe>::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert!(!error.may_have_been_sent());
    let cause = error.source().unwrap().to_string();
    assert!(cause.ends_with("larger than 1048576 bytes"), "{cause}");
    assert_eq!(server.count(TOKEN_PATH), 1);
}

#[tokio::test]
async fn as_large_as_allowed() {
    let fits = format!("[{}1]", " ".repeat((1 << 20) - 3));
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{fits}\r\n0\r\n\r\n",
        fits.len()
    );
    for (reply, outcome) in [
        (Reply::json(200, &fits), None),
        (
            Reply::Bytes(chunked.replace("\r\n0\r\n", "\r\n1\r\n \r\n0\r\n").into()),
            Some(()),
        ),
        (Reply::Bytes(chunked.into()), None),
        (Reply::json(200, fits + " "), Some(())),
    ] {
        let server = Server::start(move |_| reply.clone());
        let client = large(&server);
        let call = client.send(probe()).await;
        assert_eq!(
            call.as_ref().err().map(|error| error.kind()),
            outcome.map(|()| ErrorKind::TooLarge)
        );
        // A call can have more or less.
        let call = client.send(probe()).max_response_bytes(2 << 20);
        assert_eq!(call.await.unwrap(), [1]);
        let call = client.send(probe()).max_response_bytes(10);
        assert_eq!(call.await.unwrap_err().kind(), ErrorKind::TooLarge);
    }
}

/// What is announced to be too large is not read at all.
#[tokio::test]
async fn an_announced_size() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 33554433\r\n\r\n",
        "HTTP/1.1 503 Any\r\ncontent-length: 99999999999\r\n\r\n",
    ] {
        let server = Server::start(move |_| Reply::Bytes(head.into()));
        let client = client(&server).build().unwrap();
        let error = client.send(probe()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(
            error.to_string().contains("larger than 33554432 bytes"),
            "{error}"
        );
    }
}

#[cfg(feature = "mock")]
#[tokio::test]
async fn of_a_mock() {
    let mock = dintero::mock::Mock::new();
    mock.on::<Charge>()
        .response(dintero::mock::MockResponse::raw(200, "[1, 2, 3, 4, 5, 6]"));
    let client = Client::builder()
        .mock(&mock)
        .max_response_bytes(10)
        .build()
        .unwrap();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.call_succeeded());
}

/// In a process of its own, whose memory nobody else uses.
#[cfg(target_os = "linux")]
#[test]
fn memory_of_a_flood() {
    let server = Server::start(|seen| match seen.target() {
        target if target.ends_with("tiny") => Reply::Writes(|stream| flood(stream, "200 OK", 1)),
        _ => Reply::Writes(|stream| flood(stream, "200 OK", 100_000)),
    });
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "limits::child_in_a_flood",
            "--ignored",
            "--nocapture",
        ])
        .env("DINTERO_TEST_URL", server.url())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}"
    );
    assert!(SENT.load(Ordering::Relaxed) > 32 << 20);
}

#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "run by the test above"]
async fn child_in_a_flood() {
    let most = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let number = line.unwrap().split_whitespace().nth(1).unwrap();
        number.parse::<u64>().unwrap() >> 10
    };
    let builder = Client::builder().account("T12345678".parse().unwrap());
    let builder = builder.base_url(std::env::var("DINTERO_TEST_URL").unwrap());
    let client = builder.build().unwrap();
    let before = most();
    let call = client
        .send(Probe::<Open>::new("tiny"))
        .max_response_bytes(1 << 18);
    assert_eq!(call.await.unwrap_err().kind(), ErrorKind::TooLarge);
    let tiny = most() - before;
    let error = client.send(Probe::<Open>::new("large")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let large = most() - before;
    println!("256 KiB byte by byte: {tiny} MiB; 32 MiB: {large} MiB");
    assert!(tiny < 6 && large < 64, "{tiny}, {large}");
}

#[tokio::test]
async fn a_success_that_drips() {
    let server = Server::start(|_| Reply::Writes(|stream| drip(stream, "200 OK")));
    let begun = Instant::now();
    let error = slow(&server).send(charge()).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(error.kind(), ErrorKind::TooSlow);
    assert!(error.call_succeeded() && error.may_have_been_sent());
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(
        error.to_string(),
        "POST /charge: 200 OK: the call succeeded, but its response arrives slower than \
         1000 bytes per second over 0.3 s"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_failure_that_drips() {
    let server = Server::start(|_| Reply::Writes(|stream| drip(stream, "500 Oops")));
    let error = slow(&server).send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooSlow);
    assert!(!error.call_succeeded());
    assert_eq!(error.settled_by(), Some("get_charge"));
    // A read may be repeated.
    let policy = dintero::RetryPolicy::default().first_delay(Duration::from_millis(1));
    let error = slow(&server).send(probe()).retry(policy).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooSlow, 3));
}

#[tokio::test]
async fn a_token_response_that_drips() {
    let server = Server::start(|_| Reply::Writes(|stream| drip(stream, "200 OK")));
    let error = slow(&server)
        .send(Probe::<Bearer>::new("x"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("slower than 1000 bytes"), "{cause}");
}

#[cfg(feature = "download")]
#[tokio::test]
async fn a_download_that_drips() {
    for status in ["200 OK", "500 Oops"] {
        let server = Server::start(move |_| match status {
            "200 OK" => Reply::Writes(|stream| drip(stream, "200 OK")),
            _ => Reply::Writes(|stream| drip(stream, "500 Oops")),
        });
        let begun = Instant::now();
        let download = slow(&server).download(server.url()).to_writer(Vec::new());
        let error = download.await.unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert_eq!(error.kind(), ErrorKind::TooSlow, "{error}");
    }
}

/// What the taker of a download does with the pieces is not the server's fault.
#[cfg(feature = "download")]
#[tokio::test]
async fn a_slow_writer() {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    struct Slow(u64, Option<Pin<Box<tokio::time::Sleep>>>);
    impl tokio::io::AsyncWrite for Slow {
        fn poll_write(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buffer: &[u8],
        ) -> Poll<std::io::Result<usize>> {
            let sleep = self
                .1
                .get_or_insert_with(|| Box::pin(tokio::time::sleep(Duration::from_millis(100))));
            std::task::ready!(sleep.as_mut().poll(context));
            self.1 = None;
            self.0 += buffer.len() as u64;
            Poll::Ready(Ok(buffer.len()))
        }
        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
            Poll::Ready(Ok(()))
        }
        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    let server = Server::start(|_| {
        Reply::Writes(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            for _ in 0..12 {
                let _ = stream.write_all(b"2\r\nab\r\n");
                thread::sleep(Duration::from_millis(2));
            }
            let _ = stream.write_all(b"0\r\n\r\n");
        })
    });
    let client = client(&server)
        .min_throughput(100, Duration::from_millis(200))
        .build()
        .unwrap();
    let mut writer = Slow(0, None);
    let size = client
        .download(server.url())
        .to_writer(&mut writer)
        .await
        .unwrap();
    assert_eq!((size, writer.0), (24, 24));
}

#[tokio::test]
async fn fast_enough() {
    // 25 pieces of 40 bytes in half a second; then nothing that has to be waited for.
    let write = |stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1003\r\n\r\n[1");
        for _ in 0..25 {
            let _ = stream.write_all(&[b' '; 40]);
            thread::sleep(Duration::from_millis(20));
        }
        let _ = stream.write_all(b"]");
    };
    let server = Server::start(move |_| Reply::Writes(write));
    let client = client(&server).min_throughput(400, Duration::from_millis(200));
    assert_eq!(
        client.clone().build().unwrap().send(probe()).await.unwrap(),
        [1]
    );
    let error = client
        .clone()
        .min_throughput(8000, Duration::from_millis(200));
    let error = error.build().unwrap().send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooSlow);
    let off = client
        .min_throughput(8000, Duration::from_millis(200))
        .no_min_throughput();
    assert_eq!(off.build().unwrap().send(probe()).await.unwrap(), [1]);
}

/// Responses that announce another (1xx), faster than any server has a reason for. Over TLS there need not be a pause between them:
/// see the test of the same over TLS.
#[tokio::test]
async fn informational_responses_for_long() {
    let server = Server::start(|_| {
        Reply::Writes(|stream| {
            let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
            while stream.write_all(many.as_bytes()).is_ok() {
                thread::sleep(Duration::from_millis(2));
            }
        })
    });
    let policy = dintero::RetryPolicy::none().deadline(Duration::from_millis(500));
    let client = client(&server).retry(policy).build().unwrap();
    let begun = Instant::now();
    let error = client.send(charge()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(3));
}

/// The time for the whole call ends while the body is on its way: what the head says is not lost.
#[tokio::test]
async fn a_deadline_in_the_middle_of_a_body() {
    fn stall(stream: &mut TcpStream, status: &str) {
        let head = "request-id: r-1\r\ncontent-length: 50\r\n\r\n[1";
        let head = format!("HTTP/1.1 {status}\r\n{head}");
        assert!(stream.write_all(head.as_bytes()).is_ok());
        thread::sleep(Duration::from_secs(2));
    }
    let ok: fn(&mut TcpStream) = |stream| stall(stream, "200 OK");
    let failed: fn(&mut TcpStream) = |stream| stall(stream, "502 Bad Gateway");
    for (writes, succeeded) in [(ok, true), (failed, false)] {
        let server = Server::start(move |_| Reply::Writes(writes));
        let policy = dintero::RetryPolicy::none().deadline(Duration::from_millis(300));
        let client = client(&server).retry(policy).build().unwrap();
        let error = client.send(charge()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.call_succeeded(), succeeded, "{error}");
        assert!(error.may_have_been_sent());
        assert_eq!(error.request_id(), Some("r-1"));
        let text = error.to_string();
        let expected = match succeeded {
            true => "200 OK: the call succeeded, but its response did not arrive in time",
            false => "502 Bad Gateway: timed out: the whole call had 0.3 s",
        };
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn limits_that_can_not_be_kept_to() {
    for (builder, expected) in [
        (
            Client::builder().max_response_bytes(0),
            "max_response_bytes: is zero",
        ),
        (
            Client::builder().min_throughput(0, Duration::from_secs(1)),
            "min_throughput: is less than one byte",
        ),
        (
            Client::builder().min_throughput(9, Duration::ZERO),
            "min_throughput: is less than one byte",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let call = client(&server)
        .build()
        .unwrap()
        .send(probe())
        .max_response_bytes(0);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let extreme = client(&server)
        .max_response_bytes(u64::MAX)
        .min_throughput(u64::MAX, Duration::MAX)
        .pool_idle_timeout(Duration::MAX)
        .connection_max_age(Duration::MAX);
    assert_eq!(extreme.build().unwrap().send(probe()).await.unwrap(), [1]);
}
