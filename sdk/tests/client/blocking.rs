//! The client for code that is not async.

use std::thread;
use std::time::{Duration, Instant};

use dintero::{ErrorKind, Interceptor, RetryPolicy, blocking};

use crate::support::operation::{Key, Open};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client, token};

fn calling(server: &Server) -> blocking::Client {
    client(server).api_key("key").build_blocking().unwrap()
}

#[test]
fn values_and_errors_are_those_of_the_async_client() {
    let server = Server::start(|seen| match seen.target() {
        TOKEN_PATH => token("token", 3600),
        target if target.ends_with("/1") => Reply::json(200, "[1]"),
        _ => Reply::json(404, r#"{"error":{"code":"GONE"}}"#),
    });
    let client = client(&server).client_credentials("id", "secret");
    let client = client.build_blocking().unwrap();
    assert_eq!(client.account().unwrap().as_str(), "T12345678");
    assert_eq!(client.send(<Probe>::new("1")).unwrap(), [1]);
    let response = client.send_with_response(<Probe>::new("1")).unwrap();
    assert_eq!(response.status(), 200);
    let error = client.send(<Probe>::new("2")).unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::NotFound, Some("GONE"))
    );
    assert_eq!(server.count(TOKEN_PATH), 1);
    assert!(!format!("{client:?}").contains("secret"));
}

