//! Signers that sign as Dintero does, for tests of handlers.

use std::time::{SystemTime, UNIX_EPOCH};

use super::canonical::{Target, read_url};
use super::mac::{Sha1, Sha256, check, sign};
use super::{Error, ErrorKind};
use crate::{AccountId, Secret};

/// A signer that signs callbacks as Dintero does, for your own tests.
#[derive(Clone, Debug)]
pub struct CallbackSigner {
    account: AccountId,
    secret: Secret,
}

impl CallbackSigner {
    /// Returns a signer for an account with its secret.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the secret is empty.
    pub fn new(account: AccountId, secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check(&secret)?;
        Ok(Self { account, secret })
    }

    /// Returns the value of the header `Dintero-Signature` for a request to an absolute URL at this time, in whole
    /// seconds.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the method is invalid, the URL is invalid or has no host, or the time is before 1970.
    pub fn sign(
        &self,
        method: impl AsRef<str>,
        url: &str,
        at: SystemTime,
    ) -> Result<String, Error> {
        let since = at.duration_since(UNIX_EPOCH).map_err(|_| {
            let message = "the time of the signature is before 1970: pass a later one";
            Error::new(ErrorKind::Request, message)
        })?;
        let timestamp = since.as_secs().to_string();
        let target = Target::new(method.as_ref(), &read_url(url)?, None, None)?;
        let payload = target.payload(&timestamp, &self.account);
        let signature = sign::<Sha256>(&self.secret, payload.as_bytes())?;
        Ok(format!("t={timestamp},v0-hmac-sha256={signature}"))
    }
}

/// A signer that signs webhooks as Dintero does, for your own tests.
#[derive(Clone, Debug)]
pub struct WebhookSigner {
    secret: Secret,
}

impl WebhookSigner {
    /// Returns a signer with the secret of a subscription.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the secret is empty.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check(&secret)?;
        Ok(Self { secret })
    }

    /// Returns the value of the header `event-signature` for a request with this body.
    ///
    /// # Errors
    /// None currently.
    pub fn sign(&self, body: impl AsRef<[u8]>) -> Result<String, Error> {
        sign::<Sha1>(&self.secret, body.as_ref())
    }
}
