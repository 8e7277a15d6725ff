use std::collections::{BTreeMap, BTreeSet};

use super::*;
use MoneyErrorKind::*;
use iso_currency::IntoEnumIterator;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// One currency for each number of decimals that there is: 0, 2, 3 and 4.
fn by_exponent() -> [Currency; 4] {
    ["JPY", "NOK", "KWD", "CLF"].map(currency)
}

fn edges() -> impl Iterator<Item = i64> {
    let near = |edge: i64| (-2..=2).filter_map(move |step| edge.checked_add(step));
    let powers = (0..19).flat_map(move |power| near(10_i64.pow(power)));
    let bits = (0..63).flat_map(move |bit| near(1_i64 << bit));
    let mut random = 0x2545_f491_4f6c_dd1d_i64;
    let spread = std::iter::repeat_with(move || {
        random ^= random << 13;
        random ^= random.cast_unsigned().wrapping_shr(7).cast_signed();
        random ^= random << 17;
        random >> (random & 63)
    });
    powers
        .chain(bits)
        .chain(spread.take(2_000))
        .flat_map(|edge| [edge, edge.wrapping_neg()])
        .chain(near(i64::MIN))
        .chain(near(i64::MAX))
}

#[test]
fn what_is_printed_is_read_back() {
    for code in by_exponent() {
        for units in edges() {
            let money = Money::new(Amount::minor(units), code.clone());
            let text = money.to_string();
            assert_eq!(text.parse(), Ok(money), "{text}");
            let decimal = Amount::minor(units).to_decimal(&code).unwrap();
            assert_eq!(format!("{decimal} {code}"), text);
            let digits: String = decimal.chars().filter(|char| *char != '.').collect();
            assert_eq!(digits.parse(), Ok(units), "{text}");
            let decimals = decimal.split_once('.').map_or(0, |(_, after)| after.len());
            assert_eq!(Some(decimals), code.exponent().map(usize::from), "{text}");
        }
    }
}

#[test]
fn printed_with_the_decimals_of_the_currency() {
    for (units, code, text) in [
        (123_450, "NOK", "1234.50 NOK"),
        (-123_450, "NOK", "-1234.50 NOK"),
        (0, "NOK", "0.00 NOK"),
        (5, "NOK", "0.05 NOK"),
        (-5, "NOK", "-0.05 NOK"),
        (1234, "JPY", "1234 JPY"),
        (-1, "JPY", "-1 JPY"),
        (1234, "KWD", "1.234 KWD"),
        (-7, "KWD", "-0.007 KWD"),
        (12_345, "CLF", "1.2345 CLF"),
        (i64::MIN, "NOK", "-92233720368547758.08 NOK"),
        (i64::MAX, "JPY", "9223372036854775807 JPY"),
        (100, "XYZ", "100 minor units of XYZ"),
    ] {
        let money = Money::new(Amount::minor(units), currency(code));
        assert_eq!(money.to_string(), text);
    }
    let money = Money::new(Amount::minor(500), Currency::NOK);
    assert_eq!(format!("{money:>10}"), "  5.00 NOK");
}

#[test]
fn decimal_text_is_read() {
    let read = |text: &str, code| {
        let amount = Amount::parse_decimal(text, &currency(code));
        amount
            .map(Amount::minor_units)
            .map_err(|error| error.kind())
    };
    assert_eq!(read("12.5", "NOK"), Ok(1_250));
    assert_eq!(read("12", "NOK"), Ok(1_200));
    assert_eq!(read("-0.01", "NOK"), Ok(-1));
    assert_eq!(read("-0", "NOK"), Ok(0));
    assert_eq!(read("007", "JPY"), Ok(7));
    assert_eq!(read("1.5", "KWD"), Ok(1_500));
    assert_eq!(read("-92233720368547758.08", "NOK"), Ok(i64::MIN));
    assert_eq!(read("-92233720368547758.09", "NOK"), Err(Overflow));
    assert_eq!(read("92233720368547758.08", "NOK"), Err(Overflow));
    assert_eq!(read("922337203685477581", "NOK"), Err(Overflow));
    assert_eq!(read(&"9".repeat(10_000), "JPY"), Err(Overflow));
    assert_eq!(read("1.000", "NOK"), Err(TooManyDecimals));
    assert_eq!(read("1.0", "JPY"), Err(TooManyDecimals));
    assert_eq!(read("1", "XYZ"), Err(UnknownCurrency));
    for wrong in [
        "", "-", ".", ".5", "5.", "-.5", "--5", "+5", "5-", "1,5", "1,234.50", "1 234.50", " 1",
        "1 ", "1.2.3", "1.-2", "1e2", "0x1", "٣", "1.٣", "NaN", "1_000", "−1",
    ] {
        assert_eq!(read(wrong, "NOK"), Err(Syntax), "{wrong}");
    }
}

