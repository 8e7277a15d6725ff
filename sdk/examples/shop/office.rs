//! The back office: lists, settlements with their files, and those of a partner's merchants.

use std::path::Path;

use dintero::payments::Transaction;
use dintero::{Client, ErrorKind, Timestamp};

use crate::app::Failure;

/// The maximum size of a file, so that a large one does not fill the disk.
const LARGEST: u64 = 100 << 20;

/// All since then, and how many could not be read: one broken item does not end the list.
pub(crate) async fn transactions(
    client: &Client,
    since: Timestamp,
) -> Result<(Vec<Transaction>, u32), dintero::Error> {
    let list = client.payments().list_transactions();
    let mut items = list.created_at_gte(since).limit(100).items();
    let (mut read, mut broken) = (Vec::new(), 0);
    loop {
        match items.try_next().await {
            Ok(Some(transaction)) => read.push(transaction),
            Ok(None) => return Ok((read, broken)),
            Err(error) if error.kind() == ErrorKind::Unread => {
                eprintln!("{error}");
                broken += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Stores the files of all settlements in the folder, and returns their names.
pub(crate) async fn settlements(client: &Client, folder: &Path) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(folder)?;
    let account = client.account().map_or("none", |account| account.as_str());
    let mut names = Vec::new();
    let mut settlements = client.payments().list_settlements().items();
    while let Some(settlement) = settlements.try_next().await? {
        let Some(id) = settlement.id else { continue };
        for file in settlement.attachments.iter().filter_map(|a| a.id.as_ref()) {
            let call = client.payments().download_settlement_attachment(&id, file);
            // A name of our own: an id from outside may hold anything.
            let name = format!("{account}-{}.csv", names.len() + 1);
            let download = client.download_response(call.build()).max_bytes(LARGEST);
            download.to_file(folder.join(&name)).await?;
            names.push(name);
        }
    }
    Ok(names)
}
