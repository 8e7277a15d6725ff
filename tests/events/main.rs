//! Streams of generated crates on a raw socket, cut in every way. Compiled and run by `tests/generated.rs`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::{Pin, pin};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use dintero::mock::{self, Fault, Mock, MockResponse};
use dintero::{Attempt, Client, ClientBuilder, ErrorKind, EventStream, Interceptor, Outcome, RetryPolicy};
use futures_core::Stream;
use dintero::rt::As;
use media_types::{GetReport, MediaTypesApi as _, ReportId};
use item_schemas::{FollowEventsEvent, ItemSchemasApi as _};
use streams::{Chat, ExportLines, ExportSequence, FollowLog, Part, StreamsApi as _, Tick};

type Failure = Box<dyn std::error::Error>;

/// A part of a response.
enum Step {
    /// A chunk of the body.
    Chunk(Vec<u8>),
    Pause(Duration),
    /// The connection is closed before the end of the body.
    Break,
}
use Step::{Break, Chunk, Pause};

struct Script {
    status: &'static str,
    media_type: &'static str,
    steps: Vec<Step>,
}

fn script(media_type: &'static str, steps: Vec<Step>) -> Script {
    Script { status: "200 OK", media_type, steps }
}

fn events(steps: Vec<Step>) -> Script {
    script("text/event-stream", steps)
}

fn text(text: &str) -> Step {
    Chunk(text.as_bytes().to_vec())
}

/// What a server saw.
enum Seen {
    Request(String),
    /// The client closed the connection during the response.
    Closed,
}

/// Responds to each request with the next script.
fn serve(scripts: Vec<Script>) -> Result<(String, Receiver<Seen>), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for (stream, script) in listener.incoming().zip(scripts) {
            let Ok(stream) = stream else { return };
            respond(stream, script, &sender);
        }
    });
    Ok((url, receiver))
}

