//! Settings that can't be used.

use std::time::Duration;

use dintero::{Client, ClientBuilder, ErrorKind};

use crate::support::operation::Open;
use crate::support::{Probe, Reply, Server, client};

fn refused(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!error.may_have_been_sent());
    let text = error.to_string();
    assert!(
        !text.contains("hunter2") && !format!("{error:?}").contains("hunter2"),
        "{text}"
    );
    text.strip_prefix("configuration: ").unwrap().to_owned()
}

#[test]
fn each_is_named() {
    let new = Client::builder;
    let with_account = || new().account("T12345678".parse().unwrap());
    let long = "x".repeat(121);
    for (builder, expected) in [
        (
            new().client_credentials("id", "hunter2"),
            "account: is not set, but client credentials require it",
        ),
        (
            new()
                .client_credentials("id", "hunter2")
                .token_url("https://example.com/token"),
            "account: is not set",
        ),
        (
            with_account().client_credentials("", "hunter2"),
            "client_credentials: the id is empty or contains a colon",
        ),
        (
            with_account().client_credentials("a:b", "hunter2"),
            "client_credentials: the id is empty or contains a colon",
        ),
        (
            with_account().client_credentials("id", ""),
            "client_credentials: the secret is empty",
        ),
        (
            new().bearer_token("hunter2\n"),
            "bearer_token: contains characters",
        ),
        (new().bearer_token(" "), "bearer_token: is empty"),
        (
            new().api_key("hunter2\u{7f}"),
            "api_key: contains characters",
        ),
        (
            new().api_key_for("adminKey", "hunter2\r"),
            "api_key_for adminKey: contains characters",
        ),
        (
            new().base_url("http://example.com"),
            "base_url: is plain http",
        ),
        (
            new().base_url("https://hunter2@example.com"),
            "base_url: contains a user name",
        ),
        (
            new().base_url("https://example.com/{aid}"),
            "base_url: contains `{aid}`, but no account is set",
        ),
        (
            new().server("https://checkout.dintero.com/v1", "x"),
            "server https://checkout.dintero.com/v1: is not an absolute URL",
        ),
        (
            with_account()
                .client_credentials("id", "s")
                .token_url("http://example.com/"),
            "token_url: is plain http",
        ),
        (
            with_account()
                .client_credentials("id", "s")
                .token_audience("{x}"),
            "token_audience: contains the unknown placeholder `{x}`",
        ),
        (new().timeout(Duration::ZERO), "timeout: is zero"),
        (
            new().connect_timeout(Duration::ZERO),
            "connect_timeout: is zero",
        ),
        (
            new().user_agent_suffix("a\nb"),
            "user_agent_suffix: contains characters",
        ),
        (
            new().system(&long, "1"),
            "system name: has 121 characters; the maximum is 120",
        ),
        (
            new().system("a", &long),
            "system version: has 121 characters",
        ),
        (new().plugin(&long, "1"), "plugin name: has 121 characters"),
        (
            new().plugin("a", "1\r\nx: y"),
            "plugin version: contains characters",
        ),
        (new().plugin("", "1"), "plugin name: is empty"),
        (new().system("bø", "1"), "system name: contains characters"),
    ] {
        let text = refused(builder);
        assert!(
            text.starts_with(expected),
            "expected {expected}, got {text}"
        );
    }
    new().system("x".repeat(120), "1").build().unwrap();
}

#[test]
fn a_client_of_the_sandbox_takes_no_other_account() {
    let sandbox = || Client::builder().sandbox_only();
    assert!(refused(sandbox()).starts_with("sandbox_only: requires an account"));
    let production = sandbox().account("P12345678".parse().unwrap());
    assert!(refused(production).starts_with("sandbox_only: rejects a production account"));
    let own = sandbox().account("T12345678".parse().unwrap());
    assert!(own.build().is_ok());
}

#[test]
fn no_setting_of_the_sandbox_names_a_production_account() {
    let sandbox = || {
        let account = "T12345678".parse().unwrap();
        Client::builder().account(account).sandbox_only()
    };
    const PRODUCTION: &str = "https://api.dintero.com/v1/accounts/P12345678/payments";
    for (builder, setting) in [
        (sandbox().base_url(PRODUCTION), "`base_url`"),
        (
            sandbox().base_url("https://a.example/%5012345678"),
            "`base_url`",
        ),
        (
            sandbox().server("https://checkout.dintero.com/v1", PRODUCTION),
            "`server https://checkout.dintero.com/v1`",
        ),
        (sandbox().token_url(PRODUCTION), "`token_url`"),
        (
            sandbox().token_url("https://a.example/token?account=P12345678&x=y"),
            "`token_url`",
        ),
        (sandbox().token_audience(PRODUCTION), "`token_audience`"),
        (
            sandbox().merchant_audience(PRODUCTION),
            "`merchant_audience`",
        ),
    ] {
        let text = refused(builder.clone());
        let expected = format!("sandbox_only: rejects {setting}, which has a production account");
        assert!(text.starts_with(&expected), "{text}");
        assert!(!text.contains("P12345678"), "{text}");
    }
    for builder in [
        sandbox().base_url(PRODUCTION.replace('P', "T")),
        sandbox().base_url("https://a.example/XP12345678/P123456789/p12345678"),
        sandbox().token_audience("https://api.dintero.com/v1/accounts/{aid}"),
    ] {
        builder.build().unwrap();
    }
}

