//! Responses of the mock: five transactions, two per page.

use dintero::mock::{self, Mock};
use dintero::payments::{
    GetTransaction, ListTransactions, Transaction, TransactionEvent, TransactionId,
};
use dintero::{Amount, Currency};

pub(crate) fn rules(mock: &Mock) {
    mock.on::<ListTransactions>()
        .when(|call| call.merchant_reference.is_some())
        .optional()
        .value_with(|call| {
            let all = all().into_iter();
            all.filter(|one| one.merchant_reference == call.merchant_reference)
                .collect()
        });
    mock.on::<ListTransactions>().value_with(|call| {
        let behind = |one: &Transaction| Some(&one.id) == call.starting_after.as_ref();
        let begin = all().iter().position(behind).map_or(0, |found| found + 1);
        let limit = call.limit.and_then(|limit| usize::try_from(limit).ok());
        all()
            .into_iter()
            .skip(begin)
            .take(limit.unwrap_or(10))
            .collect()
    });
    mock.on::<GetTransaction>()
        .optional()
        .response_with(
            |call| match all().iter().find(|one| one.id == call.transaction_id) {
                Some(found) => mock::MockResponse::value(found),
                None => mock::MockResponse::error(404, "NOT FOUND", "no such transaction"),
            },
        );
}

fn all() -> Vec<Transaction> {
    vec![
        transaction(1, "CAPTURED", &[("CAPTURE", 1_000)]),
        transaction(2, "AUTHORIZED", &[]),
        transaction(3, "PARTIALLY_CAPTURED", &[("CAPTURE", 400)]),
        transaction(4, "CAPTURED", &[("CAPTURE", 2_000)]),
        transaction(5, "REFUNDED", &[("CAPTURE", 1_000), ("REFUND", 1_000)]),
    ]
}

fn transaction(number: i64, status: &str, events: &[(&str, i64)]) -> Transaction {
    let event = |&(kind, amount): &(&str, i64)| {
        mock::value(|event: &mut TransactionEvent| {
            event.event = Some(kind.into());
            event.success = Some(true);
            event.amount = Some(Amount::minor(amount));
        })
    };
    mock::value(|transaction: &mut Transaction| {
        transaction.id = TransactionId::new(format!("T12345678.{number}"));
        transaction.merchant_reference = Some(format!("order-{number}"));
        transaction.amount = Amount::minor(if number == 4 { 2_000 } else { 1_000 });
        transaction.currency = Currency::NOK;
        transaction.status = status.into();
        transaction.payment_product_type = Some("payex.creditcard".into());
        transaction.events = events.iter().map(event).collect();
    })
}
