//! Access tokens.

use dintero::mock;
use dintero::payments::{AuthToken, IssuedToken};

use super::{Handler, Outcome};
use crate::accounts::{AUDIENCE, Account, ApiClient};
use crate::auth::Token;
use crate::request::{Answer, Problem, Request};
use crate::state::{State, millis};

/// Seconds until a token expires: 4 hours, as the pages of 2026 say.
const LIFETIME: u32 = 4 * 60 * 60;

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    Some(Handler::Now(match (api, operation) {
        ("payments", "create_token") => create,
        ("management", "exchange_token") => exchange,
        _ => return None,
    }))
}

fn create(state: &mut State, request: &Request) -> Outcome {
    let account = request.id("oid");
    if request.caller.account != account {
        return Err(Problem::forbidden(format!(
            "the credentials are not of account {account}"
        )));
    }
    let audience = match request.read::<AuthToken>()? {
        AuthToken::ClientCredentials(grant) => grant.audience.unwrap_or_default(),
        AuthToken::AuthorizationCode(_) => return Err(Problem::unknown("codes sent to persons")),
        AuthToken::Password(_) => return Err(Problem::unknown("passwords of persons")),
        AuthToken::MfaOob(_) => return Err(Problem::unknown("second factors")),
        AuthToken::RefreshToken(_) => return Err(Problem::unknown("refresh tokens")),
        _ => {
            let message = "`grant_type` is not one of the documented values";
            return Err(Problem::bad_request("ValidationError", message));
        }
    };
    // Clients of other addresses than Dintero's may name this one.
    let own = format!("{}/v1/accounts/", state.settings.origin);
    let named = [AUDIENCE, &own]
        .iter()
        .find_map(|known| audience.strip_prefix(*known));
    // Dintero's pages disagree on whether a partner names the merchant's account or its own.
    let client = state.store.get::<ApiClient>(&request.caller.name);
    let own = client.map(|client| client.account).unwrap_or_default();
    if named.is_none_or(|named| named != account && named != own) {
        let message =
            format!("there is no grant for the audience `{audience}`; use `{AUDIENCE}{account}`");
        return Err(Problem::forbidden(message));
    }
    let (client, scopes) = (request.caller.name.clone(), request.caller.scopes.clone());
    if scopes.is_empty() {
        let message = format!("the client {client} has no grant for the audience `{audience}`");
        return Err(Problem::forbidden(message));
    }
    issue(state, account, client, scopes, None)
}

fn exchange(state: &mut State, request: &Request) -> Outcome {
    let partner = request.id("partner_id");
    if request.caller.account != partner {
        return Err(Problem::forbidden(format!(
            "the token is not of the partner {partner}"
        )));
    }
    let body = request.read::<dintero::management::Exchange>()?;
    let merchant = body.account_id.map(|id| id.to_string()).unwrap_or_default();
    let account = (state.store.get::<Account>(&merchant))
        .filter(|account| account.partner.as_deref() == Some(partner))
        .ok_or_else(|| Problem::forbidden(format!("account {merchant} is not below {partner}")))?;
    // The rights of the partner's client.
    let client = request.caller.name.clone();
    let scopes = state.store.get::<ApiClient>(&client);
    let scopes = scopes.map(|client| client.scopes).unwrap_or_default();
    issue(state, partner, client, scopes, Some(account.id))
}

fn issue(
    state: &mut State,
    account: &str,
    client: String,
    scopes: Vec<String>,
    represents: Option<String>,
) -> Outcome {
    let text = state.text(64);
    let expires_at = millis(state.now()) + u64::from(LIFETIME) * 1000;
    let token = Token {
        account: account.to_owned(),
        client,
        scopes,
        expires_at,
        represents,
    };
    state.store.put(&text, &token);
    state.store.keep_newest::<Token>(10_000);
    Answer::json(&mock::value(|issued: &mut IssuedToken| {
        issued.access_token = text;
        issued.expires_in = Some(LIFETIME.into());
        issued.token_type = Some("Bearer".into());
    }))
}
