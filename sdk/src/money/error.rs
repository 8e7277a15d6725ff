//! Errors of money.

use std::fmt;

/// The error of a calculation with money, or of a text that is not money.
///
/// The message contains the values, so it can be shown to the person who entered them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyError {
    kind: MoneyErrorKind,
    message: Box<str>,
}

/// The kind of a [`MoneyError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MoneyErrorKind {
    /// The result does not fit an [`Amount`](crate::Amount).
    Overflow,
    /// A text is not a decimal number such as `1234.50`, or not one followed by a currency.
    Syntax,
    /// A text has more decimals than its currency.
    TooManyDecimals,
    /// A text is not three capital letters, the format of currency codes.
    InvalidCurrency,
    /// The number of decimals of the currency is unknown.
    UnknownCurrency,
    /// Two values have different currencies.
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
        let message = format!("{what} exceeds the range of an amount");
        Self::new(MoneyErrorKind::Overflow, message)
    }

    /// Returns the kind of the error.
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
