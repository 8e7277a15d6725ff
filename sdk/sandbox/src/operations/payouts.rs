//! Balances of sellers, their movements, and payouts to bank accounts.

use std::collections::BTreeMap;
use std::time::Duration;

use dintero::Amount;
use dintero::management::{AuthPayoutDestination, PayoutIntervalType};
use dintero::payments::{
    CreateFundTransferResponse, FundTransfer, GetPayoutDestinationBalancesResponse,
    NewFundTransfer, PayoutDestinationBalance, PayoutDestinationTransfer as Entry,
    PayoutDestinationTransferType as Movement,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records::{first, key, merged, typed, unknown_cursor};
use super::settlements::{self, Content, Transfer};
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::shares::{Share, Shares};
use crate::state::{Job, Scheduled, State};
use crate::store::Record;

/// How long a transfer that was received takes.
const TRANSFERRING: Duration = Duration::from_secs(2);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Record for Entry {
    const TABLE: &'static str = "ledger";
}

impl Record for FundTransfer {
    const TABLE: &'static str = "fund-transfers";
}

/// The id of a seller's configuration, which its balances and movements have.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Configuration {
    id: String,
}

impl Record for Configuration {
    const TABLE: &'static str = "seller-configurations";
}

/// Which seller of which account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seller {
    pub(crate) account: String,
    pub(crate) id: String,
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("payments", "create_fund_transfer") => create_transfer,
        ("payments", "get_payout_destination_balances") => balances,
        ("payments", "list_payout_destination_transfers") => transfers,
        // How its `destination` names a seller is not documented for `management.create_fund_transfer`.
        ("management", "create_payout") => payout,
        _ => return None,
    }))
}

/// Returns the movements of a seller, oldest first.
fn entries(state: &State, account: &str, seller: &str) -> Vec<Entry> {
    let prefix = key(account, &format!("{seller}/"));
    let entries = state
        .store
        .iter_below::<Entry>(&prefix)
        .map(|(_, entry)| entry);
    entries.filter(|entry| is_of(entry, seller)).collect()
}

fn is_of(entry: &Entry, seller: &str) -> bool {
    entry
        .payout_destination_id
        .as_ref()
        .is_some_and(|id| id.as_str() == seller)
}

/// Returns the balance of a seller in each currency that it ever had money in.
fn sums(state: &State, account: &str, seller: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for entry in entries(state, account, seller) {
        let (Some(amount), Some(currency)) = (entry.amount, entry.currency) else {
            continue;
        };
        *sums.entry(currency.as_str().to_owned()).or_default() += amount.minor_units();
    }
    sums
}

/// Adds a movement to a seller's balance. `more` has the members that belong to its type.
fn book(state: &mut State, account: &str, seller: &str, currency: &str, amount: i64, more: Value) {
    let configuration = configuration(state, account, seller);
    let id = state.uuid();
    let mut entry = json!({
        "ledger_entry_id": id,
        "account_id": account,
        "payout_destination_config_id": configuration,
        "payout_destination_id": seller,
        "created_at": state.timestamp(),
        "currency": currency,
        "amount": amount,
    });
    if let (Some(entry), Value::Object(more)) = (entry.as_object_mut(), more) {
        entry.extend(more);
    }
    // Made of members of the generated type.
    if let Ok(entry) = typed::<Entry>(entry) {
        state
            .store
            .put(&key(account, &format!("{seller}/{id}")), &entry);
    }
    if amount > 0 {
        schedule(state, account, seller);
    }
}

fn configuration(state: &mut State, account: &str, seller: &str) -> String {
    let place = key(account, seller);
    if let Some(known) = state.store.get::<Configuration>(&place) {
        return known.id;
    }
    let id = state.uuid();
    state.store.put(&place, &Configuration { id: id.clone() });
    id
}

