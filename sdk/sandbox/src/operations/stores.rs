//! Stores and their terminals.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use dintero::management::{
    AccountStore, AuthPayoutDestination, CreateTerminalBody, ListStoresResponse,
    ListTerminalsResponse, StoreConfiguration, StoreCreate, Terminal, TerminalSummaryStatus,
    UpdateTerminalBody,
};
use serde_json::{Value, json};

use super::records::{key, merged, of_account, typed, unknown_cursor};
use super::{Handler, Outcome, terminals};
use crate::request::{Answer, Problem, Request};
use crate::state::State;
use crate::store::Record;

/// How long a new terminal is `PENDING`.
const ADDING: Duration = Duration::from_secs(60);

impl Record for AccountStore {
    const TABLE: &'static str = "stores";
}

impl Record for StoreConfiguration {
    const TABLE: &'static str = "store-configurations";
}

impl Record for Terminal {
    const TABLE: &'static str = "terminals";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "management" {
        return None;
    }
    Some(Handler::Now(match operation {
        "list_stores" => list,
        "create_store" => create,
        "get_store" => get,
        "delete_store" => delete,
        "update_store_configuration" => configure,
        "list_terminals" => list_terminals,
        "create_terminal" => create_terminal,
        "get_terminal" => get_terminal,
        "update_terminal" => update_terminal,
        "delete_terminal" => delete_terminal,
        "sync_terminal" => sync_terminal,
        _ => return None,
    }))
}

/// The lists are one page each, because their operations have no documented limit.
fn check_first_page(request: &Request) -> Result<(), Problem> {
    match request.query_value("starting_after") {
        Some(cursor) => Err(unknown_cursor("starting_after", cursor)),
        None => Ok(()),
    }
}

fn list(state: &mut State, request: &Request) -> Outcome {
    check_first_page(request)?;
    let account = &request.caller.account;
    let stores = of_account::<AccountStore>(state, account).into_iter();
    let stores: Result<Vec<AccountStore>, Problem> = stores
        .map(|store| shown(state, account, &store, false))
        .collect();
    let mut answer = typed::<ListStoresResponse>(json!({}))?;
    answer.stores = stores?.into();
    Answer::json(&answer)
}

/// Returns a store as responses have it: a list has numbers of terminals, a single store has the terminals.
fn shown(
    state: &State,
    account: &str,
    store: &AccountStore,
    is_single: bool,
) -> Result<AccountStore, Problem> {
    let id = store.store_id.as_ref().map_or("", |id| id.as_str());
    let terminals: Vec<Terminal> = (of_account::<Terminal>(state, account).into_iter())
        .map(|terminal| current(state, terminal))
        .filter(|terminal| is_in(terminal, id))
        .collect();
    let mut more = json!({ "number_of_terminals": terminals.len() });
    if is_single {
        more["terminals"] = terminals.iter().map(summary).collect();
    } else {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for status in terminals
            .iter()
            .filter_map(|terminal| terminal.status.as_ref())
        {
            *counts.entry(status.as_str()).or_default() += 1;
        }
        let counts = counts.into_iter();
        let counts = counts.map(|(status, count)| json!({ "status": status, "count": count }));
        more["terminals_summary"] = counts.collect();
    }
    let seller = store.payout_destination.as_ref();
    let seller = seller.and_then(|seller| seller.payout_destination_id.as_ref());
    if let Some(seller) = seller {
        let mut of_store = json!({ "payout_destination_id": seller });
        let found = state
            .store
            .get::<AuthPayoutDestination>(&key(account, seller.as_str()));
        let found = found.and_then(|found| serde_json::to_value(found).ok());
        for (member, of) in [
            ("status", "case_status"),
            ("type", "type"),
            ("merchant_category_code", "merchant_category_code"),
        ] {
            if let Some(value) = found.as_ref().and_then(|found| found.get(of)) {
                of_store[member] = value.clone();
            }
        }
        more["payout_destination"] = of_store;
    }
    merged(store, more)
}

fn is_in(terminal: &Terminal, store: &str) -> bool {
    terminal
        .store_id
        .as_ref()
        .is_some_and(|id| id.as_str() == store)
}

/// Returns how many stores and terminals pay out to a seller.
pub(super) fn of_seller(state: &State, account: &str, seller: &str) -> (usize, usize) {
    let stores = of_account::<AccountStore>(state, account);
    let count = stores.iter().filter(|store| pays(store, seller)).count();
    (count, terminals_of_seller(state, account, seller).len())
}

/// Returns the terminals that pay out to a seller, in short.
pub(super) fn summaries_of_seller(state: &State, account: &str, seller: &str) -> Vec<Value> {
    let terminals = terminals_of_seller(state, account, seller);
    terminals.iter().map(summary).collect()
}

