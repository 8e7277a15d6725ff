//! The examples of the crate against the sandbox, as programs of their own.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use dintero::payments::{PayoutDestinationId, ProfileId, SessionOrder, SessionUrls};
use dintero::{Amount, Client, Currency, management};
use dintero_sandbox::{Plan, Sandbox};
use serde_json::{Value, json};
use tests::counterpart;

/// The folder of the built examples.
fn examples() -> Option<PathBuf> {
    counterpart::find(
        "DINTERO_TEST_EXAMPLES",
        "../target/debug/examples/session",
        "a built example",
    )
    .map(|found| {
        if found.is_dir() {
            found
        } else {
            found.parent().unwrap().to_owned()
        }
    })
}

/// The program of an example, with the credentials of a sandbox.
fn example(folder: &Path, name: &str, sandbox: &Sandbox) -> Command {
    let mut command = Command::new(folder.join(name));
    command
        .env("DINTERO_ACCOUNT_ID", sandbox.account())
        .env("DINTERO_CLIENT_ID", sandbox.client_id())
        .env("DINTERO_CLIENT_SECRET", sandbox.client_secret())
        .env("DINTERO_BASE_URL", sandbox.url())
        .env("DINTERO_PROFILE", "default");
    command
}

/// Runs a program to its end, and returns what it printed.
async fn run(mut command: Command) -> String {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let Output {
        status,
        stdout,
        stderr,
    } = output.await.unwrap();
    let (said, wrong) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(status.success(), "{said}\n{wrong}");
    assert!(said.contains("Calling Dintero"), "{said}");
    said.into_owned()
}

async fn authorized(sandbox: &Sandbox, client: &Client, amount: i64, reference: &str) -> String {
    pay(sandbox, client, order(amount, reference)).await
}

fn order(amount: i64, reference: &str) -> SessionOrder {
    SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(Currency::NOK)
        .merchant_reference(reference)
        .build()
}

