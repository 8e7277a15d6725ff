//! Shops tested with the stand-in, as users do it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]

#[cfg(feature = "download")]
mod download;
mod every;
mod grants;
mod network;
mod rules;
mod shop;

use dintero::mock::{Mock, value};
use dintero::payments::{CaptureTransaction, Transaction, TransactionId};
use dintero::{Amount, Client, Error};

fn id() -> TransactionId {
    TransactionId::new("P12345678.abc")
}

/// A capture, complete.
fn capture(client: &Client, amount: i64) -> CaptureTransaction {
    let call = client.payments().capture_transaction(id());
    call.amount(Amount::minor(amount)).build()
}

/// An answer that can be told from others.
fn captured(amount: i64) -> Transaction {
    value(|transaction: &mut Transaction| {
        transaction.id = id();
        transaction.amount = Amount::minor(amount);
        transaction.currency = dintero::Currency::NOK;
        transaction.status = "CAPTURED".into();
    })
}

async fn send(client: &Client, amount: i64) -> Result<Transaction, Error> {
    client.send(capture(client, amount)).await
}

fn mocked() -> (Mock, Client) {
    let mock = Mock::new();
    let client = mock.client();
    (mock, client)
}