/// Adds shares of one provider and currency to a seller's balance.
pub(super) fn receive(state: &mut State, account: &str, seller: &str, shares: &[Share]) {
    let Some(share) = shares.first() else {
        return;
    };
    let (provider, currency) = (share.provider.clone(), share.currency.clone());
    let now = state.timestamp();
    let mut times: Vec<&str> = shares.iter().map(|share| share.at.as_str()).collect();
    times.sort_unstable();
    let report = json!({
        "start_at": times.first(),
        "end_at": times.last(),
        "settled_at": now,
        "created_at": now,
        "provider": provider,
        "provider_reference": state.number(10_000_000_000).to_string(),
        "amounts": settlements::amounts(shares, &[]),
        "payment_status": "payment-match",
        "payout_destination_id": seller,
    });
    let amount = shares.iter().map(Share::amount).sum();
    let more = json!({
        "type": "inbound",
        "inbound_payment_provider": provider,
        "payment_match_report_data": report,
    });
    book(state, account, seller, &currency, amount, more);
}

/// Plans the next payout to a seller, unless it is planned already, requested each time, or the seller is not approved.
pub(super) fn schedule(state: &mut State, account: &str, seller: &str) {
    let found = state
        .store
        .get::<AuthPayoutDestination>(&key(account, seller));
    let Some(destination) = found else {
        return;
    };
    let days = match destination.payout_interval_type {
        Some(PayoutIntervalType::Manual) => return,
        Some(PayoutIntervalType::Week) => 7,
        Some(PayoutIntervalType::Month) => 30,
        _ => 1,
    };
    let wanted = Seller {
        account: account.to_owned(),
        id: seller.to_owned(),
    };
    let is_same = |job: &Job| matches!(job, Job::PayOut(known) if *known == wanted);
    let is_planned = (state.store.iter::<Scheduled>()).any(|(_, one)| is_same(&one.job));
    if !is_planned {
        state.schedule(DAY * days, Job::PayOut(wanted));
    }
}

/// Pays the balances of a seller out to its bank accounts. Each payout has a settlement.
pub(crate) fn pay_out(state: &mut State, seller: &Seller) {
    let Seller { account, id } = seller;
    let found = state.store.get::<AuthPayoutDestination>(&key(account, id));
    let Some(destination) = found else {
        return;
    };
    let mut all = Shares::of(state, account);
    for (currency, amount) in sums(state, account, id) {
        let accounts = &destination.bank_accounts;
        let is_same = |one: &Option<dintero::Currency>| {
            one.as_ref().is_some_and(|own| own.as_str() == currency)
        };
        let to = (accounts.iter()).find(|one| is_same(&one.bank_account_currency));
        let Some(to) = to.or_else(|| accounts.first()).filter(|_| amount > 0) else {
            continue;
        };
        let since_last = entries(state, account, id).into_iter().rev();
        let since_last = since_last.filter(|entry| is_same(&entry.currency));
        let since_last = since_last.take_while(|entry| entry.type_ != Some(Movement::Outbound));
        let transfers: Vec<Transfer> = since_last.filter_map(|entry| transfer(&entry)).collect();
        let kind = to.bank_account_number_type.as_ref();
        let more = json!({
            "type": "outbound",
            "outbound_receiver_country": to.bank_account_country_code,
            "outbound_receiver_bank_account_type": kind.map(|kind| kind.as_str()),
            "outbound_receiver_bank_account_number": to.bank_account_number,
            "outbound_receiver_bank_account_bic": to.bank_identification_code,
            "outbound_message": destination.payout_reference,
        });
        book(state, account, id, &currency, -amount, more);
        let content = Content {
            provider: "dintero",
            seller: Some(id),
            shares: all.unpaid(id, &currency),
            transfers,
        };
        settlements::create(state, account, content, &mut all);
    }
}

/// Returns the transfer that an entry is a side of.
fn transfer(entry: &Entry) -> Option<Transfer> {
    Some(Transfer {
        id: entry.transfer_id.clone()?,
        at: entry.created_at.as_ref()?.to_string(),
        currency: entry.currency.as_ref()?.as_str().to_owned(),
        amount: entry.amount?.minor_units(),
        reference: entry.transfer_reference.clone(),
    })
}

