//! A proxy in front of a server, which keeps what went through it.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(300);

/// A request as it came over the wire.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// HTTP method.
    pub method: String,
    /// Path and query, percent-encoded as sent.
    pub target: String,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Recorded {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The proxy. Every connection carries one request.
#[derive(Debug)]
pub struct Recorder {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    upstream: SocketAddr,
    recorded: Mutex<Vec<Recorded>>,
    prefer: Mutex<Option<String>>,
}

impl Recorder {
    /// Starts a proxy on a free port of the loopback interface. It goes on until the process ends.
    ///
    /// # Errors
    /// There is no free port.
    pub fn start(upstream: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            upstream,
            recorded: Mutex::default(),
            prefer: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || {
                    // The client sees a broken connection and its test fails there, with what it was doing.
                    let _ = state.carry(client);
                });
            }
        });
        Ok(Self { address, state })
    }

    /// The base URL for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a `Prefer` header to what follows, with which Prism is told what to answer: `code=409`. `None` ends it.
    pub fn prefer(&self, preference: Option<&str>) {
        *lock(&self.state.prefer) = preference.map(str::to_owned);
    }

    /// The requests since the last call.
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut lock(&self.state.recorded))
    }
}

impl State {
    fn carry(&self, mut client: TcpStream) -> Result<()> {
        client.set_read_timeout(Some(PATIENCE))?;
        let request = read_request(&mut BufReader::new(&client))?;
        let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
        for (name, value) in request
            .headers
            .iter()
            .filter(|(name, _)| name != "connection")
        {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(preference) = lock(&self.prefer).as_deref() {
            head.push_str(&format!("prefer: {preference}\r\n"));
        }
        head.push_str("connection: close\r\n\r\n");

        let mut upstream = TcpStream::connect(self.upstream)?;
        upstream.set_read_timeout(Some(PATIENCE))?;
        upstream.write_all(head.as_bytes())?;
        upstream.write_all(&request.body)?;
        lock(&self.recorded).push(request);
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer)?;
        client.write_all(&answer)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads one HTTP/1.1 request with a `Content-Length` or without a body.
pub(crate) fn read_request(reader: &mut impl BufRead) -> Result<Recorded> {
    let broken = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut parts = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (parts.next(), parts.next()) else {
        return Err(broken("no request line"));
    };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| broken("a header without a colon"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Recorded {
        method,
        target,
        headers,
        body: Vec::new(),
    };
    if request.header("transfer-encoding").is_some() {
        return Err(broken("a body in chunks"));
    }
    if let Some(length) = request.header("content-length") {
        let length = length
            .parse()
            .map_err(|_| broken("a Content-Length that is no number"))?;
        reader.take(length).read_to_end(&mut request.body)?;
    }
    Ok(request)
}
