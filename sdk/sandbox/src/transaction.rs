//! A transaction as the sandbox changes it: sums, status and events.

use dintero::mock;
use dintero::payments::{
    SettlementStatus, Transaction, TransactionEvent, TransactionEventError,
    TransactionEventErrorType, TransactionEventId, TransactionEventKind,
};
use dintero::{Amount, Timestamp};

use crate::shares;
use crate::store::Record;

impl Record for Transaction {
    const TABLE: &'static str = "transactions";
}

/// Payment types whose uncaptured rest can be voided.
const RELEASES_THE_REST: [&str; 9] = [
    "klarna.billie",
    "klarna.klarna",
    "payex.applepay",
    "payex.clicktopay",
    "payex.creditcard",
    "payex.googlepay",
    "payex.mobilepay",
    "payex.vipps",
    "vipps",
];

/// The parts of the authorized amount, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) authorized: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    /// Released.
    pub(crate) voided: i64,
    /// Accepted with 202, and not done yet.
    pub(crate) capturing: i64,
    pub(crate) refunding: i64,
    pub(crate) voiding: i64,
}

impl Sums {
    pub(crate) fn of(transaction: &Transaction) -> Self {
        let mut sums = Self {
            authorized: transaction.amount.minor_units(),
            ..Self::default()
        };
        for event in &transaction.events {
            let amount = event.amount.map_or(0, Amount::minor_units);
            let is_done = event.success == Some(true);
            let sum = match event.event {
                Some(TransactionEventKind::Capture) if is_done => &mut sums.captured,
                Some(TransactionEventKind::Refund) if is_done => &mut sums.refunded,
                Some(TransactionEventKind::Void) if is_done => &mut sums.voided,
                Some(TransactionEventKind::InitiateCapture) => &mut sums.capturing,
                Some(TransactionEventKind::InitiateRefund) => &mut sums.refunding,
                Some(TransactionEventKind::InitiateVoid) => &mut sums.voiding,
                _ => continue,
            };
            // An outcome, good or bad, ends what was initiated.
            let is_open = |sum: &str| !sum.is_empty() && !has_outcome(transaction, sum);
            let is_initiation = matches!(
                event.event,
                Some(
                    TransactionEventKind::InitiateCapture
                        | TransactionEventKind::InitiateRefund
                        | TransactionEventKind::InitiateVoid
                )
            );
            if !is_initiation || is_open(event.request_id.as_deref().unwrap_or_default()) {
                *sum += amount;
            }
        }
        sums
    }

    /// The amount that can still be captured or voided.
    pub(crate) fn uncaptured(&self) -> i64 {
        self.authorized - self.captured - self.voided - self.capturing - self.voiding
    }

    /// The amount that can still be refunded.
    pub(crate) fn unrefunded(&self) -> i64 {
        self.captured - self.refunded - self.refunding
    }

    /// The status of an authorized transaction. A void after a partial capture leaves the status, because Dintero does
    /// not document another one.
    pub(crate) fn status(&self) -> &'static str {
        let is_all = self.captured >= self.authorized;
        match (self.captured, self.refunded) {
            (0, _) if self.voided > 0 => "AUTHORIZATION_VOIDED",
            (0, _) => "AUTHORIZED",
            (_, 0) if is_all => "CAPTURED",
            (_, 0) => "PARTIALLY_CAPTURED",
            (captured, refunded) if is_all && refunded >= captured => "REFUNDED",
            _ if is_all => "PARTIALLY_REFUNDED",
            _ => "PARTIALLY_CAPTURED_REFUNDED",
        }
    }
}

/// Whether a later event is the outcome of the request with this id.
fn has_outcome(transaction: &Transaction, request: &str) -> bool {
    let mut events = transaction.events.iter();
    events.any(|event| event.correlation_request_id.as_deref() == Some(request))
}

/// Whether a void after a partial capture is possible.
pub(crate) fn releases_the_rest(transaction: &Transaction) -> bool {
    let product = transaction.payment_product_type.as_ref();
    product.is_some_and(|product| RELEASES_THE_REST.contains(&product.as_str()))
}

/// A new event, at this time.
pub(crate) fn event(kind: &str, amount: i64, success: bool, now: &Timestamp) -> TransactionEvent {
    mock::value(|event: &mut TransactionEvent| {
        event.event = Some(kind.into());
        event.amount = Some(Amount::minor(amount));
        event.success = Some(success);
        event.created_at = Some(now.clone());
    })
}

