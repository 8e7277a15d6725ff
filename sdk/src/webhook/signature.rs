//! Parses signatures in headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::mac::unhex;
use super::{CALLBACK_SIGNATURE, Error, ErrorKind, WEBHOOK_SIGNATURE};

const SCHEME: &str = "v0-hmac-sha256";

/// The parsed header `t=1582236537,v0-hmac-sha256=6bed…`.
#[derive(Debug)]
pub(super) struct CallbackSignature<'h> {
    /// As received, because this text is signed.
    pub(super) timestamp: &'h str,
    pub(super) at: SystemTime,
    pub(super) mac: [u8; 32],
}

impl<'h> CallbackSignature<'h> {
    /// Unknown parts are skipped: a later scheme may be sent together with the known one.
    pub(super) fn read(header: Option<&'h [u8]>) -> Result<Self, Error> {
        let text = text(header, CALLBACK_SIGNATURE)?;
        let (mut timestamp, mut signature) = (None, None);
        for part in text.split(',') {
            let (name, value) = part
                .trim()
                .split_once('=')
                .ok_or_else(|| malformed("a part is not name=value"))?;
            let slot = match name {
                "t" => &mut timestamp,
                SCHEME => &mut signature,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(malformed("a part is a duplicate"));
            }
        }
        let timestamp = timestamp.ok_or_else(|| malformed("the time `t` is missing"))?;
        let signature = signature.ok_or_else(|| {
            Error::new(
                ErrorKind::UnknownScheme,
                "the header `Dintero-Signature` has no part `v0-hmac-sha256`, the only supported scheme: if Dintero \
                 has introduced another one, update this crate",
            )
        })?;
        Ok(Self {
            timestamp,
            at: unix(timestamp).ok_or_else(|| malformed("`t` is not a time in seconds"))?,
            mac: unhex(signature)
                .ok_or_else(|| malformed("`v0-hmac-sha256` is not 64 hexadecimal digits"))?,
        })
    }
}

/// 40 hexadecimal digits and nothing else.
pub(super) fn webhook_signature(header: Option<&[u8]>) -> Result<[u8; 20], Error> {
    let text = text(header, WEBHOOK_SIGNATURE)?;
    unhex(text.trim()).ok_or_else(|| {
        Error::new(
            ErrorKind::MalformedSignature,
            "the header `event-signature` is not 40 hexadecimal digits: Dintero did not send this, or a proxy \
             changed it",
        )
    })
}

fn text<'h>(header: Option<&'h [u8]>, name: &str) -> Result<&'h str, Error> {
    let callback = name == CALLBACK_SIGNATURE;
    let header = header.ok_or_else(|| {
        let message = if callback {
            "the header `Dintero-Signature` is missing: Dintero did not send this, or the account has no signature \
             secret; create it with POST /v1/admin/signature"
        } else {
            "the header `event-signature` is missing: Dintero did not send this, or the subscription has no \
             `config.secret`"
        };
        Error::new(ErrorKind::MissingSignature, message)
    })?;
    std::str::from_utf8(header).map_err(|_| {
        let message = format!("the header `{name}` is not text");
        Error::new(ErrorKind::MalformedSignature, message)
    })
}

/// Digits only: `+5` would be the same number under another signature.
fn unix(text: &str) -> Option<SystemTime> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    UNIX_EPOCH.checked_add(Duration::from_secs(text.parse().ok()?))
}

fn malformed(what: &str) -> Error {
    let message = format!(
        "invalid header `Dintero-Signature`: {what}; expected t=<seconds>,v0-hmac-sha256=<hexadecimal>"
    );
    Error::new(ErrorKind::MalformedSignature, message)
}
