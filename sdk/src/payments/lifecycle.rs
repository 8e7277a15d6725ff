//! What can still be done with a transaction.

use crate::Amount;
use crate::payments::{
    Transaction, TransactionEvent as Event, TransactionEventCorrection,
    TransactionEventKind as Kind, TransactionPaymentProductType as Product,
    TransactionStatus as Status,
};

impl Status {
    /// Whether nothing can happen to the transaction any more: `REFUNDED`, `AUTHORIZATION_VOIDED`, `DECLINED`, `FAILED`,
    /// `UNKNOWN`.
    ///
    /// `CAPTURED` is not among them, since what was captured can be refunded. A status that this version does not know is
    /// taken for one that can change.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::AuthorizationVoided
            | Self::Refunded
            | Self::Declined
            | Self::Failed
            | Self::Unknown => true,
            Self::Initiated
            | Self::OnHold
            | Self::Authorized
            | Self::PartiallyCaptured
            | Self::PartiallyCapturedRefunded
            | Self::Captured
            | Self::PartiallyRefunded
            | Self::Unrecognized(_) => false,
        }
    }
}

/// What can still be done with a transaction, worked out from `status`, `amount` and `events` as they were when it was
/// read. Nothing is asked of Dintero, whose answer counts in the end.
///
/// `Some` of zero says that nothing can be done, `None` that this can't be told: the status is unknown to this version, the
/// events don't say how much, or one of them could not be read as documented ([`unread`](Self::unread)). Take `None` for
/// "don't".
///
/// Of the events, those count that did not fail. What was asked for and is not finished (`INITIATE_CAPTURE`,
/// `INITIATE_REFUND`, `INITIATE_VOID` without an event that completes it) counts as if it were done. So does what an event's
/// `correction` says is left, if it is less.
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
    /// Whether nothing can happen to it any more: [`TransactionStatus::is_final`](Status::is_final).
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.status.is_final()
    }

    /// How much can still be captured.
    ///
    /// When `AUTHORIZED`, `PARTIALLY_CAPTURED` or `PARTIALLY_CAPTURED_REFUNDED`: `amount` less what was captured, and nothing
    /// once the rest was voided. In any other known status nothing.
    #[must_use]
    pub fn capturable(&self) -> Option<Amount> {
        self.readable_events()?;
        let left = match &self.status {
            Status::Authorized => self.uncaptured(false)?,
            Status::PartiallyCaptured | Status::PartiallyCapturedRefunded => {
                self.uncaptured(true)?
            }
            Status::Unrecognized(_) => return None,
            _ => 0,
        };
        let least = self.corrected(|correction| correction.remaining_capture_amount)?;
        amount(left.min(least))
    }

    /// How much can still be refunded.
    ///
    /// When `CAPTURED`, `PARTIALLY_CAPTURED`, `PARTIALLY_REFUNDED` or `PARTIALLY_CAPTURED_REFUNDED`: what was captured less
    /// what was refunded. If no event tells of a capture, `CAPTURED` and `PARTIALLY_REFUNDED` stand for the whole `amount`.
    /// In any other known status nothing.
    #[must_use]
    pub fn refundable(&self) -> Option<Amount> {
        self.readable_events()?;
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
            (Status::Unrecognized(_), _) => return None,
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

    /// How much a void would release.
    ///
    /// When `AUTHORIZED`: all of `amount`. When `PARTIALLY_CAPTURED`: what is not captured, for the payment methods that
    /// allow it (cards, MobilePay, Vipps and wallets of PayEx; Vipps; Klarna and Billie), nothing for others, and `None` for
    /// methods that this version does not know. Whether it can be done when `ON_HOLD` or `PARTIALLY_CAPTURED_REFUNDED` is
    /// not documented, so that is `None` as well. In any other known status nothing.
    #[must_use]
    pub fn voidable(&self) -> Option<Amount> {
        self.readable_events()?;
        let left = match &self.status {
            Status::Authorized => self.uncaptured(false)?,
            Status::PartiallyCaptured => match self.payment_product_type.as_ref()? {
                Product::Unrecognized(_) => return None,
                product if releases_the_rest(product) => self.uncaptured(true)?,
                _ => 0,
            },
            Status::OnHold | Status::PartiallyCapturedRefunded | Status::Unrecognized(_) => {
                return None;
            }
            _ => 0,
        };
        let least = self.corrected(|correction| correction.remaining_void_amount)?;
        amount(left.min(least))
    }

    /// `amount` less what was captured or will be. Partly captured ones have to say how much that was.
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

    /// Nothing where something was not read on which a sum depends.
    fn readable_events(&self) -> Option<()> {
        let all = !self.extra.is_unread("events") && self.events.unread_items().is_empty();
        (all && self.events.iter().all(is_readable)).then_some(())
    }

    fn of_kind(&self, kind: &Kind) -> impl Iterator<Item = &Event> {
        let events = self.events.iter();
        events.filter(move |event| event.event.as_ref() == Some(kind))
    }

    /// Events that did not fail.
    fn done(&self, kind: &Kind) -> impl Iterator<Item = &Event> {
        self.of_kind(kind)
            .filter(|event| event.success != Some(false) && event.error.is_none())
    }

    /// What was asked for and has neither failed nor been completed.
    fn unfinished(&self, kind: &Kind) -> impl Iterator<Item = &Event> {
        self.done(kind).filter(|asked| {
            let completes = |event: &Event| {
                asked.request_id.is_some() && event.correlation_request_id == asked.request_id
            };
            !self.events.iter().any(completes)
        })
    }

    /// What events of a kind add up to: `Some(None)` when there is no such event, `None` when one lacks a whole amount.
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

    /// The least that corrections say is left; nothing when one does not say.
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

/// Members of an event on which sums depend.
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

/// Payment methods of which the uncaptured rest can be released.
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

/// More done than there was: the events don't add up, and nobody can tell.
fn amount(units: i128) -> Option<Amount> {
    let units = i64::try_from(units).ok().filter(|units| *units >= 0)?;
    Some(Amount::minor(units))
}
