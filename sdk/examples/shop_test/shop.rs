//! The shop: what a program would have if it were no example.

use dintero::payments::{ProfileId, SessionOrder, SessionUrls, TransactionId};
use dintero::{Amount, Client, Currency, Error};

/// What somebody buys.
pub(crate) struct Order {
    pub(crate) number: String,
    pub(crate) total: Amount,
}

/// How moving money ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    Yes,
    /// Dintero refused, and somebody has to look at it.
    Refused(String),
    /// Nobody knows before the transaction has been read.
    Unknown,
}

/// Where the customer pays.
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

/// The goods leave: the money is taken.
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

/// The goods come back: so does the money.
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
    // This error says so only where nobody knows.
    if error.settled_by().is_some() {
        return Ok(Moved::Unknown);
    }
    match error.code() {
        Some(code) => Ok(Moved::Refused(code.to_owned())),
        None => Err(error),
    }
}
