//! Sums of orders.
//!
//! Dintero requires the `amount` of an order to be the sum of the `amount`s of its items and of its shipping option,
//! and `vat_amount` the sum of their `vat_amount`s. Amounts of items and shipping include tax and are after discounts;
//! `discount_lines` only describe discounts, and gift cards pay a part of the amount, so neither changes the sum.
//!
//! ```
//! use dintero::payments::{SessionOrder, SessionOrderItem};
//! use dintero::{Amount, Currency, Number};
//!
//! let chairs = SessionOrderItem::builder()
//!     .line_id("1")
//!     .description("Chair")
//!     .quantity(Number::from(2))
//!     .amount(Amount::minor(59_980))
//!     .vat(Number::from(25))
//!     .build();
//! let order = SessionOrder::builder()
//!     .lines([chairs], None)?
//!     .currency(Currency::NOK)
//!     .merchant_reference("order-1042")
//!     .build();
//! assert_eq!(order.amount, Some(Amount::minor(59_980)));
//! assert_eq!(order.vat_amount, Some(Amount::minor(11_996)));
//! # Ok::<(), dintero::payments::order::OrderError>(())
//! ```

use std::fmt;

use crate::payments::builder::{SessionOrderBuilder, SessionOrderUpdateBuilder};
use crate::payments::{OrderShipping as ShippingOption, SessionOrder, SessionOrderItem as Item};
use crate::rt::Set;
use crate::{Amount, Extra, MoneyError, Number};

/// The sums of the lines of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    amount: Amount,
    vat_amount: Option<Amount>,
}

impl Totals {
    /// Returns the sums of items.
    ///
    /// The tax of an item is its `vat_amount`; without it, [`included_vat`] computes it from `amount` and `vat`. If an
    /// item has neither, the tax of the order is unknown.
    ///
    /// # Errors
    /// An item without an amount, a tax rate that [`included_vat`] rejects, or a sum that is too large. The message has
    /// the number of the line, from 1.
    pub fn of<'i>(items: impl IntoIterator<Item = &'i Item>) -> Result<Self, OrderError> {
        let mut totals = Self {
            amount: Amount::ZERO,
            vat_amount: Some(Amount::ZERO),
        };
        for (index, item) in items.into_iter().enumerate() {
            let line = format!("line {}", index + 1);
            let tax = readable_tax(&item.extra, item.vat_amount, item.vat);
            totals = totals.line(&line, item.amount, tax)?;
        }
        Ok(totals)
    }

    /// Returns these sums plus a shipping option.
    ///
    /// # Errors
    /// The errors of [`of`](Self::of).
    pub fn with_shipping(self, option: &ShippingOption) -> Result<Self, OrderError> {
        let tax = readable_tax(&option.extra, option.vat_amount, option.vat);
        self.line("the shipping option", option.amount, tax)
    }

    /// Returns these sums plus another charge of the order, such as a shipping option of another type. Pass `None` as
    /// `vat_amount` if its tax is unknown; the tax of the order is then unknown, too.
    ///
    /// # Errors
    /// A sum is too large.
    pub fn plus(self, amount: Amount, vat_amount: Option<Amount>) -> Result<Self, OrderError> {
        let add = |one: Amount, two| one.checked_add(two).map_err(|error| overflow(&error));
        let vat = (self.vat_amount.zip(vat_amount))
            .map(|(one, two)| add(one, two))
            .transpose()?;
        Ok(Self {
            amount: add(self.amount, amount)?,
            vat_amount: vat,
        })
    }

    fn line(self, line: &str, amount: Option<Amount>, tax: Tax) -> Result<Self, OrderError> {
        let missing = || OrderError::new(format!("{line} has no amount: set it"));
        let amount = amount.ok_or_else(missing)?;
        let vat_amount = match tax {
            Tax::Rate(rate) => {
                let wrong = |error: OrderError| OrderError::new(format!("{line}: {error}"));
                Some(included_vat(amount, rate).map_err(wrong)?)
            }
            Tax::Amount(told) => Some(told),
            Tax::Unknown => None,
        };
        self.plus(amount, vat_amount)
    }

    /// Returns the required `amount` of the order.
    #[must_use]
    pub fn amount(self) -> Amount {
        self.amount
    }

    /// Returns the `vat_amount` of the order, if the tax of every line is known. Dintero only displays it.
    #[must_use]
    pub fn vat_amount(self) -> Option<Amount> {
        self.vat_amount
    }
}

/// The tax of a line.
enum Tax {
    Amount(Amount),
    Rate(Number),
    Unknown,
}

/// A tax that could not be read is unknown, whatever the rate is.
fn readable_tax(extra: &Extra, vat_amount: Option<Amount>, vat: Option<Number>) -> Tax {
    if extra.is_unread("vat_amount") {
        return Tax::Unknown;
    }
    match (vat_amount, vat) {
        (Some(amount), _) => Tax::Amount(amount),
        (None, Some(rate)) => Tax::Rate(rate),
        (None, None) => Tax::Unknown,
    }
}

