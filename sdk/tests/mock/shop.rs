//! The main example of the documentation and of the README, tested.

use dintero::mock::Fault;
use dintero::payments::{CreateSession, SessionCreated, SessionId, SessionOrderInput, SessionUrls};
use dintero::{Amount, Client, Currency, Error};

use crate::mocked;

/// As the README has it.
async fn pay(client: &Client) -> Result<Option<String>, Error> {
    let order = SessionOrderInput::builder()
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
        .profile_id("default")
        .send()
        .await?;
    Ok(session.url)
}

#[tokio::test]
async fn the_customer_is_sent_to_the_checkout() {
    let (mock, client) = mocked();
    let url = "https://checkout.example/view/1";
    mock.on::<CreateSession>()
        .when(|call| call.order().amount == Amount::minor(29_990))
        .answer(
            SessionCreated::builder()
                .id(SessionId::new("s"))
                .url(url)
                .build(),
        );
    assert_eq!(pay(&client).await.unwrap().as_deref(), Some(url));
    let [call] = mock.calls::<CreateSession>().try_into().unwrap();
    assert_eq!(call.order().merchant_reference, "order-1");
    assert_eq!(call.profile_id(), "default");
    mock.verify();
}

#[tokio::test]
async fn an_order_is_not_paid_twice() {
    let (mock, client) = mocked();
    mock.on::<CreateSession>().fault(Fault::ConnectionReset);
    assert!(pay(&client).await.unwrap_err().may_have_been_sent());
    assert_eq!(mock.attempts::<CreateSession>(), 1);
}
