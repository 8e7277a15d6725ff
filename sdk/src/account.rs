//! Account ids.

use std::fmt;
use std::str::FromStr;

/// The id of a Dintero account: `P` (production) or `T` (sandbox) and eight digits, such as `T12345678`.
///
/// Both environments share the same hosts; the first letter selects one. An id in a response or an event may have another
/// form: it is kept as it is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(Box<str>);

/// The error for a text that is not an account id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAccountId(());

impl AccountId {
    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns an id of a response, whatever its form.
    pub(crate) fn received(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns whether the id has the documented form.
    pub(crate) fn is_well_formed(&self) -> bool {
        is_account_id(&self.0)
    }

    /// Rejects a production account, with the setting in the error.
    pub(crate) fn check_sandbox(&self, rule: &str) -> Result<(), crate::Error> {
        if self.is_sandbox() {
            return Ok(());
        }
        let reason = "rejects a production account (`P…`); nothing was sent";
        Err(crate::Error::configuration(rule, reason))
    }

    /// Returns whether it is a sandbox account (`T…`), in which no real money moves. An id of another form is not.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.0.starts_with('T') && self.is_well_formed()
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match is_account_id(text) {
            true => Ok(Self(text.into())),
            false => Err(InvalidAccountId(())),
        }
    }
}

fn is_account_id(text: &str) -> bool {
    let digits = text.strip_prefix(['P', 'T']);
    digits
        .is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

impl TryFrom<&str> for AccountId {
    type Error = InvalidAccountId;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for AccountId {
    type Error = InvalidAccountId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl AsRef<str> for AccountId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({self})")
    }
}

impl fmt::Display for InvalidAccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an account id is the letter P or T and eight digits, such as T12345678")
    }
}

impl std::error::Error for InvalidAccountId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_and_eight_digits() {
        let id: AccountId = "T12345678".parse().unwrap();
        assert!(id.is_sandbox());
        assert_eq!(id.to_string(), "T12345678");
        assert_eq!(format!("{id:?}"), "AccountId(T12345678)");
        assert!(!"P00000000".parse::<AccountId>().unwrap().is_sandbox());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "T",
            "T1234567",
            "T123456789",
            "t12345678",
            "X12345678",
            "12345678",
            "T1234567a",
            " T12345678",
            "T12345678\n",
            "T١٢٣٤",
            "T+1234567",
        ] {
            assert!(text.parse::<AccountId>().is_err(), "{text:?}");
            assert!(!AccountId::received(text).is_sandbox(), "{text:?}");
        }
    }
}
