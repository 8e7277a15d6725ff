//! Sources of access tokens.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::Url;
use zeroize::Zeroize;

use super::provider::Provide;
use super::token::{Clock, Failure, Grant, RENEWAL_LIMIT, Token, Tokens};
use super::{ClientCredentials, bearer};
use crate::interceptor::About;
use crate::observed::Observed;
use crate::rt::Info;
use crate::transport::{Outgoing, Purpose};
use crate::{AccountId, Error, ErrorKind, Secret};

/// The token of an account, and where the next one comes from.
pub(crate) struct Source {
    tokens: Tokens,
    origin: Origin,
}

pub(crate) enum Origin {
    /// Id and secret of a client.
    Client(ClientCredentials, Endpoint),
    /// Another token, which is exchanged at an endpoint.
    Exchange(Arc<Source>, Endpoint),
    Provider(Arc<dyn Provide>, Option<AccountId>),
}

/// A token request.
pub(crate) struct Endpoint {
    pub(crate) observed: Observed,
    pub(crate) agent: Option<HeaderValue>,
    pub(crate) url: Url,
    /// For errors; its path is the URL as they show it.
    pub(crate) info: &'static Info,
    pub(crate) body: Bytes,
    /// Of the body.
    pub(crate) media_type: HeaderValue,
}

/// The media type of Dintero's token requests.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The media type of token requests by OAuth 2.
pub(crate) const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Grant, Error>> + Send + 'a>>;

impl Source {
    pub(crate) fn new(origin: Origin, clock: Clock) -> Self {
        let tokens = Tokens::with_clock(clock);
        Self { tokens, origin }
    }

    /// Returns a token that should still be valid when it arrives. `left` is the remaining time of the call.
    pub(crate) async fn token(&self, left: Option<Duration>) -> Result<Arc<Token>, Failure> {
        // A renewal that can wait must not use up a call's time.
        let patience = left.map_or(RENEWAL_LIMIT, |left| RENEWAL_LIMIT.min(left / 4));
        self.tokens.get(patience, || self.fetch(left)).await
    }

    /// Records that the server rejected this token. Returns whether another one is or will be available.
    pub(crate) fn refused(&self, token: &Arc<Token>) -> bool {
        self.tokens.refused(token)
    }

    fn fetch(&self, left: Option<Duration>) -> Fetching<'_> {
        Box::pin(async move {
            match &self.origin {
                Origin::Client(client, endpoint) => {
                    endpoint.ask(client.basic()?, client.secrets()).await
                }
                Origin::Exchange(other, endpoint) => {
                    let mut again = true;
                    loop {
                        let token = other.token(left).await.map_err(Error::token)?;
                        let secrets = [token.secret.clone()];
                        let outcome = endpoint.ask(bearer(&token.secret)?, secrets).await;
                        match outcome {
                            Err(error)
                                if again
                                    && error.kind() == ErrorKind::Unauthorized
                                    && other.refused(&token) =>
                            {
                                again = false;
                            }
                            outcome => return outcome,
                        }
                    }
                }
                Origin::Provider(provider, account) => {
                    let token = provider.provide(account.clone()).await;
                    let token = token.map_err(Error::provider)?;
                    Grant::try_from(token).map_err(|reason| {
                        let reason = format!("the token {reason}");
                        Error::configuration("token_provider", reason)
                    })
                }
            }
        })
    }
}

impl Endpoint {
    async fn ask(
        &self,
        authorization: HeaderValue,
        secrets: impl IntoIterator<Item = Secret>,
    ) -> Result<Grant, Error> {
        let call = self.info;
        let mut headers = HeaderMap::new();
        if let Some(agent) = &self.agent {
            headers.insert(USER_AGENT, agent.clone());
        }
        headers.insert(ACCEPT, JSON);
        headers.insert(CONTENT_TYPE, self.media_type.clone());
        headers.insert(AUTHORIZATION, authorization);
        let mut outgoing = Outgoing {
            method: call.method.clone(),
            url: self.url.clone(),
            headers,
            body: Some(self.body.clone().into()),
            timeout: None,
            most: None,
            streamed: false,
            begun: None,
            purpose: Purpose::default(),
        };
        let about = About {
            info: self.info,
            number: 1,
            is_token_request: true,
            needed: &[],
        };
        let is_answer = |status: StatusCode| status.is_success();
        let exchange = self.observed.exchange(&about, &mut outgoing, is_answer);
        let response = exchange.await.map_err(|error| error.of(call))?.raw;
        if !response.status.is_success() {
            return Err(Error::status_of(response).hiding(secrets).of(call));
        }
        let grant = Grant::read(&response.body);
        if let Ok(mut body) = response.body.try_into_mut() {
            BytesMut::as_mut(&mut body).zeroize();
        }
        grant.map_err(|reason| Error::useless_token(response.status, reason).of(call))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::AccessToken;
    use crate::auth::token::tests::Hands;

    /// The call has four seconds, and the provider never returns.
    #[tokio::test(start_paused = true)]
    async fn a_renewal_takes_a_quarter_of_the_time_that_is_left() {
        let asked = AtomicUsize::new(0);
        let provider = move |_: Option<AccountId>| {
            let first = asked.fetch_add(1, Ordering::Relaxed) == 0;
            async move {
                if !first {
                    std::future::pending::<()>().await;
                }
                Ok::<_, std::fmt::Error>(AccessToken::new("token", Duration::from_secs(100)))
            }
        };
        let hands = Hands::new();
        let source = Source {
            tokens: Tokens::with_clock(hands.clock()),
            origin: Origin::Provider(Arc::new(provider), None),
        };
        source.token(None).await.unwrap();
        hands.pass(Duration::from_secs(85));
        let begun = tokio::time::Instant::now();
        source.token(Some(Duration::from_secs(4))).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(1));
        hands.pass(Duration::from_secs(3));
        source.token(Some(Duration::from_secs(4))).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(1));
    }
}
