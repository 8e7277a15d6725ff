//! Query parameters that one call adds to those of its operation.

use std::time::Duration;

use dintero::rt::{HeaderMap, Info, Json, Method, Operation, RawResponse, Request};
use dintero::{Error, ErrorKind, RetryPolicy};

use crate::support::operation::{Bearer, Kind, Open, QueryKey, SERVER};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client, token};

/// `GET /accounts/{aid}/things`, with a filter whose name needs encoding and a limit that may be missing.
#[derive(Clone, Debug)]
struct List {
    limit: Option<i64>,
}

impl Operation for List {
    type Output = Json;
    type ErrorResponse = Json;
    type Headers = ();

    const INFO: &'static Info = &Info {
        name: "test.list",
        method: &Method::GET,
        path: "/accounts/{aid}/things",
        server: &SERVER,
        security: Bearer::SECURITY,
        ..Info::USUAL
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new(Self::INFO.path)
            .path_from_client("aid", "account", &None::<String>)
            .query("created[gte]", &"2026-01-01".to_owned())
            .query("limit", &self.limit)
            .finish()
    }

    fn output(response: &RawResponse) -> Result<Json, Error> {
        response.json()
    }

    fn error_response(response: &RawResponse) -> Result<Json, Error> {
        response.json()
    }

    fn headers(_: &HeaderMap) {}
}

const THINGS: &str = "/accounts/T12345678/things";

#[tokio::test]
async fn parameters_go_with_every_attempt_of_their_call_alone() {
    let server = Server::start(|seen| match seen.target() {
        TOKEN_PATH => token("token", 3600),
        _ => Reply::json(503, "{}"),
    });
    let builder = client(&server).client_credentials("id", "secret");
    let quick = RetryPolicy::default().first_delay(Duration::from_millis(1));
    let client = builder.retry(quick).build().unwrap();
    let call = client
        .send(<Probe>::new("1"))
        .query("a b[c]", "1&2=3#4+5/å ?")
        .query("empty", "")
        .query("twice", "1")
        .query("twice", "2");
    assert!(!format!("{call:?}").contains("1&2"));
    call.await.unwrap_err();
    client.send(<Probe>::new("2")).await.unwrap_err();
    let call = client.send(List { limit: Some(5) }).query("x", "1");
    call.await.unwrap_err();
    let added = "a%20b%5Bc%5D=1%262%3D3%234%2B5%2F%C3%A5%20%3F&empty=&twice=1&twice=2";
    for target in [
        format!("{THINGS}/1?{added}"),
        format!("{THINGS}/2"),
        format!("{THINGS}?created%5Bgte%5D=2026-01-01&limit=5&x=1"),
    ] {
        let seen = server.seen();
        let attempts = seen.iter().filter(|seen| seen.target() == target);
        assert_eq!(attempts.count(), 3, "{target}");
    }
    assert_eq!(server.count(TOKEN_PATH), 1);
}

#[tokio::test]
async fn names_that_the_operation_or_its_credentials_send_are_refused() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = client(&server)
        .bearer_token("fixed")
        .api_key("key")
        .build()
        .unwrap();
    let refused = |error: Error, expected: &str| {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(!error.may_have_been_sent());
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    };
    let list = |limit| client.send(List { limit });
    let taken = "is a parameter or a credential of this operation";
    for (call, expected) in [
        (list(Some(5)).query("limit", "hunter2"), "`limit`: is a"),
        (list(None).query("created[gte]", "hunter2"), taken),
        (
            list(None).query("", "hunter2"),
            "`query`: has a parameter without a name",
        ),
        (
            list(None).query("x", "hunter2").query("created[gte]", "1"),
            taken,
        ),
    ] {
        refused(call.await.unwrap_err(), expected);
    }
    let call = client.send(Probe::<QueryKey>::new("1"));
    let error = call.query("api_key", "hunter2").await.unwrap_err();
    refused(error, taken);
    assert!(server.seen().is_empty());

    // Nothing is sent under these names by those.
    list(None).query("limit", "7").await.unwrap();
    let call = client.send(Probe::<Open>::new("1")).query("api_key", "x");
    call.await.unwrap();
    let call = client.send(Probe::<QueryKey>::new("2")).query("a", "b");
    call.await.unwrap();
    let targets: Vec<String> = server
        .seen()
        .iter()
        .map(|s| s.target().to_owned())
        .collect();
    assert_eq!(
        targets,
        [
            format!("{THINGS}?created%5Bgte%5D=2026-01-01&limit=7"),
            format!("{THINGS}/1?api_key=x"),
            format!("{THINGS}/2?a=b&api_key=key"),
        ]
    );
}

#[tokio::test]
async fn no_error_shows_a_value() {
    for reply in [
        Reply::json(400, r#"{"error":{"code":"BAD"}}"#),
        Reply::json(200, "{"),
        Reply::with(302, &[("location", "/other")], ""),
        Reply::Last(b"nonsense\r\n\r\n".to_vec()),
        Reply::Last(Vec::new()),
    ] {
        let server = Server::start(move |_| reply.clone());
        let client = client(&server).build().unwrap();
        let call = client.send(Probe::<Open>::new("1")).query("q", "c4n4ry");
        let error = call.await.unwrap_err();
        assert!(server.only().target().contains("c4n4ry"));
        let mut text = format!("{error} {error:?}");
        let mut next = std::error::Error::source(&error);
        while let Some(cause) = next {
            text += &format!(" {cause} {cause:?}");
            next = cause.source();
        }
        assert!(!text.contains("c4n4ry"), "{text}");
    }
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_adds_them_to_the_calls_of_a_copy() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let plain = client(&server).build_blocking().unwrap();
    let own = plain.with_query("a", "c4n4ry").with_query("a", "2");
    assert!(!format!("{own:?}").contains("c4n4ry"));
    own.send(Probe::<Open>::new("1")).unwrap();
    own.send_with_response(Probe::<Open>::new("2")).unwrap();
    plain.send(Probe::<Open>::new("3")).unwrap();
    let targets: Vec<String> = server
        .seen()
        .iter()
        .map(|s| s.target().to_owned())
        .collect();
    let added = "a=c4n4ry&a=2";
    assert_eq!(
        targets,
        [
            format!("{THINGS}/1?{added}"),
            format!("{THINGS}/2?{added}"),
            format!("{THINGS}/3"),
        ]
    );
    let error = own.with_query("", "x").send(Probe::<Open>::new("1"));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[cfg(feature = "download")]
#[tokio::test]
async fn downloads_of_answers_have_them_and_signed_urls_do_not() {
    let server = Server::start(|_| Reply::with(200, &[], "a,b\n"));
    let client = client(&server).build().unwrap();
    let download = client.download_response(Probe::<Open>::new("1"));
    let download = download.query("format", "csv");
    assert_eq!(download.to_writer(Vec::new()).await.unwrap(), 4);
    let target = server.only().target().to_owned();
    assert_eq!(target, format!("{THINGS}/1?format=csv"));
    let url = format!("{}/report?signature=s1gn3d", server.url());
    let download = client.download(url).query("format", "hunter2");
    let error = download.to_writer(Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = format!("{error} {error:?}");
    assert!(text.contains("`format`: can't be added to a signed URL"));
    assert!(!text.contains("hunter2") && !text.contains("s1gn3d"));
    assert_eq!(server.seen().len(), 1);
}
