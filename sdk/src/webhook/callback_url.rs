//! Addresses for callbacks, with what steers them.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use http::Uri;

use super::{CallbackEvent, Error, ErrorKind};

/// What Dintero reads from the query of the address, and what it adds.
const TAKEN: &[&str] = &[
    "method",
    "report_error",
    "report_event",
    "delay_callback",
    "includes",
    "sid_parameter_name",
    "transaction_id",
    "session_id",
    "sid",
    "merchant_reference",
    "time",
    "error",
    "event",
    "event_id",
];

/// The longest delay that Dintero accepts.
const MAX_DELAY: Duration = Duration::from_secs(60);

/// An address for the `callback_url` of a session: yours, with parameters that tell Dintero when and how to call it.
///
/// Without any of them Dintero calls with `GET`, once the payment is authorized (or on hold, and again when it no longer
/// is). The parameters come back with every callback and are signed.
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
    /// Without what the fields below add.
    address: String,
    post: bool,
    report_error: bool,
    report_events: Vec<CallbackEvent>,
    delay: Option<u64>,
    include_session: bool,
    sid: bool,
}

impl CallbackUrl {
    /// An address of yours, whole and percent-encoded, such as `https://shop.example/dintero`. It may have a query of its
    /// own.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when Dintero would not call it or could not be understood:
    /// it is not `https`, its host is this machine (`localhost`, `127.0.0.1`), it has a fragment (`#…`), or its query has a
    /// name that Dintero reads or adds, such as `method` or `transaction_id`.
    pub fn new(address: &str) -> Result<Self, Error> {
        let url: Option<Uri> = address.parse().ok().filter(|_| address.is_ascii());
        let url =
            url.ok_or_else(|| refused("it can't be read: give it whole and percent-encoded"))?;
        if url.scheme_str() != Some("https") {
            return Err(refused("Dintero calls https addresses only"));
        }
        if url.host().is_none_or(is_local) {
            return Err(refused(
                "Dintero can't reach this machine by such a host: give a public name",
            ));
        }
        if address.contains('#') {
            return Err(refused(
                "a fragment, from `#` on, is never sent: leave it out",
            ));
        }
        let query = url.query().unwrap_or_default();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            if let Some(taken) = TAKEN.iter().find(|taken| **taken == name) {
                return Err(refused(&format!(
                    "Dintero has a parameter `{taken}` of its own: call yours otherwise, or use the method that sets it"
                )));
            }
        }
        Ok(Self {
            address: address.to_owned(),
            post: false,
            report_error: false,
            report_events: Vec::new(),
            delay: None,
            include_session: false,
            sid: false,
        })
    }

    /// `method=POST`: calls with `POST` and the transaction as body. The body is not signed; reading the transaction from
    /// the API is safer.
    pub fn method_post(mut self) -> Self {
        self.post = true;
        self
    }

    /// `report_error=true`: calls when nothing was paid, too, with [`error`](super::Callback::error). The transaction's id
    /// may then be missing.
    pub fn report_error(mut self) -> Self {
        self.report_error = true;
        self
    }

    /// `report_event=…`: calls for these events of the transaction, too, with [`event`](super::Callback::event) and
    /// [`event_id`](super::Callback::event_id). So one learns what became of a capture or refund that was accepted but not
    /// done at once.
    pub fn report_events(mut self, events: impl IntoIterator<Item = CallbackEvent>) -> Self {
        for event in events {
            if !self.report_events.contains(&event) {
                self.report_events.push(event);
            }
        }
        self
    }

    /// `delay_callback=…`: waits before the first call, in whole seconds, up to 60. The payer's browser may then be
    /// back first.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when it is longer, or not of whole seconds.
    pub fn delay(mut self, delay: Duration) -> Result<Self, Error> {
        if delay > MAX_DELAY || delay.subsec_nanos() != 0 {
            return Err(refused(
                "its delay has to be of whole seconds, and 60 at most",
            ));
        }
        self.delay = Some(delay.as_secs());
        Ok(self)
    }

    /// `includes=session`: puts the session into the body; with [`method_post`](Self::method_post).
    pub fn include_session(mut self) -> Self {
        self.include_session = true;
        self
    }

    /// `sid_parameter_name=sid`: the session's id comes as `sid` instead of `session_id`.
    /// [`Callback::session_id`](super::Callback::session_id) finds it in either.
    pub fn session_id_as_sid(mut self) -> Self {
        self.sid = true;
        self
    }
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.post {
            query.append_pair("method", "POST");
        }
        if self.report_error {
            query.append_pair("report_error", "true");
        }
        for event in &self.report_events {
            query.append_pair("report_event", event.as_str());
        }
        if let Some(delay) = self.delay {
            query.append_pair("delay_callback", &delay.to_string());
        }
        if self.include_session {
            query.append_pair("includes", "session");
        }
        if self.sid {
            query.append_pair("sid_parameter_name", "sid");
        }
        let query = query.finish();
        let join = match self.address.split_once('?') {
            _ if query.is_empty() => "",
            None => "?",
            Some((_, own)) if own.is_empty() || own.ends_with('&') => "",
            Some(_) => "&",
        };
        write!(f, "{}{join}{query}", self.address)
    }
}

/// Hides the address: its query may hold a token of the shop.
impl fmt::Debug for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackUrl(…)")
    }
}

/// For `.callback_url(…)` of a session's addresses.
impl From<CallbackUrl> for String {
    fn from(url: CallbackUrl) -> Self {
        url.to_string()
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
    let message = format!("this can't be a callback address: {why}");
    Error::new(ErrorKind::Configuration, message)
}
