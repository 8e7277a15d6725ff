//! Stores and their terminals, through the crate `dintero`.

use std::time::Duration;

use dintero::management::*;
use dintero::{Client, Currency, ErrorKind};
use dintero_sandbox::Sandbox;

use crate::support::starting_at;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<Sandbox> {
    starting_at("2026-02-01T10:00:00Z").await
}

fn organization() -> StoreOrganization {
    let organization = StoreOrganization::builder().organization_number("987654321");
    organization.name("Chairs").build()
}

async fn add_store(client: &Client, id: Option<&str>) -> Result<AccountStore> {
    let create = (client.management().create_store())
        .organization(organization())
        .store_name("Chairs in Oslo")
        .phone_number("+4799999999");
    let create = match id {
        Some(id) => create.store_id(StoreId::new(id)),
        None => create,
    };
    Ok(create.send().await?)
}

async fn add_terminal(client: &Client, store: &str, number: &str) -> Result<TerminalId> {
    let create = client.management().create_terminal();
    let create = create
        .device_serial_number(number)
        .store_id(StoreId::new(store));
    Ok(create.send().await?.terminal_id.ok_or("no id")?)
}

#[tokio::test]
async fn stores_have_terminals() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let account = sandbox.account();
    let made = add_store(&client, None).await?.store_id.ok_or("no id")?;
    assert_eq!(made.as_str(), format!("{account}-0001"));
    add_store(&client, Some("S312")).await?;
    let again = add_store(&client, Some("S312")).await.unwrap_err();
    assert!(again.to_string().contains("already"), "{again}");

    let one = add_terminal(&client, "S312", "123456789012").await?;
    assert_eq!(one.as_str(), format!("{account}-T0001"));
    assert!(add_terminal(&client, "S999", "1").await.is_err());
    let read = client.management().get_terminal(&one).send().await?;
    assert_eq!(read.status, Some(TerminalSummaryStatus::Pending));
    assert_eq!(read.status_reason.as_deref(), Some("ADDING"));
    sandbox.advance(Duration::from_secs(60)).await?;
    let read = client.management().get_terminal(&one).send().await?;
    assert_eq!(read.status, Some(TerminalSummaryStatus::Active));
    let error = client
        .management()
        .sync_terminal(&one)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(409));

    let two = add_terminal(&client, "S312", "2").await?;
    let stores = client.management().list_stores().send().await?.stores;
    assert_eq!(stores.len(), 2);
    assert_eq!(stores[0].number_of_terminals, Some(0));
    let counts: Vec<_> = (stores[1].terminals_summary.iter())
        .map(|one| (one.status.as_deref(), one.count))
        .collect();
    assert_eq!(
        counts,
        [(Some("ACTIVE"), Some(1)), (Some("PENDING"), Some(1))]
    );
    assert!(stores[1].terminals.is_empty());
    let store = client
        .management()
        .get_store(StoreId::new("S312"))
        .send()
        .await?;
    assert_eq!(store.terminals.len(), 2);
    assert_eq!(store.terminals[1].terminal_id.as_ref(), Some(&two));

    let moved = client.management().update_terminal(&two).store_id(&made);
    assert_eq!(moved.send().await?.store_id, Some(made.clone()));
    let listed = client
        .management()
        .list_terminals()
        .store_id([made.clone()]);
    let listed = listed
        .includes([ListTerminalsInclude::Store])
        .send()
        .await?;
    assert_eq!(listed.terminals.len(), 1);
    let store = listed.terminals[0].store.as_ref().ok_or("no store")?;
    assert_eq!(store.store_name.as_deref(), Some("Chairs in Oslo"));
    client.management().delete_terminal(&two).send().await?;
    let all = client.management().list_terminals().send().await?;
    assert_eq!(all.terminals.len(), 1);
    let active = client
        .management()
        .list_terminals()
        .status("PENDING")
        .send()
        .await?;
    assert!(active.terminals.is_empty());

    let deleted = client.management().delete_store(&made).send().await?;
    assert_eq!(deleted.status.as_deref(), Some("DELETED"));
    let error = client
        .management()
        .get_store(&made)
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn sellers_have_stores() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let seller = PayoutDestinationId::new("PD032");
    let account = PayoutDestinationBankAccount::builder().bank_account_currency(Currency::NOK);
    let create = client.management().create_payout_destination();
    let create = create
        .payout_destination_id(&seller)
        .payout_reference("chairs")
        .bank_accounts([account.build()])
        .merchant_category_code("2741");
    create.send().await?;
    let of_store = StoreCreatePayoutDestination::builder().payout_destination_id(&seller);
    let store = (client.management().create_store())
        .organization(organization())
        .store_name("Chairs in Oslo")
        .phone_number("+4799999999")
        .store_id(StoreId::new("S1"))
        .payout_destination(of_store.build())
        .send()
        .await?;
    let paid = store.payout_destination.ok_or("no seller")?;
    assert_eq!(
        paid.status.map(|status| status.to_string()).as_deref(),
        Some("ACTIVE")
    );
    assert_eq!(paid.merchant_category_code.as_deref(), Some("2741"));
    add_terminal(&client, "S1", "1").await?;
    let read = client
        .management()
        .get_payout_destination(&seller)
        .send()
        .await?;
    assert_eq!(
        (read.number_of_stores, read.number_of_terminals),
        (Some(1), Some(1))
    );
    let terminals = client
        .management()
        .list_terminals()
        .payout_destination_id([seller]);
    assert_eq!(terminals.send().await?.terminals.len(), 1);

    let off = StoreConfigurationAutoEndOfDay::builder()
        .enabled(false)
        .build();
    let configure = client
        .management()
        .update_store_configuration(StoreId::new("S1"));
    configure.auto_end_of_day(off).send().await?;
    let configure = client
        .management()
        .update_store_configuration(StoreId::new("S1"));
    let kept = configure.send().await?.auto_end_of_day.ok_or("none")?;
    assert_eq!(kept.enabled, Some(false));
    Ok(())
}
