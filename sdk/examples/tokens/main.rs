//! Lets a customer save a card, and charges it later without the customer.
//!
//! ```sh
//! cargo run --example tokens --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero, and
//! needs the transaction of a session in which a card was saved at Swedbank Pay as `DINTERO_TOKEN_TRANSACTION`. Without
//! them a mock responds: see `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;

use dintero::payments::{
    CardPaymentOperation, CreatePaymentTokenSessionBodySession, GetTransactionInclude,
    PayExCreditcardPayment, PayExTokenProvider, PayExTokenProviderTokenType, PayOutcome,
    PaySessionBodySession, RetryAdvice, SavedPayexCardToken, SavedTokens, SessionOrder,
    SessionPaymentTokenOrder, SessionProfileCustomer, SessionUrls, TransactionId,
};
use dintero::{Amount, Client, Currency, Secret};

/// The outcome of charging a saved card.
#[derive(Debug, PartialEq, Eq)]
enum Charged {
    Paid,
    /// It becomes authorized or failed later.
    UnderReview,
    /// The order may be tried again with this card.
    NotNow,
    /// Dintero has forbidden to try this card again.
    NeverAgain,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;

    // The customer enters a card; no money is reserved.
    let order = SessionPaymentTokenOrder::builder()
        .currency(Currency::NOK)
        .merchant_reference("card-of-customer-7");
    let url = SessionUrls::builder().return_url("https://shop.example/card-saved");
    let session = CreatePaymentTokenSessionBodySession::builder()
        .order(order.build())
        .url(url.build())
        .build();
    let provider = PayExTokenProvider::builder()
        .token_types([PayExTokenProviderTokenType::RecurrenceToken])
        .build();
    let created = client
        .payments()
        .create_payment_token_session()
        .session(session)
        .token_provider(provider)
        .send()
        .await?;
    let page = created.url.ok_or("the session has no page")?;
    println!("The customer enters a card at {page}");

    // The callback of that session names its transaction, which has the token.
    let id = support::given("DINTERO_TOKEN_TRANSACTION", "T12345678.card")?;
    let transaction = client
        .payments()
        .get_transaction(TransactionId::new(id))
        .includes([GetTransactionInclude::CardRecurrenceToken])
        .send()
        .await?;
    let card = transaction.card.ok_or("the transaction has no card")?;
    println!("Saved: {}", card.masked_pan.as_deref().unwrap_or("a card"));
    // Anyone with the token can charge the card: a `Secret` is hidden in logs.
    let token = Secret::new(card.recurrence_token.ok_or("the card has no token")?);

    for (month, wanted) in [
        ("may", Charged::Paid),
        ("june", Charged::UnderReview),
        ("july", Charged::NotNow),
        ("august", Charged::NeverAgain),
    ] {
        let charged = charge(&client, &token, month).await?;
        println!("{month}: {charged:?}");
        // The outcome depends on the card.
        assert!(charged == wanted || mock.requests().is_empty());
    }
    mock.verify();
    Ok(())
}

/// The status is 200 even if the card was not charged: check `outcome()`.
async fn charge(client: &Client, token: &Secret, month: &str) -> Result<Charged, Box<dyn Error>> {
    let card = SavedPayexCardToken::builder()
        .recurrence_token(token.expose())
        .build();
    let tokens = SavedTokens::builder().payex_creditcard(card);
    let order = SessionOrder::builder()
        .amount(Amount::minor(19_900))
        .currency(Currency::NOK)
        .merchant_reference(format!("customer-7-{month}"));
    let session = PaySessionBodySession::builder()
        .order(order.build())
        .customer(
            SessionProfileCustomer::builder()
                .tokens(tokens.build())
                .build(),
        )
        .build();
    let payment =
        PayExCreditcardPayment::builder().operation(CardPaymentOperation::RecurringPurchase);
    let answer = client
        .payments()
        .pay_session()
        .session(session)
        .payment(payment.build())
        // A paid order is not paid again, even if this is sent twice.
        .dintero_feature_toggles(["strict-success-merchant-reference"])
        .send()
        .await?;
    match answer.outcome() {
        PayOutcome::Paid => Ok(Charged::Paid),
        PayOutcome::OnHold => Ok(Charged::UnderReview),
        PayOutcome::Failed(failure) if failure.may_retry() => {
            if let RetryAdvice::Later(Some(when)) = failure.advice() {
                println!("try again after {when}");
            }
            Ok(Charged::NotNow)
        }
        PayOutcome::Failed(_) => Ok(Charged::NeverAgain),
        // Paying again could take the money twice.
        _ => Err(format!("read transaction {} first", answer.id).into()),
    }
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}
