//! The routes and their responses.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use dintero::payments::{ShipmentOption, ShippingAddressResponse, Transaction};
use dintero::webhook::{
    CallbackError, CallbackVerifier, Event, WebhookVerifier, unverified_session,
};
use dintero::{Amount, Client};

/// The shared state of the handlers.
#[derive(Clone)]
pub(crate) struct App {
    client: Client,
    callbacks: CallbackVerifier,
    webhooks: WebhookVerifier,
    shop: Arc<Mutex<Shop>>,
}

/// The database of a shop, which survives a restart.
#[derive(Default)]
pub(crate) struct Shop {
    /// Ids of handled deliveries.
    handled: HashSet<String>,
    /// The last status of each order, by its reference.
    pub(crate) orders: BTreeMap<String, String>,
}

impl App {
    pub(crate) fn new(
        client: Client,
        callbacks: CallbackVerifier,
        webhooks: WebhookVerifier,
    ) -> Self {
        Self {
            client,
            callbacks,
            webhooks,
            shop: Arc::default(),
        }
    }

    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/callback", any(callback))
            .route("/webhook", post(webhook))
            .route("/shipping", post(shipping))
            .with_state(self)
    }

    pub(crate) fn shop(&self) -> MutexGuard<'_, Shop> {
        self.shop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks the delivery as handled together with its effects, in one database transaction, so that neither exists
    /// without the other. Setting a status twice does no harm; code that must not run twice must check `handled` first,
    /// in the same transaction.
    fn keep(&self, delivery: &str, transaction: &Transaction) {
        let mut shop = self.shop();
        if shop.handled.insert(delivery.to_owned())
            && let Some(order) = &transaction.merchant_reference
        {
            let status = &transaction.status;
            println!(
                "{order} is {status}, {:?} can be captured",
                transaction.capturable()
            );
            shop.orders.insert(order.clone(), status.to_string());
        }
    }
}

/// The body isn't signed, so it isn't read. `OriginalUri` is the received URI, even if this route is later nested below
/// another.
async fn callback(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    mut request: Request,
) -> Result<&'static str, Refusal> {
    *request.uri_mut() = uri;
    let callback = app.callbacks.verify(&request)?;
    match callback.error() {
        // Without automatic capture there may still be an authorized payment.
        None | Some(CallbackError::CaptureFailed) => {}
        Some(error) => {
            println!("nothing was paid: {error}");
            return Ok("{}");
        }
    }
    if !app.shop().handled.contains(callback.delivery_id()) {
        let transaction = callback.fetch(&app.client)?.await?;
        app.keep(callback.delivery_id(), &transaction);
    }
    Ok("{}")
}

async fn webhook(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<&'static str, Refusal> {
    let webhook = app.webhooks.verify_parts(|name| headers.get(name), &body)?;
    if app.shop().handled.contains(webhook.delivery_id()) {
        return Ok("{}");
    }
    let event = webhook.event()?;
    match &event {
        // The event may have only a part of the transaction, and may be late: use the current transaction.
        Event::CheckoutTransaction(_) => {
            let transaction = event.fetch(&app.client)?.await?;
            app.keep(webhook.delivery_id(), &transaction);
        }
        Event::Ping(_) => println!("the subscription works"),
        other => println!("nothing to do for {}", other.name()),
    }
    Ok("{}")
}

/// Handles a request of an express checkout. It is not signed: it gets prices, and changes no state.
async fn shipping(body: Bytes) -> Result<Response, Refusal> {
    let session = unverified_session(body)?;
    let address = session.order.and_then(|order| order.shipping_address);
    let country = address.and_then(|address| address.country);
    let options = match country.as_deref() {
        Some("NO" | "SE") => vec![
            ShipmentOption::builder()
                .id("parcel")
                .line_id("parcel-home")
                .title("Home delivery")
                .operator("Bring")
                .amount(Amount::minor(3_900))
                .build(),
        ],
        // Shipping to this address is not supported.
        _ => Vec::new(),
    };
    let reply = ShippingAddressResponse::builder()
        .shipping_options(options)
        .build();
    Ok(reply.into_http_response()?.into_response())
}

/// The response has no details; the log has all.
struct Refusal(StatusCode);

/// The request is not Dintero's, is invalid, or can't be handled: the error has the status.
impl From<dintero::webhook::Error> for Refusal {
    fn from(error: dintero::webhook::Error) -> Self {
        eprintln!("not accepted: {error}");
        Self(error.status())
    }
}

/// Dintero could not be called: with 503 it retries the delivery.
impl From<dintero::Error> for Refusal {
    fn from(error: dintero::Error) -> Self {
        eprintln!("not handled: {error}");
        Self(StatusCode::SERVICE_UNAVAILABLE)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, "{}").into_response()
    }
}
