//! A fake of Dintero on a loopback address: it returns a token, requires it, and responds with an example.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

pub(crate) const ACCOUNT: &str = "T12345678";
pub(crate) const CLIENT_ID: &str = "example-id";
pub(crate) const CLIENT_SECRET: &str = "example-secret";

/// `example-id:example-secret`
const BASIC: &str = "Basic ZXhhbXBsZS1pZDpleGFtcGxlLXNlY3JldA==";
const TOKEN: &str = "example-token";
/// The example of the API document.
const ANSWER: &str = include_str!("answer.json");

/// Starts the server on a free port.
pub(crate) fn start() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Err(error) = serve(&stream) {
                eprintln!("example server: {error}");
            }
        }
    });
    Ok(address)
}

/// Responds to one request.
fn serve(stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => authorization = value.to_owned(),
            "content-length" => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;

    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let (status, answer) = match path.strip_prefix(&format!("/accounts/{ACCOUNT}/")) {
        Some("auth/token") if authorization == BASIC => ("200 OK", token()),
        Some("insight/kpi/checkout") if authorization == format!("Bearer {TOKEN}") => {
            ("200 OK", ANSWER.to_owned())
        }
        Some("auth/token" | "insight/kpi/checkout") => (
            "401 Unauthorized",
            failure("the credentials are not those of the example"),
        ),
        _ => ("404 Not Found", failure("the example has no such endpoint")),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len(),
    )
}

fn token() -> String {
    format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#)
}

fn failure(message: &str) -> String {
    format!(r#"{{"error":{{"message":"{message}"}}}}"#)
}
