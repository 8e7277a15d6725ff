//! A server that is used for documentation: its tags, ranges, compression and error pages.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod support;

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use fetch::Outcome;
use support::{document, names, one, order, resumed, start, why};

const SECONDS: u64 = 120;

struct Nginx {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // If it has already ended there is nothing to stop.
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

/// `None` if it is not installed, which is a failure where continuous integration runs.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("DINTERO_TEST_NGINX").map(PathBuf::from);
    let usual = Path::new("/usr/sbin/nginx");
    let found = named.or_else(|| usual.exists().then(|| usual.to_owned()));
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "nginx is not installed");
        println!("not run: nginx is not installed");
    }
    found
}

impl Nginx {
    fn start() -> Option<Self> {
        let program = program()?;
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        // Its workers are another user if it is started by root.
        let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(path, all).unwrap();
        std::fs::create_dir(path.join("site")).unwrap();
        std::fs::write(path.join("site/shop.yaml"), document(1)).unwrap();
        std::fs::write(path.join("site/page.html"), "<!doctype html>").unwrap();
        let settings = include_str!("nginx.conf")
            .replace("FOLDER", path.to_str().unwrap())
            .replace("PORT", &port.to_string());
        std::fs::write(path.join("nginx.conf"), settings).unwrap();
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(path)
            .arg("-c")
            .arg(path.join("nginx.conf"));
        let child = command.spawn().unwrap();
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "nginx takes no connections"
            );
            sleep(Duration::from_millis(50));
        }
        Some(Self {
            child,
            folder,
            port,
        })
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The statuses of the responses below a path. Each is logged some time after it was sent.
    #[track_caller]
    fn logged(&self, path: &str, expected: &[&str]) {
        let begun = Instant::now();
        loop {
            let log = std::fs::read_to_string(self.folder.path().join("access.log")).unwrap();
            let lines = log.lines().filter(|line| line.starts_with(path));
            let statuses: Vec<&str> = lines.map(|line| line.split(' ').nth(1).unwrap()).collect();
            if statuses == expected || begun.elapsed() > Duration::from_secs(10) {
                assert_eq!(statuses, expected, "{path}");
                return;
            }
            sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn documents_of_nginx() {
    let Some(nginx) = Nginx::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.yaml");
    let fetch = |path: &str| one(folder.path(), SECONDS, nginx.url(path));
    let whole = || assert_eq!(std::fs::read(&file).unwrap(), document(1));

    assert_eq!(resumed(&fetch("/shop.yaml")), 0);
    whole();
    assert!(matches!(fetch("/shop.yaml"), Outcome::Unchanged { .. }));
    nginx.logged("/shop.yaml", &["200", "304"]);
    assert_eq!(resumed(&fetch("/zip/shop.yaml")), 0);
    whole();
    assert_eq!(resumed(&fetch("/moved/")), 0);
    whole();

    for (path, expected, statuses) in [
        ("/gone.yaml", "the response was 404 Not Found", vec!["404"]),
        (
            "/page.html",
            "the response is a web page, not a document",
            vec!["200"],
        ),
        ("/down/", "the response was 502 Bad Gateway", vec!["502"; 3]),
    ] {
        assert_eq!(why(&fetch(path)), expected);
        nginx.logged(path, &statuses);
        whole();
    }
    why(&fetch("/silent/"));
    nginx.logged("/silent/", &["444"; 3]);
    whole();
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
}

#[test]
fn a_killed_run_is_continued_with_a_range() {
    let Some(nginx) = Nginx::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let order = order(
        folder.path(),
        SECONDS,
        &[("shop.yaml", nginx.url("/slow/shop.yaml"))],
    );
    let mut child = start(&order);
    let part = folder.path().join("shop.yaml.part");
    let begun = Instant::now();
    while std::fs::metadata(&part).map_or(0, |file| file.len()) < 20_000 {
        assert!(
            begun.elapsed() < Duration::from_secs(SECONDS),
            "nothing comes"
        );
        sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(folder.path()), ["shop.yaml.part"]);
    let kept = std::fs::metadata(&part).unwrap().len();
    assert!(
        kept < document(1).len() as u64,
        "it was killed in the middle"
    );

    let outcome = one(folder.path(), SECONDS, nginx.url("/slow/shop.yaml"));
    assert!(resumed(&outcome) >= 19_000);
    assert_eq!(
        std::fs::read(folder.path().join("shop.yaml")).unwrap(),
        document(1)
    );
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
    // The first one was not sent to its end.
    nginx.logged("/slow/", &["200", "206"]);
}
