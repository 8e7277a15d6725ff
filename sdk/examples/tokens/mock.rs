//! Responses of the mock: the card works in May, is under review in June, has no money in July and is stolen in August.

use dintero::mock::{self, Mock};
use dintero::payments::{
    Card, CreatePaymentTokenSession, GetTransaction, PaySession, PaySessionResponse,
    SessionCreated, SessionId, Transaction, TransactionEvent, TransactionEventError,
    TransactionEventErrorRetryPolicy, TransactionId,
};
use dintero::{Amount, Currency};

const TOKEN: &str = "5a17bff3-0000-4000-8000-1234567890ab";

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreatePaymentTokenSession>()
        .value(mock::value(|session: &mut SessionCreated| {
            session.id = SessionId::new("T12345678.session");
            session.url = Some("https://checkout.example/v1/view/T12345678.session".to_owned());
        }));
    mock.on::<GetTransaction>()
        .when(|call| !call.includes.is_empty())
        .value_with(|call| {
            let card = mock::value(|card: &mut Card| {
                card.masked_pan = Some("411111******1111".to_owned());
                card.recurrence_token = Some(TOKEN.to_owned());
            });
            mock::value(|transaction: &mut Transaction| {
                transaction.id = call.transaction_id.clone();
                transaction.amount = Amount::ZERO;
                transaction.currency = Currency::NOK;
                transaction.status = "AUTHORIZED".into();
                transaction.card = Some(Box::new(card));
            })
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
            .value(answer(status, retry));
    }
}

fn reference(call: &PaySession) -> Option<&str> {
    let order = call.body.session.as_ref()?.order.as_ref()?;
    order.merchant_reference.as_deref()
}

/// Each of them has the status 200.
fn answer(status: &str, retry: Option<&str>) -> PaySessionResponse {
    let policy = |code: &str| {
        mock::value(|policy: &mut TransactionEventErrorRetryPolicy| {
            policy.retry_codes = [code.into()].into();
            if code == "RETRY_AFTER_DELAY" {
                policy.retry_after = Some("72h".to_owned());
            }
        })
    };
    let error = |code| {
        mock::value(|error: &mut TransactionEventError| {
            error.message = Some("made up for this example".to_owned());
            error.retry_policy = Some(Box::new(policy(code)));
        })
    };
    let event = mock::value(|event: &mut TransactionEvent| {
        event.event = Some("AUTHORIZE".into());
        event.success = Some(retry.is_none());
        event.error = retry.map(|code| Box::new(error(code)));
    });
    mock::value(|answer: &mut PaySessionResponse| {
        answer.id = TransactionId::new("T12345678.charged");
        answer.amount = Amount::minor(19_900);
        answer.currency = Currency::NOK;
        answer.status = status.into();
        answer.success = Some(retry.is_none());
        answer.events = [event].into();
    })
}
