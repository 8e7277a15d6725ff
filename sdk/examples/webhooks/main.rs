//! A server that receives callbacks of checkout sessions and webhooks of subscriptions, reads their transactions from
//! the API, and returns shipping options to express checkouts: `cargo run --example webhooks --features webhook`.
//!
//! Settings: `DINTERO_ACCOUNT`, `DINTERO_CLIENT_ID`, `DINTERO_CLIENT_SECRET`, `DINTERO_CALLBACK_SECRET`,
//! `DINTERO_WEBHOOK_SECRET`, and `PUBLIC_HOST`, the host name under which Dintero reaches this server. Without them it
//! generates secrets and prints how to call it.

mod app;

use std::error::Error;
use std::time::SystemTime;

use app::App;
use dintero::Client;
use dintero::webhook::{
    CallbackSigner, CallbackUrl, CallbackVerifier, WebhookSigner, WebhookVerifier,
};
use std::env::var;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let app = match var("DINTERO_ACCOUNT") {
        Ok(account) => configured(account.parse()?)?,
        Err(_) => made_up()?,
    };
    println!("Listening on http://127.0.0.1:3000, paths /callback, /webhook and /shipping");
    axum::serve(listener, app.router()).await?;
    Ok(())
}

fn configured(account: dintero::AccountId) -> Result<App, Box<dyn Error>> {
    let client = Client::builder()
        .account(account.clone())
        .client_credentials(var("DINTERO_CLIENT_ID")?, var("DINTERO_CLIENT_SECRET")?)
        .build()?;
    let host = var("PUBLIC_HOST")?;
    let callbacks =
        CallbackVerifier::new(account, [var("DINTERO_CALLBACK_SECRET")?])?.host(&host)?;
    let webhooks = WebhookVerifier::new([var("DINTERO_WEBHOOK_SECRET")?])?;
    let url = CallbackUrl::new(&format!("https://{host}/callback"))?.report_error();
    println!("Create sessions with the callback_url {url}");
    Ok(App::new(client, callbacks, webhooks))
}

/// Generates the settings of a trial, and prints how to call it.
fn made_up() -> Result<App, Box<dyn Error>> {
    let account: dintero::AccountId = "T00000000".parse()?;
    let url = "http://127.0.0.1:3000/callback?error=cancelled&merchant_reference=order-1";
    let signature =
        CallbackSigner::new(account.clone(), "trial")?.sign("GET", url, SystemTime::now())?;
    println!("No DINTERO_ACCOUNT: this is a trial. Call it within five minutes with\n");
    println!("curl -i -H 'Dintero-Signature: {signature}' '{url}'\n");
    let body = r#"{"event":"ping","event_delivery":"1"}"#;
    let signature = WebhookSigner::new("trial")?.sign(body)?;
    println!(
        "curl -i -H 'event-signature: {signature}' -d '{body}' http://127.0.0.1:3000/webhook\n"
    );
    let body = r#"{"id":"T00000000.1","order":{"shipping_address":{"country":"NO"}}}"#;
    println!("curl -i -d '{body}' http://127.0.0.1:3000/shipping\n");
    let client = Client::builder().account(account.clone()).build()?;
    let callbacks = CallbackVerifier::new(account, ["trial"])?.host("127.0.0.1")?;
    Ok(App::new(
        client,
        callbacks,
        WebhookVerifier::new(["trial"])?,
    ))
}

/// The server is tested in `tests/webhook/wire.rs`.
#[test]
fn a_trial_needs_no_settings() -> Result<(), Box<dyn Error>> {
    made_up().map(drop)
}
