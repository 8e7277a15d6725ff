//! A list of transactions, read by `serde_json` into structs of what there is in it that keep what they do not know.

#[path = "../data.rs"]
mod data;

use data::OpenTransaction;
use overhead::{Outcome, decode};

fn main() -> Outcome {
    decode(|body| Ok(serde_json::from_slice::<Vec<OpenTransaction>>(body)?))
}
