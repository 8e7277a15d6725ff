//! Servers with faults: what is under the name of a document is whole, and nothing that was fetched is lost.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod support;

use std::io::Write as _;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fetch::{MAX_BYTES, Outcome};
use support::{
    ETAG, Request, SECONDS, Server, document, good, names, one, order, plain, ranged, resumed, run,
    why,
};

/// The outcome of a response to every request, in a folder that had a document before; and the number of requests.
fn after(
    respond: impl Fn(&Request, usize, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> (Outcome, usize) {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("shop.yaml");
    std::fs::write(&old, "old").unwrap();
    let server = Server::start(respond);
    let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
    let now = std::fs::read(&old).unwrap();
    match &outcome {
        Outcome::Failed { .. } => {
            assert_eq!(now, b"old");
            assert_eq!(names(folder.path()), ["shop.yaml"]);
        }
        _ => assert_eq!(now, document(1)),
    }
    (outcome, server.received().len())
}

#[test]
fn an_unchanged_document_is_not_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = good();
    let address = server.url("/shop.yaml");
    let first = one(folder.path(), SECONDS, address.clone());
    let Outcome::Fetched { stored, resumed: 0 } = first else {
        panic!("{first:?}")
    };
    assert_eq!(stored.sha256, fetch::sha256(&document(1)));
    assert_eq!(stored.bytes, document(1).len() as u64);
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
    let unchanged = Outcome::Unchanged {
        stored: stored.clone(),
    };
    assert_eq!(one(folder.path(), SECONDS, address.clone()), unchanged);
    let requests = server.received();
    assert_eq!(requests[0].header("if-none-match"), None);
    assert_eq!(requests[1].header("if-none-match"), Some(ETAG));

    // A file that is not the one that was fetched is fetched again, whatever is known about it.
    std::fs::write(folder.path().join("shop.yaml"), "openapi: 3.0.3").unwrap();
    let again = one(folder.path(), SECONDS, address);
    assert_eq!(again, Outcome::Fetched { stored, resumed: 0 });
    assert_eq!(
        std::fs::read(folder.path().join("shop.yaml")).unwrap(),
        document(1)
    );
    // So is a document of another address.
    let other = one(folder.path(), SECONDS, server.url("/other.yaml"));
    assert_eq!(resumed(&other), 0);
    assert_eq!(
        server.received().last().unwrap().header("if-none-match"),
        None
    );
}

#[test]
fn a_changed_document_is_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request, count, stream| {
        let body = document(count);
        ranged(request, &body, &format!("\"{count}\""), body.len(), stream)
    });
    for count in 0..2 {
        let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
        assert_eq!(resumed(&outcome), 0);
        let file = std::fs::read(folder.path().join("shop.yaml")).unwrap();
        assert_eq!(file, document(count));
    }
}

#[test]
fn dates_instead_of_tags() {
    let folder = tempfile::tempdir().unwrap();
    const DATE: &str = "Sat, 28 Nov 2026 20:00:00 GMT";
    let server = Server::start(
        |request, _, stream| match request.header("if-modified-since") {
            Some(DATE) => plain(stream, "304 Not Modified", "", b""),
            _ => plain(
                stream,
                "200 OK",
                &format!("last-modified: {DATE}\r\n"),
                &document(1),
            ),
        },
    );
    let address = server.url("/shop.yaml");
    resumed(&one(folder.path(), SECONDS, address.clone()));
    let second = one(folder.path(), SECONDS, address);
    assert!(matches!(second, Outcome::Unchanged { .. }), "{second:?}");
}

#[test]
fn a_body_that_is_cut_is_continued() {
    let (outcome, requests) = after(|request, count, stream| {
        let body = document(1);
        let sent = if count < 2 { 50_000 } else { body.len() };
        ranged(request, &body, ETAG, sent, stream)
    });
    assert_eq!(requests, 3);
    let resumed = resumed(&outcome);
    // A part is continued with some bytes that are known, and those count once.
    assert!((90_000..=100_000).contains(&resumed), "{resumed}");
}

#[test]
fn a_body_that_is_cut_without_a_tag_is_fetched_anew() {
    let (outcome, requests) = after(|request, count, stream| {
        assert_eq!(request.from(), None);
        let body = document(1);
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\netag: W/\"weak\"\r\ncontent-length: {length}\r\n\r\n"
        )?;
        stream.write_all(&body[..if count < 2 { 5000 } else { length }])
    });
    assert_eq!((resumed(&outcome), requests), (0, 3));
    // Always cut: no file, no part.
    let (outcome, requests) = after(|_, _, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 400000\r\n\r\n")?;
        stream.write_all(&document(1)[..100_000])
    });
    assert_eq!(requests, 3);
    assert!(
        why(&outcome).starts_with("after 100000 bytes, "),
        "{outcome:?}"
    );
    // Chunks without the last one.
    let (outcome, _) = after(|_, _, stream| {
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\nopenapi: 3.0.3\n\r\n"
        )
    });
    assert!(why(&outcome).starts_with("after 15 bytes, "), "{outcome:?}");
}