fn respond(mut stream: TcpStream, script: Script, seen: &Sender<Seen>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if count == 0 || body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            let _ = seen.send(Seen::Request(text));
            break;
        }
    }
    let Script { status, media_type, steps } = script;
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    let _ = stream.set_nodelay(true);
    let mut sent = stream.write_all(head.as_bytes());
    for step in steps {
        if sent.is_err() {
            let _ = seen.send(Seen::Closed);
            return;
        }
        match step {
            Break => return,
            Pause(time) => thread::sleep(time),
            Chunk(bytes) => {
                let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
                chunk.extend_from_slice(&bytes);
                chunk.extend_from_slice(b"\r\n");
                sent = stream.write_all(&chunk);
            }
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
}

fn client(url: &str) -> ClientBuilder {
    Client::builder().base_url(url).retry(RetryPolicy::none())
}

/// Responds once, and reads all events of the log.
async fn log_of(steps: Vec<Step>) -> Result<Vec<(Option<String>, Option<String>, String)>, Failure> {
    let (url, _seen) = serve(vec![events(steps)])?;
    let client = client(&url).build()?;
    let mut events = client.streams().follow_log().events().await?;
    let mut all = Vec::new();
    while let Some(event) = events.try_next().await? {
        assert_eq!(event.data.as_deref(), Some(event.text.as_str()));
        all.push((event.event, event.id, event.text));
    }
    assert!(events.try_next().await?.is_none());
    Ok(all)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    chunks().await?;
    both_media_types().await?;
    kept_text().await?;
    broken().await?;
    many().await?;
    times().await?;
    sizes().await?;
    retries().await?;
    dropped().await?;
    outside_of_the_runtime().await?;
    other_schemas().await?;
    other_media_types().await?;
    mocked().await?;
    thread::spawn(|| blocking().map_err(|failure| failure.to_string())).join().map_err(|_| "a panic")??;
    println!("all streams are read as expected");
    Ok(())
}

/// The borders of chunks mean nothing, also within characters and ends of lines.
async fn chunks() -> Result<(), Failure> {
    let stream = "\u{feff}: hello\r\n\r\nid: 1\r\nevent: add\r\ndata: bl\u{e5}b\u{e6}r\r\ndata: \u{20ac}\u{1F600}\r\n\r\n\
                  data: b\n\ndata:c\r\rid\nretry: 10\ndata\n\n";
    let expected = [
        (Some("add"), Some("1"), "bl\u{e5}b\u{e6}r\n\u{20ac}\u{1F600}"),
        (None, Some("1"), "b"),
        (None, Some("1"), "c"),
        (None, None, ""),
    ];
    let bytes = stream.as_bytes();
    for size in [1, 2, 3, 5, 7, 11, bytes.len()] {
        let steps = bytes.chunks(size).map(|chunk| Chunk(chunk.to_vec())).collect();
        let all = log_of(steps).await?;
        let seen: Vec<_> = all.iter().map(|(event, id, text)| (event.as_deref(), id.as_deref(), text.as_str())).collect();
        assert_eq!(seen, expected, "chunks of {size}");
    }
    println!("ok chunks");
    Ok(())
}

/// The caller chooses: one value, or its parts.
async fn both_media_types() -> Result<(), Failure> {
    let parts = "data: {\"delta\":\"Hel\",\"index\":0}\n\ndata: {\"delta\":\"lo\"}\n\ndata: [DONE]\n\ndata: {\"delta\":\"late\"}\n\n";
    let (url, seen) = serve(vec![
        script("application/json", vec![text("{\"text\":\"Hello\"}")]),
        events(vec![text(parts)]),
        script("application/json; charset=utf-8", vec![text("{\"text\":\"Hello\"}")]),
    ])?;
    let client = client(&url).build()?;
    let answer = client.streams().chat().prompt("x").send().await?;
    assert_eq!(answer.text.as_deref(), Some("Hello"));
    assert!(request(&seen)?.contains("\r\naccept: application/json\r\n"));

    let mut events = client.streams().chat().prompt("x").stream(true).events().await?;
    assert_eq!(events.status().as_u16(), 200);
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let mut whole = String::new();
    while let Some(event) = events.try_next().await? {
        whole.push_str(&event.data.and_then(|part| part.delta).unwrap_or_default());
    }
    // Nothing after the documented end.
    assert_eq!(whole, "Hello");
    let sent = request(&seen)?;
    assert!(sent.contains("\r\naccept: text/event-stream\r\n"), "{sent}");
    assert!(sent.ends_with("{\"prompt\":\"x\",\"stream\":true}"), "{sent}");

    // A server that ignores that streams are accepted.
    let error = client.streams().chat().prompt("x").events().await.err().ok_or("it is a stream")?;
    assert_eq!((error.kind(), error.call_succeeded()), (ErrorKind::Decode, true));
    let says = "POST /chat: 200 OK: the call succeeded, but its response is application/json instead of text/event-stream";
    assert_eq!(error.to_string(), says);
    println!("ok both media types");
    Ok(())
}

/// Text that is not JSON is kept and ends nothing; a value of another kind too.
async fn kept_text() -> Result<(), Failure> {
    let body = "event: error\ndata: overloaded\n\ndata: [1]\n\ndata: {\"delta\":1,\"index\":\"x\",\"more\":2}\n\ndata: {\"delta\":\"a\"}\n\n";
    let (url, _seen) = serve(vec![events(vec![text(body)]), events(vec![text(body)])])?;
    let mut all = client(&url).build()?.streams().speech().events().await?;
    let mut next = async || all.try_next().await?.ok_or_else(|| Failure::from("it ends"));
    let first = next().await?;
    assert_eq!((first.event.as_deref(), first.data.is_none(), first.text.as_str()), (Some("error"), true, "overloaded"));
    assert!(!format!("{first:?}").contains("overloaded"));
    let second = next().await?;
    assert_eq!((second.data.is_none(), second.text.as_str()), (true, "[1]"));
    let third = next().await?.data.ok_or("no data")?;
    assert_eq!((third.index, third.extra.get("more").is_some()), (None, true));
    assert_eq!(next().await?.data.and_then(|part| part.delta).as_deref(), Some("a"));

    // A strict client rejects what is not as documented.
    let mut all = client(&url).strict().build()?.streams().speech().events().await?;
    let error = all.try_next().await.err().ok_or("it is accepted")?;
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::Decode, Some(0)));
    assert_eq!(error.raw().map(|raw| raw.body.as_ref()), Some(b"overloaded".as_slice()));
    println!("ok kept text");
    Ok(())
}

