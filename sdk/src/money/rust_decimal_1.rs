//! To and from `rust_decimal` 1.

use rust_decimal_1::Decimal;

use super::{Amount, Currency, Money, MoneyError, MoneyErrorKind, decimal::known};

impl Amount {
    /// Returns the amount of a decimal number of major units: `12.5` of NOK is 1 250 minor units. Nothing is rounded;
    /// trailing zeros don't count as decimals.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// - [`TooManyDecimals`](MoneyErrorKind::TooManyDecimals): more than the currency has, such as `12.345` of NOK.
    ///   Round the number first.
    /// - [`Overflow`](MoneyErrorKind::Overflow)
    /// - [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): its minor unit is unknown.
    pub fn from_rust_decimal(decimal: Decimal, currency: &Currency) -> Result<Self, MoneyError> {
        let exponent = known(currency)?;
        let decimal = decimal.normalize();
        let Some(missing) = u32::from(exponent).checked_sub(decimal.scale()) else {
            let message = format!(
                "{decimal} has {} decimals, but {currency} has {exponent}",
                decimal.scale()
            );
            return Err(MoneyError::new(MoneyErrorKind::TooManyDecimals, message));
        };
        let minor = 10_i128
            .checked_pow(missing)
            .and_then(|factor| decimal.mantissa().checked_mul(factor))
            .and_then(|minor| i64::try_from(minor).ok());
        minor
            .map(Self::minor)
            .ok_or_else(|| MoneyError::overflow(format_args!("{decimal} {currency}")))
    }

    /// Returns the decimal number of major units, with all decimals of the currency: 1 250 minor units of NOK is
    /// `12.50`.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): its minor unit is unknown.
    pub fn to_rust_decimal(self, currency: &Currency) -> Result<Decimal, MoneyError> {
        known(currency).map(|exponent| Decimal::new(self.minor_units(), exponent.into()))
    }
}

impl Money {
    /// Returns money of a decimal number of major units; see [`Amount::from_rust_decimal`].
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// The errors of [`Amount::from_rust_decimal`].
    pub fn from_rust_decimal(decimal: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let amount = Amount::from_rust_decimal(decimal, &currency)?;
        Ok(Self::new(amount, currency))
    }

    /// Returns the decimal number of major units, with all decimals of the currency.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): its minor unit is unknown.
    pub fn to_rust_decimal(&self) -> Result<Decimal, MoneyError> {
        self.amount().to_rust_decimal(self.currency())
    }
}
