//! Settlements: what was captured and refunded is paid out, with files that explain it.

use std::collections::{BTreeMap, BTreeSet};

use dintero::mock;
use dintero::payments::{
    SettlementId, SettlementItem, SettlementPage, SettlementStatus, Transaction, TransactionEvent,
    TransactionSettlements, TransactionSettlementsEvent,
};
use dintero::{Amount, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::list::Filters;
use super::records::{csv, first, key, of_account, typed, unknown_cursor};
use super::{Handler, Outcome, payouts};
use crate::accounts::Account;
use crate::delivery;
use crate::request::{Answer, Problem, Request};
use crate::shares::{self, Share, Shares};
use crate::state::State;
use crate::store::Record;
use crate::transaction;

impl Record for SettlementItem {
    const TABLE: &'static str = "settlements";
}

/// The content of a file of a settlement.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct File {
    settlement: String,
    is_csv: bool,
    text: String,
}

impl Record for File {
    const TABLE: &'static str = "settlement-files";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "payments" {
        return None;
    }
    Some(Handler::Now(match operation {
        "list_settlements" => list,
        "download_settlement_attachment" => download,
        _ => return None,
    }))
}

/// Settles what was not settled before, of all accounts. Returns the ids of new settlements.
pub(crate) fn settle_all(state: &mut State) -> Vec<String> {
    let accounts = state.store.iter::<Account>();
    let accounts: Vec<String> = accounts.map(|(id, _)| id.to_owned()).collect();
    let settle = |account: &String| settle(state, account, |_| true).0;
    accounts.iter().flat_map(settle).collect()
}

/// Settles what was captured and refunded in the wanted transactions of an account, and was not settled before. The
/// parts of sellers go to their balances, from which they are paid out later. Returns the ids of new settlements, and
/// whether anything was settled.
pub(crate) fn settle(
    state: &mut State,
    account: &str,
    wanted: impl Fn(&Transaction) -> bool,
) -> (Vec<String>, bool) {
    let mut all = Shares::of(state, account);
    let mut new: Vec<Share> = Vec::new();
    for (_, one) in state.store.iter::<Transaction>() {
        let is_own = one
            .account_id
            .as_ref()
            .is_some_and(|id| id.as_str() == account);
        if !is_own || !wanted(&one) {
            continue;
        }
        for event in one.events.iter().filter(|event| shares::moves_money(event)) {
            if !all.has(one.id.as_str(), event) {
                new.extend(shares::of_event(&one, event));
            }
        }
    }
    let mut own: BTreeMap<String, Vec<Share>> = BTreeMap::new();
    let mut of_sellers: BTreeMap<(String, String, String), Vec<Share>> = BTreeMap::new();
    let transactions: BTreeSet<_> = new.iter().map(|share| share.transaction.clone()).collect();
    let has_new = !new.is_empty();
    for share in new {
        state.store.put(&share.key(account), &share);
        all.add(share.clone());
        match share.seller.clone() {
            None => own.entry(share.provider.clone()).or_default().push(share),
            Some(seller) => {
                let group = (seller, share.provider.clone(), share.currency.clone());
                of_sellers.entry(group).or_default().push(share);
            }
        }
    }
    for ((seller, _, _), shares) in of_sellers {
        payouts::receive(state, account, &seller, &shares);
    }
    let settlements = own
        .into_iter()
        .map(|(provider, shares)| {
            let content = Content {
                provider: &provider,
                seller: None,
                shares,
                transfers: Vec::new(),
            };
            create(state, account, content, &mut all)
        })
        .collect();
    for id in transactions {
        update_status(state, &id, &all);
    }
    (settlements, has_new)
}

/// The amount that a settlement pays out.
pub(super) struct Content<'c> {
    pub(super) provider: &'c str,
    /// The seller that gets it; none: the account itself.
    pub(super) seller: Option<&'c str>,
    pub(super) shares: Vec<Share>,
    /// Between sellers.
    pub(super) transfers: Vec<Transfer>,
}

