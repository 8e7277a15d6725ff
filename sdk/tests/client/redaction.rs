//! What errors and settings show of what servers, the network and users' own code say.

use std::fmt;

use dintero::{AccessToken, AccountId, Client, Error};

use crate::support::operation::{Open, QueryKey};
use crate::support::{Probe, Reply, Server, TOKEN_PATH, client};

async fn refused_with(body: impl Into<String>) -> String {
    let body = body.into();
    let server = Server::start(move |_| Reply::json(400, &body));
    let client = client(&server).build().unwrap();
    let error = client.send(Probe::<Open>::new("1")).await.unwrap_err();
    let text = error.to_string();
    let start = "GET /accounts/{aid}/things/{id}: 400 Bad Request";
    text.strip_prefix(start).unwrap_or(&text).to_owned()
}

/// Gateways repeat the headers of a request.
#[tokio::test]
async fn basic_credentials_that_come_back() {
    let server = Server::start(|seen| {
        let message = seen.header("authorization").unwrap_or_default();
        let encoded = message.trim_start_matches("Basic ");
        let error =
            format!(r#"{{"message":"not {message}","errors":[{{"description":"{encoded}"}}]}}"#);
        Reply::json(403, error)
    });
    let client = client(&server).client_credentials("id", "hunter2hunter2");
    let client = client.build().unwrap();
    for error in [
        client
            .send(Probe::<crate::support::operation::Basic>::new("1"))
            .await
            .unwrap_err(),
        client.send(<Probe>::new("1")).await.unwrap_err(),
    ] {
        let shown = format!("{error} {error:?} {:?}", error.message());
        assert!(!shown.contains("aWQ6aHVudGVyMmh1bnRlcjI"), "{shown}");
        assert!(shown.contains("not Basic …"), "{shown}");
    }
}

#[tokio::test]
async fn a_key_of_a_query_that_comes_back() {
    let server =
        Server::start(|seen| Reply::json(403, format!(r#"{{"message":"not {}"}}"#, seen.target())));
    let client = client(&server).api_key("hunter2/hunter2").build().unwrap();
    let error = client.send(Probe::<QueryKey>::new("1")).await.unwrap_err();
    let shown = error.to_string();
    assert!(
        !shown.contains("hunter2") && shown.contains("api_key=…"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_short_secret_is_not_cut_out_of_words() {
    let server =
        Server::start(|_| Reply::json(400, r#"{"message":"more than is authorized by t"}"#));
    let client = client(&server).bearer_token("t").build().unwrap();
    let error = client.send(<Probe>::new("1")).await.unwrap_err();
    assert_eq!(error.message(), Some("more than is authorized by …"));
}

#[test]
fn queries_of_urls() {
    let builder = Client::builder()
        .base_url("https://a.example/x?key=hunter2")
        .server(
            "https://b.example?key=hunter2",
            "https://c.example?key=hunter2",
        )
        .token_url("https://u:hunter2@d.example/token?key=hunter2#hunter2");
    let shown = format!("{builder:?} {builder:#?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    for host in ["a.example/x?…", "b.example?…", "…@d.example/token?…"] {
        assert!(shown.contains(host), "{shown}");
    }
    let wrong = Client::builder().server(
        "https://b.example?key=hunter2",
        "https://c.example?key=hunter2",
    );
    let error = wrong.build().unwrap_err().to_string();
    assert!(
        error.contains("b.example?…: has a query") && !error.contains("hunter2"),
        "{error}"
    );
}

#[derive(Debug)]
struct Vault(&'static str);

impl fmt::Display for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Vault {}

#[tokio::test]
async fn what_a_token_provider_says() {
    let provider = |_: Option<AccountId>| async { Err::<AccessToken, _>(Vault("s3cr3t")) };
    let client = Client::builder()
        .token_provider(provider)
        .base_url("http://127.0.0.1:1");
    let account: AccountId = "T12345678".parse().unwrap();
    let client = client.account(account).build().unwrap();
    let error = client.send(<Probe>::new("1")).await.unwrap_err();
    let shown = format!("{error} {error:?} {error:#?}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert!(shown.contains("the token provider has none"), "{shown}");
    // Whoever asks for it gets it.
    let mut source = std::error::Error::source(&error);
    while let Some(next) = source {
        if next.downcast_ref::<Vault>().is_some() {
            return;
        }
        source = next.source();
    }
    panic!("the provider's error is lost");
}

fn closed() -> String {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", unused.local_addr().unwrap())
}

fn check_cause(error: &Error, start: &str) {
    let text = error.to_string();
    assert!(text.starts_with(start), "{text}");
    // Each system has words of its own.
    assert!(text.to_lowercase().contains("refused"), "{text}");
    assert!(!text.contains("127.0.0.1"), "{text}");
}

#[tokio::test]
async fn why_there_is_no_connection() {
    let client = Client::builder()
        .account("T12345678".parse().unwrap())
        .client_credentials("id", "hunter2hunter2")
        .retry(dintero::RetryPolicy::none())
        .base_url(closed())
        .build()
        .unwrap();
    let start = "GET /accounts/{aid}/things/{id}: ";
    let error = client.send(Probe::<Open>::new("1")).await.unwrap_err();
    check_cause(&error, &format!("{start}could not connect: "));
    let error = client.send(<Probe>::new("1")).await.unwrap_err();
    check_cause(
        &error,
        &format!("{start}no access token: could not connect: "),
    );
}

#[tokio::test]
async fn why_there_is_no_token() {
    let server = Server::start(|seen| {
        assert_eq!(seen.target(), TOKEN_PATH);
        Reply::json(
            401,
            r#"{"error":"access_denied","error_description":"Unauthorized"}"#,
        )
    });
    let client = client(&server).client_credentials("id", "hunter2hunter2");
    let error = client
        .build()
        .unwrap()
        .send(<Probe>::new("1"))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /accounts/{aid}/things/{id}: no access token: 401 Unauthorized (code access_denied): Unauthorized"
    );
}

#[tokio::test]
async fn text_that_makes_a_log_say_something_else() {
    let text = refused_with(r#"{"message":"a\u202eb\u2028c\u2066d\u200fe\ufefff\u0085g"}"#).await;
    assert_eq!(text, ": a b c d e f g");
    let text = refused_with(r#"{"message":"Ærlig talt – 100 kr, 世界, é"}"#).await;
    assert_eq!(text, ": Ærlig talt – 100 kr, 世界, é");
}

#[tokio::test]
async fn what_the_errors_describe() {
    let text = refused_with(
        r#"{"error":{"code":"X","message":"invalid","errors":[{"description":"amount is too\nlarge"},{"description":"invalid"},
        {"description":"amount is too\nlarge"},{"code":"no words"},"text",{"description":7},{"description":"b"},
        {"description":"c"},{"description":"d"}]}}"#,
    )
    .await;
    assert_eq!(text, " (code X): invalid: amount is too large; b; c");
    let text = refused_with(r#"{"error":{"errors":[{"description":"only this"}]}}"#).await;
    assert_eq!(text, ": only this");
    let text = refused_with(r#"{"error":{"message":"m","errors":{"description":"one"}}}"#).await;
    assert_eq!(text, ": m: one");
}

#[tokio::test]
async fn the_message_of_a_gateway() {
    let text = refused_with(r#"{"Message":"Missing Authentication Token"}"#).await;
    assert_eq!(text, ": Missing Authentication Token");
}
