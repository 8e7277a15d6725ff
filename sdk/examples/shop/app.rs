//! The routes and their responses.

use std::collections::BTreeMap;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use dintero::payments::{Transaction, TransactionId};
use dintero::webhook::{
    CallbackError, CallbackVerifier, Event, WebhookVerifier, unverified_session,
};
use dintero::{Amount, Client, RetryPolicy, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::queue::{self, Job, State as JobState, Step};
use crate::store::{Order, Store};
use crate::{checkout, office};

/// The shared state of the handlers.
pub(crate) struct Shop {
    client: Client,
    callbacks: CallbackVerifier,
    webhooks: WebhookVerifier,
    /// The address under which Dintero and customers reach the shop, without a path.
    url: String,
    folder: PathBuf,
    pub(crate) store: Store,
    work: Notify,
}

type App = State<Arc<Shop>>;

impl Shop {
    /// A shop that keeps its data in the folder, with the secrets of callbacks and of webhooks.
    pub(crate) fn open(
        client: Client,
        url: &str,
        [callback_secret, webhook_secret]: [String; 2],
        folder: &Folder,
    ) -> Result<Arc<Self>, Box<dyn std::error::Error>> {
        std::fs::create_dir_all(folder)?;
        let account = client.account().ok_or("the client has no account")?;
        let host = url
            .split("://")
            .nth(1)
            .ok_or("the shop's address has no scheme")?;
        let callbacks = CallbackVerifier::new(account.clone(), [callback_secret])?;
        Ok(Arc::new(Self {
            client,
            callbacks: callbacks.host(host)?,
            webhooks: WebhookVerifier::new([webhook_secret])?,
            url: url.to_owned(),
            folder: folder.to_owned(),
            store: Store::open(folder.join("shop.json"))?,
            work: Notify::new(),
        }))
    }

    /// Serves until its runtime ends, and works off the queue beside.
    pub(crate) async fn serve(self: Arc<Self>, listener: tokio::net::TcpListener) {
        let work = async {
            loop {
                if let Err(error) = queue::run(&self.store, &self.client).await {
                    eprintln!("the queue has stopped: {error}");
                }
                // Waiting and unclear jobs are checked again without a notification.
                let _ = tokio::time::timeout(Duration::from_secs(30), self.work.notified()).await;
            }
        };
        let server = axum::serve(listener, router(Arc::clone(&self)));
        tokio::select! { _ = server => (), () = work => () }
    }
}

/// A real shop lets only its staff use `/orders`, `/jobs`, `/transactions`, `/settlements` and `/merchants`.
fn router(shop: Arc<Shop>) -> Router {
    Router::new()
        .route("/checkout", post(check_out))
        .route(
            "/thanks",
            get(|| async { "Thank you. We tell you when it is paid." }),
        )
        .route("/express/shipping", post(shipping))
        .route("/express/discount", post(discount))
        .route("/callback", any(callback))
        .route("/webhook", post(webhook))
        .route("/orders/{order}", get(order))
        .route("/orders/{order}/{step}", post(ask_for))
        .route("/jobs/{job}/again", post(again))
        .route("/transactions", get(transactions))
        .route("/settlements", get(settlements))
        .route("/merchants/{account}/settlements", get(merchant))
        .route("/health", get(health))
        .with_state(shop)
}

async fn check_out(State(shop): App, body: Bytes) -> Result<Redirect, Failure> {
    let cart: checkout::Cart = read(&body)?;
    let paid = |order: &Order| order.transaction.is_some();
    if shop.store.read().orders.get(&cart.order).is_some_and(paid) {
        return Err(Failure(StatusCode::CONFLICT, "it has been paid".into()));
    }
    let create = checkout::session(&shop.client, &shop.url, &cart)
        .map_err(|error| Failure(StatusCode::BAD_REQUEST, error.to_string()))?;
    let amount = create.body.order.as_ref().and_then(|order| order.amount);
    // If it is unknown whether there is a session, the customer tries again: an unpaid session takes no money.
    let session = shop.client.send(create).await?;
    let url = session
        .url
        .ok_or_else(|| bad_gateway("a session without a page"))?;
    let order = Order {
        amount: amount.unwrap_or_default(),
        channel: cart.channel,
        session: session.id,
        transaction: None,
    };
    shop.store
        .change(|data| data.orders.insert(cart.order, order))?;
    Ok(Redirect::to(&url))
}

/// Neither signed nor secret.
async fn shipping(body: Bytes) -> Result<Response, Failure> {
    let reply = checkout::shipping(&unverified_session(body)?);
    Ok(reply.into_http_response()?.into_response())
}

async fn discount(State(shop): App, body: Bytes) -> Result<Response, Failure> {
    let session = unverified_session(body)?;
    let data = shop.store.read();
    let mut orders = data.orders.values();
    let order = orders.find(|order| Some(&order.session) == session.id.as_ref());
    let reply = checkout::discount(&session, order.ok_or_else(not_found)?);
    Ok(reply.into_http_response()?.into_response())
}

/// The query is signed, the body is not.
async fn callback(State(shop): App, request: Request) -> Result<&'static str, Failure> {
    let callback = shop.callbacks.verify(&request)?;
    match callback.error() {
        None | Some(CallbackError::CaptureFailed) => {}
        Some(error) => {
            println!("nothing was paid: {error}");
            return Ok("{}");
        }
    }
    if !shop.store.read().handled.contains(callback.delivery_id()) {
        let transaction = callback.fetch(&shop.client)?.await?;
        shop.keep(callback.delivery_id(), transaction)?;
    }
    Ok("{}")
}

