//! A proxy of the environment must not get what is meant for a loopback address.

use std::process::Command;

use crate::support::operation::Basic;
use crate::support::{Probe, Reply, Server, client};

const CHILD: &str = "proxy::in_a_process_with_a_proxy";

/// The environment of a process can't be changed safely while it runs, so the test proper is another process.
#[test]
fn plain_http_does_not_go_through_a_proxy() {
    let proxy = Server::start(|_| Reply::json(200, "[]"));
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--ignored", "--nocapture"])
        .env("HTTP_PROXY", proxy.url())
        .env("http_proxy", proxy.url())
        .env("ALL_PROXY", proxy.url())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("REQUEST_METHOD")
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
    assert!(
        String::from_utf8_lossy(&status.stdout).contains("1 passed"),
        "{status:?}"
    );
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn in_a_process_with_a_proxy() {
    let server = Server::start(|_| Reply::json(200, "[]"));
    let client = client(&server)
        .client_credentials("id", "secret")
        .build()
        .unwrap();
    client.send(Probe::<Basic>::new("x")).await.unwrap();
    assert_eq!(server.seen().len(), 1);
}