/// A stream that breaks is an error that says how many events were read, after all of these.
async fn broken() -> Result<(), Failure> {
    let (url, _seen) = serve(vec![
        events(vec![text("data: a\n\ndata: b\n\ndata: c"), Break]),
        events(vec![text("data: {\"symbol\":\"A\",\"price\":1}\n\ndata: {\"symbol\":")]),
        events(vec![text("data: {\"symbol\":\"A\",\"price\":1}\n\ndata: {\"symbol\":\"B\",\"price\":2}")]),
        script("application/x-ndjson", vec![text("{\"symbol\":\"A\"}\n{\"symb"), Break]),
    ])?;
    let client = client(&url).build()?;
    let mut log = client.streams().follow_log().events().await?;
    assert_eq!(log.try_next().await?.map(|event| event.text).as_deref(), Some("a"));
    assert_eq!(log.try_next().await?.map(|event| event.text).as_deref(), Some("b"));
    let error = log.try_next().await.err().ok_or("it ends in silence")?;
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::Transport, Some(2)));
    assert!(error.call_succeeded());
    let says = "GET /log: 200 OK: the call succeeded, but its response was cut off after 2 events";
    assert!(error.to_string().starts_with(says), "{error}");
    assert!(log.try_next().await?.is_none());

    // The response ends, but not the event.
    let mut ticks = client.streams().watch_ticks().symbol("A").events().await?;
    assert!(ticks.try_next().await?.is_some());
    let error = ticks.try_next().await.err().ok_or("it ends in silence")?;
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::Transport, Some(1)));
    assert!(error.to_string().ends_with("after 1 events: it ends within an event"), "{error}");

    // Only the empty line is missing.
    let mut ticks = client.streams().watch_ticks().symbol("A").events().await?;
    assert!(ticks.try_next().await?.is_some());
    assert_eq!(ticks.try_next().await?.and_then(|event| event.data?.symbol).as_deref(), Some("B"));
    assert!(ticks.try_next().await?.is_none());

    let mut lines = client.streams().export_lines().events().await?;
    assert!(lines.try_next().await?.is_some());
    let error = lines.try_next().await.err().ok_or("it ends in silence")?;
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::Transport, Some(1)));
    println!("ok broken streams");
    Ok(())
}

/// The next item of a stream, as libraries of streams ask for it.
async fn next<T>(events: &mut EventStream<T>) -> Option<<EventStream<T> as Stream>::Item>
where
    EventStream<T>: Stream,
{
    std::future::poll_fn(|context| Pin::new(&mut *events).poll_next(context)).await
}

async fn many() -> Result<(), Failure> {
    const COUNT: usize = 10_000;
    let tick = |number: usize| format!("{{\"symbol\":\"S{number}\",\"price\":{number}.5}}");
    let of_events: String = (0..COUNT).map(|number| format!("id: {number}\ndata: {}\n\n", tick(number))).collect();
    let of_lines: String = (0..COUNT).map(|number| format!("{}\r\n", tick(number))).collect();
    // Larger than any of them, smaller than all.
    let cut = |text: &str| text.as_bytes().chunks(1000).map(|chunk| Chunk(chunk.to_vec())).collect();
    let (url, seen) = serve(vec![events(cut(&of_events)), script("application/x-ndjson", cut(&of_lines))])?;
    let client = client(&url).max_response_bytes(100).build()?;

    let mut ticks = client.streams().watch_ticks().symbol("S").events().await?;
    let mut count = 0;
    while let Some(event) = next(&mut ticks).await {
        let event = event?;
        assert_eq!(event.id, Some(count.to_string()));
        assert_eq!(event.data.and_then(|tick| tick.symbol), Some(format!("S{count}")));
        count += 1;
    }
    assert_eq!(count, COUNT);
    assert!(request(&seen)?.starts_with("GET /ticks?symbol=S HTTP/1.1\r\n"));

    let mut lines = client.streams().export_lines().events().await?;
    let mut count = 0;
    while let Some(line) = lines.try_next().await? {
        assert_eq!(line.data.and_then(|tick| tick.symbol), Some(format!("S{count}")));
        count += 1;
    }
    assert_eq!(count, COUNT);
    assert!(request(&seen)?.contains("\r\naccept: application/x-ndjson\r\n"));
    println!("ok {COUNT} events");
    Ok(())
}

/// The time limit is that of silence, not of the stream; a slow stream is no error.
async fn times() -> Result<(), Failure> {
    let pause = || Pause(Duration::from_millis(60));
    let mut steps: Vec<Step> = (0..10).flat_map(|_| [text("data: x\n\n"), pause()]).collect();
    steps.push(Pause(Duration::from_secs(2)));
    let (url, _seen) = serve(vec![events(steps)])?;
    let client = client(&url).min_throughput(1 << 20, Duration::from_millis(100)).build()?;
    let log = client.streams().follow_log().events();
    let mut log = log.timeout(Duration::from_millis(400)).await?;
    let begun = Instant::now();
    for _ in 0..10 {
        assert!(log.try_next().await?.is_some());
    }
    assert!(begun.elapsed() > Duration::from_millis(500));
    let error = log.try_next().await.err().ok_or("it waits")?;
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::Timeout, Some(10)));
    assert!(error.to_string().ends_with("did not arrive in time after 10 events"), "{error}");
    println!("ok times");
    Ok(())
}

