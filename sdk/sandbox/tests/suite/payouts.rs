//! Sellers, their balances, transfers between them, and payouts, through the crate `dintero`.

use std::time::Duration;

use dintero::hooks::{SubscriptionConfig, SubscriptionEvent};
use dintero::payments::*;
use dintero::{Amount, Client, Currency, ErrorKind, management};
use dintero_sandbox::{About, Sandbox};

use crate::support::starting_at;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn sandbox() -> Result<Sandbox> {
    starting_at("2026-02-01T10:00:00Z").await
}

fn seller(id: &str) -> PayoutDestinationId {
    PayoutDestinationId::new(id)
}

async fn apply(client: &Client, id: &str, description: &str) -> Result<SellerApproval> {
    let account = SellerBankAccount::builder()
        .bank_account_number("NO9386011117947")
        .bank_account_number_type("IBAN")
        .bank_account_country_code("NO")
        .bank_account_currency(Currency::NOK)
        .payout_currency(Currency::NOK)
        .bank_identification_code("DNBANOKKXXX")
        .build();
    let application = client
        .payments()
        .create_seller_approval()
        .payout_destination_id(seller(id))
        .payout_reference("chairs")
        .bank_accounts([account])
        .country_code("NO")
        .organization_number("987654321")
        .payout_destination_name("Kari's chairs")
        .payout_destination_description(description);
    Ok(application.send().await?)
}

async fn status(client: &Client, id: &str) -> Result<String> {
    let list = client.payments().list_seller_approvals();
    let list = list.payout_destination_id(seller(id)).send().await?;
    let status = list.payout_destinations[0].case_status.clone();
    Ok(status.ok_or("no status")?.to_string())
}

/// A seller that is added at once.
async fn add(client: &Client, id: &str, interval: &str) -> Result {
    let account = management::PayoutDestinationBankAccount::builder()
        .bank_account_number("NO9386011117947")
        .bank_account_number_type("IBAN")
        .bank_account_country_code("NO")
        .bank_account_currency(Currency::NOK)
        .build();
    let create = client.management().create_payout_destination();
    let create = create
        .payout_destination_id(management::PayoutDestinationId::new(id))
        .payout_reference("chairs")
        .bank_accounts([account])
        .payout_interval_type(interval);
    create.send().await?;
    Ok(())
}

/// Captures an order that is shared by sellers, and settles it.
async fn sell(sandbox: &Sandbox, client: &Client, shares: &[(&str, i64)]) -> Result<TransactionId> {
    let splits = shares.iter().map(|(id, amount)| {
        PayoutSplit::builder()
            .payout_destination_id(seller(id))
            .amount(Amount::minor(*amount))
            .build()
    });
    let sum: i64 = shares.iter().map(|(_, amount)| amount).sum();
    let amount = Amount::minor(if shares.is_empty() { 100 } else { sum });
    let line = SessionOrderItem::builder()
        .id("chair")
        .line_id("1")
        .description("Chair")
        .quantity(1)
        .amount(amount)
        .splits(splits)
        .build();
    let order = SessionOrder::builder()
        .amount(amount)
        .currency(Currency::NOK)
        .merchant_reference("1042")
        .items([line])
        .build();
    let urls = SessionUrls::builder().return_url("https://shop.example");
    let session = (client.payments().create_session())
        .order(order)
        .url(urls.build())
        .profile_id(ProfileId::new("default"))
        .send()
        .await?;
    let done = sandbox.pay(&session.id).await?;
    let id = TransactionId::new(done.transaction.ok_or("no transaction")?);
    let capture = client.payments().capture_transaction(&id).amount(amount);
    let captured = capture.send().await?;
    let event = captured.events.last().ok_or("no event")?;
    assert_eq!(event.splits.len(), shares.len());
    sandbox.settle().await?;
    Ok(id)
}

async fn balance(client: &Client, id: &str) -> Result<Option<i64>> {
    let call = client
        .payments()
        .get_payout_destination_balances(seller(id));
    let balances = call.send().await?.payout_destination_balances;
    let amount = balances.first().and_then(|balance| balance.amount);
    Ok(amount.map(Amount::minor_units))
}

