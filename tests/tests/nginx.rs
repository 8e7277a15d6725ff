//! Faults of nginx over TLS, with an authority made for the test, by the requests that it really received.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dintero::payments::TransactionId;
use dintero::{Amount, Client, ClientBuilder, Error, ErrorKind, RetryPolicy};
use tests::counterpart::{self, Process};
use tests::table;

const DEADLINE: Duration = Duration::from_secs(8);
/// Beyond the deadline a call may take as long as a busy machine makes it.
const SLACK: Duration = Duration::from_secs(2);

struct Nginx {
    _process: Process,
    folder: PathBuf,
    address: SocketAddr,
    /// Asks for a certificate of the client.
    strict: SocketAddr,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The next run has a folder of its own.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Nginx {
    fn start() -> Option<Self> {
        let program = counterpart::find("DINTERO_TEST_NGINX", "/usr/sbin/nginx", "nginx")?;
        let address = counterpart::free_address().unwrap();
        let name = format!("dintero-nginx-{}-{}", std::process::id(), address.port());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        certificates(&folder);
        std::fs::write(folder.join("slow.json"), "[".to_owned() + &" ".repeat(2000)).unwrap();
        let strict = counterpart::free_address().unwrap();
        let settings = include_str!("../counterparts/nginx.conf")
            .replace("FOLDER", folder.to_str().unwrap())
            .replace("CLIENT_PORT", &strict.port().to_string())
            .replace("PORT", &address.port().to_string());
        let file = folder.join("nginx.conf");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).arg("-c").arg(file);
        let process = Process::start(&mut command, address).unwrap();
        Some(Self {
            _process: process,
            folder,
            address,
            strict,
        })
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).unwrap()
    }

    fn client(&self, address: SocketAddr, fault: &str) -> ClientBuilder {
        let policy = RetryPolicy::default()
            .first_delay(Duration::from_millis(5))
            .deadline(DEADLINE);
        Client::builder()
            .account("T12345678".parse().unwrap())
            .bearer_token("t0ken")
            .base_url(format!("https://localhost:{}{fault}", address.port()))
            .root_certificate(self.file("ca.pem"))
            .timeout(Duration::from_millis(1500))
            .retry(policy)
    }

    /// Requests below this path so far.
    fn received(&self, fault: &str) -> usize {
        let log = String::from_utf8(self.file("access.log")).unwrap();
        log.lines().filter(|line| line.starts_with(fault)).count()
    }
}

/// An authority, a certificate for `localhost` and one for a client.
fn certificates(folder: &Path) {
    let openssl = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {said}");
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!(
        "req -x509 {key} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"
    ));
    for (name, extension) in [
        ("server", "subjectAltName=DNS:localhost"),
        ("client", "extendedKeyUsage=clientAuth"),
    ] {
        std::fs::write(folder.join(format!("{name}.ext")), extension).unwrap();
        openssl(&format!(
            "req {key} -subj /CN={name} -keyout {name}.key -out {name}.csr"
        ));
        openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile {name}.ext -out {name}.pem"
        ));
    }
}

async fn read(client: &Client) -> Result<(), Error> {
    let id = TransactionId::new("T12345678.x");
    client.payments().get_transaction(id).send().await.map(drop)
}

async fn capture(client: &Client) -> Result<(), Error> {
    let id = TransactionId::new("T12345678.x");
    let capture = client.payments().capture_transaction(id);
    capture.amount(Amount::minor(100)).send().await.map(drop)
}

