//! Reads the balance of a seller, transfers money to another seller, and reads the outcome.
//!
//! ```sh
//! cargo run --example payouts --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero, and
//! needs the ids of two sellers as `DINTERO_SELLER` and `DINTERO_OTHER_SELLER`. Without them a mock responds: see
//! `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;

use dintero::payments::{PayoutDestinationId, PayoutDestinationTransferType as Movement};
use dintero::{Amount, Client, Currency, Money};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;
    let from = PayoutDestinationId::new(support::given("DINTERO_SELLER", "seller-1")?);
    let to = PayoutDestinationId::new(support::given("DINTERO_OTHER_SELLER", "seller-2")?);

    let balance = balance(&client, &from, &Currency::NOK).await?;
    println!("seller has {} minor units", balance.minor_units());

    // The id is your id of this transfer: store it before sending, and use it for every attempt. The client retries the
    // call after a lost connection, because Dintero carries it out once per id.
    let fund_transfer_id = "commission-2026-02-1042";
    let reference = "Commission for order 1042";
    let answer = client
        .payments()
        .create_fund_transfer()
        .fund_transfer_id(fund_transfer_id)
        .source_payout_destination_id(&from)
        .destination_payout_destination_id(&to)
        .amount(Amount::minor(2_500))
        .currency(Currency::NOK)
        .reference(reference)
        .send_with_response()
        .await?;
    println!("requested, status {}", answer.status());
    let transfer = answer.into_value().fund_transfer;
    let confirmed = transfer.ok_or("the response has no transfer")?;
    assert_eq!(
        confirmed.fund_transfer_id.as_deref(),
        Some(fund_transfer_id)
    );

    // It is carried out later. Then the ledger of the seller has it.
    let mut entries = client
        .payments()
        .list_payout_destination_transfers(&from)
        .limit(100)
        .items();
    let mut moved = false;
    while let Some(entry) = entries.try_next().await? {
        let (Some(amount), Some(currency)) = (entry.amount, &entry.currency) else {
            println!("an entry has no amount: {entry:?}");
            continue;
        };
        let money = Money::new(amount, currency.clone());
        match &entry.type_ {
            Some(Movement::Inbound) => println!("in:       {money}"),
            Some(Movement::Outbound) => println!("out:      {money}"),
            Some(Movement::Transfer) => println!("transfer: {money}"),
            other => println!("{other:?}: {money}"),
        }
        moved |= entry.transfer_reference.as_deref() == Some(reference);
    }
    println!("{}", if moved { "moved" } else { "not yet moved" });
    mock.verify();
    Ok(())
}

/// Returns the balance of the seller in this currency.
async fn balance(
    client: &Client,
    seller: &PayoutDestinationId,
    currency: &Currency,
) -> Result<Amount, Box<dyn Error>> {
    let call = client.payments().get_payout_destination_balances(seller);
    let balances = call.send().await?.payout_destination_balances;
    let mut balances = balances.iter();
    match balances.find(|balance| balance.currency.as_ref() == Some(currency)) {
        Some(balance) => Ok(balance.amount.ok_or("the balance has no amount")?),
        None => Ok(Amount::ZERO),
    }
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
