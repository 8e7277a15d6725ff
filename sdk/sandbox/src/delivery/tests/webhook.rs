//! Webhook subscriptions.

use std::time::Duration;

use dintero::hooks::{SubscriptionConfig, SubscriptionEvent, SubscriptionId};
use dintero::webhook::{Event, WebhookVerifier};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

use super::{Merchant, hex, sandbox, tell, transaction};
use crate::Sandbox;
use crate::delivery::{DeliveryStatus, News};
use crate::pay::transaction_event;

async fn subscribe(
    sandbox: &Sandbox,
    url: &str,
    fill: impl FnOnce(Value) -> Value,
) -> SubscriptionId {
    let body = fill(json!({
        "config": { "url": url, "secret": { "type": "HMAC-SHA1", "value": "s3cret" } },
        "events": ["checkout_transaction"],
    }));
    let client = sandbox.client().unwrap();
    let subscription: dintero::hooks::Subscription = serde_json::from_value(body).unwrap();
    let mut request = client
        .hooks()
        .create_subscription()
        .config(*subscription.config.unwrap())
        .events(subscription.events);
    if let Some(fields) = subscription.fields {
        request = request.fields(fields);
    }
    if !subscription.exclude_fields.is_empty() {
        request = request.exclude_fields(subscription.exclude_fields);
    }
    request.send().await.unwrap().id.clone().unwrap()
}

async fn transact(sandbox: &Sandbox) {
    let transaction = transaction(sandbox);
    let sent = sandbox
        .inner
        .change(|state| transaction_event(state, &transaction))
        .await;
    assert!(sent.is_ok());
    sandbox.settled().await;
}

#[tokio::test]
async fn subscriptions_receive_signed_events() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    let id = subscribe(&sandbox, &format!("{}/hook", merchant.url), |body| body).await;
    sandbox.settled().await;
    let ping = merchant.take().remove(0);
    assert_eq!(ping.headers()["event"], "ping");
    let verifier = WebhookVerifier::new(["s3cret"]).unwrap();
    verifier.verify(&ping).unwrap();
    let body: Value = serde_json::from_slice(ping.body()).unwrap();
    assert_eq!(body["id"], *id.as_str());

    transact(&sandbox).await;
    let request = merchant.take().remove(0);
    assert_eq!(request.headers()["event"], "checkout_transaction");
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(b"s3cret").unwrap();
    mac.update(request.body());
    let expected = hex(&mac.finalize().into_bytes());
    assert_eq!(request.headers()["event-signature"], *expected);
    let webhook = verifier.verify(&request).unwrap();
    let delivery = request.headers()["event-delivery"].to_str().unwrap();
    assert_eq!(webhook.delivery_id(), delivery);
    let Event::CheckoutTransaction(event) = webhook.event().unwrap() else {
        panic!("{:?}", webhook.event())
    };
    assert_eq!(event.account_id.unwrap().to_string(), sandbox.account());
    assert_eq!(event.transaction.unwrap().id, transaction(&sandbox).id);
    // Not subscribed to.
    tell(&sandbox, "", News::default()).await;
    assert!(merchant.take().is_empty());

    let client = sandbox.client().unwrap();
    let hooks = client.hooks();
    let listed = hooks.list_deliveries(&id).send().await.unwrap();
    assert_eq!(listed.len(), 2);
    let details = hooks
        .get_delivery(&id, listed[1].id.as_ref().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(details.status, Some(200));
    assert_eq!(
        details.request.unwrap().headers.unwrap().event_signature,
        Some(expected)
    );
    assert_eq!(details.response.unwrap().body.as_deref(), Some("{}"));
    assert_eq!(details.details.unwrap().delivery_success, Some(true));

    hooks.ping_subscription(&id).send().await.unwrap();
    sandbox.settled().await;
    assert_eq!(merchant.take()[0].headers()["event"], "ping");

    let deleted = hooks.delete_subscription(&id).send().await.unwrap();
    assert!(deleted.deleted_at.is_some());
    transact(&sandbox).await;
    assert!(merchant.take().is_empty());
    let again = hooks.delete_subscription(&id).send().await.unwrap_err();
    assert_eq!(again.status().map(|status| status.as_u16()), Some(404));
}