#[test]
fn a_body_of_unknown_length_is_refused() {
    let (outcome, requests) = after(|_, _, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\n\r\n")?;
        stream.write_all(&document(1))
    });
    assert_eq!(requests, 1);
    assert!(
        why(&outcome).contains("does not state its length"),
        "{outcome:?}"
    );
    let (outcome, _) = after(|_, _, stream| {
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        )?;
        for chunk in document(1).chunks(1000) {
            write!(stream, "{:x}\r\n", chunk.len())?;
            stream.write_all(chunk)?;
            write!(stream, "\r\n")?;
        }
        write!(stream, "0\r\n\r\n")
    });
    assert_eq!(resumed(&outcome), 0);
}

#[test]
fn error_responses() {
    let (outcome, requests) = after(|_, _, stream| plain(stream, "500 Oops", "", b"oops"));
    assert_eq!(requests, 3);
    assert_eq!(why(&outcome), "the response was 500 Internal Server Error");
    let (outcome, requests) = after(|request, count, stream| match count {
        0 => plain(stream, "503 Busy", "retry-after: 0\r\n", b""),
        1 => plain(stream, "429 Slow", "retry-after: 1\r\n", b""),
        _ => ranged(request, &document(1), ETAG, usize::MAX, stream),
    });
    assert_eq!((resumed(&outcome), requests), (0, 3));
    let page = b"<!DOCTYPE html><title>Not found</title>openapi: 3.0.3\n";
    let (outcome, requests) =
        after(|_, _, stream| plain(stream, "404 Gone", "content-type: text/html\r\n", page));
    assert_eq!(
        (why(&outcome), requests),
        ("the response was 404 Not Found", 1)
    );
    // Pages with status 200: by their type, and by their text.
    for kind in [
        "content-type: text/html; charset=utf-8\r\n",
        "etag: \"page\"\r\n",
    ] {
        let (outcome, requests) = after(move |_, _, stream| plain(stream, "200 OK", kind, page));
        let expected = "the response is a web page, not a document";
        assert_eq!((why(&outcome), requests), (expected, 1));
    }
    let (outcome, _) = after(|_, _, stream| plain(stream, "200 OK", "", b"{\"error\": true}"));
    assert!(
        why(&outcome).contains("not an OpenAPI document"),
        "{outcome:?}"
    );
    // Something that was not asked for.
    for status in ["206 Partial Content", "304 Not Modified", "204 No Content"] {
        let (outcome, _) = after(move |_, _, stream| plain(stream, status, "", b""));
        assert_eq!(why(&outcome), format!("the response was {status}"));
    }
}

#[test]
fn redirects() {
    let (outcome, requests) = after(|request, _, stream| match request.path.as_str() {
        "/shop.yaml" => plain(stream, "301 Moved", "location: /new.yaml\r\n", b""),
        _ => ranged(request, &document(1), ETAG, usize::MAX, stream),
    });
    assert_eq!((resumed(&outcome), requests), (0, 2));
    let (outcome, requests) =
        after(|_, _, stream| plain(stream, "302 Found", "location: /shop.yaml\r\n", b""));
    assert!(
        why(&outcome).contains("more than 5 redirects"),
        "{outcome:?}"
    );
    assert_eq!(requests, 6);
    let (outcome, requests) = after(|_, _, stream| {
        let location = "location: http://docs.example.com/shop.yaml\r\n";
        plain(stream, "302 Found", location, b"")
    });
    assert_eq!(requests, 1);
    let expected = "it redirects to http://docs.example.com/shop.yaml, which is not https";
    assert!(why(&outcome).contains(expected), "{outcome:?}");
}

#[test]
fn addresses_and_names_that_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (address, expected) in [
        ("http://docs.example.com/a", "must be https"),
        ("ftp://127.0.0.1/a", "must be https"),
        ("/specs/a.yaml", "is not a URL"),
    ] {
        let outcome = one(folder.path(), SECONDS, address.to_owned());
        assert!(why(&outcome).contains(expected), "{outcome:?}");
    }
    for name in ["../shop.yaml", "a/b.yaml", ".shop", ""] {
        let server = good();
        let order = order(folder.path(), SECONDS, &[(name, server.url("/"))]);
        let (code, reports) = run(&order);
        assert_eq!(code, 1);
        assert!(why(&reports[0].outcome).contains("can't be the name of a file"));
        assert!(server.received().is_empty());
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap()
}

