//! Access tokens from elsewhere.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::Grant;
use crate::{AccountId, Secret};

/// A source of access tokens of your own: a vault, a service of your company, another kind of grant.
///
/// The client asks when it needs a token, one caller at a time, and keeps it as it keeps its own: until shortly before
/// it expires, or until Dintero refuses it although it is older than 5 seconds. What the provider gives is not asked for
/// again before that. When the provider fails, it is asked again after 0.25 seconds at most, 0.5, 1 and so on up to 30; calls in
/// between wait or fail with what it said.
///
/// A function that gives a future is a provider, too:
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
    /// Why there is no token. Calls that need one fail with [`ErrorKind::Token`](crate::ErrorKind::Token); this is
    /// the error's `source()`.
    type Error: Into<Box<dyn StdError + Send + Sync>>;

    /// A token for this account; `None` when the client has no account.
    ///
    /// It should have a time limit and repeat by itself what is worth repeating; the client asks only once per call.
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

/// An access token and how long it is valid.
#[derive(Clone)]
pub struct AccessToken {
    secret: Secret,
    lifetime: Duration,
}

impl AccessToken {
    /// A token, without the word `Bearer`, that is valid for so long from now on.
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

/// A [`TokenProvider`] whose type doesn't matter.
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
