//! Session callbacks: the URL is signed, the body is not.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{Request, Uri};

use super::canonical::{Target, header, host_name, read_url};
use super::clock::Clock;
use super::mac::{Keys, Sha256, hex};
use super::signature::CallbackSignature;
use super::{CALLBACK_SIGNATURE, CallbackError, CallbackEvent, EVENT_DELIVERY, Error, ErrorKind};
use crate::{AccountId, Secret, Timestamp};

/// The tolerance that Dintero recommends: enough for clock differences and slow networks, and little time for a replay.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// A verifier for callbacks of checkout sessions (header `Dintero-Signature`). Create one and reuse it.
///
/// `Debug` does not show the secrets.
#[derive(Clone, Debug)]
pub struct CallbackVerifier {
    account: AccountId,
    keys: Keys,
    host: Option<String>,
    tolerance: Duration,
    clock: Clock,
}

impl CallbackVerifier {
    /// Returns a verifier for callbacks of an account, signed with any of these secrets. Pass the old and the new one
    /// while a secret is being replaced: `["new", "old"]`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if there is no secret or an empty one.
    pub fn new<I>(account: AccountId, secrets: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: Into<Secret>,
    {
        Ok(Self {
            account,
            keys: Keys::new(secrets)?,
            host: None,
            tolerance: TOLERANCE,
            clock: Clock::default(),
        })
    }

    /// Sets the host in the `callback_url` that Dintero calls, such as `shop.example`; a port is ignored.
    /// **Recommended.**
    ///
    /// By default, the host of the request is used: that of its URL, else the header `Host`. Behind a proxy it may
    /// differ from the host that Dintero called, and a callback to another host of the account could be replayed to
    /// this one. Write it as in a request, in lower case and with `xn--…` for non-ASCII letters.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if it is not a host name.
    pub fn host(mut self, host: &str) -> Result<Self, Error> {
        let name = host_name(host).ok_or_else(|| {
            let message =
                "not a host name: pass a name such as shop.example, without https:// and path";
            Error::new(ErrorKind::Configuration, message)
        })?;
        self.host = Some(name);
        Ok(self)
    }

    /// Sets the maximum difference between the time of the signature and now, in both directions, inclusive. The
    /// default is five minutes, as Dintero recommends.
    ///
    /// It covers clock differences and delivery times, and is also the time in which a request can be replayed. It
    /// isn't documented whether Dintero signs again when it retries a callback: if retries fail with
    /// [`ErrorKind::TooOld`], raise the tolerance, and store [`Callback::delivery_id`]s longer.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets the clock, for tests. The default is the system's clock.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// Verifies a request. Its URI must be the one that was received: some routers strip a prefix.
    ///
    /// The body is not signed and not read. The callback does not borrow from the request.
    ///
    /// # Errors
    /// Any [`ErrorKind`] except `Json`. Don't act on the request; respond with [`Error::status`].
    pub fn verify<B>(&self, request: &Request<B>) -> Result<Callback, Error> {
        let headers = |name: &str| header(request, name);
        self.check(request.method().as_str(), request.uri(), headers)
    }

    /// Verifies a request from its parts.
    ///
    /// - `method`: such as `GET`.
    /// - `url`: as Dintero called it, still encoded; the whole URL, or path and query.
    /// - `headers`: returns the value of a header by its lower-case name.
    ///
    /// ```
    /// # fn run(verifier: dintero::webhook::CallbackVerifier) -> Result<(), dintero::webhook::Error> {
    /// # let headers = http::HeaderMap::new();
    /// let callback = verifier.verify_parts("GET", "/callback?a=1", |name| headers.get(name))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See [`verify`](Self::verify).
    pub fn verify_parts<V: AsRef<[u8]>>(
        &self,
        method: impl AsRef<str>,
        url: &str,
        headers: impl Fn(&str) -> Option<V>,
    ) -> Result<Callback, Error> {
        self.check(method.as_ref(), &read_url(url)?, headers)
    }

    fn check<V: AsRef<[u8]>>(
        &self,
        method: &str,
        url: &Uri,
        headers: impl Fn(&str) -> Option<V>,
    ) -> Result<Callback, Error> {
        let header = headers(CALLBACK_SIGNATURE);
        let signature = CallbackSignature::read(header.as_ref().map(AsRef::as_ref))?;
        let host_header = headers("host").and_then(|value| text(value.as_ref()));
        let target = Target::new(method, url, self.host.as_deref(), host_header.as_deref())?;
        let payload = target.payload(signature.timestamp, &self.account);
        if !(self.keys).matches::<Sha256>(payload.as_bytes(), &signature.mac)? {
            return Err(Error::new(
                ErrorKind::WrongSignature,
                "the signature is wrong: if Dintero sent this, check secret and account, and that host and path are \
                 those of the callback URL, which a proxy or router may have changed",
            ));
        }
        // Checked last, so that the error can say that the signature itself is valid.
        self.check_time(signature.at)?;
        Ok(Callback {
            delivery_id: hex(&signature.mac),
            signed_at: signature.at,
            pairs: target.pairs,
            event_delivery: headers(EVENT_DELIVERY).and_then(|value| text(value.as_ref())),
        })
    }

    fn check_time(&self, signed_at: SystemTime) -> Result<(), Error> {
        let (distance, kind, word) = match self.clock.now().duration_since(signed_at) {
            Ok(age) => (age, ErrorKind::TooOld, "old"),
            Err(ahead) => (ahead.duration(), ErrorKind::TooEarly, "ahead"),
        };
        if distance <= self.tolerance {
            return Ok(());
        }
        let message = format!(
            "the signature is valid but {} s {word}, the maximum is {} s: reject it as a possible replay, and check \
             this machine's clock if it happens often",
            distance.as_secs(),
            self.tolerance.as_secs()
        );
        Err(Error::new(kind, message))
    }
}

fn text(value: &[u8]) -> Option<String> {
    String::from_utf8(value.to_vec()).ok()
}

/// A verified callback: the values of its query.
///
/// The body of a callback with `method=POST` is **not** signed: anyone who sees a callback can send it with another
/// body. It is not part of this type. Take the id of the transaction from here and read the transaction from the API
/// instead.
///
/// `Debug` does not show the values, because they may be personal data.
#[derive(Clone)]
pub struct Callback {
    delivery_id: String,
    signed_at: SystemTime,
    pairs: Vec<(String, String)>,
    event_delivery: Option<String>,
}

impl Callback {
    /// Returns a key for a store of handled requests: 64 hexadecimal digits, equal if and only if the same signed
    /// request is received again. Computed from signed data only.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        &self.delivery_id
    }

