//! By `reqwest` and `serde` alone, as somebody would write it who needs this call and no other.

#[path = "../data.rs"]
mod data;

use data::Transaction;
use overhead::{AMOUNT, ID, Load, Outcome, drive};

fn main() -> Outcome {
    let load = Load::from_arguments()?;
    let client = reqwest::Client::new();
    let base = load.base.clone();
    drive(&load, move || {
        let request = client.get(format!("{base}/transactions/{ID}"));
        let request = request.header("authorization", "Bearer token");
        async {
            let response = request.send().await?.error_for_status()?;
            let body = response.bytes().await?;
            let transaction: Transaction = serde_json::from_slice(&body)?;
            if transaction.amount != AMOUNT || transaction.events.len() != 3 {
                return Err("another response".into());
            }
            Ok(())
        }
    })
}
