//! Accounts with their clients, keys and secrets.

use dintero::management::{ApiClientId, AuthClient, AuthClientId, ExtendedAccount, Grant, GrantId};
use dintero::mock;
use serde::{Deserialize, Serialize};

use crate::operations::profiles;
use crate::operations::records::{key, of_account};
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

/// A client of an account, under its client id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApiClient {
    pub(crate) secret: String,
    pub(crate) account: String,
    /// Those that its grants give it.
    pub(crate) scopes: Vec<String>,
    /// Its JSON, as the API returns it.
    pub(crate) read: AuthClient,
}

impl Record for ApiClient {
    const TABLE: &'static str = "clients";
}

impl Record for Grant {
    const TABLE: &'static str = "grants";
}

impl Record for ExtendedAccount {
    const TABLE: &'static str = "merchants";
}

/// The scopes of the first client of an account.
const SCOPES: [&str; 8] = [
    "admin:accounts",
    "admin:billing",
    "admin:checkout",
    "admin:hooks",
    "admin:insight",
    "admin:payout",
    "admin:products",
    "admin:reports",
];

/// The API that tokens are for, whose audiences end in the account.
pub(crate) const AUDIENCE: &str = "https://api.dintero.com/v1/accounts/";

/// Names and secrets that a new sandbox has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct First {
    pub(crate) account: String,
    pub(crate) client_id: String,
    /// `T18400000`: merchants' accounts are created below it.
    pub(crate) partner: String,
    pub(crate) partner_client_id: String,
}

impl Record for First {
    const TABLE: &'static str = "first";
}

/// Creates the first account and the first partner, unless the state file has them.
pub(crate) fn prepare(state: &mut State) {
    if state.store.contains::<First>("first") {
        return;
    }
    let account = format!("T{:08}", 10_000_000 + state.number(89_999_999));
    let client_id = state.uuid();
    let callback_secret = CallbackSecret {
        id: state.uuid(),
        created_at: state.timestamp().to_string(),
        created_by: client_id.clone(),
        secret: state.text(32),
    };
    open(
        state,
        &Account {
            id: account.clone(),
            name: "Sandbox".to_owned(),
            partner: None,
            callback_secret: Some(callback_secret),
        },
        &client_id,
    );
    add_first_client(state, &account, &client_id);
    let partner = partner_beside(state, &account);
    let partner_client_id = state.uuid();
    open(
        state,
        &Account {
            id: partner.clone(),
            name: "Sandbox partner".to_owned(),
            partner: None,
            callback_secret: None,
        },
        &partner_client_id,
    );
    add_first_client(state, &partner, &partner_client_id);
    let first = First {
        account,
        client_id,
        partner,
        partner_client_id,
    };
    state.store.put("first", &first);
}

/// Stores a new account with what every account has.
pub(crate) fn open(state: &mut State, account: &Account, by: &str) {
    state.store.put(&account.id, account);
    profiles::prepare(state, &account.id, &account.name, by);
}

/// The account of a partner: three digits, and five zeros. The first account is not below it.
fn partner_beside(state: &mut State, account: &str) -> String {
    loop {
        let partner = format!("T{}00000", 100 + state.number(900));
        if partner.get(..4) != account.get(..4) {
            return partner;
        }
    }
}

fn add_first_client(state: &mut State, account: &str, client_id: &str) {
    let id = state.uuid();
    let now = state.timestamp();
    let client = ApiClient {
        secret: state.text(43),
        account: account.to_owned(),
        scopes: Vec::new(),
        read: mock::value(|client: &mut AuthClient| {
            client.id = Some(ApiClientId::new(&id));
            client.client_id = Some(AuthClientId::new(client_id));
            client.name = Some("The first client".to_owned());
            client.created_at = Some(now.clone());
            client.created_by = Some(client_id.to_owned());
            client.updated_at = Some(now.clone());
        }),
    };
    state.store.put(client_id, &client);
    let grant_id = state.uuid();
    let grant = mock::value(|grant: &mut Grant| {
        grant.id = Some(GrantId::new(&grant_id));
        grant.client_id = Some(ApiClientId::new(&id));
        grant.audience = Some(format!("{AUDIENCE}{account}"));
        grant.type_ = Some("any".into());
        grant.scope = SCOPES.map(str::to_owned).into();
        grant.created_at = Some(now.clone());
        grant.created_by = Some(client_id.to_owned());
        grant.updated_at = Some(now);
    });
    state.store.put(&key(account, &grant_id), &grant);
    update_scopes(state, account, &id);
}

/// Sets the scopes of a client to those of its grants, after one was changed.
pub(crate) fn update_scopes(state: &mut State, account: &str, id: &str) {
    let mut scopes = Vec::new();
    for grant in of_account::<Grant>(state, account) {
        if grant.client_id.is_some_and(|client| client.as_str() == id) {
            scopes.extend(grant.scope.into_vec());
        }
    }
    scopes.sort();
    scopes.dedup();
    if let Some(mut client) = client_by_id(state, account, id) {
        client.scopes = scopes;
        store_client(state, &client);
    }
}

/// Returns a client by its `id`, which is not the client id that it logs in with.
pub(crate) fn client_by_id(state: &State, account: &str, id: &str) -> Option<ApiClient> {
    let mut clients = state.store.iter::<ApiClient>().map(|(_, client)| client);
    clients.find(|client| {
        client.account == account
            && client
                .read
                .id
                .as_ref()
                .is_some_and(|own| own.as_str() == id)
    })
}

pub(crate) fn store_client(state: &mut State, client: &ApiClient) {
    if let Some(id) = &client.read.client_id {
        state.store.put(id.as_str(), client);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::store::Store;
    use dintero::checkout::{GetCheckoutConfigurationResponse, ListProfilesResponse};

    #[test]
    fn a_new_sandbox_has_an_account_and_a_partner() {
        let settings = Settings {
            seed: Some(1),
            ..Settings::default()
        };
        let state = State::new(Store::default(), settings.into());
        let first = state.store.get::<First>("first").unwrap();
        for account in [&first.account, &first.partner] {
            let store = &state.store;
            assert!(store.contains::<GetCheckoutConfigurationResponse>(account));
            assert!(store.contains::<ListProfilesResponse>(&key(account, "default")));
        }
        assert!(first.partner.ends_with("00000"));
        let client = state.store.get::<ApiClient>(&first.client_id).unwrap();
        assert_eq!(client.scopes, SCOPES);
    }
}
