//! Requests of an express checkout to a merchant's server, and the responses.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

use super::{Error, ErrorKind};
use crate::payments::{DiscountCodesResponse, ExpressSession, ShippingAddressResponse};

/// Reads the session that an express checkout sends to `shipping_address_callback_url` or to the `callback_url` of its
/// discount codes.
///
/// **This body is not signed**, and it isn't documented whether these requests have a `Dintero-Signature`; if one has,
/// a [`CallbackVerifier`](super::CallbackVerifier) verifies method, host, path and query. Don't change any state
/// because of it. A response with prices can only harm its requester. For anything more, read the session from the API
/// by its id, which is missing in Dintero's examples: put your own id into the URL.
///
/// ```
/// use dintero::Amount;
/// use dintero::payments::{ShipmentOption, ShippingAddressResponse};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"id":"T12345678.abc","order":{"amount":29990,"shipping_address":{"country":"NO"}}}"#;
/// let session = dintero::webhook::unverified_session(body)?;
/// let address = session.order.and_then(|order| order.shipping_address);
///
/// let reply = match address.and_then(|address| address.country).as_deref() {
///     Some("NO") => ShippingAddressResponse::builder().shipping_options([ShipmentOption::builder()
///         .id("parcel")
///         .line_id("parcel-home")
///         .title("Home delivery")
///         .operator("Bring")
///         .amount(Amount::minor(3_900))
///         .build()]),
///     // Can't be shipped there.
///     _ => ShippingAddressResponse::builder().shipping_options(Vec::<ShipmentOption>::new()),
/// };
/// let response = reply.build().into_http_response()?;
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
///
/// # Errors
/// [`ErrorKind::Json`] if the body is something else; `source()` has the place, without quoting the body.
pub fn unverified_session(body: impl AsRef<[u8]>) -> Result<ExpressSession, Error> {
    serde_json::from_slice(body.as_ref()).map_err(|error| {
        let message = "the body is not a session: Dintero did not send this, or another callback has this URL";
        Error::of_json(ErrorKind::Json, message, &error)
    })
}

impl ShippingAddressResponse {
    /// Returns the JSON of the response. Dintero expects it within 60 seconds, with status 200, and does not retry.
    ///
    /// # Errors
    /// [`ErrorKind::Reply`] if a number in it is infinite or not a number.
    pub fn to_json(&self) -> Result<String, Error> {
        json(self)
    }

    /// Returns the response: status 200, `content-type: application/json`, and the JSON.
    ///
    /// # Errors
    /// See [`to_json`](Self::to_json).
    pub fn into_http_response(self) -> Result<Response<String>, Error> {
        self.to_json().map(response)
    }
}

impl DiscountCodesResponse {
    /// Returns the JSON of the response. Dintero expects it within 60 seconds, with status 200, and does not retry.
    ///
    /// # Errors
    /// [`ErrorKind::Reply`] if a number in it is infinite or not a number.
    pub fn to_json(&self) -> Result<String, Error> {
        json(self)
    }

    /// Returns the response: status 200, `content-type: application/json`, and the JSON.
    ///
    /// # Errors
    /// See [`to_json`](Self::to_json).
    pub fn into_http_response(self) -> Result<Response<String>, Error> {
        self.to_json().map(response)
    }
}

fn json(reply: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(reply).map_err(|error| {
        let message = "the response can't be written: JSON can't represent infinity and NaN";
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
