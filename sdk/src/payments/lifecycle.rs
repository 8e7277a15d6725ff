//! Amounts of a transaction that can still be captured, refunded and voided.

use crate::Amount;
use crate::payments::{
    Transaction, TransactionEvent as Event, TransactionEventCorrection,
    TransactionEventKind as Kind, TransactionPaymentProductType as Product,
    TransactionStatus as Status,
};

impl Status {
    /// Returns whether the transaction can't change any more: `REFUNDED`, `AUTHORIZATION_VOIDED`, `DECLINED`, `FAILED`,
    /// `UNKNOWN`.
    ///
    /// `CAPTURED` is not final, because a capture can be refunded. A status unknown to this version is not final
    /// either.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::AuthorizationVoided
                | Self::Refunded
                | Self::Declined
                | Self::Failed
                | Self::Unknown
        )
    }

    /// Returns whether the rules below know what is left in this status. A status that a later document adds is unknown
    /// to them, although the type has it.
    fn has_rules(&self) -> bool {
        self.is_final()
            || matches!(
                self,
                Self::Initiated
                    | Self::OnHold
                    | Self::Authorized
                    | Self::PartiallyCaptured
                    | Self::PartiallyCapturedRefunded
                    | Self::Captured
                    | Self::PartiallyRefunded
            )
    }
}

