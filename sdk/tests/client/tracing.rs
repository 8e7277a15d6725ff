//! Spans: what they say, and what they never say.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use dintero::RetryPolicy;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, Interest};
use tracing::{Event, Metadata, Subscriber};

use crate::support::operation::{Key, QueryKey};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client, token};

/// Spans with their fields, in the order in which they began.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    spans: Vec<Span>,
    entered: Vec<u64>,
    /// Everything that was said, in events of this crate too.
    said: Vec<String>,
}

#[derive(Clone, Debug)]
struct Span {
    name: &'static str,
    parent: Option<&'static str>,
    fields: BTreeMap<&'static str, String>,
}

impl Span {
    fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }
}

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>, &'a mut Vec<String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}").trim_matches('"').to_owned();
        self.1.push(format!("{} {text}", field.name()));
        self.0.insert(field.name(), text);
    }
}

fn ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("dintero")
}

/// Hears of everything and wants nothing. Without it a thread that nobody watches can decide for all that a span is of no
/// interest.
struct Quiet;

impl Subscriber for Quiet {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What this thread does is noted in `spans` as long as the guard lives.
fn watched_by(spans: &Spans) -> DefaultGuard {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Quiet).unwrap());
    tracing::subscriber::set_default(spans.clone())
}

impl Subscriber for Spans {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        ours(metadata)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut inner = self.0.lock().unwrap();
        let inner = &mut *inner;
        let parent = inner.entered.last();
        let parent = parent.map(|id| inner.spans[*id as usize - 1].name);
        let mut fields = BTreeMap::new();
        attributes.record(&mut Fields(&mut fields, &mut inner.said));
        inner.spans.push(Span {
            name: attributes.metadata().name(),
            parent,
            fields,
        });
        Id::from_u64(inner.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut inner = self.0.lock().unwrap();
        let inner = &mut *inner;
        let fields = &mut inner.spans[span.into_u64() as usize - 1].fields;
        values.record(&mut Fields(fields, &mut inner.said));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut inner = self.0.lock().unwrap();
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields, &mut inner.said));
    }

    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let mut inner = self.0.lock().unwrap();
        assert_eq!(inner.entered.pop(), Some(span.into_u64()));
    }
}

impl Spans {
    fn all(&self) -> Vec<Span> {
        self.0.lock().unwrap().spans.clone()
    }
}

fn quick() -> RetryPolicy {
    RetryPolicy::default().first_delay(Duration::ZERO)
}

#[tokio::test]
async fn a_span_for_the_call_and_one_for_each_request() {
    let server = Server::start(|seen| match seen.target() {
        TOKEN_PATH => token("token", 3600),
        _ => Reply::json(503, "{}"),
    });
    let client = client(&server).client_credentials("id", "secret");
    let client = client.retry(quick()).build().unwrap();
    let spans = Spans::default();
    let _here = watched_by(&spans);
    client.send(<Probe>::new("1")).await.unwrap_err();
    let all = spans.all();
    let names: Vec<_> = all.iter().map(|span| (span.name, span.parent)).collect();
    let request = ("dintero.request", Some("dintero.call"));
    assert_eq!(
        names,
        [("dintero.call", None), request, request, request, request]
    );
    let [call, fetched, first, second, _] = all.as_slice() else {
        unreachable!("counted above");
    };
    for (field, value) in [
        ("otel.name", "test.probe"),
        ("dintero.operation", "test.probe"),
        ("http.request.method", "GET"),
        ("url.template", "/accounts/{aid}/things/{id}"),
        ("dintero.attempts", "3"),
        ("http.response.status_code", "503"),
        ("error.type", "503"),
        ("otel.status_code", "ERROR"),
    ] {
        assert_eq!(call.get(field), Some(value), "{field}");
    }
    assert_eq!(fetched.get("dintero.operation"), Some("auth.token"));
    assert_eq!(fetched.get("http.request.method"), Some("POST"));
    assert_eq!(fetched.get("http.response.status_code"), Some("200"));
    assert_eq!(fetched.get("error.type"), None);
    let port = server.address().port().to_string();
    for (field, value) in [
        ("otel.name", "GET /accounts/{aid}/things/{id}"),
        ("otel.kind", "client"),
        ("http.request.method", "GET"),
        ("url.template", "/accounts/{aid}/things/{id}"),
        ("url.scheme", "http"),
        ("server.address", "127.0.0.1"),
        ("server.port", &*port),
        ("http.response.status_code", "503"),
        ("error.type", "503"),
    ] {
        assert_eq!(first.get(field), Some(value), "{field}");
    }
    assert_eq!(first.get("http.request.resend_count"), None);
    assert_eq!(second.get("http.request.resend_count"), Some("1"));
}

#[tokio::test]
async fn failures_without_a_status_have_a_word() {
    let spans = Spans::default();
    let _here = watched_by(&spans);
    for (reply, word) in [
        (Reply::Silence, "timeout"),
        (Reply::Last(Vec::new()), "transport"),
    ] {
        let server = Server::start(move |_| reply.clone());
        let client = client(&server)
            .api_key("k")
            .timeout(Duration::from_millis(100));
        let client = client.build().unwrap();
        client.send(Probe::<Key>::new("1")).await.unwrap_err();
        let all = spans.all();
        let last = all.last().unwrap();
        assert_eq!(last.get("error.type"), Some(word));
        assert_eq!(last.get("http.response.status_code"), None);
    }
    // Found out after the request has ended: only the call failed.
    let server = Server::start(|_| Reply::json(200, "{"));
    let client = client(&server).api_key("k").build().unwrap();
    client.send(Probe::<Key>::new("1")).await.unwrap_err();
    let all = spans.all();
    let [.., call, request] = all.as_slice() else {
        unreachable!("two spans for each call");
    };
    assert_eq!(call.get("error.type"), Some("decode"));
    assert_eq!(request.get("error.type"), None);
}

