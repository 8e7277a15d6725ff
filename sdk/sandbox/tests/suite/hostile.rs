//! Requests that no good client sends, and requests at the same time: an error response each, and sums that hold.

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dintero::payments::*;
use dintero::{Amount, Client, Currency, RetryPolicy};
use dintero_sandbox::{Choice, Plan, Sandbox};
use serde_json::{Value, json};

use crate::support::{checked, session};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A sandbox, and a client without the help of the crate `dintero`.
struct Raw {
    sandbox: Sandbox,
    http: reqwest::Client,
    token: String,
}

impl Raw {
    async fn start() -> Result<Self> {
        let sandbox = checked();
        Self::of(sandbox.start().await?).await
    }

    async fn of(sandbox: Sandbox) -> Result<Self> {
        let http = reqwest::Client::new();
        let account = sandbox.account();
        let url = format!("{}/v1/accounts/{account}", sandbox.url());
        let body = json!({ "grant_type": "client_credentials", "audience": url });
        let request = http
            .post(format!("{url}/auth/token"))
            .basic_auth(sandbox.client_id(), Some(sandbox.client_secret()));
        let sent = request.header("content-type", "application/json");
        let text = sent.body(body.to_string()).send().await?.text().await?;
        let answer: Value = serde_json::from_str(&text)?;
        let token = answer["access_token"].as_str().ok_or(text)?.to_owned();
        Ok(Self {
            sandbox,
            http,
            token,
        })
    }

    /// Sends a body of this type; returns the status and the body of the response.
    async fn send_as(
        &self,
        media_type: Option<&str>,
        path: &str,
        body: impl Into<reqwest::Body>,
    ) -> Result<(u16, Value)> {
        let request = self.http.post(format!("{}{path}", self.sandbox.url()));
        let request = request.bearer_auth(&self.token).body(body);
        let request = match media_type {
            Some(media_type) => request.header("content-type", media_type),
            None => request,
        };
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        let value = serde_json::from_str(&text).unwrap_or(json!({ "text": text }));
        Ok((status, value))
    }

    async fn send(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let json = Some("application/json");
        self.send_as(json, path, body.to_string()).await
    }

    async fn page(&self, path: &str) -> Result<(String, String)> {
        let response = self.http.get(format!("{}{path}", self.sandbox.url()));
        let response = response.send().await?;
        let policy = response.headers()["content-security-policy"].to_str()?;
        let policy = policy.to_owned();
        Ok((response.text().await?, policy))
    }
}

const SESSIONS: &str = "/v1/sessions-profile";

fn body(amount: &Value) -> Value {
    json!({
        "profile_id": "default",
        "order": { "amount": amount, "currency": "NOK", "merchant_reference": "1042" },
        "url": { "return_url": "https://shop.example/" },
    })
}

async fn paid(sandbox: &Sandbox, client: &Client, amount: i64) -> Result<TransactionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(Currency::NOK)
        .merchant_reference("1042");
    let session = session(client, order.build()).await?;
    let paid = Choice::Paid;
    let done = sandbox.choose(&session, "payex.creditcard", paid).await?;
    Ok(TransactionId::new(done.transaction.ok_or("none")?))
}

