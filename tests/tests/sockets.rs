//! What becomes of calls when a server does what no server should, byte by byte, by the requests that it really received.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dintero::payments::TransactionId;
use dintero::{Amount, Client, Error, ErrorKind, RetryPolicy};
use tests::table;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

const ATTEMPT: Duration = Duration::from_secs(2);
/// Enough for two attempts that time out, and a part of the third.
const DEADLINE: Duration = Duration::from_secs(5);
/// The limit of a call that should end before any limit: a server may have no turn for seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Beyond the deadline a call may take as long as a busy machine makes it.
const SLACK: Duration = Duration::from_secs(4);
/// Calls at once: more would wait for each other.
const AT_ONCE: usize = 16;

const GOOD: &str = r#"{"id":"T12345678.x","status":"CAPTURED","amount":100,"currency":"NOK"}"#;

/// What a server does on a connection; after the last step it begins again.
#[derive(Clone, Debug)]
enum Step {
    /// Reads a request, and counts it.
    Read,
    /// Reads no more than its head, and counts it.
    ReadHead,
    Send(Vec<u8>),
    /// Again and again with these pauses, until the client hangs up.
    Repeat(Vec<u8>, Duration),
    /// Until the client hangs up.
    Silence,
    /// Closes its own side only, and waits.
    HalfClose,
    Reset,
    Close,
}

/// What becomes of it.
struct Fault {
    name: String,
    steps: Vec<Step>,
    /// Requests of each of the calls that move money, and of the one that reads.
    moves: u64,
    reads: u64,
    /// How a call ends.
    ends: Result<(), ErrorKind>,
    /// How else it may end, by who is faster.
    or: Option<Result<(), ErrorKind>>,
    /// The server said that it succeeded.
    succeeded: bool,
}

impl Fault {
    fn is_slow(&self) -> bool {
        matches!(self.ends, Err(ErrorKind::Timeout | ErrorKind::TooSlow))
    }
}

fn send(text: impl AsRef<[u8]>) -> Step {
    Step::Send(text.as_ref().to_vec())
}

fn answer(status: &str, headers: &str, body: &str) -> Step {
    let length = body.len();
    send(format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    ))
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(
        &mut self,
        name: impl Into<String>,
        steps: Vec<Step>,
        requests: (u64, u64),
        ends: Result<(), ErrorKind>,
    ) {
        self.0.push(Fault {
            name: name.into(),
            steps,
            moves: requests.0,
            reads: requests.1,
            ends,
            or: None,
            succeeded: false,
        });
    }

    fn or(&mut self, ends: Result<(), ErrorKind>) {
        if let Some(fault) = self.0.last_mut() {
            fault.or = Some(ends);
        }
    }

    /// After a head that says 200.
    fn succeeded(&mut self, name: &str, steps: Vec<Step>, reads: u64, kind: ErrorKind) {
        self.add(name, steps, (1, reads), Err(kind));
        if let Some(fault) = self.0.last_mut() {
            fault.succeeded = true;
        }
    }
}

