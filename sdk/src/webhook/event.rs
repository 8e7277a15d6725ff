//! Webhooks of subscriptions: only the body is signed.

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

/// A verifier for webhooks of a subscription (header `event-signature`). Create one and reuse it.
///
/// `Debug` does not show the secrets.
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    keys: Keys,
}

impl WebhookVerifier {
    /// Returns a verifier for webhooks signed with any of these secrets, each a `config.secret` of a subscription. Pass
    /// the old and the new one while a secret is being replaced: `["new", "old"]`.
    ///
    /// Use a separate secret for each account, or compare `account_id` in the body: the signature does not include the
    /// account.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if there is no secret or an empty one.
    pub fn new<I>(secrets: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: Into<Secret>,
    {
        Ok(Self {
            keys: Keys::new(secrets)?,
        })
    }

    /// Verifies a request. Its body must be the bytes as received: JSON that was parsed and written again differs.
    ///
    /// The webhook has a copy of the body and does not borrow from the request.
    ///
    /// # Errors
    /// [`ErrorKind::MissingSignature`], [`ErrorKind::MalformedSignature`] or [`ErrorKind::WrongSignature`]. Don't act
    /// on the request; respond with [`Error::status`].
    pub fn verify<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Webhook, Error> {
        self.verify_parts(|name| header(request, name), request.body())
    }

    /// Verifies a request from its parts.
    ///
    /// - `headers`: returns the value of a header by its lower-case name.
    /// - `body`: the bytes as received.
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
    /// See [`verify`](Self::verify).
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
                "the signature is wrong: if Dintero sent this, check that the secret is that of the subscription, \
                 and that the body is passed byte for byte as received",
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

/// A verified webhook. The body is parsed on demand.
///
/// `Debug` does not show the body, because it may contain personal data.
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

    /// Returns a key for a store of handled requests: `event_delivery` in the body, a UUID; the signature in
    /// hexadecimal if the body has none. Computed from signed data only: the header `event-delivery` is not signed.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        let id = self.head().delivery.as_deref();
        match id.filter(|id| !id.is_empty()) {
            Some(id) => id,
            None => self.delivery_id.get_or_init(|| hex(&self.signature)),
        }
    }

    /// Returns the body as received.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the event. An event that this version has no type for, or that does not match its documentation, is
    /// [`Event::Other`] and keeps its JSON.
    ///
    /// Each call parses the body.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] if the body is not a JSON object; `source()` has the place, without quoting the body.
    pub fn event(&self) -> Result<Event, Error> {
        Event::read(&self.body, self.head().name.as_deref())
    }

    /// Returns the body as JSON, for instance as a `serde_json::Value`: `account_id`, `event`, `event_delivery`, and
    /// the object of the event.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] if the body is not JSON, or not of this type; `source()` has the place, without quoting the
    /// body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let message = "the signature is valid, but the body is not JSON of the requested type";
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
/// `Authorization`, or the API, in its record of a delivery.
///
/// **This verifies nothing.** Use a [`WebhookVerifier`] if the subscription has a secret of the type `HMAC-SHA1`.
///
/// ```
/// let event = dintero::webhook::unverified_event(r#"{"event":"location_add","account_id":"T12345678"}"#)?;
/// assert_eq!(event.name(), "location_add");
/// # Ok::<(), dintero::webhook::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Json`] if the body is not a JSON object; `source()` has the place, without quoting the body.
pub fn unverified_event(body: impl AsRef<[u8]>) -> Result<Event, Error> {
    let body = body.as_ref();
    Event::read(body, Head::of(body).name.as_deref())
}