#[tokio::test]
async fn nothing_personal_and_nothing_secret() {
    const CANARY: &str = "c4n4ry";
    let spans = Spans::default();
    let _here = watched_by(&spans);
    for reply in [
        Reply::json(200, "[1]"),
        Reply::json(200, r#"["c4n4ry"]"#),
        Reply::json(400, r#"{"error":{"code":"c4n4ry","message":"c4n4ry"}}"#),
        Reply::with(
            302,
            &[("location", "/c4n4ry"), ("request-id", "req-1")],
            CANARY,
        ),
        Reply::Last(b"c4n4ry\r\n\r\n".to_vec()),
    ] {
        let for_token = token(CANARY, 3600);
        let server = Server::start(move |seen| match seen.method() {
            "POST" => for_token.clone(),
            _ => reply.clone(),
        });
        let client = client(&server)
            .client_credentials(CANARY, CANARY)
            .api_key(CANARY)
            .base_url(format!("{}/{CANARY}", server.url()))
            .build()
            .unwrap();
        let call = client.send(<Probe>::new(CANARY)).header("x-mine", CANARY);
        drop(call.query("mine", CANARY).await);
        drop(client.send(Probe::<QueryKey>::new(CANARY)).await);
        #[cfg(feature = "download")]
        drop(
            client
                .download(format!("{}/{CANARY}?{CANARY}", server.url()))
                .to_writer(Vec::new())
                .await,
        );
    }
    let said = spans.0.lock().unwrap().said.clone();
    assert!(said.len() > 100);
    for text in said {
        assert!(!text.contains(CANARY), "{text}");
    }
}

/// What a subscriber with nothing set prints.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Printed {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn guard(&self, level: tracing::Level) -> DefaultGuard {
        drop(watched_by(&Spans::default()));
        let printed = self.clone();
        let plain = tracing_subscriber::fmt().with_max_level(level);
        let plain = plain.with_writer(move || printed.clone()).finish();
        tracing::subscriber::set_default(plain)
    }
}

/// Lines with these words.
fn lines<'t>(text: &'t str, words: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.contains(words)).collect()
}

#[tokio::test]
async fn a_plain_log_tells_of_retries_and_failures() {
    let server = Server::start(|seen| match seen.target() {
        TOKEN_PATH => token("t0k3n-s3cr3t", 3600),
        _ => Reply::with(
            503,
            &[("event-request-id", "req-4711")],
            r#"{"error":{"code":"c4n4ry","message":"c4n4ry"}}"#,
        ),
    });
    let client = client(&server).client_credentials("id", "hunter2hunter2");
    let client = client.retry(quick().retries(1)).build().unwrap();
    let printed = Printed::default();
    let here = printed.guard(tracing::Level::INFO);
    client.send(<Probe>::new("c4n4ry")).await.unwrap_err();
    drop(here);
    let text = printed.text();
    let retries = lines(&text, "is retried");
    assert_eq!(retries.len(), 1, "{text}");
    let failures = lines(&text, "the request failed operation");
    assert_eq!(failures.len(), 1, "{text}");
    for line in retries.iter().chain(&failures) {
        for part in ["WARN", "test.probe", "503", "req-4711", "server"] {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
    for secret in ["c4n4ry", "t0k3n", "hunter2", "T12345678"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_plain_log_tells_of_tokens_that_can_not_be_had() {
    let server = Server::start(|_| Reply::json(401, "{}"));
    let client = client(&server).client_credentials("id", "hunter2hunter2");
    let client = client.build().unwrap();
    let printed = Printed::default();
    let here = printed.guard(tracing::Level::INFO);
    client.send(<Probe>::new("1")).await.unwrap_err();
    drop(here);
    let text = printed.text();
    assert_eq!(
        lines(&text, "no access token could be fetched").len(),
        1,
        "{text}"
    );
    assert!(text.contains("cause=\"unauthorized\""), "{text}");
}

#[tokio::test]
async fn spans_have_the_id_of_the_request() {
    let server = Server::start(|seen| match seen.target().ends_with("/1") {
        true => Reply::with(200, &[("event-request-id", "req-1")], "[]"),
        false => Reply::with(409, &[("event-request-id", "req-2")], "{}"),
    });
    let client = client(&server).build().unwrap();
    let spans = Spans::default();
    let here = watched_by(&spans);
    let open = Probe::<crate::support::operation::Open>::new;
    client.send(open("1")).await.unwrap();
    client.send(open("2")).await.unwrap_err();
    drop(here);
    let ids: Vec<_> = spans
        .all()
        .iter()
        .map(|span| (span.name, span.get("dintero.request_id").map(str::to_owned)))
        .collect();
    let id = |id: &str| Some(id.to_owned());
    assert_eq!(
        ids,
        [
            ("dintero.call", None),
            ("dintero.request", id("req-1")),
            ("dintero.call", id("req-2")),
            ("dintero.request", id("req-2")),
        ]
    );
}

#[tokio::test]
async fn a_log_of_more_tells_the_id_of_each_response() {
    let server = Server::start(|_| Reply::with(200, &[("event-request-id", "req-4711")], "[]"));
    let client = client(&server).build().unwrap();
    let printed = Printed::default();
    let here = printed.guard(tracing::Level::DEBUG);
    client
        .send(Probe::<crate::support::operation::Open>::new("1"))
        .await
        .unwrap();
    drop(here);
    let text = printed.text();
    let answers = lines(&text, "response received");
    assert_eq!(answers.len(), 1, "{text}");
    assert!(answers[0].contains("req-4711"), "{text}");
}
