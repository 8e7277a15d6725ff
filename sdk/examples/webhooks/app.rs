//! The routes and what they answer.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use dintero::payments::{MultiShipmentShippingOption, ShippingAddressReply, Transaction};
use dintero::webhook::{
    CallbackError, CallbackVerifier, Event, WebhookVerifier, unverified_session,
};
use dintero::{Amount, Client};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    client: Client,
    callbacks: CallbackVerifier,
    webhooks: WebhookVerifier,
    shop: Arc<Mutex<Shop>>,
}

/// What a shop keeps in its database, where it survives a restart.
#[derive(Default)]
pub(crate) struct Shop {
    /// Ids of deliveries that were handled.
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

    /// Marks the delivery as handled together with what it leads to: in one transaction of the database, so that neither
    /// is there without the other. Setting a status twice does no harm; whatever does must look at `handled` first, in
    /// the same transaction.
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

/// The body isn't signed, so it isn't even read. `OriginalUri` is the URI that came, even if this route is nested below
/// another later.
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
        // It may show a part only, and tells of the past when it comes late: what counts is how the transaction stands now.
        Event::CheckoutTransaction(_) => {
            let transaction = event.fetch(&app.client)?.await?;
            app.keep(webhook.delivery_id(), &transaction);
        }
        Event::Ping(_) => println!("the subscription works"),
        other => println!("nothing to do for {}", other.name()),
    }
    Ok("{}")
}

/// Asked by an express checkout. Neither signed nor secret: it gets prices, and nothing is changed because of it.
async fn shipping(body: Bytes) -> Result<Response, Refusal> {
    let session = unverified_session(body)?;
    let address = session.order.and_then(|order| order.shipping_address);
    let country = address.and_then(|address| address.country);
    let options = match country.as_deref() {
        Some("NO" | "SE") => vec![
            MultiShipmentShippingOption::builder()
                .id("parcel")
                .line_id("parcel-home")
                .title("Home delivery")
                .operator("Bring")
                .amount(Amount::minor(3_900))
                .build(),
        ],
        // Can't be shipped there.
        _ => Vec::new(),
    };
    let reply = ShippingAddressReply::builder()
        .shipping_options(options)
        .build();
    Ok(reply.into_http_response()?.into_response())
}

/// The sender learns nothing, the log everything.
struct Refusal(StatusCode);

/// What came was not Dintero's, makes no sense, or can't be handled: the error knows the status.
impl From<dintero::webhook::Error> for Refusal {
    fn from(error: dintero::webhook::Error) -> Self {
        eprintln!("not accepted: {error}");
        Self(error.status())
    }
}

/// Dintero could not be asked: with 503 it repeats the delivery.
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
