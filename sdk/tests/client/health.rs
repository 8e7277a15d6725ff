//! Whether a client can do its work.

use dintero::ErrorKind;

use crate::support::{Reply, Server, TOKEN_PATH, client, token};

const LIST: &str = "/transactions?limit=1";

#[tokio::test]
async fn a_token_and_the_cheapest_read() {
    let transaction = r#"[{"id":"T1","amount":1,"currency":"NOK","status":"CAPTURED"}]"#;
    let server = Server::start(move |seen| match seen.target() {
        TOKEN_PATH => token("t0k3n-t0k3n", 3600),
        LIST => Reply::json(200, transaction),
        other => panic!("{other}"),
    });
    let client = client(&server).client_credentials("id", "hunter2hunter2");
    let client = client.build().unwrap();
    client.check().await.unwrap();
    client.check().await.unwrap();
    // The token is kept.
    assert_eq!(server.count(TOKEN_PATH), 1);
    assert_eq!(server.count(LIST), 2);
    assert!(server.seen().iter().all(|seen| seen.method() != "PUT"));
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    for (reply, kind) in [
        (Reply::json(401, "{}"), ErrorKind::Unauthorized),
        (Reply::json(403, "{}"), ErrorKind::Forbidden),
        (Reply::json(503, "{}"), ErrorKind::Server),
        // A portal that answers for everybody.
        (
            Reply::with(200, &[], "<html>welcome</html>"),
            ErrorKind::Decode,
        ),
    ] {
        let server = Server::start(move |_| reply.clone());
        let key = client(&server).api_key("k3y-k3y-k3y").build().unwrap();
        assert_eq!(key.check().await.unwrap_err().kind(), kind);
    }
    let server = Server::start(|_| Reply::json(401, "{}"));
    let wrong = client(&server).client_credentials("id", "hunter2hunter2");
    let error = wrong.build().unwrap().check().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    let error = client(&server).build().unwrap().check().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
}

#[cfg(feature = "blocking")]
#[test]
fn without_async() {
    let server = Server::start(|_| Reply::json(200, "[]"));
    let client = client(&server)
        .api_key("k3y-k3y-k3y")
        .build_blocking()
        .unwrap();
    client.check().unwrap();
    assert_eq!(server.only().target(), LIST);
}
