//! `event-signature`.

use dintero::webhook::{ErrorKind, WebhookSigner, WebhookVerifier};
use http::Request;

const BODY: &str = r#"{"account_id":"T12345678","event":"ping","event_delivery":"e7a1-42"}"#;
const SECRET: &str = "whsec";

fn verifier() -> WebhookVerifier {
    WebhookVerifier::new([SECRET]).unwrap()
}

fn sign(body: &str) -> String {
    WebhookSigner::new(SECRET).unwrap().sign(body).unwrap()
}

fn kind(body: &str, signature: &str) -> ErrorKind {
    let result = verifier().verify_parts(|_| Some(signature.to_owned()), body);
    result.unwrap_err().kind()
}

#[test]
fn body_and_json() {
    // RFC 2202, test case 2.
    let verifier = WebhookVerifier::new(["Jefe"]).unwrap();
    let request = Request::post("/")
        .header(
            "Event-Signature",
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        )
        .body("what do ya want for nothing?")
        .unwrap();
    let webhook = verifier.verify(&request).unwrap();
    assert_eq!(webhook.body(), b"what do ya want for nothing?");
    // No JSON, so no `event_delivery`.
    assert_eq!(
        webhook.delivery_id(),
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    );
    let error = webhook.json::<serde_json::Value>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Json);
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn the_delivery_id_is_the_signed_one() {
    let request = Request::post("/")
        .header("event-signature", sign(BODY).to_uppercase())
        .header("event-delivery", "of somebody else")
        .body(BODY)
        .unwrap();
    let webhook = verifier().verify(&request).unwrap();
    assert_eq!(webhook.delivery_id(), "e7a1-42");
    let json: serde_json::Value = webhook.json().unwrap();
    assert_eq!(json["event"], "ping");
    for odd in [
        r#"{"event_delivery":""}"#,
        r#"{"event_delivery":7}"#,
        "[]",
        "",
    ] {
        let webhook = verifier().verify_parts(|_| Some(sign(odd)), odd).unwrap();
        assert_eq!(webhook.delivery_id(), sign(odd), "{odd}");
    }
}

#[test]
fn every_byte_counts() {
    let signature = sign(BODY);
    for at in 0..BODY.len() {
        let mut body = BODY.as_bytes().to_vec();
        body[at] ^= 1;
        let result = verifier().verify_parts(|_| Some(&signature), body);
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongSignature, "{at}");
    }
    for body in [
        &BODY[1..],
        &format!("{BODY}\n"),
        &BODY.replace(",", ", "),
        "",
    ] {
        assert_eq!(kind(body, &signature), ErrorKind::WrongSignature, "{body}");
    }
}

#[test]
fn headers() {
    let right = sign(BODY);
    let wrong = WebhookSigner::new("other").unwrap().sign(BODY).unwrap();
    assert_eq!(kind(BODY, &wrong), ErrorKind::WrongSignature);
    for signature in [
        "",
        &right[1..],
        &right[2..],
        &format!("{right}00"),
        &format!("sha1={right}"),
        &format!("g{}", &right[1..]),
    ] {
        assert_eq!(
            kind(BODY, signature),
            ErrorKind::MalformedSignature,
            "{signature}"
        );
    }
    let result = verifier().verify_parts(|_| Some(format!(" {right} ")), BODY);
    assert!(result.is_ok());
    let missing = verifier().verify_parts(|_| None::<&str>, BODY).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::MissingSignature);
    assert!(missing.to_string().contains("config.secret"));
}

#[test]
fn several_secrets() {
    let verifier = WebhookVerifier::new(["new", SECRET]).unwrap();
    for secret in ["new", SECRET] {
        let signature = WebhookSigner::new(secret).unwrap().sign(BODY).unwrap();
        assert!(verifier.verify_parts(|_| Some(&signature), BODY).is_ok());
    }
    let signature = WebhookSigner::new("third").unwrap().sign(BODY).unwrap();
    let error = verifier
        .verify_parts(|_| Some(&signature), BODY)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn errors_quote_no_value() {
    let body = r#"{"event_delivery":"1","name":"Kari"}"#;
    let webhook = verifier().verify_parts(|_| Some(sign(body)), body).unwrap();
    let error = webhook
        .json::<std::collections::BTreeMap<String, u8>>()
        .unwrap_err();
    let all = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(!all.contains("Kari") && !all.contains("\"1\""), "{all}");
    assert!(!format!("{webhook:?}").contains("Kari"));
}
