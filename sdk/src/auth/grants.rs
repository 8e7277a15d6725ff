//! Sources of tokens, of which a client has one or, by its document, several.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http::HeaderValue;
use reqwest::Url;

use super::{ClientCredentials, Endpoint, FORM, Origin, Source};
use crate::observed::Observed;
use crate::rt::{Info, Scheme, SchemeKind};
use crate::{Error, Secret};

/// Where the tokens of a client come from.
#[derive(Clone)]
pub(crate) enum Sources {
    /// One token for all operations.
    One(Arc<Source>),
    /// A token for each endpoint in the document, with the scopes of the operation.
    Documented(Arc<Grants>),
}

/// Tokens of the grant "client credentials" of OAuth 2 (RFC 6749, section 4.4).
pub(crate) struct Grants {
    pub(crate) client: ClientCredentials,
    pub(crate) observed: Observed,
    pub(crate) agent: Option<HeaderValue>,
    /// Replaces the endpoints in the document.
    pub(crate) url: Option<Url>,
    /// Replaces the scopes of operations.
    pub(crate) scopes: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) info: &'static Info,
    pub(crate) known: RwLock<BTreeMap<(Url, String), Arc<Source>>>,
}

impl Grants {
    /// Returns the source of tokens for an operation. URLs in the document may be relative to `base`, the base URL of the
    /// operation; `check` returns why requests can't be sent to a URL.
    ///
    /// # Errors
    /// Neither its schemes nor the settings have the URL of an endpoint, or that URL is invalid.
    pub(crate) fn source(
        &self,
        schemes: &[&Scheme],
        info: &Info,
        base: &Url,
        check: impl FnOnce(&Url) -> Result<(), &'static str>,
    ) -> Result<Arc<Source>, Error> {
        let documented = schemes.iter().find_map(|scheme| match scheme.kind {
            SchemeKind::ClientCredentials(url) => Some(url),
            _ => None,
        });
        let url = match (&self.url, documented) {
            (Some(url), _) => url.clone(),
            (None, Some(documented)) => {
                let wrong = |reason| Error::configuration("token_url", reason);
                let url = base.join(documented);
                let url = url.map_err(|_| wrong("is not a URL in the document; set it"))?;
                check(&url).map_err(wrong)?;
                url
            }
            (None, None) => {
                let reason = "is in no security scheme of the operation; set it to use client credentials here";
                return Err(Error::configuration("token_url", reason));
            }
        };
        let scopes = match &self.scopes {
            Some(scopes) => scopes.clone(),
            None => info.scopes.join(" "),
        };
        let key = (url, scopes);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = known.get(&key) {
            return Ok(Arc::clone(source));
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let source = known.entry(key).or_insert_with_key(|(url, scopes)| {
            let endpoint = Endpoint {
                observed: self.observed.clone(),
                agent: self.agent.clone(),
                url: url.clone(),
                info: self.info,
                body: Bytes::from(self.body(scopes)),
                media_type: FORM,
            };
            let origin = Origin::Client(self.client.form_encoded(), endpoint);
            Arc::new(Source::new(origin, self.observed.backend.clock()))
        });
        Ok(Arc::clone(source))
    }

    fn body(&self, scopes: &str) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !scopes.is_empty() {
            form.append_pair("scope", scopes);
        }
        if let Some(audience) = &self.audience {
            form.append_pair("audience", audience);
        }
        form.finish()
    }
}

impl ClientCredentials {
    /// Returns id and secret as OAuth 2 puts them in an `Authorization` header (RFC 6749, section 2.3.1).
    fn form_encoded(&self) -> Self {
        let encoded =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        Self {
            id: encoded(&self.id),
            secret: Secret::new(encoded(self.secret.expose())),
        }
    }
}