/// Whether a seller was added, or has had money.
fn is_known(state: &State, account: &str, seller: &str) -> bool {
    let place = key(account, seller);
    state.store.contains::<AuthPayoutDestination>(&place)
        || state.store.contains::<Configuration>(&place)
}

fn check_known(state: &State, request: &Request) -> Result<(), Problem> {
    let seller = request.id("payout_destination_id");
    match is_known(state, &request.caller.account, seller) {
        true => Ok(()),
        false => Err(Problem::not_found("seller", seller)),
    }
}

fn balances(state: &mut State, request: &Request) -> Outcome {
    check_known(state, request)?;
    let (account, seller) = (&request.caller.account, request.id("payout_destination_id"));
    let configuration = configuration(state, account, seller);
    let balances: Result<Vec<PayoutDestinationBalance>, Problem> = sums(state, account, seller)
        .into_iter()
        .map(|(currency, amount)| {
            typed(json!({
                "account_id": account,
                "payout_destination_config_id": configuration,
                "payout_destination_id": seller,
                "currency": currency,
                "amount": amount,
            }))
        })
        .collect();
    let mut answer = typed::<GetPayoutDestinationBalancesResponse>(json!({}))?;
    answer.payout_destination_balances = balances?.into();
    Answer::json(&answer)
}

/// Members of movements that are null unless they belong to its type.
const NULLABLE: [&str; 10] = [
    "inbound_payment_provider",
    "transfer_id",
    "transfer_source_payout_destination_id",
    "transfer_destination_payout_destination_id",
    "transfer_reference",
    "outbound_receiver_country",
    "outbound_receiver_bank_account_type",
    "outbound_receiver_bank_account_number",
    "outbound_receiver_bank_account_bic",
    "outbound_message",
];

/// Returns a movement as responses have it. The generated type omits members that are null.
fn shown(entry: &Entry) -> Result<Value, Problem> {
    let mut value: Value = merged(entry, json!({}))?;
    if let Some(members) = value.as_object_mut() {
        for name in NULLABLE {
            members.entry(name).or_insert(Value::Null);
        }
    }
    Ok(value)
}

/// Newest first.
fn transfers(state: &mut State, request: &Request) -> Outcome {
    check_known(state, request)?;
    let seller = request.id("payout_destination_id");
    let mut all = entries(state, &request.caller.account, seller);
    all.reverse();
    if let Some(currency) = request.query_value("currency") {
        all.retain(|entry| {
            entry
                .currency
                .as_ref()
                .is_some_and(|own| own.as_str() == currency)
        });
    }
    if let Some(token) = request.query_value("page") {
        let is_last = |entry: &Entry| {
            let id = entry.ledger_entry_id.as_ref();
            id.is_some_and(|id| page_token(id.as_str()) == token)
        };
        let last = all.iter().position(is_last);
        let last = last.ok_or_else(|| unknown_cursor("page", token))?;
        all.drain(..=last);
    }
    let (entries, has_more) = first(request, all, 10);
    let last = entries
        .last()
        .and_then(|entry| entry.ledger_entry_id.as_ref());
    let token = last.filter(|_| has_more).map(|id| page_token(id.as_str()));
    let entries: Vec<Value> = entries.iter().map(shown).collect::<Result<_, _>>()?;
    let mut answer = json!({ "entries": entries });
    if let Some(token) = token {
        answer["next_page_token"] = token.into();
    }
    Answer::json(&answer)
}

fn page_token(last: &str) -> String {
    format!("after-{last}")
}

fn create_transfer(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<NewFundTransfer>()?;
    let account = &request.caller.account;
    let place = key(
        account,
        body.fund_transfer_id.as_deref().unwrap_or_default(),
    );
    let stored = match state.store.get::<FundTransfer>(&place) {
        // A repeated request moves nothing.
        Some(known) => known,
        None => {
            check_transfer(state, account, &body)?;
            let new: FundTransfer = merged(
                &body,
                json!({
                    "account_id": account,
                    "created_at": state.timestamp(),
                    "created_by": request.caller.name,
                }),
            )?;
            state.store.put(&place, &new);
            state.schedule(TRANSFERRING, Job::Transfer(place));
            new
        }
    };
    let mut answer = typed::<CreateFundTransferResponse>(json!({}))?;
    answer.fund_transfer = Some(Box::new(stored));
    Answer::json(&answer)
}

