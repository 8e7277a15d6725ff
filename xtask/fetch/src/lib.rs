//! Fetches documents into a folder. A file in the folder is always a whole document: it is written beside, synchronized
//! and renamed. An interrupted run leaves what it has in a `.part` file, and the next run continues there. A document that
//! has not changed is not fetched again.
//!
//! A crate of its own, so that the other commands of `xtask` don't build an HTTP library.

mod get;
mod part;
mod store;

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// Maximum size of a document in bytes. Those of Dintero have less than one million.
pub const MAX_BYTES: u64 = 16 << 20;

/// The documents to fetch, and where: standard input of the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The folder of the files. It is created.
    pub folder: PathBuf,
    /// Time limit of each document in seconds, retries included.
    pub seconds: u64,
    /// The documents.
    pub documents: Vec<Wanted>,
}

/// A document to fetch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// Its file in the folder.
    pub name: String,
    /// Its URL: https, or http on a loopback address.
    pub address: String,
}

/// The outcome of a document: a line of the standard output of the program, in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its file in the folder.
    pub name: String,
    /// Its outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Outcome of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It was fetched, and its file is new.
    Fetched {
        /// Facts about the file.
        stored: Stored,
        /// Number of bytes that an earlier run or attempt had fetched.
        resumed: u64,
    },
    /// Its file is up to date.
    Unchanged {
        /// Facts about the file.
        stored: Stored,
    },
    /// It could not be fetched. A file of an earlier run is unchanged.
    Failed {
        /// The reason, as a sentence without a full stop.
        why: String,
    },
}

/// Facts about a file; kept beside it, in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The URL that it was fetched from.
    pub address: String,
    /// The `ETag` of the response.
    pub etag: Option<String>,
    /// The `Last-Modified` of the response.
    pub last_modified: Option<String>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
}

/// Fetches the documents one after the other, and calls `report` after each. A failure does not stop the others.
///
/// # Errors
/// The folder can't be created, or there is no HTTP client.
pub async fn fetch(order: &Order, mut report: impl FnMut(Report)) -> Result<(), String> {
    std::fs::create_dir_all(&order.folder)
        .map_err(|error| format!("can't create {}: {error}", order.folder.display()))?;
    let client = get::client(order)?;
    for wanted in &order.documents {
        report(Report {
            name: wanted.name.clone(),
            outcome: get::document(&client, order, wanted).await,
        });
    }
    Ok(())
}

/// Returns the URL of an address.
///
/// # Errors
/// It is not a URL, or a request to it would not be protected. The reason, as a sentence without a full stop.
pub fn url(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|error| format!("`{address}` is not a URL: {error}"))?;
    if url.scheme() == "https" || is_loopback(&url) {
        return Ok(url);
    }
    Err(format!(
        "`{address}` must be https; http is allowed for loopback addresses only"
    ))
}

/// Whether a URL is http on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let ip = host.parse::<std::net::IpAddr>();
    url.scheme() == "http" && (host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback()))
}

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Time without a byte after which an attempt fails.
fn idle(order: &Order) -> Duration {
    Duration::from_secs(order.seconds.min(20))
}
