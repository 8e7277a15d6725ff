//! Prism, a mock server that nobody here wrote: it checks each request against an OpenAPI document and answers with the
//! document's examples.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Names Prism's command. `cargo xtask test` installs Prism and sets this.
const COMMAND: &str = "DINTERO_TEST_PRISM";
/// What Prism prints once it takes requests.
const READY: &str = "Prism is listening";
/// A document of 2.5 MB on a busy machine has taken minutes.
pub const PATIENCE: Duration = Duration::from_secs(600);
/// Lines of its output that are kept, to tell why it died.
const KEPT: usize = 40;

/// Prism's command: the one that the environment names, or the one installed in this package's folder.
pub fn command() -> Option<PathBuf> {
    if let Some(command) = std::env::var_os(COMMAND) {
        return Some(command.into());
    }
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/.bin/prism");
    installed.exists().then_some(installed)
}

/// A running Prism. It ends when this is dropped.
#[derive(Debug)]
pub struct Prism {
    child: Child,
    address: SocketAddr,
    said: Arc<Mutex<VecDeque<String>>>,
}

impl Prism {
    /// Starts Prism with a document and waits until it takes requests.
    ///
    /// # Errors
    /// It can't be started, dies, or is not ready in time; with the last lines that it printed.
    pub fn start(command: &Path, document: &Path) -> Result<Self, String> {
        Self::start_within(PATIENCE, command, document)
    }

    /// The same, within another time.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_within(
        patience: Duration,
        command: &Path,
        document: &Path,
    ) -> Result<Self, String> {
        // A free port can be taken by somebody else before Prism has it; then Prism dies and another is tried.
        let mut last = String::new();
        for _ in 0..3 {
            let mut prism = Self::spawn(command, document)?;
            match prism.wait_until_ready(patience) {
                Ok(()) => return Ok(prism),
                Err(why) if why.contains("EADDRINUSE") => last = why,
                Err(why) => return Err(why),
            }
        }
        Err(last)
    }

    fn spawn(command: &Path, document: &Path) -> Result<Self, String> {
        let address = free_address().map_err(|error| format!("there is no free port: {error}"))?;
        let mut child = Command::new(command)
            .args(["mock", "-h", "127.0.0.1", "-p", &address.port().to_string()])
            .arg(document)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("can't start {}: {error}", command.display()))?;
        let said = Arc::default();
        // It prints several lines a request: unread they would fill the pipe and stop it.
        keep_reading(child.stdout.take(), &said);
        keep_reading(child.stderr.take(), &said);
        Ok(Self {
            child,
            address,
            said,
        })
    }

    fn wait_until_ready(&mut self, patience: Duration) -> Result<(), String> {
        let start = Instant::now();
        while start.elapsed() < patience {
            if lock(&self.said).iter().any(|line| line.contains(READY)) {
                return Ok(());
            }
            self.alive()?;
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!(
            "Prism is not ready after {patience:?}; it said:\n{}",
            self.said()
        ))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it still runs: some requests make Prism end, and what comes back then looks like a fault of the client.
    ///
    /// # Errors
    /// It has ended; with the last lines that it printed.
    pub fn alive(&mut self) -> Result<(), String> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => {
                // The readers need a moment for the last words.
                std::thread::sleep(Duration::from_millis(200));
                Err(format!(
                    "Prism has ended ({status}); it said:\n{}",
                    self.said()
                ))
            }
            Err(error) => Err(format!("can't ask after Prism: {error}")),
        }
    }

    fn said(&self) -> String {
        lock(&self.said)
            .iter()
            .map(|line| format!("  {line}\n"))
            .collect()
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // If it has already ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep_reading(pipe: Option<impl Read + Send + 'static>, said: &Arc<Mutex<VecDeque<String>>>) {
    let Some(pipe) = pipe else { return };
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut said = lock(&said);
            if said.len() == KEPT {
                said.pop_front();
            }
            said.push_back(line);
        }
    });
}
