//! By `reqwest` and `serde` alone, as somebody would write it who needs this call and no other.
#![allow(dead_code, reason = "what is read is not all looked at")]

use overhead::{AMOUNT, ID, Load, Outcome, drive};
use serde::Deserialize;

#[derive(Deserialize)]
struct Transaction {
    id: String,
    session_id: Option<String>,
    amount: i64,
    currency: String,
    status: String,
    settlement_status: Option<String>,
    merchant_reference: Option<String>,
    merchant_reference_2: Option<String>,
    payment_product: Option<String>,
    payment_product_type: Option<String>,
    channel: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    customer_ip: Option<String>,
    user_agent: Option<String>,
    url: Option<Urls>,
    customer: Option<Customer>,
    billing_address: Option<Address>,
    shipping_address: Option<Address>,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Urls {
    redirect_url: Option<String>,
    callback_url: Option<String>,
}

#[derive(Deserialize)]
struct Customer {
    customer_id: Option<String>,
    email: Option<String>,
    phone_number: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    first_name: Option<String>,
    last_name: Option<String>,
    address_line: Option<String>,
    postal_code: Option<String>,
    postal_place: Option<String>,
    country: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    id: Option<String>,
    line_id: Option<String>,
    description: Option<String>,
    quantity: Option<f64>,
    amount: Option<i64>,
    vat_amount: Option<i64>,
    vat: Option<f64>,
    eligible_for_discount: Option<bool>,
}

#[derive(Deserialize)]
struct Event {
    id: Option<String>,
    event: Option<String>,
    transaction_status: Option<String>,
    amount: Option<f64>,
    success: Option<bool>,
    event_reference: Option<String>,
    created_at: Option<String>,
    created_by: Option<String>,
    request_id: Option<String>,
    #[serde(default)]
    items: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    line_id: Option<String>,
    amount: Option<f64>,
    quantity: Option<f64>,
}

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