    /// Returns the time of the signature, in whole seconds.
    #[must_use]
    pub fn signed_at(&self) -> SystemTime {
        self.signed_at
    }

    /// Returns the decoded value of a parameter that occurs exactly once. `None` if it is missing **or duplicate**.
    ///
    /// A duplicate has no value because it may be forged: anyone who can write into your `callback_url` can add a
    /// `transaction_id` there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.get_all(name);
        all.next().filter(|_| all.next().is_none())
    }

    /// Returns all values of a parameter, in the order of the query.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        let all = self.query().filter(move |(key, _)| *key == name);
        all.map(|(_, value)| value)
    }

    /// Returns the names and values of all parameters, decoded, sorted by name. They include your own parameters of the
    /// `callback_url`.
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns `transaction_id`: the transaction. May be missing if there is an [`error`](Self::error).
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        self.get("transaction_id")
    }

    /// Returns `session_id`, or `sid` if the `callback_url` has `sid_parameter_name=sid`: the session.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        match self.get("sid_parameter_name") {
            Some("sid") => self.get("sid"),
            _ => self.get("session_id"),
        }
    }

    /// Returns `merchant_reference`: your own reference of the order.
    #[must_use]
    pub fn merchant_reference(&self) -> Option<&str> {
        self.get("merchant_reference")
    }

    /// Returns `time`: when Dintero created the callback. The tolerance applies to [`signed_at`](Self::signed_at).
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        Some(Timestamp::received(self.get("time")?.into()))
    }

    /// Returns `error`: why there was no payment, or that the automatic capture failed. Only with
    /// [`CallbackUrl::report_error`](super::CallbackUrl::report_error).
    #[must_use]
    pub fn error(&self) -> Option<CallbackError> {
        self.get("error").map(CallbackError::from)
    }

    /// Returns `event`: what happened to the transaction. Only with
    /// [`CallbackUrl::report_events`](super::CallbackUrl::report_events); without, the callback is about the
    /// authorization.
    #[must_use]
    pub fn event(&self) -> Option<CallbackEvent> {
        self.get("event").map(CallbackEvent::from)
    }

    /// Returns `event_id`: the id of the event within the transaction, such as `3`. Sent with [`event`](Self::event).
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        self.get("event_id")
    }

    /// Returns the header `event-delivery`: Dintero's id of this delivery, for logs and support. **Not signed**: don't
    /// use it as a key.
    #[must_use]
    pub fn unverified_event_delivery(&self) -> Option<&str> {
        self.event_delivery.as_deref()
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.query().map(|(name, _)| name).collect();
        f.debug_struct("Callback")
            .field("delivery_id", &self.delivery_id)
            .field("signed_at", &self.signed_at)
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}
