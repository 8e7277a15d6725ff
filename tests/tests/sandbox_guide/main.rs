//! The code of the guide against the sandbox. The guide's own tests run it with a mock; here it is the same code, which a
//! test compares, without assertions about the values of that mock: see [`check`].
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    unused_imports,
    unused_variables,
    clippy::needless_borrow,
    reason = "a test that can't go on fails, and the code is the guide's"
)]

mod accounts;
mod check;
mod faults;
mod reports;
mod webhooks;

use std::path::Path;

use dintero::payments::{SessionId, SessionOrderUpdate, TransactionId};
use dintero::{Amount, Client, Secret};
use dintero_sandbox::{Choice, Fault, Sandbox};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

#[rustfmt::skip]
async fn session(client: &Client) -> Result<SessionId> {
    // sessions.md, 0
    use dintero::payments::{ProfileId, SessionOrder, SessionOrderItem, SessionUrls};
    use dintero::{Amount, Currency, Number};

    let chair = SessionOrderItem::builder()
        .line_id("1")
        .description("Chair")
        .quantity(Number::from(1))
        .amount(Amount::minor(59_900)) // 599.00, tax included
        .vat(Number::from(25));
    let order = SessionOrder::builder()
        .lines([chair.build()], None)? // sets `amount` and `vat_amount`
        .currency(Currency::NOK)
        .merchant_reference("order-1042");
    let url = SessionUrls::builder()
        .return_url("https://shop.example/thanks")
        .callback_url("https://shop.example/callback");
    let session = client
        .payments()
        .create_session()
        .order(order.build())
        .url(url.build())
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;

    // Keep the id with the order, and send the customer to the page.
    // end
    Ok(session.id)
}

#[rustfmt::skip]
async fn read_session(client: &Client, id: SessionId) -> Result<()> {
    // sessions.md, 1
    let session = client.payments().get_session(&id).send().await?;
    match session.transaction_id {
        Some(transaction) => println!("read {transaction} next"),
        None => println!("nobody has begun to pay"),
    }
    // end
    Ok(())
}

#[rustfmt::skip]
async fn change_session(client: &Client, id: SessionId) -> Result<()> {
    // sessions.md, 2
    let order = SessionOrderUpdate::builder().amount(Amount::minor(49_900)).build();
    client.payments().update_session(&id).order(order).update_without_lock(true).send().await?;
    client.payments().cancel_session(&id).send().await?;
    // end
    Ok(())
}

#[rustfmt::skip]
async fn capture(client: &Client, id: TransactionId) -> Result<()> {
    // moving_money.md, 0
    use dintero::Amount;
    use dintero::payments::{Settled, TransactionId};

    let response = client
        .payments()
        .capture_transaction(&id)
        .amount(Amount::minor(29_990)) // a part of it, for a partial capture
        .capture_reference("parcel-1")
        .send_with_response()
        .await?;
    match response.wait_until_settled(&client).await? {
        Settled::Done { transaction, .. } => {
        }
        Settled::Failed { event, .. } => println!("not captured: {:?}", event.error.and_then(|error| error.message)),
        _ => println!("still open: look again later, and don't repeat the capture"),
    }
    // end
    Ok(())
}

#[rustfmt::skip]
async fn lost_capture(client: &Client, id: TransactionId) -> Result<()> {
    // moving_money.md, 1
    use dintero::payments::TransactionId;
    use dintero::Amount;

    let capture = client.payments().capture_transaction(&id).amount(Amount::minor(500));
    let Err(error) = capture.capture_reference("parcel-1").send().await else {
        return Ok(());
    };
    assert!(error.may_have_been_sent());
    assert_eq!(error.settled_by(), Some("get_transaction"));

    // The reference that was sent comes back in the event.
    let transaction = client.payments().get_transaction(&id).send().await?;
    let mut events = transaction.events.iter();
    let ours = events.find(|event| event.event_reference.as_deref() == Some("parcel-1"));
    assert!(ours.is_some_and(|event| event.success == Some(true)));
    // end
    Ok(())
}