#[tokio::test]
async fn applications_move_on() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let applied = apply(&client, "plain", "Makes chairs").await?;
    assert_eq!(
        applied.case_status,
        Some(ApprovalStatus::WaitingForDeclaration)
    );
    assert_eq!(applied.links[0].rel, Some("contract_url".into()));
    for (id, description) in [
        ("yes", "AUTO_APPROVE"),
        ("no", "AUTO_DECLINE"),
        ("waits", "AUTO_WAITING_FOR_SIGNATURE"),
    ] {
        let applied = apply(&client, id, description).await?;
        assert_eq!(applied.case_status, Some(ApprovalStatus::AutomaticReview));
    }
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    for (id, wanted) in [
        ("plain", "WAITING_FOR_SIGNATURE"),
        ("yes", "ACTIVE"),
        ("no", "DECLINED"),
        ("waits", "WAITING_FOR_SIGNATURE"),
    ] {
        assert_eq!(status(&client, id).await?, wanted);
    }
    sandbox.advance(MINUTE * 5).await?;
    sandbox.settled().await;
    assert_eq!(status(&client, "plain").await?, "ACTIVE");
    assert_eq!(status(&client, "waits").await?, "WAITING_FOR_SIGNATURE");
    let active = client.payments().list_seller_approvals();
    let active = active.case_status([ApprovalStatus::Active]).send().await?;
    let ids = active.payout_destinations.iter();
    let ids: Vec<_> = ids
        .filter_map(|one| one.payout_destination_id.clone())
        .collect();
    assert_eq!(ids, [seller("plain"), seller("yes")]);

    let sellers = client
        .management()
        .list_payout_destinations()
        .send()
        .await?;
    assert_eq!(sellers.payout_destinations.len(), 2);
    let id = management::PayoutDestinationId::new("yes");
    let read = client
        .management()
        .get_payout_destination(id)
        .send()
        .await?;
    let organization = read.organization.ok_or("no organization")?;
    assert_eq!(
        organization.organization_number.as_deref(),
        Some("987654321")
    );
    assert_eq!(read.bank_accounts.len(), 1);
    Ok(())
}

#[tokio::test]
async fn applications_are_checked_and_archived() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let id = apply(&client, "one", "AUTO_APPROVE")
        .await?
        .id
        .ok_or("no id")?;
    let again = apply(&client, "one", "").await.unwrap_err();
    assert!(again.to_string().contains("already"), "{again}");
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    assert_eq!(status(&client, "one").await?, "ACTIVE");

    let id = management::SellerApprovalId::new(id.as_str());
    let archive = client.management().archive_seller_approval(&id);
    assert_eq!(
        archive.send().await.unwrap_err().kind(),
        ErrorKind::BadRequest
    );
    let archive = client.management().archive_seller_approval(&id);
    archive.delete_active(true).send().await?;
    assert_eq!(status(&client, "one").await?, "ARCHIVED");
    let sellers = client
        .management()
        .list_payout_destinations()
        .send()
        .await?;
    assert!(sellers.payout_destinations.is_empty());
    // Its id is free again.
    apply(&client, "one", "").await?;
    Ok(())
}

/// The events that subscribers of a kind were sent, with their bodies.
fn events(sandbox: &Sandbox, wanted: &str) -> Result<Vec<serde_json::Value>> {
    let mut bodies = Vec::new();
    for delivery in sandbox.deliveries() {
        if matches!(&delivery.about, About::Webhook { event, .. } if event == wanted) {
            let body = delivery.body.ok_or("no body")?;
            bodies.push(serde_json::from_str(&body)?);
        }
    }
    Ok(bodies)
}

