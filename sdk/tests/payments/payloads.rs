//! What Dintero's documentation shows and what public integrations have received, value by value: read, complete, and
//! written back equal.

use dintero::mock::{Mock, MockResponse};
use dintero::payments::{
    CheckoutAuthorizationEvent, CheckoutTransactionEvent, CustomerToken, GetSession,
    GetTransaction, SavedCardToken, SavedTokens, SessionId, SessionOrderUpdate, StoredSession,
    SwishConfigurationSwish, Transaction, TransactionEventKind, TransactionId,
    TransactionPaymentProductType, TransactionStatus,
};
use dintero::rt::Write;
use dintero::{Amount, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads JSON and writes it back; `unread` are the places that are not as documented.
#[track_caller]
fn whole<T: DeserializeOwned + Serialize + Write>(json: &Value, unread: &[&str]) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(
        with_whole_numbers(serde_json::to_value(&value).unwrap()),
        with_whole_numbers(json.clone())
    );
    let places = dintero::rt::unread(&value);
    let places: Vec<&str> = places.iter().map(|place| place.path()).collect();
    assert_eq!(places, unread);
    value
}

/// `5.0` is written as `5`.
fn with_whole_numbers(json: Value) -> Value {
    match json {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => json!(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(members) => (members.into_iter())
            .map(|(name, value)| (name, with_whole_numbers(value)))
            .collect(),
        other => other,
    }
}

/// The same by the client, which has a reader of its own.
async fn by_the_client(json: &Value) -> Transaction {
    let mock = Mock::new();
    mock.on::<GetTransaction>()
        .response(MockResponse::raw(200, json.to_string()));
    let client = mock.client();
    let id = json["id"].as_str().unwrap();
    client
        .payments()
        .get_transaction(TransactionId::new(id))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_shop_reads_its_own_metadata() {
    let json = json!({
        "id": "T1", "amount": 1000, "currency": "NOK", "status": "CAPTURED",
        "metadata": {"ext_order": "1042", "woo_customer_id": "7", "system_x_id": "Magento", "number_x": 2.4},
        "events": [{
            "event": "CAPTURE", "success": true, "amount": 1000, "metadata": {"ext_parcel": "1042-2"},
            "items": [{"line_id": "1", "amount": 1000, "splits": [{"payout_destination_id": "P1", "amount": 500}]}]
        }],
        "session": {"id": "S1", "metadata": {"ext_order": "1042", "number_x": 5}}
    });
    let transaction: Transaction = whole(&json, &[]);
    assert_eq!(by_the_client(&json).await, transaction);
    let metadata = transaction.metadata.unwrap();
    assert_eq!(metadata.extra.get("ext_order"), Some(&json!("1042")));
    assert_eq!(metadata.extra.get("woo_customer_id"), Some(&json!("7")));
    let event = &transaction.events[0];
    assert_eq!(event.amount, Some(Amount::minor(1000)));
    let parcel = event.metadata.as_ref().unwrap();
    assert_eq!(
        serde_json::to_value(parcel).unwrap()["ext_parcel"],
        "1042-2"
    );
    let split = &event.items[0].splits[0];
    assert_eq!(split.amount, Some(Amount::minor(500)));
}

#[tokio::test]
async fn the_metadata_of_a_session() {
    let json = json!({
        "id": "S1", "metadata": {"ext_system_x_id": "XAB1239", "ext_number_x": 1921, "woo_customer_id": "7"},
        "order": {"amount": 1000, "currency": "NOK", "merchant_reference": "1"}
    });
    let session: StoredSession = whole(&json, &[]);
    let mock = Mock::new();
    mock.on::<GetSession>()
        .response(MockResponse::raw(200, json.to_string()));
    let read = mock
        .client()
        .payments()
        .get_session(SessionId::new("S1"))
        .await;
    assert_eq!(read.unwrap(), session);
    let metadata = serde_json::to_value(session.metadata.unwrap()).unwrap();
    assert_eq!(metadata["ext_system_x_id"], "XAB1239");
    assert_eq!(metadata["ext_number_x"], 1921);
    assert_eq!(metadata["woo_customer_id"], "7");
}

/// The documentation's example of a callback's body.
#[tokio::test]
async fn a_transaction_out_of_the_documentation() {
    let json = json!({
        "payment_product": "bambora", "payment_product_type": "bambora.applepay", "amount": 72200, "currency": "NOK",
        "id": "<string>", "payout_destination_id": "<string>", "merchant_reference": "<string>", "channel": "ecommerce",
        "status": "AUTHORIZED", "url": {"callback_url": "<string>"},
        "events": [
            {"event": "INITIATE", "transaction_status": "INITIATED", "created_at": "2019-01-18T13:13:37.175Z",
                "success": true, "request_id": "a3dcc23125bc4363b9dae29ed25a4eb1"},
            {"event": "CAPTURE", "transaction_status": "PARTIALLY_CAPTURED", "created_at": "2019-01-18T15:37:00.879Z",
                "created_by": "99115ac5-2d10-4be4-8594-bbf5e3aa7dfc", "amount": 59700,
                "splits": [{"payout_destination_id": "P000000001", "amount": 29700},
                    {"payout_destination_id": "P000000002", "amount": 30000}],
                "fee_split": {"type": "proportional", "destinations": ["P000000001"]},
                "items": [{"amount": 59700, "quantity": 3, "line_id": "3"}], "success": true,
                "request_id": "27c71936004e48649c6dd437d314d90c"}
        ]
    });
    let transaction: Transaction = whole(&json, &[]);
    assert_eq!(by_the_client(&json).await, transaction);
    assert_eq!(transaction.amount, Amount::minor(72_200));
    assert_eq!(transaction.status, TransactionStatus::Authorized);
    assert_eq!(
        transaction.payment_product_type.unwrap().as_str(),
        "bambora.applepay"
    );
    let captured = &transaction.events[1];
    assert_eq!(captured.event, Some(TransactionEventKind::Capture));
    assert_eq!(captured.amount, Some(Amount::minor(59_700)));
    let at = Timestamp::parse("2019-01-18T15:37:00.879Z").unwrap();
    assert_eq!(captured.created_at, Some(at));
    assert_eq!(captured.splits[1].amount, Some(Amount::minor(30_000)));
    let fee = captured.fee_split.as_ref().unwrap();
    assert_eq!(fee.destinations[0].as_str(), "P000000001");
}

/// As a shop system of the .NET world models it, after a live response.
#[tokio::test]
async fn a_card_payment_with_a_failed_capture() {
    let json = json!({
        "payment_product": "payex", "amount": 10000, "currency": "NOK", "merchant_reference": "1042",
        "customer_ip": "127.0.0.1", "payment_product_type": "payex.creditcard", "status": "CAPTURED",
        "account_id": "T12345678", "created_at": "2023-03-27T13:07:23.540Z", "session_id": "T12345678.session",
        "version": 4, "id": "T12345678.transaction",
        "card": {"brand": "Visa", "masked_pan": "476173******0416", "issuer_authorization_code": "L00302"},
        "settlement_status": "NOT_SETTLED",
        "events": [
            {"id": "a", "event": "AUTHORIZE", "items": [], "amount": 10000, "success": true,
                "metadata": {"payex:transaction:number": 40123456790_i64, "payex:transaction:state": "Completed"},
                "request_id": "f5", "transaction_status": "AUTHORIZED"},
            {"id": "b", "event": "CAPTURE", "amount": 10000, "success": false,
                "items": [{"id": "chair", "vat": 25.0, "amount": 10000.0, "line_id": "1", "quantity": 1,
                    "vat_amount": 2000.0, "description": "Chair"}],
                "error": {"message": "Operation failed", "code": "E1"}, "transaction_status": "CAPTURED"},
            {"id": "c", "event": "CAPTURE", "items": [], "amount": 10000, "success": true,
                "metadata": {"payout_correlation_id": "x1"}, "transaction_status": "CAPTURED"}
        ],
        "metadata": {"payex:payment:number": 40123456789_i64, "merchant_name": "shop", "system_x_id": "Magento"},
        "url": {"callback_url": "https://shop.example/c", "return_url": "https://shop.example/r"}
    });
    let transaction: Transaction = whole(&json, &[]);
    assert_eq!(by_the_client(&json).await, transaction);
    assert_eq!(transaction.capturable(), Some(Amount::ZERO));
    assert_eq!(transaction.refundable(), Some(Amount::minor(10_000)));
    let item = &transaction.events[1].items[0];
    assert_eq!(item.amount, Some(Amount::minor(10_000)));
    assert_eq!(item.vat_amount, Some(Amount::minor(2_000)));
    let error = transaction.events[1].error.as_ref().unwrap();
    assert_eq!(error.code.as_deref(), Some("E1"));
    let card = transaction.card.unwrap();
    assert_eq!(card.issuer_authorization_code.as_deref(), Some("L00302"));
    assert_eq!(transaction.account_id.unwrap().as_str(), "T12345678");
    assert_eq!(transaction.version, Some(4));
    assert_eq!(
        transaction.url.unwrap().return_url.as_deref(),
        Some("https://shop.example/r")
    );
}

/// A subscription's plugin takes the token of the next payment from here.
#[test]
fn tokens_by_payment_type() {
    let json = json!({
        "id": "T12345678.1", "amount": 0, "currency": "SEK", "status": "AUTHORIZED", "payment_product": "swish",
        "payment_product_type": "swish.swish",
        "customer": {"email": "a@b.no", "phone_number": "+4799999999", "tokens": {
            "swish.swish": {"payment_token": "tok-1"}, "payex.creditcard": {"payment_token": "tok-2"}
        }},
        "card": {"payment_token": "tok-3"}
    });
    let transaction: Transaction = whole(&json, &[]);
    assert_eq!(
        transaction.payment_product_type,
        Some(TransactionPaymentProductType::SwishSwish)
    );
    let tokens = transaction.customer.unwrap().tokens;
    let token = tokens.get("swish.swish").unwrap();
    assert_eq!(token.payment_token.as_deref(), Some("tok-1"));
    assert!(!format!("{token:?}").contains("tok-1"));
}

/// What plugins send and no document has, by name.
#[test]
fn requests_of_public_integrations() {
    let tokens = SavedTokens::builder()
        .swish_swish(SavedCardToken::builder().payment_token("tok-1").build())
        .additional([(
            "payex.vipps",
            CustomerToken::builder().payment_token("tok-2").build(),
        )]);
    assert_eq!(
        serde_json::to_value(tokens.build()).unwrap(),
        json!({"swish.swish": {"payment_token": "tok-1"}, "payex.vipps": {"payment_token": "tok-2"}})
    );
    let swish = SwishConfigurationSwish::builder()
        .enabled(true)
        .generate_payment_token(true);
    assert_eq!(
        serde_json::to_value(swish.build()).unwrap(),
        json!({"enabled": true, "generate_payment_token": true})
    );
    let order = SessionOrderUpdate::builder()
        .merchant_reference("1042")
        .discount_codes(["SUMMER20"]);
    assert_eq!(
        serde_json::to_value(order.build()).unwrap(),
        json!({"merchant_reference": "1042", "discount_codes": ["SUMMER20"]})
    );
}

#[test]
fn a_session_with_empty_texts() {
    let json = json!({
        "account_id": "T12345678", "id": "T12345678.1", "created_at": "2020-10-22T06:30:11.634Z",
        "transaction_id": "T12345678.2", "url": {"return_url": "https://shop.example/r"},
        "events": [{"id": "e1", "name": "VISITED", "created_at": "2020-10-22T06:30:22.634Z",
            "details": {"amount": 6189, "payex:payment:payee_info:payee_name": "DINTERO AS"}}]
    });
    let mut received = json.clone();
    // Reads as absent, and is written back.
    received["cancelled_at"] = json!("");
    let mut session: StoredSession = serde_json::from_value(received.clone()).unwrap();
    assert_eq!(session.cancelled_at, None);
    assert_eq!(serde_json::to_value(&session).unwrap(), received);
    assert_eq!(session.extra.remove("cancelled_at"), Some(json!("")));
    assert_eq!(session, whole(&json, &[]));
    assert_eq!(session.id.as_str(), "T12345678.1");
    assert_eq!(session.account_id.unwrap().as_str(), "T12345678");
    let details = session.events[0].details.as_ref().unwrap();
    assert_eq!(
        details.payex_payment_payee_info_payee_name.as_deref(),
        Some("DINTERO AS")
    );
}

#[test]
fn events_out_of_the_documentation() {
    let json = json!({
        "account_id": "P12345678", "event": "checkout_authorization", "event_delivery": "9ebb6d41",
        "authorization": {"merchant_reference": "ORDER-123", "session_id": "P12345678.session", "error": "cancelled"}
    });
    let event: CheckoutAuthorizationEvent = whole(&json, &[]);
    let authorization = event.authorization.unwrap();
    assert_eq!(
        authorization.merchant_reference.as_deref(),
        Some("ORDER-123")
    );

    // Neither amount nor currency: what is there is kept.
    let json = json!({
        "account_id": "P12345678", "event": "checkout_transaction", "event_delivery": "9ebb6d41",
        "transaction": {"id": "P12345678.t", "session_id": "P12345678.s", "merchant_reference": "ORDER-123",
            "created_at": "2019-08-24T14:15:22Z", "updated_at": "2019-08-24T14:15:22Z",
            "merchant_reference_2": "OTHER-ID-123", "status": "AUTHORIZED"}
    });
    let value: CheckoutTransactionEvent = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), json);
}