#[test]
fn errors_name_what_is_wrong() {
    let message = |text: &str| text.parse::<Money>().unwrap_err().to_string();
    assert_eq!(
        message("12.345 NOK"),
        "\"12.345\" has 3 decimals, but NOK has 2"
    );
    assert_eq!(
        message("12,5 NOK"),
        "\"12,5\" is not a decimal number such as 1234.50, with a point before the decimals and no other separators"
    );
    assert_eq!(
        message("12.5 nok"),
        "\"nok\" is not a currency: three capital letters, such as NOK"
    );
    assert_eq!(
        message("12.5"),
        "\"12.5\" is not an amount and a currency, such as 1234.50 NOK"
    );
    assert_eq!(
        message("12.5 XYZ"),
        "the number of decimals of the currency \"XYZ\" is unknown; pass the amount in minor units"
    );
    assert_eq!(
        message("9223372036854775808 JPY"),
        "9223372036854775808 JPY exceeds the range of an amount"
    );
    assert_eq!(
        "1  NOK".parse::<Money>().unwrap_err().kind(),
        InvalidCurrency
    );
}

#[test]
fn calculations_are_checked() {
    let amount = Amount::minor;
    assert_eq!(amount(1).checked_add(amount(-3)), Ok(amount(-2)));
    assert_eq!(amount(1).checked_sub(amount(3)), Ok(amount(-2)));
    assert_eq!(amount(7).checked_neg(), Ok(amount(-7)));
    assert_eq!(amount(-7).checked_mul(3), Ok(amount(-21)));
    let message = |result: Result<Amount, MoneyError>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), Overflow);
        error.to_string()
    };
    assert_eq!(
        message(Amount::MAX.checked_add(amount(1))),
        "9223372036854775807 + 1 exceeds the range of an amount"
    );
    message(Amount::MIN.checked_sub(amount(1)));
    message(Amount::MIN.checked_neg());
    message(Amount::MIN.checked_mul(-1));
    assert!(amount(-1) < Amount::ZERO && amount(-1).is_negative() && Amount::ZERO.is_zero());
}

#[test]
fn only_the_end_of_a_sum_has_to_fit() {
    assert_eq!(Amount::checked_sum([]), Ok(Amount::ZERO));
    let over_on_the_way = [Amount::MAX, Amount::MAX, Amount::MIN, Amount::MIN];
    assert_eq!(Amount::checked_sum(over_on_the_way), Ok(Amount::minor(-2)));
    let error = Amount::checked_sum([Amount::MIN, Amount::minor(-1)]).unwrap_err();
    assert_eq!(error.kind(), Overflow);
}

#[test]
fn equal_parts_lose_nothing() {
    let parts = |units, count| -> Vec<i64> {
        let parts = Amount::minor(units).split(count).unwrap();
        parts.map(Amount::minor_units).collect()
    };
    assert_eq!(parts(100, 3), [34, 33, 33]);
    assert_eq!(parts(-100, 3), [-34, -33, -33]);
    assert_eq!(parts(2, 4), [1, 1, 0, 0]);
    assert_eq!(parts(i64::MIN, 1), [i64::MIN]);
    assert_eq!(Amount::minor(1).split(0).err().unwrap().kind(), NoParts);
    // Lazy: this many parts would not fit memory.
    let mut many = Amount::minor(1).split(u32::MAX).unwrap();
    assert_eq!(many.next(), Some(Amount::minor(1)));
    for units in edges() {
        for count in [1, 2, 3, 7, 100] {
            let parts = parts(units, count);
            assert_eq!(parts.len(), count as usize);
            let all = Amount::checked_sum(parts.iter().copied().map(Amount::minor));
            assert_eq!(all, Ok(Amount::minor(units)));
            let (least, most) = (parts.iter().min().unwrap(), parts.iter().max().unwrap());
            assert!(most - least <= 1, "{units} / {count}");
        }
    }
}

