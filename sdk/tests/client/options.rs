//! Headers and time limits of one call.

use std::time::{Duration, Instant};

use dintero::{Error, ErrorKind, RetryPolicy};

use crate::support::operation::{Charge, Key, Open};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client, token};

#[tokio::test]
async fn a_header_goes_with_every_attempt_of_its_call_alone() {
    let server = Server::start(|seen| match seen.target() {
        TOKEN_PATH => token("token", 3600),
        _ => Reply::json(503, "{}"),
    });
    let quick = RetryPolicy::default().first_delay(Duration::from_millis(1));
    let builder = client(&server).client_credentials("id", "secret");
    let client = builder.system("shop", "1").retry(quick).build().unwrap();
    let call = client
        .send(<Probe>::new("1"))
        .header("traceparent", "00-1")
        .header("TraceParent", "00-2")
        .header("dintero-system-name", "other");
    call.await.unwrap_err();
    client.send(<Probe>::new("2")).await.unwrap_err();
    let mut found = 0;
    for seen in server.seen() {
        let own = seen.target().ends_with("/1");
        assert_eq!(seen.header("traceparent"), own.then_some("00-2"));
        let system = match seen.target() {
            TOKEN_PATH => None,
            _ if own => Some("other"),
            _ => Some("shop"),
        };
        assert_eq!(seen.header("dintero-system-name"), system);
        found += usize::from(own);
    }
    assert_eq!(found, 3);
}

#[tokio::test]
async fn headers_that_are_no_business_of_a_caller() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = client(&server)
        .bearer_token("fixed")
        .api_key("key")
        .build()
        .unwrap();
    let refused = |error: Error, expected: &str| {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(!error.may_have_been_sent());
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    };
    for (name, value, expected) in [
        (
            "Authorization",
            "hunter2",
            "`Authorization`: is set by the client itself",
        ),
        ("host", "hunter2", "`host`: is set by the client"),
        ("Content-Length", "7", "is set by the client"),
        ("transfer-encoding", "chunked", "is set by the client"),
        ("content-type", "hunter2", "is set by the client"),
        ("accept", "hunter2", "is set by the client"),
        ("cookie", "hunter2", "is set by the client"),
        ("X-API-KEY", "hunter2", "is set by the client"),
        ("user-agent", "hunter2", "user_agent_suffix"),
        ("a b", "hunter2", "`a b`: is not a valid header name"),
        ("x", "hunter2\r\ny: z", "`x`: contains a character"),
    ] {
        let call = client.send(Probe::<Open>::new("1")).header(name, value);
        refused(call.await.unwrap_err(), expected);
    }
    // What one operation has as a parameter is free elsewhere, and makes nothing safe to repeat.
    let charge = |key: Option<&str>| Charge {
        body: None,
        key: key.map(str::to_owned),
    };
    let call = client.send(charge(Some("k")));
    let error = call.header("Idempotency-Key", "hunter2").await.unwrap_err();
    refused(
        error,
        "`idempotency-key`: is a parameter or a credential of this operation",
    );
    let zero = client.send(Probe::<Key>::new("1")).timeout(Duration::ZERO);
    refused(zero.await.unwrap_err(), "`timeout`: is zero");
    assert!(server.seen().is_empty());

    let server = Server::start(|_| Reply::json(500, "{}"));
    let client = crate::support::client(&server).retry(RetryPolicy::default());
    let call = client.build().unwrap().send(charge(None));
    let error = call.header("idempotency-key", "k").await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.idempotency_key(), Some("k"));
    assert_eq!(server.only().header("idempotency-key"), Some("k"));
}

#[tokio::test]
async fn a_time_limit_is_that_of_each_request() {
    let server = Server::start(|seen| match seen.target() {
        TOKEN_PATH => token("token", 3600).late(300),
        _ => Reply::Silence,
    });
    let client = client(&server).client_credentials("id", "secret");
    let client = client
        .retry(
            RetryPolicy::default()
                .retries(1)
                .first_delay(Duration::ZERO),
        )
        .build()
        .unwrap();
    let begun = Instant::now();
    let call = client.send(<Probe>::new("1"));
    let error = call.timeout(Duration::from_millis(100)).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10));
    // The token took longer, and has the client's limit.
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));

    // Longer than the client's, too.
    let server = Server::start(|_| Reply::json(200, "[1]").late(400));
    let client = crate::support::client(&server).timeout(Duration::from_millis(100));
    let client = client.build().unwrap();
    client.send(Probe::<Open>::new("1")).await.unwrap_err();
    let call = client.send(Probe::<Open>::new("1"));
    call.timeout(Duration::from_secs(20)).await.unwrap();
}
