use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::*;

/// A clock that only advances when told to.
#[derive(Clone)]
pub(in crate::auth) struct Hands(Instant, Arc<AtomicU64>);

impl Hands {
    pub(in crate::auth) fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    pub(in crate::auth) fn clock(&self) -> Clock {
        let hands = self.clone();
        Box::new(move || hands.0 + Duration::from_millis(hands.1.load(Ordering::Relaxed)))
    }

    pub(in crate::auth) fn pass(&self, time: Duration) {
        self.1.fetch_add(time.as_millis() as u64, Ordering::Relaxed);
    }
}

/// A token endpoint that counts.
#[derive(Default)]
struct Endpoint(AtomicUsize);

impl Endpoint {
    fn grant(&self, seconds: u64) -> Grant {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Grant {
            secret: format!("token-{number}").into(),
            lifetime: Duration::from_secs(seconds),
        }
    }

    async fn token(&self, tokens: &Tokens, seconds: u64) -> Arc<Token> {
        let token = tokens
            .get(RENEWAL_LIMIT, || async { Ok(self.grant(seconds)) })
            .await;
        token.unwrap_or_else(|error| panic!("{error:?}"))
    }

    async fn get(&self, tokens: &Tokens, seconds: u64) -> String {
        let token = self.token(tokens, seconds).await;
        token.secret.expose().to_owned()
    }

    fn asked(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn kept_until_shortly_before_it_expires() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    assert_eq!(endpoint.get(&tokens, 14_400).await, "token-1");
    hands.pass(seconds(14_400 - 301));
    assert_eq!(endpoint.get(&tokens, 14_400).await, "token-1");
    hands.pass(seconds(1));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-2");
    hands.pass(seconds(79));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-2");
    hands.pass(seconds(1));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-3");
}

/// Tokens with one of 100 seconds that is 85 old: it works, and may be renewed.
async fn ageing(hands: &Hands, endpoint: &Endpoint) -> Arc<Tokens> {
    let tokens = Arc::new(Tokens::with_clock(hands.clock()));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-1");
    hands.pass(seconds(85));
    tokens
}

#[tokio::test]
async fn one_renews_while_the_others_use_the_old_one() {
    let (hands, endpoint) = (Hands::new(), Arc::new(Endpoint::default()));
    let tokens = ageing(&hands, &endpoint).await;
    let (go, gate) = tokio::sync::oneshot::channel::<()>();
    let renewing = tokio::spawn({
        let (tokens, endpoint) = (Arc::clone(&tokens), Arc::clone(&endpoint));
        async move {
            let renewed = tokens.get(RENEWAL_LIMIT, || async {
                gate.await.unwrap();
                Ok(endpoint.grant(100))
            });
            renewed.await.unwrap().secret.expose().to_owned()
        }
    });
    tokio::task::yield_now().await;
    for _ in 0..100 {
        assert_eq!(endpoint.get(&tokens, 100).await, "token-1");
    }
    go.send(()).unwrap();
    assert_eq!(renewing.await.unwrap(), "token-2");
    assert_eq!(endpoint.get(&tokens, 100).await, "token-2");
    assert_eq!(endpoint.asked(), 2);
}

#[tokio::test]
async fn when_the_one_that_renews_is_dropped_the_next_renews() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = ageing(&hands, &endpoint).await;
    let renewing = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move {
            tokens
                .get(RENEWAL_LIMIT, std::future::pending)
                .await
                .map(drop)
        }
    });
    tokio::task::yield_now().await;
    assert_eq!(endpoint.get(&tokens, 100).await, "token-1");
    renewing.abort();
    assert!(renewing.await.unwrap_err().is_cancelled());
    assert_eq!(endpoint.get(&tokens, 100).await, "token-2");
}

#[tokio::test]
async fn a_renewal_that_fails_costs_nobody_a_call() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = ageing(&hands, &endpoint).await;
    let failing = || async { Err(Error::credentials("none".to_owned())) };
    let kept = tokens.get(RENEWAL_LIMIT, failing).await.unwrap();
    assert_eq!(kept.secret.expose(), "token-1");
    // There is a pause before the next renewal; then it is needed.
    assert_eq!(endpoint.get(&tokens, 100).await, "token-1");
    hands.pass(seconds(5));
    tokens.get(RENEWAL_LIMIT, failing).await.unwrap_err();
    hands.pass(seconds(1));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_hangs_is_given_up() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = ageing(&hands, &endpoint).await;
    let begun = tokio::time::Instant::now();
    let kept = tokens.get(seconds(3), std::future::pending).await.unwrap();
    assert_eq!(kept.secret.expose(), "token-1");
    assert_eq!(begun.elapsed(), seconds(3));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-1");
}

#[tokio::test]
async fn its_life_begins_when_it_is_asked_for() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    let slow = tokens.get(RENEWAL_LIMIT, || async {
        hands.pass(seconds(50));
        Ok(endpoint.grant(100))
    });
    slow.await.map(drop).unwrap();
    hands.pass(seconds(40));
    assert_eq!(endpoint.get(&tokens, 100).await, "token-2");
}