#[test]
fn compressed_bodies() {
    const GZIP: &str = "content-encoding: gzip\r\netag: \"zip\"\r\n";
    let (outcome, _) = after(|request, _, stream| {
        assert_eq!(request.header("accept-encoding"), Some("identity"));
        plain(stream, "200 OK", GZIP, &zipped(&document(1)))
    });
    assert_eq!(resumed(&outcome), 0);
    let (outcome, requests) = after(|_, _, stream| {
        let zip = zipped(&document(1));
        plain(stream, "200 OK", GZIP, &zip[..zip.len() / 2])
    });
    assert_eq!(requests, 3);
    assert!(why(&outcome).starts_with("the compressed response is damaged"));
    let (outcome, _) = after(|_, _, stream| {
        let bomb = vec![b' '; usize::try_from(MAX_BYTES).unwrap() + 1];
        plain(stream, "200 OK", GZIP, &zipped(&bomb))
    });
    assert_eq!(why(&outcome), "the document has more than 16777216 bytes");
    let (outcome, _) =
        after(|_, _, stream| plain(stream, "200 OK", "content-encoding: br\r\n", b"?"));
    assert!(why(&outcome).contains("the encoding `br`"), "{outcome:?}");
}

#[test]
fn bodies_that_are_too_large() {
    let (outcome, requests) = after(|_, _, stream| {
        let length = MAX_BYTES + 1;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\netag: {ETAG}\r\ncontent-length: {length}\r\n\r\nopenapi"
        )
    });
    assert_eq!(
        (why(&outcome), requests),
        ("the document has more than 16777216 bytes", 1)
    );
    let (outcome, requests) = after(|_, _, stream| {
        write!(
            stream,
            "HTTP/1.1 200 OK\r\netag: {ETAG}\r\ntransfer-encoding: chunked\r\n\r\n"
        )?;
        let chunk = vec![b'#'; 0x10000];
        loop {
            write!(stream, "10000\r\n")?;
            stream.write_all(&chunk)?;
            write!(stream, "\r\n")?;
        }
    });
    assert_eq!(
        (why(&outcome), requests),
        ("the document has more than 16777216 bytes", 1)
    );
}

#[test]
fn a_slow_body_ends_at_the_time_limit_and_is_continued() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request, count, stream| {
        let body = document(1);
        if count > 0 {
            return ranged(request, &body, ETAG, body.len(), stream);
        }
        ranged(request, &body, ETAG, 20_000, stream)?;
        // Never silent, never done.
        for byte in &body[20_000..] {
            stream.write_all(&[*byte])?;
            sleep(Duration::from_millis(100));
        }
        Ok(())
    });
    let begun = Instant::now();
    let outcome = one(folder.path(), 3, server.url("/shop.yaml"));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(
        why(&outcome).starts_with("it was not complete after 3 seconds; 20"),
        "{outcome:?}"
    );
    assert!(why(&outcome).ends_with("bytes are kept, and the next run continues there"));
    assert_eq!(names(folder.path()), ["shop.yaml.part"]);
    let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
    assert!(resumed(&outcome) >= 20_000);
    assert_eq!(
        std::fs::read(folder.path().join("shop.yaml")).unwrap(),
        document(1)
    );
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
}

#[test]
fn a_silent_server_ends_at_the_time_limit() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_, _, _| {
        sleep(Duration::from_secs(30));
        Ok(())
    });
    let begun = Instant::now();
    let outcome = one(folder.path(), 2, server.url("/shop.yaml"));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(why(&outcome).contains("2 seconds") || why(&outcome).contains("no response in time"));
}

#[test]
fn a_failure_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let good = good();
    let bad = Server::start(|_, _, stream| plain(stream, "404 Gone", "", b""));
    let (code, reports) = run(&order(
        folder.path(),
        SECONDS,
        &[
            ("a.yaml", good.url("/a")),
            ("b.yaml", bad.url("/b")),
            // No one listens there.
            ("c.yaml", "http://127.0.0.1:1/c".to_owned()),
            ("d.yaml", good.url("/d")),
        ],
    ));
    assert_eq!(code, 1);
    let failed = |index: usize| matches!(reports[index].outcome, Outcome::Failed { .. });
    assert_eq!([0, 1, 2, 3].map(failed), [false, true, true, false]);
    let files = ["a.yaml", "a.yaml.facts", "d.yaml", "d.yaml.facts"];
    assert_eq!(names(folder.path()), files);
    assert!(
        why(&reports[2].outcome).contains("refused"),
        "{:?}",
        reports[2]
    );
}