#[rustfmt::skip]
async fn sum(client: &Client) -> Result<Amount> {
    // transactions.md, 0
    use dintero::{Amount, Timestamp};
    let mut transactions = client
        .payments()
        .list_transactions()
        .created_at_gte(Timestamp::parse("2026-02-01T00:00:00Z")?)
        .status(["CAPTURED", "PARTIALLY_CAPTURED"])
        .limit(100)
        .items();
    let mut sum = Amount::ZERO;
    while let Some(transaction) = transactions.try_next().await? {
        sum = sum.checked_add(transaction.amount)?;
    }
    // end
    Ok(sum)
}

#[rustfmt::skip]
async fn pages(client: &Client) -> Result<usize> {
    // transactions.md, 1
    use dintero::Cursor;

    let list = || client.payments().list_transactions().limit(2).pages();
    let first = list().try_next().await?.ok_or("there is nothing")?;
    let saved = first.cursor().map(Cursor::to_string).ok_or("that was all")?;

    // In another process, perhaps tomorrow:
    let mut rest = list().resume(&saved.parse()?);
    let page = rest.try_next().await?.ok_or("there is nothing more")?;
    // end
    Ok(page.items().len())
}

#[rustfmt::skip]
async fn saved_token(client: &Client, id: TransactionId) -> Result<Secret> {
    // tokens.md, 0
    use dintero::Secret;
    use dintero::payments::{GetTransactionInclude, TransactionId};
    let transaction = client
        .payments()
        .get_transaction(&id)
        .includes([GetTransactionInclude::CardRecurrenceToken])
        .send()
        .await?;
    let card = transaction.card.ok_or("no card was saved")?;
    let token = Secret::new(card.recurrence_token.ok_or("the session did not ask for a token")?);
    // end
    Ok(token)
}

#[rustfmt::skip]
async fn charge(client: &Client, token: Secret) -> Result<bool> {
    // tokens.md, 1
    use dintero::payments::{
        CardPaymentOperation, PayExCreditcardPayment, PayOutcome, PaySessionBodySession, SavedTokens,
        SavedPayexCardToken, SessionOrder, SessionProfileCustomer,
    };
    use dintero::{Amount, Currency};

    let card = SavedPayexCardToken::builder().recurrence_token(token.expose());
    let tokens = SavedTokens::builder().payex_creditcard(card.build());
    let order = SessionOrder::builder()
        .amount(Amount::minor(19_900))
        .currency(Currency::NOK)
        .merchant_reference("subscription-7-may");
    let session = PaySessionBodySession::builder()
        .order(order.build())
        .customer(SessionProfileCustomer::builder().tokens(tokens.build()).build());
    let payment = PayExCreditcardPayment::builder().operation(CardPaymentOperation::RecurringPurchase);
    let answer = client
        .payments()
        .pay_session()
        .session(session.build())
        .payment(payment.build())
        .dintero_feature_toggles(["strict-success-merchant-reference"])
        .send()
        .await?;
    match answer.outcome() {
        PayOutcome::Paid => println!("paid"),
        PayOutcome::OnHold => println!("under review: the callback tells"),
        PayOutcome::Failed(failure) if failure.may_retry() => println!("later: {:?}", failure.advice()),
        PayOutcome::Failed(_) => {
            // Never try this card again: that gets cards blocked.
        }
        _ => println!("read transaction {} before anything else", answer.id),
    }
    // end
    Ok(matches!(answer.outcome(), PayOutcome::Paid))
}

