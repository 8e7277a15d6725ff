//! Which connections are kept, and for how long.

use std::time::{Duration, Instant};

use dintero::{Client, ClientBuilder};

use crate::support::operation::Open;
use crate::support::{Probe, Reply, Server, client};

fn server() -> Server {
    Server::start(|seen| match seen.target() {
        target if target.ends_with("slow") => Reply::json(200, "[1]").late(700),
        _ => Reply::json(200, "[1]"),
    })
}

async fn call(client: &Client) {
    let values = client.send(Probe::<Open>::new("x")).await;
    assert_eq!(values.unwrap(), [1]);
}

fn built(server: &Server, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    set(client(server)).build().unwrap()
}

#[tokio::test]
async fn idle_ones_are_closed() {
    let server = server();
    let client = built(&server, |builder| {
        builder.pool_idle_timeout(Duration::from_millis(300))
    });
    for expected in [1, 2, 3] {
        call(&client).await;
        call(&client).await;
        assert_eq!(server.connections(), expected);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

#[tokio::test]
async fn none_is_kept() {
    let server = server();
    let client = built(&server, |builder| builder.pool_max_idle_per_host(0));
    for expected in [1, 2, 3] {
        call(&client).await;
        assert_eq!(server.connections(), expected);
    }
}

#[tokio::test]
async fn busy_ones_are_replaced_when_they_are_old() {
    let server = server();
    let client = built(&server, |builder| {
        builder.connection_max_age(Duration::from_millis(400))
    });
    let slow = tokio::spawn(client.send(Probe::<Open>::new("slow")));
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(2000) {
        call(&client).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // One is under way for longer than any may last, and is not disturbed.
    assert_eq!(slow.await.unwrap().unwrap(), [1]);
    let made = server.connections();
    assert!((5..=9).contains(&made), "{made}");

    let lasting = built(&server, |builder| builder);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(500) {
        call(&lasting).await;
    }
    assert_eq!(server.connections(), made + 1);
}

#[tokio::test]
async fn what_can_not_be_set() {
    for (builder, expected) in [
        (
            Client::builder().pool_idle_timeout(Duration::ZERO),
            "pool_idle_timeout: is zero; `pool_max_idle_per_host(0)`",
        ),
        (
            Client::builder().connection_max_age(Duration::ZERO),
            "connection_max_age: is zero",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}
