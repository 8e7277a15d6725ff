//! Amounts of money in minor units.

use super::{Currency, MoneyError, MoneyErrorKind, decimal};

/// An amount of money: a whole number of minor units, as in Dintero's API. 299.90 NOK are 29 990.
///
/// The size of a minor unit depends on the [`Currency`], which Dintero sends with the amount; [`Money`](crate::Money)
/// combines both.
///
/// Any `i64` is an amount; negative ones are allowed. There are no operators, because every calculation can overflow:
/// the methods return an error then. There is no `From<i64>` either: `100.into()` would not show whether 100 kroner or
/// 100 øre are meant.
///
/// In JSON it is a whole number. A number with a zero fraction (`100.0`, `1e2`) is also read, below 2^53; `100.5` is an
/// error. JSON parsers read a number with a fraction or an exponent as binary floating point, so digits beyond its
/// precision are lost; a number without them is exact over the whole range.
///
/// ```
/// use dintero::{Amount, Currency};
///
/// let price = Amount::minor(29_990);
/// let total = price.checked_mul(3)?.checked_sub(Amount::minor(1_000))?;
/// assert_eq!(total.minor_units(), 88_970);
/// assert_eq!(total.to_decimal(&Currency::NOK)?, "889.70");
/// # Ok::<(), dintero::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// The smallest amount: -2^63 minor units.
    pub const MIN: Self = Self(i64::MIN);
    /// The largest amount: 2^63 - 1 minor units.
    pub const MAX: Self = Self(i64::MAX);

    /// Returns an amount in minor units: `Amount::minor(29_990)` is 299.90 NOK, or 29 990 JPY.
    #[must_use]
    pub const fn minor(units: i64) -> Self {
        Self(units)
    }

    /// Returns the amount in minor units.
    #[must_use]
    pub const fn minor_units(self) -> i64 {
        self.0
    }

    /// Returns whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Returns whether it is less than zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Returns the sum of two amounts.
    ///
    /// # Errors
    /// [`Overflow`](MoneyErrorKind::Overflow).
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        let sum = self.0.checked_add(other.0).map(Self);
        sum.ok_or_else(|| MoneyError::overflow(format_args!("{} + {}", self.0, other.0)))
    }

    /// Returns this amount minus another.
    ///
    /// # Errors
    /// [`Overflow`](MoneyErrorKind::Overflow).
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        let difference = self.0.checked_sub(other.0).map(Self);
        difference.ok_or_else(|| MoneyError::overflow(format_args!("{} - {}", self.0, other.0)))
    }

    /// Returns the amount with the opposite sign.
    ///
    /// # Errors
    /// [`Overflow`](MoneyErrorKind::Overflow), for [`Amount::MIN`] only.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let negative = self.0.checked_neg().map(Self);
        negative.ok_or_else(|| MoneyError::overflow(format_args!("-({})", self.0)))
    }

    /// Returns the amount multiplied by a number.
    ///
    /// # Errors
    /// [`Overflow`](MoneyErrorKind::Overflow).
    pub fn checked_mul(self, times: i64) -> Result<Self, MoneyError> {
        let product = self.0.checked_mul(times).map(Self);
        product.ok_or_else(|| MoneyError::overflow(format_args!("{} * {times}", self.0)))
    }

    /// Returns the sum of all amounts, [`ZERO`](Self::ZERO) if there are none. Only the result must fit, not the
    /// intermediate sums.
    ///
    /// # Errors
    /// [`Overflow`](MoneyErrorKind::Overflow).
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        let sum = amounts
            .into_iter()
            .try_fold(0_i128, |sum, amount| sum.checked_add(amount.0.into()))
            .and_then(|sum| i64::try_from(sum).ok());
        sum.map(Self)
            .ok_or_else(|| MoneyError::overflow(format_args!("the sum")))
    }

    /// Splits into equal parts. If units remain, the first parts get one more each (one less if the amount is
    /// negative), so the parts add up to the amount and no two differ by more than one.
    ///
    /// ```
    /// # use dintero::Amount;
    /// let parts: Vec<_> = Amount::minor(100).split(3)?.collect();
    /// assert_eq!(parts, [34, 33, 33].map(Amount::minor));
    /// # Ok::<(), dintero::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`NoParts`](MoneyErrorKind::NoParts) if `parts` is 0.
    pub fn split(
        self,
        parts: u32,
    ) -> Result<impl DoubleEndedIterator<Item = Self> + Clone + use<>, MoneyError> {
        let count = i64::from(parts);
        let (Some(share), Some(over)) = (self.0.checked_div(count), self.0.checked_rem(count))
        else {
            let message = "an amount can't be split into 0 parts";
            return Err(MoneyError::new(MoneyErrorKind::NoParts, message));
        };
        // `over` has the sign of the amount and is nearer to 0 than `parts`.
        Ok((0..parts).map(move |part| {
            let more = i64::from(part) < over.abs();
            Self(share + if more { over.signum() } else { 0 })
        }))
    }

    /// Splits in proportion to weights, one part per weight. Parts are rounded towards zero. The remaining units go one
    /// by one to the parts that lost most by rounding (the first of equal ones), so the parts add up to the amount. A
    /// part of weight 0 is [`ZERO`](Self::ZERO).
    ///
    /// ```
    /// # use dintero::Amount;
    /// let parts = Amount::minor(1_000).split_by(&[70, 20, 5])?;
    /// assert_eq!(parts, [737, 210, 53].map(Amount::minor));
    /// # Ok::<(), dintero::MoneyError>(())
    /// ```
    ///
    /// # Errors
    /// [`NoParts`](MoneyErrorKind::NoParts) if there is no weight above 0.
    pub fn split_by(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        // 2^63 times a weight fits 127 bits, and so does the sum of as many weights as memory holds.
        let total: u128 = weights.iter().copied().map(u128::from).sum();
        let whole = u128::from(self.0.unsigned_abs());
        let mut shares = Vec::with_capacity(weights.len());
        for &weight in weights {
            let product = whole * u128::from(weight);
            let (Some(share), Some(lost)) =
                (product.checked_div(total), product.checked_rem(total))
            else {
                break;
            };
            shares.push((share, lost));
        }
        if shares.is_empty() {
            let message = "an amount can't be split without a weight above 0";
            return Err(MoneyError::new(MoneyErrorKind::NoParts, message));
        }
        let given: u128 = shares.iter().map(|(share, _)| share).sum();
        let over = usize::try_from(whole.saturating_sub(given)).unwrap_or(usize::MAX);
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by_key(|&part| std::cmp::Reverse(shares.get(part).map(|(_, lost)| *lost)));
        for part in order.into_iter().take(over) {
            if let Some((share, _)) = shares.get_mut(part) {
                *share += 1;
            }
        }
        shares
            .into_iter()
            .map(|(share, _)| self.part(share))
            .collect()
    }

    /// Returns this share of the amount, with its sign.
    fn part(self, share: u128) -> Result<Self, MoneyError> {
        let share = i128::try_from(share).unwrap_or(i128::MAX);
        let signed = if self.is_negative() { -share } else { share };
        i64::try_from(signed)
            .map(Self)
            .map_err(|_| MoneyError::overflow(format_args!("{signed}")))
    }

    /// Parses a decimal number of major units: `12.5` of NOK is 1 250 minor units.
    ///
    /// The format is digits, optionally after `-`, and optionally followed by `.` and more digits, without spaces or
    /// thousands separators. Decimals are optional.
    ///
    /// # Errors
    /// - [`Syntax`](MoneyErrorKind::Syntax): it is something else, such as `1,234.50` or `.5`.
    /// - [`TooManyDecimals`](MoneyErrorKind::TooManyDecimals): more than the currency has, even if they are zeros,
    ///   because many people read `1.000` as one thousand.
    /// - [`Overflow`](MoneyErrorKind::Overflow)
    /// - [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): its minor unit is unknown.
    pub fn parse_decimal(text: &str, currency: &Currency) -> Result<Self, MoneyError> {
        decimal::parse(text, currency).map(Self)
    }

    /// Returns major units with all decimals of the currency, in any locale: `1234.50` of NOK, `-1234` of JPY.
    ///
    /// # Errors
    /// [`UnknownCurrency`](MoneyErrorKind::UnknownCurrency): its minor unit is unknown.
    pub fn to_decimal(self, currency: &Currency) -> Result<String, MoneyError> {
        decimal::known(currency).map(|exponent| decimal::print(self.0, exponent))
    }
}

impl serde::Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::rt::deserialize(deserializer)
    }
}