async fn sizes() -> Result<(), Failure> {
    let long = format!("data: a\n\ndata: {}", "x".repeat(200));
    let (url, _seen) = serve(vec![events(vec![text(&long), Pause(Duration::from_secs(5))])])?;
    let client = client(&url).build()?;
    let log = client.streams().follow_log().events();
    let mut log = log.max_response_bytes(100).await?;
    assert!(log.try_next().await?.is_some());
    let begun = Instant::now();
    let error = log.try_next().await.err().ok_or("it is read")?;
    // Before its end.
    assert!(begun.elapsed() < Duration::from_secs(4));
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::TooLarge, Some(1)));
    assert!(error.to_string().ends_with("has an event larger than 100 bytes after 1 events"), "{error}");
    println!("ok sizes");
    Ok(())
}

/// Counts requests by their outcome.
#[derive(Clone, Default)]
struct Count(Arc<Mutex<Vec<Option<u16>>>>);

impl Interceptor for Count {
    fn after(&self, _: &Attempt, outcome: &Outcome) {
        if let Ok(mut all) = self.0.lock() {
            all.push(outcome.status().map(|status| status.as_u16()));
        }
    }
}

/// Retried until the response starts, never after that.
async fn retries() -> Result<(), Failure> {
    let unavailable = || Script { status: "503 Service Unavailable", ..script("text/plain", Vec::new()) };
    let (url, seen) = serve(vec![unavailable(), events(vec![text("data: a\n\n"), Break]), events(Vec::new())])?;
    let count = Count::default();
    let client = Client::builder().base_url(&url).interceptor(count.clone()).build()?;
    let mut log = client.streams().follow_log().events().await?;
    assert!(log.try_next().await?.is_some());
    let error = log.try_next().await.err().ok_or("it ends in silence")?;
    assert_eq!((error.attempts(), error.operation()), (2, Some("streams.follow_log")));
    let all = count.0.lock().map(|all| all.clone()).unwrap_or_default();
    assert_eq!(all, [Some(503), Some(200)]);
    assert_eq!(seen.try_iter().count(), 2);
    println!("ok retries");
    Ok(())
}

/// Dropping a stream closes its connection.
async fn dropped() -> Result<(), Failure> {
    let steps = (0..200).flat_map(|_| [text("data: x\n\n"), Pause(Duration::from_millis(10))]).collect();
    let (url, seen) = serve(vec![events(steps)])?;
    let client = client(&url).build()?;
    let mut log = client.streams().follow_log().events().await?;
    // A wait can be dropped: no event is lost.
    for _ in 0..20 {
        let _ = tokio::time::timeout(Duration::from_millis(1), pin!(async {})).await;
        let waits = log.try_next();
        if let Ok(event) = tokio::time::timeout(Duration::from_millis(2), waits).await {
            assert_eq!(event?.map(|event| event.text).as_deref(), Some("x"));
        }
    }
    drop(log);
    request(&seen)?;
    let closed = tokio::task::spawn_blocking(move || seen.recv_timeout(Duration::from_secs(5))).await?;
    assert!(matches!(closed, Ok(Seen::Closed)));
    println!("ok dropped streams");
    Ok(())
}

/// Without a runtime it is an error, not a panic.
async fn outside_of_the_runtime() -> Result<(), Failure> {
    let steps = vec![text("data: a\n\n"), Pause(Duration::from_millis(300)), text("data: b\n\n")];
    let (url, _seen) = serve(vec![events(steps)])?;
    let client = client(&url).build()?;
    let mut log = client.streams().follow_log().events().await?;
    assert!(log.try_next().await?.is_some());
    let polled = thread::spawn(move || {
        let mut log = log;
        let mut context = Context::from_waker(Waker::noop());
        Pin::new(&mut log).poll_next(&mut context)
    });
    let Ok(Poll::Ready(Some(Err(error)))) = polled.join() else { return Err("no error".into()) };
    assert_eq!(error.kind(), ErrorKind::Runtime);
    println!("ok outside of the runtime");
    Ok(())
}

