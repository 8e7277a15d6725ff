//! Random flows: whatever merchants and customers do, in any order, sums stay sound, and each callback is delivered or
//! listed as failed. `DINTERO_SANDBOX_FLOWS` sets the number of flows.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::get;
use dintero::payments::*;
use dintero::{Amount, Client, Currency};
use dintero_sandbox::{Choice, DeliveryStatus, Plan, Sandbox};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What must be true of a transaction, kept beside the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Expected {
    authorized: i64,
    captured: i64,
    refunded: i64,
    voided: i64,
}

impl Expected {
    fn uncaptured(&self) -> i64 {
        self.authorized - self.captured - self.voided
    }

    fn unrefunded(&self) -> i64 {
        self.captured - self.refunded
    }

    fn can_void(&self) -> bool {
        self.uncaptured() > 0 && self.refunded == 0
    }
}

/// A shop's server that fails now and then, and what it was told: how often, by the id of the delivery.
#[derive(Clone, Default)]
struct Shop(Arc<Mutex<BTreeMap<String, usize>>>);

impl Shop {
    async fn start(&self) -> Result<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/callback", listener.local_addr()?);
        let log = Arc::clone(&self.0);
        let answer = move |headers: axum::http::HeaderMap| {
            let log = Arc::clone(&log);
            async move {
                let id = headers
                    .get("event-delivery")
                    .and_then(|id| id.to_str().ok());
                let mut log = log.lock().unwrap();
                let count = log.entry(id.unwrap_or_default().to_owned()).or_default();
                *count += 1;
                // The first attempt of every third delivery fails for now, that of every seventh for good.
                let nth = log.len();
                match nth % 21 {
                    0 => (StatusCode::NOT_FOUND, "{}"),
                    7 | 14 => (StatusCode::SERVICE_UNAVAILABLE, "{}"),
                    _ => (StatusCode::OK, "{}"),
                }
            }
        };
        let router = axum::Router::new().route("/callback", get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(url)
    }
}

struct Flow {
    random: fastrand::Rng,
    client: Client,
    callback: String,
    transactions: Vec<(TransactionId, Expected)>,
    done: BTreeMap<&'static str, usize>,
}

impl Flow {
    async fn step(&mut self, sandbox: &Sandbox) -> Result {
        let what = match self.random.u8(..10) {
            0..3 => "pay",
            3..6 => "capture",
            6..8 => "refund",
            8 => "void",
            _ => "plan",
        };
        *self.done.entry(what).or_default() += 1;
        if what == "pay" || self.transactions.is_empty() {
            return self.pay(sandbox).await;
        }
        let index = self.random.usize(..self.transactions.len());
        let (id, expected) = self.transactions[index].clone();
        let plan = (what == "plan").then(|| match self.random.bool() {
            true => Plan::Fails("NO".to_owned()),
            false => Plan::Later {
                after: Some(Duration::from_millis(1)),
                fails: None,
            },
        });
        let expected = match what {
            "refund" => self.refund(&id, expected).await?,
            "void" => self.void(&id, expected).await?,
            _ => self.capture(sandbox, &id, expected, plan).await?,
        };
        self.transactions[index].1 = expected;
        check(&self.client, &id, expected).await
    }

    async fn pay(&mut self, sandbox: &Sandbox) -> Result {
        let amount = self.random.i64(1..100_000);
        let order = SessionOrder::builder()
            .amount(Amount::minor(amount))
            .currency(Currency::NOK);
        let urls = SessionUrls::builder()
            .return_url("https://shop.example/")
            .callback_url(&*self.callback);
        let session = self.client.payments().create_session();
        let session = session
            .profile_id(ProfileId::new("default"))
            .url(urls.build());
        let session = session
            .order(order.merchant_reference("1").build())
            .send()
            .await?;
        let choice = match self.random.u8(..6) {
            0 => Choice::Declined("INSUFFICIENT_FUNDS".to_owned()),
            1 => Choice::Cancelled,
            2 => Choice::OnHold,
            _ => Choice::Paid,
        };
        let done = sandbox
            .choose(&session.id, "payex.creditcard", choice.clone())
            .await?;
        let Some(id) = done.transaction.map(TransactionId::new) else {
            assert_eq!(choice, Choice::Cancelled);
            return Ok(());
        };
        let expected = Expected {
            authorized: amount,
            ..Expected::default()
        };
        match choice {
            Choice::Declined(_) => return refuses(&self.client, &id, "FAILED").await,
            Choice::OnHold => {
                refuses(&self.client, &id, "ON_HOLD").await?;
                let approve = self.random.bool();
                sandbox.review(id.as_str(), approve).await?;
                if !approve {
                    return refuses(&self.client, &id, "FAILED").await;
                }
            }
            _ => {}
        }
        check(&self.client, &id, expected).await?;
        self.transactions.push((id, expected));
        Ok(())
    }

