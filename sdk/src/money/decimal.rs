//! Converts minor units to and from decimal text by moving the point, without division or floating point.

use super::{Currency, MoneyError, MoneyErrorKind};

/// Returns the number of decimals of the currency, or an error with the currency.
pub(super) fn known(currency: &Currency) -> Result<u8, MoneyError> {
    currency.exponent().ok_or_else(|| {
        let message = format!(
            "the number of decimals of the currency {:?} is unknown; pass the amount in minor units",
            currency.as_str()
        );
        MoneyError::new(MoneyErrorKind::UnknownCurrency, message)
    })
}

pub(super) fn print(minor: i64, exponent: u8) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let decimals = usize::from(exponent);
    // At least one digit before the point.
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals + 1);
    match digits.split_at_checked(digits.len().saturating_sub(decimals)) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{digits}"),
    }
}

pub(super) fn parse(text: &str, currency: &Currency) -> Result<i64, MoneyError> {
    let exponent = known(currency)?;
    let unsigned = text.strip_prefix('-');
    let (whole, fraction) = match unsigned.unwrap_or(text).split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned.unwrap_or(text), None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        let message = format!(
            "{text:?} is not a decimal number such as 1234.50, with a point before the decimals and no other separators"
        );
        return Err(MoneyError::new(MoneyErrorKind::Syntax, message));
    }
    let fraction = fraction.unwrap_or_default();
    let Some(missing) = usize::from(exponent).checked_sub(fraction.len()) else {
        let message = format!(
            "{text:?} has {} decimals, but {currency} has {exponent}",
            fraction.len()
        );
        return Err(MoneyError::new(MoneyErrorKind::TooManyDecimals, message));
    };
    // Each digit is added with its sign, because the minimum `i64` has no positive counterpart.
    let sign = if unsigned.is_some() { -1 } else { 1 };
    whole
        .bytes()
        .chain(fraction.bytes())
        .chain(std::iter::repeat_n(b'0', missing))
        .try_fold(0_i64, |sum, digit| {
            sum.checked_mul(10)?
                .checked_add(sign * i64::from(digit - b'0'))
        })
        .ok_or_else(|| MoneyError::overflow(format_args!("{text} {currency}")))
}