async fn webhook(
    State(shop): App,
    headers: HeaderMap,
    body: Bytes,
) -> Result<&'static str, Failure> {
    let webhook = shop
        .webhooks
        .verify_parts(|name| headers.get(name), &body)?;
    if shop.store.read().handled.contains(webhook.delivery_id()) {
        return Ok("{}");
    }
    let event = webhook.event()?;
    match &event {
        Event::CheckoutTransaction(_) => {
            let transaction = event.fetch(&shop.client)?.await?;
            shop.keep(webhook.delivery_id(), transaction)?;
        }
        other => println!("nothing to do for {}", other.name()),
    }
    Ok("{}")
}

impl Shop {
    fn keep(&self, delivery: &str, transaction: Transaction) -> std::io::Result<()> {
        self.store.change(|data| {
            data.handled.insert(delivery.to_owned());
            let number = transaction.merchant_reference.as_deref();
            if let Some(order) = number.and_then(|number| data.orders.get_mut(number)) {
                order.keep(transaction);
            }
        })
    }
}

/// The order beside its transaction: what was paid for it, and whether that is what was sold.
async fn order(State(shop): App, Path(number): Path<String>) -> Result<String, Failure> {
    let data = shop.store.read();
    let order = data.orders.get(&number).ok_or_else(not_found)?;
    let transaction = order.transaction.as_ref();
    // Our own metadata comes back beside Dintero's.
    let metadata = transaction.and_then(|transaction| transaction.metadata.as_ref());
    let channel = metadata.and_then(|metadata| metadata.extra.get("ext_channel"));
    let channel = channel.and_then(Value::as_str);
    let jobs = data.jobs.iter().filter(|job| job.order == number);
    Ok(json!({
        "status": transaction.map(|transaction| &transaction.status),
        "channel": channel,
        "agrees": channel == Some(&order.channel)
            && transaction.is_some_and(|transaction| transaction.amount == order.amount),
        "capturable": transaction.and_then(Transaction::capturable),
        "refundable": transaction.and_then(Transaction::refundable),
        "voidable": transaction.and_then(Transaction::voidable),
        "jobs": jobs.map(|job| (&job.id, &job.state)).collect::<BTreeMap<_, _>>(),
    })
    .to_string())
}

#[derive(Deserialize)]
struct Wish {
    /// One for each parcel or return: asking twice for the same is asking once.
    reference: String,
    amount: Option<Amount>,
}

