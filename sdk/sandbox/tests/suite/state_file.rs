//! State files that can't be used, and a restart in the middle of retries.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use dintero::payments::*;
use dintero::{Amount, Client, Currency, Timestamp};
use dintero_sandbox::{Builder, DeliveryStatus, Sandbox};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A folder that is removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let name = format!("dintero-sandbox-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn file(&self) -> PathBuf {
        self.0.join("state")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn builder(state: &Path) -> Builder {
    let start = Timestamp::parse("2026-02-01T10:00:00Z").unwrap();
    let start = std::time::SystemTime::try_from(&start).unwrap();
    Sandbox::builder().seed(1).clock(start).state_file(state)
}

async fn error(builder: Builder) -> String {
    builder.start().await.unwrap_err().to_string()
}

async fn session(client: &Client, callback: &str) -> Result<SessionId> {
    let order = SessionOrder::builder()
        .amount(Amount::minor(100))
        .currency(Currency::NOK)
        .merchant_reference("1042");
    let urls = SessionUrls::builder()
        .return_url("https://shop.example/")
        .callback_url(callback);
    let session = (client.payments().create_session())
        .order(order.build())
        .url(urls.build())
        .profile_id(ProfileId::new("default"));
    Ok(session.send().await?.id.clone())
}

#[tokio::test]
async fn files_that_are_not_its_own_are_refused() -> Result {
    let folder = Folder::new("foreign")?;
    let path = folder.file();
    std::fs::write(&path, "something else")?;
    let refused = error(builder(&path)).await;
    assert!(refused.contains(&path.display().to_string()), "{refused}");
    assert_eq!(std::fs::read(&path)?, b"something else");
    let refused = error(builder(&folder.0)).await;
    assert!(refused.contains("can't be opened"), "{refused}");
    let missing = folder.0.join("none").join("state");
    let refused = error(builder(&missing)).await;
    assert!(refused.contains("can't be opened"), "{refused}");
    Ok(())
}

/// Writes a row as the sandbox has it: eight bytes of a position, then JSON.
async fn write_row(path: &Path, key: &str, text: &str) -> Result {
    let rows: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("rows");
    // The sandbox before ends at its next await.
    let database = loop {
        match redb::Database::create(path) {
            Err(redb::DatabaseError::DatabaseAlreadyOpen) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            opened => break opened?,
        }
    };
    let write = database.begin_write()?;
    {
        let mut table = write.open_table(rows)?;
        let value = [&1_u64.to_be_bytes()[..], text.as_bytes()].concat();
        table.insert(key, &*value)?;
    }
    write.commit()?;
    Ok(())
}

#[tokio::test]
async fn files_of_other_versions_are_refused() -> Result {
    let folder = Folder::new("versions")?;
    let path = folder.file();
    drop(builder(&path).start().await?);
    // The same version again.
    drop(builder(&path).start().await?);
    write_row(&path, "format\nformat", "2").await?;
    let refused = error(builder(&path)).await;
    assert!(refused.contains("another version"), "{refused}");
    let old = folder.0.join("old");
    write_row(&old, "accounts\nT12345678", "{}").await?;
    let refused = error(builder(&old)).await;
    assert!(refused.contains("another version"), "{refused}");
    let broken = folder.0.join("broken");
    drop(builder(&broken).start().await?);
    write_row(&broken, "accounts\nT12345678", "{\"id").await?;
    let refused = error(builder(&broken)).await;
    assert!(refused.contains("T12345678 of accounts"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_damaged_file_is_an_error_or_is_read() -> Result {
    let folder = Folder::new("damaged")?;
    let path = folder.file();
    drop(builder(&path).start().await?);
    let good = std::fs::read(&path)?;
    let copy = folder.0.join("copy");
    for round in 0..60_usize {
        let mut bytes = good.clone();
        if round % 4 == 0 {
            bytes.truncate(good.len() * round / 60);
        } else {
            // Somewhere else each time.
            let at = round.wrapping_mul(0x9E37_79B9) % bytes.len();
            let end = (at + round).min(bytes.len());
            bytes[at..end].fill(0xA5);
        }
        std::fs::write(&copy, &bytes)?;
        if let Err(error) = builder(&copy).start().await {
            assert!(error.to_string().contains("copy"), "{round}: {error}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn one_file_and_one_port_are_of_one_sandbox() -> Result {
    let folder = Folder::new("shared")?;
    let path = folder.file();
    let first = builder(&path).start().await?;
    let refused = error(builder(&path)).await;
    assert!(refused.contains("another sandbox uses it"), "{refused}");
    let port = first.url().rsplit(':').next().unwrap().parse()?;
    let refused = error(Sandbox::builder().port(port)).await;
    assert!(refused.contains("can't listen on"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn retries_go_on_after_a_restart() -> Result {
    let folder = Folder::new("retries")?;
    let path = folder.file();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (count, is_up) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let (counted, up) = (Arc::clone(&count), Arc::clone(&is_up));
    let handler = move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
        match up.load(Ordering::SeqCst) {
            true => axum::http::StatusCode::OK,
            false => axum::http::StatusCode::SERVICE_UNAVAILABLE,
        }
    };
    let router = axum::Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let sandbox = builder(&path).start().await?;
    let client = sandbox.client()?;
    for name in ["up", "down"] {
        let callback = match name {
            "up" => format!("{url}/callback"),
            // Nothing listens there.
            _ => "http://127.0.0.1:9/callback".to_owned(),
        };
        sandbox.pay(&session(&client, &callback).await?).await?;
    }
    sandbox.settled().await;
    sandbox.advance(Duration::from_secs(10)).await?;
    sandbox.settled().await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
    drop(sandbox);

    // Its clock goes on where it was.
    let sandbox = builder(&path).start().await?;
    sandbox.settled().await;
    assert_eq!(count.load(Ordering::SeqCst), 2, "no attempt is made twice");
    is_up.store(true, Ordering::SeqCst);
    sandbox.advance(Duration::from_secs(20)).await?;
    sandbox.settled().await;
    assert_eq!(count.load(Ordering::SeqCst), 3);
    for _ in 0..20 {
        sandbox.advance(Duration::from_secs(3600)).await?;
        sandbox.settled().await;
    }
    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries[0].status, DeliveryStatus::Delivered);
    assert_eq!(deliveries[0].attempts.len(), 3);
    assert_eq!(deliveries[1].status, DeliveryStatus::Failed);
    assert_eq!(deliveries[1].attempts.len(), 21);
    // It is sent again by hand, whatever came before.
    let replayed = deliveries[0].id.clone();
    sandbox.replay(&replayed).await?;
    sandbox.settled().await;
    assert_eq!(count.load(Ordering::SeqCst), 4);
    assert_eq!(sandbox.deliveries()[0].status, DeliveryStatus::Delivered);
    Ok(())
}
