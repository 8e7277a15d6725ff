//! Users' code around every request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dintero::{Attempt, ErrorKind, Interceptor, Outcome, RetryPolicy};

use crate::support::operation::{Charge, Go, Key, Open};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client, token};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Interceptor for Log {
    fn before(&self, attempt: &mut Attempt) {
        let number = attempt.number();
        attempt.header("traceparent", format!("00-{number}"));
        attempt.header("x-shop", "second");
    }

    fn after(&self, attempt: &Attempt, outcome: &Outcome) {
        let line = format!(
            "{} {} {} {} {} {:?} {:?} {:?} {}",
            attempt.operation(),
            attempt.method(),
            attempt.path_template(),
            attempt.number(),
            attempt.is_token_request(),
            outcome.status().map(|status| status.as_u16()),
            outcome.error_kind(),
            outcome.request_id(),
            outcome.is_given_up(),
        );
        assert_eq!(attempt.host(), "127.0.0.1");
        assert!(attempt.port().is_some() && outcome.duration() < Duration::from_secs(60));
        self.0.lock().unwrap().push(line);
    }
}

/// Sets this header, whatever comes of it.
struct Sets(&'static str, &'static str);

impl Interceptor for Sets {
    fn before(&self, attempt: &mut Attempt) {
        attempt.header(self.0, self.1);
    }
}

#[tokio::test]
async fn every_attempt_is_seen() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |seen| match seen.target() {
        TOKEN_PATH => token("token", 3600),
        _ => match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Reply::with(503, &[("request-id", "r-1")], ""),
            _ => Reply::json(200, "[1]"),
        },
    });
    let log = Log::default();
    let client = client(&server)
        .client_credentials("id", "secret")
        .retry(RetryPolicy::default().first_delay(Duration::ZERO))
        .interceptor(Sets("x-shop", "first"))
        .interceptor(log.clone())
        .build()
        .unwrap();
    let call = client.send(<Probe>::new("c4n4ry"));
    call.header("traceparent", "of the call").await.unwrap();
    assert_eq!(
        log.lines(),
        [
            "auth.token POST /accounts/{aid}/auth/token 1 true Some(200) None None false",
            "test.probe GET /accounts/{aid}/things/{id} 1 false Some(503) Some(Server) Some(\"r-1\") false",
            "test.probe GET /accounts/{aid}/things/{id} 2 false Some(200) None None false",
        ]
    );
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("traceparent").map(str::to_owned))
        .collect();
    assert_eq!(
        sent,
        ["00-1", "00-1", "00-2"].map(|text| Some(text.to_owned()))
    );
    for seen in server.seen() {
        assert_eq!(seen.header("x-shop"), Some("second"));
    }
}

#[tokio::test]
async fn a_redirect_that_is_an_answer_is_no_error() {
    let server = Server::start(|_| Reply::with(302, &[("location", "/x")], ""));
    let log = Log::default();
    let client = client(&server)
        .bearer_token("fixed")
        .interceptor(log.clone());
    let client = client.build().unwrap();
    client.send(Go).await.unwrap();
    client.send(Probe::<Open>::new("1")).await.unwrap_err();
    let lines = log.lines();
    assert!(lines[0].contains("Some(302) None"), "{lines:?}");
    assert!(lines[1].contains("Some(302) Some(Redirect)"), "{lines:?}");
}

#[tokio::test]
async fn the_end_is_told_whatever_it_is() {
    let server = Server::start(|_| Reply::Silence);
    let log = Log::default();
    let builder = client(&server).interceptor(log.clone());
    let slow = builder.clone().timeout(Duration::from_millis(50));
    slow.build()
        .unwrap()
        .send(Probe::<Open>::new("1"))
        .await
        .unwrap_err();
    // Nobody waits any more.
    let client = builder.build().unwrap();
    let call = client.send(Probe::<Open>::new("1"));
    tokio::time::timeout(Duration::from_millis(50), call)
        .await
        .unwrap_err();
    let policy = RetryPolicy::none().deadline(Duration::from_millis(50));
    let call = client.send(Probe::<Open>::new("1")).retry(policy);
    call.await.unwrap_err();
    let lines = log.lines();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].ends_with("None Some(Timeout) None false"),
        "{lines:?}"
    );
    assert!(lines[1].ends_with("None None None true"), "{lines:?}");
    assert!(lines[2].ends_with("None None None true"), "{lines:?}");
}

