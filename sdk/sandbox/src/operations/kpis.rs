//! Figures about transactions, computed from those of the sandbox.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use dintero::payments::{Transaction, TransactionEvent};
use dintero::{Amount, Timestamp};
use serde_json::{Value, json};

use super::list::{is_done, time};
use super::{Handler, Outcome};
use crate::request::{Answer, Problem, Request};
use crate::state::State;

const DAY: i64 = 24 * 60 * 60;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("insight", "list_checkout_kpis") => series,
        ("insight", "list_checkout_transaction_event_kpis") => of_events,
        ("insight", "list_checkout_transaction_status_kpis") => of_status,
        _ => return None,
    }))
}

/// How many there were, and their sum in minor units.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: i64,
    amount: i64,
}

impl Sum {
    fn add(&mut self, amount: Option<Amount>) {
        self.count += 1;
        let amount = amount.map_or(0, Amount::minor_units);
        self.amount = self.amount.saturating_add(amount);
    }

    /// A whole number where it is one.
    fn average(self) -> Value {
        if self.amount % self.count == 0 {
            return (self.amount / self.count).into();
        }
        #[allow(clippy::cast_precision_loss, reason = "it is a mean")]
        let average = self.amount as f64 / self.count as f64;
        average.into()
    }
}

/// Reads a time without which everything counts.
fn since(request: &Request, name: &str) -> Result<Option<SystemTime>, Problem> {
    let Some(text) = request.query_value(name) else {
        return Ok(None);
    };
    let read = time(text, false).ok_or_else(|| {
        let message = format!("query.{name} is not a time: `{text}`");
        Problem::bad_request("ValidationError", message)
    });
    read.map(Some)
}

fn is_since(at: Option<&Timestamp>, since: Option<SystemTime>) -> bool {
    let at = at.and_then(|at| SystemTime::try_from(at).ok());
    at.is_some_and(|at| since.is_none_or(|since| at >= since))
}

/// The transactions of an account.
fn own<'s>(state: &'s State, account: &'s str) -> impl Iterator<Item = Transaction> + 's {
    let all = state.store.iter::<Transaction>().map(|(_, one)| one);
    all.filter(move |one| {
        let own = one.account_id.as_ref();
        own.is_some_and(|own| own.as_str() == account)
    })
}

/// Its events of a kind that succeeded.
fn events<'t>(
    transaction: &'t Transaction,
    kind: &'t str,
    since: Option<SystemTime>,
) -> impl Iterator<Item = &'t TransactionEvent> {
    let events = transaction.events.iter();
    events.filter(move |event| is_done(event, kind) && is_since(event.created_at.as_ref(), since))
}

/// The first moment of the day, week or month of a time, in seconds since 1970.
fn start_of(interval: &str, at: &Timestamp) -> Option<i64> {
    let seconds = at.unix_seconds()?;
    let days = seconds.div_euclid(DAY);
    Some(match interval {
        // 1970-01-01 was a Thursday, and weeks begin on Monday.
        "week" => (days - (days + 3).rem_euclid(7)) * DAY,
        "month" => {
            let month = moment(seconds)?.as_str().get(..7)?.to_owned();
            Timestamp::parse(&format!("{month}-01T00:00:00Z"))
                .ok()?
                .unix_seconds()?
        }
        _ => days * DAY,
    })
}

/// A time in UTC.
fn moment(seconds: i64) -> Option<Timestamp> {
    let seconds = u64::try_from(seconds).ok()?;
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(Timestamp::from(time))
}

fn series(state: &mut State, request: &Request) -> Outcome {
    let text = |name: &str| request.query_value(name).unwrap_or_default();
    // The contract has checked that it is a list of these.
    let functions: Vec<String> =
        serde_json::from_str(text("aggregate_functions")).unwrap_or_default();
    let wants = |name: &str| functions.iter().any(|one| one == name);
    let wanted: Vec<&str> = ["sum", "avg", "count"]
        .into_iter()
        .filter(|name| wants(name))
        .collect();
    if wanted.is_empty() {
        let message = "query.aggregate_functions: `currency` computes nothing, so it is valid only beside another function";
        return Err(Problem::bad_request("ValidationError", message));
    }
    let kind = match text("transaction_status") {
        "CAPTURED" => "CAPTURE",
        "REFUNDED" => "REFUND",
        _ => "AUTHORIZE",
    };
    let since = since(request, "event_created_at_gte")?;
    let interval = text("interval");
    // It ends with the last interval that is over.
    let current = start_of(interval, &state.timestamp());
    let mut sums: BTreeMap<(i64, Option<String>), Sum> = BTreeMap::new();
    for one in own(state, &request.caller.account) {
        for event in events(&one, kind, since) {
            let at = event.created_at.as_ref();
            let start = at.and_then(|at| start_of(interval, at));
            let Some(start) = start.filter(|start| Some(*start) < current) else {
                continue;
            };
            let currency = wants("currency").then(|| one.currency.as_str().to_owned());
            sums.entry((start, currency)).or_default().add(event.amount);
        }
    }
    let series: Vec<Value> = (wanted.iter())
        .map(|name| {
            let values = sums.iter().map(|((start, currency), sum)| {
                let value = match *name {
                    "sum" => sum.amount.into(),
                    "count" => sum.count.into(),
                    _ => sum.average(),
                };
                let mut entry = json!({ "value": value, "date": moment(*start) });
                if let Some(currency) = currency {
                    entry["currency"] = currency.as_str().into();
                }
                entry
            });
            json!({ "kpi_name": name, "values": values.collect::<Vec<_>>() })
        })
        .collect();
    Answer::json(&series)
}

/// Sums per day, currency and payment product.
#[derive(Debug, Default)]
struct Daily(BTreeMap<(String, String, String), Sum>);

impl Daily {
    fn add(&mut self, transaction: &Transaction, at: Option<&Timestamp>, amount: Option<Amount>) {
        let day = at.and_then(|at| moment(at.unix_seconds()?));
        let day = day.as_ref().and_then(|day| day.as_str().get(..10));
        let product = transaction.payment_product_type.as_ref();
        let place = (
            day.unwrap_or_default().to_owned(),
            product.map_or_else(String::new, ToString::to_string),
            transaction.currency.as_str().to_owned(),
        );
        self.0.entry(place).or_default().add(amount);
    }

    fn answer(self) -> Outcome {
        let values = self.0.into_iter().map(|((day, product, currency), sum)| {
            json!({
                "payment_product_type": product,
                "currency": currency,
                "count": sum.count,
                "avg_amount": sum.average(),
                "sum_amount": sum.amount,
                "date": day,
            })
        });
        let values: Vec<Value> = values.collect();
        Answer::json(&json!([{ "interval": "day", "values": values }]))
    }
}

fn of_events(state: &mut State, request: &Request) -> Outcome {
    let kind = request.query_value("event").unwrap_or_default();
    let since = since(request, "created_at_gte")?;
    let mut daily = Daily::default();
    for one in own(state, &request.caller.account) {
        for event in events(&one, kind, since) {
            daily.add(&one, event.created_at.as_ref(), event.amount);
        }
    }
    daily.answer()
}

fn of_status(state: &mut State, request: &Request) -> Outcome {
    let status = request.query_value("status").unwrap_or_default();
    let since = since(request, "created_at_gte")?;
    let mut daily = Daily::default();
    for one in own(state, &request.caller.account) {
        if one.status.as_str() == status && is_since(one.created_at.as_ref(), since) {
            daily.add(&one, one.created_at.as_ref(), Some(one.amount));
        }
    }
    daily.answer()
}
