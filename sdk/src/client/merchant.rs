//! Tokens of the client's account, and of a partner's merchants.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::servers::{self, Servers};
use super::{Client, ClientBuilder};
use crate::auth::{Credentials, Endpoint, Grants, JSON, Origin, Source, Sources};
use crate::observed::Observed;
use crate::rt::Info;
use crate::{AccountId, Error};

/// The default audience.
pub(crate) const TOKEN_SERVER: &str = "https://api.dintero.com/v1";
pub(crate) const TOKEN_PATH: &str = "/accounts/{aid}/auth/token";
const EXCHANGE_PATH: &str = "/accounts/{partner_id}/auth/exchange_token";

static TOKEN: Info = Info {
    name: "auth.token",
    method: &Method::POST,
    path: TOKEN_PATH,
    ..Info::USUAL
};

static TOKEN_OF_URL: Info = Info {
    path: "{token_url}",
    ..TOKEN
};

static EXCHANGE: Info = Info {
    name: "auth.exchange_token",
    path: EXCHANGE_PATH,
    ..TOKEN
};

impl Client {
    /// Returns a client that acts for a merchant of this partner.
    ///
    /// It has the settings and connections of this client, and the merchant's account. It gets its token from Dintero
    /// in three steps, each cached: the partner's own token, a token in exchange for it, and with that the merchant's.
    /// The same merchant returns the same client again, so calling this each time is cheap. A client with a [token
    /// provider](ClientBuilder::token_provider) requests the merchant's token from the provider.
    ///
    /// API keys and a fixed token belong to the partner and are not copied. See also
    /// [`merchant_audience`](ClientBuilder::merchant_audience).
    ///
    /// # Errors
    /// The client has neither client credentials nor a token provider, acts for a merchant itself, or is [limited to
    /// the sandbox](ClientBuilder::sandbox_only) and the merchant is not a sandbox account. Nothing is sent.
    pub fn for_merchant(&self, merchant: AccountId) -> Result<Self, Error> {
        let known = self.0.merchants.read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = known.get(&merchant) {
            return Ok(client.clone());
        }
        drop(known);
        let mut merchants = (self.0.merchants.write()).unwrap_or_else(PoisonError::into_inner);
        // Another thread may have added it.
        if let Some(client) = merchants.get(&merchant) {
            return Ok(client.clone());
        }
        let client = self.to_merchant(merchant.clone())?;
        merchants.insert(merchant, client.clone());
        Ok(client)
    }

    fn to_merchant(&self, merchant: AccountId) -> Result<Self, Error> {
        let inner = &*self.0;
        let own = &inner.settings.credentials;
        let mut credentials = Credentials::default();
        if own.partner.is_some() {
            let reason = "acts for a merchant itself; call it on the partner's client";
            return Err(Error::configuration("for_merchant", reason));
        } else if let Some(provider) = &own.provider {
            credentials.provider = Some(Arc::clone(provider));
        } else if let (Some(_), Some(Sources::One(source)), Some(partner)) =
            (&own.client, &inner.source, self.account())
        {
            let path = EXCHANGE_PATH.replace("{partner_id}", partner.as_str());
            let exchange = Endpoint {
                observed: inner.observed.clone(),
                agent: inner.headers.get(USER_AGENT).cloned(),
                url: inner.servers.url(TOKEN_SERVER, Some(partner), &path)?,
                info: &EXCHANGE,
                body: Bytes::from(format!(r#"{{"account_id":"{merchant}"}}"#)),
                media_type: JSON,
            };
            let origin = Origin::Exchange(Arc::clone(source), exchange);
            credentials.partner = Some(Arc::new(Source::new(
                origin,
                inner.observed.backend.clock(),
            )));
        } else {
            let reason = "requires client credentials of the partner, or a token provider";
            return Err(Error::configuration("for_merchant", reason));
        }
        let default = format!("{TOKEN_SERVER}/accounts/{{aid}}");
        let audience = inner.settings.merchant_audience.clone().unwrap_or(default);
        let partner = self.account().map_or("", AccountId::as_str);
        let mut builder = self.to_builder().account(merchant);
        builder.credentials = credentials;
        builder.source = None;
        builder.token_audience = Some(audience.replace("{partner}", partner));
        builder.build()
    }
}

impl ClientBuilder {
    /// Returns the source of tokens; `None` if they are not fetched.
    pub(super) fn source(
        &self,
        observed: &Observed,
        servers: &Servers,
        headers: &HeaderMap,
    ) -> Result<Option<Sources>, Error> {
        let Credentials {
            client,
            provider,
            partner,
            ..
        } = &self.credentials;
        let endpoint = || self.token_endpoint(observed, servers, headers);
        let origin = if let Some(provider) = provider {
            Origin::Provider(Arc::clone(provider), self.account.clone())
        } else if let Some(partner) = partner {
            Origin::Exchange(Arc::clone(partner), endpoint()?)
        } else if let (Some(client), Some(_)) = (client, self.service) {
            let url = self.token_url.as_ref();
            let url = url.map(|url| servers::absolute("token_url", url, None, &self.plain_http));
            return Ok(Some(Sources::Documented(Arc::new(Grants {
                client: client.clone(),
                observed: observed.clone(),
                agent: headers.get(USER_AGENT).cloned(),
                url: url.transpose()?,
                scopes: self.token_scopes.clone(),
                audience: self.token_audience.clone(),
                info: &TOKEN_OF_URL,
                known: RwLock::default(),
            }))));
        } else if let Some(client) = client {
            Origin::Client(client.clone(), endpoint()?)
        } else {
            return Ok(None);
        };
        let source = Source::new(origin, observed.backend.clock());
        Ok(Some(Sources::One(Arc::new(source))))
    }

    fn token_endpoint(
        &self,
        observed: &Observed,
        servers: &Servers,
        headers: &HeaderMap,
    ) -> Result<Endpoint, Error> {
        let account = self.account.as_ref();
        let missing_account =
            || Error::configuration("account", "is not set, but client credentials require it");
        let (url, info) = match &self.token_url {
            Some(url) => (
                servers::absolute("token_url", url, account, &self.plain_http)?,
                &TOKEN_OF_URL,
            ),
            None => {
                let account = account.ok_or_else(missing_account)?;
                let path = TOKEN_PATH.replace("{aid}", account.as_str());
                (servers.url(TOKEN_SERVER, Some(account), &path)?, &TOKEN)
            }
        };
        let audience = match &self.token_audience {
            Some(audience) => servers::filled("token_audience", audience, account)?,
            None => {
                let account = account.ok_or_else(missing_account)?;
                format!("{TOKEN_SERVER}/accounts/{account}")
            }
        };
        // Built as text to keep the member order of Dintero's examples.
        let audience = Value::String(audience);
        let body = format!(r#"{{"grant_type":"client_credentials","audience":{audience}}}"#);
        Ok(Endpoint {
            observed: observed.clone(),
            agent: headers.get(USER_AGENT).cloned(),
            url,
            info,
            body: Bytes::from(body),
            media_type: JSON,
        })
    }
}