/// A method for each media type of a response, which requests that one.
async fn other_media_types() -> Result<(), Failure> {
    let (url, seen) = serve(vec![
        script("application/json", vec![text("{\"title\":\"t\"}")]),
        script("text/csv", vec![text("a;b")]),
        script("application/pdf", vec![Chunk(b"%PDF \xFF".to_vec())]),
        script("application/vnd.report.v2+json", vec![text("{\"title\":\"t\",\"pages\":[\"1\"]}")]),
        Script { status: "404 Not Found", ..script("application/json", vec![text("{\"percent\":1}")]) },
        script("application/hal+json", vec![text("{\"links\":[\"x\"]}")]),
        Script { status: "200 OK", ..script("application/hal+json", Vec::new()) },
        events(vec![text("data: {\"title\":\"t\"}\n\n")]),
    ])?;
    let client = client(&url).build()?;
    let accepts = |wanted: &str| {
        let sent = request(&seen)?;
        match sent.contains(&format!("\r\naccept: {wanted}\r\n")) {
            true => Ok::<(), Failure>(()),
            false => Err(sent.into()),
        }
    };
    let report = || client.media_types().get_report(ReportId::new("r")).send_as_pdf_value(true);
    report().send().await?;
    accepts("application/json")?;
    assert_eq!(report().send_as_csv().await?, "a;b");
    accepts("text/csv")?;
    assert_eq!(report().send_as_pdf().await?.as_ref(), b"%PDF \xFF");
    accepts("application/pdf")?;
    // A complete operation, too, with status and headers.
    let long = client.send_with_response(report().build().as_vnd_report_v2_json()).await?;
    assert_eq!((long.status().as_u16(), long.value().pages.len()), (200, 1));
    accepts("application/vnd.report.v2+json")?;
    let error = report().send_as_csv().await.err().ok_or("it is found")?;
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, Some("media_types.get_report")));
    let problem = error.error_body::<As<GetReport, 3>>().ok_or("no body")??;
    assert!(format!("{problem:?}").contains("Progress"));
    accepts("text/csv")?;
    let maybe = client.media_types().maybe_report().send_as_hal_json().await?;
    assert_eq!(maybe.map(|maybe| maybe.links.len()), Some(1));
    assert!(client.media_types().maybe_report().send_as_hal_json().await?.is_none());
    request(&seen)?;
    request(&seen)?;
    assert!(report().events().await?.try_next().await?.is_some());
    accepts("text/event-stream")?;

    let mock = Mock::new();
    mock.on::<As<GetReport, 3>>().value("c;d".to_owned());
    let mocked = mock.client().media_types().get_report(ReportId::new("r")).send_as_pdf_value(true).send_as_csv();
    assert_eq!(mocked.await?, "c;d");
    mock.verify();
    println!("ok other media types");
    Ok(())
}

/// The schemas of OpenAPI 3.2.
async fn other_schemas() -> Result<(), Failure> {
    let body = "event: added\ndata: {\"name\":\"a\",\"count\":null}\n\nevent: removed\ndata: {\"removed_name\":\"b\"}\n\n\
                event: note\ndata: free text\n\n";
    let (url, _seen) = serve(vec![
        events(vec![text(body)]),
        events(vec![text("data: 1\ndata: 2\n\n")]),
        script("application/jsonl", vec![text("[1,null]\n[]\n")]),
        script("application/json-seq", vec![text("\u{1E}{\"symbol\":\"A\"}\n\u{1E}{\n\"symb"), text("ol\":\"B\"}\n")]),
    ])?;
    let client = client(&url).build()?;
    let mut all = client.item_schemas().follow_events().events().await?;
    let first = all.try_next().await?.ok_or("it ends")?;
    assert!(matches!(first.data, Some(FollowEventsEvent::Added(added)) if added.name.as_deref() == Some("a")));
    let second = all.try_next().await?.ok_or("it ends")?;
    assert!(matches!(second.data, Some(FollowEventsEvent::Removed(_))));
    let third = all.try_next().await?.ok_or("it ends")?;
    assert_eq!((third.event.as_deref(), third.data, third.text.as_str()), (Some("note"), None, "free text"));
    let mut all = client.item_schemas().follow_messages().events().await?;
    assert_eq!(all.try_next().await?.and_then(|event| event.data).as_deref(), Some("1\n2"));
    let mut all = client.item_schemas().read_lines().events().await?;
    assert_eq!(all.try_next().await?.and_then(|event| event.data).ok_or("it ends")?, [Some(1), None]);
    assert_eq!(all.try_next().await?.and_then(|event| event.data).ok_or("it ends")?.len(), 0);
    let mut all = client.streams().export_sequence().events().await?;
    for symbol in ["A", "B"] {
        let tick = all.try_next().await?.and_then(|event| event.data).ok_or("it ends")?;
        assert_eq!(tick.symbol.as_deref(), Some(symbol));
    }
    assert!(all.try_next().await?.is_none());
    println!("ok other schemas");
    Ok(())
}

