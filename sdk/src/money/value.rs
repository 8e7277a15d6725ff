//! Amounts with their currency.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
    ser::SerializeStruct,
};

use super::{Amount, Currency, MoneyError, MoneyErrorKind, decimal};

/// An amount with its currency.
///
/// `Display` writes `1234.50 NOK` in any locale: a decimal point, no thousands separators, all decimals of the
/// currency. This text can be parsed. For a currency with an unknown number of decimals it writes `123450 minor units
/// of XYZ`, which can't be parsed.
///
/// Values of different currencies are neither equal nor ordered.
///
/// In JSON, for instance for a job queue or a database column, it is `{"amount": 123450, "currency": "NOK"}`.
///
/// ```
/// use dintero::{Amount, Currency, Money};
///
/// let paid = Money::new(Amount::minor(123_450), Currency::NOK);
/// assert_eq!(paid.to_string(), "1234.50 NOK");
/// assert_eq!("1234.5 NOK".parse::<Money>()?, paid);
/// # Ok::<(), dintero::MoneyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Amount,
    currency: Currency,
}

impl Money {
    /// Returns an amount in minor units of this currency.
    #[must_use]
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Parses a decimal number of major units, as [`Amount::parse_decimal`] does: `Money::parse("12.5",
    /// Currency::NOK)`.
    ///
    /// # Errors
    /// The errors of [`Amount::parse_decimal`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Amount::parse_decimal(text, &currency).map(|amount| Self { amount, currency })
    }

    /// Returns the amount.
    #[must_use]
    pub const fn amount(&self) -> Amount {
        self.amount
    }

    /// Returns the currency.
    #[must_use]
    pub const fn currency(&self) -> &Currency {
        &self.currency
    }

    /// Returns the sum of two values of the same currency.
    ///
    /// # Errors
    /// [`CurrencyMismatch`](MoneyErrorKind::CurrencyMismatch) and [`Overflow`](MoneyErrorKind::Overflow).
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        self.of_one_currency(other)?;
        let amount = self.amount.checked_add(other.amount)?;
        Ok(Self::new(amount, self.currency.clone()))
    }

    /// Returns this value minus another of the same currency.
    ///
    /// # Errors
    /// [`CurrencyMismatch`](MoneyErrorKind::CurrencyMismatch) and [`Overflow`](MoneyErrorKind::Overflow).
    pub fn checked_sub(&self, other: &Self) -> Result<Self, MoneyError> {
        self.of_one_currency(other)?;
        let amount = self.amount.checked_sub(other.amount)?;
        Ok(Self::new(amount, self.currency.clone()))
    }

    fn of_one_currency(&self, other: &Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        let message = format!("{self} and {other} have different currencies");
        Err(MoneyError::new(MoneyErrorKind::CurrencyMismatch, message))
    }
}

/// By amount; `None` if the currencies differ.
impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.amount.cmp(&other.amount))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { amount, currency } = self;
        let text = match currency.exponent() {
            Some(exponent) => format!(
                "{} {currency}",
                decimal::print(amount.minor_units(), exponent)
            ),
            None => format!("{} minor units of {currency}", amount.minor_units()),
        };
        f.pad(&text)
    }
}

/// Parses `1234.50 NOK`: a decimal number as for [`Amount::parse_decimal`], one space, a currency.
impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let Some((number, code)) = text.split_once(' ') else {
            let message = format!("{text:?} is not an amount and a currency, such as 1234.50 NOK");
            return Err(MoneyError::new(MoneyErrorKind::Syntax, message));
        };
        Self::parse(number, Currency::parse(code)?)
    }
}

/// The names of both fields in JSON.
const FIELDS: [&str; 2] = ["amount", "currency"];

/// `{"amount": 29990, "currency": "NOK"}`, the amount in minor units as in Dintero's API.
impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [amount, currency] = FIELDS;
        let mut fields = serializer.serialize_struct("Money", FIELDS.len())?;
        fields.serialize_field(amount, &self.amount)?;
        fields.serialize_field(currency, &self.currency)?;
        fields.end()
    }
}

/// Reads the written format. Other fields are ignored, so that an object with an amount, a currency and more can be
/// read as money.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Money", &FIELDS, Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `amount` in minor units and `currency`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Money, A::Error> {
        let [amount_name, currency_name] = FIELDS;
        let (mut amount, mut currency) = (None, None);
        while let Some(name) = map.next_key::<Name>()? {
            let twice = match name {
                Name::Amount => amount.replace(map.next_value()?).map(|_| amount_name),
                Name::Currency => currency.replace(map.next_value()?).map(|_| currency_name),
                Name::Other => {
                    map.next_value::<IgnoredAny>()?;
                    None
                }
            };
            if let Some(name) = twice {
                return Err(Error::duplicate_field(name));
            }
        }
        Ok(Money {
            amount: amount.ok_or_else(|| Error::missing_field(amount_name))?,
            currency: currency.ok_or_else(|| Error::missing_field(currency_name))?,
        })
    }

    /// Formats without names have both values in order.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Money, A::Error> {
        let amount = list.next_element()?;
        let currency = list.next_element()?;
        Ok(Money {
            amount: amount.ok_or_else(|| Error::invalid_length(0, &self))?,
            currency: currency.ok_or_else(|| Error::invalid_length(1, &self))?,
        })
    }
}

enum Name {
    Amount,
    Currency,
    Other,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                Ok(match name {
                    "amount" => Name::Amount,
                    "currency" => Name::Currency,
                    _ => Name::Other,
                })
            }
        }

        deserializer.deserialize_identifier(Text)
    }
}
