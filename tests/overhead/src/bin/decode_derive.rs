//! A list of transactions, read by `serde_json` into structs of what there is in it.

#[path = "../data.rs"]
mod data;

use data::Transaction;
use overhead::{Outcome, decode};

fn main() -> Outcome {
    decode(|body| Ok(serde_json::from_slice::<Vec<Transaction>>(body)?))
}