#[rustfmt::skip]
async fn download(client: &Client, folder: &Path) -> Result<()> {
    // settlements.md, 0
    use dintero::Date;

    let mut settlements = client
        .payments()
        .list_settlements()
        .created_at_gte(Date::parse("2026-02-01")?)
        .items();
    while let Some(settlement) = settlements.try_next().await? {
        let Some(id) = settlement.id else { continue };
        for attachment in settlement.attachments {
            let Some(file) = attachment.id else { continue };
            let call = client.payments().download_settlement_attachment(&id, &file);
            let bytes = client
                .download_response(call.build())
                .max_bytes(100 << 20)
                .to_file(folder.join("settlement.csv"))
                .await?;
        }
    }
    // end
    Ok(())
}

#[rustfmt::skip]
async fn balance(client: &Client) -> Result<()> {
    // payouts.md, 0
    use dintero::Money;
    use dintero::payments::PayoutDestinationId;

    let seller = PayoutDestinationId::new("seller-1");
    let balances = client.payments().get_payout_destination_balances(&seller).send().await?;
    for balance in balances.payout_destination_balances {
        if let (Some(amount), Some(currency)) = (balance.amount, balance.currency) {
            println!("{}", Money::new(amount, currency));
        }
    }
    let mut ledger = client.payments().list_payout_destination_transfers(&seller).items();
    while let Some(entry) = ledger.try_next().await? {
        println!("{:?} {:?}", entry.type_, entry.amount);
    }
    // end
    Ok(())
}

#[rustfmt::skip]
async fn transfer(client: &Client) -> Result<()> {
    // payouts.md, 1
    use dintero::payments::PayoutDestinationId;
    use dintero::{Amount, Currency};

    client
        .payments()
        .create_fund_transfer()
        .fund_transfer_id("commission-1042") // stored before it is sent
        .source_payout_destination_id(PayoutDestinationId::new("seller-1"))
        .destination_payout_destination_id(PayoutDestinationId::new("marketplace"))
        .amount(Amount::minor(2_500))
        .currency(Currency::NOK)
        .reference("Commission for order 1042")
        .send()
        .await?;
    // end
    Ok(())
}

#[rustfmt::skip]
async fn apply(client: &Client) -> Result<String> {
    // sellers.md, 0
    use dintero::Currency;
    use dintero::payments::{SellerBankAccount, LegalEntityType, PayoutDestinationId};

    let account = SellerBankAccount::builder()
        .bank_account_number("NO9386011117947")
        .bank_account_country_code("NO")
        .bank_account_currency(Currency::NOK)
        .payout_currency(Currency::NOK);
    let application = client
        .payments()
        .create_seller_approval()
        .payout_destination_id(PayoutDestinationId::new("seller-1042"))
        .payout_destination_name("Kari's chairs")
        .type_(LegalEntityType::Company)
        .country_code("NO")
        .organization_number("987654321")
        .bank_accounts([account.build()])
        .payout_reference("chairs")
        .send()
        .await?;
    // end
    Ok(format!("{:?}", application.case_status))
}

#[rustfmt::skip]
async fn remind(client: &Client) -> Result<()> {
    // sellers.md, 1
    use dintero::payments::{ApprovalStatus, SellerApprovalLinkRel as Link};

    let waiting = client
        .payments()
        .list_seller_approvals()
        .case_status([ApprovalStatus::WaitingForSignature])
        .send()
        .await?;
    for application in waiting.payout_destinations {
        let mut links = application.links.into_iter();
        let contract = links.find(|link| link.rel == Some(Link::ContractUrl));
        if let Some(address) = contract.and_then(|link| link.href) {
            println!("remind them of {address}");
        }
    }
    // end
    Ok(())
}

async fn sandbox(seed: u64) -> Result<(Sandbox, Client)> {
    let sandbox = Sandbox::builder().seed(seed).check_responses(true);
    let sandbox = sandbox.start().await?;
    let client = sandbox.client()?;
    Ok((sandbox, client))
}

