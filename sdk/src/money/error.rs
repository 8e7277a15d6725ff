//! What can go wrong with money.

use std::fmt;

/// A calculation with money that has no result, or a text that is no money.
///
/// The message names the values, so that it can be shown to whoever entered them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyError {
    kind: MoneyErrorKind,
    message: Box<str>,
}

/// What kind of [`MoneyError`] it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MoneyErrorKind {
    /// The result does not fit an [`Amount`](crate::Amount).
    Overflow,
    /// A text is not a decimal number such as `1234.50`, or not one followed by a currency.
    Syntax,
    /// A text has more decimals than its currency.
    TooManyDecimals,
    /// A text is not three capital letters, as codes of currencies are.
    InvalidCurrency,
    /// How many decimals the currency has is not known here.
    UnknownCurrency,
    /// Two values are of different currencies.
    CurrencyMismatch,
    /// There are no parts to split into, or none with a weight above 0.
    NoParts,
}

impl MoneyError {
    pub(super) fn new(kind: MoneyErrorKind, message: impl Into<Box<str>>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub(super) fn overflow(what: fmt::Arguments<'_>) -> Self {
        let message = format!("{what} is more than an amount can hold");
        Self::new(MoneyErrorKind::Overflow, message)
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> MoneyErrorKind {
        self.kind
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MoneyError {}
