//! Responses of the mock: the first capture is carried out later, the response to the second is lost.

use std::sync::{Arc, Mutex, PoisonError};

use dintero::mock::{self, Fault, Mock, MockResponse};
use dintero::payments::{
    CaptureTransaction, ExtendAuthorization, GetTransaction, RefundTransaction, Transaction,
    TransactionEvent, TransactionId, VoidTransaction,
};
use dintero::{Amount, Currency};

/// Header and value with the request id of the first capture, which its event has.
const CALL: (&str, &str) = ("event-request-id", "capture-1");

/// The events of the order that is sent in two parcels.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<TransactionEvent>>>);

pub(crate) fn rules(mock: &Mock) {
    let parcels = Events::default();
    let events = parcels.clone();
    mock.on::<GetTransaction>()
        .value_with(move |call| events.transaction(&call.transaction_id));

    let events = parcels.clone();
    mock.on::<CaptureTransaction>()
        .when(|call| call.body.capture_reference.as_deref() == Some("parcel-1"))
        .times(1)
        .response_with(move |call| {
            let before = events.transaction(&call.transaction_id);
            let mut done = event("CAPTURE", call.body.amount, "parcel-1");
            done.correlation_request_id = Some(CALL.1.to_owned());
            events.add(done);
            MockResponse::value(&before)
                .with_status(202)
                .header(CALL.0, CALL.1)
        });

    let events = parcels.clone();
    mock.on::<CaptureTransaction>()
        .when(|call| call.body.capture_reference.as_deref() == Some("parcel-2"))
        .times(1)
        .response_with(move |call| {
            events.add(event("CAPTURE", call.body.amount, "parcel-2"));
            MockResponse::fault(Fault::ConnectionReset)
        });

    let events = parcels.clone();
    mock.on::<RefundTransaction>().value_with(move |call| {
        events.add(event("REFUND", call.body.amount, "return-1"));
        events.transaction(&call.transaction_id)
    });

    mock.on::<ExtendAuthorization>()
        .value_with(move |call| parcels.transaction(&call.transaction_id));
    mock.on::<VoidTransaction>()
        .value_with(|call| transaction(&call.transaction_id, "AUTHORIZATION_VOIDED", Vec::new()));
}

impl Events {
    fn add(&self, event: TransactionEvent) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }

    /// Returns the transaction after these events.
    fn transaction(&self, id: &TransactionId) -> Transaction {
        let events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = match events.len() {
            0 => "AUTHORIZED",
            1 => "PARTIALLY_CAPTURED",
            2 => "CAPTURED",
            _ => "PARTIALLY_REFUNDED",
        };
        transaction(id, status, events.clone())
    }
}

fn transaction(id: &TransactionId, status: &str, events: Vec<TransactionEvent>) -> Transaction {
    mock::value(|transaction: &mut Transaction| {
        transaction.id = id.clone();
        transaction.amount = Amount::minor(29_990);
        transaction.currency = Currency::NOK;
        transaction.payment_product_type = Some("klarna.klarna".into());
        transaction.status = status.into();
        transaction.events = events.into();
    })
}

fn event(kind: &str, amount: Option<Amount>, reference: &str) -> TransactionEvent {
    mock::value(|event: &mut TransactionEvent| {
        event.event = Some(kind.into());
        event.amount = amount;
        event.event_reference = Some(reference.to_owned());
        event.success = Some(true);
    })
}
