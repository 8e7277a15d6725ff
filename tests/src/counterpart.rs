//! Programs that nobody here wrote, and whether they are there.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::recorder::{Recorded, read_request};

/// A busy machine has taken ten seconds to start Java.
const PATIENCE: Duration = Duration::from_secs(90);

/// Where a program is: what the environment names, or else the place where `cargo xtask test` puts it. Says what is not
/// run without it; that is a failure where continuous integration runs, so that nothing looks green that was not tried.
#[must_use]
pub fn find(variable: &str, usual: &str, what: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(usual);
    let found = named.or_else(|| path.exists().then_some(path));
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{what} is not installed");
        let how = match Path::new(usual).is_absolute() {
            true => "the system's packages have it",
            false => "`cargo xtask test` installs it",
        };
        println!("not run: {what} is not installed; {how}");
    }
    found
}

/// Makes calls with Dintero's own Python client, and returns their results. `arguments` has the settings of the client
/// and `calls`, each its method and a list of values.
///
/// # Errors
/// The program ends with an error.
pub fn official(python: &Path, url: &str, arguments: &Value) -> Result<Vec<Value>, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts");
    let output = Command::new(python)
        .args([
            &format!("{folder}/official_client.py"),
            url,
            &arguments.to_string(),
        ])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// A server process. It ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// Starts a server and waits until it takes connections at this address.
    ///
    /// # Errors
    /// It can't be started, ends, or takes no connections in time.
    pub fn start(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("can't start {name}: {error}"))?;
        let begun = Instant::now();
        loop {
            if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
                return Ok(Self { child, address });
            }
            if let Ok(Some(status)) = child.try_wait() {
                return Err(format!("{name} has ended: {status}"));
            }
            if begun.elapsed() > PATIENCE {
                // If it ended just now there is nothing to kill.
                let _ = child.kill();
                return Err(format!("{name} takes no connections after {PATIENCE:?}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // If it has already ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A free address of the loopback interface.
///
/// # Errors
/// There is none.
pub fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// A server that hands what it gets to a function, and answers with the status and JSON that this gives.
#[derive(Debug)]
pub struct Stub {
    address: SocketAddr,
}

impl Stub {
    /// Starts it on a free port. It goes on until the process ends.
    ///
    /// # Errors
    /// There is no free port.
    pub fn start(
        answer: impl Fn(Recorded) -> (u16, String) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let answer = Arc::clone(&answer);
                // The client sees a broken connection and its test fails there.
                std::thread::spawn(move || drop(serve(stream, &*answer)));
            }
        });
        Ok(Self { address })
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(Recorded) -> (u16, String)) -> std::io::Result<()> {
    let request = read_request(&mut std::io::BufReader::new(&stream))?;
    let (status, body) = answer(request);
    let length = body.len();
    write!(
        &stream,
        "HTTP/1.1 {status} Any\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n\
         {body}"
    )?;
    // Closing while the client's bytes are unread would reset the connection.
    stream.shutdown(std::net::Shutdown::Write)?;
    (&stream).take(1).read_to_end(&mut Vec::new()).map(drop)
}
