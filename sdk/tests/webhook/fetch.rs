//! From a callback to the transaction as the API has it.

use dintero::rt::{Operation, Returned, Transport};
use dintero::webhook::{Callback, CallbackSigner, ErrorKind};
use dintero::{Amount, Response};

use crate::payload::{CANCELLED, PING, TRANSACTION, event};
use crate::support::{Reply, Server, client};
use crate::{account, at, verifier};

fn callback(query: &str) -> Callback {
    let url = format!("https://example.com/callback?{query}");
    let signer = CallbackSigner::new(account(), "123").unwrap();
    let signature = signer.sign("GET", &url, at(1_000)).unwrap();
    let headers = |name: &str| (name == "dintero-signature").then(|| signature.clone());
    verifier(1_000).verify_parts("GET", &url, headers).unwrap()
}

#[tokio::test]
async fn reads_the_one_that_is_named() {
    let server = Server::start(|seen| {
        let id = seen
            .target()
            .rsplit('/')
            .next()
            .unwrap()
            .replace("%2F", "/");
        Reply::json(
            200,
            format!(r#"{{"id":"{id}","amount":500,"currency":"NOK","status":"AUTHORIZED"}}"#),
        )
    });
    let client = client(&server).bearer_token("t").build().unwrap();
    let callback = callback("transaction_id=T%2F1&session_id=S1");
    assert_eq!(callback.to_transaction_id().unwrap().as_str(), "T/1");
    assert_eq!(callback.to_session_id().unwrap().as_str(), "S1");
    let transaction = callback.fetch(&client).unwrap().await.unwrap();
    assert_eq!(transaction.capturable(), Some(Amount::minor(500)));

    let event = event(TRANSACTION).unwrap();
    let transaction = event.fetch(&client).unwrap().await.unwrap();
    // What the API says, not what the webhook said.
    assert_eq!(transaction.amount, Amount::minor(500));
    let seen = server.seen();
    let targets: Vec<&str> = seen.iter().map(|seen| seen.target()).collect();
    assert_eq!(
        targets,
        ["/transactions/T%2F1", "/transactions/P12345678.abc"]
    );
    assert_eq!(seen[0].method(), "GET");
}

/// Anything that carries operations will do.
#[derive(Clone)]
struct Paper;

impl Transport for Paper {
    type Sent<T: Returned> = String;

    fn dispatch<O: Operation>(&self, _: O) -> String {
        O::INFO.name.to_owned()
    }

    fn dispatch_with_response<O: Operation>(&self, _: O) -> Self::Sent<Response<O>> {
        O::INFO.name.to_owned()
    }
}

#[test]
fn over_any_transport() {
    let sent = callback("transaction_id=T1").fetch(&Paper).unwrap();
    assert_eq!(sent, "payments.get_transaction");
}

#[test]
fn nothing_to_read() {
    for query in [
        "error=cancelled",
        "transaction_id=",
        "transaction_id=a&transaction_id=b",
    ] {
        let error = callback(query).fetch(&Paper).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoTransaction, "{query}");
    }
    for body in [
        CANCELLED,
        PING,
        r#"{"event":"transaction","transaction":{"id":"T1"}}"#,
    ] {
        let error = event(body).unwrap().fetch(&Paper).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoTransaction, "{body}");
    }
}
