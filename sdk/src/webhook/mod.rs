//! What Dintero sends to your server: verifying that it is from Dintero, reading it, answering it.
//!
//! Dintero signs in two ways, with two different secrets:
//!
//! | | Session callback | Webhook |
//! |---|---|---|
//! | Comes from | the `callback_url` of a checkout session | a subscription to events of the account |
//! | Header | `Dintero-Signature` | `event-signature` |
//! | Secret | of the account, from `/v1/admin/signature` | chosen by you, in the subscription's `config.secret` |
//! | Signed | time, account, method, host, path and query | the body |
//! | Not signed | **the body**, the port, all headers | URL, all headers, the time |
//! | Algorithm | HMAC-SHA256 | HMAC-SHA1 |
//! | Here | [`CallbackVerifier`] makes a [`Callback`] | [`WebhookVerifier`] makes a [`Webhook`] |
//!
//! Requests without a signature are refused. Dintero leaves it out as long as there is no secret.
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
//! transaction from the API. The status may be `AUTHORIZED`, `CAPTURED` (Dintero's pages disagree on whether a callback waits
//! for automatic capture) or `ON_HOLD`, after which there is another callback. [`CallbackUrl`] makes addresses
//! that ask for callbacks about errors, captures and refunds, too.
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
//! [`Event`] has types for what it knows, and the name, account and transaction of everything else. [`Webhook::json`] reads
//! the body as any type of yours. Where something else verifies deliveries (an API gateway, a header `Authorization`),
//! [`unverified_event`] reads them.
//!
//! # Express checkouts
//!
//! They ask for ways of shipping when the payer gives an address, and for prices when the payer enters discount codes. With
//! the feature `payments` `unverified_session` reads such a request, and `dintero::payments::ShippingAddressReply` and
//! `DiscountCodesReply` are the answers.
//!
//! # Replays
//!
//! Whoever sees a request that Dintero signed can send it again. A callback carries its time, and is refused when it is
//! too far from now ([`CallbackVerifier::tolerance`]). A webhook carries none that is signed. Against what is left, keep
//! the `delivery_id()` of everything that was handled, with a unique index, in the transaction that acts on it: of
//! callbacks at least twice as long as the tolerance, of webhooks for good. `delivery_id()` is made from signed data
//! only; the header `event-delivery` is not signed, and whoever repeats a request can change it.
//!
//! In a database that is a table, and one statement in the transaction that acts:
//!
//! ```sql
//! create table handled (delivery text primary key, at timestamptz not null default now());
//!
//! insert into handled (delivery) values ($1) on conflict do nothing;  -- 0 rows: it was handled before
//! delete from handled where at < now() - interval '10 minutes';       -- of callbacks, now and then
//! ```
//!
//! In the memory of a single process it comes to this, and a restart forgets it:
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
//! What only sets a state, like "order 1042 is paid", may run twice and needs no store. What counts up, sends or captures
//! does need one.
//!
//! Dintero also repeats deliveries itself, possibly under a new time and so under a new id. Acting on a transaction
//! must therefore be idempotent by the id of the transaction, too.
//!
//! # What to answer
//!
//! 200 with a JSON object when it is done or was done before, [`Error::status`] when it could not be verified or read, 503
//! when you could not do it now.
//!
//! # Secrets
//!
//! They are kept as [`Secret`](crate::Secret)s and what the hash functions make of them is overwritten, too. A padded
//! copy that `hmac` holds on the stack for a moment is out of reach.
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

/// Header of a callback's signature.
const CALLBACK_SIGNATURE: &str = "dintero-signature";
/// Header of a webhook's signature.
const WEBHOOK_SIGNATURE: &str = "event-signature";
/// Header with Dintero's id of the delivery; not signed.
const EVENT_DELIVERY: &str = "event-delivery";