/// The error of an event.
pub(crate) fn error(code: &str, message: &str) -> TransactionEventError {
    mock::value(|error: &mut TransactionEventError| {
        error.code = Some(code.to_owned());
        error.message = Some(message.to_owned());
        // Dintero's kinds of failure are values of `type`; its codes are not documented.
        if let Ok(kind) = TransactionEventErrorType::try_parse(code) {
            error.type_ = dintero::List::from(vec![kind]).into();
        }
    })
}

/// Adds an event, and brings the status up to date. Returns the event's id.
pub(crate) fn add(
    transaction: &mut Transaction,
    mut event: TransactionEvent,
    now: &Timestamp,
) -> String {
    let id = (transaction.events.len() + 1).to_string();
    event.id = Some(TransactionEventId::new(&id));
    let kind = event.event.clone();
    let success = event.success == Some(true);
    if shares::moves_money(&event) {
        if event.splits.is_empty() {
            event.splits = shares::splits(transaction, &event).into();
        }
        // The amount that was paid out before is a part now.
        if transaction.settlement_status == Some(SettlementStatus::Settled) {
            transaction.settlement_status = Some(SettlementStatus::PartiallySettled);
        }
    }
    transaction.events.push(event);
    let changes = matches!(
        kind,
        Some(
            TransactionEventKind::Authorize
                | TransactionEventKind::Capture
                | TransactionEventKind::Refund
                | TransactionEventKind::Void
        )
    );
    if changes && success {
        transaction.status = Sums::of(transaction).status().into();
    }
    if let Some(last) = transaction.events.last_mut() {
        last.transaction_status = Some(transaction.status.clone());
    }
    transaction.updated_at = Some(now.clone());
    transaction.version = Some(transaction.version.unwrap_or(0) + 1);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(amount: i64, events: &[(&str, i64, bool)]) -> Transaction {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let mut transaction =
            mock::value(|one: &mut Transaction| one.amount = Amount::minor(amount));
        add(
            &mut transaction,
            event("AUTHORIZE", amount, true, &now),
            &now,
        );
        for (kind, amount, success) in events {
            add(&mut transaction, event(kind, *amount, *success, &now), &now);
        }
        transaction
    }

    #[test]
    fn the_status_follows_the_sums() {
        let of = |events: &[(&str, i64, bool)]| transaction(100, events).status.to_string();
        assert_eq!(of(&[]), "AUTHORIZED");
        assert_eq!(of(&[("VOID", 100, true)]), "AUTHORIZATION_VOIDED");
        assert_eq!(of(&[("CAPTURE", 100, true)]), "CAPTURED");
        assert_eq!(of(&[("CAPTURE", 40, true)]), "PARTIALLY_CAPTURED");
        assert_eq!(
            of(&[("CAPTURE", 40, true), ("CAPTURE", 60, true)]),
            "CAPTURED"
        );
        assert_eq!(
            of(&[("CAPTURE", 40, true), ("VOID", 60, true)]),
            "PARTIALLY_CAPTURED"
        );
        assert_eq!(
            of(&[("CAPTURE", 40, true), ("REFUND", 40, true)]),
            "PARTIALLY_CAPTURED_REFUNDED"
        );
        assert_eq!(
            of(&[("CAPTURE", 100, true), ("REFUND", 40, true)]),
            "PARTIALLY_REFUNDED"
        );
        assert_eq!(
            of(&[("CAPTURE", 100, true), ("REFUND", 100, true)]),
            "REFUNDED"
        );
        assert_eq!(of(&[("CAPTURE", 100, false)]), "AUTHORIZED");
    }

    #[test]
    fn what_was_initiated_counts_until_its_outcome() {
        let mut transaction = transaction(100, &[]);
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let mut initiated = event("INITIATE_CAPTURE", 70, true, &now);
        initiated.request_id = Some("a".to_owned());
        add(&mut transaction, initiated, &now);
        assert_eq!(Sums::of(&transaction).uncaptured(), 30);
        let mut failed = event("CAPTURE", 70, false, &now);
        failed.correlation_request_id = Some("a".to_owned());
        add(&mut transaction, failed, &now);
        assert_eq!(Sums::of(&transaction).uncaptured(), 100);
    }
}
