//! Captures an authorized transaction in two parts, refunds some of it and voids another one, including a call with an
//! unknown outcome and an operation that is carried out later.
//!
//! ```sh
//! cargo run --example capture --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero, and
//! needs two authorized transactions as `DINTERO_TRANSACTION` and `DINTERO_TRANSACTION_TO_VOID`. Without them a mock
//! responds: see `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;

use dintero::payments::metadata::EventMetadata;
use dintero::payments::{Settled, Transaction, TransactionEvent, TransactionId};
use dintero::{Amount, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;
    let id = support::given("DINTERO_TRANSACTION", "T12345678.parcels")?;
    let id = TransactionId::new(id);
    let payments = client.payments();

    let transaction = payments.get_transaction(&id).send().await?;
    let whole = transaction
        .capturable()
        .filter(|left| !left.is_zero())
        .ok_or("nothing can be captured")?;
    let first = whole.split(2)?.next().unwrap_or(whole);
    let rest = whole.checked_sub(first)?;

    // The first parcel is sent. The second one will take a while, so the authorization is extended.
    capture(&client, &id, first, "parcel-1").await?;
    let extended = payments.extend_authorization(&id).send().await;
    match extended {
        Ok(transaction) => println!("more time: {}", transaction.status),
        // Few payment methods support this; the others reject it.
        Err(error) if error.settled_by().is_none() => println!("no more time: {error}"),
        Err(error) => return Err(error.into()),
    }
    let transaction = capture(&client, &id, rest, "parcel-2").await?;
    assert_eq!(transaction.capturable(), Some(Amount::ZERO));

    // The first parcel is returned.
    let transaction = refund(&client, &id, first).await?;
    println!(
        "{}: {:?} could still be refunded",
        transaction.status,
        transaction.refundable()
    );

    // Another order is never sent: its reservation is released.
    let id = support::given("DINTERO_TRANSACTION_TO_VOID", "T12345678.lamp")?;
    let voided = payments
        .void_transaction(TransactionId::new(id))
        .send_with_response()
        .await?;
    let settled = voided.wait_until_settled(&client).await?;
    assert!(settled.is_done(), "not voided: {settled:?}");
    println!("released: {}", settled.transaction().status);
    mock.verify();
    Ok(())
}

/// Captures, and determines the outcome.
async fn capture(
    client: &Client,
    id: &TransactionId,
    amount: Amount,
    reference: &str,
) -> Result<Transaction, Box<dyn Error>> {
    let sent = client
        .payments()
        .capture_transaction(id)
        .amount(amount)
        .capture_reference(reference)
        .metadata(EventMetadata::new([("ext_parcel", reference)])?)
        .send_with_response()
        .await;
    let response = match sent {
        Ok(response) => response,
        // The connection broke, and the money may have moved: don't retry, read the transaction.
        Err(error) if error.may_have_been_sent() && error.settled_by().is_some() => {
            println!("the outcome of {reference} is unknown: {error}");
            let transaction = client.payments().get_transaction(id).send().await?;
            let is_this = |event: &&_| has_reference(event, reference);
            return match transaction.events.iter().find(is_this) {
                Some(_) => Ok(transaction),
                None => Err("not captured: check manually before trying again".into()),
            };
        }
        // Rejected, or never sent: no money moved.
        Err(error) => return Err(error.into()),
    };
    // 202: accepted and not yet done.
    match response.wait_until_settled(client).await? {
        Settled::Done { transaction, .. } => {
            println!("{reference} is paid: {}", transaction.status);
            Ok(*transaction)
        }
        Settled::Failed { event, .. } => {
            let why = event.error.and_then(|error| error.message);
            Err(format!("{reference}: {}", why.as_deref().unwrap_or("no reason")).into())
        }
        _ => Err(format!("{reference} is still pending: read it again, don't retry").into()),
    }
}

/// Returns whether the event is a success of this capture.
fn has_reference(event: &TransactionEvent, reference: &str) -> bool {
    event.event_reference.as_deref() == Some(reference) && event.success != Some(false)
}

async fn refund(
    client: &Client,
    id: &TransactionId,
    amount: Amount,
) -> Result<Transaction, Box<dyn Error>> {
    let refunded = client
        .payments()
        .refund_transaction(id)
        .amount(amount)
        .refund_reference("return-1")
        .reason("the customer sent it back")
        .send_with_response()
        .await?;
    match refunded.wait_until_settled(client).await? {
        Settled::Done { transaction, .. } => Ok(*transaction),
        other => Err(format!("not refunded: {other:?}").into()),
    }
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
