//! To and from `rust_decimal` 1.

use rust_decimal_1::Decimal;

use super::{Amount, Currency, Money, MoneyError, MoneyErrorKind, decimal::known};

impl Amount {
    /// The amount of a decimal number of major units: `12.5` of NOK are 1 250 minor units. Nothing is rounded; zeros at the
    /// end don't count as decimals.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// - [`TooManyDecimals`](MoneyErrorKind::TooManyDecimals): more than the currency has, such as `12.345` of NOK. Round
    ///   it before.
    /// - [`Overflow`](MoneyErrorKind::Overflow)
    /// - [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): nobody knows what its minor unit is.
    pub fn from_rust_decimal(decimal: Decimal, currency: &Currency) -> Result<Self, MoneyError> {
        let exponent = known(currency)?;
        let decimal = decimal.normalize();
        let Some(missing) = u32::from(exponent).checked_sub(decimal.scale()) else {
            let message = format!(
                "{decimal} has {} decimals, {currency} has {exponent}",
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

    /// The decimal number of major units, with all decimals of the currency: 1 250 minor units of NOK are `12.50`.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): nobody knows what its minor unit is.
    pub fn to_rust_decimal(self, currency: &Currency) -> Result<Decimal, MoneyError> {
        known(currency).map(|exponent| Decimal::new(self.minor_units(), exponent.into()))
    }
}

impl Money {
    /// Money of a decimal number of major units, as [`Amount::from_rust_decimal`] reads it.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// Those of [`Amount::from_rust_decimal`].
    pub fn from_rust_decimal(decimal: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let amount = Amount::from_rust_decimal(decimal, &currency)?;
        Ok(Self::new(amount, currency))
    }

    /// The decimal number of major units, with all decimals of the currency.
    ///
    /// Needs the feature `rust_decimal-1`.
    ///
    /// # Errors
    /// [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): nobody knows what its minor unit is.
    pub fn to_rust_decimal(&self) -> Result<Decimal, MoneyError> {
        self.amount().to_rust_decimal(self.currency())
    }
}
