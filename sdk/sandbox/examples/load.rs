//! Measures the sandbox: payments a second, and the memory of many transactions. A payment is a session, the customer's
//! choice, the callback to the merchant, and a capture.
//!
//! `cargo run --release -p dintero-sandbox --example load -- [--payments N] [--state FILE | --bare]`
//!
//! With `--bare`, the same requests go to a server that only returns a fixed text: what this machine does without the
//! sandbox.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::{get, post as posted};
use bytes::Bytes;
use dintero_sandbox::Sandbox;
use lexopt::ValueExt as _;
use reqwest::Url;
use serde_json::{Value, json};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Payments at the same time.
const TASKS: usize = 64;

#[tokio::main]
async fn main() -> Result {
    let (mut payments, mut state, mut is_bare) = (20_000_usize, None::<PathBuf>, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("payments") => payments = arguments.value()?.string()?.parse()?,
            lexopt::Arg::Long("state") => state = Some(arguments.value()?.into()),
            lexopt::Arg::Long("bare") => is_bare = true,
            other => return Err(other.unexpected().into()),
        }
    }
    if is_bare {
        return bare(payments).await;
    }
    let mut builder = Sandbox::builder().seed(1);
    if let Some(state) = &state {
        builder = builder.state_file(state);
    }
    let sandbox = Arc::new(builder.start().await?);
    let callbacks = Arc::new(AtomicUsize::new(0));
    let merchant = merchant(Arc::clone(&callbacks)).await?;
    let token = token(&sandbox).await?;
    // Each would read the certificates of the system again, which no payment needs.
    let http = reqwest::Client::new();
    let before = memory();

    let begun = Instant::now();
    let mut tasks = Vec::new();
    for task in 0..TASKS {
        let (sandbox, merchant, token) = (Arc::clone(&sandbox), merchant.clone(), token.clone());
        let http = http.clone();
        let count = payments / TASKS + usize::from(task < payments % TASKS);
        tasks.push(tokio::spawn(async move {
            let url = Url::parse(&format!("{}/v1/sessions-profile", sandbox.url()))?;
            let session = session(&merchant);
            for _ in 0..count {
                payment(&http, &sandbox, &token, &url, &session).await?;
            }
            Result::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let limit = Instant::now() + Duration::from_secs(60);
    while callbacks.load(Ordering::Relaxed) < payments && Instant::now() < limit {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let time = begun.elapsed();
    let arrived = callbacks.load(Ordering::Relaxed);
    let kind = if state.is_some() {
        "state file"
    } else {
        "memory"
    };
    #[allow(clippy::cast_precision_loss, reason = "a figure to read")]
    let speed = payments as f64 / time.as_secs_f64();
    println!(
        "{kind}: {payments} payments in {:.1} s: {speed:.0} a second, {arrived} callbacks",
        time.as_secs_f64()
    );
    println!(
        "{kind}: {} MB more than at the start",
        memory().saturating_sub(before) / 1024
    );
    if arrived != payments {
        return Err("not all callbacks arrived".into());
    }
    Ok(())
}

/// The shop's server, which counts callbacks.
async fn merchant(callbacks: Arc<AtomicUsize>) -> Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/callback", listener.local_addr()?);
    let count = move || {
        callbacks.fetch_add(1, Ordering::Relaxed);
        async { "{}" }
    };
    let router = Router::new().route("/callback", get(count));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

/// The requests of payments, to a server that does nothing.
async fn bare(payments: usize) -> Result {
    const ANSWER: &str = r#"{"id":"P1.session","url":"http://127.0.0.1/","status":"CAPTURED"}"#;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let router = Router::new().route("/{*path}", posted(|_: String| async { ANSWER }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let merchant = merchant(Arc::default()).await?;
    let http = reqwest::Client::new();

    let begun = Instant::now();
    let mut tasks = Vec::new();
    for task in 0..TASKS {
        let (origin, merchant, http) = (origin.clone(), merchant.clone(), http.clone());
        let count = payments / TASKS + usize::from(task < payments % TASKS);
        tasks.push(tokio::spawn(async move {
            let url = Url::parse(&format!("{origin}/v1/sessions-profile"))?;
            let session = session(&merchant);
            for _ in 0..count {
                post(&http, "token", url.clone(), session.clone()).await?;
                http.get(&merchant).send().await?.bytes().await?;
                let url = url.join("/v1/transactions/P1.transaction/capture")?;
                post(&http, "token", url, CAPTURE.into()).await?;
            }
            Result::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    #[allow(clippy::cast_precision_loss, reason = "a figure to read")]
    let speed = payments as f64 / begun.elapsed().as_secs_f64();
    println!("a server that does nothing: {speed:.0} a second");
    Ok(())
}

async fn token(sandbox: &Sandbox) -> Result<String> {
    let account = sandbox.account();
    let audience = format!("https://api.dintero.com/v1/accounts/{account}");
    let body = json!({ "grant_type": "client_credentials", "audience": audience });
    let request = reqwest::Client::new()
        .post(format!(
            "{}/v1/accounts/{account}/auth/token",
            sandbox.url()
        ))
        .basic_auth(sandbox.client_id(), Some(sandbox.client_secret()))
        .header("content-type", "application/json")
        .body(body.to_string());
    let answer: Value = serde_json::from_slice(&request.send().await?.bytes().await?)?;
    Ok(answer["access_token"]
        .as_str()
        .ok_or("no token")?
        .to_owned())
}

const CAPTURE: &str = r#"{"amount":29990}"#;

/// The body of a session.
fn session(merchant: &str) -> Bytes {
    let body = json!({
        "profile_id": "default",
        "url": { "return_url": "http://127.0.0.1/return", "callback_url": merchant },
        "order": { "amount": 29990, "currency": "NOK", "merchant_reference": "order-1", "items": [
            { "id": "chair", "line_id": "1", "quantity": 1, "amount": 29990, "vat": 25, "description": "A chair" },
        ] },
    });
    body.to_string().into()
}

async fn payment(
    http: &reqwest::Client,
    sandbox: &Sandbox,
    token: &str,
    url: &Url,
    session: &Bytes,
) -> Result {
    let created = post(http, token, url.clone(), session.clone()).await?;
    let done = sandbox
        .pay(created["id"].as_str().ok_or("no session")?)
        .await?;
    let transaction = done.transaction.ok_or("no transaction")?;
    let url = url.join(&format!("/v1/transactions/{transaction}/capture"))?;
    let captured = post(http, token, url, CAPTURE.into()).await?;
    match captured["status"].as_str() {
        Some("CAPTURED") => Ok(()),
        _ => Err(captured.to_string().into()),
    }
}

async fn post(http: &reqwest::Client, token: &str, url: Url, body: Bytes) -> Result<Value> {
    let request = http
        .post(url)
        .bearer_auth(token)
        .header("content-type", "application/json");
    let response = request.body(body).send().await?;
    Ok(serde_json::from_slice(&response.bytes().await?)?)
}

/// Resident memory in KiB, where `/proc` says so.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
