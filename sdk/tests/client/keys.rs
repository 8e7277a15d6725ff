//! Keys by which the server knows a repetition.

use std::time::Duration;

use dintero::RetryPolicy;

use crate::support::operation::{Discount, Keyed};
use crate::support::{Reply, Server, client};

fn calling(server: &Server) -> dintero::Client {
    let quick = RetryPolicy::default().first_delay(Duration::from_millis(1));
    client(server).retry(quick).build().unwrap()
}

#[tokio::test]
async fn a_made_up_key_is_the_same_with_every_attempt() {
    let server = Server::start(|_| Reply::json(503, "{}"));
    let client = calling(&server);
    let operation = Keyed::new(None);
    let key = operation.idempotency_key().to_owned();
    let error = client.send(operation.clone()).await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert_eq!(error.idempotency_key(), Some(&*key));
    // Sent again it is still the same call.
    client.send(operation).await.unwrap_err();
    let seen = server.seen();
    assert_eq!(seen.len(), 6);
    for seen in seen {
        assert_eq!(seen.header("idempotency-key"), Some(&*key));
    }
    assert!(!format!("{error:?} {error}").contains(&key));
    // Another operation is another call.
    let error = client.send(Keyed::new(None)).await.unwrap_err();
    assert!(error.idempotency_key().is_some_and(|other| other != key));
}

#[tokio::test]
async fn the_callers_key_is_sent() {
    let server = Server::start(|_| Reply::json(200, "{}"));
    let client = calling(&server);
    client.send(Keyed::new(Some("mine"))).await.unwrap();
    assert_eq!(server.only().header("idempotency-key"), Some("mine"));
}

#[tokio::test]
async fn an_optional_value_makes_a_call_repeatable_where_it_is_there() {
    for (ref_id, attempts) in [(None, 1), (Some(""), 1), (Some("spring"), 3)] {
        let server = Server::start(|_| Reply::json(503, "{}"));
        let discount = Discount {
            ref_id: ref_id.map(str::to_owned),
        };
        let error = calling(&server).send(discount).await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{ref_id:?}");
        assert_eq!(error.idempotency_key(), None);
        assert_eq!(server.seen().len(), attempts as usize);
    }
}
