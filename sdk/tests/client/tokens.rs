//! Tokens from client credentials.

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dintero::{ClientBuilder, ErrorKind};

use crate::support::{Probe, Reply, Seen, Server, TOKEN_PATH, client, token};

fn with_credentials(server: &Server) -> ClientBuilder {
    client(server).client_credentials("client-id", "s3cret")
}

fn is_token(seen: &Seen) -> bool {
    seen.target() == TOKEN_PATH
}

fn probe() -> Probe {
    Probe::new("x")
}

/// Gives out `token-1`, `token-2`, … and accepts any.
fn counting(expires_in: u64) -> Server {
    let given = AtomicUsize::new(0);
    Server::start(move |seen| {
        if is_token(seen) {
            let number = given.fetch_add(1, Ordering::SeqCst) + 1;
            token(&format!("token-{number}"), expires_in).late(50)
        } else {
            Reply::json(200, "[1]")
        }
    })
}

#[tokio::test]
async fn the_token_request_byte_by_byte() {
    let server = counting(3600);
    let client = with_credentials(&server).build().unwrap();
    client.send(probe()).await.unwrap();
    let seen = server.seen();
    let version = env!("CARGO_PKG_VERSION");
    let body = r#"{"grant_type":"client_credentials","audience":"https://api.dintero.com/v1/accounts/T12345678"}"#;
    let expected = format!(
        "POST /accounts/T12345678/auth/token HTTP/1.1\r\n\
         user-agent: dintero-rust/{version}\r\n\
         accept: application/json\r\n\
         content-type: application/json\r\n\
         authorization: Basic Y2xpZW50LWlkOnMzY3JldA==\r\n\
         host: {}\r\n\
         content-length: {}\r\n\r\n",
        server.address(),
        body.len()
    );
    assert_eq!(seen[0].head, expected);
    assert_eq!(seen[0].text(), body);
    assert_eq!(seen[1].header("authorization"), Some("Bearer token-1"));
}

#[tokio::test]
async fn address_and_audience_are_settings() {
    let server = counting(3600);
    let tokens = counting(3600);
    let client = with_credentials(&server)
        .token_url(format!("{}/oauth/{{aid}}", tokens.url()))
        .token_audience("shop \"{account}\"")
        .build()
        .unwrap();
    // The second server gives no token under that address, but shows what was asked.
    let error = client.send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    let seen = tokens.only();
    assert_eq!(seen.target(), "/oauth/T12345678");
    let body: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(body["audience"], "shop \"T12345678\"");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_token_endpoint_moves_with_its_server() {
    let (api, checkout) = (counting(3600), counting(3600));
    let client = dintero::Client::builder()
        .account("T12345678".parse().unwrap())
        .client_credentials("id", "s3cret")
        .server("https://api.dintero.com/v1/", format!("{}/api", api.url()))
        .server(&crate::support::operation::SERVER, checkout.url())
        .build()
        .unwrap();
    let error = client.send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert_eq!(api.only().target(), format!("/api{TOKEN_PATH}"));
    assert!(checkout.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_tasks_fetch_one_token() {
    let server = counting(3600);
    let client = with_credentials(&server).build().unwrap();
    let calls: Vec<_> = (0..1000)
        .map(|_| tokio::spawn(client.send(probe())))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), [1]);
    }
    assert_eq!(server.count(TOKEN_PATH), 1);
    let seen = server.seen();
    assert_eq!(seen.len(), 1001);
    for seen in seen.iter().filter(|seen| !is_token(seen)) {
        assert_eq!(seen.header("authorization"), Some("Bearer token-1"));
    }
}

/// Ten thousand calls from a thousand tasks, for longer than a token lives.
#[tokio::test(flavor = "multi_thread")]
async fn one_token_for_each_lifetime() {
    const LIFETIME: Duration = Duration::from_secs(2);
    let given = Arc::new(Mutex::new(Vec::new()));
    let server = Server::start({
        let given = Arc::clone(&given);
        move |seen| {
            let mut given = given.lock().unwrap();
            if is_token(seen) {
                given.push(Instant::now());
                return token(&format!("token-{}", given.len()), LIFETIME.as_secs());
            }
            let shown = seen.header("authorization").unwrap();
            let number = shown.strip_prefix("Bearer token-").unwrap();
            let asked = given[number.parse::<usize>().unwrap() - 1];
            // A request may be under way for long on a busy machine.
            match asked.elapsed() < LIFETIME * 2 {
                true => Reply::json(200, "[1]"),
                false => Reply::json(401, "{}"),
            }
        }
    });
    let client = with_credentials(&server).build().unwrap();
    let begun = Instant::now();
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    client.send(probe()).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(400)).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let given = given.lock().unwrap();
    let calls = server.seen().len() - given.len();
    println!(
        "{calls} calls from 1000 tasks in {:.1} s; tokens of {} s fetched: {}",
        begun.elapsed().as_secs_f64(),
        LIFETIME.as_secs(),
        given.len()
    );
    // No call was refused and repeated, and no token was fetched while the one before was fresh.
    assert_eq!(calls, 10_000);
    assert!(given.len() >= 2);
    for pair in given.windows(2) {
        let age = pair[1] - pair[0];
        // Renewed when four fifths are over; the earlier request may have been late.
        assert!(age > LIFETIME * 2 / 3, "{age:?}");
    }
}