#[tokio::test]
async fn dead_tokens_cause_no_storm() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    for _ in 0..100 {
        endpoint.get(&tokens, 0).await;
        hands.pass(Duration::from_millis(100));
    }
    assert_eq!(endpoint.asked(), 10);
}

#[tokio::test]
async fn a_refused_token_is_forgotten_but_not_its_successor() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    let first = endpoint.token(&tokens, 1000).await;
    hands.pass(seconds(5));
    assert!(tokens.refused(&first));
    assert_eq!(endpoint.get(&tokens, 1000).await, "token-2");
    assert!(tokens.refused(&first), "there is a newer one");
    assert_eq!(endpoint.get(&tokens, 1000).await, "token-2");
}

#[tokio::test]
async fn a_new_token_is_kept_though_it_is_refused() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    let first = endpoint.token(&tokens, 1000).await;
    for _ in 0..49 {
        hands.pass(Duration::from_millis(100));
        assert!(!tokens.refused(&first));
    }
    assert_eq!(endpoint.get(&tokens, 1000).await, "token-1");
    hands.pass(Duration::from_millis(100));
    assert!(tokens.refused(&first), "a revoked one is replaced soon");
    assert_eq!(endpoint.get(&tokens, 1000).await, "token-2");
}

/// One endpoint rejects every token, ten times a second for an hour; the token is valid everywhere else.
#[tokio::test]
async fn an_endpoint_that_always_refuses_costs_a_request_a_minute() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    for _ in 0..36_000 {
        let token = endpoint.token(&tokens, 14_400).await;
        tokens.refused(&token);
        hands.pass(Duration::from_millis(100));
    }
    assert!(
        (55..=65).contains(&endpoint.asked()),
        "{}",
        endpoint.asked()
    );
    // When it stops, the next rejected token is replaced as soon as the first.
    hands.pass(seconds(3600));
    let token = endpoint.token(&tokens, 14_400).await;
    hands.pass(seconds(3600));
    let before = endpoint.asked();
    assert!(tokens.refused(&token));
    let token = endpoint.token(&tokens, 14_400).await;
    hands.pass(seconds(61));
    assert!(tokens.refused(&token));
    let token = endpoint.token(&tokens, 14_400).await;
    hands.pass(seconds(5));
    assert!(tokens.refused(&token));
    assert_eq!(endpoint.asked(), before + 2);
}

/// Requests a token ten times a second until the endpoint gets a request. Returns the time until then.
async fn until_asked(tokens: &Tokens, hands: &Hands, error: impl Fn() -> Error) -> Duration {
    let mut passed = Duration::ZERO;
    loop {
        let asked = AtomicUsize::new(0);
        let failing = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            Err(error())
        };
        let failure = tokens.get(RENEWAL_LIMIT, failing).await.unwrap_err();
        if asked.load(Ordering::Relaxed) == 1 {
            assert!(!failure.is_remembered);
            return passed;
        }
        assert!(failure.is_remembered && !failure.pause.is_zero());
        hands.pass(Duration::from_millis(100));
        passed += Duration::from_millis(100);
    }
}

#[tokio::test]
async fn an_endpoint_that_fails_is_asked_ever_more_rarely() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = Tokens::with_clock(hands.clock());
    let error = || Error::credentials("none".to_owned());
    let mut pauses = Vec::new();
    for _ in 0..12 {
        pauses.push(until_asked(&tokens, &hands, error).await.as_millis());
    }
    let ceilings = [
        0, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000,
    ];
    for (pause, ceiling) in pauses.iter().zip(ceilings) {
        assert!((ceiling / 2..=ceiling + 100).contains(pause), "{pauses:?}");
    }
    hands.pass(seconds(31));
    assert_eq!(endpoint.get(&tokens, 10).await, "token-1");
    // A token ends all that.
    hands.pass(seconds(10));
    assert_eq!(until_asked(&tokens, &hands, error).await, Duration::ZERO);
    let pause = until_asked(&tokens, &hands, error).await;
    assert!(pause <= Duration::from_millis(300), "{pause:?}");
}

#[tokio::test]
async fn what_the_endpoint_asks_for_is_remembered() {
    for (asked, kept) in [("7", 7), ("120", 120), ("100000000", 300)] {
        let hands = Hands::new();
        let tokens = Tokens::with_clock(hands.clock());
        let error = || {
            let mut headers = http::HeaderMap::new();
            headers.insert("retry-after", asked.parse().unwrap());
            Error::status_of(crate::rt::RawResponse {
                status: http::StatusCode::TOO_MANY_REQUESTS,
                headers,
                body: bytes::Bytes::new(),
                is_strict: false,
            })
        };
        assert_eq!(until_asked(&tokens, &hands, error).await, Duration::ZERO);
        assert_eq!(until_asked(&tokens, &hands, error).await, seconds(kept));
    }
}

