//! Figures about transactions, through the crate `dintero`.
#![expect(deprecated, reason = "the older figures are read, too")]

use std::time::Duration;

use dintero::insight::{
    AggregateFunction, CheckoutTransactionEvent, Interval, KpiTransactionStatus,
};
use dintero::payments::{SessionOrder, TransactionId};
use dintero::{Amount, Client, Currency, Timestamp};
use dintero_sandbox::{Choice, Sandbox};
use serde_json::json;

use crate::support::{session, starting_at};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const DAY: Duration = Duration::from_secs(86_400);

/// A sandbox on Saturday, 2026-01-31.
async fn sandbox() -> Result<Sandbox> {
    starting_at("2026-01-31T23:59:59Z").await
}

async fn paid(
    sandbox: &Sandbox,
    client: &Client,
    amount: i64,
    kind: &str,
    currency: Currency,
) -> Result<TransactionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(amount))
        .currency(currency)
        .merchant_reference("1042");
    let session = session(client, order.build()).await?;
    let done = sandbox.choose(&session, kind, Choice::Paid).await?;
    Ok(TransactionId::new(done.transaction.ok_or("none")?))
}

async fn capture(client: &Client, id: &TransactionId, amount: i64) -> Result {
    let capture = client.payments().capture_transaction(id);
    capture.amount(Amount::minor(amount)).send().await?;
    Ok(())
}

/// Captures 30, 11 and 5 SEK on Saturday, 59 on Sunday and 7 on Monday. Returns a client whose token has not expired then.
async fn history(sandbox: &Sandbox) -> Result<Client> {
    let client = &sandbox.client()?;
    let card = paid(sandbox, client, 100, "payex.creditcard", Currency::NOK).await?;
    let vipps = paid(sandbox, client, 11, "vipps", Currency::NOK).await?;
    let swedish = paid(sandbox, client, 5, "payex.creditcard", Currency::SEK).await?;
    capture(client, &card, 30).await?;
    capture(client, &vipps, 11).await?;
    capture(client, &swedish, 5).await?;
    sandbox.advance(DAY).await?;
    let client = &sandbox.client()?;
    capture(client, &card, 59).await?;
    sandbox.advance(DAY).await?;
    let client = &sandbox.client()?;
    capture(client, &card, 7).await?;
    paid(sandbox, client, 1000, "vipps", Currency::NOK).await?;
    Ok(client.clone())
}

#[tokio::test]
async fn a_series_ends_with_the_last_interval_that_is_over() -> Result {
    let sandbox = sandbox().await?;
    let client = history(&sandbox).await?;
    let series = |interval: Interval, functions: Vec<AggregateFunction>| {
        (client.insight().list_checkout_kpis())
            .interval(interval)
            .transaction_status(KpiTransactionStatus::Captured)
            .aggregate_functions(functions)
    };
    use AggregateFunction::{Avg, Count, Sum};
    let days = series(Interval::Day, vec![Sum, Count, AggregateFunction::Currency]);
    assert_eq!(
        json!(days.send().await?),
        json!([
            { "kpi_name": "sum", "values": [
                { "value": 41, "date": "2026-01-31T00:00:00Z", "currency": "NOK" },
                { "value": 5, "date": "2026-01-31T00:00:00Z", "currency": "SEK" },
                { "value": 59, "date": "2026-02-01T00:00:00Z", "currency": "NOK" },
            ]},
            { "kpi_name": "count", "values": [
                { "value": 2, "date": "2026-01-31T00:00:00Z", "currency": "NOK" },
                { "value": 1, "date": "2026-01-31T00:00:00Z", "currency": "SEK" },
                { "value": 1, "date": "2026-02-01T00:00:00Z", "currency": "NOK" },
            ]},
        ])
    );
    // The week of Monday, the 26th, ended with Sunday; the month with Saturday.
    let weeks = series(Interval::Week, vec![Avg]);
    assert_eq!(
        json!(weeks.send().await?),
        json!([{ "kpi_name": "avg", "values": [{ "value": 26.25, "date": "2026-01-26T00:00:00Z" }] }])
    );
    let months = series(Interval::Month, vec![Sum]);
    assert_eq!(
        json!(months.send().await?),
        json!([{ "kpi_name": "sum", "values": [{ "value": 46, "date": "2026-01-01T00:00:00Z" }] }])
    );
    let since = Timestamp::parse("2026-02-01T00:00:00Z")?;
    let later = series(Interval::Day, vec![Sum]).event_created_at_gte(since);
    assert_eq!(json!(later.send().await?)[0]["values"][0]["value"], 59);
    Ok(())
}

#[tokio::test]
async fn daily_figures_of_events_and_of_a_status() -> Result {
    let sandbox = sandbox().await?;
    let client = history(&sandbox).await?;
    let start = Timestamp::parse("2026-01-31T00:00:00Z")?;
    let events = (client.insight().list_checkout_transaction_event_kpis())
        .event(CheckoutTransactionEvent::Capture)
        .created_at_gte(start);
    let of = |day: &str, product: &str, currency: &str, count: i64, sum: i64| {
        json!({
            "payment_product_type": product,
            "currency": currency,
            "count": count,
            "avg_amount": sum / count,
            "sum_amount": sum,
            "date": day,
        })
    };
    let card = "payex.creditcard";
    assert_eq!(
        json!(events.send().await?),
        json!([{ "interval": "day", "values": [
            of("2026-01-31", card, "NOK", 1, 30),
            of("2026-01-31", card, "SEK", 1, 5),
            of("2026-01-31", "vipps", "NOK", 1, 11),
            of("2026-02-01", card, "NOK", 1, 59),
            of("2026-02-02", card, "NOK", 1, 7),
        ]}])
    );
    let status = client.insight().list_checkout_transaction_status_kpis();
    assert_eq!(
        json!(status.send().await?),
        json!([{ "interval": "day", "values": [of("2026-02-02", "vipps", "NOK", 1, 1000)] }])
    );
    let other = sandbox.partner_client_builder().build()?;
    let status = other.insight().list_checkout_transaction_status_kpis();
    assert_eq!(json!(status.send().await?)[0]["values"], json!([]));
    Ok(())
}