#[test]
fn one_token_for_several_runtimes() {
    let server = counting(3600);
    let client = with_credentials(&server).build().unwrap();
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(client.send(probe())).unwrap();
    }
    assert_eq!(server.count(TOKEN_PATH), 1);
}

#[tokio::test]
async fn an_expired_token_is_replaced() {
    let server = counting(1);
    let client = with_credentials(&server).build().unwrap();
    client.send(probe()).await.unwrap();
    client.send(probe()).await.unwrap();
    assert_eq!(server.count(TOKEN_PATH), 1);
    tokio::time::sleep(Duration::from_millis(1050)).await;
    client.send(probe()).await.unwrap();
    assert_eq!(server.count(TOKEN_PATH), 2);
    let last = server.seen().pop().unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer token-2"));
}

/// For so long a token is kept whatever endpoints say of it.
const TRUST: Duration = Duration::from_millis(5100);

#[tokio::test]
async fn a_revoked_token_is_replaced_within_the_call() {
    let (given, revoked) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)));
    let server = Server::start({
        let revoked = Arc::clone(&revoked);
        move |seen| {
            if is_token(seen) {
                let number = given.fetch_add(1, Ordering::SeqCst) + 1;
                token(&format!("token-{number}"), 3600)
            } else if revoked.load(Ordering::SeqCst)
                && seen.header("authorization") == Some("Bearer token-1")
            {
                Reply::json(401, r#"{"error":{"message":"expired"}}"#)
            } else {
                Reply::json(200, "[1]")
            }
        }
    });
    let client = with_credentials(&server).build().unwrap();
    client.send(probe()).await.unwrap();
    revoked.store(true, Ordering::SeqCst);
    let error = client.send(probe()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Unauthorized, 1)
    );
    tokio::time::sleep(TRUST).await;
    // Those that are refused at once share the next.
    let calls: Vec<_> = (0..20)
        .map(|_| tokio::spawn(client.send(probe())))
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.count(TOKEN_PATH), 2);
}

#[tokio::test]
async fn an_endpoint_that_always_refuses_causes_no_storm() {
    let server = Server::start(move |seen| match seen.target() {
        TOKEN_PATH => token("token", 3600),
        "/accounts/T12345678/things/good" => Reply::json(200, "[1]"),
        _ => Reply::json(401, r#"{"error":{"message":"expired"}}"#),
    });
    let client = with_credentials(&server).build().unwrap();
    for number in 0..50 {
        let client = match number % 2 {
            0 => client.clone(),
            _ => client.to_builder().strict().build().unwrap(),
        };
        let error = client.send(probe()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert_eq!(error.message(), Some("expired"));
        assert_eq!(client.send(<Probe>::new("good")).await.unwrap(), [1]);
    }
    assert!(server.count(TOKEN_PATH) <= 2);
    tokio::time::sleep(TRUST).await;
    let calls: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.send(probe())))
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert!(error.attempts() <= 2);
    }
    assert!(server.count(TOKEN_PATH) <= 2);
}

#[tokio::test]
async fn a_token_endpoint_that_fails_causes_no_storm() {
    for reply in [
        Reply::json(401, "{}"),
        Reply::json(500, "{}"),
        Reply::json(503, "{}"),
        Reply::json(429, "{}"),
        Reply::with(503, &[("retry-after", "60")], ""),
        Reply::Last(Vec::new()),
    ] {
        let asks_to_wait = format!("{reply:?}").contains("114, 101, 116, 114, 121");
        let server = Server::start(move |_| reply.clone());
        let client = with_credentials(&server).build().unwrap();
        let begun = Instant::now();
        for _ in 0..50 {
            let error = client.send(probe()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Token);
            assert!(!error.may_have_been_sent());
        }
        // 0.125, 0.375, 0.875, … seconds at the earliest.
        let steps = [0, 125, 375, 875, 1875, 3875, 7875, 15_875];
        let steps = steps.map(Duration::from_millis);
        let most = steps
            .iter()
            .filter(|step| **step <= begun.elapsed())
            .count();
        let most = if asks_to_wait { 1 } else { most };
        let asked = server.count(TOKEN_PATH);
        assert!((1..=most).contains(&asked), "{asked}, {most}");
        let error = client.send(probe()).await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("no access token: an earlier token request failed"),
            "{error}"
        );
    }
}

