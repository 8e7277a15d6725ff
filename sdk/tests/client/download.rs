//! Large answers, piece by piece.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dintero::{ErrorKind, RetryPolicy};

use crate::support::operation::Key;
use crate::support::{Probe, Reply, Server, client};

/// A new folder, which goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dintero-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("report.csv")
    }

    /// Names of what is there.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn a_signed_url_is_called_without_credentials() {
    let server = Server::start(|_| Reply::with(200, &[], "a,b\n1,2\n"));
    let client = client(&server)
        .bearer_token("c4n4ry")
        .api_key("c4n4ry")
        .system("c4n4ry", "1")
        .build()
        .unwrap();
    let folder = Folder::new("signed");
    std::fs::write(folder.file(), "old").unwrap();
    let url = format!("{}/report.csv?signature=s1gn3d#x", server.url());
    let download = client.download(&url);
    assert!(!format!("{download:?}").contains("s1gn3d"));
    assert_eq!(download.to_file(folder.file()).await.unwrap(), 8);
    assert_eq!(read(&folder.file()), b"a,b\n1,2\n");
    assert_eq!(folder.names(), ["report.csv"]);
    let seen = server.only();
    assert_eq!(seen.target(), "/report.csv?signature=s1gn3d");
    assert!(!seen.head.contains("c4n4ry"), "{}", seen.head);
    assert_eq!(seen.header("authorization"), None);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start(|_| Reply::with(200, &[], "kari@example.com"));
    let client = client(&server).build().unwrap();
    let folder = Folder::new("mode");
    for _ in 0..2 {
        client
            .download(server.url())
            .to_file(folder.file())
            .await
            .unwrap();
        let mode = std::fs::metadata(folder.file())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        // One that was there with other rights is replaced, too.
        std::fs::set_permissions(folder.file(), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
}

#[tokio::test]
async fn a_part_is_no_file() {
    let server = Server::start(|_| Reply::with(206, &[("content-range", "bytes 0-2/100")], "a,b"));
    let client = client(&server).api_key("key").build().unwrap();
    let folder = Folder::new("part");
    let downloads = [
        client.download(server.url()),
        client.download_response(Probe::<Key>::new("1")),
    ];
    for download in downloads {
        let error = download.to_file(folder.file()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            error.to_string().contains("a part that was not requested"),
            "{error}"
        );
        assert_eq!(folder.names(), [""; 0]);
    }
    // Whoever asks for a part gets one.
    let download = client.download(server.url()).header("range", "bytes=0-2");
    assert_eq!(download.to_file(folder.file()).await.unwrap(), 3);
}

/// A byte now and then, for ever; each of them in time.
fn drip() -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 1024]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n");
                while stream.write_all(b"x").is_ok() {
                    std::thread::sleep(Duration::from_millis(30));
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn the_whole_has_a_limit() {
    let url = drip();
    let builder = dintero::Client::builder().timeout(Duration::from_millis(500));
    let policy = || RetryPolicy::none().deadline(Duration::from_millis(300));
    let patient = builder
        .clone()
        .retry(policy().deadline(Duration::from_secs(3600)));
    let patient = patient.build().unwrap();
    let strict = builder.retry(policy()).build().unwrap();
    let folder = Folder::new("drip");
    for download in [
        strict.download(&url),
        patient.download(&url).retry(policy()),
        patient.download(&url).deadline(Duration::from_millis(300)),
    ] {
        let begun = std::time::Instant::now();
        let work = download.to_file(folder.file());
        let outcome = tokio::time::timeout(Duration::from_secs(20), work).await;
        let error = outcome.expect("it drips on").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(begun.elapsed() >= Duration::from_millis(300));
        assert!(
            error.to_string().contains("the whole download had 0.3 s"),
            "{error}"
        );
        assert_eq!(folder.names(), [""; 0], "the part is left over");
    }
    let work = patient.download(&url).deadline(Duration::from_millis(300));
    let error = work.to_writer(tokio::io::sink()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

/// The status of an attempt whose body did not arrive is not that of a later attempt without a response.
#[tokio::test]
async fn a_deadline_after_an_incomplete_attempt() {
    let is_first = AtomicBool::new(true);
    let server = Server::start(move |_| match is_first.swap(false, Ordering::Relaxed) {
        true => Reply::Bytes(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 50\r\n\r\n[1".into()),
        false => Reply::Silence,
    });
    let policy = RetryPolicy::default().first_delay(Duration::from_millis(2));
    let policy = policy.deadline(Duration::from_millis(900));
    let builder = client(&server).retry(policy);
    let client = builder.timeout(Duration::from_millis(600)).build().unwrap();
    let url = format!("{}/file", server.url());
    let download = client.download(&url).deadline(Duration::from_secs(10));
    let error = download.to_writer(tokio::io::sink()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(error.status(), None, "{error}");
}

#[tokio::test]
async fn urls_that_are_not_called() {
    let server = Server::start(|_| Reply::json(200, ""));
    let client = client(&server).build().unwrap();
    for (url, expected) in [
        ("http://s1gn3d.example/", "is plain http"),
        ("ftp://s1gn3d.example/", "is neither https nor http"),
        ("https://u:s1gn3d@x.example/", "contains a user name"),
        ("/s1gn3d", "is not an absolute URL"),
    ] {
        let folder = Folder::new("refused");
        let error = client
            .download(url)
            .to_file(folder.file())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error}{error:?}").contains("s1gn3d"));
        assert!(folder.names().is_empty());
    }
}

#[tokio::test]
async fn the_answer_of_an_operation_with_its_credentials() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let body = vec![7; 1 << 20];
    let server =
        Server::start(
            move |_| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 => Reply::json(503, "{}"),
                _ => Reply::with(200, &[], &body),
            },
        );
    let quick = RetryPolicy::default().first_delay(Duration::ZERO);
    let client = client(&server).api_key("key").retry(quick).build().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let mut written = Vec::new();
    let size = client
        .download_response(Probe::<Key>::new("1"))
        .header("x-mine", "1")
        .on_progress(move |written, all| tell.lock().unwrap().push((written, all)))
        .max_bytes(1 << 20)
        .to_writer(&mut written)
        .await
        .unwrap();
    assert_eq!((size, written.len()), (1 << 20, 1 << 20));
    for seen in server.seen() {
        assert_eq!(seen.header("x-api-key"), Some("key"));
        assert_eq!(seen.header("x-mine"), Some("1"));
    }
    let told = told.lock().unwrap();
    // In pieces, not at once.
    assert!(told.len() > 1);
    assert!(told.is_sorted());
    assert_eq!(told.last(), Some(&(1 << 20, Some(1 << 20))));
}

/// What becomes of a download, and of the file that was there before.
async fn fails(reply: Reply, name: &str) -> dintero::Error {
    let server = Server::start(move |_| reply.clone());
    let client = client(&server).timeout(Duration::from_millis(300));
    let client = client.build().unwrap();
    let folder = Folder::new(name);
    std::fs::write(folder.file(), "old").unwrap();
    let download = client.download(server.url()).max_bytes(10);
    let error = download.to_file(folder.file()).await.unwrap_err();
    assert_eq!(read(&folder.file()), b"old", "{error:?}");
    assert_eq!(folder.names(), ["report.csv"]);
    assert_eq!(error.operation(), Some("download"));
    error
}

#[tokio::test]
async fn what_fails_leaves_nothing_behind() {
    let last = |text: &str| Reply::Last(text.replace('\n', "\r\n").into_bytes());
    let short = last("HTTP/1.1 200 OK\ncontent-length: 9\n\n1234");
    let error = fails(short, "short").await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.call_succeeded());
    assert!(
        error
            .to_string()
            .contains("the call succeeded, but its response was cut off")
    );

    let error = fails(Reply::with(200, &[], "12345678901"), "announced").await;
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(
        error
            .to_string()
            .ends_with("its response is larger than 10 bytes"),
        "{error}"
    );

    let chunks = "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n6\n123456\n6\n123456\n0\n\n";
    let error = fails(last(chunks), "chunks").await;
    assert_eq!(error.kind(), ErrorKind::TooLarge);

    let unended = "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n6\n123456\n";
    assert_eq!(
        fails(last(unended), "unended").await.kind(),
        ErrorKind::Transport
    );

    let stalled = Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12".to_vec());
    assert_eq!(fails(stalled, "stalled").await.kind(), ErrorKind::Timeout);
    assert_eq!(
        fails(Reply::Silence, "silence").await.kind(),
        ErrorKind::Timeout
    );

    let error = fails(Reply::with(403, &[], "<Error/>"), "forbidden").await;
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(!error.call_succeeded());

    let elsewhere = Server::start(|_| Reply::json(200, ""));
    let location = elsewhere.url();
    let error = fails(Reply::with(302, &[("location", &location)], ""), "moved").await;
    assert_eq!(
        (error.kind(), error.location()),
        (ErrorKind::Redirect, Some(&*location))
    );
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_download_that_nobody_waits_for() {
    let server =
        Server::start(|_| Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12".to_vec()));
    let client = client(&server).build().unwrap();
    let folder = Folder::new("dropped");
    let (sender, begun) = tokio::sync::oneshot::channel();
    let mut sender = Some(sender);
    let download = client.download(server.url()).on_progress(move |_, _| {
        if let Some(sender) = sender.take() {
            sender.send(()).unwrap();
        }
    });
    tokio::select! {
        _ = download.to_file(folder.file()) => unreachable!("the server never ends"),
        begun = begun => begun.unwrap(),
    }
    assert!(folder.names().is_empty());
}

#[tokio::test]
async fn a_file_that_can_not_be_written() {
    let server = Server::start(|_| Reply::with(200, &[], "1234"));
    let client = client(&server).build().unwrap();
    let folder = Folder::new("unwritable");
    for path in [folder.0.join("missing/report.csv"), PathBuf::from("/")] {
        let error = client
            .download(server.url())
            .to_file(path)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Output);
        assert!(error.call_succeeded());
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.downcast_ref::<std::io::Error>().is_some());
        assert!(
            error.to_string().ends_with("could not be written"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_the_head_says_is_heeded() {
    let late = Reply::with(200, &[], "a").late(3000);
    assert_eq!(fails(late, "late").await.kind(), ErrorKind::Timeout);
    let gone = Reply::json(404, r#"{"error":{"code":"GONE"}}"#);
    let error = fails(gone, "gone").await;
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.code(), Some("GONE"));
    // Nothing more than the head comes of it.
    let large = Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n".to_vec());
    assert_eq!(fails(large, "large").await.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_download_can_have_its_own_policy() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server =
        Server::start(
            move |_| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
                0 => Reply::json(503, "{}"),
                _ => Reply::with(200, &[], "a"),
            },
        );
    let client = client(&server).retry(RetryPolicy::none()).build().unwrap();
    let download = client.download(server.url());
    let quick = RetryPolicy::default().first_delay(Duration::ZERO);
    let size = download.retry(quick).to_writer(Vec::new()).await;
    assert_eq!(size.unwrap(), 1);
}
