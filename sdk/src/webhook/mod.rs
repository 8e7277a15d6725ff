//! Callbacks and webhooks: verify, read and respond to requests from Dintero.
//!
//! Dintero signs in two ways, with two different secrets:
//!
//! | | Session callback | Webhook |
//! |---|---|---|
//! | Source | the `callback_url` of a checkout session | a subscription to events of the account |
//! | Header | `Dintero-Signature` | `event-signature` |
//! | Secret | of the account, from `/v1/admin/signature` | chosen by you, in the subscription's `config.secret` |
//! | Signed | time, account, method, host, path and query | the body |
//! | Not signed | **the body**, the port, all headers | URL, all headers, the time |
//! | Algorithm | HMAC-SHA256 | HMAC-SHA1 |
//! | Here | [`CallbackVerifier`] makes a [`Callback`] | [`WebhookVerifier`] makes a [`Webhook`] |
//!
//! Requests without a signature are rejected. Dintero does not sign until there is a secret.
//!
//! # A callback
//!
//! ```
//! use dintero::webhook::{CallbackSigner, CallbackVerifier};
//! use std::time::SystemTime;
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = CallbackVerifier::new("T12345678".parse()?, ["the secret"])?.host("shop.example")?;
//!
//! // In a test, you sign for yourself.
//! let target = "/callback?transaction_id=T12345678.abc&session_id=T12345678.def";
//! let signature = CallbackSigner::new("T12345678".parse()?, "the secret")?
//!     .sign("GET", &format!("https://shop.example{target}"), SystemTime::now())?;
//! let request = http::Request::get(target).header("Dintero-Signature", signature).body(())?;
//!
//! let callback = verifier.verify(&request)?;
//! assert_eq!(callback.transaction_id(), Some("T12345678.abc"));
//! # Ok(())
//! # }
//! # run().unwrap();
//! ```
//!
//! Its query is signed and its body is not, so with the feature `payments` `callback.fetch(&client)?.await?` reads the
//! transaction from the API. The status may be `AUTHORIZED`, `CAPTURED` (Dintero's pages disagree on whether a callback
//! waits for automatic capture) or `ON_HOLD`, after which there is another callback. [`CallbackUrl`] builds URLs that
//! also request callbacks about errors, captures and refunds.
//!
//! # A webhook
//!
//! ```
//! use dintero::webhook::{WebhookSigner, WebhookVerifier};
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = WebhookVerifier::new(["the new secret", "the old one"])?;
//!
//! let body = r#"{"event":"checkout_transaction","event_delivery":"e7a1"}"#;
//! let signature = WebhookSigner::new("the old one")?.sign(body)?;
//! let request = http::Request::post("/webhook").header("event-signature", signature).body(body)?;
//!
//! let webhook = verifier.verify(&request)?;
//! let event = webhook.event()?;
//! assert_eq!(event.name(), "checkout_transaction");
//! # Ok(())
//! # }
//! # run().unwrap();
//! ```
//!
//! [`Event`] has types for known events, and the name, account and transaction of all others. [`Webhook::json`] reads
//! the body as any type of yours. If something else verifies deliveries (an API gateway, a header `Authorization`),
//! read them with [`unverified_event`].
//!
//! # Express checkouts
//!
//! They request shipping options when the payer enters an address, and prices when the payer enters discount codes.
//! With the feature `payments`, `unverified_session` reads such a request, and
//! `dintero::payments::ShippingAddressResponse` and `DiscountCodesResponse` are the responses.
//!
//! # Replays
//!
//! Anyone who sees a signed request can replay it. A callback has a signed time, and is rejected if that is too far
//! from now ([`CallbackVerifier::tolerance`]). A webhook has no signed time. Against the remaining replays, store the
//! `delivery_id()` of every handled request, with a unique index, in the database transaction that acts on it: for
//! callbacks at least twice as long as the tolerance, for webhooks forever. `delivery_id()` is computed from signed
//! data only; the header `event-delivery` is not signed and can be changed in a replay.
//!
//! In a database this takes a table, and one statement in the transaction that acts:
//!
//! ```sql
//! create table handled (delivery text primary key, at timestamptz not null default now());
//!
//! insert into handled (delivery) values ($1) on conflict do nothing;  -- 0 rows: it was handled before
//! delete from handled where at < now() - interval '10 minutes';       -- of callbacks, now and then
//! ```
//!
//! In the memory of a single process, until it restarts:
//!
//! ```
//! use std::collections::HashMap;
//! use std::time::{Duration, SystemTime};
//!
//! /// Twice the tolerance: the signature of whatever is older is refused anyway.
//! const KEPT: Duration = Duration::from_secs(10 * 60);
//!
//! #[derive(Default)]
//! struct Handled(HashMap<String, SystemTime>);
//!
//! impl Handled {
//!     /// Whether this is the first time. Call it when the work is done, or undo it when the work fails.
//!     fn is_first(&mut self, delivery_id: &str, now: SystemTime) -> bool {
//!         self.0.retain(|_, at| now.duration_since(*at).unwrap_or_default() < KEPT);
//!         self.0.insert(delivery_id.to_owned(), now).is_none()
//!     }
//! }
//!
//! let (mut handled, now) = (Handled::default(), SystemTime::now());
//! assert!(handled.is_first("6bed2ab1…", now));
//! assert!(!handled.is_first("6bed2ab1…", now));
//! ```
//!
//! Code that only sets a state, such as "order 1042 is paid", may run twice and needs no store. Code that counts, sends
//! or captures needs one.
//!
//! Dintero also retries deliveries, possibly with a new time and therefore a new id. Actions on a transaction must
//! therefore also be idempotent by the id of the transaction.
//!
//! # Responses
//!
//! Respond with 200 and a JSON object if the request was handled, now or before; with [`Error::status`] if it could not
//! be verified or read; with 503 if you can't handle it now.
//!
//! # Secrets
//!
//! They are stored as [`Secret`](crate::Secret)s, and the state of the hash functions is overwritten, too. A padded
//! copy that `hmac` briefly keeps on the stack is not.
//!
//! # Source
//!
//! Dintero's pages on [validating callbacks](https://docs.dintero.com/docs/checkout/validating-callbacks),
//! [the signature secret](https://docs.dintero.com/checkout-api/secrets/admin_signature_post) and
//! [webhooks](https://docs.dintero.com/docs/checkout/webhooks).

mod callback;
mod callback_url;
mod canonical;
mod clock;
mod error;
mod event;
#[cfg(feature = "payments")]
mod express;
#[cfg(feature = "payments")]
mod fetch;
mod head;
mod mac;
mod payload;
mod sign;
mod signature;
mod values;

pub use callback::{Callback, CallbackVerifier};
pub use callback_url::CallbackUrl;
pub use error::{Error, ErrorKind};
pub use event::{Webhook, WebhookVerifier, unverified_event};
#[cfg(feature = "payments")]
pub use express::unverified_session;
pub use payload::{Event, OtherEvent, Ping};
pub use sign::{CallbackSigner, WebhookSigner};
pub use values::{CallbackError, CallbackEvent};

/// The header with the signature of a callback.
const CALLBACK_SIGNATURE: &str = "dintero-signature";
/// The header with the signature of a webhook.
const WEBHOOK_SIGNATURE: &str = "event-signature";
/// The header with Dintero's id of the delivery; not signed.
const EVENT_DELIVERY: &str = "event-delivery";
