//! Opens a checkout session from a profile, reads it, changes its order and cancels it.
//!
//! ```sh
//! cargo run --example session --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero, and
//! needs a profile of it as `DINTERO_PROFILE`. Without them a mock responds: see `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;

use dintero::payments::metadata::SessionMetadata;
use dintero::payments::order::OrderError;
use dintero::payments::{
    ProfileId, SessionOrder, SessionOrderItem, SessionOrderUpdate, SessionUrls,
};
use dintero::{Amount, Currency, Number};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;
    let profile = support::given("DINTERO_PROFILE", "default")?;
    let payments = client.payments();

    // `lines` sums up the items: `amount` must be their sum.
    let order = SessionOrder::builder()
        .lines([chairs(1)?], None)?
        .currency(Currency::NOK)
        .merchant_reference("order-1042")
        .build();
    let url = SessionUrls::builder()
        .return_url("https://shop.example/thanks")
        .callback_url("https://shop.example/callback")
        .build();
    let created = payments
        .create_session()
        .order(order)
        .url(url)
        .profile_id(ProfileId::new(profile))
        .metadata(SessionMetadata::new([("ext_table", "7".to_owned())])?)
        .send()
        .await?;
    let page = created.url.ok_or("the session has no payment page")?;
    println!("The customer pays at {page}");

    let session = payments.get_session(&created.id).send().await?;
    let order = session.order.ok_or("the session has no order")?;
    assert_eq!(order.amount, Some(Amount::minor(59_900)));
    match session.transaction_id {
        Some(id) => println!("There is a transaction: {id}"),
        None => println!("No payment has started"),
    }

    // No lock is needed before the customer has opened the checkout.
    let order = SessionOrderUpdate::builder()
        .lines([chairs(2)?], None)?
        .build();
    let changed = payments
        .update_session(&created.id)
        .order(order)
        .update_without_lock(true)
        .send()
        .await?;
    let amount = changed.order.and_then(|order| order.amount);
    assert_eq!(amount, Some(Amount::minor(119_800)));
    println!("Two chairs now: {amount:?}");

    let cancelled = payments.cancel_session(&created.id).send().await?;
    println!("Cancelled at {:?}", cancelled.cancelled_at);
    mock.verify();
    Ok(())
}

/// Chairs at 599.00 each, tax included.
fn chairs(count: i32) -> Result<SessionOrderItem, OrderError> {
    Ok(SessionOrderItem::builder()
        .line_id("1")
        .id("chair")
        .description("Chair")
        .quantity(Number::from(count))
        .amount(Amount::minor(59_900 * i64::from(count)))
        .vat(Number::from(25))
        .build())
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