fn terminals_of_seller(state: &State, account: &str, seller: &str) -> Vec<Terminal> {
    let stores = of_account::<AccountStore>(state, account).into_iter();
    let stores: Vec<AccountStore> = stores.filter(|store| pays(store, seller)).collect();
    let is_counted = |terminal: &Terminal| {
        let mut ids = stores.iter().filter_map(|store| store.store_id.as_ref());
        ids.any(|id| is_in(terminal, id.as_str()))
    };
    let terminals = of_account::<Terminal>(state, account).into_iter();
    let terminals = terminals.map(|terminal| current(state, terminal));
    terminals.filter(is_counted).collect()
}

/// Whether a store pays out to a seller.
fn pays(store: &AccountStore, seller: &str) -> bool {
    let own = store.payout_destination.as_ref();
    let own = own.and_then(|own| own.payout_destination_id.as_ref());
    own.is_some_and(|own| own.as_str() == seller)
}

fn summary(terminal: &Terminal) -> Value {
    json!({
        "terminal_id": terminal.terminal_id,
        "device_serial_number": terminal.device_serial_number,
        "status": terminal.status,
    })
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<StoreCreate>()?;
    let account = &request.caller.account;
    let id = match &body.store_id {
        Some(id)
            if state
                .store
                .contains::<AccountStore>(&key(account, id.as_str())) =>
        {
            let message = format!("body.store_id: there is a store `{id}` already");
            return Err(Problem::bad_request("ValidationError", message));
        }
        Some(id) => id.to_string(),
        None => free::<AccountStore>(state, account, "-")?,
    };
    let now = state.timestamp();
    let store: AccountStore = merged(
        &body,
        json!({
            "id": state.uuid(),
            "store_id": id,
            "created_at": now,
            "created_by": request.caller.name,
            "updated_at": now,
            "updated_by": request.caller.name,
            "status": "ACTIVE",
        }),
    )?;
    state.store.put(&key(account, &id), &store);
    Answer::json(&shown(state, account, &store, true)?)
}

/// The next id that the server makes: `T12345678-0001`, `T12345678-T0001`.
fn free<T: Record>(state: &State, account: &str, sign: &str) -> Result<String, Problem> {
    let mut ids = (1..10_000).map(|number| format!("{account}{sign}{number:04}"));
    ids.find(|id| !state.store.contains::<T>(&key(account, id)))
        .ok_or_else(|| Problem::internal("all 9,999 ids are taken"))
}

fn known(state: &State, request: &Request) -> Result<AccountStore, Problem> {
    let id = request.id("store_id");
    let found = state.store.get(&key(&request.caller.account, id));
    found.ok_or_else(|| Problem::not_found("store", id))
}

fn get(state: &mut State, request: &Request) -> Outcome {
    let store = known(state, request)?;
    Answer::json(&shown(state, &request.caller.account, &store, true)?)
}

fn delete(state: &mut State, request: &Request) -> Outcome {
    let store = known(state, request)?;
    let account = &request.caller.account;
    let mut store = shown(state, account, &store, true)?;
    store.status = Some("DELETED".to_owned());
    let place = key(account, request.id("store_id"));
    state.store.remove::<AccountStore>(&place);
    state.store.remove::<StoreConfiguration>(&place);
    Answer::json(&store)
}

fn configure(state: &mut State, request: &Request) -> Outcome {
    known(state, request)?;
    let body = request.read::<StoreConfiguration>()?;
    let place = key(&request.caller.account, request.id("store_id"));
    let before = state.store.get::<StoreConfiguration>(&place);
    let changes: Value = merged(&body, json!({}))?;
    let after: StoreConfiguration = match before {
        Some(before) => merged(&before, changes)?,
        None => body,
    };
    state.store.put(&place, &after);
    Answer::json(&after)
}

/// Returns a terminal as it is now: it is added after a while.
fn current(state: &State, mut terminal: Terminal) -> Terminal {
    let since = terminal.created_at.as_ref();
    let since = since.and_then(|time| SystemTime::try_from(time).ok());
    let is_added = since.is_some_and(|since| since + ADDING <= state.now());
    if terminal.status == Some(TerminalSummaryStatus::Pending) && is_added {
        terminal.status = Some(TerminalSummaryStatus::Active);
        terminal.status_reason = None;
    }
    terminal
}

