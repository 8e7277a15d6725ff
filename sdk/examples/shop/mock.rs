//! Dintero as the shop sees it: sessions that are paid at once, and transactions that change with what is sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dintero::mock::{self, Mock, MockResponse};
use dintero::payments::{
    AttachmentId, CaptureTransaction, CreateSession, DownloadSettlementAttachment, GetTransaction,
    ListSettlements, ListTransactions, RefundTransaction, SettlementId, SettlementItem,
    SettlementItemAttachment, SettlementPage, VoidTransaction,
};
use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct Dintero(Mutex<BTreeMap<String, Value>>);

impl Dintero {
    /// Adds rules that share one state, so that a capture is visible in later reads. All of them are optional.
    pub(crate) fn behind(mock: &Mock) -> Arc<Self> {
        let dintero = Arc::new(Self::default());
        let this = Arc::clone(&dintero);
        let rule = mock.on::<CreateSession>().optional();
        rule.response_with(move |call| MockResponse::json(200, &this.open(call)));
        let this = Arc::clone(&dintero);
        let rule = mock.on::<GetTransaction>().optional();
        rule.response_with(
            move |call| match this.lock().get(call.transaction_id.as_str()) {
                Some(transaction) => MockResponse::json(200, transaction),
                None => MockResponse::error(404, "NOT_FOUND", "made up"),
            },
        );
        let this = Arc::clone(&dintero);
        mock.on::<CaptureTransaction>()
            .optional()
            .response_with(move |call| {
                let event = json!({"event": "CAPTURE", "success": true, "amount": call.body.amount,
                "event_reference": call.body.capture_reference});
                MockResponse::json(200, &this.carry_out(call.transaction_id.as_str(), event))
            });
        let this = Arc::clone(&dintero);
        mock.on::<RefundTransaction>()
            .optional()
            .response_with(move |call| {
                let event = json!({"event": "REFUND", "success": true, "amount": call.body.amount,
                "event_reference": call.body.refund_reference});
                MockResponse::json(200, &this.carry_out(call.transaction_id.as_str(), event))
            });
        let this = Arc::clone(&dintero);
        mock.on::<VoidTransaction>()
            .optional()
            .response_with(move |call| {
                let event = json!({"event": "VOID", "success": true});
                MockResponse::json(200, &this.carry_out(call.transaction_id.as_str(), event))
            });
        let this = Arc::clone(&dintero);
        mock.on::<ListTransactions>()
            .optional()
            .response_with(move |call| {
                let first = call.starting_after.is_none();
                let all = this
                    .lock()
                    .values()
                    .filter(|_| first)
                    .cloned()
                    .collect::<Vec<_>>();
                MockResponse::json(200, &all)
            });
        let file = mock::value(|file: &mut SettlementItemAttachment| {
            file.id = Some(AttachmentId::new("file"));
        });
        let settlement = mock::value(|settlement: &mut SettlementItem| {
            settlement.id = Some(SettlementId::new("settlement"));
            settlement.attachments = [file].into();
        });
        let all = mock::value(|all: &mut SettlementPage| all.items = [settlement].into());
        mock.on::<ListSettlements>()
            .optional()
            .value_with(move |_| all.clone());
        let rule = mock.on::<DownloadSettlementAttachment>().optional();
        rule.value_with(|_| "day;amount".into());
        dintero
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The customer pays at once: the transaction has the number of the session.
    fn open(&self, call: &CreateSession) -> Value {
        let mut all = self.lock();
        let number = all.len() + 1;
        let id = format!("T12345678.t{number}");
        let order = call.body.order.as_ref();
        let transaction = json!({
            "id": id, "session_id": format!("T12345678.s{number}"), "status": "AUTHORIZED", "payment_product_type": "vipps",
            "amount": order.and_then(|order| order.amount), "currency": "NOK",
            "merchant_reference": order.and_then(|order| order.merchant_reference.as_ref()),
            "metadata": call.body.metadata, "events": [],
        });
        all.insert(id, transaction);
        json!({"id": format!("T12345678.s{number}"), "url": format!("https://checkout.example/view/{number}")})
    }

    /// Adds the event, and works out the status that it leads to.
    pub(crate) fn carry_out(&self, id: &str, event: Value) -> Value {
        let mut all = self.lock();
        let Some(transaction) = all.get_mut(id) else {
            return Value::Null;
        };
        if let Some(events) = transaction["events"].as_array_mut() {
            events.push(event);
        }
        let sum = |kind: &str| -> i64 {
            let events = transaction["events"].as_array().into_iter().flatten();
            let ours = events.filter(|event| event["event"] == kind);
            ours.filter_map(|event| event["amount"].as_i64()).sum()
        };
        let amount = transaction["amount"].as_i64().unwrap_or_default();
        let (captured, refunded) = (sum("CAPTURE"), sum("REFUND"));
        transaction["status"] = match (captured, refunded) {
            (0, _) => "AUTHORIZATION_VOIDED",
            (some, 0) if some < amount => "PARTIALLY_CAPTURED",
            (_, 0) => "CAPTURED",
            (some, back) if back < some => "PARTIALLY_REFUNDED",
            _ => "REFUNDED",
        }
        .into();
        transaction.clone()
    }
}