#[tokio::test]
async fn fields_are_left_out() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    subscribe(&sandbox, &merchant.url, |mut body| {
        body["exclude_fields"] = json!(["customer_ip"]);
        body
    })
    .await;
    subscribe(&sandbox, &merchant.url, |mut body| {
        body["fields"] = json!("transaction(id,status)");
        body
    })
    .await;
    sandbox.settled().await;
    merchant.take();
    transact(&sandbox).await;
    let mut requests = merchant.take();
    requests.sort_by_key(|request| std::cmp::Reverse(request.body().len()));
    let body = |index: usize| serde_json::from_slice::<Value>(requests[index].body()).unwrap();
    assert_eq!(body(0)["transaction"].get("customer_ip"), None);
    assert_eq!(body(0)["transaction"]["amount"], 100);
    let id = transaction(&sandbox).id;
    assert_eq!(
        body(1)["transaction"],
        json!({ "id": id, "status": "AUTHORIZED" })
    );
    assert_eq!(body(1)["event"], "checkout_transaction");
}

#[tokio::test]
async fn failing_subscriptions_are_deleted() {
    let (sandbox, merchant) = (sandbox().await, Merchant::start().await);
    let id = subscribe(&sandbox, &merchant.url, |body| body).await;
    sandbox.settled().await;
    // The ping arrived; 302 is as bad as 500, and each is sent five times.
    for round in 1..=5 {
        merchant.take();
        merchant.respond(&[500, 302, 500, 500, 500]);
        transact(&sandbox).await;
        for _ in 0..10 {
            sandbox.advance(Duration::from_secs(3600)).await.unwrap();
            sandbox.settled().await;
        }
        assert_eq!(merchant.take().len(), 5, "{round}");
        let failed = sandbox.deliveries().pop().unwrap();
        assert_eq!(failed.status, DeliveryStatus::Failed);
        if round == 2 {
            // One that arrives starts the count again, and one that is ignored does not count.
            merchant.respond(&[400, 200]);
            transact(&sandbox).await;
            transact(&sandbox).await;
            let deliveries = sandbox.deliveries();
            let [.., ignored, delivered] = &*deliveries else {
                panic!("{deliveries:?}")
            };
            assert_eq!(ignored.status, DeliveryStatus::Failed);
            assert_eq!(ignored.attempts.len(), 1);
            assert_eq!(delivered.status, DeliveryStatus::Delivered);
        }
    }
    // Tokens expire meanwhile.
    let subscription = || async {
        let client = sandbox.client().unwrap();
        let found = client.hooks().get_subscription(&id).send().await;
        found.unwrap()
    };
    assert!(subscription().await.deleted_at.is_none());
    // Three have failed in a row.
    for count in [4, 5] {
        merchant.respond(&[500; 5]);
        transact(&sandbox).await;
        for _ in 0..10 {
            sandbox.advance(Duration::from_secs(3600)).await.unwrap();
            sandbox.settled().await;
        }
        let is_deleted = subscription().await.deleted_at.is_some();
        assert_eq!(is_deleted, count == 5);
    }
    let client = sandbox.client().unwrap();
    let count = |deleted: bool| {
        let list = client.hooks().list_subscriptions().include_deleted(deleted);
        async move { list.send().await.unwrap().len() }
    };
    assert_eq!((count(false).await, count(true).await), (0, 1));
}

#[tokio::test]
async fn subscriptions_that_would_not_work_are_refused() {
    let sandbox = sandbox().await;
    let client = sandbox.client().unwrap();
    let create = |url: &str, fields: Option<&str>| {
        let config = SubscriptionConfig::builder().url(url).build();
        let request = client.hooks().create_subscription().config(config);
        let request = request.events([SubscriptionEvent::CheckoutTransaction]);
        let request = match fields {
            Some(fields) => request.fields(fields),
            None => request,
        };
        async move { request.send().await.map_err(|error| error.to_string()) }
    };
    let error = create("http://shop.example/", None).await.unwrap_err();
    assert!(error.contains("config.url"), "{error}");
    let error = create("https://shop.example/", Some("a("))
        .await
        .unwrap_err();
    assert!(error.contains("fields"), "{error}");
}
