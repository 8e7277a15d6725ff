//! Money is an amount, never a bare number.

#![allow(missing_docs)]

use tests::places::{self, Exception, Place};

/// Words in the name of a number that is money.
const WORDS: [&str; 20] = [
    "amount", "amounts", "balance", "basis", "bonus", "capture", "captured", "cost", "debt", "fee",
    "fees", "income", "price", "refund", "refunded", "rental", "sum", "tip", "total", "value",
];

/// Words in the description of one.
const UNITS: [&str; 3] = ["minor unit", "smallest unit", "smallest currency unit"];

/// Numbers that look like money and are none, or whose unit nobody tells. `spec/COVERAGE.md` has them too.
const NUMBERS: [Exception; 16] = [
    (
        "CheckoutKpiValue/properties/value",
        "a sum, a mean or a count, as the request asked",
    ),
    (
        "CheckoutTransactionKpiValue/properties/avg_amount",
        "a mean: it can be a fraction of the minor unit",
    ),
    (
        "collector:Invoice.LowestAmountToPay",
        "copied from Collector, whose unit is not documented",
    ),
    (
        "collector:Invoice.TotalAmount",
        "copied from Collector, whose unit is not documented",
    ),
    (
        "InstabankApplication/properties/consumer_debt",
        "meant for Instabank; unit not documented",
    ),
    (
        "InstabankApplication/properties/debt/items/properties/amount",
        "meant for Instabank; unit not documented",
    ),
    (
        "InstabankApplication/properties/monthly_house_rental",
        "meant for Instabank; unit not documented",
    ),
    (
        "InstabankApplication/properties/mortgage_debt",
        "meant for Instabank; unit not documented",
    ),
    (
        "InstabankApplication/properties/other_secured_debt",
        "meant for Instabank; unit not documented",
    ),
    (
        "InstabankApplication/properties/student_debt",
        "meant for Instabank; unit not documented",
    ),
    ("total_income", "meant for Instabank; unit not documented"),
    (
        "VippsCallback/properties/transactionInfo/properties/amount",
        "sent by Vipps; unit not documented",
    ),
    ("total_merchant_matches", "a count"),
    ("total_manual_percentage_discount", "a percentage"),
    (
        "Reward/properties/value",
        "an amount, a percentage or a count, as `type` says",
    ),
    (
        "Reward/properties/values/items/properties/value",
        "an amount, a percentage or a count, as `type` says",
    ),
];

fn is_number(place: &Place) -> bool {
    let mut values = place.values.iter();
    values.any(|value| ["integer", "number"].contains(&value.ty.as_str()) && !value.listed)
}

fn is_amount(place: &Place) -> bool {
    let mut values = place.values.iter();
    values.any(|value| value.rust_type.as_deref() == Some("rt::Amount"))
}

fn is_called_money(place: &Place) -> bool {
    let words = places::words(&place.name);
    WORDS.iter().any(|word| words.contains(*word))
        || UNITS.iter().any(|unit| place.description.contains(unit))
}

#[test]
fn numbers_called_money_are_amounts() {
    let places = places::all();
    let money: Vec<&Place> = (places.iter())
        .filter(|place| is_number(place) && is_called_money(place))
        .collect();
    let (amounts, bare): (Vec<&Place>, Vec<&Place>) =
        money.into_iter().partition(|place| is_amount(place));
    assert_eq!(places::unlisted(&bare, &NUMBERS), [""; 0]);
    assert!(amounts.len() > 150, "only {} amounts found", amounts.len());
}
