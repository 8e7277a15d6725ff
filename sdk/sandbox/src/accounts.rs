//! Accounts with their clients, keys and secrets.

use serde::{Deserialize, Serialize};

use crate::state::State;
use crate::store::Record;

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    /// `T12345678`
    pub(crate) id: String,
    pub(crate) name: String,
    /// The partner that it belongs to.
    pub(crate) partner: Option<String>,
    /// The key of `Dintero-Signature`.
    pub(crate) callback_secret: Option<CallbackSecret>,
}

/// The key of `Dintero-Signature`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CallbackSecret {
    pub(crate) id: String,
    pub(crate) created_at: String,
    pub(crate) created_by: String,
    pub(crate) secret: String,
}

impl Record for Account {
    const TABLE: &'static str = "accounts";
}

/// A client of an account, under its id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApiClient {
    pub(crate) secret: String,
    pub(crate) account: String,
    pub(crate) scopes: Vec<String>,
}

impl Record for ApiClient {
    const TABLE: &'static str = "clients";
}

/// What a client of the first account may do.
const SCOPES: [&str; 6] = [
    "admin:accounts",
    "admin:billing",
    "admin:checkout",
    "admin:hooks",
    "admin:payout",
    "admin:reports",
];

/// Names and secrets that a new sandbox has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct First {
    pub(crate) account: String,
    pub(crate) client_id: String,
}

impl Record for First {
    const TABLE: &'static str = "first";
}

/// Creates the first account, unless the state file has it.
pub(crate) fn prepare(state: &mut State) {
    if state.store.contains::<First>("first") {
        return;
    }
    let account = format!("T{:08}", 10_000_000 + state.number(89_999_999));
    let client_id = state.uuid();
    let client = ApiClient {
        secret: state.uuid(),
        account: account.clone(),
        scopes: SCOPES.map(str::to_owned).to_vec(),
    };
    let callback_secret = CallbackSecret {
        id: state.uuid(),
        created_at: state.timestamp().to_string(),
        created_by: client_id.clone(),
        secret: state.text(32),
    };
    state.store.put(&client_id, &client);
    state.store.put(
        &account,
        &Account {
            id: account.clone(),
            name: "Sandbox".to_owned(),
            partner: None,
            callback_secret: Some(callback_secret),
        },
    );
    crate::operations::profiles::prepare(state, &account, "Sandbox", &client_id);
    state.store.put("first", &First { account, client_id });
}
