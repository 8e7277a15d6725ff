//! The shop over HTTP on this machine, with Dintero from the mock.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use dintero::mock::{Fault, Mock, MockResponse};
use dintero::payments::{
    CaptureTransaction, CreateSession, GetTransaction, ListSettlements, ListTransactions,
    RefundTransaction, VoidTransaction,
};
use dintero::webhook::{CallbackSigner, WebhookSigner};
use dintero::{Amount, Client};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::app::Shop;
use crate::mock::Dintero;
use crate::queue::{Job, State};

const CART: &str = r#"{"order": "1042", "chairs": 2, "channel": "web", "email": "kari@example.com",
    "street": "Storgata 1", "postal_code": "0155", "city": "Oslo"}"#;
const TARGET: &str =
    "/callback?transaction_id=T12345678.t1&session_id=T12345678.s1&merchant_reference=1042";

/// A folder of its own, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("dintero-shop-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until it holds.
async fn wait(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come to this: {what}");
}

/// A shop that is running. Dropped, it stops where it is.
struct Running {
    shop: Arc<Shop>,
    address: SocketAddr,
    task: JoinHandle<()>,
    browser: reqwest::Client,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Running {
    async fn start(client: Client, folder: &Folder) -> Self {
        let secrets = ["callback secret", "webhook secret"].map(str::to_owned);
        let shop = Shop::open(client, "https://shop.example", secrets, &folder.0).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(Arc::clone(&shop).serve(listener));
        let browser = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let browser = browser.build().unwrap();
        Self {
            shop,
            address,
            task,
            browser,
        }
    }

    /// One that is dropped with its runtime's task really ended.
    async fn kill(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }

    async fn call(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> reqwest::Response {
        let url = format!("http://{}{target}", self.address);
        let mut request = self.browser.request(method.parse().unwrap(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body.to_owned()).send().await.unwrap()
    }

    async fn get(&self, target: &str) -> Value {
        let response = self.call("GET", target, &[], "").await;
        assert_eq!(response.status(), 200, "{target}");
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    async fn post(&self, target: &str, body: &str) -> u16 {
        self.call("POST", target, &[], body).await.status().as_u16()
    }

    async fn callback(&self, target: &str, secret: &str) -> u16 {
        let signer = CallbackSigner::new("T12345678".parse().unwrap(), secret).unwrap();
        let url = format!("https://shop.example{target}");
        let signature = signer.sign("GET", &url, SystemTime::now()).unwrap();
        let response = self
            .call("GET", target, &[("Dintero-Signature", &signature)], "")
            .await;
        response.status().as_u16()
    }

    async fn webhook(&self, body: &str, secret: &str) -> u16 {
        let signature = WebhookSigner::new(secret).unwrap().sign(body).unwrap();
        let response = self
            .call("POST", "/webhook", &[("event-signature", &signature)], body)
            .await;
        response.status().as_u16()
    }

    /// Asks for it, and waits until the queue has come to this.
    async fn step(&self, step: &str, wish: Value, state: State) {
        let path = format!("/orders/1042/{step}");
        assert_eq!(self.post(&path, &wish.to_string()).await, 202, "{step}");
        let id = format!("1042-{}", wish["reference"].as_str().unwrap());
        self.until(&id, &state).await;
    }

    async fn until(&self, id: &str, state: &State) {
        wait(&format!("{id}: {state:?}"), || self.job(id).state == *state).await;
    }

    fn job(&self, id: &str) -> Job {
        let data = self.shop.store.read();
        let mut jobs = data.jobs.iter();
        jobs.find(|job| job.id == id).unwrap().clone()
    }

    /// An order that is authorized, as after its callback.
    async fn paid(&self) {
        assert_eq!(self.post("/checkout", CART).await, 303);
        assert_eq!(self.callback(TARGET, "callback secret").await, 200);
    }
}

#[tokio::test]
async fn from_the_checkout_to_the_refund() {
    let mock = Mock::new();
    let _dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;

    let response = shop.call("POST", "/checkout", &[], CART).await;
    assert_eq!(response.status(), 303);
    assert_eq!(
        response.headers()["location"],
        "https://checkout.example/view/1"
    );
    let [create] = mock.calls::<CreateSession>().try_into().unwrap();
    let order = create.body.order.unwrap();
    assert_eq!(order.amount, Some(Amount::minor(119_800)));
    assert_eq!(order.items.len(), 2);
    let city = |address: Option<Box<dintero::payments::OrderAddress>>| {
        address.unwrap().postal_place.unwrap()
    };
    assert_eq!(city(order.shipping_address), "Oslo");
    assert_eq!(city(order.billing_address), "Oslo");
    let callback = create.body.url.unwrap().callback_url.unwrap();
    assert!(
        callback.starts_with("https://shop.example/callback"),
        "{callback}"
    );
    let express = create.body.express.unwrap();
    let address = express.shipping_address_callback_url;
    assert_eq!(
        address.as_deref(),
        Some("https://shop.example/express/shipping")
    );

    // The return of the customer does not ship anything.
    assert_eq!(shop.call("GET", "/thanks", &[], "").await.status(), 200);
    assert_eq!(
        shop.post("/orders/1042/capture", r#"{"reference":"a"}"#)
            .await,
        409
    );

    assert_eq!(shop.callback(TARGET, "callback secret").await, 200);
    assert_eq!(shop.callback(TARGET, "callback secret").await, 200);
    assert_eq!(
        mock.calls::<GetTransaction>().len(),
        1,
        "a delivery is handled once"
    );
    let order = shop.get("/orders/1042").await;
    assert_eq!(order["status"], "AUTHORIZED");
    assert_eq!(
        (&order["channel"], &order["agrees"]),
        (&json!("web"), &json!(true))
    );
    // It can't be paid again.
    assert_eq!(shop.post("/checkout", CART).await, 409);

    shop.step(
        "capture",
        json!({"reference": "parcel-1", "amount": 59_900}),
        State::Done,
    )
    .await;
    let order = shop.get("/orders/1042").await;
    assert_eq!(order["status"], "PARTIALLY_CAPTURED");
    assert_eq!(
        (&order["capturable"], &order["refundable"]),
        (&json!(59_900), &json!(59_900))
    );
    // A browser that asks twice.
    shop.step(
        "capture",
        json!({"reference": "parcel-1", "amount": 59_900}),
        State::Done,
    )
    .await;
    shop.step("capture", json!({"reference": "parcel-2"}), State::Done)
        .await;
    assert_eq!(shop.get("/orders/1042").await["status"], "CAPTURED");
    let captures = mock.calls::<CaptureTransaction>();
    let references = captures
        .iter()
        .map(|call| call.body.capture_reference.as_deref());
    assert_eq!(
        references.collect::<Vec<_>>(),
        [Some("1042-parcel-1"), Some("1042-parcel-2")]
    );

    shop.step(
        "refund",
        json!({"reference": "return-1", "amount": 10_000}),
        State::Done,
    )
    .await;
    let order = shop.get("/orders/1042").await;
    assert_eq!(order["status"], "PARTIALLY_REFUNDED");
    assert_eq!(
        (&order["refundable"], &order["voidable"]),
        (&json!(109_800), &json!(0))
    );
    assert_eq!(mock.attempts::<RefundTransaction>(), 1);
    mock.verify();
}

#[tokio::test]
async fn a_webhook_tells_too_and_the_rest_is_voided() {
    let mock = Mock::new();
    let _dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    assert_eq!(shop.post("/checkout", CART).await, 303);
    let body = r#"{"event":"checkout_transaction","event_delivery":"d1","transaction":{"id":"T12345678.t1"}}"#;
    assert_eq!(shop.webhook(body, "webhook secret").await, 200);
    assert_eq!(shop.webhook(body, "webhook secret").await, 200);
    assert_eq!(
        mock.calls::<GetTransaction>().len(),
        1,
        "a delivery is handled once"
    );
    assert_eq!(
        shop.webhook(
            r#"{"event":"ping","event_delivery":"d2"}"#,
            "webhook secret"
        )
        .await,
        200
    );
    shop.step("void", json!({"reference": "void"}), State::Done)
        .await;
    assert_eq!(
        shop.get("/orders/1042").await["status"],
        "AUTHORIZATION_VOIDED"
    );
    assert_eq!(mock.attempts::<VoidTransaction>(), 1);
    mock.verify();
}

#[tokio::test]
async fn what_is_not_dintero_s_is_refused() {
    let mock = Mock::new();
    let _dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    assert_eq!(shop.post("/checkout", CART).await, 303);
    assert_eq!(shop.call("GET", TARGET, &[], "").await.status(), 401);
    assert_eq!(shop.callback(TARGET, "another secret").await, 401);
    let event = r#"{"event":"checkout_transaction","event_delivery":"d1","transaction":{"id":"T12345678.t1"}}"#;
    assert_eq!(shop.post("/webhook", event).await, 401);
    assert_eq!(shop.webhook(event, "another secret").await, 401);
    // Signed, but not JSON: no retry can be handled.
    assert_eq!(shop.webhook("{", "webhook secret").await, 400);
    assert!(mock.calls::<GetTransaction>().is_empty());
    assert_eq!(shop.get("/orders/1042").await["status"], Value::Null);

    // Dintero's, but the API is down: it must be delivered again.
    let down = Mock::new();
    down.on::<GetTransaction>().fault(Fault::ConnectionRefused);
    let folder = Folder::new();
    let shop = Running::start(down.client(), &folder).await;
    assert_eq!(shop.callback(TARGET, "callback secret").await, 503);
    assert!(shop.shop.store.read().handled.is_empty());
}

#[tokio::test]
async fn an_express_checkout_asks() {
    let mock = Mock::new();
    let _dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    assert_eq!(shop.post("/checkout", CART).await, 303);
    let ask = async |path: &str, order: Value| -> Value {
        let body = json!({"id": "T12345678.s1", "order": order}).to_string();
        let response = shop.call("POST", path, &[], &body).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    };
    let there = ask(
        "/express/shipping",
        json!({"shipping_address": {"country": "NO"}}),
    )
    .await;
    assert_eq!(there["shipping_options"][0]["amount"], 3_900);
    let nowhere = ask(
        "/express/shipping",
        json!({"shipping_address": {"country": "AQ"}}),
    )
    .await;
    assert_eq!(nowhere["shipping_options"], json!([]));
    // The amount is ours, whatever was asked with.
    let codes = json!({"amount": 1, "discount_codes": ["SPRING"]});
    let spring = ask("/express/discount", codes).await;
    assert_eq!(spring["shipping_options"][0]["amount"], 0);
    assert_eq!(
        spring["order"],
        json!({"amount": 119_800, "discount_codes": ["SPRING"]})
    );
    let none = ask("/express/discount", json!({"discount_codes": ["AUTUMN"]})).await;
    assert_eq!(none["shipping_options"][0]["amount"], 3_900);
    assert_eq!(
        none["order"],
        json!({"amount": 119_800, "discount_codes": []})
    );
    assert_eq!(
        shop.post("/express/discount", r#"{"id":"unknown"}"#).await,
        404
    );
    assert_eq!(shop.post("/express/shipping", "[").await, 400);
}

#[tokio::test]
async fn a_broken_item_does_not_end_a_list() {
    let mock = Mock::new();
    let list = r#"[{"id":"T1","amount":5,"currency":"NOK","status":"CAPTURED"}, 7, {"id":"T3","amount":5,"currency":"NOK","status":"NEW","new":[1]}]"#;
    let first = mock.on::<ListTransactions>();
    first
        .when(|call| call.starting_after.is_none())
        .response(MockResponse::raw(200, list));
    let last = mock.on::<ListTransactions>();
    last.when(|call| call.starting_after.is_some())
        .response(MockResponse::raw(200, "[]"));
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    let answer = shop.get("/transactions").await;
    assert_eq!(answer["unreadable"], 1);
    assert_eq!(answer["transactions"][0]["id"], "T1");
    assert_eq!(
        answer["transactions"][1],
        json!({"id": "T3", "amount": 5, "currency": "NOK", "status": "NEW", "new": [1]})
    );
    mock.verify();
}

#[tokio::test]
async fn settlements_of_the_shop_and_of_a_merchant() {
    let mock = Mock::new();
    let _dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    assert_eq!(shop.get("/settlements").await, json!(["T12345678-1.csv"]));
    let file = std::fs::read(folder.0.join("T12345678-1.csv")).unwrap();
    assert_eq!(file, b"day;amount");

    let before = mock.requests().len();
    assert_eq!(
        shop.get("/merchants/T87654321/settlements").await,
        json!(["T87654321-1.csv"])
    );
    // Settlements have no account in their address: whose they are, the token says.
    let requests = mock.requests().split_off(before);
    let [exchange, token, calls @ ..] = requests.as_slice() else {
        panic!("no token was fetched for the merchant");
    };
    assert!(
        exchange
            .uri()
            .path()
            .ends_with("/accounts/T12345678/auth/exchange_token")
    );
    assert_eq!(exchange.body().as_ref(), br#"{"account_id":"T87654321"}"#);
    assert!(
        token
            .uri()
            .path()
            .ends_with("/accounts/T87654321/auth/token")
    );
    assert!(calls.len() >= 2);
    for call in calls {
        let shown = call.headers()["authorization"].to_str().unwrap();
        assert_eq!(shown, "Bearer mock-token-3", "{}", call.uri());
    }
    assert_eq!(mock.calls::<ListSettlements>().len(), 2);
    assert_eq!(
        shop.call("GET", "/merchants/none/settlements", &[], "")
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn health() {
    let mock = Mock::new();
    mock.on::<ListTransactions>()
        .responses([MockResponse::raw(200, "[]"), MockResponse::status(403)]);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    assert_eq!(shop.call("GET", "/health", &[], "").await.status(), 200);
    assert_eq!(shop.call("GET", "/health", &[], "").await.status(), 503);
    mock.verify();
}

/// The first capture is recorded, the second was carried out when the program ended, the third was not begun.
#[tokio::test]
async fn after_a_restart_everything_is_done_once() {
    let mock = Mock::new();
    let dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    shop.paid().await;
    let wish = |reference: &str| json!({"reference": reference, "amount": 100});
    shop.step("capture", wish("parcel-1"), State::Done).await;
    shop.kill().await;

    // Without a network they wait.
    let offline = Mock::new();
    offline
        .on::<CaptureTransaction>()
        .fault(Fault::ConnectionRefused);
    let shop = Running::start(offline.client(), &folder).await;
    shop.step("capture", wish("parcel-2"), State::Waiting).await;
    shop.step("capture", wish("parcel-3"), State::Waiting).await;
    shop.kill().await;

    // The program ends while the request is in progress: the next one has only the stored data.
    let crashed = Folder::new();
    std::fs::create_dir_all(&crashed.0).unwrap();
    let dying = Mock::new();
    let (carry_out, from, to) = (Arc::clone(&dintero), folder.0.clone(), crashed.0.clone());
    dying.on::<CaptureTransaction>().response_with(move |call| {
        std::fs::copy(from.join("shop.json"), to.join("shop.json")).unwrap();
        let event = json!({"event": "CAPTURE", "success": true, "amount": call.body.amount,
            "event_reference": call.body.capture_reference});
        carry_out.carry_out(call.transaction_id.as_str(), event);
        MockResponse::fault(Fault::ConnectionReset)
    });
    dying.on::<GetTransaction>().fault(Fault::ConnectionRefused);
    let shop = Running::start(dying.client(), &folder).await;
    shop.until("1042-parcel-2", &State::Sent).await;
    let file = crashed.0.join("shop.json");
    wait("the request", || file.exists()).await;
    shop.kill().await;
    assert_eq!(dying.attempts::<CaptureTransaction>(), 1);

    let shop = Running::start(mock.client(), &crashed).await;
    for parcel in ["1042-parcel-1", "1042-parcel-2", "1042-parcel-3"] {
        shop.until(parcel, &State::Done).await;
    }
    // The first and the third; the second was found.
    let captures = mock.calls::<CaptureTransaction>();
    let references = captures
        .iter()
        .map(|call| call.body.capture_reference.as_deref());
    assert_eq!(
        references.collect::<Vec<_>>(),
        [Some("1042-parcel-1"), Some("1042-parcel-3")]
    );
    let transaction = dintero.lock()["T12345678.t1"].clone();
    assert_eq!(transaction["events"].as_array().unwrap().len(), 3);
    // The stored data are those read before.
    let order = shop.shop.store.read().orders["1042"].clone();
    assert_eq!(
        serde_json::to_value(order.transaction).unwrap(),
        transaction
    );
}

#[tokio::test]
async fn what_nobody_knows_is_sent_again_by_a_person_only() {
    let mock = Mock::new();
    let dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    shop.paid().await;
    shop.kill().await;

    // The request was lost.
    let lossy = Mock::new();
    lossy
        .on::<CaptureTransaction>()
        .times(1)
        .fault(Fault::ConnectionReset);
    let now = dintero.lock()["T12345678.t1"].clone();
    lossy
        .on::<GetTransaction>()
        .response(MockResponse::json(200, &now));
    let shop = Running::start(lossy.client(), &folder).await;
    shop.step(
        "capture",
        json!({"reference": "parcel-1", "amount": 100}),
        State::Sent,
    )
    .await;
    // A refund of it must wait.
    let wish = r#"{"reference": "return-1", "amount": 100}"#;
    assert_eq!(shop.post("/orders/1042/refund", wish).await, 202);
    shop.kill().await;
    lossy.verify();

    let shop = Running::start(mock.client(), &folder).await;
    wait("the look at the transaction", || {
        mock.calls::<GetTransaction>().len() == 2
    })
    .await;
    assert_eq!(shop.job("1042-return-1").state, State::Waiting);
    assert_eq!(mock.attempts::<CaptureTransaction>(), 0);
    assert_eq!(shop.post("/jobs/1042-parcel-1/again", "").await, 200);
    shop.until("1042-return-1", &State::Done).await;
    assert_eq!(mock.attempts::<CaptureTransaction>(), 1);
    assert_eq!(shop.post("/jobs/1042-parcel-1/again", "").await, 404);
}

/// A capture that is accepted first and fails then, and one that is rejected.
#[tokio::test]
async fn what_fails_is_not_tried_again() {
    let mock = Mock::new();
    let refuse = mock.on::<CaptureTransaction>();
    refuse
        .when(|call| call.body.amount == Some(Amount::minor(1)))
        .error(400, "AMOUNT", "too small");
    let accept = mock
        .on::<CaptureTransaction>()
        .when(|call| call.body.amount == Some(Amount::minor(2)));
    let open =
        json!({"id": "T12345678.t1", "status": "AUTHORIZED", "amount": 5, "currency": "NOK"});
    accept.response(MockResponse::json(202, &open).header("event-request-id", "r1"));
    let failed = json!({"event": "CAPTURE", "success": false, "correlation_request_id": "r1",
        "error": {"code": "NO_MONEY"}});
    let now = json!({"id": "T12345678.t1", "status": "AUTHORIZED", "amount": 5, "currency": "NOK", "merchant_reference": "1042",
        "events": [failed]});
    mock.on::<GetTransaction>()
        .response(MockResponse::json(200, &now));
    let _dintero = Dintero::behind(&mock);
    let folder = Folder::new();
    let shop = Running::start(mock.client(), &folder).await;
    shop.paid().await;
    for (reference, amount) in [("a", 1), ("b", 2)] {
        let wish = json!({"reference": reference, "amount": amount}).to_string();
        assert_eq!(shop.post("/orders/1042/capture", &wish).await, 202);
    }
    for job in ["1042-a", "1042-b"] {
        let failed = || matches!(shop.job(job).state, State::Failed(_));
        wait(job, failed).await;
    }
    assert!(matches!(shop.job("1042-a").state, State::Failed(why) if why.contains("AMOUNT")));
    assert!(matches!(shop.job("1042-b").state, State::Failed(why) if why.contains("NO_MONEY")));
    assert_eq!(mock.attempts::<CaptureTransaction>(), 2);
}
