//! Signing and verifying callbacks and webhooks by hand.

use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use dintero::AccountId;
use dintero::webhook::{CallbackSigner, CallbackVerifier, WebhookSigner, WebhookVerifier};

use super::arguments::Signed;
use super::remote::Control;
use super::{Failure, print};

/// Account and secret of signatures.
struct Key {
    account: AccountId,
    secret: String,
    now: SystemTime,
}

impl Key {
    /// From the arguments, or from the sandbox that runs.
    async fn of(signed: &Signed) -> Result<Self, Failure> {
        let (account, secret, now) = match (&signed.account, &signed.secret) {
            (Some(account), Some(secret)) => (account.clone(), secret.clone(), SystemTime::now()),
            (account, secret) => {
                let info = Control::new(&signed.url)?.info().await?;
                let missing = || Failure::Failed("the account has no callback secret".to_owned());
                let secret = secret
                    .clone()
                    .or(info.callback_secret)
                    .ok_or_else(missing)?;
                let now = SystemTime::try_from(&info.now)?;
                (account.clone().unwrap_or(info.account), secret, now)
            }
        };
        let given = signed.time.map(Duration::from_secs);
        let given = given.and_then(|time| SystemTime::UNIX_EPOCH.checked_add(time));
        Ok(Self {
            account: account.parse()?,
            secret,
            now: given.unwrap_or(now),
        })
    }
}

fn body(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = match path.to_str() {
        Some("-") => std::io::stdin().read_to_end(&mut body).map(drop),
        _ => std::fs::read(path).map(|read| body = read),
    };
    match read {
        Ok(()) => Ok(body),
        Err(error) => Err(Failure::Failed(format!("{}: {error}", path.display()))),
    }
}

pub(super) async fn sign(signed: Signed) -> Result<(), Failure> {
    let signature = match (&signed.target, &signed.body) {
        (Some(url), _) => {
            let key = Key::of(&signed).await?;
            CallbackSigner::new(key.account, key.secret)?.sign(&signed.method, url, key.now)?
        }
        (None, Some(path)) => {
            let secret = signed.secret.clone().unwrap_or_default();
            WebhookSigner::new(secret)?.sign(body(path)?)?
        }
        (None, None) => String::new(),
    };
    print(&format!("{signature}\n"))
}

/// The value of a header, which may be given with its name.
fn value<'h>(header: &'h str, name: &str) -> &'h str {
    match header.split_once(':') {
        Some((given, value)) if given.trim().eq_ignore_ascii_case(name) => value.trim(),
        _ => header.trim(),
    }
}

pub(super) async fn verify(signed: Signed) -> Result<(), Failure> {
    let header = signed.signature.clone().unwrap_or_default();
    let verified = match (&signed.target, &signed.body) {
        (Some(url), _) => {
            let key = Key::of(&signed).await?;
            let now = key.now;
            let verifier = CallbackVerifier::new(key.account, [key.secret])?.clock(move || now);
            let header = value(&header, "dintero-signature");
            let headers = |name: &str| (name == "dintero-signature").then_some(header);
            verifier
                .verify_parts(&signed.method, url, headers)
                .map(drop)
        }
        (None, Some(path)) => {
            let verifier = WebhookVerifier::new([signed.secret.clone().unwrap_or_default()])?;
            let header = value(&header, "event-signature");
            let headers = |name: &str| (name == "event-signature").then_some(header);
            verifier.verify_parts(headers, body(path)?).map(drop)
        }
        (None, None) => Ok(()),
    };
    match verified {
        Ok(()) => print("valid\n"),
        Err(error) => Err(Failure::Failed(format!("not valid: {error}"))),
    }
}
