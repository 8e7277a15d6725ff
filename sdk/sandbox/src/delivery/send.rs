//! Attempts: what is sent, what counts as accepted, and when it is sent again.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use dintero::hooks::SubscriptionSecret;
use dintero::webhook::{CallbackSigner, WebhookSigner};
use reqwest::Response;

use super::webhook::{self, Subscribed};
use super::{About, Attempt, Delivery, DeliveryStatus, Due, callable};
use crate::accounts::Account;
use crate::server::Inner;
use crate::state::{Job, State};

/// How long a merchant may take for a callback.
const CALLBACK_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a callback is sent again.
const CALLBACK_RETRIES: usize = 20;
/// How long a receiver of a webhook may take. Dintero's page has 60 and 120 seconds.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(60);
/// How often a webhook is sent, in all.
const WEBHOOK_ATTEMPTS: usize = 5;
/// Before the first retry. Doubled for each further one; Dintero does not document intervals.
const FIRST_DELAY: Duration = Duration::from_secs(10);
const MAX_DELAY: Duration = Duration::from_secs(60 * 60);
/// The part of a response that is kept, in bytes.
const MAX_BODY: usize = 4096;

/// A delivery, with what its request needs of the state.
struct Prepared {
    delivery: Delivery,
    secret: Secret,
    is_insecure: bool,
    at: SystemTime,
}

/// The proof that a request is of the sandbox.
enum Secret {
    None,
    /// The key of `Dintero-Signature`.
    Callback(String),
    /// The key of `event-signature`.
    Webhook(String),
    /// The value of `authorization`.
    Authorization(String),
}

/// The outcome of an attempt.
enum Verdict {
    Accepted,
    /// It is not sent again.
    Refused,
    /// It is sent again, if attempts are left.
    Retry,
}

/// Sends a request to the merchant, and plans the next attempt if that fails.
pub(crate) async fn deliver(inner: Arc<Inner>, job: String, due: Due) {
    let Some(prepared) = inner.read(|state| prepare(state, &due)) else {
        // If the state file can't be written, the next request says so.
        let withdrawn = inner.change(|state| {
            withdraw(state, &due);
            state.finished(&job);
        });
        let _ = withdrawn.await;
        return;
    };
    // Signatures take time: the state is not locked.
    let (headers, signature) = prepared.headers();
    let started = Instant::now();
    let result = send(&inner, &prepared, headers).await;
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let _ = inner
        .change(|state| {
            let duration = if state.is_clock_fixed() { 0 } else { took };
            record(state, &due, prepared.at, signature, result, duration);
            state.finished(&job);
        })
        .await;
}

/// Plans another attempt of a delivery, in addition to those that are planned; returns whether it is known.
pub(crate) fn replay(state: &mut State, delivery: &str) -> bool {
    let known = state.store.get::<Delivery>(delivery);
    if known
        .as_ref()
        .is_none_or(|known| callable(&known.url).is_err())
    {
        return false;
    }
    let due = Due {
        delivery: delivery.to_owned(),
        attempt: 0,
        again: true,
    };
    state.schedule(Duration::ZERO, Job::Deliver(due));
    true
}

fn prepare(state: &State, due: &Due) -> Option<Prepared> {
    let delivery = state.store.get::<Delivery>(&due.delivery)?;
    // The first one is sent even if it has arrived in addition; a retry is not.
    let is_wanted = due.attempt == 0 || delivery.status == DeliveryStatus::Waiting;
    let is_planned = is_wanted && delivery.planned == due.attempt;
    if !due.again && (!is_planned || is_withdrawn(state, &delivery)) {
        return None;
    }
    let (secret, is_insecure) = match &delivery.about {
        About::Callback { .. } => {
            let account = state.store.get::<Account>(&delivery.account);
            let secret = account.and_then(|account| account.callback_secret);
            let secret = secret.map(|secret| Secret::Callback(secret.secret));
            (secret.unwrap_or(Secret::None), false)
        }
        About::Webhook { subscription, .. } => {
            let subscribed = state.store.get::<Subscribed>(subscription);
            let secret = match subscribed.as_ref().and_then(Subscribed::secret) {
                Some(SubscriptionSecret::HmacSha1(secret)) => {
                    Secret::Webhook(secret.value.clone().unwrap_or_default())
                }
                Some(SubscriptionSecret::Authorization(secret)) => {
                    (secret.value.clone()).map_or(Secret::None, Secret::Authorization)
                }
                _ => Secret::None,
            };
            (secret, subscribed.is_some_and(|one| one.is_insecure()))
        }
    };
    Some(Prepared {
        at: state.now(),
        delivery,
        secret,
        is_insecure,
    })
}

