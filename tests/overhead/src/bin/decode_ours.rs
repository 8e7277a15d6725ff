//! A list of transactions, read as `list_transactions` reads its response.

use dintero::payments::ListTransactions;
use dintero::rt::{Operation, RawResponse};
use overhead::{Outcome, decode};

fn main() -> Outcome {
    decode(|body| {
        let response = RawResponse {
            status: reqwest::StatusCode::OK,
            headers: reqwest::header::HeaderMap::new(),
            body: body.clone(),
            is_strict: false,
        };
        Ok(ListTransactions::output(&response)?)
    })
}
