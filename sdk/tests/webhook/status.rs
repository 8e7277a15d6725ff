//! What a handler answers.

use dintero::webhook::{CallbackUrl, ErrorKind, WebhookVerifier, unverified_event};

use crate::{SIGNATURE, TIME, URL, verifier, verify, verify_with};

#[test]
fn of_each_kind() {
    let missing = verifier(TIME).verify_parts("GET", URL, |_| None::<&str>);
    let webhook = WebhookVerifier::new(["whsec"]).unwrap();
    let mut errors = vec![
        (missing.unwrap_err(), ErrorKind::MissingSignature, 401),
        (
            verify(URL, "t=1").unwrap_err(),
            ErrorKind::UnknownScheme,
            401,
        ),
        (
            verify(URL, "x").unwrap_err(),
            ErrorKind::MalformedSignature,
            401,
        ),
        (
            webhook
                .verify_parts(|_| Some("00".repeat(20)), "{}")
                .unwrap_err(),
            ErrorKind::WrongSignature,
            401,
        ),
        (verify("*", SIGNATURE).unwrap_err(), ErrorKind::Request, 400),
        (unverified_event("[").unwrap_err(), ErrorKind::Json, 400),
        // Dintero signed it: with a 4xx it would not come again, although only this machine's clock is wrong.
        (
            verify_with(&verifier(TIME + 301), "GET", URL, SIGNATURE).unwrap_err(),
            ErrorKind::TooOld,
            503,
        ),
        (
            verify_with(&verifier(TIME - 301), "GET", URL, SIGNATURE).unwrap_err(),
            ErrorKind::TooEarly,
            503,
        ),
        (
            CallbackUrl::new("").unwrap_err(),
            ErrorKind::Configuration,
            500,
        ),
    ];
    #[cfg(feature = "payments")]
    {
        let event = unverified_event(r#"{"event":"checkout_transaction"}"#).unwrap();
        let client = dintero::Client::builder()
            .bearer_token("t")
            .base_url("http://127.0.0.1:1")
            .build()
            .unwrap();
        let nothing = event.fetch(&client).map(drop).unwrap_err();
        errors.push((nothing, ErrorKind::NoTransaction, 200));
    }
    for (error, kind, status) in errors.drain(..) {
        assert_eq!(
            (error.kind(), error.status().as_u16()),
            (kind, status),
            "{error}"
        );
    }
}
