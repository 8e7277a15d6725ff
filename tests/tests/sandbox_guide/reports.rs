//! Reports behind signed URLs.

use dintero::Client;
use dintero::insight::{ReportLanguage, ReportSchedule};

use super::{Result, paid, sandbox};

#[rustfmt::skip]
async fn files(client: &Client) -> Result<Vec<String>> {
    let mut files = Vec::new();
    // settlements.md, 1
    let mut reports = client.payments().list_reports().items();
    while let Some(report) = reports.try_next().await? {
        let Some(url) = report.signed_url else { continue };
        let mut file = Vec::new();
        client.download(url).to_writer(&mut file).await?;
        files.push(String::from_utf8(file)?); // hidden
    }
    // Only the list was asked for with credentials.
    let with_token = |request: &&http::Request<_>| request.headers().contains_key("authorization");
    // end
    assert!(!with_token(&&http::Request::new(())));
    Ok(files)
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_downloaded() -> Result {
    let (sandbox, client) = sandbox(7).await?;
    let id = paid(&sandbox, &client).await?;
    let call = (client.insight().generate_report())
        .data_type("checkout/transactions")
        .name("All")
        .from("2020-01-01")
        .to("2100-01-01")
        .schedule(ReportSchedule::Monthly)
        .language(ReportLanguage::En);
    call.send().await?;
    let files = files(&client).await?;
    assert!(files[0].contains(id.as_str()), "{files:?}");
    Ok(())
}
