//! Settlements with their files, and settlement reports, through the crate `dintero`.

use std::time::Duration;

use dintero::payments::*;
use dintero::{Amount, Client, Currency, Date, ErrorKind, Items, Timestamp};
use dintero_sandbox::Sandbox;

use crate::support::starting_at;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<(Sandbox, Client)> {
    let sandbox = starting_at("2026-02-01T10:00:00Z").await?;
    let client = sandbox.client()?;
    Ok((sandbox, client))
}

/// A transaction of which an amount is captured.
async fn captured(
    sandbox: &Sandbox,
    client: &Client,
    kind: &str,
    amount: i64,
    part: i64,
) -> Result<TransactionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(Currency::NOK)
        .merchant_reference("a, \"b\"")
        .build();
    let urls = SessionUrls::builder().return_url("https://shop.example");
    let session = (client.payments().create_session())
        .order(order)
        .url(urls.build())
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;
    let paid = dintero_sandbox::Choice::Paid;
    let done = sandbox.choose(session.id.as_str(), kind, paid).await?;
    let id = TransactionId::new(done.transaction.ok_or("no transaction")?);
    capture(client, &id, part).await?;
    Ok(id)
}

async fn capture(client: &Client, id: &TransactionId, amount: i64) -> Result {
    let capture = client.payments().capture_transaction(id);
    capture.amount(Amount::minor(amount)).send().await?;
    Ok(())
}

async fn read(client: &Client, id: &TransactionId) -> Result<Transaction> {
    Ok(client.payments().get_transaction(id).send().await?)
}

#[tokio::test]
async fn what_was_captured_is_settled_once() -> Result {
    let (sandbox, client) = sandbox().await?;
    let id = captured(&sandbox, &client, "payex.creditcard", 1000, 600).await?;
    let refund = client.payments().refund_transaction(&id);
    refund.amount(Amount::minor(100)).send().await?;
    assert_eq!(sandbox.settle().await?.len(), 1);
    assert!(sandbox.settle().await?.is_empty());

    let list = client.payments().list_settlements().send().await?;
    let settlement = &list.items[0];
    assert_eq!(settlement.provider.as_deref(), Some("payex"));
    assert_eq!(settlement.payment_status, Some("paid".into()));
    let sum = &settlement.amounts[0];
    let parts = [sum.amount, sum.capture, sum.refund, sum.fee];
    assert_eq!(
        parts,
        [500, 600, 100, 0].map(|units| Some(Amount::minor(units)))
    );

    let transaction = read(&client, &id).await?;
    assert_eq!(
        transaction.settlement_status,
        Some(SettlementStatus::Settled)
    );
    let event = transaction.events.last().ok_or("no event")?;
    assert_eq!(event.event, Some(TransactionEventKind::Settlement));
    assert_eq!(event.amount, Some(Amount::minor(500)));
    let payouts = &event.settlements.as_ref().ok_or("no settlements")?.events;
    assert_eq!(payouts.len(), 2);
    assert_eq!(payouts[0].settlement_id, settlement.id);
    assert_eq!(payouts[0].provider_reference, settlement.provider_reference);
    assert_eq!(
        transaction.status,
        TransactionStatus::PartiallyCapturedRefunded
    );

    // What is captured later is settled later.
    capture(&client, &id, 400).await?;
    let status = read(&client, &id).await?.settlement_status;
    assert_eq!(status, Some(SettlementStatus::PartiallySettled));
    sandbox.settle().await?;
    let transaction = read(&client, &id).await?;
    assert_eq!(
        transaction.settlement_status,
        Some(SettlementStatus::Settled)
    );
    let last = transaction.events.last().and_then(|event| event.amount);
    assert_eq!(last, Some(Amount::minor(400)));
    Ok(())
}

