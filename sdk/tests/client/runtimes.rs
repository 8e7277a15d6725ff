//! Where calls can be made: connections belong to the tokio runtime that made them.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dintero::{Client, Error, ErrorKind};
use tokio::runtime::{Builder, Runtime};

use crate::support::operation::{Charge, Open};
use crate::support::{Probe, Reply, Server, client};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn charge() -> Charge {
    Charge {
        body: None,
        key: None,
    }
}

fn server() -> Server {
    Server::start(|seen| match seen.method() {
        "POST" => Reply::with(200, &[], ""),
        _ => Reply::json(200, "[]"),
    })
}

fn quick(server: &Server) -> dintero::ClientBuilder {
    client(server).timeout(Duration::from_secs(5))
}

/// The first runtime is still there, but nobody runs it: its connection is open and dead.
#[test]
fn a_runtime_that_stands_still_holds_nobody_up() {
    let server = server();
    let client = quick(&server).build().unwrap();
    let runtimes: Vec<Runtime> = (0..8).map(|_| runtime()).collect();
    for (number, runtime) in runtimes.iter().enumerate() {
        runtime.block_on(client.send(charge())).unwrap();
        assert_eq!(server.connections(), number + 1);
    }
    // Each finds its own again.
    for runtime in &runtimes {
        runtime.block_on(client.send(charge())).unwrap();
    }
    assert_eq!(server.connections(), 8);
    assert_eq!(server.seen().len(), 16);
}

#[test]
fn runtimes_come_and_go() {
    let server = server();
    let client = quick(&server).build().unwrap();
    for _ in 0..20 {
        runtime().block_on(client.send(charge())).unwrap();
    }
    assert_eq!(server.connections(), 20);
}

#[test]
fn threads_of_one_runtime_share() {
    let server = server();
    let client = quick(&server).build().unwrap();
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(4).enable_all().build().unwrap();
    for _ in 0..20 {
        let sending = client.send(charge());
        runtime.block_on(runtime.spawn(sending)).unwrap().unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[cfg(feature = "reqwest-013")]
#[test]
fn one_http_client_is_for_one_runtime() {
    let server = server();
    let client = quick(&server).http_client(reqwest::Client::builder());
    let client = client.build().unwrap();
    let (first, second) = (runtime(), runtime());
    first.block_on(client.send(charge())).unwrap();
    let copy = client.to_builder().timeout(Duration::from_secs(4));
    for client in [&client, &copy.build().unwrap()] {
        let error = second.block_on(client.send(charge())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Runtime);
        assert!(!error.may_have_been_sent());
        assert_eq!(
            error.to_string(),
            "POST /charge: no usable runtime: the connections of `http_client` belong to another tokio runtime, which \
             still exists; build a client for this one"
        );
    }
    first.block_on(client.send(charge())).unwrap();
    assert_eq!(server.seen().len(), 2);
    // Its connections went with it.
    drop(first);
    second.block_on(client.send(charge())).unwrap();
    assert_eq!(server.seen().len(), 3);
}

fn polled_alone<T>(work: impl Future<Output = Result<T, Error>>) -> Error {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(work).poll(&mut context) {
        Poll::Ready(Err(error)) => error,
        Poll::Ready(Ok(_)) => panic!("it went through"),
        Poll::Pending => panic!("it waits"),
    }
}

fn check(error: &Error, expected: &str) {
    assert_eq!(error.kind(), ErrorKind::Runtime, "{error}");
    assert!(!error.may_have_been_sent());
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn without_tokio() {
    let server = server();
    let expected = "calls need a tokio runtime, but this thread has none";
    for builder in [
        quick(&server),
        quick(&server).retry(dintero::RetryPolicy::none().no_deadline()),
        quick(&server).client_credentials("id", "secret"),
    ] {
        let client = builder.build().unwrap();
        let error = polled_alone(client.send(charge()));
        check(&error, expected);
        assert_eq!(error.operation(), Some("test.charge"));
        #[cfg(feature = "download")]
        check(
            &polled_alone(client.download(server.url()).to_file("/nowhere/x")),
            expected,
        );
    }
    assert_eq!(server.seen().len(), 0);
}

fn without(prepare: impl Fn(&mut Builder), client: &Client) -> Error {
    let mut builder = Builder::new_current_thread();
    prepare(&mut builder);
    let runtime = builder.build().unwrap();
    runtime.block_on(client.send(charge())).unwrap_err()
}

#[test]
fn runtimes_that_lack_something() {
    let server = server();
    let client = quick(&server).build().unwrap();
    let error = without(|_| {}, &client);
    check(
        &error,
        "this tokio runtime has no timers; build it with `enable_all()`",
    );
    let error = without(
        |builder| {
            builder.enable_io();
        },
        &client,
    );
    check(&error, "has no timers");
    let error = without(
        |builder| {
            builder.enable_time();
        },
        &client,
    );
    check(
        &error,
        "this tokio runtime has no IO; build it with `enable_all()`",
    );
    assert_eq!(server.seen().len(), 0);
    runtime().block_on(client.send(charge())).unwrap();
}

#[cfg(feature = "mock")]
#[test]
fn a_mock_needs_one_too() {
    let mock = dintero::mock::Mock::new();
    let account = "T12345678".parse().unwrap();
    let builder = Client::builder().account(account).mock(&mock);
    let client = builder.build().unwrap();
    let error = polled_alone(client.send(Probe::<Open>::new("1")));
    check(&error, "calls need a tokio runtime");
    let error = without(|_| {}, &client);
    check(&error, "has no timers");
}
