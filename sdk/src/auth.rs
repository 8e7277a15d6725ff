//! Credentials of the client, and those that an operation accepts.

mod grants;
mod provider;
mod source;
mod token;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;

use crate::rt::{Scheme, SchemeKind};
use crate::{Error, Secret, base64};
pub(crate) use grants::{Grants, Sources};
pub(crate) use provider::Provide;
pub use provider::{AccessToken, TokenProvider};
pub(crate) use source::{Endpoint, FORM, JSON, Origin, Source};
pub(crate) use token::{Clock, Failure, Grant};

/// The credentials of a client.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) client: Option<ClientCredentials>,
    /// User name and password.
    pub(crate) basic: Option<ClientCredentials>,
    /// Tokens of a user's provider.
    pub(crate) provider: Option<Arc<dyn Provide>>,
    /// Tokens of a partner, exchanged for those of the account.
    pub(crate) partner: Option<Arc<Source>>,
    pub(crate) bearer: Option<Secret>,
    pub(crate) key: Option<Secret>,
    /// By the name of the scheme.
    pub(crate) keys: BTreeMap<String, Secret>,
}

/// Id and secret of an API client, or name and password of a user.
#[derive(Clone, Debug)]
pub(crate) struct ClientCredentials {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

impl Credentials {
    /// Returns the first alternative that the client can satisfy. Without schemes, the request is sent without
    /// credentials.
    pub(crate) fn choose<'s>(
        &self,
        alternatives: &'s [&'s [&'s Scheme]],
    ) -> Result<&'s [&'s Scheme], Error> {
        let mut given = alternatives.iter().filter(|schemes| !schemes.is_empty());
        if let Some(schemes) = given.find(|schemes| schemes.iter().all(|s| self.satisfies(s))) {
            return Ok(schemes);
        }
        if alternatives.is_empty() || alternatives.iter().any(|schemes| schemes.is_empty()) {
            return Ok(&[]);
        }
        let accepted: Vec<String> = alternatives
            .iter()
            .map(|schemes| describe(schemes))
            .collect();
        Err(Error::credentials(format!(
            "it accepts {}; the client has {self}",
            accepted.join(", or ")
        )))
    }

    fn satisfies(&self, scheme: &Scheme) -> bool {
        match scheme.kind {
            SchemeKind::Bearer | SchemeKind::ClientCredentials(_) => {
                self.keys.contains_key(scheme.name)
                    || self.bearer.is_some()
                    || self.provider.is_some()
                    || self.partner.is_some()
                    || self.client.is_some()
            }
            SchemeKind::Basic => self.user().is_some(),
            SchemeKind::HeaderKey(_) | SchemeKind::QueryKey(_) | SchemeKind::CookieKey(_) => {
                self.key_for(scheme).is_some()
            }
            SchemeKind::Authorization(_) => self.keys.contains_key(scheme.name),
        }
    }

    /// Returns what HTTP Basic authentication sends. The first colon would end the name.
    fn user(&self) -> Option<&ClientCredentials> {
        let client = self.client.as_ref();
        let client = client.filter(|client| !client.id.contains(':'));
        self.basic.as_ref().or(client)
    }

    fn key_for(&self, scheme: &Scheme) -> Option<&Secret> {
        self.keys.get(scheme.name).or(self.key.as_ref())
    }

    /// Returns every secret. A secret that contains another comes before it.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = Secret> {
        let pairs = || [&self.client, &self.basic].into_iter().flatten();
        let encoded = pairs().map(ClientCredentials::encoded);
        let single = [self.bearer.as_ref(), self.key.as_ref()];
        let plain = pairs()
            .map(|pair| &pair.secret)
            .chain(single.into_iter().flatten())
            .chain(self.keys.values());
        encoded.chain(plain.cloned())
    }

    /// Returns whether the schemes need a token that is fetched.
    pub(crate) fn needs_token(&self, schemes: &[&Scheme]) -> bool {
        let is_token = |scheme: &&Scheme| {
            matches!(
                scheme.kind,
                SchemeKind::Bearer | SchemeKind::ClientCredentials(_)
            ) && !self.keys.contains_key(scheme.name)
        };
        self.bearer.is_none() && schemes.iter().any(is_token)
    }

    /// Adds the credentials of the schemes to a request.
    pub(crate) fn apply(
        &self,
        schemes: &[&Scheme],
        fetched: Option<&Secret>,
        url: &mut Url,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        for scheme in schemes {
            match scheme.kind {
                SchemeKind::Bearer | SchemeKind::ClientCredentials(_) => {
                    if let Some(key) = self.keys.get(scheme.name) {
                        headers.insert(AUTHORIZATION, header("api_key_for", key)?);
                    } else if let Some(token) = self.bearer.as_ref().or(fetched) {
                        headers.insert(AUTHORIZATION, bearer(token)?);
                    }
                }
                SchemeKind::Basic => {
                    if let Some(user) = self.user() {
                        headers.insert(AUTHORIZATION, user.basic()?);
                    }
                }
                SchemeKind::HeaderKey(name) => {
                    if let Some(key) = self.key_for(scheme) {
                        let name = HeaderName::try_from(name).map_err(|_| {
                            Error::configuration(
                                "api_key",
                                format_args!("{name:?} is not a valid header name"),
                            )
                        })?;
                        headers.insert(name, header("api_key", key)?);
                    }
                }
                SchemeKind::QueryKey(name) => {
                    if let Some(key) = self.key_for(scheme) {
                        forget_query(url, name);
                        url.query_pairs_mut().append_pair(name, key.expose());
                    }
                }
                SchemeKind::CookieKey(name) => {
                    if let Some(key) = self.key_for(scheme) {
                        add_cookie(headers, name, key)?;
                    }
                }
                SchemeKind::Authorization(_) => {
                    if let Some(key) = self.keys.get(scheme.name) {
                        headers.insert(AUTHORIZATION, header("api_key_for", key)?);
                    }
                }
            }
        }
        Ok(())
    }
}

