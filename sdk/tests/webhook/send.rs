//! What verifiers return outlives the request, and waits with it in no thread's way.

use dintero::webhook::{Callback, CallbackVerifier, Error, Webhook, WebhookVerifier};
use http::Request;

/// As bodies of servers are: it can be sent to another thread, and not be shared.
struct Body(std::cell::Cell<u8>);

fn is_send<T: Send>(value: T) -> T {
    value
}

async fn callback(verifier: CallbackVerifier, request: Request<Body>) -> Result<Callback, Error> {
    let callback = verifier.verify(&request)?;
    std::future::ready(()).await;
    Ok(callback)
}

async fn webhook(verifier: WebhookVerifier, request: Request<Vec<u8>>) -> Result<Webhook, Error> {
    let webhook = verifier.verify(&request)?;
    drop(request);
    std::future::ready(()).await;
    Ok(webhook)
}

#[tokio::test]
async fn handlers_are_send() {
    let body = Body(std::cell::Cell::new(1));
    assert_eq!(body.0.get(), 1);
    let request = Request::get(crate::URL)
        .header("dintero-signature", crate::SIGNATURE)
        .body(body)
        .unwrap();
    let verified = is_send(callback(crate::verifier(crate::TIME), request)).await;
    assert_eq!(verified.unwrap().get("B"), Some("123"));

    let verifier = WebhookVerifier::new(["Jefe"]).unwrap();
    let request = Request::post("/")
        .header(
            "event-signature",
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        )
        .body(b"what do ya want for nothing?".to_vec())
        .unwrap();
    let verified = is_send(webhook(verifier, request)).await;
    assert_eq!(verified.unwrap().body(), b"what do ya want for nothing?");
}