#[test]
fn weighted_parts_lose_nothing() {
    let parts = |units, weights: &[u64]| -> Vec<i64> {
        let parts = Amount::minor(units).split_by(weights).unwrap();
        parts.into_iter().map(Amount::minor_units).collect()
    };
    assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(parts(-100, &[1, 1, 1]), [-34, -33, -33]);
    // 0.7, 2.8, 0 and 3.5: the unit over goes to 2.8 first, then to 0.7.
    assert_eq!(parts(7, &[1, 4, 0, 5]), [1, 3, 0, 3]);
    assert_eq!(parts(5, &[0, 1]), [0, 5]);
    assert_eq!(
        parts(i64::MIN, &[u64::MAX, 0, u64::MAX]),
        [i64::MIN / 2, 0, i64::MIN / 2]
    );
    for weights in [&[][..], &[0, 0]] {
        let error = Amount::minor(1).split_by(weights).unwrap_err();
        assert_eq!(error.kind(), NoParts);
    }
    for units in edges() {
        for weights in [&[1][..], &[3, 0, 4], &[u64::MAX, 1, 7], &[25, 15, 12, 0, 1]] {
            let total: u128 = weights.iter().copied().map(u128::from).sum();
            let parts = parts(units, weights);
            let all = Amount::checked_sum(parts.iter().copied().map(Amount::minor));
            assert_eq!(all, Ok(Amount::minor(units)), "{weights:?}");
            for (part, weight) in parts.iter().zip(weights) {
                let exact = u128::from(units.unsigned_abs()) * u128::from(*weight);
                let off = (u128::from(part.unsigned_abs()) * total).abs_diff(exact);
                assert!(off < total, "{units} by {weights:?}: {part}");
            }
        }
    }
}

#[test]
fn currencies_do_not_mix() {
    let money = |units, currency| Money::new(Amount::minor(units), currency);
    let (krone, euro) = (money(1, Currency::NOK), money(2, Currency::EUR));
    let error = krone.checked_add(&euro).unwrap_err();
    assert_eq!(error.kind(), CurrencyMismatch);
    assert_eq!(
        error.to_string(),
        "0.01 NOK and 0.02 EUR have different currencies"
    );
    assert_eq!(
        krone.checked_sub(&euro).unwrap_err().kind(),
        CurrencyMismatch
    );
    assert_eq!(krone.partial_cmp(&euro), None);
    assert!(krone < money(2, Currency::NOK));
    assert_eq!(krone.checked_add(&krone), Ok(money(2, Currency::NOK)));
    assert_eq!(krone.checked_sub(&krone), Ok(money(0, Currency::NOK)));
}

#[test]
fn decimals_are_those_of_iso_4217() {
    let theirs: BTreeMap<_, _> = iso_currency::Currency::iter()
        .map(|other| (other.code(), other.exponent().map(u32::from)))
        .collect();
    let ours = super::currency::KNOWN.iter().flat_map(|(_, codes)| *codes);
    let codes: BTreeSet<_> = ours.copied().chain(theirs.keys().copied()).collect();
    assert!(codes.len() > 150);
    let different: Vec<_> = codes
        .into_iter()
        .map(|code| {
            (
                code,
                currency(code).exponent().map(u32::from),
                theirs.get(code).copied(),
            )
        })
        .filter(|(_, ours, theirs)| theirs.is_none_or(|theirs| *ours != theirs))
        .collect();
    // They dropped it when it was withdrawn in 2025.
    assert_eq!(different, [("ANG", Some(2), None)]);
}