    async fn capture(
        &mut self,
        sandbox: &Sandbox,
        id: &TransactionId,
        mut expected: Expected,
        plan: Option<Plan>,
    ) -> Result<Expected> {
        // Sometimes more than what is left.
        let amount = self.random.i64(1..=expected.uncaptured().max(1) + 100);
        let fits = amount <= expected.uncaptured();
        let is_refused = matches!(plan, Some(Plan::Fails(_)));
        if let Some(plan) = plan.clone().filter(|_| fits) {
            sandbox.plan("CAPTURE", plan).await?;
        }
        let capture = self
            .client
            .payments()
            .capture_transaction(id)
            .amount(Amount::minor(amount));
        let result = capture.send_with_response().await;
        assert_eq!(
            result.is_ok(),
            fits && !is_refused,
            "{amount} of {expected:?}: {result:?}"
        );
        if let Ok(response) = result {
            if response.status() == 202 {
                sandbox.advance(Duration::from_millis(1)).await?;
                sandbox.settled().await;
            }
            expected.captured += amount;
        }
        Ok(expected)
    }

    async fn refund(&mut self, id: &TransactionId, mut expected: Expected) -> Result<Expected> {
        let amount = self.random.i64(1..=expected.unrefunded().max(1) + 100);
        let refund = self
            .client
            .payments()
            .refund_transaction(id)
            .amount(Amount::minor(amount));
        let result = refund.send().await;
        assert_eq!(
            result.is_ok(),
            amount <= expected.unrefunded(),
            "{amount} of {expected:?}: {result:?}"
        );
        if result.is_ok() {
            expected.refunded += amount;
        }
        Ok(expected)
    }

    async fn void(&mut self, id: &TransactionId, mut expected: Expected) -> Result<Expected> {
        let result = self.client.payments().void_transaction(id).send().await;
        assert_eq!(
            result.is_ok(),
            expected.can_void(),
            "{expected:?}: {result:?}"
        );
        if result.is_ok() {
            expected.voided += expected.uncaptured();
        }
        Ok(expected)
    }
}

/// Checks a transaction by its JSON alone.
async fn check(client: &Client, id: &TransactionId, expected: Expected) -> Result {
    let response = client
        .payments()
        .get_transaction(id)
        .send_with_response()
        .await?;
    let json = serde_json::to_value(response.into_value())?;
    let sum = |kind: &str| -> i64 {
        let events = json["events"].as_array().into_iter().flatten();
        events
            .filter(|event| event["event"] == kind && event["success"] == true)
            .filter_map(|event| event["amount"].as_i64())
            .sum()
    };
    let found = Expected {
        authorized: json["amount"].as_i64().unwrap_or_default(),
        captured: sum("CAPTURE"),
        refunded: sum("REFUND"),
        voided: sum("VOID"),
    };
    assert_eq!(found, expected, "{json}");
    assert!(found.captured + found.voided <= found.authorized && found.refunded <= found.captured);
    Ok(())
}

/// Checks that nothing can be done with a transaction.
async fn refuses(client: &Client, id: &TransactionId, status: &str) -> Result {
    let transaction = client.payments().get_transaction(id).send().await?;
    assert_eq!(transaction.status.as_str(), status);
    let one = Amount::minor(1);
    assert!(
        client
            .payments()
            .capture_transaction(id)
            .amount(one)
            .send()
            .await
            .is_err()
    );
    assert!(
        client
            .payments()
            .refund_transaction(id)
            .amount(one)
            .send()
            .await
            .is_err()
    );
    assert!(client.payments().void_transaction(id).send().await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_stay_sound_whatever_happens() -> Result {
    let wanted = std::env::var("DINTERO_SANDBOX_FLOWS").ok();
    let flows: u64 = wanted.map_or(Ok(20), |text| text.parse())?;
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut deliveries, mut failed) = (0, 0);
    for seed in 0..flows {
        let clock = std::time::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        let sandbox = Sandbox::builder()
            .seed(seed)
            .clock(clock)
            .check_responses(true);
        let sandbox = sandbox.start().await?;
        let shop = Shop::default();
        let mut flow = Flow {
            random: fastrand::Rng::with_seed(seed),
            client: sandbox
                .client_builder()
                .retry(dintero::RetryPolicy::none())
                .build()?,
            callback: shop.start().await?
                + "?report_error=true&report_event=CAPTURE&report_event=REFUND",
            transactions: Vec::new(),
            done: BTreeMap::new(),
        };
        for _ in 0..40 {
            flow.step(&sandbox).await?;
        }
        for (id, expected) in &flow.transactions {
            check(&flow.client, id, *expected).await?;
        }
        // Every retry is due in the meantime.
        for _ in 0..40 {
            sandbox.advance(Duration::from_secs(24 * 60 * 60)).await?;
            sandbox.settled().await;
        }
        let seen = shop.0.lock().unwrap().clone();
        for delivery in sandbox.deliveries() {
            assert_ne!(delivery.status, DeliveryStatus::Waiting, "{delivery:?}");
            let arrived = delivery.attempts.len();
            assert_eq!(
                seen.get(&delivery.id).copied(),
                Some(arrived),
                "{delivery:?}"
            );
            deliveries += 1;
            failed += usize::from(delivery.status == DeliveryStatus::Failed);
        }
        for (what, count) in flow.done {
            *done.entry(what).or_default() += count;
        }
    }
    println!("{flows} flows: {done:?}; {deliveries} callbacks, of which {failed} failed for good");
    assert!(failed > 0 && deliveries > failed);
    Ok(())
}
