//! Token providers.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::Grant;
use crate::{AccountId, Secret};

/// Your own source of access tokens: a vault, an internal service, another kind of grant.
///
/// The client requests a token when it needs one, one request at a time. It caches the token until shortly before it
/// expires, or until Dintero rejects it although it is older than 5 seconds. After an error of the provider, the next
/// request follows after at most 0.25 seconds, then 0.5, 1 and so on up to 30. Calls in between wait, or fail with that
/// error.
///
/// A function that returns a future is a provider, too:
///
/// ```
/// # fn main() -> Result<(), dintero::Error> {
/// use std::time::Duration;
/// use dintero::{AccessToken, AccountId, Client};
///
/// let client = Client::builder()
///     .token_provider(|_: Option<AccountId>| async {
///         let token = std::fs::read_to_string("/run/secrets/dintero-token")?;
///         Ok::<_, std::io::Error>(AccessToken::new(token.trim(), Duration::from_secs(3600)))
///     })
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// The error of the provider. Calls that need a token fail with [`ErrorKind::Token`](crate::ErrorKind::Token), and
    /// this is the `source()`.
    type Error: Into<Box<dyn StdError + Send + Sync>>;

    /// Returns a token for this account; `None` if the client has no account.
    ///
    /// It should have a time limit and its own retries; the client requests a token only once per call.
    fn token(
        &self,
        account: Option<AccountId>,
    ) -> impl Future<Output = Result<AccessToken, Self::Error>> + Send;
}

impl<F, A, E> TokenProvider for F
where
    F: Fn(Option<AccountId>) -> A + Send + Sync + 'static,
    A: Future<Output = Result<AccessToken, E>> + Send,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Error = E;

    fn token(
        &self,
        account: Option<AccountId>,
    ) -> impl Future<Output = Result<AccessToken, Self::Error>> + Send {
        self(account)
    }
}

/// An access token and its lifetime.
#[derive(Clone)]
pub struct AccessToken {
    secret: Secret,
    lifetime: Duration,
}

impl AccessToken {
    /// Returns a token, without the word `Bearer`, that is valid for this time from now.
    #[must_use]
    pub fn new(token: impl Into<Secret>, expires_in: Duration) -> Self {
        Self {
            secret: token.into(),
            lifetime: expires_in,
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

type Provided<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// A type-erased [`TokenProvider`].
pub(crate) trait Provide: Send + Sync {
    fn provide(&self, account: Option<AccountId>) -> Provided<'_>;
}

impl<P: TokenProvider> Provide for P {
    fn provide(&self, account: Option<AccountId>) -> Provided<'_> {
        Box::pin(async move { self.token(account).await.map_err(Into::into) })
    }
}

impl TryFrom<AccessToken> for Grant {
    type Error = &'static str;

    fn try_from(token: AccessToken) -> Result<Self, Self::Error> {
        Self::new(token.secret, token.lifetime)
    }
}