/// `capture`, `refund` or `void`: what is left unless an amount is given. It is stored here and sent later.
async fn ask_for(
    State(shop): App,
    Path((number, step)): Path<(String, String)>,
    body: Bytes,
) -> Result<(StatusCode, &'static str), Failure> {
    let wish: Wish = read(&body)?;
    let transaction = {
        let data = shop.store.read();
        let order = data.orders.get(&number).ok_or_else(not_found)?;
        order.transaction.clone()
    };
    let transaction = transaction.ok_or_else(|| refused("nothing was paid"))?;
    let job = format!("{number}-{}", wish.reference);
    let id: &TransactionId = &transaction.id;
    let payments = shop.client.payments();
    let left = |left: Option<Amount>| wish.amount.or(left).ok_or_else(|| refused("unclear"));
    let step = match step.as_str() {
        "capture" => {
            let capture = payments
                .capture_transaction(id)
                .amount(left(transaction.capturable())?);
            Step::Capture(capture.capture_reference(&job).build())
        }
        "refund" => {
            let refund = payments
                .refund_transaction(id)
                .amount(left(transaction.refundable())?);
            Step::Refund(refund.refund_reference(&job).build())
        }
        "void" => Step::Void(payments.void_transaction(id).build()),
        _ => return Err(not_found()),
    };
    shop.store.change(|data| {
        if data.jobs.iter().all(|known| known.id != job) {
            let (order, state) = (number, JobState::Waiting);
            data.jobs.push(Job {
                id: job,
                order,
                step,
                state,
            });
        }
    })?;
    shop.work.notify_one();
    Ok((StatusCode::ACCEPTED, "{}"))
}

async fn again(State(shop): App, Path(job): Path<String>) -> Result<&'static str, Failure> {
    if !queue::again(&shop.store, &job)? {
        return Err(not_found());
    }
    shop.work.notify_one();
    Ok("{}")
}

async fn transactions(State(shop): App) -> Result<String, Failure> {
    let since = Timestamp::parse("2026-01-01T00:00:00Z").map_err(|error| bad_gateway(&error))?;
    let (read, broken) = office::transactions(&shop.client, since).await?;
    json_of(&json!({ "transactions": read, "unreadable": broken }))
}

async fn settlements(State(shop): App) -> Result<String, Failure> {
    json_of(&office::settlements(&shop.client, &shop.folder).await?)
}

/// As a partner: the same for one of its merchants.
async fn merchant(State(shop): App, Path(account): Path<String>) -> Result<String, Failure> {
    let merchant = account.parse().map_err(|_| not_found())?;
    let client = shop.client.for_merchant(merchant)?;
    json_of(&office::settlements(&client, &shop.folder).await?)
}

async fn health(State(shop): App) -> Result<&'static str, Failure> {
    let once = RetryPolicy::none().deadline(Duration::from_secs(5));
    shop.client.check().retry(once).await?;
    Ok("{}")
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure(StatusCode::BAD_REQUEST, error.to_string()))
}

fn json_of(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| bad_gateway(&error))
}

/// The sender learns the status, the log everything.
pub(crate) struct Failure(StatusCode, String);

fn not_found() -> Failure {
    Failure(StatusCode::NOT_FOUND, "there is none".into())
}

fn refused(why: &str) -> Failure {
    Failure(StatusCode::CONFLICT, why.into())
}

fn bad_gateway(why: &(impl ToString + ?Sized)) -> Failure {
    Failure(StatusCode::BAD_GATEWAY, why.to_string())
}

/// The request is not Dintero's, or can't be read: the error has the status.
impl From<dintero::webhook::Error> for Failure {
    fn from(error: dintero::webhook::Error) -> Self {
        Self(error.status(), error.to_string())
    }
}

/// Dintero could not be called. It retries a delivery with this status.
impl From<dintero::Error> for Failure {
    fn from(error: dintero::Error) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        eprintln!("{}: {}", self.0, self.1);
        (self.0, "{}").into_response()
    }
}
