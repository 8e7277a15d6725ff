//! A server whose every byte is chosen by the test, and the program as a process.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use fetch::{Order, Outcome, Report, Wanted};

/// The tag of a document.
pub(crate) const ETAG: &str = "\"first\"";
/// Long enough for a busy machine.
pub(crate) const SECONDS: u64 = 60;

/// A request as the server received it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first byte of its range.
    pub(crate) fn from(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

/// The server. It goes on until the process ends.
pub(crate) struct Server {
    port: u16,
    received: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Each connection is one request, counted from 0.
    pub(crate) fn start(
        respond: impl Fn(&Request, usize, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let received: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (all, respond) = (Arc::clone(&received), Arc::new(respond));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let (all, respond) = (Arc::clone(&all), Arc::clone(&respond));
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let count = {
                        let mut all = all.lock().unwrap();
                        all.push(request.clone());
                        all.len() - 1
                    };
                    // The client may have given up.
                    let _ = respond(&request, count, &mut stream);
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        Self { port, received }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn received(&self) -> Vec<Request> {
        self.received.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    for line in lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
    {
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    Some(Request { path, headers })
}

/// A document, and another one of this number.
pub(crate) fn document(number: usize) -> Vec<u8> {
    let mut text = String::from("openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\npaths: {}\n");
    for line in 0..8000 {
        text.push_str(&format!("# line {line} of document {number}\n"));
    }
    text.into_bytes()
}

/// A response with a strong `ETag`, or the range of it that was asked for, of which only some bytes are sent.
pub(crate) fn ranged(
    request: &Request,
    body: &[u8],
    etag: &str,
    sent: usize,
    stream: &mut TcpStream,
) -> std::io::Result<()> {
    if request.header("if-none-match") == Some(etag) {
        return write!(
            stream,
            "HTTP/1.1 304 Not Modified\r\nconnection: close\r\netag: {etag}\r\n\r\n"
        );
    }
    let same = request.header("if-range") == Some(etag);
    let from = request.from().filter(|_| same);
    let start = from.unwrap_or(0);
    let rest = &body[start..];
    match from {
        Some(from) => write!(
            stream,
            "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes {from}-{}/{}\r\n",
            body.len() - 1,
            body.len()
        )?,
        None => write!(stream, "HTTP/1.1 200 OK\r\n")?,
    }
    write!(
        stream,
        "connection: close\r\ncontent-type: application/yaml\r\netag: {etag}\r\ncontent-length: {}\r\n\r\n",
        rest.len()
    )?;
    stream.write_all(&rest[..sent.min(rest.len())])?;
    stream.flush()
}

/// A response of a status with headers and a body, each header with its line end.
pub(crate) fn plain(
    stream: &mut TcpStream,
    status: &str,
    headers: &str,
    body: &[u8],
) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n"
    )?;
    stream.write_all(body)
}

pub(crate) fn order(folder: &Path, seconds: u64, documents: &[(&str, String)]) -> Order {
    let wanted = documents.iter().map(|(name, address)| Wanted {
        name: (*name).to_owned(),
        address: address.clone(),
    });
    Order {
        folder: folder.to_owned(),
        seconds,
        documents: wanted.collect(),
    }
}

/// Starts the program.
pub(crate) fn start(order: &Order) -> Child {
    started(&mut Command::new(env!("CARGO_BIN_EXE_fetch")), order)
}

/// Starts the program by a command that runs it.
pub(crate) fn started(command: &mut Command, order: &Order) -> Child {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input
        .write_all(&serde_json::to_vec(order).unwrap())
        .unwrap();
    child
}

/// Runs the program to its end: its exit code and its reports.
pub(crate) fn run(order: &Order) -> (i32, Vec<Report>) {
    let output = start(order).wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let reports = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code().unwrap(), reports.collect())
}

/// Fetches one document.
pub(crate) fn one(folder: &Path, seconds: u64, address: String) -> Outcome {
    let (code, reports) = run(&order(folder, seconds, &[("shop.yaml", address)]));
    let [report] = reports.try_into().unwrap();
    let failed = matches!(report.outcome, Outcome::Failed { .. });
    assert_eq!(code, i32::from(failed));
    report.outcome
}

/// Why it failed.
pub(crate) fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed { why } => why,
        other => panic!("{other:?}"),
    }
}

/// Number of bytes that had been fetched before.
pub(crate) fn resumed(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Fetched { resumed, .. } => *resumed,
        other => panic!("{other:?}"),
    }
}

/// Names of files, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A server of one document that can be continued.
pub(crate) fn good() -> Server {
    Server::start(|request, _, stream| {
        let body = document(1);
        ranged(request, &body, ETAG, body.len(), stream)
    })
}
