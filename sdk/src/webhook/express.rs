//! What an express checkout asks a merchant's server, and the answers.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

use super::{Error, ErrorKind};
use crate::payments::{DiscountCodesReply, ExpressSession, ShippingAddressReply};

/// Reads the session that an express checkout posts to `shipping_address_callback_url` or to the `callback_url` of its
/// discount codes.
///
/// **Nobody signs this body**, and Dintero's documentation doesn't say that these requests carry `Dintero-Signature` at
/// all; if one does, a [`CallbackVerifier`](super::CallbackVerifier) verifies method, host, path and query. So don't change
/// anything of yours because of it. An answer with prices does no harm to anybody but to whoever asks; for more, read the
/// session from the API by its id, which Dintero's examples don't have: put one of yours into the address.
///
/// ```
/// use dintero::Amount;
/// use dintero::payments::{MultiShipmentShippingOption, ShippingAddressReply};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"id":"T12345678.abc","order":{"amount":29990,"shipping_address":{"country":"NO"}}}"#;
/// let session = dintero::webhook::unverified_session(body)?;
/// let address = session.order.and_then(|order| order.shipping_address);
///
/// let reply = match address.and_then(|address| address.country).as_deref() {
///     Some("NO") => ShippingAddressReply::builder().shipping_options([MultiShipmentShippingOption::builder()
///         .id("parcel")
///         .line_id("parcel-home")
///         .title("Home delivery")
///         .operator("Bring")
///         .amount(Amount::minor(3_900))
///         .build()]),
///     // Can't be shipped there.
///     _ => ShippingAddressReply::builder().shipping_options(Vec::<MultiShipmentShippingOption>::new()),
/// };
/// let response = reply.build().into_http_response()?;
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
///
/// # Errors
/// [`ErrorKind::Json`] when the body is something else; `source()` says where, without quoting it.
pub fn unverified_session(body: impl AsRef<[u8]>) -> Result<ExpressSession, Error> {
    serde_json::from_slice(body.as_ref()).map_err(|error| {
        let message = "the body can't be read as a session: Dintero did not send this, or another callback points here";
        Error::of_json(ErrorKind::Json, message, &error)
    })
}

impl ShippingAddressReply {
    /// The JSON to answer with. Dintero expects it within 60 seconds, under status 200, and asks once only.
    ///
    /// # Errors
    /// [`ErrorKind::Reply`] when a number in it is infinite or not a number.
    pub fn to_json(&self) -> Result<String, Error> {
        json(self)
    }

    /// The whole answer: status 200, `content-type: application/json`, and the JSON.
    ///
    /// # Errors
    /// As [`to_json`](Self::to_json).
    pub fn into_http_response(self) -> Result<Response<String>, Error> {
        self.to_json().map(response)
    }
}

impl DiscountCodesReply {
    /// The JSON to answer with. Dintero expects it within 60 seconds, under status 200, and asks once only.
    ///
    /// # Errors
    /// [`ErrorKind::Reply`] when a number in it is infinite or not a number.
    pub fn to_json(&self) -> Result<String, Error> {
        json(self)
    }

    /// The whole answer: status 200, `content-type: application/json`, and the JSON.
    ///
    /// # Errors
    /// As [`to_json`](Self::to_json).
    pub fn into_http_response(self) -> Result<Response<String>, Error> {
        self.to_json().map(response)
    }
}

fn json(reply: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(reply).map_err(|error| {
        let message = "the reply can't be written: JSON has no infinite numbers and no NaN";
        Error::of_json(ErrorKind::Reply, message, &error)
    })
}

fn response(json: String) -> Response<String> {
    let mut response = Response::new(json);
    *response.status_mut() = StatusCode::OK;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
