//! A transaction as somebody would write it who needs what is in `transaction.json` and nothing else: identifiers, times
//! and what has a set of values as text.
#![allow(dead_code, reason = "what is read is not all looked at")]

use serde::Deserialize;
use serde_json::{Map, Value};

macro_rules! transaction {
    ($(#[$doc:meta])* $name:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub(crate) struct $name {
            pub(crate) id: String,
            pub(crate) session_id: Option<String>,
            pub(crate) amount: i64,
            pub(crate) currency: String,
            pub(crate) status: String,
            pub(crate) settlement_status: Option<String>,
            pub(crate) merchant_reference: Option<String>,
            pub(crate) merchant_reference_2: Option<String>,
            pub(crate) payment_product: Option<String>,
            pub(crate) payment_product_type: Option<String>,
            pub(crate) channel: Option<String>,
            pub(crate) created_at: Option<String>,
            pub(crate) updated_at: Option<String>,
            pub(crate) customer_ip: Option<String>,
            pub(crate) user_agent: Option<String>,
            pub(crate) url: Option<Urls>,
            pub(crate) customer: Option<Customer>,
            pub(crate) billing_address: Option<Address>,
            pub(crate) shipping_address: Option<Address>,
            #[serde(default)]
            pub(crate) items: Vec<Item>,
            #[serde(default)]
            pub(crate) events: Vec<Event>,
            $($more)*
        }
    };
}
transaction! {
    /// Members that it does not know are passed over.
    Transaction {}
}
transaction! {
    /// The same, with members that it does not know.
    OpenTransaction {
        #[serde(flatten)]
        pub(crate) others: Map<String, Value>,
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Urls {
    pub(crate) redirect_url: Option<String>,
    pub(crate) callback_url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Customer {
    pub(crate) customer_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Address {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) address_line: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) postal_place: Option<String>,
    pub(crate) country: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: Option<String>,
    pub(crate) line_id: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) quantity: Option<f64>,
    pub(crate) amount: Option<i64>,
    pub(crate) vat_amount: Option<i64>,
    pub(crate) vat: Option<f64>,
    pub(crate) eligible_for_discount: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) transaction_status: Option<String>,
    pub(crate) amount: Option<f64>,
    pub(crate) success: Option<bool>,
    pub(crate) event_reference: Option<String>,
    pub(crate) created_at: Option<String>,
    pub(crate) created_by: Option<String>,
    pub(crate) request_id: Option<String>,
    #[serde(default)]
    pub(crate) items: Vec<Part>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Part {
    pub(crate) line_id: Option<String>,
    pub(crate) amount: Option<f64>,
    pub(crate) quantity: Option<f64>,
}
