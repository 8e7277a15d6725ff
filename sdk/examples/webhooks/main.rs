//! A server that receives callbacks of checkout sessions and webhooks of subscriptions:
//! `cargo run --example webhooks --features webhook`.
//!
//! Settings: `DINTERO_ACCOUNT`, `DINTERO_CALLBACK_SECRET`, `DINTERO_WEBHOOK_SECRET`, and `PUBLIC_HOST`, the host name under
//! which Dintero reaches this server. Without them it makes up some of its own and prints how to call it.

mod app;

use std::error::Error;
use std::time::SystemTime;

use app::App;
use dintero::webhook::{CallbackSigner, CallbackVerifier, WebhookSigner, WebhookVerifier};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let (callbacks, webhooks) = match std::env::var("DINTERO_ACCOUNT") {
        Ok(account) => {
            let secret = std::env::var("DINTERO_CALLBACK_SECRET")?;
            let callbacks = CallbackVerifier::new(account.parse()?, [secret])?
                .host(&std::env::var("PUBLIC_HOST")?)?;
            let secret = std::env::var("DINTERO_WEBHOOK_SECRET")?;
            (callbacks, WebhookVerifier::new([secret])?)
        }
        Err(_) => made_up()?,
    };
    println!("Listening on http://127.0.0.1:3000/callback and http://127.0.0.1:3000/webhook");
    axum::serve(listener, App::new(callbacks, webhooks).router()).await?;
    Ok(())
}

/// Verifiers for a trial, and how to call them.
fn made_up() -> Result<(CallbackVerifier, WebhookVerifier), Box<dyn Error>> {
    let account: dintero::AccountId = "T00000000".parse()?;
    let url = "http://127.0.0.1:3000/callback?transaction_id=T00000000.1";
    let signature =
        CallbackSigner::new(account.clone(), "trial")?.sign("GET", url, SystemTime::now())?;
    println!("No DINTERO_ACCOUNT: this is a trial. Call it within five minutes with\n");
    println!("curl -i -H 'Dintero-Signature: {signature}' '{url}'\n");
    let body = r#"{"event":"checkout_transaction","event_delivery":"1"}"#;
    let signature = WebhookSigner::new("trial")?.sign(body)?;
    println!(
        "curl -i -H 'event-signature: {signature}' -d '{body}' http://127.0.0.1:3000/webhook\n"
    );
    let callbacks = CallbackVerifier::new(account, ["trial"])?.host("127.0.0.1")?;
    Ok((callbacks, WebhookVerifier::new(["trial"])?))
}