/// Returns the tax in an amount that includes it: `amount * rate / (100 + rate)`, the rate in percent with at most two
/// decimals.
///
/// Computed with integers. The result is rounded to the nearest minor unit, halves away from zero, once per line.
/// Dintero's rounding is not documented, and it only displays the tax.
///
/// ```
/// use dintero::{Amount, Number, payments::order::included_vat};
///
/// assert_eq!(included_vat(Amount::minor(12_500), Number::from(25))?, Amount::minor(2_500));
/// assert_eq!(included_vat(Amount::minor(1_000), Number::from(11.11))?, Amount::minor(100));
/// # Ok::<(), dintero::payments::order::OrderError>(())
/// ```
///
/// # Errors
/// A rate below zero, above 1000, or with more than two decimals.
pub fn included_vat(amount: Amount, percent: Number) -> Result<Amount, OrderError> {
    let rate = hundredths(percent).ok_or_else(|| {
        OrderError::new("a tax rate is a percentage from 0 to 1000 with at most two decimals")
    })?;
    let (part, whole) = (
        i128::from(amount.minor_units()) * rate,
        i128::from(10_000) + rate,
    );
    // |amount| < 2^63 and rate <= 100 000, so nothing overflows, and the result is nearer to zero than the amount.
    let rounded = (part.abs() * 2 + whole) / (whole * 2) * part.signum();
    Ok(Amount::minor(i64::try_from(rounded).unwrap_or_default()))
}

/// `12.5` as 1250, read from its decimal digits.
fn hundredths(percent: Number) -> Option<i128> {
    let text = percent.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    if decimals.len() > 2 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let rate: i128 = format!("{whole}{decimals:0<2}").parse().ok()?;
    (0..=100_000).contains(&rate).then_some(rate)
}

impl<A, B, D> SessionOrderBuilder<A, B, D> {
    /// Sets the items, the shipping option if it is known already, and from them `amount` and `vat_amount`; see
    /// [`order`](crate::payments::order).
    ///
    /// # Errors
    /// The errors of [`Totals::of`].
    pub fn lines(
        self,
        items: impl IntoIterator<Item = impl Into<Item>>,
        shipping: impl Into<Option<ShippingOption>>,
    ) -> Result<SessionOrderBuilder<Set, B, D>, OrderError> {
        let (items, shipping, totals) = totals(items, shipping)?;
        let mut builder = self.items(items).amount(totals.amount);
        if let Some(vat_amount) = totals.vat_amount {
            builder = builder.vat_amount(vat_amount);
        }
        Ok(match shipping {
            Some(option) => builder.shipping_option(option),
            None => builder,
        })
    }
}

impl SessionOrderUpdateBuilder {
    /// Sets the items, the shipping option if it is known already, and from them `amount` and `vat_amount`; see
    /// [`order`](crate::payments::order).
    ///
    /// # Errors
    /// The errors of [`Totals::of`].
    pub fn lines(
        self,
        items: impl IntoIterator<Item = impl Into<Item>>,
        shipping: impl Into<Option<ShippingOption>>,
    ) -> Result<Self, OrderError> {
        let (items, shipping, totals) = totals(items, shipping)?;
        let mut builder = self.items(items).amount(totals.amount);
        if let Some(vat_amount) = totals.vat_amount {
            builder = builder.vat_amount(vat_amount);
        }
        Ok(match shipping {
            Some(option) => builder.shipping_option(option),
            None => builder,
        })
    }
}

fn totals(
    items: impl IntoIterator<Item = impl Into<Item>>,
    shipping: impl Into<Option<ShippingOption>>,
) -> Result<(Vec<Item>, Option<ShippingOption>, Totals), OrderError> {
    let items: Vec<Item> = items.into_iter().map(Into::into).collect();
    let shipping = shipping.into();
    let mut totals = Totals::of(&items)?;
    if let Some(option) = &shipping {
        totals = totals.with_shipping(option)?;
    }
    Ok((items, shipping, totals))
}

impl SessionOrder {
    /// Checks `amount` against the sum of items and shipping option. With `partial_payment` it may be less. An order
    /// without items is not checked.
    ///
    /// # Errors
    /// The amounts differ, with both in the message; or the errors of [`Totals::of`].
    pub fn check_amount(&self) -> Result<(), OrderError> {
        if self.items.is_empty() && self.items.unread_items().is_empty() {
            return Ok(());
        }
        if !self.items.unread_items().is_empty() || self.extra.is_unread("shipping_option") {
            return Err(OrderError::new(
                "a line or the shipping option could not be read as documented: `unread()` lists it",
            ));
        }
        let mut totals = Totals::of(&self.items)?;
        if let Some(option) = &self.shipping_option {
            totals = totals.with_shipping(option)?;
        }
        let missing = || OrderError::new("the order has no amount: set it");
        let (told, sum) = (self.amount.ok_or_else(missing)?, totals.amount);
        if told == sum || (self.partial_payment == Some(true) && told < sum) {
            return Ok(());
        }
        let (told, sum) = (told.minor_units(), sum.minor_units());
        Err(OrderError::new(format!(
            "the order's amount is {told}, but its items and shipping add up to {sum} minor units: correct one of them"
        )))
    }
}

/// The error for an order that does not add up. The message says where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderError(Box<str>);

impl OrderError {
    fn new(message: impl Into<Box<str>>) -> Self {
        Self(message.into())
    }
}

fn overflow(error: &MoneyError) -> OrderError {
    OrderError::new(format!("the order is too large: {error}"))
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OrderError {}
