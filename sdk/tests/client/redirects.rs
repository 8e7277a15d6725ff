//! Redirects: answers where the document says so, else failures; never followed.

use dintero::ErrorKind;

use crate::support::operation::{Go, Key};
use crate::support::{Probe, Reply, Server, client};

#[tokio::test]
async fn a_declared_redirect_is_an_answer() {
    let elsewhere = Server::start(|_| Reply::json(200, "{}"));
    let place = format!("{}/c4n4ry", elsewhere.url());
    let location = place.clone();
    let server = Server::start(move |_| Reply::with(302, &[("location", &location)], "moved"));
    let client = client(&server).bearer_token("fixed").build().unwrap();
    let redirect = client.send(Go).await.unwrap();
    assert_eq!(redirect.location(), Some(&*place));
    assert_eq!(redirect.status(), 302);
    assert!(!format!("{redirect:?}").contains("c4n4ry"));
    let response = client.send_with_response(Go).await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(response.value().location(), Some(&*place));
    assert!(elsewhere.seen().is_empty());

    let server = Server::start(|_| Reply::with(302, &[], ""));
    let client = crate::support::client(&server).bearer_token("fixed");
    let redirect = client.build().unwrap().send(Go).await.unwrap();
    assert_eq!(redirect.location(), None);
}

#[tokio::test]
async fn any_other_redirect_is_a_failure() {
    let elsewhere = Server::start(|_| Reply::json(200, "[1]"));
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/c4n4ry", elsewhere.url());
        let place = location.clone();
        let server = Server::start(move |_| Reply::with(status, &[("location", &location)], ""));
        let builder = client(&server).bearer_token("fixed").api_key("key");
        let client = builder.build().unwrap();
        let error = client.send(Probe::<Key>::new("1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(error.location(), Some(&*place));
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("redirects are not followed"), "{shown}");
        assert!(!shown.contains("c4n4ry"), "{shown}");
        if status != 302 {
            let error = client.send(Go).await.unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::Redirect,
                "{status} is not declared"
            );
        }
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn only_a_redirect_has_a_location() {
    let server = Server::start(|_| Reply::with(404, &[("location", "/x")], ""));
    let client = client(&server).bearer_token("fixed").build().unwrap();
    let error = client.send(Go).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.location()),
        (ErrorKind::NotFound, None)
    );
}