fn faults() -> Vec<Fault> {
    use ErrorKind as K;
    use Step::{Close, HalfClose, Read, ReadHead, Repeat, Reset, Silence};
    let mut all = Faults(Vec::new());
    let (slowly, quickly) = (Duration::from_millis(100), Duration::from_millis(1));

    let transport = Err(K::Transport);
    all.add("reset when it is made", vec![Reset], (0, 0), transport);
    all.or(Err(K::Connect));
    all.add("closed when it is made", vec![Close], (0, 0), transport);
    let early = vec![answer("200 OK", "", GOOD), Close];
    all.add("response before the request", early, (0, 0), transport);
    all.or(Ok(()));
    for (name, steps) in [
        ("reset after the head", vec![ReadHead, Reset]),
        ("reset after the request", vec![Read, Reset]),
        ("closed after the request", vec![Read, Close]),
        ("half closed", vec![Read, HalfClose]),
        ("half a status line", vec![Read, send("HTTP/1.1 20"), Close]),
        ("HTTP/0.9", vec![Read, send(GOOD), Close]),
    ] {
        all.add(name, steps, (1, 3), transport);
    }
    all.add("silence", vec![Read, Silence], (1, 3), Err(K::Timeout));
    let slowloris = vec![
        Read,
        send("HTTP/1.1 200 OK\r\nx: "),
        Repeat(b"y".into(), slowly),
    ];
    all.add("head byte by byte", slowloris, (1, 3), Err(K::Timeout));

    let head = || send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"id\":");
    let chunked = |rest: &str| {
        send(format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{rest}"
        ))
    };
    for (name, steps, kind) in [
        (
            "head, then silence",
            vec![Read, head(), Silence],
            K::Timeout,
        ),
        ("truncated, closed", vec![Read, head(), Close], K::Transport),
        (
            "truncated, reset",
            vec![ReadHead, head(), Reset],
            K::Transport,
        ),
        (
            "chunk without a size",
            vec![Read, chunked("zz\r\n{}\r\n"), Close],
            K::Transport,
        ),
        (
            "chunk too large for a number",
            vec![Read, chunked("fffffffffffffffff\r\n{"), Silence],
            K::Transport,
        ),
        (
            "chunks without an end, closed",
            vec![Read, chunked("1\r\n{\r\n"), Close],
            K::Transport,
        ),
        (
            "chunks without an end, silent",
            vec![Read, chunked("1\r\n{\r\n"), Silence],
            K::Timeout,
        ),
        (
            "body byte by byte",
            vec![Read, head(), Repeat(b" ".into(), slowly)],
            K::TooSlow,
        ),
    ] {
        all.succeeded(name, steps, 3, kind);
    }
    let endless = vec![
        Read,
        chunked(""),
        Repeat(
            format!("8000\r\n{}\r\n", " ".repeat(0x8000)).into(),
            quickly,
        ),
    ];
    all.succeeded("body without end", endless, 1, K::TooLarge);

    let header = |lines: String| {
        send(format!(
            "HTTP/1.1 200 OK\r\n{lines}content-length: 2\r\n\r\n{{}}"
        ))
    };
    for (name, step) in [
        ("two lengths", header("content-length: 3\r\n".into())),
        (
            "negative length",
            send("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}"),
        ),
        (
            "header of 2 MB",
            header(format!("x: {}\r\n", "y".repeat(2 << 20))),
        ),
        ("5,000 headers", header("x: y\r\n".repeat(5000))),
        ("status 000", answer("000 No", "", GOOD)),
        ("status 099", answer("099 No", "", GOOD)),
    ] {
        all.add(name, vec![Read, step, Close], (1, 3), transport);
    }
    let again = "HTTP/1.1 100 Continue\r\n\r\n";
    let good = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{GOOD}",
        GOOD.len()
    );
    for (name, steps) in [
        (
            "HTTP/1.0 without a length",
            vec![Read, send(format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}")), Close],
        ),
        (
            "length and chunks",
            vec![
                Read,
                send(format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{GOOD}\r\n0\r\n\r\n",
                    GOOD.len()
                )),
                Close,
            ],
        ),
        ("three times 100", vec![Read, send(again.repeat(3) + &good)]),
        (
            "empty line first",
            vec![Read, send("\r\n".to_owned() + &good)],
        ),
        (
            "text/plain",
            vec![Read, answer("200 OK", "content-type: text/plain\r\n", GOOD)],
        ),
        (
            "byte order mark",
            vec![Read, answer("200 OK", "", &format!("\u{feff}{GOOD}"))],
        ),
    ] {
        all.add(name, steps, (1, 1), Ok(()));
    }
    let informational = vec![Read, Repeat(again.into(), quickly)];
    all.add("1xx without end", informational, (1, 3), Err(K::Timeout));

    for (name, step) in [
        ("200, empty", answer("200 OK", "", "")),
        ("201, empty", answer("201 Created", "", "")),
        ("202, empty", answer("202 Accepted", "", "")),
        ("204", send("HTTP/1.1 204 No Content\r\n\r\n")),
        (
            "200, HTML",
            answer(
                "200 OK",
                "content-type: text/html\r\n",
                "<html>welcome</html>",
            ),
        ),
        (
            "200, gzip",
            [
                &b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 22\r\n\r\n"[..],
                &[
                    31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0,
                ],
            ]
            .concat()
            .pipe(Step::Send),
        ),
    ] {
        all.succeeded(name, vec![Read, step], 1, K::Decode);
    }
    for status in [301, 302, 303, 307, 308] {
        let away = answer(
            &format!("{status} Away"),
            "location: http://127.0.0.1:1/\r\n",
            "",
        );
        all.add(
            status.to_string(),
            vec![Read, away],
            (1, 1),
            Err(K::Redirect),
        );
    }
    for (status, reads, kind) in [
        (400, 1, K::BadRequest),
        (401, 1, K::Unauthorized),
        (403, 1, K::Forbidden),
        (404, 1, K::NotFound),
        (408, 3, K::Rejected),
        (409, 1, K::Conflict),
        (423, 1, K::Rejected),
        (425, 3, K::Rejected),
        (499, 1, K::Rejected),
        (500, 3, K::Server),
        (501, 1, K::Server),
        (502, 3, K::Server),
        (503, 3, K::Server),
        (504, 3, K::Server),
        (520, 1, K::Server),
        (599, 1, K::Server),
        (600, 1, K::Server),
        (999, 1, K::Server),
    ] {
        let refusal = answer(&format!("{status} No"), "", r#"{"error":{"message":"no"}}"#);
        all.add(
            status.to_string(),
            vec![Read, refusal],
            (1, reads),
            Err(kind),
        );
    }
    let switch =
        send("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n");
    all.add("101", vec![Read, switch, Close], (1, 1), Err(K::Server));
    let endless = send("HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n");
    let piece = Repeat(
        format!("8000\r\n{}\r\n", " ".repeat(0x8000)).into(),
        quickly,
    );
    all.add(
        "500 without end",
        vec![Read, endless, piece],
        (1, 1),
        Err(K::TooLarge),
    );

    // A 429 says that nothing was done.
    for (wait, requests) in [
        ("", 3),
        ("retry-after: 0\r\n", 3),
        ("retry-after: -5\r\n", 3),
        ("retry-after: 0.5\r\n", 3),
        ("retry-after: 1\r\n", 3),
        ("retry-after: 31\r\n", 1),
        ("retry-after: 100000000000000000000000\r\n", 1),
        ("retry-after: Sat, 20 Nov 2094 08:00:00 GMT\r\n", 1),
    ] {
        let name = format!("429 {}", wait.trim_end());
        let busy = answer("429 Busy", wait, "");
        all.add(
            name,
            vec![Read, busy],
            (requests, requests),
            Err(K::RateLimited),
        );
    }
    all.0
}

