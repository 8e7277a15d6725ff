//! Verifying what Dintero sends, as users do it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod callback;
mod callback_url;
mod event;
#[cfg(feature = "payments")]
mod express;
#[cfg(feature = "payments")]
mod fetch;
mod payload;
mod published;
mod robust;
mod send;
mod settings;
mod status;
#[cfg(feature = "payments")]
#[allow(dead_code, unused_imports, reason = "other tests use the rest of it")]
#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "payments")]
mod wire;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dintero::webhook::{Callback, CallbackVerifier, Error};

/// The example that Dintero publishes.
const TIME: u64 = 1_582_236_537;
const URL: &str = "https://example.com/callback?B=123&A=992";
const SIGNATURE: &str =
    "t=1582236537,v0-hmac-sha256=6bed2ab1b919d460ef7465a20dc6c97260dca73fab6647106ca525f0908df64a";

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn account() -> dintero::AccountId {
    "P00000000".parse().unwrap()
}

/// A verifier of the example whose clock stands at that time.
fn verifier(seconds: u64) -> CallbackVerifier {
    let verifier = CallbackVerifier::new(account(), ["123"]).unwrap();
    verifier.clock(move || at(seconds))
}

fn verify(url: &str, signature: &str) -> Result<Callback, Error> {
    verify_with(&verifier(TIME), "GET", url, signature)
}

fn verify_with(
    verifier: &CallbackVerifier,
    method: &str,
    url: &str,
    signature: &str,
) -> Result<Callback, Error> {
    let headers = |name: &str| (name == "dintero-signature").then(|| signature.to_owned());
    verifier.verify_parts(method, url, headers)
}