#[tokio::test]
async fn subscribers_are_told() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    // Nobody listens there.
    let config = SubscriptionConfig::builder().url("http://127.0.0.1:9/");
    let create = client.hooks().create_subscription().config(config.build());
    let create = create.events([
        SubscriptionEvent::ApprovalPayoutDestinationUpdate,
        SubscriptionEvent::ApprovalPayoutDestinationDelete,
        SubscriptionEvent::SettlementAdd,
    ]);
    create.send().await?;
    let applied = apply(&client, "one", "Makes chairs").await?;
    sandbox.advance(MINUTE * 10).await?;
    sandbox.settled().await;
    let update = events(&sandbox, "approval_payout_destination_update")?;
    let steps: Vec<_> = (update.iter())
        .map(|body| {
            let case = &body["payout_destination_case"];
            (case["case_status"].as_str(), case["updated_at"].as_str())
        })
        .collect();
    assert_eq!(
        steps,
        [
            (Some("WAITING_FOR_SIGNATURE"), Some("2026-02-01T10:01:00Z")),
            (Some("UNDER_MANUAL_REVIEW"), Some("2026-02-01T10:02:00Z")),
            (Some("ACTIVE"), Some("2026-02-01T10:03:00Z")),
        ]
    );
    let id = applied.id.ok_or("no id")?;
    assert_eq!(update[0]["payout_destination_case"]["id"], id.as_str());
    let id = management::SellerApprovalId::new(id.as_str());
    let archive = client.management().archive_seller_approval(id);
    archive.delete_active(true).send().await?;
    let deleted = events(&sandbox, "approval_payout_destination_delete")?;
    let case = &deleted[0]["payout_destination_case"];
    assert_eq!(case["deleted_by"], sandbox.client_id());
    assert_eq!(case["organization_number"], "987654321");

    sell(&sandbox, &client, &[("a", 100)]).await?;
    assert!(events(&sandbox, "settlement_add")?.is_empty());
    sell(&sandbox, &client, &[]).await?;
    assert_eq!(events(&sandbox, "settlement_add")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn sellers_are_paid_out_by_their_interval() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    add(&client, "a", "day").await?;
    add(&client, "b", "week").await?;
    let id = sell(&sandbox, &client, &[("a", 900), ("b", 100)]).await?;
    assert_eq!(balance(&client, "a").await?, Some(900));
    let transaction = client.payments().get_transaction(&id).send().await?;
    let pending = Some(SettlementStatus::PendingSettlement);
    assert_eq!(transaction.settlement_status, pending);

    sandbox.advance(DAY).await?;
    sandbox.settled().await;
    let client = sandbox.client()?;
    assert_eq!(balance(&client, "a").await?, Some(0));
    assert_eq!(balance(&client, "b").await?, Some(100));
    let list = client
        .payments()
        .list_settlements()
        .payout_destination_id(seller("a"));
    let list = list.send().await?;
    let sum = &list.items[0].amounts[0];
    assert_eq!(
        (sum.amount, sum.capture),
        (Some(Amount::minor(900)), Some(Amount::minor(900)))
    );
    let transaction = client.payments().get_transaction(&id).send().await?;
    let partially = Some(SettlementStatus::PartiallySettled);
    assert_eq!(transaction.settlement_status, partially);

    let entries = client
        .payments()
        .list_payout_destination_transfers(seller("a"));
    let entries = entries.send().await?.entries;
    let kinds: Vec<_> = entries.iter().filter_map(|one| one.type_.clone()).collect();
    assert_eq!(
        kinds,
        [
            PayoutDestinationTransferType::Outbound,
            PayoutDestinationTransferType::Inbound
        ]
    );
    assert_eq!(entries[0].amount, Some(Amount::minor(-900)));
    assert_eq!(entries[0].outbound_receiver_bank_account_bic, None);
    let number = entries[0].outbound_receiver_bank_account_number.as_deref();
    assert_eq!(number, Some("NO9386011117947"));
    assert_eq!(
        entries[1].inbound_payment_provider.as_deref(),
        Some("payex")
    );
    let report = entries[1]
        .payment_match_report_data
        .as_ref()
        .ok_or("no report")?;
    assert_eq!(report.amounts[0].capture, Some(Amount::minor(900)));

    sandbox.advance(DAY * 6).await?;
    sandbox.settled().await;
    let client = sandbox.client()?;
    assert_eq!(balance(&client, "b").await?, Some(0));
    let transaction = client.payments().get_transaction(&id).send().await?;
    assert_eq!(
        transaction.settlement_status,
        Some(SettlementStatus::Settled)
    );
    let events = transaction
        .events
        .iter()
        .filter_map(|event| event.event.clone());
    let settled = events.filter(|event| *event == TransactionEventKind::Settlement);
    assert_eq!(settled.count(), 2);
    Ok(())
}

#[tokio::test]
async fn payouts_wait_for_the_approval_of_a_seller() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    sell(&sandbox, &client, &[("late", 500)]).await?;
    sandbox.advance(DAY * 3).await?;
    sandbox.settled().await;
    let client = sandbox.client()?;
    assert_eq!(balance(&client, "late").await?, Some(500));
    let payout = || {
        let id = management::PayoutDestinationId::new("late");
        client.management().create_payout(id).send()
    };
    assert_eq!(payout().await.unwrap_err().kind(), ErrorKind::NotFound);
    apply(&client, "late", "AUTO_APPROVE").await?;
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    assert_eq!(status(&client, "late").await?, "ACTIVE");
    payout().await?;
    assert_eq!(balance(&client, "late").await?, Some(0));

    // Without a request it is paid out by its interval.
    sell(&sandbox, &client, &[("later", 500)]).await?;
    apply(&client, "later", "AUTO_APPROVE").await?;
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    assert_eq!(balance(&client, "later").await?, Some(500));
    sandbox.advance(DAY).await?;
    sandbox.settled().await;
    assert_eq!(balance(&sandbox.client()?, "later").await?, Some(0));
    Ok(())
}

