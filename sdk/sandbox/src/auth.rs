//! Who sends a request: access tokens, API keys, Basic authentication.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::accounts::ApiClient;
use crate::contract::Operation;
use crate::request::{Caller, Problem};
use crate::state::{State, millis};
use crate::store::Record;

/// An access token, under its text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) account: String,
    pub(crate) client: String,
    pub(crate) scopes: Vec<String>,
    /// Since 1970, in milliseconds.
    pub(crate) expires_at: u64,
    /// The merchant's account that a partner's token was exchanged for: it buys tokens of that account only.
    pub(crate) represents: Option<String>,
}

impl Record for Token {
    const TABLE: &'static str = "tokens";
}

/// An API key, under its account and id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApiKey {
    pub(crate) account: String,
    pub(crate) key: String,
    /// Those of the credentials that created it.
    pub(crate) scopes: Vec<String>,
    /// Its JSON, as the API returns it.
    pub(crate) read: dintero::checkout::ApiKey,
}

impl Record for ApiKey {
    const TABLE: &'static str = "api-keys";
}

/// Returns the sender of a request, whose credentials must be of a kind that the operation accepts.
pub(crate) fn caller(
    state: &State,
    operation: &Operation,
    headers: &HeaderMap,
) -> Result<Caller, Problem> {
    if operation.security.is_empty() {
        return Ok(Caller::default());
    }
    let accepts = |kind: &str| operation.security.iter().flatten().any(|one| one == kind);
    let authorization = headers.get(http::header::AUTHORIZATION);
    let authorization = authorization.and_then(|value| value.to_str().ok());
    let is_scheme = |scheme: &str, name: &str| scheme.eq_ignore_ascii_case(name);
    if let Some((scheme, value)) = authorization.and_then(|text| text.split_once(' ')) {
        if is_scheme(scheme, "bearer") && accepts("bearer") {
            return with_token(state, operation, value);
        }
        if is_scheme(scheme, "basic") && accepts("basic") {
            return with_basic(state, value);
        }
    }
    if accepts("header:x-api-key")
        && let Some(key) = headers.get("x-api-key")
    {
        return with_key(state, operation, key.as_bytes());
    }
    let accepted: Vec<&str> = (operation.security.iter().flatten())
        .map(String::as_str)
        .collect();
    let message = format!(
        "credentials are missing; accepted are: {}",
        accepted.join(", ")
    );
    Err(Problem::unauthorized(message))
}

/// Makes the access token of a request invalid.
pub(crate) fn revoke(state: &mut State, headers: &HeaderMap) {
    let authorization = headers.get(http::header::AUTHORIZATION);
    let authorization = authorization.and_then(|value| value.to_str().ok());
    if let Some((_, token)) = authorization.and_then(|text| text.split_once(' ')) {
        state.store.remove::<Token>(token);
    }
}

fn with_token(state: &State, operation: &Operation, text: &str) -> Result<Caller, Problem> {
    let token = (state.store.get::<Token>(text))
        .ok_or_else(|| Problem::unauthorized("the access token is unknown"))?;
    if token.expires_at <= millis(state.now()) {
        return Err(Problem::unauthorized("the access token has expired"));
    }
    if let Some(account) = token.represents {
        if operation.name != "payments.create_token" {
            let message =
                format!("this token represents {account}: exchange it for a token of that account");
            return Err(Problem::unauthorized(message));
        }
        return Ok(Caller {
            account,
            name: token.client,
            scopes: token.scopes,
        });
    }
    check_scopes(operation, &token.scopes)?;
    Ok(Caller {
        account: token.account,
        name: token.client,
        scopes: token.scopes,
    })
}

fn with_key(state: &State, operation: &Operation, given: &[u8]) -> Result<Caller, Problem> {
    let mut keys = state.store.iter::<ApiKey>();
    let key = keys.find(|(_, key)| key.key.as_bytes() == given);
    let (_, key) = key.ok_or_else(|| Problem::unauthorized("the API key is unknown"))?;
    if key.read.deleted_at.is_some() {
        return Err(Problem::unauthorized("the API key is deleted"));
    }
    check_scopes(operation, &key.scopes)?;
    Ok(Caller {
        account: key.account,
        name: key.read.id.map(|id| id.to_string()).unwrap_or_default(),
        scopes: key.scopes,
    })
}

/// Token requests. The token is for a client, so the client is named, not its scopes.
fn with_basic(state: &State, encoded: &str) -> Result<Caller, Problem> {
    let wrong = || Problem::unauthorized("the client id or the client secret is wrong");
    let text = BASE64.decode(encoded.trim()).map_err(|_| wrong())?;
    let text = String::from_utf8(text).map_err(|_| wrong())?;
    let (id, secret) = text.split_once(':').ok_or_else(wrong)?;
    let client = state.store.get::<ApiClient>(id).ok_or_else(wrong)?;
    if client.secret != secret {
        return Err(wrong());
    }
    Ok(Caller {
        account: client.account,
        name: id.to_owned(),
        scopes: client.scopes,
    })
}

/// A token needs one of the scopes; `admin:x` includes `write:x` and `read:x`, and `write:x` its parts.
fn check_scopes(operation: &Operation, scopes: &[String]) -> Result<(), Problem> {
    let wanted = &operation.scopes;
    let has = |wanted: &String| scopes.iter().any(|given| includes(given, wanted));
    if wanted.is_empty() || wanted.iter().any(has) {
        return Ok(());
    }
    let message = format!("the token needs one of the scopes {}", wanted.join(", "));
    Err(Problem::forbidden(message))
}

fn includes(given: &str, wanted: &str) -> bool {
    if given == wanted {
        return true;
    }
    let (Some((verb, area)), Some((wanted_verb, wanted_area))) =
        (given.split_once(':'), wanted.split_once(':'))
    else {
        return false;
    };
    let is_part = wanted_area == area
        || (wanted_area.strip_prefix(area)).is_some_and(|rest| rest.starts_with(':'));
    is_part
        && (verb == wanted_verb || verb == "admin" || (verb == "write" && wanted_verb == "read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_include_others() {
        for (given, wanted, expected) in [
            ("admin:checkout", "write:checkout", true),
            ("write:checkout", "admin:checkout", false),
            ("write:checkout", "read:checkout", true),
            ("admin:accounts", "write:accounts:/auth/users", true),
            ("write:accounts:/auth/users", "write:accounts", false),
            ("admin:account", "admin:accounts", false),
        ] {
            assert_eq!(includes(given, wanted), expected, "{given} {wanted}");
        }
    }
}