#[tokio::test]
async fn files_are_downloaded() -> Result {
    let (sandbox, client) = sandbox().await?;
    let id = captured(&sandbox, &client, "payex.creditcard", 1000, 1000).await?;
    sandbox.settle().await?;
    let list = client.payments().list_settlements().send().await?;
    let settlement = list.items[0].id.clone().ok_or("no id")?;
    let attachments = &list.items[0].attachments;
    let kinds = attachments
        .iter()
        .filter_map(|one| one.content_type.as_deref());
    assert_eq!(kinds.collect::<Vec<_>>(), ["text/csv", "application/json"]);
    let mut files = Vec::new();
    for attachment in attachments {
        let file = attachment.id.as_ref().ok_or("no id")?;
        let call = || (client.payments()).download_settlement_attachment(&settlement, file);
        let mut bytes = Vec::new();
        client
            .download_response(call().build())
            .to_writer(&mut bytes)
            .await?;
        assert_eq!(call().send().await?, bytes);
        files.push(String::from_utf8(bytes)?);
    }
    let lines: Vec<_> = files[0].lines().collect();
    assert!(lines[0].starts_with("settlement_id,provider_reference,transaction_id,"));
    assert!(
        lines[1].contains(&format!(
            ",{id},3,,2026-02-01T10:00:00Z,\"a, \"\"b\"\"\",NOK,1000,1000,0,0"
        )),
        "{}",
        lines[1]
    );
    let rows: serde_json::Value = serde_json::from_str(&files[1])?;
    assert_eq!(rows[0]["transaction_id"], id.as_str());
    assert_eq!(rows[0]["capture"], 1000);

    let file = attachments[0].id.as_ref().ok_or("no id")?;
    let other = client
        .payments()
        .download_settlement_attachment(SettlementId::new("x"), file);
    assert_eq!(other.send().await.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

async fn listed(mut items: Items<Client, ListSettlements>) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await? {
        ids.push(item.id.ok_or("no id")?.to_string());
    }
    Ok(ids)
}

#[tokio::test]
async fn lists_have_filters_and_pages() -> Result {
    let (sandbox, client) = sandbox().await?;
    let mut client = client;
    let mut ids = Vec::new();
    for day in 0..5 {
        let kind = if day == 2 {
            "vipps"
        } else {
            "payex.creditcard"
        };
        captured(&sandbox, &client, kind, 100, 100).await?;
        ids.extend(sandbox.settle().await?);
        sandbox.advance(Duration::from_secs(24 * 60 * 60)).await?;
        // The token of the other one has expired.
        client = sandbox.client()?;
    }
    ids.reverse();
    let payments = client.payments();
    assert_eq!(listed(payments.list_settlements().items()).await?, ids);
    assert_eq!(
        listed(payments.list_settlements().limit(2).items()).await?,
        ids
    );
    // Pages of a list that is filtered by the other date.
    let created = payments.list_settlements().limit(1);
    let created = created.item_created_at_gte(Timestamp::parse("2026-02-02T10:00:00Z")?);
    assert_eq!(listed(created.items()).await?, ids[..4]);

    let from = payments
        .list_settlements()
        .created_at_gte(Date::parse("2026-02-02")?);
    let both = from.created_at_lte(Date::parse("2026-02-03")?);
    assert_eq!(listed(both.items()).await?, ids[2..4]);
    let vipps = payments.list_settlements().payment_provider(["vipps"]);
    assert_eq!(listed(vipps.items()).await?, ids[2..3]);
    let search = payments.list_settlements().search(&ids[1][..13]);
    assert_eq!(listed(search.items()).await?, ids[1..2]);
    let none = payments.list_settlements();
    let none = none.payout_destination_id(PayoutDestinationId::new("x"));
    assert!(listed(none.items()).await?.is_empty());

    let both = (payments
        .list_settlements()
        .created_at_gte(Date::parse("2026-02-02")?))
    .item_created_at_gte(Timestamp::parse("2026-02-02T10:00:00Z")?);
    assert_eq!(both.send().await.unwrap_err().kind(), ErrorKind::BadRequest);
    let alone = payments.list_settlements();
    let alone = alone.starting_after_id(SettlementId::new(ids[0].clone()));
    assert_eq!(
        alone.send().await.unwrap_err().kind(),
        ErrorKind::BadRequest
    );
    Ok(())
}

#[tokio::test]
async fn test_reports_settle_what_is_chosen() -> Result {
    let (sandbox, client) = sandbox().await?;
    let payments = client.payments();
    let report = payments.generate_settlement_test_report();
    assert_eq!(report.send_with_response().await?.status(), 200);

    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(captured(&sandbox, &client, "payex.creditcard", 100, 100).await?);
    }
    let one = payments.generate_settlement_test_report();
    let one = one
        .transaction_ids([ids[1].clone()])
        .send_with_response()
        .await?;
    assert_eq!(one.status(), 201);
    let settled = |ids: Vec<TransactionId>| {
        let client = sandbox.client();
        async move {
            let client = client?;
            let mut settled = Vec::new();
            for id in ids {
                let status = read(&client, &id).await?.settlement_status;
                settled.push(status == Some(SettlementStatus::Settled));
            }
            Result::Ok(settled)
        }
    };
    assert_eq!(settled(ids.clone()).await?, [false, true, false, false]);
    let again = payments.generate_settlement_test_report();
    let again = again
        .transaction_ids([ids[1].clone()])
        .send_with_response()
        .await?;
    assert_eq!(again.status(), 200);
    let two = payments.generate_settlement_test_report();
    two.number_of_transactions(1).send().await?;
    assert_eq!(settled(ids.clone()).await?, [true, true, false, false]);

    sandbox
        .advance(Duration::from_secs(8 * 24 * 60 * 60))
        .await?;
    // The token of the other one has expired.
    let client = sandbox.client()?;
    let payments = client.payments();
    let week = payments.generate_settlement_test_report();
    assert_eq!(week.send_with_response().await?.status(), 200);
    let range = TestReportOptionsDateRange::builder()
        .start_date(Date::parse("2026-02-01")?)
        .end_date(Date::parse("2026-02-02")?)
        .build();
    let range = payments.generate_settlement_test_report().date_range(range);
    assert_eq!(range.send_with_response().await?.status(), 201);
    assert_eq!(settled(ids).await?, [true; 4]);
    assert_eq!(payments.list_settlements().send().await?.items.len(), 3);
    Ok(())
}

