//! Deliveries to a real server, verified by the crate `dintero` and by another computation of the signatures.

mod webhook;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::to_bytes;
use axum::response::IntoResponse;
use bytes::Bytes;
use dintero::payments::{StoredSession, Transaction};
use dintero::webhook::CallbackVerifier;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{About, DeliveryStatus, News, session_callback};
use crate::Sandbox;

/// A server of a merchant that keeps its requests.
#[derive(Clone)]
pub(crate) struct Merchant {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

impl Merchant {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let merchant = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            statuses: Arc::default(),
        };
        let shared = merchant.clone();
        let handler = move |request: axum::extract::Request| async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap();
            let request = Request::from_parts(parts, body);
            shared.requests.lock().unwrap().push(request);
            let status = shared.statuses.lock().unwrap().pop_front().unwrap_or(200);
            let status = StatusCode::from_u16(status).unwrap();
            (status, [("x-shop", "a")], "{}").into_response()
        };
        let router = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, router).await });
        merchant
    }

    /// The next responses have these statuses, the others 200.
    fn respond(&self, statuses: &[u16]) {
        *self.statuses.lock().unwrap() = statuses.iter().copied().collect();
    }

    fn take(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

const START: u64 = 1_800_000_000;

async fn sandbox() -> Sandbox {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(START);
    let builder = Sandbox::builder()
        .seed(1)
        .clock(start)
        .check_responses(true);
    builder.start().await.unwrap()
}

fn session(sandbox: &Sandbox, callback_url: &str) -> StoredSession {
    serde_json::from_value(json!({
        "id": format!("{}.session", sandbox.account()),
        "order": { "amount": 100, "currency": "NOK", "merchant_reference": "order 1042" },
        "url": { "return_url": "https://shop.example/", "callback_url": callback_url },
    }))
    .unwrap()
}

fn transaction(sandbox: &Sandbox) -> Transaction {
    serde_json::from_value(json!({
        "id": format!("{}.transaction", sandbox.account()),
        "session_id": format!("{}.session", sandbox.account()),
        "amount": 100, "currency": "NOK", "status": "AUTHORIZED", "merchant_reference": "order 1042",
        "customer_ip": "127.0.0.1", "account_id": sandbox.account(),
    }))
    .unwrap()
}

async fn tell(sandbox: &Sandbox, callback_url: &str, news: News<'_>) {
    let session = session(sandbox, callback_url);
    let told = sandbox
        .inner
        .change(|state| session_callback(state, &session, news))
        .await;
    assert!(told.is_ok());
    sandbox.settled().await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The signature by the words of Dintero's page, without the crate's code: names without anything to escape.
fn signature(sandbox: &Sandbox, request: &Request<Bytes>, time: u64) -> String {
    let query = request.uri().query().unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_by_key(|pair| pair.split('=').next().unwrap());
    let text = [
        time.to_string(),
        sandbox.account(),
        request.method().to_string(),
        "127.0.0.1".to_owned(),
        request.uri().path().to_owned(),
        pairs.join("&"),
    ];
    let secret = sandbox.callback_secret();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.join("\n").as_bytes());
    format!(
        "t={time},v0-hmac-sha256={}",
        hex(&mac.finalize().into_bytes())
    )
}

fn verifier(sandbox: &Sandbox) -> CallbackVerifier {
    let now = sandbox.inner.read(|state| state.now());
    let account = sandbox.account().parse().unwrap();
    let verifier = CallbackVerifier::new(account, [sandbox.callback_secret()]).unwrap();
    verifier.clock(move || now)
}

#[tokio::test]
async fn a_callback_is_signed_and_has_its_parameters() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    let transaction = transaction(&sandbox);
    let news = News {
        transaction: Some(&transaction),
        ..News::default()
    };
    tell(&sandbox, &format!("{}/cb?shop=7&B=1", merchant.url), news).await;
    let requests = merchant.take();
    let [request] = &*requests else {
        panic!("{requests:?}")
    };
    assert_eq!(request.method(), "GET");
    let callback = verifier(&sandbox).verify(request).unwrap();
    assert_eq!(callback.transaction_id(), Some(transaction.id.as_str()));
    let id = format!("{}.session", sandbox.account());
    assert_eq!(callback.session_id(), Some(&*id));
    assert_eq!(callback.merchant_reference(), Some("order 1042"));
    assert_eq!(callback.time().unwrap().to_string(), "2027-01-15T08:00:00Z");
    assert_eq!(callback.get("shop"), Some("7"));
    assert_eq!(callback.get("error"), None);
    let header = request.headers()["dintero-signature"].to_str().unwrap();
    assert_eq!(header, signature(&sandbox, request, START));
    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].status, DeliveryStatus::Delivered);
    assert_eq!(deliveries[0].about, About::Callback { session: id });
    assert_eq!(
        callback.unverified_event_delivery(),
        Some(&*deliveries[0].id)
    );
    let attempt = &deliveries[0].attempts[0];
    assert_eq!((attempt.status, &*attempt.body), (Some(200), "{}"));
    assert!(attempt.headers.contains(&("x-shop".into(), "a".into())));
}

