//! Signing as Dintero does, so that users can test their handlers.

use std::time::{SystemTime, UNIX_EPOCH};

use super::canonical::{Target, read_url};
use super::mac::{Sha1, Sha256, check, sign};
use super::{Error, ErrorKind};
use crate::{AccountId, Secret};

/// Signs callbacks as Dintero does, for tests of your own.
#[derive(Clone, Debug)]
pub struct CallbackSigner {
    account: AccountId,
    secret: Secret,
}

impl CallbackSigner {
    /// Signs for an account with its secret.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the secret is empty.
    pub fn new(account: AccountId, secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check(&secret)?;
        Ok(Self { account, secret })
    }

    /// The value of the header `Dintero-Signature` of a request to a whole URL at some time, of which the whole seconds
    /// count.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] when the method is no method, the URL can't be read or has no host, or the time is before
    /// 1970.
    pub fn sign(
        &self,
        method: impl AsRef<str>,
        url: &str,
        at: SystemTime,
    ) -> Result<String, Error> {
        let since = at.duration_since(UNIX_EPOCH).map_err(|_| {
            let message = "the time of the signature is before 1970: give a later one";
            Error::new(ErrorKind::Request, message)
        })?;
        let timestamp = since.as_secs().to_string();
        let target = Target::new(method.as_ref(), &read_url(url)?, None, None)?;
        let payload = target.payload(&timestamp, &self.account);
        let signature = sign::<Sha256>(&self.secret, payload.as_bytes())?;
        Ok(format!("t={timestamp},v0-hmac-sha256={signature}"))
    }
}

/// Signs webhooks as Dintero does, for tests of your own.
#[derive(Clone, Debug)]
pub struct WebhookSigner {
    secret: Secret,
}

impl WebhookSigner {
    /// Signs with the secret of a subscription.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the secret is empty.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check(&secret)?;
        Ok(Self { secret })
    }

    /// The value of the header `event-signature` of a request with this body.
    ///
    /// # Errors
    /// None at present.
    pub fn sign(&self, body: impl AsRef<[u8]>) -> Result<String, Error> {
        sign::<Sha1>(&self.secret, body.as_ref())
    }
}
