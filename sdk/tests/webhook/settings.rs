//! Secrets and other settings.

use dintero::Secret;
use dintero::webhook::{
    CallbackSigner, CallbackVerifier, ErrorKind, WebhookSigner, WebhookVerifier,
};

use crate::{SIGNATURE, TIME, URL, account, at, verifier, verify, verify_with};

#[test]
fn several_secrets() {
    let rotating = CallbackVerifier::new(account(), ["456", "123"]).unwrap();
    let rotating = rotating.clock(|| at(TIME));
    let signer = CallbackSigner::new(account(), "456").unwrap();
    let new = signer.sign("GET", URL, at(TIME)).unwrap();
    for signature in [SIGNATURE, &new] {
        assert!(verify_with(&rotating, "GET", URL, signature).is_ok());
    }
    let after = CallbackVerifier::new(account(), ["456"]).unwrap();
    let error = verify_with(&after.clock(|| at(TIME)), "GET", URL, SIGNATURE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongSignature);
}

#[test]
fn no_secret_is_no_setting() {
    let none: [Secret; 0] = [];
    let all = [
        CallbackVerifier::new(account(), none.clone()).err(),
        CallbackVerifier::new(account(), [""]).err(),
        CallbackVerifier::new(account(), ["123", ""]).err(),
        WebhookVerifier::new(none).err(),
        WebhookVerifier::new([""]).err(),
        CallbackSigner::new(account(), "").err(),
        WebhookSigner::new("").err(),
    ];
    for (index, error) in all.into_iter().enumerate() {
        assert_eq!(
            error.map(|error| error.kind()),
            Some(ErrorKind::Configuration),
            "{index}"
        );
    }
}

#[test]
fn hosts_that_are_none() {
    for host in [
        "",
        "https://example.com",
        "example.com/callback",
        "a@example.com",
    ] {
        let error = verifier(TIME).host(host).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{host}");
    }
}

#[test]
fn what_can_not_be_signed() {
    let signer = CallbackSigner::new(account(), "123").unwrap();
    let early = at(0) - std::time::Duration::from_secs(1);
    for (method, url, time) in [
        ("GET", "/callback", at(TIME)),
        ("GET", "no url", at(TIME)),
        ("G T", URL, at(TIME)),
        ("GET", URL, early),
    ] {
        let error = signer.sign(method, url, time).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{method} {url}");
    }
}

#[test]
fn debug_shows_no_secret_and_no_value() {
    let secret = "s3cr3t-of-the-shop";
    let callbacks = CallbackVerifier::new(account(), [secret]).unwrap();
    let signer = CallbackSigner::new(account(), secret).unwrap();
    let url = "https://example.com/?merchant_reference=Kari+Nordmann";
    let signature = signer.sign("GET", url, at(TIME)).unwrap();
    let callbacks = callbacks.clock(|| at(TIME));
    let callback = verify_with(&callbacks, "GET", url, &signature).unwrap();
    let wrong = verify(url, &signature).unwrap_err();
    let all = format!(
        "{callbacks:?} {callbacks:#?} {signer:?} {:?} {:?} {callback:?} {wrong:?} {wrong}",
        WebhookVerifier::new([secret]).unwrap(),
        WebhookSigner::new(secret).unwrap(),
    );
    assert!(all.contains("merchant_reference"), "{all}");
    for hidden in [secret, "Kari", "Nordmann"] {
        assert!(!all.contains(hidden), "{all}");
    }
}

#[test]
fn to_be_shared_between_threads() {
    fn check<T: Send + Sync + Clone + 'static>() {}
    check::<CallbackVerifier>();
    check::<WebhookVerifier>();
    check::<dintero::webhook::Callback>();
    check::<dintero::webhook::Webhook>();
}