fn check_transfer(state: &State, account: &str, body: &NewFundTransfer) -> Result<(), Problem> {
    let refused = |message: String| Err(Problem::bad_request("InvalidRequest", message));
    let text = |id: &Option<dintero::payments::PayoutDestinationId>| {
        id.as_ref().map_or("", |id| id.as_str()).to_owned()
    };
    let source = text(&body.source_payout_destination_id);
    let destination = text(&body.destination_payout_destination_id);
    if source == destination {
        return refused(format!(
            "source and destination are the same seller, `{source}`"
        ));
    }
    for seller in [&source, &destination] {
        if !is_known(state, account, seller) {
            return refused(format!("there is no seller `{seller}`"));
        }
    }
    let currency = body
        .currency
        .as_ref()
        .map_or("", |currency| currency.as_str());
    let amount = body.amount.map_or(0, Amount::minor_units);
    let balance = sums(state, account, &source)
        .get(currency)
        .copied()
        .unwrap_or(0);
    let left = balance - leaving(state, account, &source, currency);
    if amount > left {
        return refused(format!(
            "the seller `{source}` has {left} in {currency}, which is less than {amount}"
        ));
    }
    Ok(())
}

/// The amount that transfers in progress will take from a balance.
fn leaving(state: &State, account: &str, seller: &str, currency: &str) -> i64 {
    let jobs = state.store.iter::<Scheduled>();
    let transfers = jobs.filter_map(|(_, one)| match one.job {
        Job::Transfer(place) => state.store.get::<FundTransfer>(&place),
        _ => None,
    });
    transfers
        .filter(|one| {
            one.account_id
                .as_ref()
                .is_some_and(|id| id.as_str() == account)
        })
        .filter(|one| {
            one.source_payout_destination_id
                .as_ref()
                .is_some_and(|id| id.as_str() == seller)
        })
        .filter(|one| {
            one.currency
                .as_ref()
                .is_some_and(|own| own.as_str() == currency)
        })
        .map(|one| one.amount.map_or(0, Amount::minor_units))
        .sum()
}

/// Carries out a transfer, if the balance still has the money. Its result is in the settlements of the sellers.
pub(crate) fn carry_out(state: &mut State, place: &str) {
    let Some(transfer) = state.store.get::<FundTransfer>(place) else {
        return;
    };
    let (Some(account), Some(source), Some(destination), Some(currency), Some(amount)) = (
        transfer.account_id.as_ref(),
        transfer.source_payout_destination_id.as_ref(),
        transfer.destination_payout_destination_id.as_ref(),
        transfer.currency.as_ref(),
        transfer.amount,
    ) else {
        return;
    };
    let (account, currency, amount) = (account.as_str(), currency.as_str(), amount.minor_units());
    let balance = sums(state, account, source.as_str());
    if balance
        .get(currency)
        .is_none_or(|balance| *balance < amount)
    {
        return;
    }
    let more = json!({
        "type": "transfer",
        "transfer_id": transfer.fund_transfer_id,
        "transfer_source_payout_destination_id": source,
        "transfer_destination_payout_destination_id": destination,
        "transfer_reference": transfer.reference,
    });
    book(
        state,
        account,
        source.as_str(),
        currency,
        -amount,
        more.clone(),
    );
    book(state, account, destination.as_str(), currency, amount, more);
}

fn payout(state: &mut State, request: &Request) -> Outcome {
    let seller = Seller {
        account: request.caller.account.clone(),
        id: request.id("payout_destination_id").to_owned(),
    };
    let place = key(&seller.account, &seller.id);
    if !state.store.contains::<AuthPayoutDestination>(&place) {
        return Err(Problem::not_found("seller that is approved", &seller.id));
    }
    pay_out(state, &seller);
    Ok(Answer::empty(204))
}