#[tokio::test]
async fn sellers_transfer_money() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    for id in ["a", "b"] {
        add(&client, id, "manual").await?;
    }
    sell(&sandbox, &client, &[("a", 1000)]).await?;
    let transfer = |id: &str, to: &str, amount: i64| {
        (client.payments().create_fund_transfer())
            .fund_transfer_id(id)
            .source_payout_destination_id(seller("a"))
            .destination_payout_destination_id(seller(to))
            .amount(Amount::minor(amount))
            .currency(Currency::NOK)
            .reference("commission")
            .send()
    };
    for (to, amount) in [("b", 1001), ("a", 1), ("nobody", 1)] {
        let error = transfer("wrong", to, amount).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest, "{to} {amount}");
    }
    let first = transfer("one", "b", 700).await?.fund_transfer;
    let again = transfer("one", "b", 700).await?.fund_transfer;
    assert_eq!(
        first.ok_or("none")?.created_at,
        again.ok_or("none")?.created_at
    );
    // What is on its way can't be sent twice.
    let error = transfer("two", "b", 301).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(balance(&client, "a").await?, Some(1000));
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    assert_eq!(balance(&client, "b").await?, Some(700));
    assert_eq!(balance(&client, "a").await?, Some(300));

    let id = management::PayoutDestinationId::new("b");
    client.management().create_payout(id).send().await?;
    assert_eq!(balance(&client, "b").await?, Some(0));
    let list = client
        .payments()
        .list_settlements()
        .payout_destination_id(seller("b"));
    let settlement = &list.send().await?.items[0];
    assert_eq!(settlement.amounts[0].amount, Some(Amount::minor(700)));
    assert_eq!(settlement.amounts[0].capture, Some(Amount::ZERO));
    let id = settlement.id.clone().ok_or("no id")?;
    let file = settlement.attachments[0].id.clone().ok_or("no id")?;
    let file = client
        .payments()
        .download_settlement_attachment(id, file)
        .send()
        .await?;
    let text = String::from_utf8(file.to_vec())?;
    assert!(
        text.contains(",one,2026-02-01T10:01:00Z,commission,NOK,700,"),
        "{text}"
    );
    Ok(())
}

#[tokio::test]
async fn movements_have_pages() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    for amount in 1..=5 {
        sell(&sandbox, &client, &[("a", amount)]).await?;
    }
    let payments = client.payments();
    let mut entries = payments
        .list_payout_destination_transfers(seller("a"))
        .limit(2)
        .items();
    let mut amounts = Vec::new();
    while let Some(entry) = entries.try_next().await? {
        amounts.push(entry.amount.map_or(0, Amount::minor_units));
    }
    assert_eq!(amounts, [5, 4, 3, 2, 1]);
    let other = payments
        .list_payout_destination_transfers(seller("a"))
        .currency(Currency::SEK);
    assert!(other.send().await?.entries.is_empty());
    let wrong = payments
        .list_payout_destination_transfers(seller("a"))
        .page("x");
    assert_eq!(
        wrong.send().await.unwrap_err().kind(),
        ErrorKind::BadRequest
    );
    let unknown = payments.get_payout_destination_balances(seller("nobody"));
    assert_eq!(
        unknown.send().await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    Ok(())
}

#[tokio::test]
async fn contracts_are_signed_on_their_page() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let waits = apply(&client, "waits", "AUTO_WAITING_FOR_SIGNATURE").await?;
    let url = waits.links[0].href.clone().ok_or("no link")?;
    let id = waits.id.ok_or("no id")?;
    let browser = reqwest::Client::builder().no_proxy().build()?;
    let text = browser.get(&url).send().await?.text().await?;
    assert!(
        text.contains("is being checked") && !text.contains("<button"),
        "{text}"
    );
    assert!(sandbox.sign(&id).await.is_err());
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    let text = browser.get(&url).send().await?.text().await?;
    assert!(text.contains("<button"), "{text}");
    let text = browser.post(&url).send().await?.text().await?;
    assert!(text.contains("UNDER_MANUAL_REVIEW"), "{text}");
    sandbox.advance(MINUTE).await?;
    sandbox.settled().await;
    assert_eq!(status(&client, "waits").await?, "ACTIVE");
    assert_eq!(browser.post(&url).send().await?.status(), 400);

    // The control API and the library do the same.
    let one = apply(&client, "one", "").await?.id.ok_or("no id")?;
    let two = apply(&client, "two", "").await?.id.ok_or("no id")?;
    sandbox.sign(&one).await?;
    let control = format!("{}/sandbox/api", sandbox.url());
    let sign = browser.post(format!("{control}/approvals/{two}/sign"));
    assert_eq!(sign.send().await?.status(), 415);
    let json = |path: String| {
        browser
            .post(path)
            .header("content-type", "application/json")
    };
    let signed = json(format!("{control}/approvals/{two}/sign"))
        .send()
        .await?;
    assert_eq!(signed.status(), 204);
    for id in ["one", "two"] {
        assert_eq!(status(&client, id).await?, "UNDER_MANUAL_REVIEW");
    }
    let settled = json(format!("{control}/settle")).send().await?;
    assert_eq!(settled.text().await?, r#"{"settlements":[]}"#);
    Ok(())
}
