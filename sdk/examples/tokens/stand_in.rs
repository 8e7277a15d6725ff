//! What the mock answers: the card works in May, is looked into in June, has no money in July and is stolen in August.

use dintero::mock::Mock;
use dintero::payments::{
    Card, CreatePaymentTokenSession, GetTransaction, PaySession, PaySessionResponse,
    SessionCreated, SessionId, Transaction, TransactionEvent, TransactionEventError,
    TransactionEventErrorRetryPolicy, TransactionId,
};
use dintero::{Amount, Currency};

const TOKEN: &str = "5a17bff3-0000-4000-8000-1234567890ab";

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreatePaymentTokenSession>().answer(
        SessionCreated::builder()
            .id(SessionId::new("T12345678.session"))
            .url("https://checkout.example/v1/view/T12345678.session")
            .build(),
    );
    mock.on::<GetTransaction>()
        .when(|call| call.includes().is_some_and(|extra| !extra.is_empty()))
        .answer_with(|call| {
            let card = Card::builder()
                .masked_pan("411111******1111")
                .recurrence_token(TOKEN)
                .build();
            Transaction::builder()
                .id(call.transaction_id())
                .amount(Amount::ZERO)
                .currency(Currency::NOK)
                .status("AUTHORIZED")
                .card(card)
                .build()
        });
    for (month, status, retry) in [
        ("may", "AUTHORIZED", None),
        ("june", "ON_HOLD", None),
        ("july", "FAILED", Some("RETRY_AFTER_DELAY")),
        ("august", "FAILED", Some("DO_NOT_RETRY")),
    ] {
        mock.on::<PaySession>()
            .when(move |call| reference(call).is_some_and(|order| order.ends_with(month)))
            .times(1)
            .answer(answer(status, retry));
    }
}

fn reference(call: &PaySession) -> Option<&str> {
    Some(&call.session()?.order.merchant_reference)
}

/// Each of them has the status 200.
fn answer(status: &str, retry: Option<&str>) -> PaySessionResponse {
    let error = |code| {
        let mut policy = TransactionEventErrorRetryPolicy::builder().retry_codes([code]);
        if code == "RETRY_AFTER_DELAY" {
            policy = policy.retry_after("72h");
        }
        let error = TransactionEventError::builder().message("made up for this example");
        error.retry_policy(policy.build()).build()
    };
    let event = TransactionEvent::builder().event("AUTHORIZE");
    let event = match retry {
        Some(code) => event.success(false).error(error(code)),
        None => event.success(true),
    };
    PaySessionResponse::builder()
        .id(TransactionId::new("T12345678.charged"))
        .amount(Amount::minor(19_900))
        .currency(Currency::NOK)
        .status(status)
        .success(retry.is_none())
        .events([event.build()])
        .build()
}