/// What was captured, voided and refunded by the events of a transaction.
fn sums(transaction: &Transaction) -> (i64, i64, i64) {
    let of = |kind: &str| {
        let events = transaction.events.iter().filter(|event| {
            let own = event.event.as_ref().map_or("", |kind| kind.as_str());
            own == kind && event.success == Some(true)
        });
        events
            .filter_map(|event| event.amount)
            .map(Amount::minor_units)
            .sum()
    };
    (of("CAPTURE"), of("VOID"), of("REFUND"))
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_hold_when_everything_happens_at_once() -> Result {
    let sandbox = Arc::new(checked().start().await?);
    let client = sandbox
        .client_builder()
        .retry(RetryPolicy::none())
        .build()?;
    for round in 0..12 {
        let id = paid(&sandbox, &client, 100).await?;
        let after = Some(Duration::from_millis(20));
        if round % 3 == 0 {
            let fails = (round % 2 == 0).then(|| "ERROR".to_owned());
            sandbox
                .plan("CAPTURE", Plan::Later { after, fails })
                .await?;
            sandbox
                .plan("REFUND", Plan::Later { after, fails: None })
                .await?;
        }
        let mut tasks = tokio::task::JoinSet::new();
        for part in 0..12 {
            let (client, id) = (client.clone(), id.clone());
            tasks.spawn(async move {
                let payments = client.payments();
                let amount = Amount::minor(40);
                let _ = match part % 3 {
                    0 => {
                        payments
                            .capture_transaction(&id)
                            .amount(amount)
                            .send()
                            .await
                    }
                    1 => payments.void_transaction(&id).send().await,
                    _ => payments.refund_transaction(&id).amount(amount).send().await,
                };
            });
        }
        tasks.join_all().await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        sandbox.settled().await;
        let transaction = client.payments().get_transaction(&id).send().await?;
        let (captured, voided, refunded) = sums(&transaction);
        assert!(captured + voided <= 100, "{captured} + {voided}");
        assert!(refunded <= captured, "{refunded} of {captured}");
        assert_ne!((captured, transaction.status.as_str()), (0, "CAPTURED"));
        let is_void = transaction.status.as_str() == "AUTHORIZATION_VOIDED";
        assert_eq!(is_void, voided == 100, "{}", transaction.status);
    }
    Ok(())
}

#[tokio::test]
async fn a_capture_in_progress_is_not_voided() -> Result {
    let sandbox = checked().start().await?;
    let client = sandbox
        .client_builder()
        .retry(RetryPolicy::none())
        .build()?;
    let id = paid(&sandbox, &client, 100).await?;
    let fails = Some("ERROR".to_owned());
    let after = Some(Duration::from_secs(3600));
    sandbox
        .plan("CAPTURE", Plan::Later { after, fails })
        .await?;
    let capture = client.payments().capture_transaction(&id);
    let accepted = capture.amount(Amount::minor(70)).send().await?;
    let voided = client.payments().void_transaction(&id).send().await;
    let unknown = voided.unwrap_err();
    assert!(unknown.to_string().contains("does not know"), "{unknown}");
    let session = accepted.session_id.clone().ok_or("no session")?;
    let cancelled = client.payments().cancel_session(&session).send().await;
    assert!(cancelled.is_err());

    sandbox.advance(Duration::from_secs(3600)).await?;
    sandbox.settled().await;
    let failed = client.payments().get_transaction(&id).send().await?;
    assert_eq!(failed.capturable(), Some(Amount::minor(100)));
    let last = failed.events.last().ok_or("no event")?;
    let correction = last.correction.as_ref().ok_or("no correction")?;
    assert_eq!(correction.status.as_deref(), Some("AUTHORIZED"));
    let remaining = [
        correction.remaining_capture_amount,
        correction.remaining_refund_amount,
        correction.remaining_void_amount,
    ];
    assert_eq!(
        remaining,
        [100, 0, 100].map(|amount| Some(Amount::minor(amount)))
    );
    client.payments().cancel_session(&session).send().await?;
    let voided = client.payments().get_transaction(&id).send().await?;
    assert_eq!(sums(&voided), (0, 100, 0));
    Ok(())
}

#[tokio::test]
async fn amounts_of_every_kind() -> Result {
    let raw = Raw::start().await?;
    for refused in [
        json!(-1),
        json!(1_000_000_000_001_i64),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(1.5),
        json!("29990"),
        json!(null),
        json!([1]),
    ] {
        let (status, answer) = raw.send(SESSIONS, &body(&refused)).await?;
        assert_eq!(status, 400, "{refused}: {answer}");
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains("amount"), "{refused}: {answer}");
    }
    // A whole number, as some languages write it.
    for (whole, expected) in [(json!(29_990.0), 29_990), (json!(0), 0)] {
        let (status, answer) = raw.send(SESSIONS, &body(&whole)).await?;
        assert_eq!(status, 200, "{answer}");
        let id = answer["id"].as_str().ok_or("no id")?;
        let client = raw.sandbox.client()?;
        let done = raw.sandbox.pay(id).await?;
        let id = TransactionId::new(done.transaction.ok_or("none")?);
        let transaction = client.payments().get_transaction(&id).send().await?;
        assert_eq!(transaction.amount, Amount::minor(expected));
        let path = format!("/v1/transactions/{id}/capture");
        for amount in [0, -5, expected + 1] {
            let (status, answer) = raw.send(&path, &json!({ "amount": amount })).await?;
            assert_eq!(status, 400, "{answer}");
        }
    }
    // Lines whose sum is beyond every number.
    let mut session = body(&json!(1));
    let line = |id: usize| json!({ "line_id": id.to_string(), "description": "x", "quantity": 1, "amount": 1_000_000_000_000_i64 });
    session["order"]["items"] = (0..2000).map(line).collect();
    let (status, answer) = raw.send(SESSIONS, &session).await?;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().ok_or("no id")?;
    let (page, _) = raw.page(&format!("/v1/view/{id}")).await?;
    assert!(page.contains("Pay 0.01 NOK"), "{page}");
    Ok(())
}