#[tokio::test]
async fn plain_http_to_a_host_that_is_named() {
    let sandbox = || {
        let account = "T12345678".parse().unwrap();
        Client::builder().account(account)
    };
    for url in [
        "http://dintero-fake:4010/v1",
        "http://DINTERO-fake",
        "http://10.0.0.7:80",
    ] {
        let builder = sandbox().base_url(url);
        assert!(refused(builder.clone()).starts_with("base_url: is plain http"));
        let builder = builder.allow_plain_http("dintero-fake");
        builder.allow_plain_http("10.0.0.7").build().unwrap();
    }
    let builder = sandbox().token_url("http://dintero-fake/token");
    builder.allow_plain_http("dintero-fake").build().unwrap();

    let with = |host: &str| sandbox().allow_plain_http(host);
    for host in ["", "http://a", "a:80", "a/b", "u@a", "*", "a b", "a?b"] {
        let text = refused(with(host));
        assert!(
            text.starts_with("allow_plain_http: expects a host name"),
            "{host}: {text}"
        );
    }
    for host in ["api.dintero.com", "API.dintero.com", "dintero.com"] {
        let text = refused(with(host));
        assert!(
            text.starts_with("allow_plain_http: does not allow Dintero's own"),
            "{text}"
        );
    }
    let production = with("a").account("P12345678".parse().unwrap());
    let text = refused(production);
    assert!(
        text.starts_with("allow_plain_http: rejects a production account"),
        "{text}"
    );
    let text = refused(Client::builder().allow_plain_http("a"));
    assert!(
        text.starts_with("allow_plain_http: requires an account"),
        "{text}"
    );
    let text = refused(with("a").token_audience("P12345678"));
    assert!(
        text.starts_with("allow_plain_http: rejects `token_audience`"),
        "{text}"
    );

    // A call can't name one either, and nothing but that host is called without TLS.
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let held = client(&server).allow_plain_http("dintero-fake");
    let held = held.build().unwrap();
    let error = held
        .send(Probe::<Open>::new("P12345678"))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("allow_plain_http: rejects a production"),
        "{error}"
    );
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_call_of_the_sandbox_takes_no_other_account() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let send = |builder: ClientBuilder, id: &str| {
        let client = builder.build().unwrap();
        client.send(Probe::<Open>::new(id))
    };
    let error = send(client(&server).sandbox_only(), "P12345678").await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!error.may_have_been_sent());
    assert_eq!(server.seen().len(), 0);
    send(client(&server).sandbox_only(), "T12345679")
        .await
        .unwrap();
    send(client(&server), "P12345678").await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn payments_have_two_bases() {
    use dintero::payments::TransactionId;
    use dintero::{PaymentsBase, RetryPolicy};

    let server = Server::start(|_| Reply::json(500, "{}"));
    let read = async |builder: ClientBuilder| {
        let client = builder.retry(RetryPolicy::none()).build().unwrap();
        let call = client
            .payments()
            .get_transaction(TransactionId::new("T1.a"));
        let error = call.send().await.unwrap_err();
        (error.kind(), error.to_string())
    };
    let with_token = || client(&server).bearer_token("token").api_key("key");
    // Neither the other base nor the rest of the documents moves.
    read(with_token()).await;
    assert_eq!(server.only().target(), "/transactions/T1.a");
    let account = || with_token().payments_base(PaymentsBase::Account);
    read(account()).await;
    let seen = server.seen();
    assert_eq!(
        seen[1].target(),
        "/accounts/T12345678/payments/transactions/T1.a"
    );
    assert_eq!(seen[1].header("authorization"), Some("Bearer token"));
    assert_eq!(seen[1].header("x-api-key"), None);
    let settlements = account().build().unwrap().payments().list_settlements();
    settlements.send().await.unwrap_err();
    assert_eq!(server.seen()[2].target(), "/accounts/T12345678/settlements");
    // What somebody sets for this server goes before it.
    let own = format!("{}/own", server.url());
    read(account().server("https://checkout.dintero.com/v1/", own)).await;
    assert_eq!(server.seen()[3].target(), "/own/transactions/T1.a");

    // It takes no keys; nothing is sent.
    let key_only = client(&server).api_key("key");
    read(key_only.clone()).await;
    assert_eq!(server.seen()[4].header("x-api-key"), Some("key"));
    let (kind, text) = read(key_only.payments_base(PaymentsBase::Account)).await;
    assert_eq!(kind, ErrorKind::Credentials, "{text}");
    assert!(text.contains("it accepts"), "{text}");
    assert_eq!(server.seen().len(), 5);
    assert!(
        refused(Client::builder().payments_base(PaymentsBase::Account))
            .starts_with("payments_base: contains `{aid}`, but no account is set")
    );
}
