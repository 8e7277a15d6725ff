//! Prints the captured amounts per day, and draws them into `kpis.svg`.
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` set it calls Dintero. Without them it
//! starts a local server, which responds with the example of the API document.
//!
//! ```sh
//! cargo run --example kpis                           # everything
//! cargo run --example kpis -- 2026-01-01T00:00:00Z   # from that moment on
//! ```

mod chart;
mod series;
mod server;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use dintero::insight::{AggregateFunction, CheckoutKpi, Interval, KpiTransactionStatus};
use dintero::{Client, Timestamp};
use series::Series;

const CHART: &str = "kpis.svg";

#[tokio::main]
async fn main() -> ExitCode {
    let variables = [
        "DINTERO_ACCOUNT_ID",
        "DINTERO_CLIENT_ID",
        "DINTERO_CLIENT_SECRET",
    ];
    let live = variables
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    let since = std::env::args().nth(1);
    let Err(error) = run(live, since, Path::new(CHART)).await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error}");
    let mut next = error.source();
    while let Some(cause) = next {
        eprintln!("because: {cause}");
        next = cause.source();
    }
    ExitCode::FAILURE
}

async fn run(live: bool, since: Option<String>, chart: &Path) -> Result<(), Box<dyn Error>> {
    let client = if live {
        println!("Calling Dintero with the DINTERO_* variables.");
        dintero::ClientBuilder::from_env()?.build()?
    } else {
        let address = server::start()?;
        println!(
            "No DINTERO_* variables, so these are example figures of a server in this program,"
        );
        println!("http://{address}.");
        Client::builder()
            .account(server::ACCOUNT.parse()?)
            .client_credentials(server::CLIENT_ID, server::CLIENT_SECRET)
            .base_url(format!("http://{address}"))
            .build()?
    };

    let since = since.as_deref().map(Timestamp::parse).transpose()?;
    let kpis = captured_per_day(&client, since).await?;
    let series = Series::of(&kpis);
    if series.is_empty() {
        println!("\nNothing was captured.");
        return Ok(());
    }
    print!("\n{}", series::table(&series));
    std::fs::write(chart, chart::draw("Captured per day", &series))?;
    println!("\nThe chart is in {}.", chart.display());
    Ok(())
}

#[expect(
    deprecated,
    reason = "the newer calls give a fixed set of figures, this one draws any of them"
)]
async fn captured_per_day(
    client: &Client,
    since: Option<Timestamp>,
) -> Result<Vec<CheckoutKpi>, dintero::Error> {
    let mut call = client
        .insight()
        .list_checkout_kpis()
        .interval(Interval::Day)
        .transaction_status(KpiTransactionStatus::Captured)
        .aggregate_functions([
            AggregateFunction::Sum,
            AggregateFunction::Count,
            AggregateFunction::Currency,
        ]);
    if let Some(since) = since {
        call = call.event_created_at_gte(since);
    }
    Ok(call.send().await?.into_vec())
}

#[tokio::test]
async fn it_draws_the_figures_of_the_example() -> Result<(), Box<dyn Error>> {
    let name = format!("dintero-kpis-{}.svg", std::process::id());
    let chart = std::env::temp_dir().join(name);
    run(false, None, &chart).await?;
    let drawn = std::fs::read_to_string(&chart)?;
    std::fs::remove_file(&chart)?;
    assert!(drawn.starts_with("<svg") && drawn.contains("Captured per day"));
    Ok(())
}