#[tokio::test]
async fn bodies_of_every_kind() -> Result {
    let raw = Raw::start().await?;
    let good = body(&json!(100)).to_string();
    let json = Some("application/json");
    for (media_type, text, expected) in [
        (None, good.clone(), 200),
        (Some("application/json; charset=utf-8"), good.clone(), 200),
        (Some("text/plain"), good.clone(), 415),
        (Some("application/x-www-form-urlencoded"), good.clone(), 415),
        (Some("multipart/form-data; boundary=x"), good.clone(), 415),
        (json, String::new(), 400),
        (json, "{".to_owned(), 400),
        (json, "[]".to_owned(), 400),
        (json, "null".to_owned(), 400),
        (json, format!("{good}{good}"), 400),
        (json, "[".repeat(100_000), 400),
        (
            json,
            format!(
                "{{\"metadata\":{}{}}}",
                "{\"a\":".repeat(5000),
                "}".repeat(5000)
            ),
            400,
        ),
        (json, "x".repeat(5 << 20), 413),
    ] {
        let start: String = text.chars().take(40).collect();
        let (status, answer) = raw.send_as(media_type, SESSIONS, text).await?;
        assert_eq!(status, expected, "{media_type:?} {start}: {answer}");
        assert_eq!(
            answer["error"]["message"].is_string(),
            status != 200,
            "{answer}"
        );
    }
    let (status, _) = raw
        .send_as(json, SESSIONS, vec![b'"', 0xFF, 0xFE, b'"'])
        .await?;
    assert_eq!(status, 400);
    Ok(())
}

#[tokio::test]
async fn an_object_is_checked_as_the_kind_that_it_says_it_is() -> Result {
    let raw = Raw::start().await?;
    let path = format!("/v1/accounts/{}/hooks/subscriptions", raw.sandbox.account());
    let subscription = |secret: Value| {
        json!({
            "config": { "url": "https://shop.example/", "secret": secret },
            "events": ["checkout_transaction"],
        })
    };
    let without = json!({ "type": "HMAC-SHA1" });
    let (status, answer) = raw.send(&path, &subscription(without)).await?;
    assert_eq!(status, 400, "{answer}");
    let number = json!({ "type": "HMAC-SHA1", "value": 5 });
    let (status, answer) = raw.send(&path, &subscription(number)).await?;
    assert_eq!(status, 400, "{answer}");
    let right = json!({ "type": "HMAC-SHA1", "value": "s3cret" });
    let (status, answer) = raw.send(&path, &subscription(right)).await?;
    assert_eq!(status, 200, "{answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_finish_delay_nobody() -> Result {
    let raw = Raw::start().await?;
    let address = raw.sandbox.url().replace("http://", "");
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = std::net::TcpStream::connect(&address)?;
        stream.write_all(
            b"POST /v1/sessions-profile HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
        )?;
        slow.push(stream);
    }
    let started = Instant::now();
    let (status, _) = raw.send(SESSIONS, &body(&json!(100))).await?;
    assert_eq!(status, 200);
    assert!(started.elapsed() < Duration::from_secs(5));
    Ok(())
}