/// Creates a settlement. Returns its id.
pub(super) fn create(
    state: &mut State,
    account: &str,
    content: Content<'_>,
    all: &mut Shares,
) -> String {
    let Content {
        provider,
        seller,
        shares,
        transfers,
    } = content;
    let id = state.uuid();
    let now = state.timestamp();
    let reference = state.number(10_000_000_000).to_string();
    let times: BTreeSet<Timestamp> = (shares.iter().map(|share| &share.at))
        .chain(transfers.iter().map(|transfer| &transfer.at))
        .filter_map(|at| Timestamp::parse(at).ok())
        .collect();
    let stores: BTreeSet<_> = shares.iter().map(|share| &share.store).collect();
    let store = match (stores.len(), stores.first()) {
        (1, Some(Some(store))) if transfers.is_empty() => Some(store),
        _ => None,
    };
    let mut item = json!({
        "id": id,
        "start_at": times.first().unwrap_or(&now),
        "end_at": times.last().unwrap_or(&now),
        "created_at": now,
        "updated_at": now,
        "settled_at": now,
        "provider": provider,
        "provider_reference": reference,
        "amounts": amounts(&shares, &transfers),
        "payment_status": "paid",
    });
    if let Some(store) = store {
        item["store_id"] = store.as_str().into();
    }
    if let Some(seller) = seller {
        item["payout_destination_id"] = seller.into();
    }
    let rows = rows(&id, &reference, &shares, &transfers);
    let attachments = ["csv", "json"].map(|extension| {
        let is_csv = extension == "csv";
        let text = if is_csv {
            csv(&COLUMNS, &rows)
        } else {
            json!(rows).to_string()
        };
        let file_id = state.uuid();
        let file = File {
            settlement: id.clone(),
            is_csv,
            text,
        };
        state.store.put(&key(account, &file_id), &file);
        json!({
            "id": file_id,
            "key": format!("{account}/{id}/{file_id}.{extension}"),
            "content_type": media_type(is_csv),
            "extension": extension,
            "created_by": "dintero",
        })
    });
    item["attachments"] = json!(attachments);
    // Made of members of the generated type.
    if let Ok(item) = typed::<SettlementItem>(item) {
        state.store.put(&key(account, &id), &item);
    }
    write_events(state, account, (&id, &reference), shares, all);
    // Its body beside the envelope is not documented.
    delivery::account_event(state, account, "settlement_add", || json!({}));
    id
}

/// A transfer between sellers, as a settlement has it.
pub(super) struct Transfer {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) currency: String,
    /// Negative: it was sent.
    pub(super) amount: i64,
    pub(super) reference: Option<String>,
}

/// The sums of each currency.
pub(super) fn amounts(shares: &[Share], transfers: &[Transfer]) -> Vec<Value> {
    let mut sums: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for share in shares {
        let sum = sums.entry(&share.currency).or_default();
        sum.0 += share.amount();
        sum.1 += share.captured;
        sum.2 += share.refunded;
    }
    for transfer in transfers {
        sums.entry(&transfer.currency).or_default().0 += transfer.amount;
    }
    sums.into_iter()
        .map(|(currency, (amount, capture, refund))| {
            json!({
                "currency": currency,
                "amount": amount,
                "capture": capture,
                "refund": refund,
                "fee": 0,
            })
        })
        .collect()
}

/// The columns of the files, by the names of the API's members: those of Dintero's files are not documented.
const COLUMNS: [&str; 12] = [
    "settlement_id",
    "provider_reference",
    "transaction_id",
    "event_correlation_id",
    "fund_transfer_id",
    "created_at",
    "reference",
    "currency",
    "amount",
    "capture",
    "refund",
    "fee",
];

fn rows(id: &str, reference: &str, shares: &[Share], transfers: &[Transfer]) -> Vec<Value> {
    let of_shares = shares.iter().map(|share| {
        json!({
            "settlement_id": id,
            "provider_reference": reference,
            "transaction_id": share.transaction,
            "event_correlation_id": share.event,
            "created_at": share.at,
            "reference": share.reference,
            "currency": share.currency,
            "amount": share.amount(),
            "capture": share.captured,
            "refund": share.refunded,
            "fee": 0,
        })
    });
    let of_transfers = transfers.iter().map(|transfer| {
        json!({
            "settlement_id": id,
            "provider_reference": reference,
            "fund_transfer_id": transfer.id,
            "created_at": transfer.at,
            "reference": transfer.reference,
            "currency": transfer.currency,
            "amount": transfer.amount,
        })
    });
    of_shares.chain(of_transfers).collect()
}

fn media_type(is_csv: bool) -> &'static str {
    if is_csv {
        "text/csv"
    } else {
        "application/json"
    }
}

/// Marks shares as paid out by a settlement, and adds an event to each of their transactions.
fn write_events(
    state: &mut State,
    account: &str,
    (id, reference): (&str, &str),
    shares: Vec<Share>,
    all: &mut Shares,
) {
    let mut by_transaction: BTreeMap<String, Vec<Share>> = BTreeMap::new();
    for share in shares {
        if let Some(share) = all.pay(&share, id) {
            state.store.put(&share.key(account), &share);
        }
        let of_transaction = by_transaction.entry(share.transaction.clone());
        of_transaction.or_default().push(share);
    }
    let now = state.timestamp();
    for (transaction, shares) in by_transaction {
        let Some(mut found) = state.store.get::<Transaction>(&transaction) else {
            continue;
        };
        let amount = shares.iter().map(Share::amount).sum();
        let status = shares::settlement_status(&found, all.of_transaction(&transaction));
        let mut event: TransactionEvent = transaction::event("SETTLEMENT", amount, true, &now);
        event.settlements = Some(Box::new(mock::value(
            |payouts: &mut TransactionSettlements| {
                let payouts_of = shares.iter().map(|share| payout(id, reference, share));
                payouts.events = payouts_of.collect::<Vec<_>>().into();
                payouts.settlement_status = Some(status.into());
            },
        )));
        transaction::add(&mut found, event, &now);
        found.settlement_status = Some(status.into());
        state.store.put(&transaction, &found);
    }
}

