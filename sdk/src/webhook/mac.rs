//! HMACs and their comparison.

use std::fmt::Write as _;

use hmac::digest::{CtOutput, Output};
use hmac::{KeyInit, Mac};

use super::{Error, ErrorKind};
use crate::Secret;

/// HMAC-SHA256, of callbacks.
pub(super) type Sha256 = hmac::Hmac<sha2::Sha256>;
/// HMAC-SHA1, of webhooks. The collisions that broke SHA-1 do not break HMAC-SHA1.
pub(super) type Sha1 = hmac::Hmac<sha1::Sha1>;

/// Accepted secrets: at least one, none empty.
#[derive(Clone, Debug)]
pub(super) struct Keys(Vec<Secret>);

impl Keys {
    pub(super) fn new<I>(secrets: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: Into<Secret>,
    {
        let secrets: Vec<Secret> = secrets.into_iter().map(Into::into).collect();
        if secrets.is_empty() {
            let message = "no secret to verify with: pass at least one";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        for secret in &secrets {
            check(secret)?;
        }
        Ok(Self(secrets))
    }

    /// Returns whether the signature matches any of the secrets.
    pub(super) fn matches<M: Mac + KeyInit>(
        &self,
        message: &[u8],
        received: &[u8],
    ) -> Result<bool, Error> {
        let Ok(received) = Output::<M>::try_from(received) else {
            return Ok(false);
        };
        let received = CtOutput::<M>::new(received);
        for secret in &self.0 {
            // `CtOutput` compares in constant time. The early exit of the loop reveals only which secret is in use.
            if mac::<M>(secret, message)? == received {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// With an empty secret, such as from an unset variable, anyone could sign.
pub(super) fn check(secret: &Secret) -> Result<(), Error> {
    if secret.expose().is_empty() {
        let message = "the secret is empty: anyone could sign with it";
        return Err(Error::new(ErrorKind::Configuration, message));
    }
    Ok(())
}

/// Returns the signature in hexadecimal.
pub(super) fn sign<M: Mac + KeyInit>(secret: &Secret, message: &[u8]) -> Result<String, Error> {
    Ok(hex(&mac::<M>(secret, message)?.into_bytes()))
}

fn mac<M: Mac + KeyInit>(secret: &Secret, message: &[u8]) -> Result<CtOutput<M>, Error> {
    // HMAC takes keys of any length, so this does not happen.
    let mut mac = <M as KeyInit>::new_from_slice(secret.expose().as_bytes()).map_err(|_| {
        let message = "the secret has a length that the algorithm does not support";
        Error::new(ErrorKind::Configuration, message)
    })?;
    mac.update(message);
    Ok(mac.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a `String` can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Decodes `N` bytes from exactly twice as many hexadecimal digits, upper or lower case.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
        *byte = u8::try_from(high? * 16 + low?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_there_and_back() {
        assert_eq!(unhex::<3>("00fF1a"), Some([0, 255, 26]));
        assert_eq!(hex(&[0, 255, 26]), "00ff1a");
        for wrong in [
            "", "00ff1", "00ff1a0", "00ff1a00", "00ff1g", "+0ff1a", "00ffé",
        ] {
            assert_eq!(unhex::<3>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn published_vectors() {
        // RFC 4231 and RFC 2202, test case 2.
        let secret = Secret::new("Jefe");
        let message = b"what do ya want for nothing?";
        assert_eq!(
            sign::<Sha256>(&secret, message).unwrap(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            sign::<Sha1>(&secret, message).unwrap(),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
    }
}
