//! The functions of the operations. An operation without a function is rejected.

mod api_keys;
mod clients;
mod kpis;
mod list;
mod merchants;
mod pay;
pub(crate) mod payouts;
mod products;
pub(crate) mod profiles;
pub(crate) mod records;
pub(crate) mod reports;
pub(crate) mod sellers;
pub(crate) mod sessions;
mod settlement_events;
mod settlement_reports;
pub(crate) mod settlements;
mod stores;
pub(crate) mod terminals;
mod tokens;
pub(crate) mod transactions;
mod webhooks;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::request::{Answer, Problem, Request};
use crate::server::Inner;
use crate::state::{Job, State};

/// The result of an operation.
pub(crate) type Outcome = Result<Answer, Problem>;

/// A result that is waited for.
type Answering = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// The implementation of an operation.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// It reads and changes the state.
    Now(fn(&mut State, &Request) -> Outcome),
    /// It also waits for the merchant, or works, while the state is not locked.
    Waiting(fn(Arc<Inner>, Request) -> Answering),
}

/// Returns the implementation of an operation, by its name.
pub(crate) fn handler(name: &str) -> Option<Handler> {
    let (api, operation) = name.split_once('.')?;
    let areas: &[fn(&str, &str) -> Option<Handler>] = &[
        tokens::handler,
        sessions::handler,
        transactions::handler,
        pay::handler,
        webhooks::handler,
        api_keys::handler,
        profiles::handler,
        clients::handler,
        merchants::handler,
        settlements::handler,
        settlement_events::handler,
        settlement_reports::handler,
        payouts::handler,
        reports::handler,
        kpis::handler,
        sellers::handler,
        stores::handler,
        terminals::handler,
        products::handler,
    ];
    areas.iter().find_map(|area| area(api, operation))
}

/// Does a job other than a delivery.
pub(crate) fn run(state: &mut State, job: Job) {
    match job {
        Job::Complete(initiated) => transactions::complete(state, *initiated),
        Job::Approve(application) => sellers::move_on(state, &application),
        Job::PayOut(seller) => payouts::pay_out(state, &seller),
        Job::Report(configuration) => reports::make_due(state, &configuration),
        Job::Command(operation) => terminals::complete(state, &operation),
        Job::Transfer(transfer) => payouts::carry_out(state, &transfer),
        Job::Deliver(_) => {}
    }
}
