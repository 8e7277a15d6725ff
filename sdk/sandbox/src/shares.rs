//! Who gets the money of captures and refunds, and whether it was paid out.

use std::collections::BTreeMap;

use dintero::Amount;
use dintero::mock;
use dintero::payments::{
    PayoutDestinationId, PayoutSplit, SessionOrderItem, Transaction, TransactionEvent,
    TransactionEventKind,
};
use serde::{Deserialize, Serialize};

use crate::operations::records::key;
use crate::state::State;
use crate::store::Record;

/// The part of a capture or refund that one party receives or returns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) transaction: String,
    /// The id of the transaction's event.
    pub(crate) event: String,
    /// When the event happened.
    pub(crate) at: String,
    /// The seller; none: the account itself.
    pub(crate) seller: Option<String>,
    pub(crate) provider: String,
    pub(crate) store: Option<String>,
    pub(crate) currency: String,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    pub(crate) reference: Option<String>,
    /// The settlement that paid it out; none while it is in the seller's balance.
    pub(crate) settlement: Option<String>,
}

impl Record for Share {
    const TABLE: &'static str = "shares";
}

impl Share {
    pub(crate) fn amount(&self) -> i64 {
        self.captured - self.refunded
    }

    /// The id under which it is stored, below its account.
    pub(crate) fn key(&self, account: &str) -> String {
        let seller = self.seller.as_deref().unwrap_or_default();
        key(
            account,
            &format!("{}/{}/{seller}", self.transaction, self.event),
        )
    }
}

/// Whether an event moves money: a capture or refund that succeeded.
pub(crate) fn moves_money(event: &TransactionEvent) -> bool {
    let kinds = [TransactionEventKind::Capture, TransactionEventKind::Refund];
    event.success == Some(true)
        && event
            .event
            .as_ref()
            .is_some_and(|kind| kinds.contains(kind))
}

/// Returns what each seller receives of a capture, or returns of a refund: as the lines of the request say, or else
/// those of the order, of which a part of the amount has a proportional part.
pub(crate) fn splits(transaction: &Transaction, event: &TransactionEvent) -> Vec<PayoutSplit> {
    let mut parts: BTreeMap<String, i64> = BTreeMap::new();
    let mut add = |splits: &[PayoutSplit], part: i64, whole: i64| {
        for split in splits {
            let (Some(seller), Some(amount)) = (&split.payout_destination_id, split.amount) else {
                continue;
            };
            let share = proportional(amount.minor_units(), part, whole);
            *parts.entry(seller.to_string()).or_default() += share;
        }
    };
    let amount = |amount: Option<Amount>| amount.map_or(0, Amount::minor_units);
    if event.items.is_empty() {
        let (part, whole) = (amount(event.amount), transaction.amount.minor_units());
        for line in &transaction.items {
            add(line.splits.as_slice(), part, whole);
        }
    }
    for item in &event.items {
        if item.splits.is_empty() {
            let of_order = |line: &&SessionOrderItem| line.line_id == item.line_id;
            if let Some(line) = transaction.items.iter().find(of_order) {
                add(
                    line.splits.as_slice(),
                    amount(item.amount),
                    amount(line.amount),
                );
            }
        } else {
            add(item.splits.as_slice(), 1, 1);
        }
    }
    parts
        .into_iter()
        .map(|(seller, amount)| {
            mock::value(|split: &mut PayoutSplit| {
                split.payout_destination_id = Some(PayoutDestinationId::new(seller));
                split.amount = Some(Amount::minor(amount));
            })
        })
        .collect()
}

/// Rounded down: the rest stays with the account.
fn proportional(amount: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let share = i128::from(amount) * i128::from(part) / i128::from(whole);
    i64::try_from(share).unwrap_or(amount)
}

/// Returns the shares of an event: those of its splits, that of the order's only seller, and the rest.
pub(crate) fn of_event(transaction: &Transaction, event: &TransactionEvent) -> Vec<Share> {
    let total = event.amount.map_or(0, Amount::minor_units);
    let is_capture = event.event == Some(TransactionEventKind::Capture);
    let share = |seller: Option<String>, amount: i64| Share {
        transaction: transaction.id.to_string(),
        event: event
            .id
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        at: event
            .created_at
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        seller,
        provider: (transaction.payment_product.as_ref())
            .map(|product| product.as_str().to_owned())
            .unwrap_or_default(),
        store: (transaction.store.as_ref())
            .and_then(|store| store.id.as_ref())
            .map(ToString::to_string),
        currency: transaction.currency.as_str().to_owned(),
        captured: if is_capture { amount } else { 0 },
        refunded: if is_capture { 0 } else { amount },
        reference: event
            .event_reference
            .clone()
            .or_else(|| transaction.merchant_reference.clone()),
        settlement: None,
    };
    let mut shares = Vec::new();
    let mut left = total;
    for split in &event.splits {
        let amount = split.amount.map_or(0, Amount::minor_units);
        left -= amount;
        shares.push(share(
            split
                .payout_destination_id
                .as_ref()
                .map(ToString::to_string),
            amount,
        ));
    }
    if left != 0 {
        let only = transaction
            .payout_destination_id
            .as_ref()
            .filter(|_| shares.is_empty());
        shares.push(share(only.map(ToString::to_string), left));
    }
    shares
}

/// The shares of an account, by their transactions.
#[derive(Debug, Default)]
pub(crate) struct Shares(BTreeMap<String, Vec<Share>>);

impl Shares {
    pub(crate) fn of(state: &State, account: &str) -> Self {
        let mut shares = Self::default();
        for (_, share) in state.store.iter_below::<Share>(&key(account, "")) {
            shares.add(share);
        }
        shares
    }

