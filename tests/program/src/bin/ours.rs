//! The first program of the README, word for word.

use dintero::payments::{ProfileId, SessionOrder, SessionUrls};
use dintero::{Amount, Currency};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = dintero::Client::builder()
        .account("T12345678".parse()?)
        .client_credentials(
            std::env::var("DINTERO_CLIENT_ID")?,
            std::env::var("DINTERO_CLIENT_SECRET")?,
        )
        .sandbox_only()
        .build()?;

    let order = SessionOrder::builder()
        .amount(Amount::minor(29990)) // 299.90
        .currency(Currency::NOK)
        .merchant_reference("order-1");
    let session = client
        .payments()
        .create_session()
        .order(order.build())
        .url(
            SessionUrls::builder()
                .return_url("https://shop.example/thanks")
                .build(),
        )
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;

    println!("{:?}", session.url); // where the customer pays
    Ok(())
}
