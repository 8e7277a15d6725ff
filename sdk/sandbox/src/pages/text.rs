//! Values as pages show them.

use std::time::SystemTime;

use dintero::{Amount, Currency, Money, Timestamp};

/// `299.90 NOK`, with the decimals of the currency.
pub(super) fn money(amount: Amount, currency: Option<&Currency>) -> String {
    match currency {
        Some(currency) => Money::new(amount, currency.clone()).to_string(),
        None => format!("{} minor units", amount.minor_units()),
    }
}

/// `2026-11-29 12:00:00 UTC`
pub(super) fn time(timestamp: &Timestamp) -> String {
    let text = timestamp.as_str();
    match (text.get(..19), text.ends_with('Z')) {
        (Some(start), true) => format!("{} UTC", start.replace('T', " ")),
        _ => text.to_owned(),
    }
}

/// The same of a clock's time.
pub(super) fn clock(at: SystemTime) -> String {
    time(&Timestamp::from(at))
}

/// The name of a payment type.
pub(super) fn payment_type(code: &str) -> String {
    let (provider, kind) = code.split_once('.').unwrap_or(("", code));
    let known = match kind {
        "applepay" => "Apple Pay",
        "billie" => "Billie",
        "clicktopay" => "Click to Pay",
        "creditcard" => "Card",
        "debit_account" => "Debit account",
        "external" => "Paid elsewhere",
        "finance" => "Financing",
        "googlepay" => "Google Pay",
        "in_person" => "In person",
        "installment" => "Installments",
        "invoice" | "invoice_b2c" => "Invoice",
        "invoice_b2b" | "invoice_b2b_grouped" | "invoice_b2b_preapproved" => {
            "Invoice for companies"
        }
        "klarna" => "Klarna",
        "mobilepay" => "MobilePay",
        "postponement" => "Pay later",
        "swish" => "Swish",
        "vipps" => "Vipps",
        "wallets" => "Gift card",
        "zero" => "Nothing to pay",
        other => other,
    };
    let by = match provider {
        "bambora" => "Bambora",
        "collector" => "Walley",
        "instabank" => "Instabank",
        "kravia" => "Kravia",
        "netaxept" => "Netaxept",
        "payex" => "PayEx",
        "santander" => "Santander",
        "seitatech" => "Seitatech",
        "two" => "Two",
        // Dintero's own, or named like the method.
        _ => return known.to_owned(),
    };
    format!("{known} ({by})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_of_currencies() {
        let text = |amount, code: &str| {
            let currency = Currency::parse(code).ok();
            money(Amount::minor(amount), currency.as_ref())
        };
        assert_eq!(text(29_990, "NOK"), "299.90 NOK");
        assert_eq!(text(29_990, "JPY"), "29990 JPY");
        assert_eq!(text(29_990, "KWD"), "29.990 KWD");
        assert_eq!(text(-5, "EUR"), "-0.05 EUR");
        assert_eq!(money(Amount::minor(5), None), "5 minor units");
    }

    #[test]
    fn times() {
        let stamp = Timestamp::parse("2026-01-31T12:00:00.123Z").unwrap();
        assert_eq!(time(&stamp), "2026-01-31 12:00:00 UTC");
    }
}
