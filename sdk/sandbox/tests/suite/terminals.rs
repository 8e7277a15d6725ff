//! Commands to terminals, through the crate `dintero`.

use std::time::Duration;

use dintero::checkout::{CreateTerminalOperationBodyOperation as Command, TerminalOperation};
use dintero::management::{StoreOrganization, TerminalId};
use dintero::payments::*;
use dintero::{Amount, Client, Currency, ErrorKind, RetryPolicy};
use dintero_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{session, starting_at};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<(Sandbox, Client)> {
    let sandbox = starting_at("2026-02-01T10:00:00Z").await?;
    let client = sandbox.client_builder().retry(RetryPolicy::none());
    let client = client.build()?;
    Ok((sandbox, client))
}

async fn terminal(client: &Client) -> Result<TerminalId> {
    let organization = StoreOrganization::builder().organization_number("987654321");
    let store = (client.management().create_store())
        .organization(organization.name("Chairs").build())
        .store_name("Chairs in Oslo")
        .phone_number("+4799999999")
        .store_id(StoreId::new("oslo"));
    store.send().await?;
    let create = client.management().create_terminal();
    let create = create
        .device_serial_number("1")
        .store_id(StoreId::new("oslo"));
    Ok(create.send().await?.terminal_id.ok_or("no id")?)
}

/// Sells at a terminal, and takes a part back.
async fn sell(
    sandbox: &Sandbox,
    client: &Client,
    terminal: &TerminalId,
    amount: i64,
    back: i64,
) -> Result {
    let store = Store::builder()
        .id(StoreId::new("oslo"))
        .terminal_id(terminal);
    let order = SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(Currency::NOK)
        .merchant_reference("1042")
        .store(store.build());
    let session = session(client, order.build()).await?;
    let done = sandbox.pay(&session).await?;
    let id = TransactionId::new(done.transaction.ok_or("none")?);
    let capture = client.payments().capture_transaction(&id);
    capture.amount(Amount::minor(amount)).send().await?;
    if back > 0 {
        let refund = client.payments().refund_transaction(&id);
        refund.amount(Amount::minor(back)).send().await?;
    }
    Ok(())
}

async fn command(
    client: &Client,
    terminal: &TerminalId,
    operation: Command,
    key: &str,
) -> std::result::Result<TerminalOperation, dintero::Error> {
    let call = client.checkout().create_terminal_operation();
    let call = call.terminal_id(terminal).operation(operation);
    call.idempotency_key(key).send().await
}

async fn list(client: &Client, terminal: &TerminalId) -> Result<Value> {
    let list = client.checkout().list_terminal_operations();
    Ok(json!(list.terminal_id(terminal).send().await?))
}

const ONE: &str = "6f0b7a52-3f0e-4c39-9d0a-5d2f4be8a1c7";
const TWO: &str = "0d9c4e1a-8b57-4f26-a3de-71c05b92e648";

#[tokio::test]
async fn the_end_of_a_day_has_its_figures() -> Result {
    let (sandbox, client) = sandbox().await?;
    let terminal = terminal(&client).await?;
    sell(&sandbox, &client, &terminal, 1000, 0).await?;
    sell(&sandbox, &client, &terminal, 500, 200).await?;
    sell(&sandbox, &client, &TerminalId::new("other"), 7, 0).await?;

    let started = command(&client, &terminal, Command::EndOfDay, ONE).await?;
    assert_eq!(
        started.status.as_ref().map(|one| one.as_str()),
        Some("PENDING")
    );
    // The same command once more, and another while it is busy.
    let same = command(&client, &terminal, Command::EndOfDay, ONE).await?;
    assert_eq!(same.id, started.id);
    let other = command(&client, &terminal, Command::SendLogs, ONE).await;
    assert!(other.unwrap_err().to_string().contains("does not know"));
    let busy = command(&client, &terminal, Command::SendLogs, TWO).await;
    let busy = busy.unwrap_err();
    assert_eq!(busy.kind(), ErrorKind::Conflict);
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(5)));

    sandbox.advance(Duration::from_secs(5)).await?;
    sandbox.settled().await;
    let done = list(&client, &terminal).await?;
    let mut expected = done[0]["result"].clone();
    for (name, value) in [
        ("outcome", json!("accepted")),
        ("purchases_count", json!(2)),
        ("purchases_amount", json!(1500)),
        ("reversals_count", json!(1)),
        ("reversals_amount", json!(200)),
        ("sale_amount", json!(1500)),
        ("tip_amount", json!(0)),
        ("start_of_day_at", json!("2026-02-01T10:00:00Z")),
    ] {
        expected[name] = value;
    }
    assert_eq!(done[0]["result"], expected);
    assert!(done[0]["result"].get("last_end_of_day_at").is_none());

    // The next day has what came after.
    sandbox.advance(Duration::from_secs(3600)).await?;
    sell(&sandbox, &client, &terminal, 30, 0).await?;
    command(&client, &terminal, Command::EndOfDay, TWO).await?;
    sandbox.advance(Duration::from_secs(5)).await?;
    sandbox.settled().await;
    let done = list(&client, &terminal).await?;
    assert_eq!(done[0]["result"]["purchases_amount"], 30);
    assert_eq!(done[0]["result"]["reversals_count"], 0);
    let last = json!("2026-02-01T10:00:05Z");
    assert_eq!(done[0]["result"]["last_end_of_day_at"], last);
    Ok(())
}

#[tokio::test]
async fn a_removed_terminal_closes_its_day() -> Result {
    let (sandbox, client) = sandbox().await?;
    let terminal = terminal(&client).await?;
    let logs = command(&client, &terminal, Command::SendLogs, ONE).await?;
    sandbox.advance(Duration::from_secs(5)).await?;
    sandbox.settled().await;
    let found = client.checkout().list_terminal_operations();
    let found = found.operation_id(logs.id.ok_or("no id")?).send().await?;
    assert_eq!(json!(found)[0]["result"], json!({ "outcome": "accepted" }));

    client
        .management()
        .delete_terminal(&terminal)
        .send()
        .await?;
    sandbox.advance(Duration::from_secs(5)).await?;
    sandbox.settled().await;
    let all = list(&client, &terminal).await?;
    assert_eq!(all[0]["operation"], "end_of_day");
    assert_eq!(all[0]["status"], "COMPLETED");
    let gone = command(&client, &terminal, Command::OpenMenu, TWO).await;
    assert!(gone.unwrap_err().to_string().contains("no terminal"));
    Ok(())
}
