//! Session callbacks: signed is where they go to, not what they carry.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{Request, Uri};

use super::canonical::{Target, header, host_name, read_url};
use super::clock::Clock;
use super::mac::{Keys, Sha256, hex};
use super::signature::CallbackSignature;
use super::{CALLBACK_SIGNATURE, CallbackError, CallbackEvent, EVENT_DELIVERY, Error, ErrorKind};
use crate::{AccountId, Secret, Timestamp};

/// What Dintero recommends. Enough for clocks that differ and for slow networks, and little time for a replay.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Verifies the callbacks of checkout sessions (header `Dintero-Signature`). Make one and keep it.
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
    /// For the callbacks of an account, signed with any of these secrets. Give the old and the new one while a secret is
    /// being replaced: `["new", "old"]`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when there is no secret or an empty one.
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

    /// The host in the `callback_url` that Dintero calls, such as `shop.example`; a port is ignored. **Recommended.**
    ///
    /// Without it, the host of the request counts: that of its URL, else the header `Host`. Behind a proxy this may be
    /// another one than Dintero called, and a callback to another of the account's hosts could be replayed to this one.
    /// Write it as it stands in a request, in lower case and with `xn--…` for letters beyond ASCII.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when it is no host.
    pub fn host(mut self, host: &str) -> Result<Self, Error> {
        let name = host_name(host).ok_or_else(|| {
            let message = "this is no host: give its name only, such as shop.example, without https:// and path";
            Error::new(ErrorKind::Configuration, message)
        })?;
        self.host = Some(name);
        Ok(self)
    }

    /// How far the time of the signature may be from now, to either side, inclusive. Five minutes by default, which is
    /// what Dintero recommends.
    ///
    /// It is what clocks may differ and deliveries may take, and at the same time how long a request can be replayed.
    /// It isn't documented whether Dintero signs anew when it repeats a callback: if repetitions fail with
    /// [`ErrorKind::TooOld`], raise it, and keep [`Callback::delivery_id`]s longer.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Where the present time comes from; for tests. The system's clock by default.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// Verifies a request. Its URI must be the one that came over the wire: some routers cut off a prefix.
    ///
    /// The body is not signed and not looked at; what is returned borrows nothing from the request.
    ///
    /// # Errors
    /// Any [`ErrorKind`] but `Json`; the request must then not be acted on. [`Error::status`] is the HTTP status to respond with.
    pub fn verify<B>(&self, request: &Request<B>) -> Result<Callback, Error> {
        let headers = |name: &str| header(request, name);
        self.check(request.method().as_str(), request.uri(), headers)
    }

    /// Verifies a request that is at hand in parts.
    ///
    /// - `method`: such as `GET`.
    /// - `url`: as Dintero called it, still encoded; whole or from the path on, with the query.
    /// - `headers`: gives the value of a header by its name, which is in lower case.
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
    /// As [`verify`](Self::verify).
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
                 those of the callback URL although a proxy or router may have changed them",
            ));
        }
        // Only now, so that the error can say that the signature itself is right.
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
            "the signature is right but {} s {word}, allowed are {} s: refuse it as a possible replay, and check this \
             machine's clock if it happens often",
            distance.as_secs(),
            self.tolerance.as_secs()
        );
        Err(Error::new(kind, message))
    }
}

fn text(value: &[u8]) -> Option<String> {
    String::from_utf8(value.to_vec()).ok()
}

/// A callback that Dintero signed: the values of its query.
///
/// The body of a callback with `method=POST` is **not** signed: whoever sees a callback can send it with another body. It
/// stays with your request. Take the id of the transaction from here and read the transaction from the API instead.
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
    /// Key for a store of what has been handled: 64 hexadecimal digits, the same exactly when the same signed request
    /// comes again. Made from signed data only.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        &self.delivery_id
    }

    /// When Dintero signed it, in whole seconds.
    #[must_use]
    pub fn signed_at(&self) -> SystemTime {
        self.signed_at
    }

    /// The value of a parameter that is there exactly once, decoded. `None` if it is missing **or repeated**.
    ///
    /// Repeated ones have no value here because one of them may come from somebody else: whoever can write into your
    /// `callback_url` can add a `transaction_id` there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.get_all(name);
        all.next().filter(|_| all.next().is_none())
    }

    /// All values of a parameter, in the order in which they came.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        let all = self.query().filter(move |(key, _)| *key == name);
        all.map(|(_, value)| value)
    }

    /// Names and values of all parameters, decoded, sorted by name. Those that you put into the `callback_url` yourself
    /// are among them.
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `transaction_id`: the transaction. May be missing when there is an [`error`](Self::error).
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        self.get("transaction_id")
    }

    /// `session_id`, or `sid` if the `callback_url` asks for that name with `sid_parameter_name=sid`: the session.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        match self.get("sid_parameter_name") {
            Some("sid") => self.get("sid"),
            _ => self.get("session_id"),
        }
    }

    /// `merchant_reference`: your own reference of the order.
    #[must_use]
    pub fn merchant_reference(&self) -> Option<&str> {
        self.get("merchant_reference")
    }

    /// `time`: when Dintero made the callback. [`signed_at`](Self::signed_at) is what the tolerance is about.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        Some(Timestamp::received(self.get("time")?.into()))
    }

    /// `error`: why there was no payment, or that the automatic capture failed. Only with
    /// [`CallbackUrl::report_error`](super::CallbackUrl::report_error).
    #[must_use]
    pub fn error(&self) -> Option<CallbackError> {
        self.get("error").map(CallbackError::from)
    }

    /// `event`: what happened to the transaction. Only with
    /// [`CallbackUrl::report_events`](super::CallbackUrl::report_events); without, the callback is about the authorization.
    #[must_use]
    pub fn event(&self) -> Option<CallbackEvent> {
        self.get("event").map(CallbackEvent::from)
    }

    /// `event_id`: which event of the transaction it was, such as `3`. Beside [`event`](Self::event).
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        self.get("event_id")
    }

    /// Header `event-delivery`: Dintero's id of this delivery, for logs and questions to support. **Not signed**: no key
    /// for a store.
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
