//! The body of a request that creates a session, made by `serde_json`.

use overhead::{Line, Outcome, encode};
use serde::Serialize;

#[derive(Serialize)]
struct Session {
    order: Order,
    url: Urls,
    profile_id: String,
}

#[derive(Serialize)]
struct Order {
    amount: i64,
    currency: String,
    merchant_reference: String,
    items: Vec<Line>,
}

#[derive(Serialize)]
struct Urls {
    return_url: String,
}

fn main() -> Outcome {
    let items = Line::all();
    let session = Session {
        order: Order {
            amount: items.iter().map(|line| line.amount).sum(),
            currency: "NOK".to_owned(),
            merchant_reference: "order-1".to_owned(),
            items,
        },
        url: Urls {
            return_url: "https://shop.example/thanks".to_owned(),
        },
        profile_id: "default".to_owned(),
    };
    encode(|| Ok(serde_json::to_vec(&session)?.into()))
}