/// The failed renewal is known when the token is needed.
#[tokio::test]
async fn what_a_renewal_was_told_holds_for_the_next_request() {
    let (hands, endpoint) = (Hands::new(), Endpoint::default());
    let tokens = ageing(&hands, &endpoint).await;
    let error = || {
        Error::token(Failure {
            error: Arc::new(Error::credentials("none".to_owned())),
            pause: seconds(20),
            is_remembered: false,
        })
    };
    tokens
        .get(RENEWAL_LIMIT, || async { Err(error()) })
        .await
        .unwrap();
    hands.pass(seconds(5));
    assert_eq!(until_asked(&tokens, &hands, error).await, seconds(15));
}

#[tokio::test]
async fn those_who_wait_share_a_failure_and_later_ones_try_again() {
    let hands = Hands::new();
    let tokens = Arc::new(Tokens::with_clock(hands.clock()));
    let asked = Arc::new(AtomicUsize::new(0));
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (tokens, asked) = (Arc::clone(&tokens), Arc::clone(&asked));
            tokio::spawn(async move {
                let failing = || async {
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(Error::credentials("none".to_owned()))
                };
                tokens.get(RENEWAL_LIMIT, failing).await.is_err()
            })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    hands.pass(seconds(1));
    let endpoint = Endpoint::default();
    assert_eq!(endpoint.get(&tokens, 1000).await, "token-1");
}

#[tokio::test]
async fn when_the_fetching_caller_is_dropped_the_next_fetches() {
    let tokens = Arc::new(Tokens::new());
    let first = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move {
            tokens
                .get(RENEWAL_LIMIT, std::future::pending)
                .await
                .map(drop)
        }
    });
    tokio::task::yield_now().await;
    let second = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move { Endpoint::default().get(&tokens, 1000).await }
    });
    tokio::task::yield_now().await;
    assert!(!second.is_finished());
    first.abort();
    let second = tokio::time::timeout(seconds(10), second).await;
    assert_eq!(second.unwrap().unwrap(), "token-1");
}

#[test]
fn lifetimes() {
    let read = |value: &str| lifetime(Some(&serde_json::from_str(value).unwrap())).as_secs();
    assert_eq!(read("14400"), 14_400);
    assert_eq!(read("14400.9"), 14_400);
    assert_eq!(read("\" 14400 \""), 14_400);
    assert_eq!(read("0"), 0);
    assert_eq!(read("-5"), 0);
    assert_eq!(read("1e300"), u64::MAX);
    for odd in ["null", "\"soon\"", "[]", "true", "\"NaN\""] {
        assert_eq!(read(odd), 300, "{odd}");
    }
    assert_eq!(lifetime(None), seconds(300));
    assert_eq!(usable(seconds(14_400)), seconds(14_340));
    assert_eq!(usable(seconds(u64::MAX)), LONGEST_LIFETIME - LONGEST_MARGIN);
    assert_eq!(usable(seconds(10)), seconds(9));
    assert_eq!(usable(seconds(0)), seconds(1));
}

#[test]
fn answers() {
    let read =
        |body: &str| Grant::read(body.as_bytes()).map(|grant| grant.secret.expose().to_owned());
    for good in [
        r#"{"access_token":"a.b-c_d","token_type":"Bearer","expires_in":1}"#,
        r#"{"access_token":"a.b-c_d","token_type":"bearer","refresh_token":"x"}"#,
        r#"{"access_token":"a.b-c_d","token_type":null}"#,
    ] {
        assert_eq!(read(good).as_deref(), Ok("a.b-c_d"), "{good}");
    }
    for (bad, expected) in [
        ("", "is not a JSON object"),
        ("<html>", "is not a JSON object"),
        ("[]", "is not a JSON object"),
        ("{}", "has no access_token"),
        (r#"{"access_token":7}"#, "has no access_token"),
        (r#"{"access_token":""}"#, "not allowed in a header"),
        (r#"{"access_token":"a\r\nX: y"}"#, "not allowed in a header"),
        (
            r#"{"access_token":"a","token_type":"mac"}"#,
            "a token type other than",
        ),
    ] {
        let error = read(bad).unwrap_err();
        assert!(error.contains(expected), "{bad}: {error}");
    }
}

/// One caller reads the token for a long time: the others do not wait for it.
#[tokio::test]
async fn those_who_read_do_not_wait_for_each_other() {
    let (hands, endpoint) = (Hands::new(), Arc::new(Endpoint::default()));
    let tokens = Arc::new(Tokens::with_clock(hands.clock()));
    endpoint.get(&tokens, 100).await;
    let reader = tokens.state();
    let (sender, read) = std::sync::mpsc::channel();
    let (theirs, source) = (Arc::clone(&tokens), Arc::clone(&endpoint));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let token = runtime.unwrap().block_on(source.get(&theirs, 100));
        sender.send(token).unwrap();
    });
    assert_eq!(read.recv_timeout(seconds(60)).as_deref(), Ok("token-1"));
    drop(reader);
}