fn payout(id: &str, reference: &str, share: &Share) -> TransactionSettlementsEvent {
    mock::value(|event: &mut TransactionSettlementsEvent| {
        event.settlement_id = Some(SettlementId::new(id));
        event.provider_reference = Some(reference.to_owned());
        event.event_correlation_id = Some(share.event.clone());
        event.amount = Some(Amount::minor(share.amount()));
        event.capture = Some(Amount::minor(share.captured));
        event.refund = Some(Amount::minor(share.refunded));
        event.fee = Some(Amount::ZERO);
    })
}

/// Brings a transaction's `settlement_status` up to date.
fn update_status(state: &mut State, id: &str, all: &Shares) {
    let Some(mut found) = state.store.get::<Transaction>(id) else {
        return;
    };
    let status: SettlementStatus = shares::settlement_status(&found, all.of_transaction(id)).into();
    if found.settlement_status.as_ref() != Some(&status) {
        found.settlement_status = Some(status);
        found.updated_at = Some(state.timestamp());
        state.store.put(id, &found);
    }
}

fn list(state: &mut State, request: &Request) -> Outcome {
    let refused = |message: &str| Problem::bad_request("ValidationError", message);
    let is_given = |name: &str| request.query_value(name).is_some();
    for end in ["gte", "lte"] {
        let both = [
            format!("created_at.{end}"),
            format!("item_created_at.{end}"),
        ];
        if both.iter().all(|name| is_given(name)) {
            return Err(refused(&format!(
                "query: {} can't be combined",
                both.join(" and ")
            )));
        }
    }
    let filters = Filters::of(request)?;
    let mut items = of_account::<SettlementItem>(state, &request.caller.account);
    items.reverse();
    items.retain(|item| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let provider = text(item.provider.as_deref());
        let seller = text(item.payout_destination_id.as_ref().map(|id| id.as_str()));
        filters.during("created_at", &item.settled_at)
            && filters.during("item_created_at", &item.created_at)
            && filters.one_of("payment_provider", &[&provider])
            && filters.one_of("payout_destination_id", &[&seller])
            && filters.contains("search", || Vec::from_iter(&item.id))
    });
    let (id, date) = (
        request.query_value("starting_after_id"),
        request.query_value("starting_after_date"),
    );
    match (id, date) {
        (None, None) => {}
        (Some(id), Some(date)) => {
            // With filters on `item_created_at` it is that date; here both are the same.
            let is_last = |item: &SettlementItem| {
                let has_id = item.id.as_ref().is_some_and(|own| own.as_str() == id);
                let given = Timestamp::parse(date).ok();
                has_id && (given == item.settled_at || is_day_of(date, item.settled_at.as_ref()))
            };
            let last = items.iter().position(is_last);
            let last = last.ok_or_else(|| unknown_cursor("starting_after_id", id))?;
            items.drain(..=last);
        }
        _ => {
            let message =
                "query: `starting_after_id` and `starting_after_date` must be given together";
            return Err(refused(message));
        }
    }
    let (items, has_more) = first(request, items, 10);
    let mut page = json!({});
    if let Some(last) = items.last().filter(|_| has_more) {
        page["last_evaluated_key"] = json!({
            "id": last.id,
            "account_id": request.caller.account,
            "settled_at": last.settled_at,
            "created_at": last.created_at,
        });
    }
    let mut page = typed::<SettlementPage>(page)?;
    page.items = items.into();
    Answer::json(&page)
}

/// The pages of Dintero show days as cursors.
fn is_day_of(date: &str, time: Option<&Timestamp>) -> bool {
    date.len() == 10 && time.is_some_and(|time| time.as_str().starts_with(date))
}

fn download(state: &mut State, request: &Request) -> Outcome {
    let (settlement, id) = (request.id("settlementid"), request.id("attachmentid"));
    let file = state.store.get::<File>(&key(&request.caller.account, id));
    let file = file.filter(|file| file.settlement == settlement);
    let file = file.ok_or_else(|| Problem::not_found("file of this settlement", id))?;
    Ok(Answer::bytes(200, media_type(file.is_csv), file.text))
}
