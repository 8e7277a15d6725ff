//! Several accounts: partners and their merchants, tokens from elsewhere, shared connections.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dintero::{AccessToken, AccountId, Client, ErrorKind};

use crate::support::{Probe, Reply, Seen, Server, client, token};

const PARTNER: &str = "T11200000";
const MERCHANT: &str = "T22222222";
const OTHER: &str = "T33333333";

fn id(text: &str) -> AccountId {
    text.parse().unwrap()
}

fn probe() -> Probe {
    Probe::new("x")
}

/// Gives each kind of token to who shows the right thing for it.
fn platform(expires_in: u64) -> Server {
    Server::start(move |seen| {
        let shown = seen.header("authorization").unwrap_or_default().to_owned();
        let basic = "Basic aWQ6c2VjcmV0";
        let answer = |name: &str, wanted: &str| match shown == wanted {
            true => token(name, expires_in),
            false => Reply::json(401, r#"{"error":{"message":"wrong token"}}"#),
        };
        match seen.target() {
            "/accounts/T11200000/auth/token" => answer("partner", basic),
            "/accounts/T11200000/auth/exchange_token" => {
                let body: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
                let merchant = body["account_id"].as_str().unwrap();
                answer(&format!("pass-{merchant}"), "Bearer partner")
            }
            "/accounts/T22222222/auth/token" => answer("merchant-2", "Bearer pass-T22222222"),
            "/accounts/T33333333/auth/token" => answer("merchant-3", "Bearer pass-T33333333"),
            _ => Reply::json(200, "[1]"),
        }
    })
}

fn partner(server: &Server) -> Client {
    client(server)
        .account(id(PARTNER))
        .client_credentials("id", "secret")
        .build()
        .unwrap()
}

fn targets(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(|seen| seen.target().to_owned()).collect()
}

#[tokio::test]
async fn a_partner_acts_for_merchants() {
    let server = platform(3600);
    let partner = partner(&server);
    let merchant = partner.for_merchant(id(MERCHANT)).unwrap();
    assert_eq!(merchant.account(), Some(&id(MERCHANT)));
    merchant.send(probe()).await.unwrap();
    let seen = server.seen();
    assert_eq!(
        targets(&seen),
        [
            "/accounts/T11200000/auth/token",
            "/accounts/T11200000/auth/exchange_token",
            "/accounts/T22222222/auth/token",
            "/accounts/T22222222/things/x",
        ]
    );
    assert_eq!(seen[1].text(), r#"{"account_id":"T22222222"}"#);
    assert_eq!(
        seen[2].text(),
        r#"{"grant_type":"client_credentials","audience":"https://api.dintero.com/v1/accounts/T22222222"}"#
    );
    assert_eq!(seen[3].header("authorization"), Some("Bearer merchant-2"));

    // Everything is kept: for the merchant, for another one, for the partner.
    partner
        .for_merchant(id(MERCHANT))
        .unwrap()
        .send(probe())
        .await
        .unwrap();
    let other = partner.for_merchant(id(OTHER)).unwrap();
    other.send(probe()).await.unwrap();
    partner.send(probe()).await.unwrap();
    let seen = server.seen();
    assert_eq!(
        targets(&seen[4..]),
        [
            "/accounts/T22222222/things/x",
            "/accounts/T11200000/auth/exchange_token",
            "/accounts/T33333333/auth/token",
            "/accounts/T33333333/things/x",
            "/accounts/T11200000/things/x",
        ]
    );
    assert_eq!(seen[8].header("authorization"), Some("Bearer partner"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_tasks_for_one_merchant_take_three_tokens() {
    let server = platform(3600);
    let partner = partner(&server);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let merchant = partner.for_merchant(id(MERCHANT)).unwrap();
            tokio::spawn(merchant.send(probe()))
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.seen().len(), 1003);
}

#[tokio::test]
async fn the_audience_of_merchants_is_a_setting() {
    let server = platform(3600);
    let partner = client(&server)
        .account(id(PARTNER))
        .client_credentials("id", "secret")
        .merchant_audience("{partner} for {aid}")
        .build()
        .unwrap();
    let merchant = partner.for_merchant(id(MERCHANT)).unwrap();
    merchant.send(probe()).await.unwrap();
    let bodies: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.text().to_owned())
        .collect();
    assert!(
        bodies[0].contains("https://api.dintero.com/v1/accounts/T11200000"),
        "{bodies:?}"
    );
    assert!(
        bodies[2].contains(r#""T11200000 for T22222222""#),
        "{bodies:?}"
    );
}

/// Each step shows the token of the one before; one that is refused is replaced, once.
#[tokio::test]
async fn a_refused_token_is_replaced_at_every_step() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let shown = seen.header("authorization").unwrap_or_default();
        // After the first call all tokens are revoked.
        match seen.target() {
            _ if number > 4 && shown.ends_with("-old") => Reply::json(401, "{}"),
            "/accounts/T22222222/things/x" => Reply::json(200, "[1]"),
            _ if number <= 4 => token(&format!("t{number}-old"), 3600),
            _ => token(&format!("t{number}"), 3600),
        }
    });
    let merchant = partner(&server).for_merchant(id(MERCHANT)).unwrap();
    merchant.send(probe()).await.unwrap();
    // New ones are kept whatever is said of them.
    tokio::time::sleep(Duration::from_millis(5100)).await;
    merchant.send(probe()).await.unwrap();
    assert_eq!(
        targets(&server.seen()),
        [
            "/accounts/T11200000/auth/token",
            "/accounts/T11200000/auth/exchange_token",
            "/accounts/T22222222/auth/token",
            "/accounts/T22222222/things/x",
            "/accounts/T22222222/things/x",
            "/accounts/T22222222/auth/token",
            "/accounts/T11200000/auth/exchange_token",
            "/accounts/T11200000/auth/token",
            "/accounts/T11200000/auth/exchange_token",
            "/accounts/T22222222/auth/token",
            "/accounts/T22222222/things/x",
        ]
    );
}

#[tokio::test]
async fn why_a_partner_gets_no_token_is_said() {
    let server = Server::start(|seen| match seen.target() {
        "/accounts/T11200000/auth/exchange_token" => Reply::json(
            403,
            r#"{"error":{"message":"no access to partner-token","code":"NOT_YOURS"}}"#,
        ),
        _ => token("partner-token", 3600),
    });
    let merchant = partner(&server).for_merchant(id(MERCHANT)).unwrap();
    let error = merchant.send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert_eq!(error.code(), Some("NOT_YOURS"));
    assert_eq!(error.message(), Some("no access to …"));
    assert_eq!(error.status().unwrap(), 403);
    let merchant_token = error.source().unwrap();
    assert_eq!(
        merchant_token.to_string(),
        "no access token: 403 Forbidden (code NOT_YOURS): no access to …"
    );
    assert_eq!(
        merchant_token.source().unwrap().to_string(),
        "POST /accounts/{partner_id}/auth/exchange_token: 403 Forbidden (code NOT_YOURS): no access to …"
    );
    assert!(!error.may_have_been_sent());
}

#[tokio::test]
async fn what_can_not_act_for_a_merchant() {
    let server = platform(3600);
    let refused = |client: &Client, merchant: &str| {
        let error = client.for_merchant(id(merchant)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.to_string()
    };
    let keyed = client(&server).api_key("key").build().unwrap();
    assert_eq!(
        refused(&keyed, MERCHANT),
        "configuration: for_merchant: requires client credentials of the partner, or a token provider"
    );
    let merchant = partner(&server).for_merchant(id(MERCHANT)).unwrap();
    assert!(refused(&merchant, OTHER).contains("acts for a merchant itself"));
    let sandbox = partner(&server)
        .to_builder()
        .sandbox_only()
        .build()
        .unwrap();
    assert!(refused(&sandbox, "P22222222").contains("sandbox_only"));
    assert!(server.seen().is_empty());
    // The right to act for one merchant is none for another.
    let moved = merchant.to_builder().account(id(OTHER)).build().unwrap();
    let error = moved.send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn tokens_of_a_provider() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let asked = Arc::new(AtomicUsize::new(0));
    let client = client(&server)
        .client_credentials("id", "secret")
        .token_provider({
            let asked = Arc::clone(&asked);
            move |account: Option<AccountId>| {
                let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
                async move {
                    let name = format!("own-{number}-{}", account.unwrap());
                    Ok::<_, std::io::Error>(AccessToken::new(name, Duration::from_secs(3600)))
                }
            }
        })
        .build()
        .unwrap();
    client.send(probe()).await.unwrap();
    client.send(probe()).await.unwrap();
    let merchant = client.for_merchant(id(MERCHANT)).unwrap();
    merchant.send(probe()).await.unwrap();
    let seen = server.seen();
    let shown: Vec<_> = seen
        .iter()
        .map(|seen| seen.header("authorization").unwrap())
        .collect();
    assert_eq!(
        shown,
        [
            "Bearer own-1-T12345678",
            "Bearer own-1-T12345678",
            "Bearer own-2-T22222222"
        ]
    );
}

#[tokio::test]
async fn a_provider_that_fails() {
    struct Failing;

    impl dintero::TokenProvider for Failing {
        type Error = std::fmt::Error;

        async fn token(&self, _: Option<AccountId>) -> Result<AccessToken, std::fmt::Error> {
            Err(std::fmt::Error)
        }
    }

    let server = Server::start(|_| Reply::json(200, "[1]"));
    let client = dintero::Client::builder()
        .account(id(PARTNER))
        .base_url(server.url())
        .token_provider(Failing)
        .build()
        .unwrap();
    let error = client.send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    let provider = error.source().unwrap();
    assert_eq!(
        provider.to_string(),
        "no access token: the token provider has none"
    );
    assert!(provider.source().unwrap().is::<std::fmt::Error>());
    assert!(!error.may_have_been_sent());
    assert!(server.seen().is_empty());
    let broken = client
        .to_builder()
        .token_provider(|_: Option<AccountId>| async {
            Ok::<_, std::fmt::Error>(AccessToken::new("hunter2\r\nx: y", Duration::ZERO))
        })
        .build()
        .unwrap();
    let error = broken.send(probe()).await.unwrap_err();
    let text = error.source().unwrap().to_string();
    assert_eq!(
        text,
        "configuration: token_provider: the token is empty or contains characters that are not allowed in a header"
    );
    assert!(
        !format!(
            "{error:?} {:?}",
            AccessToken::new("hunter2", Duration::ZERO)
        )
        .contains("hunter2")
    );
}

/// The server counts connections by their ports.
#[tokio::test]
async fn many_accounts_over_one_pool() {
    let server = Server::start(|seen| match seen.method() {
        "POST" => token(seen.target(), 3600),
        _ => Reply::json(200, "[1]"),
    });
    let first = client(&server)
        .client_credentials("id", "secret")
        .build()
        .unwrap();
    first.send(probe()).await.unwrap();
    let second = first
        .to_builder()
        .account(id(OTHER))
        .client_credentials("id-3", "secret-3")
        .build()
        .unwrap();
    drop(first);
    second.send(probe()).await.unwrap();
    assert_eq!(server.connections(), 1);
    let seen = server.seen();
    assert_eq!(
        seen[3].header("authorization"),
        Some("Bearer /accounts/T33333333/auth/token")
    );
    assert_eq!(seen[3].target(), "/accounts/T33333333/things/x");
    // Connections with other time limits are others.
    let patient = second.to_builder().timeout(Duration::from_secs(1)).build();
    patient.unwrap().send(probe()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn credentials_go_nowhere_but_to_dintero_and_configured_servers() {
    use crate::support::operation::Foreign;

    let server = Server::start(|_| Reply::json(200, "[1]"));
    let builder = Client::builder().account(id(PARTNER)).bearer_token("t0ken");
    let unset = builder.clone().build().unwrap();
    let error = unset.send(Foreign).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        error.to_string(),
        "GET /things: configuration: server https://other.example: is not one of the client's API, so no credentials are \
         sent to it; to send them, configure it: `.server(url, url)`"
    );
    let set = builder
        .server("https://other.example", server.url())
        .build()
        .unwrap();
    set.send(Foreign).await.unwrap();
    assert_eq!(server.only().header("authorization"), Some("Bearer t0ken"));
}

/// Calls of all merchants together are repeated as often as those of one.
#[tokio::test]
async fn all_merchants_share_one_budget() {
    let failing = Server::start(|seen| match seen.target() {
        target if target.contains("/auth/") => token("any", 3600),
        _ => Reply::json(503, "{}"),
    });
    let policy = dintero::RetryPolicy::default().first_delay(Duration::from_millis(1));
    let partner = client(&failing)
        .account(id(PARTNER))
        .client_credentials("id", "secret")
        .retry(policy)
        .build()
        .unwrap();
    let mut calls = 0;
    for number in 0..20 {
        let merchant = partner.for_merchant(id(&format!("T2{number:07}"))).unwrap();
        let copy = merchant.to_builder().timeout(Duration::from_secs(50));
        for client in [merchant, copy.build().unwrap()] {
            for _ in 0..10 {
                let error = client.send(probe()).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Server);
                calls += 1;
            }
        }
    }
    let sent = failing.seen();
    let sent = sent.iter().filter(|seen| seen.method() == "GET").count();
    // A full budget is 100 repetitions.
    assert_eq!((calls, sent), (400, 500));
}
