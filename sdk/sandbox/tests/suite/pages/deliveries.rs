//! Callbacks and webhooks on the dashboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use dintero::hooks::{HmacSha1, SubscriptionConfig, SubscriptionEvent, SubscriptionSecret};

use super::{Result, sandbox};

/// A shop that fails at first, and the number of its requests.
async fn shop() -> Result<(String, Arc<AtomicUsize>)> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    let respond = move || async move {
        match shared.fetch_add(1, Ordering::SeqCst) {
            0 => (http::StatusCode::BAD_GATEWAY, "not <yet>"),
            _ => (http::StatusCode::OK, "{}"),
        }
    };
    let router = Router::new().fallback(respond);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((url, count))
}

#[tokio::test]
async fn a_webhook_is_shown_with_its_attempts_and_sent_again() -> Result {
    let (sandbox, browser) = sandbox().await?;
    let (url, count) = shop().await?;
    let secret = HmacSha1::builder().value("s3cret").build();
    let config = SubscriptionConfig::builder()
        .url(format!("{url}/hook?token=abc"))
        .secret(SubscriptionSecret::from(secret))
        .build();
    let create = sandbox.client()?.hooks().create_subscription();
    let create = create
        .config(config)
        .events([SubscriptionEvent::CheckoutTransaction]);
    create.send().await?;
    sandbox.settled().await;

    let list = browser.get("/sandbox/deliveries").await?.text;
    assert!(
        list.contains(">ping</a>") && list.contains("waiting"),
        "{list}"
    );
    let id = &sandbox.deliveries()[0].id;
    let path = format!("/sandbox/deliveries/{id}");
    let page = browser.get(&path).await?.text;
    for shown in ["502", "not &#60;yet&#62;", "Signature", "/hook?token=•••"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let again = browser.post(&format!("{path}/again"), "").await?;
    assert_eq!(again.header("location"), format!("{path}?again=yes"));
    sandbox.settled().await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let page = browser.get(again.header("location")).await?.text;
    assert!(
        page.contains("Sent again.") && page.contains("200"),
        "{page}"
    );
    assert_eq!(
        browser
            .post("/sandbox/deliveries/unknown/again", "")
            .await?
            .status,
        404
    );

    // The secret is in the request that created the subscription.
    let request = browser.get("/sandbox/requests/2").await?.text;
    assert!(
        request.contains("HMAC-SHA1") || request.contains("hmac"),
        "{request}"
    );
    assert!(
        !request.contains("s3cret") && !page.contains("s3cret"),
        "{request}"
    );
    Ok(())
}
