//! Downloads as streams of chunks.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dintero::{Chunks, ErrorKind};
use futures_core::Stream as _;

use crate::support::operation::Key;
use crate::support::{Probe, Reply, Server, client};

async fn next(chunks: &mut Chunks) -> Option<Result<bytes::Bytes, dintero::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *chunks).poll_next(context)).await
}

fn raw(text: &str) -> Reply {
    Reply::Last(text.replace('\n', "\r\n").into_bytes())
}

#[tokio::test]
async fn a_large_response() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|number| number as u8).collect();
    let sent = body.clone();
    let server = Server::start(move |_| Reply::with(200, &[("x-a", "b")], &sent));
    let client = client(&server).api_key("key").max_response_bytes(10);
    let client = client.build().unwrap();
    let told = Arc::new(Mutex::new(0));
    let tell = Arc::clone(&told);
    let download = client.download_response(Probe::<Key>::new("1"));
    let download = download.on_progress(move |size, _| *tell.lock().unwrap() = size);
    let mut chunks = download.chunks().await.unwrap();
    assert_eq!(
        (chunks.status().as_u16(), &chunks.headers()["x-a"]),
        (200, &"b".parse().unwrap())
    );
    assert_eq!(chunks.announced_bytes(), Some(3_000_000));
    let mut received = Vec::new();
    let mut count = 0;
    while let Some(chunk) = next(&mut chunks).await {
        let chunk = chunk.unwrap();
        assert!(!chunk.is_empty());
        received.extend_from_slice(&chunk);
        count += 1;
    }
    assert!(received == body);
    assert!(count > 1);
    assert_eq!(*told.lock().unwrap(), 3_000_000);
    assert!(chunks.try_next().await.unwrap().is_none());
    assert_eq!(server.only().header("x-api-key"), Some("key"));
}

#[tokio::test]
async fn what_fails() {
    let cases = [
        (
            "HTTP/1.1 200 OK\ncontent-length: 9\n\n1234",
            ErrorKind::Transport,
        ),
        (
            "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n4\n1234\n",
            ErrorKind::Transport,
        ),
        (
            "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n4\n1234\n4\n1234\n4\n1234\n0\n\n",
            ErrorKind::TooLarge,
        ),
    ];
    for (reply, kind) in cases {
        let server = Server::start(move |_| raw(reply));
        let client = client(&server).build().unwrap();
        let download = client.download(server.url()).max_bytes(10);
        let mut chunks = download.chunks().await.unwrap();
        let mut received = 0;
        let error = loop {
            match chunks.try_next().await {
                Ok(chunk) => received += chunk.expect("it ends in silence").len(),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), kind, "{error}");
        assert!(received >= 4 && error.call_succeeded());
        assert_eq!(error.operation(), Some("download"));
        assert!(chunks.try_next().await.unwrap().is_none());
    }
    let server = Server::start(|_| Reply::with(200, &[], "12345678901"));
    let client = client(&server).build().unwrap();
    let error = client.download(server.url()).max_bytes(10).chunks().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::TooLarge);
}

/// The limit of the whole download, and that of the silence between chunks.
#[tokio::test]
async fn times() {
    let stalled = || Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12".to_vec());
    let server = Server::start(move |_| stalled());
    let client = client(&server).build().unwrap();
    let limit = Duration::from_millis(1500);
    let download = || client.download(server.url());
    for (download, says) in [
        (download().deadline(limit), "the whole download had 1.5 s"),
        (download().timeout(limit), "did not arrive in time"),
    ] {
        let mut chunks = download.chunks().await.unwrap();
        assert_eq!(chunks.try_next().await.unwrap().unwrap().as_ref(), b"12");
        let begun = std::time::Instant::now();
        // Dropping the wait loses nothing and starts no other.
        for _ in 0..2 {
            let wait = tokio::time::timeout(Duration::from_millis(20), chunks.try_next());
            assert!(wait.await.is_err());
        }
        let error = chunks.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains(says), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

/// Over HTTP, the library for that finds it first.
#[cfg(feature = "mock")]
#[tokio::test]
async fn a_response_of_another_length_than_announced() {
    use dintero::mock::{FetchFile, Mock, MockResponse};
    let mock = Mock::new();
    let short = MockResponse::raw(200, "1234").header("content-length", "10");
    mock.on::<FetchFile>().response(short);
    let client = mock.client();
    let download = || client.download("https://files.example/a");
    let mut chunks = download().chunks().await.unwrap();
    assert_eq!(chunks.try_next().await.unwrap().unwrap().as_ref(), b"1234");
    let error = chunks.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    let error = download().to_writer(Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
}
