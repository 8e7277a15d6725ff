//! A sandbox with a state file, killed in the middle of its work: nothing that was answered is lost.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dintero::payments::*;
use dintero::{Amount, Client, Currency, RetryPolicy};

use crate::support::session;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The program, which is killed when this is dropped.
struct Program {
    child: Child,
    client: Client,
    url: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL on Unix.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(state: &Path) -> Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dintero-sandbox"))
            .args(["--port", "0", "--seed", "1", "--state"])
            .arg(state)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let (mut url, mut values) = (String::new(), Vec::new());
        for line in &mut lines {
            let line = line?;
            let last = line
                .split_whitespace()
                .next_back()
                .unwrap_or_default()
                .to_owned();
            if url.is_empty() {
                url = last;
            } else if line.trim_start().starts_with("account")
                || line.trim_start().starts_with("client")
            {
                values.push(last);
            }
            if line.ends_with("Ctrl-C ends it.") {
                break;
            }
        }
        let [account, id, secret] = &values[..3] else {
            return Err("the program printed no credentials".into());
        };
        let client = Client::builder()
            .account(account.parse()?)
            .client_credentials(id, secret.as_str())
            .base_url(&url)
            .retry(RetryPolicy::none())
            .build()?;
        Ok(Self { child, client, url })
    }
}

/// What was answered.
#[derive(Clone, Debug)]
struct Answered {
    transaction: TransactionId,
    captured: i64,
}

/// Pays and captures until the sandbox is gone.
async fn work(client: Client, url: String, answered: Arc<Mutex<Vec<Answered>>>) -> Result {
    let http = reqwest::Client::new();
    loop {
        let order = SessionOrder::builder()
            .amount(Amount::minor(1_000))
            .currency(Currency::NOK)
            .merchant_reference("1");
        let session = session(&client, order.build()).await?;
        let pay = http
            .post(format!("{url}/sandbox/api/sessions/{session}/pay"))
            .header("content-type", "application/json")
            .body(r#"{"outcome":"paid"}"#);
        let paid: serde_json::Value = serde_json::from_slice(&pay.send().await?.bytes().await?)?;
        let id = paid["transaction"]
            .as_str()
            .or(paid["transaction_id"].as_str());
        let id = TransactionId::new(id.ok_or_else(|| paid.to_string())?);
        let index = {
            let mut answered = answered.lock().unwrap();
            answered.push(Answered {
                transaction: id.clone(),
                captured: 0,
            });
            answered.len() - 1
        };
        for _ in 0..3 {
            let capture = client
                .payments()
                .capture_transaction(&id)
                .amount(Amount::minor(300));
            capture.send().await?;
            answered.lock().unwrap()[index].captured += 300;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost() -> Result {
    let folder =
        std::env::temp_dir().join(format!("dintero-sandbox-killed-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let state = folder.join("state");
    let answered = Arc::new(Mutex::new(Vec::<Answered>::new()));
    for round in 0..4 {
        let program = Program::start(&state)?;
        // First what was answered before the last kill.
        let known = answered.lock().unwrap().clone();
        for one in &known {
            let transaction = program
                .client
                .payments()
                .get_transaction(&one.transaction)
                .send()
                .await?;
            let captured = transaction.refundable().ok_or("unclear")?.minor_units();
            // A request in flight may have been carried out, but what was answered must be there.
            assert!(
                captured == one.captured || captured == one.captured + 300,
                "{one:?}: {captured}"
            );
        }
        if round == 3 {
            break;
        }
        let begun = known.len();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn(work(
                    program.client.clone(),
                    program.url.clone(),
                    Arc::clone(&answered),
                ))
            })
            .collect();
        for _ in 0..1_000 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if answered.lock().unwrap().len() >= begun + 20 + 7 * round {
                break;
            }
        }
        drop(program);
        for task in tasks {
            assert!(task.await?.is_err());
        }
    }
    let count = answered.lock().unwrap().len();
    assert!(count >= 60, "{count}");
    println!("killed 3 times: {count} payments with their captures are there");
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