impl Prepared {
    /// Returns the headers, and the signature among them.
    fn headers(&self) -> (Vec<(&'static str, String)>, Option<String>) {
        let delivery = &self.delivery;
        let mut headers = vec![("event-delivery", delivery.id.clone())];
        if let About::Webhook { event, .. } = &delivery.about {
            headers.push(("event", event.clone()));
        }
        let mut signature = None;
        match &self.secret {
            Secret::None => {}
            Secret::Callback(key) => {
                let account = delivery.account.parse().ok();
                let signer =
                    account.and_then(|account| CallbackSigner::new(account, key.as_str()).ok());
                let sign = |one: CallbackSigner| one.sign(&delivery.method, &delivery.url, self.at);
                // Each attempt is signed anew; Dintero does not document whether it does.
                signature = signer.and_then(|one| sign(one).ok());
                headers.extend(signature.clone().map(|text| ("dintero-signature", text)));
            }
            Secret::Webhook(key) => {
                let body = delivery.body.as_deref().unwrap_or_default();
                let signer = WebhookSigner::new(key.as_str());
                signature = signer.and_then(|signer| signer.sign(body)).ok();
                headers.extend(signature.clone().map(|text| ("event-signature", text)));
            }
            Secret::Authorization(value) => headers.push(("authorization", value.clone())),
        }
        if delivery.body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        (headers, signature)
    }
}

/// Whether it is for a subscription that was deleted.
fn is_withdrawn(state: &State, delivery: &Delivery) -> bool {
    let About::Webhook { subscription, .. } = &delivery.about else {
        return false;
    };
    let subscribed = state.store.get::<Subscribed>(subscription);
    subscribed.is_none_or(|one| one.is_deleted())
}

fn withdraw(state: &mut State, due: &Due) {
    let delivery = state.store.get::<Delivery>(&due.delivery);
    if let Some(mut delivery) = delivery
        && delivery.status == DeliveryStatus::Waiting
        && is_withdrawn(state, &delivery)
    {
        delivery.status = DeliveryStatus::Failed;
        delivery.error = Some("the subscription was deleted".to_owned());
        state.store.put(&delivery.id, &delivery);
    }
}

/// A response as an attempt keeps it.
struct Received {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

async fn send(
    inner: &Inner,
    prepared: &Prepared,
    headers: Vec<(&'static str, String)>,
) -> Result<Received, String> {
    let delivery = &prepared.delivery;
    let timeout = match delivery.about {
        About::Callback { .. } => CALLBACK_TIMEOUT,
        About::Webhook { .. } => WEBHOOK_TIMEOUT,
    };
    let client = match prepared.is_insecure {
        false => inner.http.clone(),
        true => reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_danger_accept_invalid_certs(true)
            .build()
            .map_err(|error| reason(&error, timeout))?,
    };
    let url = callable(&delivery.url)?;
    let mut request = match &*delivery.method {
        "POST" => client.post(url),
        _ => client.get(url),
    };
    for (name, value) in headers {
        request = request.header(name, value);
    }
    if let Some(body) = &delivery.body {
        request = request.body(body.clone());
    }
    // At most so many at a time, because each needs a connection.
    let _permit = inner.sends.acquire().await;
    let response = request.timeout(timeout).send().await;
    let response = response.map_err(|error| reason(&error, timeout))?;
    let read = received(response).await;
    read.map_err(|error| reason(&error, timeout))
}

async fn received(mut response: Response) -> Result<Received, reqwest::Error> {
    let headers = (response.headers().iter())
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = MAX_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(Received {
        status: response.status().as_u16(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// Why there is no response.
fn reason(error: &reqwest::Error, timeout: Duration) -> String {
    if error.is_timeout() {
        return format!("no response within {} s", timeout.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let what = match error.is_connect() {
        true => "could not connect",
        false => "the connection broke",
    };
    format!("{what}: {cause}")
}

/// Whether a response is accepted, and what to say if it is not.
fn judge(about: &About, result: &Result<Received, String>) -> (Verdict, Option<String>) {
    let status = match result {
        Err(why) => return (Verdict::Retry, Some(why.clone())),
        Ok(received) => received.status,
    };
    match (about, status) {
        (About::Callback { .. }, 200) | (About::Webhook { .. }, 200..=299) => {
            (Verdict::Accepted, None)
        }
        (About::Callback { .. }, 400..=499) => {
            let why = format!("status {status} is final for a callback");
            (Verdict::Refused, Some(why))
        }
        (About::Callback { .. }, 500..=599) => {
            (Verdict::Retry, Some(format!("status {status} is an error")))
        }
        (About::Callback { .. }, _) => {
            let why = format!(
                "Dintero does not document what follows from status {status}: respond with 200"
            );
            (Verdict::Refused, Some(why))
        }
        (About::Webhook { .. }, 400) => {
            let why = "status 400 is final for a webhook: the event is ignored";
            (Verdict::Refused, Some(why.to_owned()))
        }
        (About::Webhook { .. }, _) => {
            let why = format!("status {status} is an error: respond with 200");
            (Verdict::Retry, Some(why))
        }
    }
}

fn record(
    state: &mut State,
    due: &Due,
    at: SystemTime,
    signature: Option<String>,
    result: Result<Received, String>,
    duration: u64,
) {
    // It may have been sent again meanwhile.
    let Some(mut delivery) = state.store.get::<Delivery>(&due.delivery) else {
        return;
    };
    let (verdict, error) = judge(&delivery.about, &result);
    let is_ignored = matches!(&result, Ok(received) if received.status == 400);
    let received = result.ok();
    let (status, headers, body) = match received {
        Some(received) => (Some(received.status), received.headers, received.body),
        None => (None, Vec::new(), String::new()),
    };
    delivery.attempts.push(Attempt {
        at: dintero::Timestamp::from(at),
        duration,
        signature,
        status,
        headers,
        body,
        error: error.clone(),
    });
    if let Some(held) = delivery.releases.take() {
        let due = Due {
            delivery: held,
            attempt: 0,
            again: false,
        };
        state.schedule(Duration::ZERO, Job::Deliver(due));
    }
    let was_waiting = delivery.status == DeliveryStatus::Waiting;
    let (subscription, limit) = match &delivery.about {
        About::Callback { .. } => (None, CALLBACK_RETRIES + 1),
        About::Webhook { subscription, .. } => (Some(subscription.clone()), WEBHOOK_ATTEMPTS),
    };
    if !due.again {
        delivery.planned = due.attempt + 1;
    }
    match verdict {
        Verdict::Accepted => {
            delivery.status = DeliveryStatus::Delivered;
            delivery.error = None;
        }
        // A planned attempt stays planned, and an arrived delivery stays so.
        Verdict::Refused | Verdict::Retry if due.again || !was_waiting => {}
        Verdict::Retry if delivery.planned < limit => {
            let doubled = u32::try_from(due.attempt.min(16)).unwrap_or_default();
            let delay = FIRST_DELAY.saturating_mul(1 << doubled).min(MAX_DELAY);
            let due = Due {
                delivery: delivery.id.clone(),
                attempt: delivery.planned,
                again: false,
            };
            state.schedule(delay, Job::Deliver(due));
        }
        Verdict::Refused | Verdict::Retry => {
            delivery.status = DeliveryStatus::Failed;
            delivery.error = error;
        }
    }
    let is_final = was_waiting && delivery.status != DeliveryStatus::Waiting;
    let is_delivered = delivery.status == DeliveryStatus::Delivered;
    state.store.put(&delivery.id, &delivery);
    if let Some(subscription) = subscription.filter(|_| is_final && !is_ignored) {
        webhook::count(state, &subscription, is_delivered);
    }
}
