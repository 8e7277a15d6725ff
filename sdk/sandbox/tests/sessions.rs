//! Sessions through the crate `dintero`.
use dintero::payments::*;
use dintero::*;
use dintero_sandbox::Sandbox;

#[tokio::test]
async fn a_session_is_created_and_read() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder()
        .seed(1)
        .check_responses(true)
        .start()
        .await?;
    let client = sandbox.client()?;
    let created = client
        .payments()
        .create_session()
        .order(
            SessionOrder::builder()
                .amount(Amount::minor(29_990))
                .currency(Currency::NOK)
                .merchant_reference("1042")
                .build(),
        )
        .url(
            SessionUrls::builder()
                .return_url("https://shop.example/return")
                .build(),
        )
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;
    let session = client.payments().get_session(&created.id).send().await?;
    assert_eq!(session.order.unwrap().amount, Some(Amount::minor(29_990)));
    Ok(())
}