/// Captured answers that once failed as a whole, each for one odd value.
#[tokio::test]
async fn one_odd_value_costs_itself_only() {
    for (odd, place) in [
        (
            json!({"items": [{"vat_amount": 199.999_999_999_999_97}]}),
            "$.items[0].vat_amount",
        ),
        (json!({"customer": 7}), "$.customer"),
        (json!({"merchant_reference": 17}), "$.merchant_reference"),
        (json!({"store": {"id": 7}}), "$.store.id"),
        (json!({"created_at": 1_700_000_000}), "$.created_at"),
        (json!({"items": "none"}), "$.items"),
        (json!({"items": [{"line_id": 1}]}), "$.items[0].line_id"),
        (json!({"events": [{"amount": "12"}]}), "$.events[0].amount"),
        (
            json!({"events": [{"error": {"type": {"a": 1}}}]}),
            "$.events[0].error.type",
        ),
        (
            json!({"billing_address": {"first_name": 5}}),
            "$.billing_address.first_name",
        ),
    ] {
        let mut json = odd;
        for (name, value) in [
            ("id", json!("T1")),
            ("amount", json!(5)),
            ("currency", json!("NOK")),
            ("status", json!("CAPTURED")),
        ] {
            json[name] = value;
        }
        let transaction: Transaction = whole(&json, &[place]);
        assert_eq!(by_the_client(&json).await, transaction);
        assert_eq!(transaction.status, TransactionStatus::Captured);
    }
    for (tolerated, written) in [
        (json!({"card": []}), json!({"card": {}})),
        (json!({"metadata": []}), json!({"metadata": {}})),
        (json!({"customer": ""}), json!({"customer": ""})),
        (
            json!({"items": [{"quantity": "2"}]}),
            json!({"items": [{"quantity": 2}]}),
        ),
        (
            json!({"events": [{"error": {"type": "DO_NOT_RETRY"}}]}),
            json!({"events": [{"error": {"type": ["DO_NOT_RETRY"]}}]}),
        ),
    ] {
        let add = |mut json: Value| {
            for (name, value) in [
                ("id", json!("T1")),
                ("amount", json!(5)),
                ("currency", json!("NOK")),
                ("status", json!("CAPTURED")),
            ] {
                json[name] = value;
            }
            json
        };
        let transaction = by_the_client(&add(tolerated)).await;
        assert_eq!(serde_json::to_value(&transaction).unwrap(), add(written));
        assert_eq!(transaction.unread(), []);
    }
}
