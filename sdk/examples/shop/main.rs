//! A small web shop: checkout, callbacks, webhooks, express checkout, a job queue for captures, refunds and voids,
//! settlements, and the view of a partner.
//!
//! ```sh
//! cargo run --example shop --features download,mock,webhook
//! curl -i localhost:3000/checkout -d '{"order": "1042", "chairs": 2, "channel": "web", "email": "kari@example.com",
//!     "street": "Storgata 1", "postal_code": "0155", "city": "Oslo"}'
//! curl -i …    # the signed callback that the program prints
//! curl -i localhost:3000/orders/1042/capture -d '{"reference": "parcel-1", "amount": 59900}'
//! curl -i localhost:3000/orders/1042
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero, and
//! also needs `PUBLIC_URL`, `DINTERO_CALLBACK_SECRET` and `DINTERO_WEBHOOK_SECRET`. Without them a mock responds: see
//! `mock.rs`. The shop's data are in the folder `target/shop`, unless `SHOP_FOLDER` is set; it listens on port 3000 of
//! this machine, unless `SHOP_ADDRESS` is set.

mod app;
mod checkout;
mod mock;
mod office;
mod queue;
mod store;
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::time::SystemTime;

use dintero::webhook::CallbackSigner;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, _mock) = support::client(|mock| drop(mock::Dintero::behind(mock)))?;
    let public = support::given("PUBLIC_URL", "https://shop.example")?;
    let secrets = [
        support::given("DINTERO_CALLBACK_SECRET", "trial")?,
        support::given("DINTERO_WEBHOOK_SECRET", "trial")?,
    ];
    let folder = std::env::var("SHOP_FOLDER").unwrap_or_else(|_| "target/shop".to_owned());
    let shop = app::Shop::open(client, &public, secrets, folder.as_ref())?;
    let address = std::env::var("SHOP_ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("Listening on http://{address}");
    if std::env::var_os("DINTERO_ACCOUNT_ID").is_none() {
        let target = "/callback?transaction_id=T12345678.t1&merchant_reference=1042";
        let signature = CallbackSigner::new("T12345678".parse()?, "trial")?;
        let url = format!("{public}{target}");
        let signature = signature.sign("GET", &url, SystemTime::now())?;
        println!("The first order is paid by this callback, within five minutes:\n");
        println!("curl -i -H 'Dintero-Signature: {signature}' 'localhost:3000{target}'");
    }
    shop.serve(listener).await;
    Ok(())
}