/// Pays an order, and returns the transaction.
async fn pay(sandbox: &Sandbox, client: &Client, order: SessionOrder) -> String {
    let url = SessionUrls::builder().return_url("https://shop.example/");
    let session = client
        .payments()
        .create_session()
        .profile_id(ProfileId::new("default"))
        .url(url.build())
        .order(order);
    let session = session.send().await.unwrap();
    sandbox.pay(&session.id).await.unwrap().transaction.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_run_against_the_sandbox() {
    let Some(folder) = examples() else { return };
    let sandbox = Sandbox::builder().seed(5).check_responses(true);
    let sandbox = sandbox.start().await.unwrap();
    let client = sandbox.client().unwrap();

    let said = run(example(&folder, "session", &sandbox)).await;
    assert!(
        said.contains("/v1/view/") && said.contains("Cancelled at Some"),
        "{said}"
    );

    let parcels = authorized(&sandbox, &client, 59_900, "parcels").await;
    let lamp = authorized(&sandbox, &client, 10_000, "lamp").await;
    // The first capture is carried out later.
    let later = Plan::Later {
        after: Some(Duration::from_millis(200)),
        fails: None,
    };
    sandbox.plan("CAPTURE", later).await.unwrap();
    let mut capture = example(&folder, "capture", &sandbox);
    capture
        .env("DINTERO_TRANSACTION", &parcels)
        .env("DINTERO_TRANSACTION_TO_VOID", &lamp);
    let said = run(capture).await;
    assert!(
        said.contains("parcel-1 is paid: PARTIALLY_CAPTURED"),
        "{said}"
    );
    assert!(said.contains("released: AUTHORIZATION_VOIDED"), "{said}");

    let mut sellers = example(&folder, "sellers", &sandbox);
    sellers.env("DINTERO_NEW_SELLER", "7");
    let said = run(sellers).await;
    assert!(said.contains("applied"), "{said}");

    let card = card(&sandbox, &client).await;
    let mut tokens = example(&folder, "tokens", &sandbox);
    tokens.env("DINTERO_TOKEN_TRANSACTION", card);
    let said = run(tokens).await;
    assert!(said.contains("may: Paid"), "{said}");

    sandbox.settle().await.unwrap();
    let said = run(example(&folder, "settlements", &sandbox)).await;
    assert!(
        said.contains("settlement ") && said.contains(" bytes"),
        "{said}"
    );
}

/// A transaction that saved a card.
async fn card(sandbox: &Sandbox, client: &Client) -> String {
    use dintero::payments::*;
    let order = SessionPaymentTokenOrder::builder()
        .currency(Currency::NOK)
        .merchant_reference("card");
    let session = CreatePaymentTokenSessionBodySession::builder()
        .order(order.build())
        .url(
            SessionUrls::builder()
                .return_url("https://shop.example/")
                .build(),
        );
    let provider = PayExTokenProvider::builder().token_types(["recurrence_token"]);
    let created = client
        .payments()
        .create_payment_token_session()
        .session(session.build())
        .token_provider(provider.build());
    let created = created.send().await.unwrap();
    sandbox.pay(&created.id).await.unwrap().transaction.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_the_example_has_its_transactions() {
    let Some(folder) = examples() else { return };
    // 2026-02-01, noon.
    let clock = std::time::UNIX_EPOCH + Duration::from_secs(1_769_947_200);
    let sandbox = Sandbox::builder().clock(clock).check_responses(true);
    let sandbox = sandbox.start().await.unwrap();
    let client = sandbox.client().unwrap();
    for number in 1..=5 {
        authorized(&sandbox, &client, 100 * number, &format!("order-{number}")).await;
    }
    let said = run(example(&folder, "transactions", &sandbox)).await;
    assert!(
        said.contains("5 transactions") && said.contains("order-3 is AUTHORIZED"),
        "{said}"
    );
}

/// The example shop on a port of its own. It ends when this is dropped.
struct Shop {
    process: std::process::Child,
    url: String,
    folder: PathBuf,
}

impl Shop {
    async fn start(folder: &Path, sandbox: &Sandbox) -> Self {
        Self::run(folder, "shop", sandbox).await
    }

    /// Runs an example that is a server.
    async fn run(folder: &Path, name: &str, sandbox: &Sandbox) -> Self {
        let address = counterpart::free_address().unwrap();
        let url = format!("http://{address}");
        let data = std::env::temp_dir().join(format!("dintero-shop-{}", address.port()));
        let mut command = example(folder, name, sandbox);
        command
            .env("PUBLIC_URL", &url)
            .env("PUBLIC_HOST", address.ip().to_string())
            .env("DINTERO_CALLBACK_SECRET", sandbox.callback_secret())
            .env("DINTERO_WEBHOOK_SECRET", "webhook secret")
            .env("SHOP_ADDRESS", address.to_string())
            .env("SHOP_FOLDER", &data)
            .stdout(std::process::Stdio::null());
        let process = command.spawn().unwrap();
        let shop = Self {
            process,
            url,
            folder: data,
        };
        for _ in 0..600 {
            if std::net::TcpStream::connect(address).is_ok() {
                return shop;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        unreachable!("the shop does not listen");
    }

    async fn order(&self) -> Value {
        let response = reqwest::get(format!("{}/orders/1042", self.url))
            .await
            .unwrap();
        let text = response.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or(json!({ "text": text }))
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_shop_sells_two_chairs() {
    let Some(folder) = examples() else { return };
    let sandbox = Sandbox::builder().seed(6).check_responses(true);
    let sandbox = sandbox.start().await.unwrap();
    let client = sandbox.client().unwrap();
    let shop = Shop::start(&folder, &sandbox).await;
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let browser = browser.build().unwrap();
    let cart = r#"{"order": "1042", "chairs": 2, "channel": "web", "email": "kari@example.com",
        "street": "Storgata 1", "postal_code": "0155", "city": "Oslo"}"#;
    let sent = browser
        .post(format!("{}/checkout", shop.url))
        .body(cart)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 303, "{}", sent.text().await.unwrap());
    let page = sent.headers()["location"].to_str().unwrap().to_owned();
    assert!(page.starts_with(&sandbox.url()), "{page}");
    let session = page.rsplit('/').next().unwrap().to_owned();

    // The customer pays, and the shop hears of it by the signed callback alone.
    let done = sandbox.pay(&session).await.unwrap();
    sandbox.settled().await;
    let delivered = sandbox.deliveries();
    assert!(
        delivered
            .iter()
            .all(|one| one.status.to_string() == "delivered"),
        "{delivered:?}"
    );
    let order = shop.order().await;
    let facts = (&order["status"], &order["agrees"]);
    assert_eq!(facts, (&json!("AUTHORIZED"), &json!(true)), "{order}");

    let capture = r#"{"reference": "parcel-1", "amount": 59900}"#;
    let url = format!("{}/orders/1042/capture", shop.url);
    let sent = browser.post(url).body(capture).send().await.unwrap();
    assert!(sent.status().is_success(), "{}", sent.text().await.unwrap());
    let id = dintero::payments::TransactionId::new(done.transaction.unwrap());
    for _ in 0..200 {
        let transaction = client.payments().get_transaction(&id).send().await.unwrap();
        if transaction.status.as_str() == "PARTIALLY_CAPTURED" {
            assert_eq!(transaction.refundable(), Some(Amount::minor(59_900)));
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the shop did not capture: {}", shop.order().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_moves_between_sellers() {
    let Some(folder) = examples() else { return };
    let sandbox = Sandbox::builder().seed(8).check_responses(true);
    let sandbox = sandbox.start().await.unwrap();
    let client = sandbox.client().unwrap();
    for seller in ["seller-1", "seller-2"] {
        let create = client.management().create_payout_destination();
        let account = management::PayoutDestinationBankAccount::builder()
            .bank_account_number("NO9386011117947")
            .bank_account_country_code("NO")
            .bank_account_number_type("IBAN")
            .bank_account_currency(Currency::NOK);
        let create = create
            .payout_destination_id(management::PayoutDestinationId::new(seller))
            .payout_reference("chairs")
            .bank_accounts([account.build()])
            .payout_interval_type("manual");
        create.send().await.unwrap();
    }
    let mut order = order(10_000, "1042");
    order.payout_destination_id = Some(PayoutDestinationId::new("seller-1"));
    let id = pay(&sandbox, &client, order).await;
    let capture = client
        .payments()
        .capture_transaction(dintero::payments::TransactionId::new(id));
    capture.amount(Amount::minor(10_000)).send().await.unwrap();
    sandbox.settle().await.unwrap();

    let mut payouts = example(&folder, "payouts", &sandbox);
    payouts
        .env("DINTERO_SELLER", "seller-1")
        .env("DINTERO_OTHER_SELLER", "seller-2");
    let said = run(payouts).await;
    assert!(said.contains("requested, status"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_drawn() {
    let Some(folder) = examples() else { return };
    let sandbox = Sandbox::builder().seed(9).check_responses(true);
    let sandbox = sandbox.start().await.unwrap();
    let client = sandbox.client().unwrap();
    let charts = std::env::temp_dir().join(format!("dintero-kpis-{}", std::process::id()));
    std::fs::create_dir_all(&charts).unwrap();
    let kpis = || {
        let mut kpis = example(&folder, "kpis", &sandbox);
        kpis.current_dir(&charts);
        kpis
    };
    for amount in [59_900, 100] {
        let id = authorized(&sandbox, &client, amount, "1042").await;
        let id = dintero::payments::TransactionId::new(id);
        let capture = client.payments().capture_transaction(&id);
        capture.amount(Amount::minor(amount)).send().await.unwrap();
    }
    // A series ends with the last day that is over.
    let said = run(kpis()).await;
    assert!(said.contains("Nothing was captured."), "{said}");
    let day = Duration::from_secs(24 * 60 * 60);
    sandbox.advance(day).await.unwrap();
    let said = run(kpis()).await;
    let chart = std::fs::read_to_string(charts.join("kpis.svg")).unwrap();
    std::fs::remove_dir_all(&charts).unwrap();
    assert!(said.contains("600.00"), "{said}");
    assert!(chart.contains("Captured per day"), "{chart}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_gets_callbacks_and_webhooks() {
    use dintero::hooks::{HmacSha1, SubscriptionConfig, SubscriptionSecret};
    let Some(folder) = examples() else { return };
    let sandbox = Sandbox::builder().seed(10).check_responses(true);
    let sandbox = sandbox.start().await.unwrap();
    let client = sandbox.client().unwrap();
    let shop = Shop::run(&folder, "webhooks", &sandbox).await;
    let secret = HmacSha1::builder().value("webhook secret").build();
    let config = SubscriptionConfig::builder()
        .url(format!("{}/webhook", shop.url))
        .secret(SubscriptionSecret::from(secret));
    let subscribe = client.hooks().create_subscription().config(config.build());
    let subscribe = subscribe.events(["checkout_transaction"]);
    subscribe.send().await.unwrap();
    let url = SessionUrls::builder()
        .return_url("https://shop.example/")
        .callback_url(format!("{}/callback?report_error=true", shop.url));
    let session = (client.payments().create_session())
        .profile_id(ProfileId::new("default"))
        .url(url.build())
        .order(order(100, "1042"));
    let session = session.send().await.unwrap();
    sandbox.pay(&session.id).await.unwrap();
    sandbox.settled().await;
    let delivered = sandbox.deliveries();
    assert_eq!(delivered.len(), 3, "{delivered:?}");
    for one in delivered {
        assert_eq!(one.status.to_string(), "delivered", "{one:?}");
    }
}