#[tokio::test]
async fn what_it_must_not_touch() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    for name in [
        "authorization",
        "x-api-key",
        "host",
        "content-length",
        "a b",
    ] {
        let log = Log::default();
        let builder = client(&server).api_key("key").bearer_token("fixed");
        let builder = builder.interceptor(Sets(name, "hunter2"));
        let client = builder.interceptor(log.clone()).build().unwrap();
        let error = client.send(Probe::<Key>::new("1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
        assert!(!error.may_have_been_sent());
        assert!(error.to_string().contains(name), "{error}");
        assert!(!format!("{error:?}{error}").contains("hunter2"));
        assert!(log.lines().is_empty());
    }
    // The key of a call is the call's.
    let charge = Charge {
        body: None,
        key: Some("k".to_owned()),
    };
    let client = client(&server).interceptor(Sets("Idempotency-Key", "other"));
    let error = client.build().unwrap().send(charge).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(server.seen().is_empty());
}

/// Writes down its turns.
struct Turn(&'static str, Arc<Mutex<Vec<String>>>);

impl Interceptor for Turn {
    fn before(&self, _: &mut Attempt) {
        self.1.lock().unwrap().push(format!("before {}", self.0));
    }

    fn after(&self, _: &Attempt, outcome: &Outcome) {
        let line = format!("after {} {:?}", self.0, outcome.request_id());
        self.1.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn the_last_one_before_is_the_first_one_after() {
    let ids = [("request-id", "r-1"), ("event-request-id", "e-1")];
    let server = Server::start(move |_| Reply::with(200, &ids, "[1]"));
    let turns = Arc::new(Mutex::new(Vec::new()));
    let client = client(&server)
        .interceptor(Turn("a", Arc::clone(&turns)))
        .interceptor(Turn("b", Arc::clone(&turns)))
        .build()
        .unwrap();
    client.send(Probe::<Open>::new("1")).await.unwrap();
    // The header that the operation documents comes before the usual ones.
    assert_eq!(
        *turns.lock().unwrap(),
        [
            "before a",
            "before b",
            "after b Some(\"e-1\")",
            "after a Some(\"e-1\")"
        ]
    );
}

/// Panics where it is told to, and counts.
struct Clumsy {
    before: bool,
    after: bool,
}

impl Interceptor for Clumsy {
    fn before(&self, _: &mut Attempt) {
        assert!(!self.before, "clumsy");
    }

    fn after(&self, _: &Attempt, _: &Outcome) {
        assert!(!self.after, "clumsy");
    }
}

/// The money has moved: that must not be lost to a mistake in a log.
#[tokio::test]
async fn a_panic_afterwards_keeps_the_answer() {
    let log = Log::default();
    let server = Server::start(|_| Reply::json(200, "[7]"));
    let clumsy = || Clumsy {
        before: false,
        after: true,
    };
    let client = client(&server)
        .interceptor(log.clone())
        .interceptor(clumsy())
        .interceptor(clumsy())
        .build()
        .unwrap();
    let answer = client.send(Probe::<Open>::new("1")).await.unwrap();
    assert_eq!(answer, [7]);
    // The others are told all the same.
    assert!(
        log.lines().iter().any(|line| line.contains("200")),
        "{:?}",
        log.lines()
    );
}

#[tokio::test]
async fn a_panic_when_a_call_is_given_up() {
    let server = Server::start(|_| Reply::Silence);
    let client = client(&server)
        .interceptor(Clumsy {
            before: false,
            after: true,
        })
        .build()
        .unwrap();
    let work = client.send(Probe::<Open>::new("1"));
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(100), work).await;
    assert!(given_up.is_err());
}

#[tokio::test]
async fn a_panic_before_sends_nothing() {
    let server = Server::start(|_| Reply::json(200, "[7]"));
    let client = client(&server)
        .interceptor(Clumsy {
            before: true,
            after: false,
        })
        .build()
        .unwrap();
    let error = client.send(Probe::<Open>::new("1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(
        error
            .to_string()
            .contains("interceptor: panicked in `before`"),
        "{error}"
    );
    assert_eq!(server.seen().len(), 0);
}