#[tokio::test]
async fn faults_of_nginx() {
    let Some(nginx) = Nginx::start() else { return };
    // Below this path; how a read ends and how many requests there are; the same of a capture.
    let cases = [
        ("/good/", (None, 1), (None, 1)),
        (
            "/silent/",
            (Some(ErrorKind::Transport), 3),
            (Some(ErrorKind::Transport), 1),
        ),
        (
            "/slow/",
            (Some(ErrorKind::Timeout), 3),
            (Some(ErrorKind::Timeout), 1),
        ),
        (
            "/page/",
            (Some(ErrorKind::Server), 3),
            (Some(ErrorKind::Server), 1),
        ),
        (
            "/down/",
            (Some(ErrorKind::Server), 3),
            (Some(ErrorKind::Server), 1),
        ),
        (
            "/away/",
            (Some(ErrorKind::Redirect), 1),
            (Some(ErrorKind::Redirect), 1),
        ),
        (
            "/busy/",
            (Some(ErrorKind::RateLimited), 1),
            (Some(ErrorKind::RateLimited), 1),
        ),
    ];
    let mut rows = String::from("| path | reads | moves money |\n|---|---|---|\n");
    let mut wrong = Vec::new();
    for (fault, reads, moves) in cases {
        let client = nginx.client(nginx.address, fault).build().unwrap();
        let mut row = Vec::new();
        for (is_capture, expected) in [(false, reads), (true, moves)] {
            let (before, begun) = (nginx.received(fault), Instant::now());
            let outcome = match is_capture {
                true => capture(&client).await,
                false => read(&client).await,
            };
            assert!(begun.elapsed() < DEADLINE + SLACK);
            // What a client gives up is logged when the server notices.
            for _ in 0..100 {
                if nginx.received(fault) - before >= expected.1 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            let received = nginx.received(fault) - before;
            let kind = outcome.as_ref().err().map(Error::kind);
            let ended = kind.map_or("ok".to_owned(), |kind| format!("{kind:?}"));
            row.push(format!("{ended}, {received} received"));
            if (kind, received) != expected {
                wrong.push(format!("{fault}: {kind:?}, {received}: {outcome:?}"));
            }
        }
        let _ = writeln!(rows, "| {fault} | {} |", row.join(" | "));
    }
    table::publish(
        "Faults of nginx over TLS",
        &rows.replace("None", "ok").replace("Some", ""),
    );
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn authorities_and_certificates_of_the_client() {
    let Some(nginx) = Nginx::start() else { return };
    // Without the authority nothing is sent.
    let stranger = Client::builder()
        .account("T12345678".parse().unwrap())
        .bearer_token("t0ken")
        .base_url(format!("https://localhost:{}/good", nginx.address.port()))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = read(&stranger).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.may_have_been_sent());
    assert_eq!(nginx.received("/good"), 0);

    let strict = nginx.client(nginx.strict, "");
    let error = read(&strict.clone().build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let key = String::from_utf8(nginx.file("client.key")).unwrap();
    let known = strict.client_identity(nginx.file("client.pem"), key);
    read(&known.build().unwrap()).await.unwrap();
}

/// How a client of this idle time fares with a server that closes idle connections after 0.6 seconds: calls, those of which
/// nobody knows what became, and requests received.
async fn captures_at_the_edge(nginx: &Nginx, idle: Duration) -> (usize, usize, usize) {
    let before = nginx.received("/brief/");
    let tasks: Vec<_> = (0..40)
        .map(|lane| {
            let client = nginx.client(nginx.address, "/brief/");
            let client = client
                .timeout(Duration::from_secs(6))
                .pool_idle_timeout(idle);
            let client = client.build().unwrap();
            tokio::spawn(async move {
                let mut unknown = 0;
                for round in 0..6 {
                    // Around the time at which the one or the other closes.
                    let edge = if round % 3 == 0 { 440 } else { 590 };
                    tokio::time::sleep(Duration::from_micros(edge * 1000 + lane * 500)).await;
                    if let Err(error) = capture(&client).await {
                        assert!(error.may_have_been_sent(), "{error:?}");
                        unknown += 1;
                    }
                }
                unknown
            })
        })
        .collect();
    let (mut calls, mut unknown) = (0, 0);
    for task in tasks {
        calls += 6;
        unknown += task.await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    (calls, unknown, nginx.received("/brief/") - before)
}

/// Idle connections are closed before a server does that in front of them keeps them for 60 seconds; a hundredth of both.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closes_idle_connections() {
    let Some(nginx) = Nginx::start() else { return };
    let (calls, unknown, received) = captures_at_the_edge(&nginx, Duration::from_millis(450)).await;
    let late = captures_at_the_edge(&nginx, Duration::from_millis(900)).await;
    let rows = format!(
        "| idle time | captures | received | unknown |\n|---|---|---|---|\n\
         | 0.45 s | {calls} | {received} | {unknown} |\n\
         | 0.9 s | {} | {} | {} |\n",
        late.0, late.2, late.1
    );
    table::publish(
        "Captures as nginx closes idle connections after 0.6 s",
        &rows,
    );
    assert_eq!((unknown, received), (0, calls));
    // Nothing is repeated even where nobody knows.
    assert!(late.2 <= late.0, "{late:?}");
}