#[tokio::test]
async fn the_merchants_url_chooses() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    let transaction = transaction(&sandbox);
    let paid = News {
        transaction: Some(&transaction),
        ..News::default()
    };
    let url = &merchant.url;
    tell(
        &sandbox,
        &format!("{url}/?method=POST&sid_parameter_name=sid"),
        paid,
    )
    .await;
    let post = merchant.take().remove(0);
    assert_eq!(post.method(), "POST");
    assert_eq!(post.headers()["content-type"], "application/json");
    let body: Value = serde_json::from_slice(post.body()).unwrap();
    assert_eq!(body["id"], *transaction.id.as_str());
    assert_eq!(body.get("session"), None);
    let callback = verifier(&sandbox).verify(&post).unwrap();
    assert!(callback.get("sid").is_some() && callback.get("session_id").is_none());
    let header = post.headers()["dintero-signature"].to_str().unwrap();
    assert_eq!(header, signature(&sandbox, &post, START));

    tell(
        &sandbox,
        &format!("{url}/?method=POST&includes=session"),
        paid,
    )
    .await;
    let body: Value = serde_json::from_slice(merchant.take().remove(0).body()).unwrap();
    assert_eq!(body["session"]["order"]["amount"], 100);

    let failed = News {
        error: Some("cancelled"),
        ..News::default()
    };
    tell(&sandbox, &format!("{url}/"), failed).await;
    assert_eq!(merchant.take().len(), 0);
    tell(
        &sandbox,
        &format!("{url}/?report_error=true&method=POST"),
        failed,
    )
    .await;
    let request = merchant.take().remove(0);
    assert!(request.body().is_empty());
    let callback = verifier(&sandbox).verify(&request).unwrap();
    assert_eq!(callback.error(), Some("cancelled".into()));
    assert_eq!(callback.transaction_id(), None);
    assert_eq!(callback.merchant_reference(), Some("order 1042"));

    let refunded = News {
        event: Some(("REFUND", "3")),
        ..paid
    };
    tell(&sandbox, &format!("{url}/?report_event=CAPTURE"), refunded).await;
    assert_eq!(merchant.take().len(), 0);
    let both = format!("{url}/?report_event=CAPTURE&report_event=REFUND");
    tell(&sandbox, &both, refunded).await;
    let callback = verifier(&sandbox).verify(&merchant.take()[0]).unwrap();
    assert_eq!(callback.event(), Some("REFUND".into()));
    assert_eq!(callback.event_id(), Some("3"));

    tell(&sandbox, &format!("{url}/?delay_callback=3600"), paid).await;
    assert_eq!(merchant.take().len(), 0);
    sandbox.advance(Duration::from_secs(59)).await.unwrap();
    sandbox.settled().await;
    assert_eq!(merchant.take().len(), 0);
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    sandbox.settled().await;
    assert_eq!(merchant.take().len(), 1);
}

#[tokio::test]
async fn failures_are_retried_or_final() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    let url = format!("{}/", merchant.url);
    let last = || sandbox.deliveries().pop().unwrap();

    merchant.respond(&[500, 503]);
    tell(&sandbox, &url, News::default()).await;
    assert_eq!(last().status, DeliveryStatus::Waiting);
    let mut signatures = Vec::new();
    for seconds in [0, 10, 20] {
        sandbox.advance(Duration::from_secs(seconds)).await.unwrap();
        sandbox.settled().await;
        for request in merchant.take() {
            // Signed at the time of the attempt, so a verifier accepts it.
            verifier(&sandbox).verify(&request).unwrap();
            signatures.push(request.headers()["dintero-signature"].clone());
        }
    }
    let statuses: Vec<_> = last()
        .attempts
        .iter()
        .map(|attempt| attempt.status)
        .collect();
    assert_eq!(statuses, [Some(500), Some(503), Some(200)]);
    assert_eq!(last().status, DeliveryStatus::Delivered);
    signatures.dedup();
    assert_eq!(signatures.len(), 3);

    for status in [400, 404, 302, 204] {
        merchant.respond(&[status]);
        tell(&sandbox, &url, News::default()).await;
        sandbox.advance(Duration::from_secs(86_400)).await.unwrap();
        sandbox.settled().await;
        assert_eq!(merchant.take().len(), 1, "{status}");
        assert_eq!(last().status, DeliveryStatus::Failed);
        assert!(last().error.unwrap().contains(&status.to_string()));
    }

    // Those that are sent by hand don't use up the retries.
    merchant.respond(&[500; 40]);
    tell(&sandbox, &url, News::default()).await;
    sandbox.replay(&last().id).await.unwrap();
    for _ in 0..30 {
        sandbox.settled().await;
        sandbox.advance(Duration::from_secs(3600)).await.unwrap();
    }
    sandbox.settled().await;
    assert_eq!(last().attempts.len(), 22);
    assert_eq!(last().status, DeliveryStatus::Failed);

    // Sent again by hand: more attempts, and it is delivered.
    merchant.respond(&[]);
    sandbox.replay(&last().id).await.unwrap();
    sandbox.settled().await;
    assert_eq!(last().attempts.len(), 23);
    assert_eq!(last().status, DeliveryStatus::Delivered);
    assert!(sandbox.replay("unknown").await.is_err());

    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    tell(&sandbox, &format!("http://{address}/"), News::default()).await;
    let attempt = last().attempts.remove(0);
    assert!(attempt.error.unwrap().starts_with("could not connect"));
    assert_eq!(last().status, DeliveryStatus::Waiting);

    tell(&sandbox, "http://shop.example/", News::default()).await;
    assert_eq!(last().status, DeliveryStatus::Failed);
    assert!(last().attempts.is_empty());
}

