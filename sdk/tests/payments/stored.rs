//! What a job queue stores: transactions, and complete operations that are sent later.

use dintero::mock::Mock;
use dintero::payments::{
    CaptureTransaction, CreateSession, ProfileId, RefundTransaction, SessionOrder,
    SessionOrderItem, SessionUrls, Transaction, TransactionId,
};
use dintero::{Amount, Client, Currency, ErrorKind};
use serde_json::{Value, json};

fn capture(client: &Client) -> CaptureTransaction {
    client
        .payments()
        .capture_transaction(TransactionId::new("T1"))
        .amount(Amount::minor(29_990))
        .capture_reference("order-1042")
        .metadata([("ext_parcel", "1042-2")])
        .extra("new_member", json!({"a": [1, null]}))
        .build()
}

fn body(mock: &Mock) -> Value {
    serde_json::from_slice(mock.requests().pop().unwrap().body()).unwrap()
}

#[tokio::test]
async fn an_operation_is_stored_and_sent_later() {
    let mock = Mock::new();
    let client = mock.client();
    mock.on::<CaptureTransaction>()
        .value_with(|_| Transaction::default());
    let capture = capture(&client);
    let stored = serde_json::to_string(&capture).unwrap();
    client.send(capture.clone()).await.unwrap();
    let sent = body(&mock);
    assert_eq!(sent["new_member"], json!({"a": [1, null]}));

    let read: CaptureTransaction = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, capture);
    client.send(read).await.unwrap();
    assert_eq!(body(&mock), sent);

    // A refund has the same members, and is none.
    let error = serde_json::from_str::<RefundTransaction>(&stored).unwrap_err();
    assert!(
        error.to_string().contains("payments.refund_transaction"),
        "{error}"
    );
    let unknown = stored.replacen("\"body\"", "\"bodies\"", 1);
    assert!(serde_json::from_str::<CaptureTransaction>(&unknown).is_err());
}

#[tokio::test]
async fn null_and_absent_stay_apart() {
    let mock = Mock::new();
    let client = mock.client();
    mock.on::<CreateSession>().value(Default::default());
    let order = SessionOrder::builder()
        .amount(Amount::minor(1))
        .currency(Currency::NOK)
        .merchant_reference("1")
        .items(Vec::<SessionOrderItem>::new())
        .extra("new_member", json!(["SUMMER"]))
        .build();
    let url = SessionUrls::builder()
        .return_url("https://shop.example")
        .build();
    let create = client
        .payments()
        .create_session()
        .order(order)
        .url(url)
        .profile_id(ProfileId::new("default"))
        .build();
    let stored = serde_json::to_string(&create).unwrap();
    let read: CreateSession = serde_json::from_str(&stored).unwrap();
    for create in [create, read] {
        client.send(create).await.unwrap();
        let order = &body(&mock)["order"];
        assert_eq!(order["items"], json!([]));
        assert_eq!(order["new_member"], json!(["SUMMER"]));
        assert!(order.get("shipping_option").is_none());
    }
}

#[tokio::test]
async fn what_was_stored_is_checked_before_it_is_sent() {
    let mock = Mock::new();
    let client = mock.client();
    let stored = serde_json::to_string(&capture(&client)).unwrap();
    for (bad, path) in [
        (
            stored.replace(r#""amount":29990,"#, ""),
            "`amount`: missing required value",
        ),
        (
            stored.replace("29990", "\"29990\""),
            "`amount`: expected a whole number of minor units, found text",
        ),
        (stored.replace("T1", ""), "would change the path"),
    ] {
        assert_ne!(bad, stored);
        let capture: CaptureTransaction = serde_json::from_str(&bad).unwrap();
        let error = client.send(capture).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(path), "{error}");
    }
    // A known name has a setter.
    let known = client
        .payments()
        .capture_transaction(TransactionId::new("T1"))
        .amount(Amount::minor(1))
        .extra("capture_reference", "x");
    let error = known.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("`capture_reference`"), "{error}");
    assert!(mock.requests().is_empty());
}

/// What was read and is sent on lacks what only the server says, and what nobody knows.
#[tokio::test]
async fn what_was_read_is_sent_on() {
    let mock = Mock::new();
    let client = mock.client();
    mock.on::<CreateSession>().value(Default::default());
    let order: SessionOrder = serde_json::from_value(json!({
        "amount": 1000, "currency": "NOK", "merchant_reference": "1", "unknown": 1,
        "items": [{"line_id": "1", "amount": 1000, "quantity": [2], "unknown": {}}]
    }))
    .unwrap();
    assert_eq!(order.items[0].unread()[0].path(), "$.quantity");
    let url = SessionUrls::builder()
        .return_url("https://shop.example")
        .build();
    let session = client.payments().create_session().order(order).url(url);
    session.profile_id(ProfileId::new("default")).await.unwrap();
    // A value of another kind is not known to be wrong: it goes as it came.
    assert_eq!(
        body(&mock)["order"],
        json!({"amount": 1000, "currency": "NOK", "merchant_reference": "1",
            "items": [{"line_id": "1", "amount": 1000, "quantity": [2]}]})
    );
}

#[test]
fn a_transaction_is_stored() {
    let json = json!({"id": "T1", "amount": 5, "currency": "NOK", "status": "NEW_ONE", "new": [1], "events": [
        {"event": "CAPTURE", "amount": 5, "new": {}}, 7
    ]});
    let transaction: Transaction = serde_json::from_value(json.clone()).unwrap();
    let stored = serde_json::to_string(&transaction).unwrap();
    assert_eq!(
        serde_json::from_str::<Transaction>(&stored).unwrap(),
        transaction
    );
    assert_eq!(serde_json::from_str::<Value>(&stored).unwrap(), json);
}
