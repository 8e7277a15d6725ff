//! What an express checkout asks, and the answers.

use dintero::payments::{
    DiscountCodesOrderUpdate, DiscountCodesResponse, SessionOrderItem, ShipmentOption,
    ShippingAddressOrderUpdate, ShippingAddressResponse,
};
use dintero::webhook::{ErrorKind, unverified_session};
use dintero::{Amount, Currency, Number};
use serde_json::{Value, json};

fn option(amount: i64) -> ShipmentOption {
    ShipmentOption::builder()
        .id("parcel")
        .line_id("parcel-home")
        .title("Home")
        .operator("Bring")
        .amount(Amount::minor(amount))
        .build()
}

fn item(quantity: Number) -> SessionOrderItem {
    SessionOrderItem::builder()
        .line_id("1")
        .quantity(quantity)
        .amount(Amount::minor(2_000))
        .build()
}

#[test]
fn the_session_is_read() {
    let session = unverified_session(
        br#"{"id":"S1","order":{"amount":2000,"currency":"NOK","discount_codes":["SUMMER"],
        "shipping_address":{"country":"NO","postal_code":"0349"}},"express":{"shipping_options":[]},"more":1}"#,
    )
    .unwrap();
    let order = session.order.unwrap();
    assert_eq!(order.amount, Some(Amount::minor(2_000)));
    assert_eq!(order.discount_codes, ["SUMMER"]);
    let address = order.shipping_address.unwrap();
    assert_eq!(address.postal_code.as_deref(), Some("0349"));

    let session = unverified_session(r#"{"id":"S1","order":{"amount":"Kari"}}"#).unwrap();
    let places = session.unread();
    assert_eq!(places[0].path(), "$.order.amount");
    assert!(!format!("{session:?} {places:?}").contains("Kari"));
    let error = unverified_session(r#"["Kari"]"#).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Json);
    assert!(!format!("{error:?}").contains("Kari"));
}

#[test]
fn shipping() {
    let order = ShippingAddressOrderUpdate::builder()
        .amount(Amount::minor(5_900))
        .currency(Currency::NOK)
        .items([item(Number::from(2))])
        .build();
    let reply = ShippingAddressResponse::builder()
        .shipping_options([option(3_900)])
        .order(order)
        .build();
    let response = reply.into_http_response().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(
        body,
        json!({
            "shipping_options": [
                {"id": "parcel", "line_id": "parcel-home", "title": "Home", "operator": "Bring", "amount": 3900}
            ],
            "order": {"amount": 5900, "currency": "NOK", "items": [{"line_id": "1", "quantity": 2, "amount": 2000}]}
        })
    );
    let nowhere = ShippingAddressResponse::builder().shipping_options(Vec::<ShipmentOption>::new());
    assert_eq!(
        nowhere.build().to_json().unwrap(),
        r#"{"shipping_options":[]}"#
    );
}

#[test]
fn discount_codes() {
    let order = DiscountCodesOrderUpdate::builder()
        .amount(Amount::minor(2_000))
        .discount_codes(["SUMMER"])
        .build();
    let reply = DiscountCodesResponse::builder()
        .shipping_options([option(0)])
        .order(order)
        .build();
    let body: Value = serde_json::from_str(reply.into_http_response().unwrap().body()).unwrap();
    assert_eq!(
        body["order"],
        json!({"amount": 2000, "discount_codes": ["SUMMER"]})
    );
    assert_eq!(body["shipping_options"][0]["amount"], 0);
}

#[test]
fn what_json_lacks_is_no_panic() {
    let order = DiscountCodesOrderUpdate::builder()
        .amount(Amount::minor(1))
        .items([item(Number::from(f64::NAN))])
        .build();
    let reply = DiscountCodesResponse::builder()
        .shipping_options([option(0)])
        .order(order)
        .build();
    assert_eq!(reply.to_json().unwrap_err().kind(), ErrorKind::Reply);
}