#[test]
fn any_code_is_a_currency() {
    assert_eq!(currency("XYZ").as_str(), "XYZ");
    assert_eq!(currency("XYZ").exponent(), None);
    assert_eq!(currency("XAU").exponent(), None);
    assert_eq!(currency("NOK"), Currency::NOK);
    for wrong in ["", "nok", "NO", "NOKK", "N0K", "kr", "Ø1", " NOK"] {
        assert_eq!(
            Currency::parse(wrong).unwrap_err().kind(),
            InvalidCurrency,
            "{wrong}"
        );
        let json = serde_json::to_string(wrong).unwrap();
        // Reads as none.
        if wrong.is_empty() {
            assert!(serde_json::from_str::<Currency>(&json).is_err());
            continue;
        }
        let received: Currency = serde_json::from_str(&json).unwrap();
        assert_eq!(received.as_str(), wrong);
        assert_eq!(received.exponent(), None);
        assert_eq!(serde_json::to_string(&received).unwrap(), json);
        let listed = crate::List::from([received]);
        assert_eq!(serde_json::to_string(&listed).unwrap(), format!("[{json}]"));
    }
    assert!(serde_json::from_str::<Currency>("578").is_err());
}

#[test]
fn amounts_are_whole_numbers_of_json() {
    let read = |text| serde_json::from_str::<Amount>(text).map_err(|error| error.to_string());
    for (text, units) in [
        ("100", 100),
        ("100.0", 100),
        ("1e2", 100),
        ("-0.0", 0),
        ("9007199254740991.0", 9_007_199_254_740_991),
        ("6308798989493053.00", 6_308_798_989_493_053),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(read(text), Ok(Amount::minor(units)), "{text}");
    }
    assert!(read("100.5").unwrap_err().contains("not whole"));
    // Its double is also that of 9007199254740992, so it is ambiguous which of the two was sent.
    for text in ["9007199254740993.0", "9223372036854775808", "1e300"] {
        assert!(read(text).unwrap_err().contains("too large"), "{text}");
    }
    for text in ["\"100\"", "null", "true", "[1]"] {
        assert!(read(text).is_err(), "{text}");
    }
    for units in [i64::MIN, -1, 0, i64::MAX] {
        let written = serde_json::to_string(&Amount::minor(units)).unwrap();
        assert_eq!(written, units.to_string());
        assert_eq!(
            serde_json::to_string(&crate::List::from([Amount::minor(units)])).unwrap(),
            format!("[{units}]")
        );
    }
}