#[tokio::test]
async fn reports_are_configured() -> Result {
    let (_sandbox, client) = sandbox().await?;
    let payments = client.payments();
    let email = ReportRecipient::builder()
        .destination_type("email")
        .destination_value("a@example.com")
        .build();
    let mut ids = Vec::new();
    for _ in 0..5 {
        let create = payments.create_settlement_report_configuration();
        let created = create
            .filetypes(["csv"])
            .destinations([email.clone()])
            .providers(["payex"]);
        ids.push(created.send().await?.id.ok_or("no id")?);
    }
    let mut listed = Vec::new();
    let mut all = payments
        .list_settlement_report_configurations()
        .limit(2)
        .items();
    while let Some(one) = all.try_next().await? {
        listed.push(one.id.ok_or("no id")?);
    }
    assert_eq!(listed, ids);

    let update = payments.update_settlement_report_configuration(&ids[0]);
    let none: [String; 0] = [];
    let changed = update
        .filetypes(["pdf"])
        .destinations([])
        .providers(none)
        .send()
        .await?;
    assert_eq!(changed.id.as_ref(), Some(&ids[0]));
    let read = payments
        .get_settlement_report_configuration(&ids[0])
        .send()
        .await?;
    assert_eq!(read.filetypes.as_slice(), ["pdf"]);
    assert!(read.destinations.is_empty() && read.created_at.is_some());
    payments
        .delete_settlement_report_configuration(&ids[0])
        .send()
        .await?;
    let error = payments
        .get_settlement_report_configuration(&ids[0])
        .send()
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}
