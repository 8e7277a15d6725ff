#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::time::Duration;

use dintero::mock::{Fault, Mock, MockResponse, value};
use dintero::payments::{
    CaptureTransaction, CreateSession, RefundTransaction, SessionCreated, SessionId, Transaction,
    TransactionId,
};
use dintero::{Amount, ErrorKind};

use crate::shop::{Moved, Order, check_out, ship, take_back};

fn order() -> Order {
    Order {
        number: "1042".to_owned(),
        total: Amount::minor(29_990),
    }
}

fn id() -> TransactionId {
    TransactionId::new("T12345678.abc")
}

#[tokio::test]
async fn the_customer_pays_what_was_ordered() {
    let mock = Mock::new();
    let session = value(|session: &mut SessionCreated| {
        session.id = SessionId::new("s");
        session.url = Some("https://checkout.example/view/1".to_owned());
    });
    mock.on::<CreateSession>().times(1).value(session);
    let url = check_out(&mock.client(), &order()).await.unwrap();
    assert_eq!(url, "https://checkout.example/view/1");
    let [call] = mock.calls::<CreateSession>().try_into().unwrap();
    let order = call.body.order.unwrap();
    assert_eq!(order.amount, Some(Amount::minor(29_990)));
    assert_eq!(order.merchant_reference.as_deref(), Some("1042"));
    mock.verify();
}

#[tokio::test]
async fn a_capture_goes_out_again_after_429_only() {
    let mock = Mock::new();
    let client = mock.client();
    let capture = client
        .payments()
        .capture_transaction(id())
        .amount(order().total);
    mock.expect(capture.capture_reference("1042").build())
        .responses([
            MockResponse::rate_limited(Duration::from_secs(3)),
            MockResponse::value(&value(|transaction: &mut Transaction| {
                transaction.id = id();
                transaction.amount = order().total;
                transaction.status = "CAPTURED".into();
            })),
        ]);
    assert_eq!(ship(&client, &id(), &order()).await.unwrap(), Moved::Yes);
    assert!(mock.waits()[0] >= Duration::from_secs(3));
    mock.verify();

    let mock = Mock::new();
    mock.on::<CaptureTransaction>()
        .fault(Fault::ConnectionReset);
    let moved = ship(&mock.client(), &id(), &order()).await.unwrap();
    assert_eq!(moved, Moved::Unknown);
    assert_eq!(mock.attempts::<CaptureTransaction>(), 1);
}

#[tokio::test]
async fn a_refused_refund_is_shown_to_somebody() {
    let mock = Mock::new();
    mock.on::<RefundTransaction>()
        .when(|call| call.body.amount == Some(Amount::minor(29_990)))
        .error(400, "REFUND_EXPIRED", "made up for this test");
    let moved = take_back(&mock.client(), &id(), &order()).await.unwrap();
    assert_eq!(moved, Moved::Refused("REFUND_EXPIRED".to_owned()));
}

#[tokio::test]
async fn without_a_connection_the_shop_says_so() {
    let mock = Mock::new();
    mock.on::<RefundTransaction>()
        .fault(Fault::ConnectionRefused);
    let error = take_back(&mock.client(), &id(), &order())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}