/// Sent again while a retry is planned: the retry still happens, unless it has arrived meanwhile.
#[tokio::test]
async fn replays_do_not_replace_retries() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    merchant.respond(&[500, 500]);
    tell(&sandbox, &merchant.url, News::default()).await;
    let id = sandbox.deliveries()[0].id.clone();
    sandbox.replay(&id).await.unwrap();
    sandbox.settled().await;
    assert_eq!(sandbox.deliveries()[0].status, DeliveryStatus::Waiting);
    sandbox.advance(Duration::from_secs(10)).await.unwrap();
    sandbox.settled().await;
    assert_eq!(sandbox.deliveries()[0].status, DeliveryStatus::Delivered);
    assert_eq!(sandbox.deliveries()[0].attempts.len(), 3);

    merchant.respond(&[500]);
    tell(&sandbox, &merchant.url, News::default()).await;
    let id = sandbox.deliveries()[1].id.clone();
    sandbox.replay(&id).await.unwrap();
    sandbox.settled().await;
    sandbox.advance(Duration::from_secs(3600)).await.unwrap();
    sandbox.settled().await;
    assert_eq!(sandbox.deliveries()[1].attempts.len(), 2);
}

/// A merchant that never responds.
#[tokio::test]
async fn a_callback_waits_ten_seconds() {
    let sandbox = sandbox().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::time::pause();
    tell(&sandbox, &url, News::default()).await;
    let delivery = sandbox.deliveries().remove(0);
    let error = delivery.attempts[0].error.as_deref();
    assert_eq!(error, Some("no response within 10 s"));
    assert_eq!(delivery.status, DeliveryStatus::Waiting);
}

#[tokio::test]
async fn the_secret_of_callbacks_is_made_and_read() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    let client = sandbox.client().unwrap();
    let before = client
        .checkout()
        .get_signature_secret()
        .send()
        .await
        .unwrap();
    let secret = |one: dintero::checkout::SignatureV0| one.signature.unwrap().secret.unwrap();
    assert_eq!(secret(before), sandbox.callback_secret());
    let created = client
        .checkout()
        .create_signature_secret()
        .send()
        .await
        .unwrap();
    let created = secret(created);
    assert_eq!(created, sandbox.callback_secret());
    tell(&sandbox, &merchant.url, News::default()).await;
    let account = sandbox.account().parse().unwrap();
    let now = sandbox.inner.read(|state| state.now());
    let verifier = CallbackVerifier::new(account, [created])
        .unwrap()
        .clock(move || now);
    verifier.verify(&merchant.take()[0]).unwrap();
}

/// A delivery that a killed process had not sent is sent by the next one.
#[tokio::test]
async fn deliveries_are_in_the_state_file() {
    let directory = std::env::temp_dir().join(format!("dintero-sandbox-{}", std::process::id()));
    let _ = std::fs::remove_file(&directory);
    let merchant = Merchant::start().await;
    merchant.respond(&[500]);
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(START);
    let builder = || {
        Sandbox::builder()
            .seed(1)
            .clock(start)
            .state_file(&directory)
    };
    let sandbox = builder().start().await.unwrap();
    tell(&sandbox, &merchant.url, News::default()).await;
    assert_eq!(sandbox.deliveries()[0].attempts.len(), 1);
    let id = sandbox.deliveries()[0].id.clone();
    let account = sandbox.account();
    drop(sandbox);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let sandbox = builder().start().await.unwrap();
    assert_eq!(sandbox.account(), account);
    sandbox.advance(Duration::from_secs(10)).await.unwrap();
    sandbox.settled().await;
    let delivery = sandbox.deliveries().remove(0);
    assert_eq!(
        (delivery.id, delivery.status),
        (id, DeliveryStatus::Delivered)
    );
    assert_eq!(merchant.take().len(), 2);
    let _ = std::fs::remove_file(&directory);
}
