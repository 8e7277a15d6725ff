//! Which credentials go where.

use dintero::ErrorKind;

use crate::support::operation::{Basic, Either, Key, Open, QueryKey};
use crate::support::{Probe, Reply, Server, client, token};

fn answering() -> Server {
    Server::start(|_| Reply::json(200, "[1]"))
}

#[tokio::test]
async fn a_fixed_token() {
    let server = answering();
    let client = client(&server).bearer_token("fixed").build().unwrap();
    client.send(<Probe>::new("x")).await.unwrap();
    let seen = server.only();
    assert_eq!(seen.header("authorization"), Some("Bearer fixed"));
    assert_eq!(seen.header("x-api-key"), None);
}

#[tokio::test]
async fn id_and_secret() {
    let server = answering();
    let client = client(&server)
        .client_credentials("id", "secret")
        .build()
        .unwrap();
    client.send(Probe::<Basic>::new("x")).await.unwrap();
    assert_eq!(
        server.only().header("authorization"),
        Some("Basic aWQ6c2VjcmV0")
    );
}

#[tokio::test]
async fn keys() {
    let server = answering();
    let client = client(&server)
        .api_key("general")
        .api_key_for("inQuery", "a&b=c")
        .build()
        .unwrap();
    client.send(Probe::<Key>::new("x")).await.unwrap();
    client.send(Probe::<QueryKey>::new("x")).await.unwrap();
    client.send(Probe::<Either>::new("x")).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].header("x-api-key"), Some("general"));
    assert_eq!(
        seen[1].target(),
        "/accounts/T12345678/things/x?api_key=a%26b%3Dc"
    );
    assert_eq!(seen[1].header("x-api-key"), None);
    assert_eq!(seen[2].header("x-api-key"), Some("general"));
    for seen in seen {
        assert_eq!(seen.header("authorization"), None);
    }
}

#[tokio::test]
async fn no_more_than_the_operation_asks_for() {
    let server = answering();
    let client = client(&server)
        .client_credentials("id", "secret")
        .bearer_token("fixed")
        .api_key("general")
        .build()
        .unwrap();
    client.send(Probe::<Open>::new("x")).await.unwrap();
    let seen = server.only();
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("x-api-key"), None);
}

#[tokio::test]
async fn an_operation_that_accepts_none_of_them_is_not_sent() {
    let server = answering();
    let client = client(&server).api_key("general").build().unwrap();
    let error = client.send(<Probe>::new("x")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        error.to_string(),
        "GET /accounts/{aid}/things/{id}: no usable credentials: it accepts JWT (a bearer token); \
         the client has an API key"
    );
    assert!(!error.may_have_been_sent());
    assert!(server.seen().is_empty());
}

/// 307 and 308 would repeat the request, body and credentials, somewhere else.
#[tokio::test]
async fn nothing_goes_where_a_redirect_points() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = answering();
        let location = format!("{}/x", elsewhere.url());
        let server = Server::start(move |seen| match seen.method() {
            "POST" => token("t0ken", 3600),
            _ => Reply::with(status, &[("location", &location)], ""),
        });
        let client = client(&server)
            .client_credentials("id", "secret")
            .build()
            .unwrap();
        let error = client.send(<Probe>::new("x")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(error.status().unwrap(), status);
        assert!(!error.call_succeeded() && error.may_have_been_sent());
        assert_eq!(
            error.raw().unwrap().headers["location"],
            format!("{}/x", elsewhere.url())
        );
        assert!(elsewhere.seen().is_empty());
        assert_eq!(server.seen().len(), 2);
    }
}

/// An id is data: it can't lead to another host or another path.
#[tokio::test]
async fn an_id_does_not_change_where_a_call_goes() {
    let server = answering();
    let client = client(&server).bearer_token("fixed").build().unwrap();
    for (id, sent) in [
        ("@example.com", "%40example.com"),
        ("//example.com/", "%2F%2Fexample.com%2F"),
        ("../../other", "..%2F..%2Fother"),
        ("%2e%2e", "%252e%252e"),
        ("x?api_key=1#y", "x%3Fapi_key%3D1%23y"),
        ("\\..\\x\r\nhost: y", "%5C..%5Cx%0D%0Ahost%3A%20y"),
    ] {
        client.send(<Probe>::new(id)).await.unwrap();
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.target(), format!("/accounts/T12345678/things/{sent}"));
    }
    for id in ["", ".", ".."] {
        let error = client.send(<Probe>::new(id)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("`id`"), "{error}");
    }
    assert_eq!(server.seen().len(), 6);
}
