//! Webhooks that are verified and read, without any server.

use bytes::Bytes;
use http::Request;

use crate::json::arguments;
use crate::{ANSWER, Outcome};

/// The secret of the subscription.
pub const SECRET: &str = "the secret of a subscription";

/// What the payer gave up: the smallest event.
const SMALL: &str = r#"{"account_id":"P12345678","event":"checkout_authorization","event_delivery":"9ebb6d41-dca5-484e-8330-9c9fa96b60ba","authorization":{"merchant_reference":"order-1042","error":"cancelled"}}"#;

/// Does something with a signed request as often as the command line says. The second word says which: `small` or `large`,
/// and `verify` or `read` after it. Prints the length of the body.
///
/// # Errors
/// It can't be done.
pub fn receive(
    sign: impl Fn(&[u8]) -> String,
    verify: impl Fn(&Request<Bytes>) -> Outcome,
    read: impl Fn(&Request<Bytes>) -> Outcome,
) -> Outcome {
    let (times, words) = arguments()?;
    let words = words.ok_or("which request second, such as small-verify")?;
    let (size, what) = words.split_once('-').ok_or("no such request")?;
    let body = match size {
        "small" => SMALL.to_owned(),
        _ => format!(
            r#"{{"account_id":"P12345678","event":"checkout_transaction","event_delivery":"9ebb6d41-dca5-484e-8330-9c9fa96b60ba","transaction":{ANSWER}}}"#
        ),
    };
    let request = Request::post("/webhook")
        .header("content-type", "application/json")
        .header("event", "checkout_transaction")
        .header("event-delivery", "9ebb6d41-dca5-484e-8330-9c9fa96b60ba")
        .header("event-signature", sign(body.as_bytes()))
        .body(Bytes::from(body))?;
    for _ in 0..times {
        match what {
            "verify" => verify(&request)?,
            _ => read(&request)?,
        }
    }
    println!("{}", request.body().len());
    Ok(())
}
