//! The shop: the code of a real program.

use dintero::payments::{ProfileId, SessionOrder, SessionUrls, TransactionId};
use dintero::{Amount, Client, Currency, Error};

/// An order of a customer.
pub(crate) struct Order {
    pub(crate) number: String,
    pub(crate) total: Amount,
}

/// The outcome of moving money.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    Yes,
    /// Dintero rejected it, and a person must check it.
    Refused(String),
    /// Unknown until the transaction has been read.
    Unknown,
}

/// Opens a session. Returns the URL of the payment page.
pub(crate) async fn check_out(client: &Client, order: &Order) -> Result<String, Error> {
    let input = SessionOrder::builder()
        .amount(order.total)
        .currency(Currency::NOK)
        .merchant_reference(&order.number);
    let session = client
        .payments()
        .create_session()
        .order(input.build())
        .url(
            SessionUrls::builder()
                .return_url("https://shop.example/thanks")
                .build(),
        )
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;
    Ok(session.url.unwrap_or_default())
}

/// Captures when the goods are sent.
pub(crate) async fn ship(
    client: &Client,
    id: &TransactionId,
    order: &Order,
) -> Result<Moved, Error> {
    let capture = client
        .payments()
        .capture_transaction(id)
        .amount(order.total);
    let captured = capture.capture_reference(&order.number).send().await;
    outcome(captured.map(drop))
}

/// Refunds when the goods are returned.
pub(crate) async fn take_back(
    client: &Client,
    id: &TransactionId,
    order: &Order,
) -> Result<Moved, Error> {
    let refund = client.payments().refund_transaction(id).amount(order.total);
    outcome(refund.send().await.map(drop))
}

fn outcome(result: Result<(), Error>) -> Result<Moved, Error> {
    let Err(error) = result else {
        return Ok(Moved::Yes);
    };
    if error.call_succeeded() {
        return Ok(Moved::Yes);
    }
    // `settled_by` returns an operation only if the outcome is unknown.
    if error.settled_by().is_some() {
        return Ok(Moved::Unknown);
    }
    match error.code() {
        Some(code) => Ok(Moved::Refused(code.to_owned())),
        None => Err(error),
    }
}