/// Passes a value on to a function.
trait Pipe: Sized {
    fn pipe<T>(self, to: impl FnOnce(Self) -> T) -> T {
        to(self)
    }
}

impl Pipe for Vec<u8> {}

/// A server of one fault. Gives its URL, and how many requests it has received.
async fn serve(steps: Vec<Step>) -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&received);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(act(stream, steps.clone(), Arc::clone(&count)));
        }
    });
    (url, received)
}

async fn act(mut stream: TcpStream, steps: Vec<Step>, received: Arc<AtomicU64>) {
    // Ends when the client hangs up.
    while play(&mut stream, &steps, &received).await.is_ok() {}
}

async fn play(stream: &mut TcpStream, steps: &[Step], received: &AtomicU64) -> std::io::Result<()> {
    let ended = || Err(std::io::ErrorKind::UnexpectedEof.into());
    for step in steps {
        match step {
            Step::Read => read(stream, true, received).await?,
            Step::ReadHead => read(stream, false, received).await?,
            Step::Send(bytes) => stream.write_all(bytes).await?,
            Step::Repeat(bytes, pause) => loop {
                stream.write_all(bytes).await?;
                tokio::time::sleep(*pause).await;
            },
            Step::HalfClose => {
                stream.shutdown().await?;
                drain(stream).await?;
            }
            Step::Silence => drain(stream).await?,
            Step::Reset => {
                stream.set_zero_linger()?;
                return ended();
            }
            Step::Close => {
                stream.shutdown().await?;
                return ended();
            }
        }
    }
    Ok(())
}

async fn drain(stream: &mut TcpStream) -> std::io::Result<()> {
    while stream.read(&mut [0; 64]).await? > 0 {}
    Ok(())
}

async fn read(stream: &mut TcpStream, whole: bool, received: &AtomicU64) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    if whole {
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let length = lines.find(|(name, _)| *name == "content-length");
        let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
        stream.read_exact(&mut body).await?;
    }
    received.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

fn client(url: &str, fault: &Fault) -> Client {
    let (attempt, deadline) = match fault.is_slow() {
        true => (ATTEMPT, DEADLINE),
        false => (PATIENCE, PATIENCE),
    };
    let policy = RetryPolicy::default()
        .first_delay(Duration::from_millis(5))
        .deadline(deadline);
    let builder = match fault.ends {
        Err(ErrorKind::TooSlow) => Client::builder().min_throughput(100, ATTEMPT / 4),
        _ => Client::builder(),
    };
    builder
        .account("T12345678".parse().unwrap())
        .bearer_token("t0ken")
        .base_url(url)
        .timeout(attempt)
        .max_response_bytes(1 << 16)
        .retry(policy)
        .build()
        .unwrap()
}

