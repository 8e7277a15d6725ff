//! How customers pay: what follows from a choice on the checkout page, or from a test that chooses for them.

use crate::request::Problem;
use crate::state::State;

/// What the customer does, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The payment is authorized (or captured, with `auto_capture`).
    Paid,
    /// The bank or the wallet declines, with this code of `events[].error.code`.
    Declined(String),
    /// The payment is under review.
    OnHold,
    /// A technical failure.
    Failed,
    /// The customer leaves.
    Cancelled,
}

/// Where the browser goes after a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    /// The session's `return_url` with Dintero's parameters; none if the session has no such URL.
    pub(crate) redirect: Option<String>,
    /// The transaction, if there is one.
    pub(crate) transaction: Option<String>,
}

/// Applies a choice to a session.
///
/// # Errors
/// The session is unknown, expired, cancelled or paid, or the payment type is not one of its own.
pub(crate) fn pay(
    state: &mut State,
    session: &str,
    payment_product_type: &str,
    choice: Choice,
) -> Result<Done, Problem> {
    let _ = (state, session, payment_product_type, choice);
    Err(Problem::unknown("payments"))
}

/// Returns the payment types that a session offers: `payex.creditcard`, `vipps`, …
pub(crate) fn payment_types(state: &State, session: &str) -> Vec<String> {
    let _ = (state, session);
    Vec::new()
}
