//! Reports, and their files behind signed URLs, through the crate `dintero`.

use std::time::Duration;

use dintero::insight::{ReportContentType, ReportFilter, ReportLanguage, ReportSchedule};
use dintero::payments::*;
use dintero::{Amount, Client, Currency, ErrorKind};
use dintero_sandbox::Sandbox;

use crate::support::{session, starting_at};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn sandbox() -> Result<Sandbox> {
    starting_at("2026-02-01T10:00:00Z").await
}

/// A transaction at a store.
async fn sell(sandbox: &Sandbox, client: &Client, store: &str) -> Result<TransactionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(29_990))
        .currency(Currency::NOK)
        .merchant_reference("1042")
        .store(Store::builder().id(StoreId::new(store)).build());
    let session = session(client, order.build()).await?;
    let done = sandbox.pay(&session).await?;
    Ok(TransactionId::new(done.transaction.ok_or("none")?))
}

async fn generate(client: &Client, name: &str, store: Option<&str>) -> Result {
    let filters = store.map(|store| {
        let filter = ReportFilter::builder().filter("store_id");
        filter.value(store).build()
    });
    let call = (client.insight().generate_report())
        .data_type("checkout/transactions")
        .name(name)
        .from("2026-02-01")
        .to("2026-03-01T00:00:00Z")
        .schedule(ReportSchedule::Monthly)
        .language(ReportLanguage::En)
        .report_filters(filters);
    call.send().await?;
    Ok(())
}

async fn reports(client: &Client) -> Result<Vec<ReportMetadata>> {
    let mut items = client.payments().list_reports().limit(2).items();
    let mut reports = Vec::new();
    while let Some(report) = items.try_next().await? {
        reports.push(report);
    }
    Ok(reports)
}

async fn download(client: &Client, report: &ReportMetadata) -> Result<String> {
    let url = report.signed_url.as_ref().ok_or("no URL")?;
    let mut file = Vec::new();
    client.download(url).to_writer(&mut file).await?;
    Ok(String::from_utf8(file)?)
}

#[tokio::test]
async fn reports_are_made_at_once_and_downloaded() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let (one, two) = (
        sell(&sandbox, &client, "oslo").await?,
        sell(&sandbox, &client, "bergen").await?,
    );
    generate(&client, "All", None).await?;
    generate(&client, "Oslo", Some("oslo")).await?;
    generate(&client, "Nowhere", Some("nowhere")).await?;
    let reports = reports(&client).await?;
    let names: Vec<_> = (reports.iter())
        .filter_map(|report| report.custom_report_name.as_deref())
        .collect();
    assert_eq!(names, ["Nowhere", "Oslo", "All"]);
    assert_eq!(reports[1].report_filters[0].value.as_deref(), Some("oslo"));
    let all = download(&client, &reports[2]).await?;
    let lines: Vec<_> = all.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[1],
        format!(
            "{one},2026-02-01T10:00:00Z,AUTHORIZED,29990,NOK,payex.creditcard,1042,NOT_SETTLED,,oslo"
        )
    );
    let oslo = download(&client, &reports[1]).await?;
    assert!(oslo.contains(one.as_str()) && !oslo.contains(two.as_str()));
    assert_eq!(download(&client, &reports[0]).await?.lines().count(), 1);
    Ok(())
}

#[tokio::test]
async fn signed_urls_expire_and_are_for_one_report() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    generate(&client, "a", None).await?;
    generate(&client, "b", None).await?;
    let listed = reports(&client).await?;
    let urls: Vec<_> = listed
        .iter()
        .filter_map(|one| one.signed_url.clone())
        .collect();
    let other = urls[1].split('?').next_back().ok_or("no query")?;
    let path = urls[0].split('?').next().ok_or("no path")?;
    for url in [
        format!("{path}?{other}"),
        path.to_owned(),
        format!("{path}?signature=x"),
    ] {
        let error = client
            .download(&url)
            .to_writer(Vec::new())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{url}");
    }
    download(&client, &listed[0]).await?;
    sandbox.advance(Duration::from_secs(3600)).await?;
    let error = client
        .download(&urls[0])
        .to_writer(Vec::new())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    download(&client, &reports(&client).await?[0]).await?;
    Ok(())
}

#[tokio::test]
async fn reports_are_made_on_a_schedule() -> Result {
    let sandbox = sandbox().await?;
    let client = sandbox.client()?;
    let configure = || {
        (client.insight().create_report_configuration())
            .data_type("checkout/transactions")
            .name("Daily")
            .schedule(ReportSchedule::Daily)
            .language(ReportLanguage::No)
    };
    let created = configure()
        .content_types([ReportContentType::TextCsv])
        .send()
        .await?;
    let pdf = configure().content_types([ReportContentType::ApplicationPdf]);
    assert_eq!(
        pdf.send().await.unwrap_err().status().map(|it| it.as_u16()),
        Some(501)
    );
    let id = sell(&sandbox, &client, "oslo").await?;
    sandbox.advance(DAY * 2 + DAY / 2).await?;
    sandbox.settled().await;
    let client = sandbox.client()?;
    let made = reports(&client).await?;
    assert_eq!(made.len(), 2);
    assert_eq!(made[1].data_from, created.created_at);
    assert_eq!(made[1].data_to, made[0].data_from);
    let config = created.id.as_ref().map(|id| id.as_str().to_owned());
    assert_eq!(made[1].report_config_id, config);
    assert!(download(&client, &made[1]).await?.contains(id.as_str()));
    assert!(!download(&client, &made[0]).await?.contains(id.as_str()));

    let change = client
        .insight()
        .update_report_configuration(created.id.ok_or("no id")?);
    let changed = change
        .data_type("checkout/transactions")
        .name("Weekly")
        .schedule(ReportSchedule::Weekly)
        .language(ReportLanguage::No);
    assert_eq!(changed.send().await?.created_at, created.created_at);
    sandbox.advance(DAY * 3).await?;
    sandbox.settled().await;
    assert_eq!(reports(&sandbox.client()?).await?.len(), 2);
    sandbox.advance(DAY * 4).await?;
    sandbox.settled().await;
    assert_eq!(reports(&sandbox.client()?).await?.len(), 3);
    Ok(())
}