    pub(crate) fn add(&mut self, share: Share) {
        self.0
            .entry(share.transaction.clone())
            .or_default()
            .push(share);
    }

    pub(crate) fn of_transaction(&self, transaction: &str) -> &[Share] {
        self.0
            .get(transaction)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether an event of a transaction was settled, or is in the balances of sellers.
    pub(crate) fn has(&self, transaction: &str, event: &TransactionEvent) -> bool {
        let id = event.id.as_ref().map_or("", |id| id.as_str());
        let mut shares = self.of_transaction(transaction).iter();
        shares.any(|share| share.event == id)
    }

    /// Returns what a seller got in a currency and was not paid out.
    pub(crate) fn unpaid(&self, seller: &str, currency: &str) -> Vec<Share> {
        let all = self.0.values().flatten();
        all.filter(|share| share.seller.as_deref() == Some(seller))
            .filter(|share| share.settlement.is_none() && share.currency == currency)
            .cloned()
            .collect()
    }

    /// Notes by which settlement a share was paid out.
    pub(crate) fn pay(&mut self, paid: &Share, settlement: &str) -> Option<Share> {
        let of_transaction = self.0.get_mut(&paid.transaction)?;
        let is_it = |share: &&mut Share| share.event == paid.event && share.seller == paid.seller;
        let share = of_transaction.iter_mut().find(is_it)?;
        share.settlement = Some(settlement.to_owned());
        Some(share.clone())
    }
}

/// Returns how much of a transaction's money was paid out.
pub(crate) fn settlement_status(transaction: &Transaction, shares: &[Share]) -> &'static str {
    let has_shares = |event: &TransactionEvent| {
        let id = event.id.as_ref().map_or("", |id| id.as_str());
        shares.iter().any(|share| share.event == id)
    };
    let mut events = transaction.events.iter().filter(|event| moves_money(event));
    let is_whole = events.all(has_shares);
    let paid = shares
        .iter()
        .filter(|share| share.settlement.is_some())
        .count();
    match paid {
        0 if shares.is_empty() => "NOT_SETTLED",
        0 => "PENDING_SETTLEMENT",
        _ if is_whole && paid == shares.len() => "SETTLED",
        _ => "PARTIALLY_SETTLED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transaction;
    use dintero::Timestamp;

    fn line(id: &str, amount: i64, splits: &[(&str, i64)]) -> SessionOrderItem {
        let splits = splits.iter().map(|(seller, amount)| {
            mock::value(|split: &mut PayoutSplit| {
                split.payout_destination_id = Some(PayoutDestinationId::new(*seller));
                split.amount = Some(Amount::minor(*amount));
            })
        });
        let splits: Vec<_> = splits.collect();
        mock::value(|line: &mut SessionOrderItem| {
            line.line_id = Some(id.to_owned());
            line.amount = Some(Amount::minor(amount));
            line.splits = splits.into();
        })
    }

    fn order(lines: Vec<SessionOrderItem>) -> Transaction {
        mock::value(|one: &mut Transaction| {
            let amounts = lines.iter().filter_map(|line| line.amount);
            one.amount = Amount::checked_sum(amounts).unwrap();
            one.items = lines.into();
        })
    }

    fn capture(amount: i64, items: &[(&str, i64)]) -> TransactionEvent {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let mut event = transaction::event("CAPTURE", amount, true, &now);
        let items = items.iter().map(|(id, amount)| {
            serde_json::from_value(serde_json::json!({ "line_id": id, "amount": amount })).unwrap()
        });
        event.items = items.collect::<Vec<_>>().into();
        event
    }

    fn parts(transaction: &Transaction, event: TransactionEvent) -> Vec<(Option<String>, i64)> {
        let mut event = event;
        event.splits = splits(transaction, &event).into();
        let shares = of_event(transaction, &event).into_iter();
        shares
            .map(|share| (share.seller.clone(), share.amount()))
            .collect()
    }

    fn of(seller: &str, amount: i64) -> (Option<String>, i64) {
        (Some(seller.to_owned()), amount)
    }

    #[test]
    fn shares_follow_the_lines_and_the_amount() {
        let one = order(vec![
            line("1", 1000, &[("a", 900), ("b", 100)]),
            line("2", 500, &[("a", 300)]),
        ]);
        assert_eq!(
            parts(&one, capture(1500, &[])),
            [of("a", 1200), of("b", 100), (None, 200)]
        );
        assert_eq!(
            parts(&one, capture(750, &[])),
            [of("a", 600), of("b", 50), (None, 100)]
        );
        assert_eq!(
            parts(&one, capture(250, &[("2", 250)])),
            [of("a", 150), (None, 100)]
        );
        assert_eq!(
            parts(&order(vec![line("1", 7, &[])]), capture(7, &[])),
            [(None, 7)]
        );
        let mut whole = order(vec![line("1", 7, &[])]);
        whole.payout_destination_id = Some(PayoutDestinationId::new("c"));
        assert_eq!(parts(&whole, capture(7, &[])), [of("c", 7)]);
    }

    #[test]
    fn the_status_follows_the_shares() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let mut one = order(vec![line("1", 100, &[("a", 100)])]);
        assert_eq!(settlement_status(&one, &[]), "NOT_SETTLED");
        transaction::add(&mut one, capture(60, &[]), &now);
        let mut shares = of_event(&one, &one.events[0]);
        assert_eq!(settlement_status(&one, &shares), "PENDING_SETTLEMENT");
        shares[0].settlement = Some("s".to_owned());
        assert_eq!(settlement_status(&one, &shares), "SETTLED");
        transaction::add(&mut one, capture(40, &[]), &now);
        assert_eq!(settlement_status(&one, &shares), "PARTIALLY_SETTLED");
    }
}
