//! Callback URLs.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use http::Uri;

use super::{CallbackEvent, Error, ErrorKind};

/// The parameters that Dintero adds to the query of the URL.
const ADDED: &[&str] = &[
    "transaction_id",
    "session_id",
    "sid",
    "merchant_reference",
    "time",
    "error",
    "event",
    "event_id",
];

/// A URL for the `callback_url` of a session: your URL, with parameters that tell Dintero when and how to call it.
///
/// By default Dintero calls with `GET`, once the payment is authorized (or on hold, and again when it no longer is).
/// The parameters are part of every callback and are signed.
///
/// ```
/// use dintero::webhook::{CallbackEvent, CallbackUrl};
/// use std::time::Duration;
///
/// let url = CallbackUrl::new("https://shop.example/dintero?shop=7")?
///     .report_error()
///     .report_events([CallbackEvent::Capture, CallbackEvent::Refund])
///     .delay(Duration::from_secs(5))?;
/// assert_eq!(
///     url.to_string(),
///     "https://shop.example/dintero?shop=7&report_error=true&report_event=CAPTURE&report_event=REFUND&delay_callback=5",
/// );
/// # Ok::<(), dintero::webhook::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct CallbackUrl {
    address: String,
}

impl CallbackUrl {
    /// Returns a callback URL from your URL, absolute and percent-encoded, such as `https://shop.example/dintero`. It
    /// may have a query, in which Dintero's parameters (`method`, `report_error`, …) are kept; the methods below
    /// replace them.
    ///
    /// `localhost` and other loopback addresses may have plain `http`, for a fake of Dintero on the same machine.
    /// Dintero itself does not call them.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if Dintero would not call it or the callback would be ambiguous: it is not `https`,
    /// it has a fragment (`#…`), or its query has a name that Dintero adds, such as `transaction_id`.
    pub fn new(address: &str) -> Result<Self, Error> {
        let url: Option<Uri> = address.parse().ok().filter(|_| address.is_ascii());
        let url = url.ok_or_else(|| {
            refused("it is not a valid URL: pass an absolute, percent-encoded URL")
        })?;
        let is_called = match url.scheme_str() {
            Some("https") => url.host().is_some(),
            Some("http") => url.host().is_some_and(is_local),
            _ => false,
        };
        if !is_called {
            return Err(refused(
                "Dintero calls https addresses only; http is for this machine, such as http://localhost",
            ));
        }
        if address.contains('#') {
            return Err(refused("a fragment (`#…`) is never sent: remove it"));
        }
        let url = Self {
            address: address.to_owned(),
        };
        for piece in url.pieces() {
            let (name, _) = pair(piece);
            if let Some(added) = ADDED.iter().find(|added| **added == name) {
                return Err(refused(&format!(
                    "Dintero adds a parameter `{added}`: rename yours"
                )));
            }
        }
        Ok(url)
    }

    /// Sets `method=POST`: Dintero calls with `POST` and the transaction as body. The body is not signed; reading the
    /// transaction from the API is safer.
    pub fn method_post(self) -> Self {
        self.with("method", "POST")
    }

    /// Sets `report_error=true`: Dintero also calls if nothing was paid, with [`error`](super::Callback::error). The
    /// transaction's id may then be missing.
    pub fn report_error(self) -> Self {
        self.with("report_error", "true")
    }

    /// Sets `report_event=…`: Dintero also calls for these events of the transaction, with
    /// [`event`](super::Callback::event) and [`event_id`](super::Callback::event_id). They report the outcome of a
    /// capture or refund that was accepted but not done at once.
    pub fn report_events(mut self, events: impl IntoIterator<Item = CallbackEvent>) -> Self {
        const NAME: &str = "report_event";
        for event in events {
            if !self.values(NAME).any(|value| value == event.as_str()) {
                self.append(NAME, event.as_str());
            }
        }
        self
    }

    /// Sets `delay_callback=…`: Dintero waits before the first call, in whole seconds. The payer's browser may then
    /// return first.
    ///
    /// Dintero documents a maximum of 60 seconds; its plugin for WooCommerce asks for 120.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if it is not in whole seconds.
    pub fn delay(self, delay: Duration) -> Result<Self, Error> {
        if delay.subsec_nanos() != 0 {
            return Err(refused("its delay must be in whole seconds"));
        }
        Ok(self.with("delay_callback", &delay.as_secs().to_string()))
    }

    /// Sets `includes=session`: the body contains the session; with [`method_post`](Self::method_post).
    pub fn include_session(self) -> Self {
        self.with("includes", "session")
    }

    /// Sets `sid_parameter_name=sid`: the session's id is sent as `sid` instead of `session_id`.
    /// [`Callback::session_id`](super::Callback::session_id) reads both.
    pub fn session_id_as_sid(self) -> Self {
        self.with("sid_parameter_name", "sid")
    }

    /// Sets a parameter that may occur once.
    fn with(mut self, name: &str, value: &str) -> Self {
        if self.values(name).eq([value]) {
            return self;
        }
        let others: Vec<&str> = { self.pieces() }
            .filter(|piece| pair(piece).0 != name)
            .collect();
        if let Some((before, _)) = self.address.split_once('?') {
            self.address = format!("{before}?{}", others.join("&"));
        }
        self.append(name, value);
        self
    }

    fn values(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let pairs = self.pieces().map(pair);
        pairs.filter_map(move |(one, value)| (one == name).then_some(value))
    }

    fn append(&mut self, name: &str, value: &str) {
        let join = match self.address.split_once('?') {
            None => "?",
            Some((_, own)) if own.is_empty() || own.ends_with('&') => "",
            Some(_) => "&",
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair(name, value);
        self.address = format!("{}{join}{}", self.address, query.finish());
    }

    /// Splits the query at each `&`.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        let query = self.address.split_once('?').map(|(_, query)| query);
        query.into_iter().flat_map(|query| query.split('&'))
    }
}

/// Decodes name and value of a part of a query.
fn pair(piece: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    { form_urlencoded::parse(piece.as_bytes()).next() }.unwrap_or_default()
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// Hides the URL, because its query may contain a token of the shop.
impl fmt::Debug for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackUrl(…)")
    }
}

/// For `.callback_url(…)` of a session's URLs.
impl From<CallbackUrl> for String {
    fn from(url: CallbackUrl) -> Self {
        url.address
    }
}

/// As text, so that a URL can be checked where it is configured.
impl std::str::FromStr for CallbackUrl {
    type Err = Error;

    fn from_str(address: &str) -> Result<Self, Error> {
        Self::new(address)
    }
}

fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches([']', '.']);
    let name = host.to_ascii_lowercase();
    let is_loopback = |ip: IpAddr| ip.to_canonical().is_loopback() || ip.is_unspecified();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(is_loopback)
}

fn refused(why: &str) -> Error {
    let message = format!("invalid callback URL: {why}");
    Error::new(ErrorKind::Configuration, message)
}
