//! The routes and what they answer.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::{any, post};
use dintero::webhook::{CallbackVerifier, WebhookVerifier};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    callbacks: CallbackVerifier,
    webhooks: WebhookVerifier,
    /// Ids of deliveries that were handled. A shop keeps them in its database, where they survive a restart.
    handled: Arc<Mutex<HashSet<String>>>,
}

impl App {
    pub(crate) fn new(callbacks: CallbackVerifier, webhooks: WebhookVerifier) -> Self {
        Self {
            callbacks,
            webhooks,
            handled: Arc::default(),
        }
    }

    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/callback", any(callback))
            .route("/webhook", post(webhook))
            .with_state(self)
    }

    /// Does the work unless it was done for this delivery before.
    fn once(&self, delivery: &str, work: impl FnOnce()) {
        let mut handled = self.handled.lock().unwrap_or_else(PoisonError::into_inner);
        if handled.insert(delivery.to_owned()) {
            work();
        }
    }
}

/// `OriginalUri` is the one that came, even if this route is nested below another later.
async fn callback(
    State(app): State<App>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> (StatusCode, &'static str) {
    let url = uri.to_string();
    // The body isn't signed, so it isn't even read.
    let verified = app
        .callbacks
        .verify_parts(method, &url, |name| headers.get(name), ());
    match verified {
        Ok(callback) => {
            app.once(callback.delivery_id(), || {
                // Here a shop reads the transaction from the API, and acts on what that says.
                println!("transaction {:?}", callback.transaction_id());
            });
            (StatusCode::OK, "{}")
        }
        Err(error) => refused(&error),
    }
}

async fn webhook(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    match app.webhooks.verify_parts(|name| headers.get(name), body) {
        Ok(webhook) => {
            app.once(webhook.delivery_id(), || {
                let event: Result<serde_json::Value, _> = webhook.json();
                match event {
                    Ok(event) => println!("event {}", event["event"]),
                    Err(error) => eprintln!("{error}"),
                }
            });
            (StatusCode::OK, "{}")
        }
        Err(error) => refused(&error),
    }
}

/// The sender learns nothing, the log everything.
fn refused(error: &dintero::webhook::Error) -> (StatusCode, &'static str) {
    eprintln!("refused: {error}");
    (StatusCode::UNAUTHORIZED, "{}")
}