const CALLS: [&str; 4] = ["capture", "refund", "void", "get"];

async fn call(client: &Client, call: &str) -> Result<(), Error> {
    let payments = client.payments();
    let id = TransactionId::new("T12345678.x");
    let amount = Amount::minor(100);
    let outcome = match call {
        "capture" => payments.capture_transaction(id).amount(amount).send().await,
        "refund" => payments.refund_transaction(id).amount(amount).send().await,
        "void" => payments.void_transaction(id).send().await,
        _ => payments.get_transaction(id).send().await,
    };
    outcome.map(drop)
}

/// What is wrong with a call, if anything, and what to show of it.
async fn run(fault: &Fault, name: &'static str) -> (String, Vec<String>) {
    let (url, received) = serve(fault.steps.clone()).await;
    let begun = Instant::now();
    let outcome = call(&client(&url, fault), name).await;
    let took = begun.elapsed();
    // One that is still under way would come now.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let received = received.load(Ordering::SeqCst);
    let moves_money = name != "get";
    let mut wrong = Vec::new();
    let mut check = |is_right: bool, what: String| {
        if !is_right {
            wrong.push(format!("{}, {name}: {what}: {outcome:?}", fault.name));
        }
    };
    let expected = if moves_money {
        fault.moves
    } else {
        fault.reads
    };
    // On a busy machine there may be no time for the last one.
    let is_slow = fault.is_slow();
    let least = expected - u64::from(is_slow && !moves_money);
    check(
        (least..=expected).contains(&received),
        format!("{received} requests"),
    );
    let limit = if is_slow { DEADLINE } else { PATIENCE } + SLACK;
    check(took < limit, format!("took {took:?}"));
    let kind = outcome.as_ref().err().map(Error::kind);
    let ends = kind.map_or(Ok(()), Err);
    check(
        ends == fault.ends || fault.or == Some(ends),
        format!("{ends:?}"),
    );
    if let Err(error) = &outcome {
        let is_sent = kind != Some(ErrorKind::Connect);
        // An attempt before the last one may have ended in the other way.
        let is_known = error.may_have_been_sent() == is_sent || fault.or.is_some();
        check(is_known, "sent?".to_owned());
        // The end of the whole call knows nothing of the last attempt.
        let succeeded = error.call_succeeded();
        let is_end = is_slow && !moves_money;
        check(succeeded == fault.succeeded || is_end, "success".to_owned());
        let unknown = matches!(
            error.kind(),
            ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::Server | ErrorKind::TooLarge
        );
        let read = (moves_money && unknown && !fault.succeeded).then_some("get_transaction");
        check(
            error.settled_by() == read,
            format!("{:?}", error.settled_by()),
        );
    }
    if moves_money && fault.ends != Err(ErrorKind::RateLimited) {
        check(received <= 1, "REPEATED".to_owned());
    }
    let ended = match (kind, fault.succeeded) {
        (None, _) => "ok".to_owned(),
        (Some(kind), true) => format!("{kind:?}, succeeded"),
        (Some(kind), false) => format!("{kind:?}"),
    };
    (format!("{ended}, {received}"), wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_sockets() {
    let faults: Arc<Vec<Fault>> = Arc::new(faults());
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut runs = Vec::new();
    for number in 0..faults.len() {
        for name in CALLS {
            let (faults, turns) = (Arc::clone(&faults), Arc::clone(&turns));
            runs.push(tokio::spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                run(&faults[number], name).await
            }));
        }
    }
    let mut runs = runs.into_iter();
    let mut rows =
        String::from("| fault | capture | refund | void | get |\n|---|---|---|---|---|\n");
    let mut wrong = Vec::new();
    for fault in faults.iter() {
        let _ = write!(rows, "| {}", fault.name);
        for run in runs.by_ref().take(CALLS.len()) {
            let (shown, faults) = run.await.unwrap();
            let _ = write!(rows, " | {shown}");
            wrong.extend(faults);
        }
        rows.push_str(" |\n");
    }
    table::publish(
        "Faults of sockets by call: how it ends, requests received",
        &rows,
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(faults.len() >= 68, "{}", faults.len());
}
