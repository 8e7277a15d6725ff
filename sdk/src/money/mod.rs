//! Money: whole numbers of minor units, and the currency that says how large one is.

mod amount;
mod currency;
mod decimal;
mod error;
#[cfg(feature = "rust_decimal-1")]
mod rust_decimal_1;
#[cfg(test)]
mod tests;
mod value;

pub use amount::Amount;
pub use currency::Currency;
pub use error::{MoneyError, MoneyErrorKind};
pub use value::Money;
