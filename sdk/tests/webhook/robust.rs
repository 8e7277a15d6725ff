//! Whatever comes: no panic, and nothing accepted that is not signed.

use dintero::webhook::{CallbackUrl, WebhookSigner, WebhookVerifier};
use proptest::prelude::*;

use crate::payload::{CANCELLED, PING, TOKEN, TRANSACTION};
use crate::{TIME, verifier};

fn verify(target: &str, header: &[u8]) -> bool {
    let headers = |name: &str| (name == "dintero-signature").then(|| header.to_vec());
    let verified = verifier(TIME).verify_parts("GET", target, headers);
    verified.is_ok()
}

/// Headers that are almost right.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("t=1582236537".to_owned()),
        Just("v0-hmac-sha256=".to_owned()),
        Just("t=99999999999999999999".to_owned()),
        Just(",".to_owned()),
        "[0-9a-f]{64}",
        "[ -~]{0,8}",
        any::<String>(),
    ];
    prop_oneof![
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat().into_bytes()),
        proptest::collection::vec(any::<u8>(), 0..120),
    ]
}

/// Bodies of events with a stretch of bytes replaced.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![TRANSACTION, CANCELLED, TOKEN, PING]);
    let junk = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..6),
        prop::sample::select(vec!["null", "[]", "{}", "-1", "1e400", "\"\"", "{\"a\":"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let parts = (known, any::<prop::sample::Index>(), 0_usize..12, junk);
    parts.prop_map(|(known, at, length, junk)| {
        let mut body = known.as_bytes().to_vec();
        let start = at.index(body.len());
        let end = (start + length).min(body.len());
        body.splice(start..end, junk);
        body
    })
}

/// `PROPTEST_CASES` looks longer.
fn config(times: u32) -> ProptestConfig {
    let cases = ProptestConfig::default().cases.saturating_mul(times);
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn signatures_of_callbacks(target in ".{0,60}", header in header()) {
        prop_assert!(!verify(&target, &header));
        let whole = format!("https://example.com/?{target}");
        prop_assert!(!verify(&whole, &header));
    }

    #[test]
    fn signatures_of_webhooks(body in proptest::collection::vec(any::<u8>(), 0..60), header in header()) {
        let verifier = WebhookVerifier::new(["whsec"]).unwrap();
        prop_assert!(verifier.verify_parts(|_| Some(header.clone()), &body).is_err());
    }

    #[test]
    fn events(body in body()) {
        let signature = WebhookSigner::new("whsec").unwrap().sign(&body).unwrap();
        let verifier = WebhookVerifier::new(["whsec"]).unwrap();
        let webhook = verifier.verify_parts(|_| Some(&signature), &body).unwrap();
        prop_assert!(!webhook.delivery_id().is_empty());
        match webhook.event() {
            Ok(event) => {
                let _ = (event.name(), event.account_id(), event.transaction_id(), event.error());
                let shown = format!("{event:?}");
                prop_assert!(!shown.contains("secret-token") && !shown.contains("shop.example"));
            }
            Err(error) => prop_assert_eq!(error.kind(), dintero::webhook::ErrorKind::Json),
        }
    }

    #[test]
    fn callback_urls(address in "(https://)?[ -~]{0,40}") {
        if let Ok(url) = CallbackUrl::new(&address) {
            // What was accepted is still an address with everything in it.
            let with = url.report_error().to_string();
            let uri: http::Uri = with.parse().unwrap();
            prop_assert!(uri.query().unwrap().ends_with("report_error=true"));
        }
    }
}

#[cfg(feature = "payments")]
proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn sessions(body in body()) {
        let _ = dintero::webhook::unverified_session(&body);
    }
}
