//! Reads settlements, stores their files, and downloads finished reports from their signed URLs.
//!
//! ```sh
//! cargo run --example settlements --features mock,download
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero.
//! Without them a mock responds: see `mock.rs`. The files are written into a temporary folder.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;
use std::path::{Path, PathBuf};

use dintero::payments::{SettlementItem, SettlementItemAttachment};
use dintero::{Amount, Client, Date, ErrorKind, Money};

/// The maximum size of a file, so that a large one does not fill the disk.
const LARGEST: u64 = 100 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;
    let folder = std::env::temp_dir().join(format!("dintero-settlements-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let stored = store(&client, &folder).await;
    for file in stored? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("{name}: {} bytes", std::fs::metadata(&file)?.len());
    }
    std::fs::remove_dir_all(&folder)?;
    mock.verify();
    Ok(())
}

async fn store(client: &Client, folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    let mut settlements = client
        .payments()
        .list_settlements()
        .created_at_gte(Date::parse("2026-02-01")?)
        .items();
    while let Some(settlement) = settlements.try_next().await? {
        println!("{}", describe(&settlement));
        for attachment in &settlement.attachments {
            files.extend(store_attachment(client, &settlement, attachment, folder).await?);
        }
    }

    let mut reports = client.payments().list_reports().items();
    while let Some(report) = reports.try_next().await? {
        let (Some(url), Some(id)) = (&report.signed_url, &report.id) else {
            continue;
        };
        let file = folder.join(file_name("report", id.as_str(), "bin"));
        // The URL itself gives access: no token is sent.
        match client.download(url).max_bytes(LARGEST).to_file(&file).await {
            Ok(_) => files.push(file),
            // The URL has expired: the list has another one.
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                println!("the URL of a report gives no access: list the reports again");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(files)
}

/// Prints the amount that the provider paid out, and its fee.
fn describe(settlement: &SettlementItem) -> String {
    let id = settlement.id.as_ref().map_or("?", |id| id.as_str());
    let mut text = format!("settlement {id}");
    for sum in &settlement.amounts {
        // `97500` is 975.00 in a currency with two decimals: `Money` has the number of decimals.
        let part = |amount: Option<Amount>| match (amount, &sum.currency) {
            (Some(amount), Some(currency)) => Money::new(amount, currency.clone()).to_string(),
            _ => "?".to_owned(),
        };
        text += &format!(
            ", {} (captured {}, refunded {}, fee {})",
            part(sum.amount),
            part(sum.capture),
            part(sum.refund),
            part(sum.fee),
        );
    }
    text
}

/// The file is written as it arrives, and gets its name once it is complete.
async fn store_attachment(
    client: &Client,
    settlement: &SettlementItem,
    attachment: &SettlementItemAttachment,
    folder: &Path,
) -> Result<Option<PathBuf>, Box<dyn Error>> {
    let (Some(settlement), Some(id)) = (&settlement.id, &attachment.id) else {
        return Ok(None);
    };
    let call = client
        .payments()
        .download_settlement_attachment(settlement, id)
        .build();
    let kind = attachment.extension.as_deref().unwrap_or("bin");
    let file = folder.join(file_name("settlement", id.as_str(), kind));
    let download = client.download_response(call).max_bytes(LARGEST);
    download.to_file(&file).await?;
    Ok(Some(file))
}

/// Returns a file name that stays in the folder, whatever the id is.
fn file_name(kind: &str, id: &str, extension: &str) -> String {
    let plain = |text: &str| {
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        text.chars().map(safe).collect::<String>()
    };
    format!("{kind}-{}.{}", plain(id), plain(extension))
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}

#[test]
fn a_file_can_t_leave_its_folder() {
    assert_eq!(file_name("report", "../x", "a/b"), "report-___x.a_b");
}
