//! Reads the transactions of a day page by page, resumes after an interruption, and prints the amounts of each that can
//! still be captured, refunded and voided.
//!
//! ```sh
//! cargo run --example transactions --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero.
//! Without them a mock responds: see `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::error::Error;

use dintero::payments::{ListTransactions, Transaction, TransactionStatus};
use dintero::{Amount, Client, Cursor, Pages, TimeError, Timestamp};

/// The state of a job that reads lists, as in its database.
#[derive(Default)]
struct Progress {
    /// The cursor of the next page.
    cursor: Option<String>,
    seen: usize,
    captured: BTreeMap<String, Amount>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;

    // The job stops after its first page, for instance because its server is restarted.
    let mut progress = Progress::default();
    if let Some(page) = pages(&client)?.try_next().await? {
        progress.cursor = page.cursor().map(Cursor::to_string);
        note(&mut progress, page)?;
    }

    // Another job resumes. The filters must be the same; the cursor is text.
    let mut pages = pages(&client)?;
    if let Some(saved) = &progress.cursor {
        pages = pages.resume(&saved.parse()?);
    }
    if progress.cursor.is_some() {
        // After an error, `try_next` requests the same page again: no item is lost, none comes twice.
        while let Some(page) = pages.try_next().await? {
            // Saved together with the results of the page, so that a page counts once.
            progress.cursor = page.cursor().map(Cursor::to_string);
            note(&mut progress, page)?;
        }
    }
    println!("{} transactions", progress.seen);
    // The mock has five; the number at Dintero is unknown.
    assert!(progress.seen == 5 || mock.requests().is_empty());
    for (currency, amount) in &progress.captured {
        println!("captured: {} minor units {currency}", amount.minor_units());
    }

    // Read single transactions by their id, or find them by the reference of your order.
    let mut found = client
        .payments()
        .list_transactions()
        .merchant_reference("order-3")
        .items();
    if let Some(transaction) = found.try_next().await? {
        let read = client.payments().get_transaction(&transaction.id);
        println!("order-3 is {}", read.send().await?.status);
    }
    mock.verify();
    Ok(())
}

fn pages(client: &Client) -> Result<Pages<Client, ListTransactions>, TimeError> {
    let pages = client
        .payments()
        .list_transactions()
        .created_at_gte(Timestamp::parse("2026-02-01T00:00:00Z")?)
        .created_at_lte(Timestamp::parse("2026-02-02T00:00:00Z")?)
        .limit(2)
        .pages();
    Ok(pages)
}

fn note(
    progress: &mut Progress,
    page: impl IntoIterator<Item = Transaction>,
) -> Result<(), Box<dyn Error>> {
    for transaction in page {
        progress.seen += 1;
        if transaction.status == TransactionStatus::Captured {
            let sum = progress.captured.entry(transaction.currency.to_string());
            let sum = sum.or_insert(Amount::ZERO);
            *sum = sum.checked_add(transaction.amount)?;
        }
        println!("{}", describe(&transaction));
    }
    Ok(())
}

/// `None` means that the amount is unknown; treat it as "don't".
fn describe(transaction: &Transaction) -> String {
    let left = |amount: Option<Amount>| match amount {
        Some(amount) => amount.minor_units().to_string(),
        None => "?".to_owned(),
    };
    format!(
        "{} {}: {} can be captured, {} refunded, {} voided",
        transaction.merchant_reference.as_deref().unwrap_or("-"),
        transaction.status,
        left(transaction.capturable()),
        left(transaction.refundable()),
        left(transaction.voidable()),
    )
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
