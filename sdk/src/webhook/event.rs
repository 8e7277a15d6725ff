//! Webhooks of subscriptions: signed is the body, and nothing else.

use std::fmt;

use http::Request;
use serde::de::DeserializeOwned;

use super::canonical::header;
use super::mac::{Keys, Sha1};
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
    /// # Errors
    /// [`ErrorKind::MissingSignature`], [`ErrorKind::MalformedSignature`] or [`ErrorKind::WrongSignature`]; the request
    /// must then not be acted on.
    pub fn verify<'r, B: AsRef<[u8]>>(
        &self,
        request: &'r Request<B>,
    ) -> Result<Webhook<&'r B>, Error> {
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
    pub fn verify_parts<V: AsRef<[u8]>, B: AsRef<[u8]>>(
        &self,
        headers: impl Fn(&str) -> Option<V>,
        body: B,
    ) -> Result<Webhook<B>, Error> {
        let header = headers(WEBHOOK_SIGNATURE);
        let signature = webhook_signature(header.as_ref().map(AsRef::as_ref))?;
        let right = self.keys.matching::<Sha1>(body.as_ref(), &signature)?;
        let right = right.ok_or_else(|| {
            Error::new(
                ErrorKind::WrongSignature,
                "the signature is wrong: if Dintero sent this, check that the secret is that of the subscription, and \
                 that the body is passed byte by byte as it came",
            )
        })?;
        Ok(Webhook {
            delivery_id: event_delivery(body.as_ref()).unwrap_or(right),
            body,
        })
    }
}

/// `event_delivery` in the body.
fn event_delivery(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let id = body.get("event_delivery")?.as_str()?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// A webhook whose body Dintero signed.
///
/// `Debug` does not show the body, because it may hold personal data.
#[derive(Clone)]
pub struct Webhook<B> {
    delivery_id: String,
    body: B,
}

impl<B: AsRef<[u8]>> Webhook<B> {
    /// Key for a store of what has been handled: `event_delivery` in the body, a UUID; the signature in hexadecimal
    /// where the body has none. Made from signed data only.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        &self.delivery_id
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.as_ref()
    }

    /// What happened. Events that this version has no type for keep their JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] when the body is no JSON object, or a known event with a member of a wrong type or a transaction
    /// without what every transaction has (`id`, `status`, `amount`, `currency`), as when the subscription leaves fields
    /// out; `source()` says where, without quoting it. [`json`](Self::json) then still gives what came.
    pub fn event(&self) -> Result<Event, Error> {
        Event::read(self.body())
    }

    /// The body as JSON, for instance as a `serde_json::Value`: `account_id`, `event`, `event_delivery`, and an object
    /// with what the event is about.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] when the body is no JSON, or not of this type; `source()` says where, without quoting it.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(self.body()).map_err(|error| {
            let message = "the body is signed rightly, but it is not the JSON that was asked for";
            Error::of_json(ErrorKind::Json, message, &error)
        })
    }
}

impl<B> fmt::Debug for Webhook<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("delivery_id", &self.delivery_id)
            .finish_non_exhaustive()
    }
}