#[test]
fn money_is_an_object() {
    let money = Money::new(Amount::minor(29_990), Currency::NOK);
    let text = r#"{"amount":29990,"currency":"NOK"}"#;
    assert_eq!(serde_json::to_string(&money).unwrap(), text);
    let read = |text| serde_json::from_str::<Money>(text).map_err(|error| error.to_string());
    for text in [
        text,
        r#"{"currency":"NOK","id":[{"amount":1}],"amount":29990.0}"#,
        r#"[29990,"NOK"]"#,
    ] {
        assert_eq!(read(text), Ok(money.clone()), "{text}");
    }
    let value = serde_json::to_value(&money).unwrap();
    assert_eq!(serde_json::from_value::<Money>(value).unwrap(), money);
    for (text, told) in [
        (r#"{"currency":"NOK"}"#, "missing field `amount`"),
        (r#"{"amount":1}"#, "missing field `currency`"),
        (
            r#"{"amount":1,"currency":"NOK","amount":1}"#,
            "duplicate field `amount`",
        ),
        (
            r#"{"amount":1,"currency":"NOK","currency":"SEK"}"#,
            "duplicate field `currency`",
        ),
        (r#"{"amount":1.5,"currency":"NOK"}"#, "not whole"),
        (r#"{"amount":"1","currency":"NOK"}"#, "a whole number"),
        (r#""299.90 NOK""#, "an object with `amount` in minor units"),
        ("[1]", "invalid length 1"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[cfg(feature = "rust_decimal-1")]
#[test]
fn decimals_have_no_more_digits_than_the_currency() {
    use ::rust_decimal_1::Decimal;

    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let read = |text, code| Amount::from_rust_decimal(decimal(text), &currency(code));
    for (text, code, units) in [
        ("299.90", "NOK", 29_990),
        ("299.9", "NOK", 29_990),
        ("299.9000", "NOK", 29_990),
        ("-0.01", "NOK", -1),
        ("-0.00", "NOK", 0),
        ("1000", "JPY", 1_000),
        ("1.234", "KWD", 1_234),
        ("92233720368547758.07", "NOK", i64::MAX),
        ("-92233720368547758.08", "NOK", i64::MIN),
    ] {
        assert_eq!(read(text, code), Ok(Amount::minor(units)), "{text} {code}");
    }
    for (text, code, kind, told) in [
        (
            "12.345",
            "NOK",
            TooManyDecimals,
            "12.345 has 3 decimals, but NOK has 2",
        ),
        (
            "0.5",
            "JPY",
            TooManyDecimals,
            "0.5 has 1 decimals, but JPY has 0",
        ),
        (
            "92233720368547758.08",
            "NOK",
            Overflow,
            "92233720368547758.08 NOK exceeds the range of an amount",
        ),
        (
            "79228162514264337593543950335",
            "CLF",
            Overflow,
            "79228162514264337593543950335 CLF exceeds the range of an amount",
        ),
        ("1", "XYZ", UnknownCurrency, "\"XYZ\""),
    ] {
        let error = read(text, code).unwrap_err();
        assert_eq!(error.kind(), kind, "{text} {code}");
        assert!(error.to_string().contains(told), "{error}");
    }
    let written = Amount::minor(1_250)
        .to_rust_decimal(&Currency::NOK)
        .unwrap();
    assert_eq!(written.to_string(), "12.50");
    let error = Amount::ZERO.to_rust_decimal(&currency("XAU")).unwrap_err();
    assert_eq!(error.kind(), UnknownCurrency);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Of every currency that there is.
    #[test]
    fn money_is_printed_and_read_back(units in any::<i64>()) {
        for (exponent, codes) in super::currency::KNOWN {
            for code in codes {
                let code = currency(code);
                let amount = Amount::minor(units);
                let money = Money::new(amount, code.clone());
                let text = money.to_string();
                prop_assert_eq!(text.parse::<Money>(), Ok(money.clone()));
                let decimal = amount.to_decimal(&code).unwrap();
                prop_assert_eq!(Amount::parse_decimal(&decimal, &code), Ok(amount));
                let decimals = decimal.split_once('.').map_or(0, |(_, after)| after.len());
                prop_assert_eq!(decimals, usize::from(exponent));
            }
        }
    }

    #[test]
    fn any_text_is_an_amount_or_refused(text in "[-+]?[0-9]{0,22}[.,]?[0-9]{0,6}( [A-Z]{3})?|.{0,20}") {
        if let Ok(money) = text.parse::<Money>() {
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
        for code in by_exponent() {
            if let Ok(amount) = Amount::parse_decimal(&text, &code) {
                let printed = amount.to_decimal(&code).unwrap();
                prop_assert_eq!(Amount::parse_decimal(&printed, &code), Ok(amount));
            }
        }
    }
}

#[cfg(feature = "rust_decimal-1")]
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Of every currency that there is.
    #[test]
    fn decimals_are_the_same_money(units in any::<i64>()) {
        for (_, codes) in super::currency::KNOWN {
            for code in codes {
                let money = Money::new(Amount::minor(units), currency(code));
                let decimal = money.to_rust_decimal().unwrap();
                prop_assert_eq!(
                    decimal.to_string(),
                    money.amount().to_decimal(money.currency()).unwrap()
                );
                prop_assert_eq!(Money::from_rust_decimal(decimal, currency(code)), Ok(money));
            }
        }
    }

    /// As text is read, but for zeros at the end.
    #[test]
    fn any_decimal_is_an_amount_or_refused(units in any::<i64>(), scale in 0_u32..=28) {
        let decimal = ::rust_decimal_1::Decimal::new(units, scale);
        for code in by_exponent() {
            let read = Amount::from_rust_decimal(decimal, &code);
            let text = Amount::parse_decimal(&decimal.normalize().to_string(), &code);
            prop_assert_eq!(read.map_err(|error| error.kind()), text.map_err(|error| error.kind()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn money_is_written_and_read(units in any::<i64>(), code in "[A-Z]{3}") {
        let money = Money::new(Amount::minor(units), currency(&code));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }
}
