//! The program `dintero-sandbox`, as a shell runs it.

use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;

const PROGRAM: &str = env!("CARGO_BIN_EXE_dintero-sandbox");

/// A sandbox that runs, and what it printed.
struct Running {
    child: Child,
    text: String,
    url: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut text = String::new();
        while !text.ends_with("Ctrl-C ends it.\n") {
            text.push_str(&lines.next().expect("it ended").unwrap());
            text.push('\n');
        }
        let url = text.lines().next().unwrap().split(' ').next_back().unwrap();
        let url = url.to_owned();
        Self { child, text, url }
    }

    fn value(&self, label: &str) -> String {
        let line = self
            .text
            .lines()
            .find_map(|line| line.trim().strip_prefix(label));
        line.unwrap().trim().to_owned()
    }

    /// Runs a command with this sandbox: its exit code, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = command(arguments)
            .env("DINTERO_SANDBOX_URL", &self.url)
            .output();
        result(output.unwrap())
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.run(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {err}");
        out
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DINTERO_") {
            command.env_remove(name);
        }
    }
    command
}

fn result(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A merchant that accepts everything; returns its address and the received targets with their signatures.
async fn merchant() -> (String, Arc<Mutex<Vec<(String, String)>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::<Mutex<Vec<_>>>::default();
    let shared = Arc::clone(&received);
    let handler = move |request: axum::extract::Request| async move {
        let header = request.headers()["dintero-signature"]
            .to_str()
            .unwrap()
            .to_owned();
        shared
            .lock()
            .unwrap()
            .push((request.uri().to_string(), header));
        "{}"
    };
    let router = Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

#[test]
fn help_version_and_errors() {
    let run = |arguments: &[&str]| result(command(arguments).output().unwrap());
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for word in [
        "--port",
        "DINTERO_SANDBOX_STATE",
        "trigger",
        "capture-failed",
        "verify",
    ] {
        assert!(help.contains(word), "{word}");
    }
    let longest = help.lines().map(str::len).max().unwrap();
    assert!(longest <= 120, "{longest}");
    assert_eq!(run(&["trigger", "--help"]).1, help);
    let version = format!("dintero-sandbox {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]).1, version);
    let (code, _, err) = run(&["--port", "many"]);
    assert_eq!(code, Some(2));
    assert!(
        err.starts_with("dintero-sandbox: --port: `many` is not a port"),
        "{err}"
    );
    let (code, _, err) = run(&["advance", "1h", "--url", "http://127.0.0.1:9"]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("no sandbox responds at http://127.0.0.1:9"),
        "{err}"
    );
    let used = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = used.local_addr().unwrap().port().to_string();
    let (code, _, err) = run(&["--port", &port]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("can't listen") && err.contains("--port 0"),
        "{err}"
    );
    let (code, _, err) = run(&["--port", "0", "--state", "/"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("the state file / can't be opened"), "{err}");
}

/// The printed command works when pasted, and so do the printed lines of Rust.
#[test]
fn the_first_lines_work() {
    let sandbox = Running::start(&["--port", "0", "--seed", "1"]);
    assert!(sandbox.url.starts_with("http://127.0.0.1:"));
    let line = sandbox
        .text
        .lines()
        .find(|line| line.trim().starts_with("curl "));
    let output = Command::new("sh")
        .args(["-c", line.unwrap()])
        .output()
        .unwrap();
    let (code, out, err) = result(output);
    if code == Some(127) {
        println!("curl is not installed: its line was not tried");
    } else {
        assert!(out.contains("\"access_token\""), "{out} {err}");
    }
    for line in [
        format!(".account(\"{}\".parse()?)", sandbox.value("account")),
        format!(
            ".client_credentials(\"{}\", \"{}\")",
            sandbox.value("client id"),
            sandbox.value("client secret")
        ),
        format!(".base_url(\"{}\")", sandbox.url),
    ] {
        assert!(sandbox.text.contains(&line), "{line}");
    }
    // The seed determines them.
    let again = Running::start(&["--port", "0", "--seed", "1"]);
    assert_eq!(again.value("client secret"), sandbox.value("client secret"));
    assert_ne!(again.url, sandbox.url);
}

#[cfg(unix)]
#[test]
fn signals_end_it_and_the_state_stays() {
    let file = std::env::temp_dir().join(format!("dintero-sandbox-cli-{}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let start = || Running::start(&["--port", "0", "--state", file.to_str().unwrap()]);
    let mut accounts = Vec::new();
    for signal in ["INT", "TERM", "KILL"] {
        let mut sandbox = start();
        accounts.push(sandbox.value("client secret"));
        let id = sandbox.child.id().to_string();
        let kill = Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .unwrap();
        assert!(kill.success());
        let status = sandbox.child.wait().unwrap();
        assert_eq!(status.success(), signal != "KILL", "{signal}: {status}");
    }
    accounts.push(start().value("client secret"));
    accounts.dedup();
    assert_eq!(accounts.len(), 1);
    let _ = std::fs::remove_file(&file);
}

/// A callback that a killed process had not sent is sent by the next one.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn callbacks_outlive_a_killed_process() {
    let (url, received) = merchant().await;
    let file = std::env::temp_dir().join(format!("dintero-sandbox-kill-{}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let start = || Running::start(&["--port", "0", "--state", file.to_str().unwrap()]);
    let callback = format!("{url}/?delay_callback=60");
    let sandbox = start();
    let out = sandbox.done(&["trigger", "authorize", "--callback", &callback]);
    assert!(out.contains("waiting"), "{out}");
    // By SIGKILL.
    drop(sandbox);
    assert!(received.lock().unwrap().is_empty());
    let sandbox = start();
    sandbox.done(&["advance", "1m"]);
    assert_eq!(received.lock().unwrap().len(), 1);
    let deliveries = sandbox.done(&["deliveries"]);
    assert!(deliveries.contains("delivered 200"), "{deliveries}");
    drop(sandbox);
    let _ = std::fs::remove_file(&file);
}

/// Every event of the help: the status that it leads to, and the callbacks.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_can_be_triggered() {
    let (url, received) = merchant().await;
    let callback = format!(
        "{url}/?report_error=true&report_event=CAPTURE&report_event=REFUND&report_event=VOID"
    );
    let sandbox = Running::start(&["--port", "0", "--check", "--clock", "2026-01-31T12:00:00Z"]);
    let help = result(command(&["--help"]).output().unwrap()).1;
    let expected = [
        ("authorize", "AUTHORIZED", 1),
        ("decline", "FAILED", 1),
        ("reject", "DECLINED", 1),
        ("fail", "FAILED", 1),
        ("cancel", "", 1),
        ("on-hold", "ON_HOLD", 1),
        ("on-hold-approved", "AUTHORIZED", 2),
        ("on-hold-refused", "FAILED", 2),
        ("capture", "CAPTURED", 2),
        ("refund", "REFUNDED", 3),
        ("void", "AUTHORIZATION_VOIDED", 2),
        ("capture-failed", "AUTHORIZED", 2),
        ("refund-failed", "CAPTURED", 3),
        ("void-failed", "AUTHORIZED", 2),
        ("capture-later", "AUTHORIZED", 2),
        ("refund-later", "CAPTURED", 3),
        ("capture-fails-later", "AUTHORIZED", 2),
        ("refund-fails-later", "CAPTURED", 3),
    ];
    let listed = help.split_once("to subscriptions:").unwrap().1;
    let listed = listed.split_once("The amount").unwrap().0.replace(',', " ");
    let listed: Vec<_> = listed.split_whitespace().collect();
    assert_eq!(listed, expected.map(|(event, ..)| event));
    for (event, status, count) in expected {
        let out = sandbox.done(&["trigger", event, "--callback", &callback]);
        assert_eq!(
            out.contains("status "),
            !status.is_empty(),
            "{event}: {out}"
        );
        assert!(out.contains(status), "{event}: {out}");
        if event.contains("later") {
            assert!(out.contains("accepted"), "{out}");
            sandbox.done(&["advance", "2s"]);
        }
        assert_eq!(
            std::mem::take(&mut *received.lock().unwrap()).len(),
            count,
            "{event}: {out}"
        );
    }
    let out = sandbox.done(&["trigger", "authorize"]);
    assert!(out.contains("No callback or webhook was sent"), "{out}");
    let (code, _, err) = sandbox.run(&["trigger", "dance"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("there is no event `dance`"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_are_made_and_verified() {
    let (url, received) = merchant().await;
    let sandbox = Running::start(&["--port", "0", "--clock", "2026-01-31T12:00:00Z"]);
    sandbox.done(&[
        "trigger",
        "authorize",
        "--callback",
        &format!("{url}/cb?b=1&a=2"),
    ]);
    let (target, header) = received.lock().unwrap().pop().unwrap();
    let target = format!("{url}{target}");
    // As sent by the sandbox, and as signed by hand.
    assert_eq!(sandbox.done(&["sign", &target]).trim(), header);
    assert_eq!(
        sandbox.done(&["verify", &target, "--signature", &header]),
        "valid\n"
    );
    let line = format!("Dintero-Signature: {header}");
    assert_eq!(
        sandbox.done(&["verify", &target, "--signature", &line]),
        "valid\n"
    );
    let wrong = |arguments: &[&str], part: &str| {
        let (code, _, err) = sandbox.run(arguments);
        assert_eq!(code, Some(1));
        assert!(err.contains("not valid") && err.contains(part), "{err}");
    };
    wrong(
        &["verify", &format!("{target}&c=3"), "--signature", &header],
        "signature is wrong",
    );
    wrong(
        &[
            "verify",
            &target,
            "--signature",
            &header,
            "--method",
            "POST",
        ],
        "signature is wrong",
    );
    wrong(
        &[
            "verify",
            &target,
            "--signature",
            &header,
            "--time",
            "1800000000",
        ],
        "s old",
    );
    wrong(&["verify", &target, "--signature", "t=1"], "v0-hmac-sha256");
    let other = ["verify", &target, "--signature", &header, "--secret", "x"];
    wrong(&other, "signature is wrong");

    // The vector of Dintero's page, without a sandbox.
    let vector = "t=1582236537,v0-hmac-sha256=6bed2ab1b919d460ef7465a20dc6c97260dca73fab6647106ca525f0908df64a";
    let options = [
        "--account",
        "P00000000",
        "--secret",
        "123",
        "--time",
        "1582236537",
    ];
    let target = "https://example.com/callback?B=123&A=992";
    let offline = |arguments: &[&str]| {
        result(
            command(&[arguments, &options[..]].concat())
                .output()
                .unwrap(),
        )
    };
    assert_eq!(offline(&["sign", target]).1.trim(), vector);
    assert_eq!(
        offline(&["verify", target, "--signature", vector]).1,
        "valid\n"
    );

    // Webhooks, from the standard input.
    let with_body = |arguments: &[&str]| {
        let mut child = command(arguments);
        let child = child
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = child.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(b"{\"event\":\"ping\"}")
            .unwrap();
        result(child.wait_with_output().unwrap())
    };
    let signature = with_body(&["sign", "--body", "-", "--secret", "s3cret"]).1;
    // By `openssl dgst -sha1 -hmac s3cret`.
    assert_eq!(signature, "468572f5e1f6db1c2a29abf7bb3a9179e5da4e79\n");
    let verify = |secret: &str| {
        with_body(&[
            "verify",
            "--body",
            "-",
            "--secret",
            secret,
            "--signature",
            &signature,
        ])
    };
    assert_eq!(verify("s3cret").1, "valid\n");
    let (code, _, err) = verify("other");
    assert_eq!(code, Some(1));
    assert!(err.contains("not valid"), "{err}");
    let (code, _, err) = with_body(&["sign", "--body", "/nowhere", "--secret", "x"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("/nowhere"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_faults_and_payments() {
    let (url, received) = merchant().await;
    let sandbox = Running::start(&["--port", "0", "--clock", "2026-01-31T12:00:00Z"]);
    assert_eq!(
        sandbox.done(&["fault", "lost", "--operation", "callback"]),
        "added\n"
    );
    sandbox.done(&["fault", "503; times=2"]);
    assert_eq!(
        sandbox.done(&["faults"]),
        "callback  lost\nany operation  503; times=2\n"
    );
    sandbox.done(&["faults", "--clear"]);
    assert_eq!(sandbox.done(&["faults"]), "");
    let (code, _, err) = sandbox.run(&["fault", "often"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("`often` is not a fault"), "{err}");

    sandbox.done(&["fault", "lost", "--operation", "callback"]);
    let out = sandbox.done(&["trigger", "authorize", "--callback", &url]);
    assert!(
        out.contains("failed") && out.contains("it is not sent"),
        "{out}"
    );
    assert!(received.lock().unwrap().is_empty());
    let deliveries = sandbox.done(&["deliveries"]);
    let id = deliveries.split(' ').next().unwrap();
    let out = sandbox.done(&["replay", id]);
    assert!(out.starts_with(&format!("{id}  delivered 200")), "{out}");
    assert_eq!(received.lock().unwrap().len(), 1);
    let (code, _, err) = sandbox.run(&["replay", "x"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("`x`"), "{err}");

    // A form of another web site has no such type.
    let form = reqwest::Client::new().post(format!("{}/sandbox/api/advance", sandbox.url));
    let form = form
        .header("content-type", "text/plain")
        .body(r#"{"seconds": 1}"#);
    assert_eq!(form.send().await.unwrap().status().as_u16(), 415);
    assert_eq!(sandbox.done(&["advance", "1d"]), "2026-02-01T12:00:00Z\n");

    // A session of one's own.
    let client = dintero::Client::builder()
        .account(sandbox.value("account").parse().unwrap())
        .client_credentials(sandbox.value("client id"), sandbox.value("client secret"))
        .base_url(&sandbox.url)
        .build()
        .unwrap();
    let session = || async {
        use dintero::payments::{ProfileId, SessionOrder, SessionUrls};
        let order = SessionOrder::builder()
            .amount(dintero::Amount::minor(100))
            .currency(dintero::Currency::NOK)
            .merchant_reference("1")
            .build();
        let urls = SessionUrls::builder()
            .return_url("https://shop.example/")
            .build();
        let request = client.payments().create_session().order(order).url(urls);
        let created = request.profile_id(ProfileId::new("default")).send().await;
        created.unwrap().id.to_string()
    };
    let id = session().await;
    let out = sandbox.done(&["pay", &id]);
    assert!(
        out.contains("transaction  ") && out.contains("transaction_id="),
        "{out}"
    );
    let (code, _, err) = sandbox.run(&["pay", &id]);
    assert_eq!(code, Some(1), "{err}");
    let out = sandbox.done(&["pay", &session().await, "--decline", "INSUFFICIENT"]);
    assert!(out.contains("error=authorization"), "{out}");
    let (code, _, err) = sandbox.run(&["pay", &session().await, "--type", "gold"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("`gold`"), "{err}");
}
