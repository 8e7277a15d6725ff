//! What merchants receive when customers pay, through the crate `dintero` alone.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use bytes::Bytes;
use dintero::hooks::{HmacSha1, SubscriptionConfig, SubscriptionEvent, SubscriptionSecret};
use dintero::payments::*;
use dintero::webhook::{CallbackUrl, CallbackVerifier, Event, WebhookVerifier};
use dintero::*;
use dintero_sandbox::{About, Choice, DeliveryStatus, Fault, Sandbox};
use http::Request;

use crate::support::checked;

type Tested = Result<(), Box<dyn std::error::Error>>;

#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<Request<Bytes>>>>);

impl Received {
    fn take(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

async fn merchant() -> Result<(String, Received), std::io::Error> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let received = Received::default();
    let shared = received.clone();
    let handler = move |request: axum::extract::Request| async move {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20)
            .await
            .unwrap_or_default();
        shared
            .0
            .lock()
            .unwrap()
            .push(Request::from_parts(parts, body));
        "{}"
    };
    let router = Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((url, received))
}

async fn session(client: &Client, callback_url: String) -> Result<SessionId, Error> {
    let created = client
        .payments()
        .create_session()
        .order(
            SessionOrder::builder()
                .amount(Amount::minor(29_990))
                .currency(Currency::NOK)
                .merchant_reference("1042")
                .build(),
        )
        .url(
            SessionUrls::builder()
                .return_url("https://shop.example/return")
                .callback_url(callback_url)
                .build(),
        )
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;
    Ok(created.id.clone())
}

#[tokio::test]
async fn a_payment_is_told_to_its_shop_and_to_subscribers() -> Tested {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let builder = Sandbox::builder().seed(1).clock(start);
    let sandbox = builder.check_responses(true).start().await?;
    let (url, received) = merchant().await?;
    let client = sandbox.client()?;
    let secret = HmacSha1::builder().value("s3cret").build();
    let config = SubscriptionConfig::builder()
        .url(format!("{url}/hook"))
        .secret(SubscriptionSecret::from(secret))
        .build();
    client
        .hooks()
        .create_subscription()
        .config(config)
        .events([
            SubscriptionEvent::CheckoutTransaction,
            SubscriptionEvent::CheckoutAuthorization,
        ])
        .send()
        .await?;
    let callback_url = CallbackUrl::new(&format!("{url}/callback"))?
        .report_error()
        .report_events([dintero::webhook::CallbackEvent::Capture])
        .to_string();
    let id = session(&client, callback_url.clone()).await?;
    let paid = sandbox.pay(&id).await?;
    let transaction = TransactionId::new(paid.transaction.ok_or("no transaction")?);
    let capture = client.payments().capture_transaction(&transaction);
    capture.amount(Amount::minor(29_990)).send().await?;
    let other = session(&client, callback_url).await?;
    sandbox.choose(&other, "", Choice::Cancelled).await?;
    sandbox.settled().await;

    let callbacks = CallbackVerifier::new(sandbox.account().parse()?, [sandbox.callback_secret()])?
        .clock(move || start);
    let webhooks = WebhookVerifier::new(["s3cret"])?;
    let mut seen = Vec::new();
    for request in received.take() {
        if request.uri().path() == "/callback" {
            let callback = callbacks.verify(&request)?;
            let error = callback.error().map(|error| error.to_string());
            let event = callback.event().map(|event| event.to_string());
            let of = callback.transaction_id().unwrap_or_default();
            assert_eq!(of == transaction.as_str(), error.is_none());
            assert_eq!(callback.merchant_reference(), Some("1042"));
            seen.push(format!(
                "callback {}",
                error.or(event).unwrap_or("paid".into())
            ));
            continue;
        }
        let webhook = webhooks.verify(&request)?;
        seen.push(match webhook.event()? {
            Event::Ping(_) => "ping".to_owned(),
            Event::CheckoutTransaction(event) => {
                let status = event.transaction.and_then(|one| one.status);
                format!("transaction {}", status.ok_or("no status")?)
            }
            Event::CheckoutAuthorization(event) => {
                let error = event.authorization.and_then(|one| one.error);
                format!(
                    "authorization {}",
                    error.map_or("ok".to_owned(), |error| error.to_string())
                )
            }
            other => other.name().to_owned(),
        });
    }
    seen.sort();
    assert_eq!(
        seen,
        [
            "authorization cancelled",
            "authorization ok",
            "callback CAPTURE",
            "callback cancelled",
            "callback paid",
            "ping",
            "transaction AUTHORIZED",
            "transaction CAPTURED",
        ]
    );
    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries.len(), seen.len());
    for delivery in deliveries {
        assert_eq!(delivery.status, DeliveryStatus::Delivered);
        assert_eq!(delivery.attempts.len(), 1);
        if let About::Callback { session } = delivery.about {
            assert!(session == id.as_str() || session == other.as_str());
        }
    }
    Ok(())
}

/// Faults of webhooks are their own: callbacks are sent as usual.
#[tokio::test]
async fn webhooks_come_twice_or_never() -> Tested {
    let builder = checked();
    let sandbox = builder.start().await?;
    let (url, received) = merchant().await?;
    let client = sandbox.client()?;
    let config = SubscriptionConfig::builder().url(format!("{url}/hook"));
    let events = [SubscriptionEvent::CheckoutTransaction];
    let request = client.hooks().create_subscription().config(config.build());
    request.events(events).send().await?;
    sandbox.settled().await;
    received.take();
    let mut paths = Vec::new();
    for fault in [Fault::twice(), Fault::lost()] {
        sandbox.faults().next("webhook", fault).await?;
        let id = session(&client, format!("{url}/callback")).await?;
        sandbox.pay(&id).await?;
        sandbox.settled().await;
        let mut seen: Vec<_> = (received.take().iter())
            .map(|request| {
                let delivery = request.headers()["event-delivery"].to_str().unwrap();
                (request.uri().path().to_owned(), delivery.to_owned())
            })
            .collect();
        seen.sort();
        paths.push(seen);
    }
    let [twice, lost] = &*paths else {
        return Err("two payments".into());
    };
    let names = |seen: &[(String, String)]| -> Vec<String> {
        seen.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(twice), ["/callback", "/hook", "/hook"]);
    assert_eq!(twice[1], twice[2]);
    assert_eq!(names(lost), ["/callback"]);
    let failed = sandbox
        .deliveries()
        .into_iter()
        .filter(|one| one.status == DeliveryStatus::Failed);
    let about: Vec<_> = failed.map(|one| one.about).collect();
    assert!(matches!(&*about, [About::Webhook { event, .. }] if event == "checkout_transaction"));
    Ok(())
}