/// A client that was made of another one shares its token, unless tokens are another matter there.
#[tokio::test]
async fn copies_share_the_token() {
    let server = counting(3600);
    let client = with_credentials(&server).build().unwrap();
    client.send(probe()).await.unwrap();
    let same = client.to_builder().strict().build().unwrap();
    same.send(probe()).await.unwrap();
    assert_eq!(server.count(TOKEN_PATH), 1);
    let others = [
        client.to_builder().client_credentials("client-id", "0ther"),
        client.to_builder().token_audience("elsewhere"),
        client.to_builder().user_agent_suffix("x/1"),
        client.to_builder().timeout(Duration::from_secs(3)),
    ];
    for (number, other) in others.into_iter().enumerate() {
        other.build().unwrap().send(probe()).await.unwrap();
        assert_eq!(server.count(TOKEN_PATH), 2 + number);
    }
}

#[tokio::test]
async fn when_the_fetching_call_is_dropped_the_next_one_fetches() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        if !is_token(seen) {
            Reply::json(200, "[1]")
        } else if asked.fetch_add(1, Ordering::SeqCst) == 0 {
            Reply::Silence
        } else {
            token("token-2", 3600)
        }
    });
    let client = with_credentials(&server).build().unwrap();
    let first = tokio::spawn(client.send(probe()));
    while server.count(TOKEN_PATH) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let waiting: Vec<_> = (0..10)
        .map(|_| tokio::spawn(client.send(probe())))
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(waiting.iter().all(|call| !call.is_finished()));
    first.abort();
    for call in waiting {
        let call = tokio::time::timeout(Duration::from_secs(20), call).await;
        assert_eq!(call.unwrap().unwrap().unwrap(), [1]);
    }
    assert_eq!(server.count(TOKEN_PATH), 2);
}

#[tokio::test]
async fn a_token_endpoint_that_fails() {
    let body = r#"{"error":{"code":"NO_CLIENT","message":"unknown client"}}"#;
    for (reply, status, cause) in [
        (
            Reply::json(401, body),
            401,
            "401 Any (code NO_CLIENT): unknown client",
        ),
        (
            Reply::with(500, &[], "oops"),
            500,
            "500 Internal Server Error",
        ),
        (
            Reply::with(429, &[("retry-after", "3")], ""),
            429,
            "429 Too Many Requests; the server asks to wait 3 s",
        ),
        (
            Reply::with(302, &[("location", "http://127.0.0.1:1/")], ""),
            302,
            "302 Found: redirects are not followed",
        ),
        (
            Reply::with(200, &[], "<html>welcome</html>"),
            200,
            "200 OK: the call succeeded, but its response is not a JSON object",
        ),
        (
            Reply::json(200, r#"{"expires_in":1}"#),
            200,
            "200 OK: the call succeeded, but its response has no access_token",
        ),
        (
            Reply::json(200, r#"{"access_token":"a b"}"#),
            200,
            "200 OK: the call succeeded, but its response has an access_token with characters that are not allowed in a header",
        ),
    ] {
        let server = Server::start(move |_| reply.clone());
        let client = with_credentials(&server).build().unwrap();
        let error = client.send(probe()).await.unwrap_err();
        let cause = cause.replace("401 Any", "401 Unauthorized");
        assert_eq!(error.kind(), ErrorKind::Token);
        assert_eq!(
            error.to_string(),
            format!("GET /accounts/{{aid}}/things/{{id}}: no access token: {cause}")
        );
        assert_eq!(
            error.source().unwrap().to_string(),
            format!("POST /accounts/{{aid}}/auth/token: {cause}")
        );
        assert_eq!(error.status().unwrap(), status);
        assert!(!error.may_have_been_sent() && !error.call_succeeded());
        assert!(error.error_body::<Probe>().is_none());
        assert_eq!(error.retry_after().is_some(), status == 429);
        assert!(is_token(&server.only()));
    }
}

#[tokio::test]
async fn a_token_endpoint_that_is_not_there() {
    let server = Server::start(|_| Reply::json(200, "[1]"));
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    let client = with_credentials(&server).token_url(url).build().unwrap();
    let error = client.send(probe()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert!(!error.may_have_been_sent());
    let text = error.source().unwrap().to_string();
    assert!(
        text.starts_with("POST {token_url}: could not connect: "),
        "{text}"
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn calls_that_wait_share_the_failure() {
    let server = Server::start(|_| Reply::with(503, &[], "").late(200));
    let client = with_credentials(&server).build().unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.send(probe())))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap_err().kind(), ErrorKind::Token);
    }
    assert_eq!(server.seen().len(), 1);
}