fn list_terminals(state: &mut State, request: &Request) -> Outcome {
    check_first_page(request)?;
    let account = &request.caller.account;
    let one_of = |name: &str, value: Option<&str>| {
        let mut wanted = request
            .query_values(name)
            .flat_map(|text| text.split(','))
            .peekable();
        wanted.peek().is_none() || wanted.any(|wanted| value == Some(wanted))
    };
    let with_store = request.query_values("includes").any(|part| part == "store");
    let search = request.query_value("search").unwrap_or_default();
    let mut terminals = Vec::new();
    for terminal in of_account::<Terminal>(state, account) {
        let mut terminal = current(state, terminal);
        let store = terminal.store_id.as_ref().map(ToString::to_string);
        let store = store.and_then(|id| state.store.get::<AccountStore>(&key(account, &id)));
        let seller = store
            .as_ref()
            .and_then(|store| store.payout_destination.as_ref());
        let seller = seller.and_then(|seller| seller.payout_destination_id.as_ref());
        let texts = [
            terminal.terminal_id.as_ref().map(|id| id.as_str()),
            terminal.device_serial_number.as_deref(),
        ];
        let is_wanted = one_of("payout_destination_id", seller.map(|id| id.as_str()))
            && one_of("store_id", terminal.store_id.as_ref().map(|id| id.as_str()))
            && one_of(
                "status",
                terminal.status.as_ref().map(|status| status.as_str()),
            )
            && one_of("device_model", terminal.device_model.as_deref())
            && one_of("device_serial_number", texts[1])
            && one_of("terminal_id", texts[0])
            && texts.iter().flatten().any(|text| text.contains(search));
        if !is_wanted {
            continue;
        }
        if let Some(store) = store.filter(|_| with_store) {
            let store = json!({ "id": store.id, "store_name": store.store_name });
            terminal = merged(&terminal, json!({ "store": store }))?;
        }
        terminals.push(terminal);
    }
    let mut answer = typed::<ListTerminalsResponse>(json!({}))?;
    answer.terminals = terminals.into();
    Answer::json(&answer)
}

fn create_terminal(state: &mut State, request: &Request) -> Outcome {
    let body = request.read::<CreateTerminalBody>()?;
    let account = &request.caller.account;
    check_store(
        state,
        account,
        body.store_id.as_ref().map_or("", |id| id.as_str()),
    )?;
    let id = free::<Terminal>(state, account, "-T")?;
    let now = state.timestamp();
    let terminal: Terminal = merged(
        &body,
        json!({
            "id": state.uuid(),
            "terminal_id": id,
            "created_at": now,
            "created_by": request.caller.name,
            "updated_at": now,
            "status": "PENDING",
            "status_reason": "ADDING",
        }),
    )?;
    state.store.put(&key(account, &id), &terminal);
    Answer::json(&terminal)
}

fn check_store(state: &State, account: &str, store: &str) -> Result<(), Problem> {
    if state.store.contains::<AccountStore>(&key(account, store)) {
        return Ok(());
    }
    let message = format!("body.store_id: there is no store `{store}`");
    Err(Problem::bad_request("ValidationError", message))
}

fn known_terminal(state: &State, request: &Request) -> Result<Terminal, Problem> {
    let id = request.id("terminal_id");
    let found = state.store.get(&key(&request.caller.account, id));
    let found = found.ok_or_else(|| Problem::not_found("terminal", id))?;
    Ok(current(state, found))
}

fn get_terminal(state: &mut State, request: &Request) -> Outcome {
    Answer::json(&known_terminal(state, request)?)
}

fn update_terminal(state: &mut State, request: &Request) -> Outcome {
    let mut terminal = known_terminal(state, request)?;
    let body = request.read::<UpdateTerminalBody>()?;
    let account = &request.caller.account;
    if let Some(store) = body.store_id {
        check_store(state, account, store.as_str())?;
        terminal.store_id = Some(store);
    }
    if let Some(model) = body.device_model {
        terminal.device_model = Some(model.as_str().to_owned());
    }
    terminal.updated_at = Some(state.timestamp());
    state
        .store
        .put(&key(account, request.id("terminal_id")), &terminal);
    Answer::json(&terminal)
}

fn delete_terminal(state: &mut State, request: &Request) -> Outcome {
    known_terminal(state, request)?;
    let place = key(&request.caller.account, request.id("terminal_id"));
    state.store.remove::<Terminal>(&place);
    let (account, by) = (&request.caller.account, &request.caller.name);
    terminals::close(state, account, by, request.id("terminal_id"));
    Ok(Answer::empty(204))
}

/// No sync fails here, and none is stuck, so that all terminals are of the others.
fn sync_terminal(state: &mut State, request: &Request) -> Outcome {
    known_terminal(state, request)?;
    let message = "the last sync of this terminal did not fail";
    Err(Problem::new(409, "Conflict", message))
}
