//! The main example of the documentation and of the README, tested.

use dintero::mock::{Fault, value};
use dintero::payments::{
    CreateSession, ProfileId, SessionCreated, SessionId, SessionOrder, SessionUrls,
};
use dintero::{Amount, Client, Currency, Error};

use crate::mocked;

/// As the README has it.
async fn pay(client: &Client) -> Result<Option<String>, Error> {
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
    Ok(session.url)
}

fn order(call: &CreateSession) -> &SessionOrder {
    call.body.order.as_ref().unwrap()
}

#[tokio::test]
async fn the_customer_is_sent_to_the_checkout() {
    let (mock, client) = mocked();
    let url = "https://checkout.example/view/1";
    mock.on::<CreateSession>()
        .when(|call| order(call).amount == Some(Amount::minor(29_990)))
        .value(value(|session: &mut SessionCreated| {
            session.id = SessionId::new("s");
            session.url = Some(url.to_owned());
        }));
    assert_eq!(pay(&client).await.unwrap().as_deref(), Some(url));
    let [call] = mock.calls::<CreateSession>().try_into().unwrap();
    assert_eq!(order(&call).merchant_reference.as_deref(), Some("order-1"));
    assert_eq!(call.body.profile_id, Some(ProfileId::new("default")));
    mock.verify();
}

#[tokio::test]
async fn an_order_is_not_paid_twice() {
    let (mock, client) = mocked();
    mock.on::<CreateSession>().fault(Fault::ConnectionReset);
    assert!(pay(&client).await.unwrap_err().may_have_been_sent());
    assert_eq!(mock.attempts::<CreateSession>(), 1);
}