#[cfg(feature = "payments")]
#[test]
fn the_same_builders() {
    use dintero::payments::TransactionId;

    let server = Server::start(|_| Reply::json(404, "{}"));
    let payments = calling(&server).payments();
    let error = payments
        .get_transaction(TransactionId::new("T12345678.abc"))
        .send()
        .unwrap_err();
    assert_eq!(error.operation(), Some("payments.get_transaction"));
    let operation = payments
        .get_transaction(TransactionId::new("T12345678.abc"))
        .build();
    let error = calling(&server).send(operation).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn settings_of_some_calls() {
    let server = Server::start(|seen| match seen.header("x-mine") {
        Some(_) => Reply::json(500, "{}"),
        None => Reply::json(200, "[1]").late(300),
    });
    let client = calling(&server);
    let own = client
        .with_header("x-mine", "c4n4ry")
        .with_retry(RetryPolicy::default().first_delay(Duration::ZERO));
    assert!(!format!("{own:?}").contains("c4n4ry"));
    let error = own.send(Probe::<Key>::new("1")).unwrap_err();
    assert_eq!(error.attempts(), 3);
    let error = own.send_with_response(Probe::<Key>::new("1")).unwrap_err();
    assert_eq!(error.attempts(), 3);
    #[cfg(feature = "download")]
    {
        let file = std::env::temp_dir().join("dintero-that-is-never-written");
        let download = own.download_response(Probe::<Key>::new("1"));
        assert_eq!(download.to_file(file).unwrap_err().attempts(), 3);
    }
    let hasty = client.with_timeout(Duration::from_millis(50));
    let error = hasty.send(Probe::<Key>::new("1")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    client.send(Probe::<Key>::new("1")).unwrap();
    let small = client.with_max_response_bytes(2);
    let error = small.send(Probe::<Key>::new("1")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let error = client.with_header("host", "x").send(Probe::<Key>::new("1"));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[test]
fn many_threads_wait_at_the_same_time() {
    let server = Server::start(|_| Reply::json(200, "[1]").late(300));
    let client = calling(&server);
    let begun = Instant::now();
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || client.send(Probe::<Key>::new("1")).unwrap())
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert!(begun.elapsed() < Duration::from_millis(300 * 8));
}

/// In every kind of async code there is an error, and neither a panic nor a wait.
#[test]
fn async_code_is_refused() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = calling(&server);
    let refused = move || {
        let error = client.send(Probe::<Key>::new("1")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!error.may_have_been_sent());
        let text = error.to_string();
        assert!(
            text.contains("async code") && text.contains("spawn_blocking"),
            "{text}"
        );
    };
    let one = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let many = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    for runtime in [one, many] {
        runtime.block_on(async {
            refused();
            // The code goes on, and may wait for other things.
            tokio::task::yield_now().await;
        });
        let task = runtime.spawn(async {});
        runtime.block_on(task).unwrap();
        let refused = refused.clone();
        let task = runtime.spawn(async move { refused() });
        runtime.block_on(task).unwrap();
    }
    assert!(server.seen().is_empty());
}

#[test]
fn waiting_is_right_where_a_runtime_has_threads_for_it() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = calling(&server);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let other = client.clone();
    runtime.block_on(async move {
        let work = move || other.send(Probe::<Key>::new("1")).unwrap();
        assert_eq!(tokio::task::spawn_blocking(work).await.unwrap(), [1]);
    });
    let other = client.clone();
    let task = runtime.spawn(async move {
        tokio::task::block_in_place(|| other.send(Probe::<Key>::new("1")).unwrap())
    });
    assert_eq!(runtime.block_on(task).unwrap(), [1]);
    let _inside = runtime.enter();
    assert_eq!(client.send(Probe::<Key>::new("1")).unwrap(), [1]);
}

#[test]
fn a_panic_of_somebodys_code_ends_its_call_alone() {
    struct Panics;

    impl Interceptor for Panics {
        fn before(&self, attempt: &mut dintero::Attempt) {
            assert_ne!(attempt.operation(), "test.probe", "expected by the test");
        }
    }

    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = client(&server)
        .interceptor(Panics)
        .build_blocking()
        .unwrap();
    for _ in 0..2 {
        let error = client.send(Probe::<Open>::new("1")).unwrap_err();
        assert!(error.to_string().contains("panicked"), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by the test below"]
fn child_that_counts_threads() {
    let count = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        let names =
            tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
        names
            .filter(|name| name.starts_with("dintero-block"))
            .count()
    };
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = calling(&server);
    client.send(Probe::<Key>::new("1")).unwrap();
    let clones = [client.clone(), client.with_timeout(Duration::from_secs(1))];
    assert_eq!(count(), 1);
    drop(client);
    assert_eq!(clones[1].send(Probe::<Key>::new("1")).unwrap(), [1]);
    drop(clones);
    let begun = Instant::now();
    while count() > 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "the thread is still there"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// In a process of its own: other tests have threads of that name too.
#[cfg(target_os = "linux")]
#[test]
fn the_thread_ends_with_the_last_clone() {
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "blocking::child_that_counts_threads",
            "--ignored",
        ])
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
    assert!(String::from_utf8_lossy(&status.stdout).contains("1 passed"));
}

#[cfg(feature = "download")]
#[test]
fn downloads() {
    let server = Server::start(|_| Reply::with(200, &[], "1234"));
    let client = calling(&server);
    let folder = std::env::temp_dir().join(format!("dintero-blocking-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("report.csv");
    let size = client.download(server.url()).to_file(&file).unwrap();
    assert_eq!((size, std::fs::read(&file).unwrap()), (4, b"1234".to_vec()));
    let answer = client
        .download_response(Probe::<Key>::new("1"))
        .max_bytes(3);
    assert_eq!(
        answer.to_file(&file).unwrap_err().kind(),
        ErrorKind::TooLarge
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(feature = "payments")]
#[test]
fn lists_are_iterators() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::json(
            200,
            r#"[{"id":"a","status":"CAPTURED","amount":1,"currency":"NOK"}]"#,
        ),
        1 => Reply::json(400, "{}"),
        2 => Reply::json(
            200,
            r#"[{"id":"b","status":"CAPTURED","amount":1,"currency":"NOK"}]"#,
        ),
        _ => Reply::json(200, "[]"),
    });
    let list = || calling(&server).payments().list_transactions().limit(1);
    let mut items = list().items();
    assert_eq!(items.next().unwrap().unwrap().id.as_str(), "a");
    assert_eq!(
        items.next().unwrap().unwrap_err().kind(),
        ErrorKind::BadRequest
    );
    assert!(items.next().is_none());
    // The page that failed is asked for again, and nothing comes twice.
    assert_eq!(items.next_item().unwrap().unwrap().id.as_str(), "b");
    assert!(items.next_item().unwrap().is_none());
    assert!(items.next().is_none());
    let targets: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.target().to_owned())
        .collect();
    assert_eq!(
        targets,
        [
            "/transactions?limit=1",
            "/transactions?limit=1&starting_after=a",
            "/transactions?limit=1&starting_after=a",
            "/transactions?limit=1&starting_after=b",
        ]
    );
    assert_eq!(list().pages().flatten().count(), 0);
}

#[test]
fn a_copy_of_an_async_client_has_connections_of_its_own() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = client(&server).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime
        .block_on(client.send(Probe::<Open>::new("1")))
        .unwrap();
    // From here on nobody drives the connection that is kept.
    let copy = client.to_builder().build_blocking().unwrap();
    let copy = copy.with_timeout(Duration::from_secs(5));
    copy.send(Probe::<Open>::new("1")).unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_merchants_client_is_another_one() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = client(&server).client_credentials("id", "secret");
    let client = client.build_blocking().unwrap();
    let merchant = client.for_merchant("T22222222".parse().unwrap()).unwrap();
    assert_eq!(merchant.account().unwrap().as_str(), "T22222222");
    assert_eq!(client.account().unwrap().as_str(), "T12345678");
}

#[cfg(feature = "payments")]
#[test]
fn an_error_ends_an_iterator_and_nothing_else() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    const PAGE: &str = r#"[{"id":"T12345678.a","amount":1,"currency":"NOK","status":"CAPTURED"}]"#;
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 | 3 => Reply::json(500, "{}"),
        2 => Reply::json(200, "[]"),
        _ => Reply::json(200, PAGE),
    });
    let client = client(&server).api_key("key").retry(RetryPolicy::none());
    let payments = client.build_blocking().unwrap().payments();
    let mut pages = payments.list_transactions().pages();
    assert!(pages.next().unwrap().is_err());
    assert!(pages.next().is_none());
    assert_eq!(pages.next_page().unwrap().unwrap().into_iter().count(), 1);
    assert!(pages.next().is_none());
    let mut items = payments.list_transactions().items();
    assert!(items.next().unwrap().is_err());
    assert!(items.next().is_none());
    assert_eq!(
        items.next_item().unwrap().unwrap().id.as_str(),
        "T12345678.a"
    );
    assert_eq!(server.seen().len(), 5);
}