/// Amounts that can still be captured, refunded and voided, computed from `status`, `amount` and `events` as they were
/// when the transaction was read. No request is sent; Dintero may still reject the operation.
///
/// `Some` of zero means that nothing is left. `None` means that the amount is unknown: the status is unknown to this
/// version, the events don't contain the amounts, or one of them could not be read as documented
/// ([`unread`](Self::unread)). Treat `None` as "don't".
///
/// Failed events don't count. A pending operation (`INITIATE_CAPTURE`, `INITIATE_REFUND`, `INITIATE_VOID` without an
/// event that completes it) counts as done. If the `correction` of an event has a smaller remaining amount, that amount
/// is used.
///
/// ```
/// use dintero::{Amount, payments::Transaction};
///
/// let transaction: Transaction = serde_json::from_str(
///     r#"{"id": "T1", "status": "PARTIALLY_CAPTURED", "amount": 1000, "currency": "NOK", "events": [
///         {"event": "AUTHORIZE", "success": true},
///         {"event": "CAPTURE", "success": true, "amount": 400},
///         {"event": "CAPTURE", "success": false, "amount": 600}
///     ]}"#,
/// )?;
/// assert_eq!(transaction.capturable(), Some(Amount::minor(600)));
/// assert_eq!(transaction.refundable(), Some(Amount::minor(400)));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Transaction {
    /// Returns whether it can't change any more: [`TransactionStatus::is_final`](Status::is_final).
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.status.is_final()
    }

    /// Returns the amount that can still be captured.
    ///
    /// For `AUTHORIZED`, `PARTIALLY_CAPTURED` or `PARTIALLY_CAPTURED_REFUNDED`: `amount` minus the captured amount, and
    /// zero once the rest was voided. Zero for any other known status.
    #[must_use]
    pub fn capturable(&self) -> Option<Amount> {
        self.readable()?;
        let left = match &self.status {
            Status::Authorized => self.uncaptured(false)?,
            Status::PartiallyCaptured | Status::PartiallyCapturedRefunded => {
                self.uncaptured(true)?
            }
            _ => 0,
        };
        let least = self.corrected(|correction| correction.remaining_capture_amount)?;
        amount(left.min(least))
    }

    /// Returns the amount that can still be refunded.
    ///
    /// For `CAPTURED`, `PARTIALLY_CAPTURED`, `PARTIALLY_REFUNDED` or `PARTIALLY_CAPTURED_REFUNDED`: the captured amount
    /// minus the refunded amount. Without a capture event, `CAPTURED` and `PARTIALLY_REFUNDED` mean that the whole
    /// `amount` was captured. Zero for any other known status.
    #[must_use]
    pub fn refundable(&self) -> Option<Amount> {
        self.readable()?;
        let whole = i128::from(self.amount.minor_units());
        let captured = match (&self.status, self.sum(&Kind::Capture)?) {
            (Status::Captured | Status::PartiallyRefunded, None) => whole,
            (Status::PartiallyCaptured | Status::PartiallyCapturedRefunded, None) => return None,
            (
                Status::Captured
                | Status::PartiallyRefunded
                | Status::PartiallyCaptured
                | Status::PartiallyCapturedRefunded,
                Some(captured),
            ) => captured,
            _ => return amount(0),
        };
        let refunded = self.sum(&Kind::Refund)?;
        let untold = matches!(
            self.status,
            Status::PartiallyRefunded | Status::PartiallyCapturedRefunded
        );
        if untold && refunded.is_none() {
            return None;
        }
        let refunded = refunded.unwrap_or(0) + self.pending(&Kind::InitiateRefund)?;
        let least = self.corrected(|correction| correction.remaining_refund_amount)?;
        amount((captured - refunded).min(least))
    }

    /// Returns the amount that a void would release.
    ///
    /// For `AUTHORIZED`: the whole `amount`. For `PARTIALLY_CAPTURED`: the uncaptured amount, for the payment methods
    /// that allow it (cards, MobilePay, Vipps and wallets of PayEx; Vipps; Klarna and Billie), zero for others, and
    /// `None` for methods unknown to this version. For `ON_HOLD` and `PARTIALLY_CAPTURED_REFUNDED` it is not
    /// documented, so `None`. Zero for any other known status.
    #[must_use]
    pub fn voidable(&self) -> Option<Amount> {
        self.readable()?;
        let left = match &self.status {
            Status::Authorized => self.uncaptured(false)?,
            Status::PartiallyCaptured => match self.payment_product_type.as_ref()? {
                Product::Unrecognized(_) => return None,
                product if releases_the_rest(product) => self.uncaptured(true)?,
                _ => 0,
            },
            Status::OnHold | Status::PartiallyCapturedRefunded => return None,
            _ => 0,
        };
        let least = self.corrected(|correction| correction.remaining_void_amount)?;
        amount(left.min(least))
    }

    /// Returns `amount` minus captured and pending amounts. A partly captured transaction must have an event with the
    /// captured amount.
    fn uncaptured(&self, partly: bool) -> Option<i128> {
        let voided = self
            .done(&Kind::Void)
            .chain(self.unfinished(&Kind::InitiateVoid));
        if voided.count() > 0 {
            return Some(0);
        }
        let captured = self.sum(&Kind::Capture)?;
        if partly && captured.is_none() {
            return None;
        }
        let captured = captured.unwrap_or(0) + self.pending(&Kind::InitiateCapture)?;
        Some(i128::from(self.amount.minor_units()) - captured)
    }

    /// Returns `None` if a value that a sum depends on was not read, or if the status has no rules.
    fn readable(&self) -> Option<()> {
        let all = self.status.has_rules()
            && !self.extra.is_unread("events")
            && self.events.unread_items().is_empty();
        (all && self.events.iter().all(is_readable)).then_some(())
    }

    fn of_kind(&self, kind: &Kind) -> impl Iterator<Item = &Event> {
        let events = self.events.iter();
        events.filter(move |event| event.event.as_ref() == Some(kind))
    }

    /// Returns the events that did not fail.
    fn done(&self, kind: &Kind) -> impl Iterator<Item = &Event> {
        self.of_kind(kind)
            .filter(|event| event.success != Some(false) && event.error.is_none())
    }

    /// Returns the pending amounts: requested, and neither failed nor completed.
    fn unfinished(&self, kind: &Kind) -> impl Iterator<Item = &Event> {
        self.done(kind).filter(|asked| {
            let completes = |event: &Event| {
                asked.request_id.is_some() && event.correlation_request_id == asked.request_id
            };
            !self.events.iter().any(completes)
        })
    }

    /// Returns the sum of events of a kind: `Some(None)` if there is no such event, `None` if one lacks a whole amount.
    fn sum(&self, kind: &Kind) -> Option<Option<i128>> {
        let mut events = self.done(kind).peekable();
        if events.peek().is_none() {
            return Some(None);
        }
        add(events).map(Some)
    }

    fn pending(&self, kind: &Kind) -> Option<i128> {
        add(self.unfinished(kind))
    }

    /// Returns the minimum remaining amount of the corrections; `None` if one has no amount.
    fn corrected(
        &self,
        left: impl Fn(&TransactionEventCorrection) -> Option<Amount>,
    ) -> Option<i128> {
        let corrections = self
            .events
            .iter()
            .filter_map(|event| event.correction.as_deref());
        corrections.map(left).try_fold(i128::MAX, |least, left| {
            Some(least.min(i128::from(left?.minor_units())))
        })
    }
}

/// Members of an event that sums depend on.
const COUNTED: &[&str] = &[
    "event",
    "success",
    "amount",
    "error",
    "correction",
    "request_id",
    "correlation_request_id",
];

fn is_readable(event: &Event) -> bool {
    let is_read = |name: &&str| !event.extra.is_unread(name);
    COUNTED.iter().all(is_read)
}

/// Payment methods whose uncaptured rest can be released.
fn releases_the_rest(product: &Product) -> bool {
    matches!(
        product,
        Product::PayexCreditcard
            | Product::PayexMobilepay
            | Product::PayexVipps
            | Product::PayexApplepay
            | Product::PayexClicktopay
            | Product::PayexGooglepay
            | Product::Vipps
            | Product::KlarnaKlarna
            | Product::KlarnaBillie
    )
}

fn add<'e>(mut events: impl Iterator<Item = &'e Event>) -> Option<i128> {
    events.try_fold(0_i128, |sum, event| {
        Some(sum + i128::from(event.amount?.minor_units()))
    })
}

/// More than the whole amount: the events are inconsistent, so the result is unknown.
fn amount(units: i128) -> Option<Amount> {
    let units = i64::try_from(units).ok().filter(|units| *units >= 0)?;
    Some(Amount::minor(units))
}
