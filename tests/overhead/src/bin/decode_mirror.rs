//! A list of transactions, read by `serde_json` into structs that have all the members of the crate's own, as small as
//! deriving makes them: objects behind a `Box`, and one pointer or an empty list for what `transaction.json` has not.
#![allow(dead_code, reason = "what is read is not all looked at")]

use overhead::{Outcome, decode};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Transaction {
    created_at: Option<String>,
    id: String,
    amount: i64,
    billing_address: Option<Box<Address>>,
    channel: Option<String>,
    #[serde(default)]
    checkboxes: Vec<Value>,
    currency: String,
    customer: Option<Box<Customer>>,
    customer_ip: Option<String>,
    dynamic_descriptor: Option<String>,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    gift_cards: Vec<Value>,
    initiating_system_request_headers: Option<Box<Value>>,
    #[serde(default)]
    items: Vec<Item>,
    merchant_reference: Option<String>,
    merchant_reference_2: Option<String>,
    metadata: Option<Box<Value>>,
    payment_operation: Option<String>,
    payment_product: Option<String>,
    payment_product_type: Option<String>,
    payout_destination_id: Option<String>,
    platform_type: Option<String>,
    session: Option<Box<Value>>,
    session_id: Option<String>,
    settlement_status: Option<String>,
    shipping_address: Option<Box<Address>>,
    shipping_option: Option<Box<Value>>,
    status: String,
    store: Option<Box<Value>>,
    updated_at: Option<String>,
    url: Option<Box<Urls>>,
    user_agent: Option<String>,
    card: Option<Box<Value>>,
    verified_identity: Option<Box<Value>>,
}

#[derive(Deserialize)]
struct Event {
    amount: Option<f64>,
    calculated_vat_amount: Option<f64>,
    correction: Option<Box<Value>>,
    correlation_request_id: Option<String>,
    created_at: Option<String>,
    created_by: Option<String>,
    error: Option<Box<Value>>,
    event: Option<String>,
    event_reference: Option<String>,
    #[serde(default)]
    gift_cards: Vec<Value>,
    id: Option<String>,
    #[serde(default)]
    items: Vec<EventItem>,
    metadata: Option<Box<Value>>,
    request_headers: Option<Box<Value>>,
    request_id: Option<String>,
    settlements: Option<Box<Value>>,
    success: Option<bool>,
    transaction_status: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    address_line: Option<String>,
    address_line_2: Option<String>,
    business_name: Option<String>,
    co_address: Option<String>,
    comment: Option<String>,
    cost_center: Option<String>,
    country: Option<String>,
    customer_reference: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    organization_number: Option<String>,
    organization_type: Option<String>,
    phone_number: Option<String>,
    postal_code: Option<String>,
    postal_place: Option<String>,
}

#[derive(Deserialize)]
struct Customer {
    customer_id: Option<String>,
    email: Option<String>,
    my_dintero: Option<Box<Value>>,
    phone_number: Option<String>,
}

#[derive(Deserialize)]
struct Urls {
    approval_url: Option<String>,
    callback_url: Option<String>,
    redirect_url: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    amount: Option<i64>,
    description: Option<String>,
    emd: Option<Box<Value>>,
    fee_split: Option<Box<Value>>,
    #[serde(default)]
    groups: Vec<Value>,
    id: Option<String>,
    line_id: Option<String>,
    quantity: Option<f64>,
    #[serde(default)]
    splits: Vec<Value>,
    store: Option<Box<Value>>,
    thumbnail_url: Option<String>,
    #[serde(rename = "type")]
    type_: Option<String>,
    unit_dimensional_weight: Option<f64>,
    unit_volume: Option<f64>,
    unit_weight: Option<f64>,
    vat: Option<f64>,
    vat_amount: Option<i64>,
    version: Option<f64>,
    #[serde(default)]
    discount_lines: Vec<Value>,
    eligible_for_discount: Option<bool>,
    gross_amount: Option<f64>,
    is_changed: Option<bool>,
}

#[derive(Deserialize)]
struct EventItem {
    #[serde(default)]
    discount_lines: Vec<Value>,
    amount: Option<i64>,
    description: Option<String>,
    emd: Option<Box<Value>>,
    fee_split: Option<Box<Value>>,
    #[serde(default)]
    groups: Vec<Value>,
    id: Option<String>,
    line_id: Option<String>,
    quantity: Option<f64>,
    #[serde(default)]
    splits: Vec<Value>,
    store: Option<Box<Value>>,
    thumbnail_url: Option<String>,
    #[serde(rename = "type")]
    type_: Option<String>,
    unit_dimensional_weight: Option<f64>,
    unit_volume: Option<f64>,
    unit_weight: Option<f64>,
    vat: Option<f64>,
    vat_amount: Option<i64>,
    version: Option<f64>,
}

fn main() -> Outcome {
    decode(|body| Ok(serde_json::from_slice::<Vec<Transaction>>(body)?))
}
