//! A shop whose dealings with Dintero are tested without network.
//!
//! ```sh
//! cargo test --example shop_test --features mock    # its tests
//! cargo run --example shop_test --features mock     # one order, with a stand-in for Dintero
//! ```

mod shop;
#[cfg(test)]
mod tests;

use dintero::mock::Mock;
use dintero::payments::{
    CaptureTransaction, CreateSession, RefundTransaction, SessionCreated, SessionId, Transaction,
    TransactionId,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // With credentials this would be `dintero::Client::builder()`; the shop does not know the difference.
    let mock = Mock::new();
    let client = mock.client();
    let session = SessionCreated::builder()
        .id(SessionId::new("s"))
        .url("https://checkout.example/view/1");
    mock.on::<CreateSession>().answer(session.build());
    mock.on::<CaptureTransaction>().answer_with(|call| {
        Transaction::builder()
            .id(call.transaction_id())
            .amount(call.amount())
            .currency(dintero::Currency::NOK)
            .status("CAPTURED")
            .build()
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
