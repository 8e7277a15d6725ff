//! A server that receives callbacks of checkout sessions and webhooks of subscriptions, reads their transactions from
//! the API, and returns shipping options to express checkouts: `cargo run --example webhooks --features webhook`.
//!
//! Settings: `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID`, `DINTERO_CLIENT_SECRET`, `DINTERO_CALLBACK_SECRET`,
//! `DINTERO_WEBHOOK_SECRET`, and `PUBLIC_HOST`, the host name under which Dintero reaches this server. Without them it
//! generates secrets and prints how to call it. `SHOP_ADDRESS` is the address to listen on, `127.0.0.1:3000` unless it is set.

mod app;

use std::error::Error;
use std::time::SystemTime;

use app::App;
use dintero::webhook::{
    CallbackSigner, CallbackUrl, CallbackVerifier, WebhookSigner, WebhookVerifier,
};
use dintero::{Client, ClientBuilder};
use std::env::var;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = var("SHOP_ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let app = match var("DINTERO_ACCOUNT_ID") {
        Ok(account) => configured(account.parse()?)?,
        Err(_) => made_up(&address)?,
    };
    println!("Listening on http://{address}, paths /callback, /webhook and /shipping");
    axum::serve(listener, app.router()).await?;
    Ok(())
}

fn configured(account: dintero::AccountId) -> Result<App, Box<dyn Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let host = var("PUBLIC_HOST")?;
    let callbacks =
        CallbackVerifier::new(account, [var("DINTERO_CALLBACK_SECRET")?])?.host(&host)?;
    let webhooks = WebhookVerifier::new([var("DINTERO_WEBHOOK_SECRET")?])?;
    let url = CallbackUrl::new(&format!("https://{host}/callback"))?.report_error();
    println!("Create sessions with the callback_url {url}");
    Ok(App::new(client, callbacks, webhooks))
}

/// Generates the settings of a trial, and prints how to call it.
fn made_up(address: &str) -> Result<App, Box<dyn Error>> {
    let account: dintero::AccountId = "T00000000".parse()?;
    let url = format!("http://{address}/callback?error=cancelled&merchant_reference=order-1");
    let signature =
        CallbackSigner::new(account.clone(), "trial")?.sign("GET", &url, SystemTime::now())?;
    println!("No DINTERO_ACCOUNT_ID: this is a trial. Call it within five minutes with\n");
    println!("curl -i -H 'Dintero-Signature: {signature}' '{url}'\n");
    let body = r#"{"event":"ping","event_delivery":"1"}"#;
    let signature = WebhookSigner::new("trial")?.sign(body)?;
    println!("curl -i -H 'event-signature: {signature}' -d '{body}' http://{address}/webhook\n");
    let body = r#"{"id":"T00000000.1","order":{"shipping_address":{"country":"NO"}}}"#;
    println!("curl -i -d '{body}' http://{address}/shipping\n");
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
    made_up("127.0.0.1:3000").map(drop)
}
