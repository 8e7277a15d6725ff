//! Settlements that the merchant writes into transactions, through the crate `dintero`.

use dintero::checkout::{AddSettlementEventsBodyTransaction as Noted, NewTransactionSettlements};
use dintero::payments::*;
use dintero::{Amount, Client, Currency};
use dintero_sandbox::{Choice, Sandbox};

use crate::support::{checked, session};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn captured(sandbox: &Sandbox, client: &Client) -> Result<(TransactionId, String)> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(1000))
        .currency(Currency::NOK)
        .merchant_reference("1042");
    let session = session(client, order.build()).await?;
    let done = sandbox.choose(&session, "vipps", Choice::Paid).await?;
    let id = TransactionId::new(done.transaction.ok_or("none")?);
    let capture = client.payments().capture_transaction(&id);
    let after = capture.amount(Amount::minor(600)).send().await?;
    let event = after.events.last().and_then(|event| event.id.as_ref());
    Ok((id, event.ok_or("no event")?.to_string()))
}

fn noted(id: &TransactionId, event: Option<&str>, capture: i64) -> Noted {
    let settlement = TransactionSettlementsEvent::builder()
        .settlement_id(SettlementId::new("settlement-1"))
        .provider_reference("bank-1")
        .amount(Amount::minor(capture - 10))
        .capture(Amount::minor(capture))
        .fee(Amount::minor(10));
    let settlement = match event {
        Some(event) => settlement.event_correlation_id(event),
        None => settlement,
    };
    let settlements = NewTransactionSettlements::builder().events([settlement.build()]);
    Noted::builder()
        .id(id)
        .settlements(settlements.build())
        .build()
}

async fn add(
    client: &Client,
    transactions: impl IntoIterator<Item = Noted>,
) -> std::result::Result<Vec<Transaction>, dintero::Error> {
    let transactions: Vec<Noted> = transactions.into_iter().collect();
    let call = client.checkout().add_settlement_events();
    Ok(call.transactions(transactions).send().await?.into_vec())
}

#[tokio::test]
async fn a_noted_settlement_is_settled_once() -> Result {
    let builder = checked();
    let sandbox = builder.start().await?;
    let client = sandbox.client()?;
    let (id, event) = captured(&sandbox, &client).await?;
    let changed = add(&client, [noted(&id, Some(&event), 600)]).await?;
    assert_eq!(
        changed[0].settlement_status,
        Some(SettlementStatus::Settled)
    );
    let last = changed[0].events.last().ok_or("no event")?;
    assert_eq!(last.event, Some(TransactionEventKind::Settlement));
    assert_eq!(last.amount, Some(Amount::minor(590)));
    let settlements = last.settlements.as_ref().ok_or("no settlements")?;
    assert_eq!(settlements.events[0].fee, Some(Amount::minor(10)));

    assert!(sandbox.settle().await?.is_empty());
    let again = add(&client, [noted(&id, Some(&event), 600)]).await;
    assert!(again.unwrap_err().to_string().contains("settled already"));
    // What comes later is settled by the sandbox.
    let capture = client.payments().capture_transaction(&id);
    let after = capture.amount(Amount::minor(400)).send().await?;
    assert_eq!(
        after.settlement_status,
        Some(SettlementStatus::PartiallySettled)
    );
    assert_eq!(sandbox.settle().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn one_that_is_invalid_changes_nothing() -> Result {
    let builder = checked();
    let sandbox = builder.start().await?;
    let client = sandbox.client()?;
    let (id, event) = captured(&sandbox, &client).await?;
    let good = || noted(&id, Some(&event), 600);
    let unknown = noted(&TransactionId::new("T1"), Some(&event), 600);
    for (list, part) in [
        (vec![good(), unknown], "transactions.1.id"),
        (vec![good(), good()], "twice"),
        (vec![noted(&id, Some("99"), 600)], "no capture or refund"),
        (vec![noted(&id, None, 600)], "does not know"),
        (vec![noted(&id, Some(&event), 599)], "does not know"),
    ] {
        let refused = add(&client, list).await.unwrap_err();
        assert!(refused.to_string().contains(part), "{part}: {refused}");
    }
    let read = client.payments().get_transaction(&id).send().await?;
    assert_eq!(read.settlement_status, Some(SettlementStatus::NotSettled));
    // The client of another account has no such transaction.
    let other = sandbox.partner_client_builder().build()?;
    assert!(add(&other, [good()]).await.is_err());
    Ok(())
}
