//! A shop whose calls of Dintero are tested without network access.
//!
//! ```sh
//! cargo test --example shop_test --features mock    # its tests
//! cargo run --example shop_test --features mock     # one order, with a mock of Dintero
//! ```

mod shop;
#[cfg(test)]
mod tests;

use dintero::mock::{self, Mock};
use dintero::payments::{
    CaptureTransaction, CreateSession, RefundTransaction, SessionCreated, SessionId, Transaction,
    TransactionId,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In production this would be `dintero::Client::builder()` with credentials; the shop does not depend on it.
    let mock = Mock::new();
    let client = mock.client();
    let session = mock::value(|session: &mut SessionCreated| {
        session.id = SessionId::new("s");
        session.url = Some("https://checkout.example/view/1".to_owned());
    });
    mock.on::<CreateSession>().value(session);
    mock.on::<CaptureTransaction>().value_with(|call| {
        mock::value(|transaction: &mut Transaction| {
            transaction.id = call.transaction_id.clone();
            transaction.amount = call.body.amount.unwrap_or_default();
            transaction.currency = dintero::Currency::NOK;
            transaction.status = "CAPTURED".into();
        })
    });
    mock.on::<RefundTransaction>()
        .error(400, "REFUND_EXPIRED", "made up for this example");

    let order = shop::Order {
        number: "1042".to_owned(),
        total: dintero::Amount::minor(29_990),
    };
    let id = TransactionId::new("T12345678.example");
    println!(
        "the customer pays at {}",
        shop::check_out(&client, &order).await?
    );
    println!(
        "goods sent:     {:?}",
        shop::ship(&client, &id, &order).await?
    );
    println!(
        "goods returned: {:?}",
        shop::take_back(&client, &id, &order).await?
    );
    for request in mock.requests() {
        println!(
            "would have been sent: {} {}",
            request.method(),
            request.uri().path()
        );
    }
    Ok(())
}
