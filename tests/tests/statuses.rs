//! The rules for what is left of a transaction consider each documented status.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::path::Path;

use dintero::payments::Transaction;
use serde_json::{Value, json};

#[test]
fn each_status_has_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/payments.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let document: Value = serde_yaml::from_str(&text).unwrap();
    let values = document
        .pointer("/components/schemas/Transaction/allOf/1/properties/status/enum")
        .and_then(Value::as_array)
        .unwrap();
    assert!(values.len() > 10);
    let transaction = |status: &Value| -> Transaction {
        let event = |name: &str| json!({"event": name, "success": true, "amount": 10});
        let events = ["AUTHORIZE", "CAPTURE", "REFUND"].map(event);
        let json = json!({"id": "T1", "status": status, "amount": 100, "currency": "NOK", "events": events});
        serde_json::from_value(json).unwrap()
    };
    for status in values {
        assert!(
            transaction(status).capturable().is_some(),
            "{status}: add it to `has_rules` in sdk/src/payments/lifecycle.rs, and to the rules below"
        );
    }
    assert!(transaction(&json!("BRAND_NEW")).capturable().is_none());
}