/// A transaction of the guide's session, authorized.
async fn paid(sandbox: &Sandbox, client: &Client) -> Result<TransactionId> {
    let id = session(client).await?;
    let done = sandbox.pay(&id).await?;
    Ok(TransactionId::new(
        done.transaction.ok_or("no transaction")?,
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_money() -> Result {
    let (sandbox, client) = sandbox(1).await?;
    let open = session(&client).await?;
    read_session(&client, open.clone()).await?;
    change_session(&client, open).await?;

    let id = paid(&sandbox, &client).await?;
    read_session(&client, session_of(&client, &id).await?).await?;
    capture(&client, id.clone()).await?;
    let transaction = client.payments().get_transaction(&id).send().await?;
    assert_eq!(transaction.refundable(), Some(Amount::minor(29_990)));

    // The capture is carried out, and its response is lost.
    let id = paid(&sandbox, &client).await?;
    let lost = Fault::connection_reset().carried_out();
    sandbox
        .faults()
        .next("payments.capture_transaction", lost)
        .await?;
    lost_capture(&client, id.clone()).await?;
    let transaction = client.payments().get_transaction(&id).send().await?;
    assert_eq!(transaction.refundable(), Some(Amount::minor(500)));

    assert_eq!(sum(&client).await?, Amount::minor(2 * 59_900));
    paid(&sandbox, &client).await?;
    assert_eq!(pages(&client).await?, 1);
    Ok(())
}

async fn session_of(client: &Client, id: &TransactionId) -> Result<SessionId> {
    let transaction = client.payments().get_transaction(id).send().await?;
    Ok(transaction.session_id.ok_or("no session")?)
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_cards() -> Result {
    use dintero::payments::*;
    let (sandbox, client) = sandbox(2).await?;
    let order = SessionPaymentTokenOrder::builder()
        .currency(dintero::Currency::NOK)
        .merchant_reference("card");
    let urls = SessionUrls::builder().return_url("https://shop.example/");
    let session = CreatePaymentTokenSessionBodySession::builder()
        .order(order.build())
        .url(urls.build());
    let provider = PayExTokenProvider::builder().token_types(["recurrence_token"]);
    let created = client
        .payments()
        .create_payment_token_session()
        .session(session.build())
        .token_provider(provider.build());
    let created = created.send().await?;
    let done = sandbox
        .choose(&created.id, "payex.creditcard", Choice::Paid)
        .await?;
    let id = TransactionId::new(done.transaction.ok_or("none")?);
    let token = saved_token(&client, id).await?;
    assert!(charge(&client, token.clone()).await?);
    // The same reference again, which was paid.
    assert!(charge(&client, token).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn settlements_payouts_and_sellers() -> Result {
    let (sandbox, client) = sandbox(3).await?;
    let id = paid(&sandbox, &client).await?;
    capture(&client, id).await?;
    sandbox.settle().await?;
    let folder = std::env::temp_dir().join(format!("dintero-guide-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    download(&client, &folder).await?;
    assert!(std::fs::metadata(folder.join("settlement.csv"))?.len() > 0);
    std::fs::remove_dir_all(&folder)?;

    let status = apply(&client).await?;
    assert!(!status.contains("None"), "{status}");
    remind(&client).await?;

    for id in ["seller-1", "marketplace"] {
        use dintero::management::*;
        let account = PayoutDestinationBankAccount::builder()
            .bank_account_number("NO9386011117947")
            .bank_account_country_code("NO")
            .bank_account_number_type("IBAN")
            .bank_account_currency(dintero::Currency::NOK);
        let create = client
            .management()
            .create_payout_destination()
            .payout_destination_id(PayoutDestinationId::new(id))
            .payout_reference(id)
            .bank_accounts([account.build()])
            .payout_interval_type("manual");
        create.send().await?;
    }
    balance(&client).await?;
    // The seller has no money yet.
    let refused = transfer(&client).await.unwrap_err();
    assert!(refused.to_string().contains("400"), "{refused}");
    Ok(())
}