async fn mocked() -> Result<(), Failure> {
    let mock = Mock::new();
    let part = |text: &str| mock::value(|part: &mut Part| part.delta = Some(text.to_owned()));
    let tick = mock::value(|tick: &mut Tick| tick.symbol = Some("A".to_owned()));
    let parts = [part("a"), part("b")];
    mock.on::<Chat>().when(|chat| chat.body.stream == Some(true)).response(MockResponse::events(&parts));
    mock.on::<Chat>().responses([
        MockResponse::raw(200, "event: x\r\ndata: {}\r\n\r\ndata: [DONE]"),
        MockResponse::fault(Fault::ConnectionReset),
    ]);
    mock.on::<ExportLines>().response(MockResponse::events([&tick, &tick]));
    mock.on::<ExportSequence>().response(MockResponse::events([&tick, &tick]));
    let lines = ["one\ntwo".to_owned()];
    mock.on::<FollowLog>().response(MockResponse::events(&lines));
    let client = mock.client();
    let mut events = client.streams().chat().prompt("x").stream(true).events().await?;
    let mut whole = String::new();
    while let Some(event) = events.try_next().await? {
        whole.push_str(&event.data.and_then(|part| part.delta).unwrap_or_default());
    }
    assert_eq!(whole, "ab");
    let mut events = client.streams().chat().prompt("x").events().await?;
    assert_eq!(events.try_next().await?.and_then(|event| event.event).as_deref(), Some("x"));
    assert!(events.try_next().await?.is_none());
    let error = client.streams().chat().prompt("x").events().await.err().ok_or("it is a stream")?;
    assert_eq!((error.kind(), error.events_read()), (ErrorKind::Transport, None));
    let mut lines = client.streams().export_lines().events().await?;
    assert_eq!(lines.try_next().await?.and_then(|event| event.data).as_ref(), Some(&tick));
    assert!(lines.try_next().await?.is_some() && lines.try_next().await?.is_none());
    let mut all = client.streams().export_sequence().events().await?;
    assert_eq!(all.try_next().await?.and_then(|event| event.data).as_ref(), Some(&tick));
    assert!(all.try_next().await?.is_some() && all.try_next().await?.is_none());
    let mut log = client.streams().follow_log().events().await?;
    assert_eq!(log.try_next().await?.and_then(|event| event.data).as_deref(), Some("one\ntwo"));
    mock.verify();
    println!("ok mocked");
    Ok(())
}

/// An iterator for code that is not async.
fn blocking() -> Result<(), Failure> {
    let (url, seen) = serve(vec![
        events(vec![text("data: a\n\ndata: b\n\n"), Pause(Duration::from_millis(50)), text("data: c\n\n")]),
        events(vec![text("data: a\n\n"), Break]),
    ])?;
    let client = client(&url).build_blocking()?;
    let log = client.with_header("last-event-id", "7").streams().follow_log().events()?;
    assert_eq!(log.status().as_u16(), 200);
    let texts: Result<Vec<String>, _> = log.map(|event| event.map(|event| event.text)).collect();
    assert_eq!(texts?, ["a", "b", "c"]);
    assert!(request(&seen)?.contains("\r\nlast-event-id: 7\r\n"));
    let mut log = client.streams().follow_log().events()?;
    assert!(matches!(log.next(), Some(Ok(_))));
    let Some(Err(error)) = log.next() else { return Err("no error".into()) };
    assert_eq!(error.events_read(), Some(1));
    assert!(log.next().is_none());
    println!("ok blocking");
    Ok(())
}

fn request(seen: &Receiver<Seen>) -> Result<String, Failure> {
    match seen.recv_timeout(Duration::from_secs(5))? {
        Seen::Request(text) => Ok(text),
        Seen::Closed => Err("the connection was closed".into()),
    }
}