#[tokio::test]
async fn nothing_of_an_order_is_markup_on_a_page() -> Result {
    let raw = Raw::start().await?;
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let mut session = body(&json!(100));
    session["order"]["merchant_reference"] = evil.into();
    session["order"]["items"] =
        json!([{ "line_id": evil, "description": evil, "quantity": 1, "amount": 100 }]);
    session["url"] = json!({ "return_url": "javascript:alert(1)//", "callback_url": "http://127.0.0.1:9/?<script>" });
    session["customer"] = json!({ "email": "a@example.com", "customer_id": evil });
    session["metadata"] = json!({ "ext_note": evil });
    let (status, answer) = raw.send(SESSIONS, &session).await?;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().ok_or("no id")?.to_owned();
    let mut pages = vec![raw.page(&format!("/v1/view/{id}")).await?];
    let done = raw.sandbox.pay(&id).await?;
    let transaction = done.transaction.ok_or("none")?;
    raw.sandbox.settled().await;
    let delivery = raw.sandbox.deliveries().pop().ok_or("no delivery")?.id;
    for path in [
        "/".to_owned(),
        format!("/v1/view/{id}"),
        format!("/sandbox/sessions/{id}"),
        format!("/sandbox/transactions/{transaction}"),
        "/sandbox/transactions".to_owned(),
        "/sandbox/requests".to_owned(),
        "/sandbox/deliveries".to_owned(),
        format!("/sandbox/deliveries/{delivery}"),
        "/v1/view/%3Cscript%3Ealert(1)%3C%2Fscript%3E".to_owned(),
    ] {
        pages.push(raw.page(&path).await?);
    }
    for (page, policy) in &pages {
        assert!(
            !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
        assert!(
            !page.to_lowercase().contains("href=\"javascript:"),
            "{page}"
        );
        assert!(policy.contains("default-src 'none'"), "{policy}");
    }
    assert!(pages[0].0.contains("&#60;script&#62;") || pages[0].0.contains("&lt;script&gt;"));
    Ok(())
}

#[tokio::test]
async fn texts_of_every_language_come_back() -> Result {
    let raw = Raw::start().await?;
    let client = raw.sandbox.client()?;
    for text in [
        "Blåbærsyltetøy 🫐",
        "日本語",
        "\u{202e}rtl\u{0}\u{7f}",
        "é vs e\u{301}",
    ] {
        let mut session = body(&json!(100));
        session["order"]["merchant_reference"] = text.into();
        let (status, answer) = raw.send(SESSIONS, &session).await?;
        assert_eq!(status, 200, "{answer}");
        let done = raw
            .sandbox
            .pay(answer["id"].as_str().ok_or("no id")?)
            .await?;
        let id = TransactionId::new(done.transaction.ok_or("none")?);
        let read = client.payments().get_transaction(&id).send().await?;
        assert_eq!(read.merchant_reference.as_deref(), Some(text));
        let found = client
            .payments()
            .list_transactions()
            .merchant_reference(text);
        assert_eq!(found.send().await?[0].id, id);
    }
    Ok(())
}

#[tokio::test]
async fn days_pass() -> Result {
    let raw = Raw::start().await?;
    let day = Duration::from_secs(86_400);
    let (_, answer) = raw.send(SESSIONS, &body(&json!(100))).await?;
    let mut limited = body(&json!(100));
    let soon = std::time::SystemTime::now() + day / 2;
    limited["expires_at"] = json!(dintero::Timestamp::from(soon));
    let (status, expiring) = raw.send(SESSIONS, &limited).await?;
    assert_eq!(status, 200, "{expiring}");
    let on_hold = raw.sandbox.choose(
        answer["id"].as_str().unwrap(),
        "payex.creditcard",
        Choice::OnHold,
    );
    let on_hold = on_hold.await?.transaction.ok_or("none")?;

    raw.sandbox.advance(day).await?;
    let (status, answer) = raw.send(SESSIONS, &body(&json!(100))).await?;
    assert_eq!(status, 401, "{answer}");
    let late = raw.sandbox.pay(expiring["id"].as_str().unwrap()).await;
    assert!(late.unwrap_err().to_string().contains("expired"));
    // Nothing ends a review but its decision.
    raw.sandbox.review(&on_hold, true).await?;
    let client = raw.sandbox.client()?;
    let id = TransactionId::new(on_hold);
    let read = client.payments().get_transaction(&id).send().await?;
    assert_eq!(read.status.as_str(), "AUTHORIZED");

    raw.sandbox.advance(day * 366 * 7000).await?;
    let client = raw.sandbox.client()?;
    client.payments().get_transaction(&id).send().await?;
    for far in [day * 366 * 1000, Duration::MAX] {
        let refused = raw.sandbox.advance(far).await.unwrap_err();
        assert!(refused.to_string().contains("9999"), "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_century_of_reports_is_made_soon() -> Result {
    let sandbox = checked().start().await?;
    let client = sandbox.client()?;
    for amount in 1..5 {
        paid(&sandbox, &client, amount).await?;
    }
    let configure = (client.insight().create_report_configuration())
        .data_type("checkout/transactions")
        .name("Daily")
        .schedule("daily")
        .language("en")
        .content_types(["text/csv"]);
    configure.send().await?;
    let started = Instant::now();
    sandbox
        .advance(Duration::from_secs(100 * 366 * 86_400))
        .await?;
    sandbox.settled().await;
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
    let client = sandbox.client()?;
    let listed = client.insight().list_report_configurations().send().await?;
    assert_eq!(json!(listed)[0]["name"], "Daily");
    let reports = client.payments().list_reports().send().await?;
    assert!(!reports.reports.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_saved_card_is_of_one_account() -> Result {
    let sandbox = checked().start().await?;
    let own = sandbox.client()?;
    let other = sandbox.partner_client_builder().build()?;
    let order = SessionPaymentTokenOrder::builder()
        .currency(Currency::NOK)
        .merchant_reference("card");
    let urls = SessionUrls::builder().return_url("https://shop.example/");
    let session = CreatePaymentTokenSessionBodySession::builder()
        .order(order.build())
        .url(urls.build());
    let provider = PayExTokenProvider::builder().token_types(["recurrence_token"]);
    let created = (own.payments().create_payment_token_session())
        .session(session.build())
        .token_provider(provider.build());
    let done = sandbox.pay(&created.send().await?.id).await?;
    let id = TransactionId::new(done.transaction.ok_or("none")?);
    let read = own.payments().get_transaction(&id);
    let read = read.includes([GetTransactionInclude::CardRecurrenceToken]);
    let card = read.send().await?.card.ok_or("no card")?;
    let token = card.recurrence_token.ok_or("no token")?;
    let pay = |client: &Client| {
        let card = SavedPayexCardToken::builder().recurrence_token(token.clone());
        let tokens = SavedTokens::builder()
            .payex_creditcard(card.build())
            .build();
        let order = SessionOrder::builder()
            .amount(Amount::minor(100))
            .currency(Currency::NOK)
            .merchant_reference("again");
        let session = PaySessionBodySession::builder()
            .order(order.build())
            .customer(SessionProfileCustomer::builder().tokens(tokens).build());
        let payment = PayExCreditcardPayment::builder();
        let payment = payment.operation(CardPaymentOperation::RecurringPurchase);
        (client.payments().pay_session())
            .session(session.build())
            .payment(payment.build())
            .dintero_feature_toggles(["strict-merchant-reference"])
            .send()
    };
    let refused = pay(&other).await.unwrap_err();
    assert!(refused.to_string().contains("400"), "{refused}");
    let paid = pay(&own).await?;
    assert!(matches!(
        paid.outcome(),
        dintero::payments::PayOutcome::Paid
    ));
    Ok(())
}

#[tokio::test]
async fn pages_go_on_after_a_deleted_item() -> Result {
    use dintero::hooks::{SubscriptionConfig, SubscriptionId};
    let sandbox = checked().start().await?;
    let client = sandbox.client()?;
    let mut ids: Vec<SubscriptionId> = Vec::new();
    for _ in 0..3 {
        let config = SubscriptionConfig::builder().url("https://shop.example/");
        let create = client.hooks().create_subscription().config(config.build());
        let made = create.events(["checkout_transaction"]).send().await?;
        ids.push(made.id.ok_or("no id")?);
    }
    let mut pages = client.hooks().list_subscriptions().limit(1).items();
    let first = pages.try_next().await?.ok_or("none")?;
    assert_eq!(first.id.as_ref(), Some(&ids[0]));
    client.hooks().delete_subscription(&ids[0]).send().await?;
    client.hooks().delete_subscription(&ids[1]).send().await?;
    let next = pages.try_next().await?.ok_or("none")?;
    assert_eq!(next.id.as_ref(), Some(&ids[2]));
    assert!(pages.try_next().await?.is_none());
    Ok(())
}
