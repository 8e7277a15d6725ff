//! Webhooks of subscriptions: signed is the body, and nothing else.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use http::Request;
use serde::de::DeserializeOwned;

use super::canonical::header;
use super::head::Head;
use super::mac::{Keys, Sha1, hex};
use super::signature::webhook_signature;
use super::{Error, ErrorKind, Event, WEBHOOK_SIGNATURE};
use crate::Secret;

/// Verifies the webhooks of a subscription (header `event-signature`). Make one and keep it.
///
/// `Debug` does not show the secrets.
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    keys: Keys,
}

impl WebhookVerifier {
    /// For webhooks signed with any of these secrets, each a `config.secret` of a subscription. Give the old and the new
    /// one while a secret is being replaced: `["new", "old"]`.
    ///
    /// Give each account a secret of its own, or compare `account_id` in the body: the signature doesn't tell accounts
    /// apart otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when there is no secret or an empty one.
    pub fn new<I>(secrets: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: Into<Secret>,
    {
        Ok(Self {
            keys: Keys::new(secrets)?,
        })
    }

    /// Verifies a request. Its body must hold the bytes as they came: JSON that was read and written again is not the
    /// same.
    ///
    /// The webhook has a copy of the body and borrows nothing.
    ///
    /// # Errors
    /// [`ErrorKind::MissingSignature`], [`ErrorKind::MalformedSignature`] or [`ErrorKind::WrongSignature`]; the request
    /// must then not be acted on. [`Error::status`] is the HTTP status to respond with.
    pub fn verify<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Webhook, Error> {
        self.verify_parts(|name| header(request, name), request.body())
    }

    /// Verifies a request that is at hand in parts.
    ///
    /// - `headers`: gives the value of a header by its name, which is in lower case.
    /// - `body`: the bytes as they came.
    ///
    /// ```
    /// # fn run(verifier: dintero::webhook::WebhookVerifier) -> Result<(), dintero::webhook::Error> {
    /// # let (headers, body) = (http::HeaderMap::new(), "");
    /// let webhook = verifier.verify_parts(|name| headers.get(name), body)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_parts<V: AsRef<[u8]>>(
        &self,
        headers: impl Fn(&str) -> Option<V>,
        body: impl AsRef<[u8]>,
    ) -> Result<Webhook, Error> {
        let body = body.as_ref();
        let header = headers(WEBHOOK_SIGNATURE);
        let signature = webhook_signature(header.as_ref().map(AsRef::as_ref))?;
        if !self.keys.matches::<Sha1>(body, &signature)? {
            return Err(Error::new(
                ErrorKind::WrongSignature,
                "the signature is wrong: if Dintero sent this, check that the secret is that of the subscription, and \
                 that the body is passed byte by byte as it came",
            ));
        }
        Ok(Webhook {
            body: Bytes::copy_from_slice(body),
            signature,
            head: OnceLock::new(),
            delivery_id: OnceLock::new(),
        })
    }
}

/// A webhook whose body Dintero signed. Nothing of the body is read before it is asked for.
///
/// `Debug` does not show the body, because it may hold personal data.
#[derive(Clone)]
pub struct Webhook {
    body: Bytes,
    signature: [u8; 20],
    head: OnceLock<Head>,
    delivery_id: OnceLock<String>,
}

impl Webhook {
    fn head(&self) -> &Head {
        self.head.get_or_init(|| Head::of(&self.body))
    }

    /// Key for a store of what has been handled: `event_delivery` in the body, a UUID; the signature in hexadecimal
    /// where the body has none. Made from signed data only: the header `event-delivery` is not signed.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        let id = self.head().delivery.as_deref();
        match id.filter(|id| !id.is_empty()) {
            Some(id) => id,
            None => self.delivery_id.get_or_init(|| hex(&self.signature)),
        }
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What happened. An event that this version has no type for, or that is not as documented, is [`Event::Other`] and
    /// keeps its JSON.
    ///
    /// Each call reads the body, once.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] when the body is no JSON object; `source()` says where, without quoting it.
    pub fn event(&self) -> Result<Event, Error> {
        Event::read(&self.body, self.head().name.as_deref())
    }

    /// The body as JSON, for instance as a `serde_json::Value`: `account_id`, `event`, `event_delivery`, and an object
    /// with what the event is about.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] when the body is no JSON, or not of this type; `source()` says where, without quoting it.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let message = "the body is signed rightly, but it is not the JSON that was asked for";
            Error::of_json(ErrorKind::Json, message, &error)
        })
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("delivery_id", &self.delivery_id())
            .finish_non_exhaustive()
    }
}

/// Reads an event that something else has verified: an API gateway (`AWS4-HMAC-SHA256`), your check of the header
/// `Authorization`, or the API, in what it tells of a delivery.
///
/// **This verifies nothing.** A [`WebhookVerifier`] does, where the subscription has a secret of the type `HMAC-SHA1`.
///
/// ```
/// let event = dintero::webhook::unverified_event(r#"{"event":"location_add","account_id":"T12345678"}"#)?;
/// assert_eq!(event.name(), "location_add");
/// # Ok::<(), dintero::webhook::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Json`] when the body is no JSON object; `source()` says where, without quoting it.
pub fn unverified_event(body: impl AsRef<[u8]>) -> Result<Event, Error> {
    let body = body.as_ref();
    Event::read(body, Head::of(body).name.as_deref())
}