impl ClientCredentials {
    /// Returns the value of an `Authorization` header.
    pub(crate) fn basic(&self) -> Result<HeaderValue, Error> {
        let text = Secret::new(format!("Basic {}", self.encoded().expose()));
        header("client_credentials", &text)
    }

    /// Returns id and secret in Base64, as in that header.
    fn encoded(&self) -> Secret {
        let pair = Secret::new(format!("{}:{}", self.id, self.secret.expose()));
        Secret::new(base64::encode(pair.expose().as_bytes()))
    }

    /// Returns every secret form of id and secret.
    fn secrets(&self) -> [Secret; 2] {
        [self.encoded(), self.secret.clone()]
    }
}

/// Value of an `Authorization` header.
fn bearer(token: &Secret) -> Result<HeaderValue, Error> {
    let text = Secret::new(format!("Bearer {}", token.expose()));
    header("bearer_token", &text)
}

/// Returns a header value that logs don't show.
pub(crate) fn header(setting: &str, text: &Secret) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text.expose()).map_err(|_| {
        Error::configuration(
            setting,
            "contains characters that are not allowed in a header",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Removes the pairs of a name from a query: a parameter of the same name is the key, too.
fn forget_query(url: &mut Url, name: &str) {
    let Some(query) = url.query().map(str::to_owned) else {
        return;
    };
    let is_other = |pair: &&str| {
        let mut names = form_urlencoded::parse(pair.as_bytes()).map(|(name, _)| name);
        names.next().is_none_or(|known| known != name)
    };
    let kept: Vec<&str> = query.split('&').filter(is_other).collect();
    url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
}

fn add_cookie(headers: &mut HeaderMap, name: &str, key: &Secret) -> Result<(), Error> {
    let forbidden = |c: char| !c.is_ascii_graphic() || ";,\"\\".contains(c);
    if key.expose().contains(forbidden) {
        let reason = "contains characters that are not allowed in a cookie";
        return Err(Error::configuration("api_key", reason));
    }
    let before = headers.get(COOKIE).and_then(|value| value.to_str().ok());
    let is_other = |pair: &&str| {
        pair.split('=')
            .next()
            .is_some_and(|known| known.trim() != name)
    };
    let others = before
        .into_iter()
        .flat_map(|text| text.split("; "))
        .filter(is_other);
    let before: String = others.map(|pair| format!("{pair}; ")).collect();
    let text = Secret::new(format!("{before}{name}={}", key.expose()));
    headers.insert(COOKIE, header("api_key", &text)?);
    Ok(())
}

fn describe(schemes: &[&Scheme]) -> String {
    let parts: Vec<String> = schemes
        .iter()
        .map(|scheme| {
            let name = scheme.name;
            match scheme.kind {
                SchemeKind::Bearer => format!("{name} (a bearer token)"),
                SchemeKind::ClientCredentials(_) => {
                    format!("{name} (a bearer token, or client credentials for it)")
                }
                SchemeKind::Basic => {
                    format!("{name} (user and password, or id and secret of a client)")
                }
                SchemeKind::HeaderKey(key) => format!("{name} (a key in the header {key})"),
                SchemeKind::QueryKey(key) => format!("{name} (a key in the query, {key})"),
                SchemeKind::CookieKey(key) => format!("{name} (a key in the cookie {key})"),
                SchemeKind::Authorization(known) => {
                    format!("{name} (`api_key_for` with a whole header of the scheme {known})")
                }
            }
        })
        .collect();
    parts.join(" with ")
}

/// Lists the credentials, without their values.
impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.client.is_some() {
            parts.push("client credentials".to_owned());
        }
        if self.basic.is_some() {
            parts.push("user and password".to_owned());
        }
        if self.provider.is_some() {
            parts.push("a token provider".to_owned());
        }
        if self.partner.is_some() {
            parts.push("the token of a partner".to_owned());
        }
        if self.bearer.is_some() {
            parts.push("a fixed bearer token".to_owned());
        }
        if self.key.is_some() {
            parts.push("an API key".to_owned());
        }
        parts.extend(
            self.keys
                .keys()
                .map(|name| format!("an API key for {name}")),
        );
        if parts.is_empty() {
            parts.push("no credentials".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string())
    }
}

#[cfg(test)]
mod tests;
