//! What an order comes to.

use dintero::payments::order::{Totals, included_vat};
use dintero::payments::{OrderShipping, SessionOrder, SessionOrderItem, SessionOrderUpdate};
use dintero::{Amount, Currency, Number};
use proptest::prelude::*;

fn item(amount: i64, vat_amount: Option<i64>, vat: Option<f64>) -> SessionOrderItem {
    let mut item = SessionOrderItem::builder().amount(Amount::minor(amount));
    if let Some(vat_amount) = vat_amount {
        item = item.vat_amount(Amount::minor(vat_amount));
    }
    if let Some(vat) = vat {
        item = item.vat(Number::from(vat));
    }
    item.build()
}

fn shipping(amount: i64, vat_amount: i64) -> OrderShipping {
    OrderShipping::builder()
        .id("parcel")
        .line_id("parcel-home")
        .title("Home")
        .operator("Bring")
        .amount(Amount::minor(amount))
        .vat_amount(Amount::minor(vat_amount))
        .build()
}

#[test]
fn lines_set_what_they_add_up_to() {
    // The example of Dintero's document: items of 683 kroner, delivery for 39.
    let items = [
        item(2_000, Some(400), None),
        item(6_600, None, Some(20.0)),
        item(59_700, Some(11_940), Some(99.0)),
    ];
    let order = SessionOrder::builder()
        .lines(items.clone(), shipping(3_900, 780))
        .unwrap()
        .currency(Currency::NOK)
        .merchant_reference("order-7")
        .build();
    assert_eq!(order.amount, Some(Amount::minor(72_200)));
    assert_eq!(
        order.vat_amount,
        Some(Amount::minor(400 + 1_100 + 11_940 + 780))
    );
    assert_eq!(order.items.len(), 3);
    assert!(order.shipping_option.is_some());
    order.check_amount().unwrap();

    let update = SessionOrderUpdate::builder()
        .lines(items, None)
        .unwrap()
        .build();
    let json = serde_json::to_value(&update).unwrap();
    assert_eq!(json["amount"], 68_300);
    assert!(json.get("shipping_option").is_none());
}

#[test]
fn tax_that_is_not_known_is_left_out() {
    let totals = Totals::of(&[item(100, Some(20), None), item(50, None, None)]).unwrap();
    assert_eq!(
        (totals.amount(), totals.vat_amount()),
        (Amount::minor(150), None)
    );
    let json = serde_json::to_value(
        SessionOrderUpdate::builder()
            .lines([item(50, None, None)], None)
            .unwrap()
            .build(),
    )
    .unwrap();
    assert!(json.get("vat_amount").is_none());
    let more = totals.plus(Amount::minor(-30), Some(Amount::ZERO)).unwrap();
    assert_eq!(
        (more.amount(), more.vat_amount()),
        (Amount::minor(120), None)
    );
}

#[test]
fn faults_name_their_line() {
    let nothing = SessionOrderItem::builder().build();
    let error = Totals::of(&[item(1, None, None), nothing]).unwrap_err();
    assert_eq!(error.to_string(), "line 2 has no amount: set it");
    let error = Totals::of(&[item(1, None, Some(12.345))]).unwrap_err();
    assert!(
        error.to_string().starts_with("line 1: a tax rate"),
        "{error}"
    );
    let error = Totals::of(&[item(i64::MAX, None, None), item(1, None, None)]).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn amounts_are_compared() {
    let order = |amount, partial| {
        SessionOrder::builder()
            .items([item(2_000, None, None)])
            .shipping_option(shipping(100, 20))
            .amount(Amount::minor(amount))
            .partial_payment(partial)
            .currency(Currency::NOK)
            .merchant_reference("order-7")
            .build()
    };
    order(2_100, false).check_amount().unwrap();
    order(2_000, true).check_amount().unwrap();
    let error = order(2_000, false).check_amount().unwrap_err().to_string();
    assert!(error.contains("2000") && error.contains("2100"), "{error}");
    assert!(order(2_101, true).check_amount().is_err());
    let mut empty = order(5, false);
    empty.items = Default::default();
    empty.check_amount().unwrap();
}

#[test]
fn rates() {
    for (amount, percent, vat) in [
        (12_500, 25.0, 2_500),
        (11_400, 14.0, 1_400),
        (100, 0.0, 0),
        (-12_500, 25.0, -2_500),
        // 0.5 of a minor unit, away from zero: 3 * 20 / 120.
        (3, 20.0, 1),
        (-3, 20.0, -1),
        // 0.4995…
        (1_000, 0.05, 0),
        (11_110, 11.1, 1_110),
        (i64::MAX, 25.0, 1_844_674_407_370_955_161),
    ] {
        let found = included_vat(Amount::minor(amount), Number::from(percent)).unwrap();
        assert_eq!(found, Amount::minor(vat), "{amount} {percent}");
    }
    for wrong in [-1.0, 1000.01, 0.001, f64::NAN, f64::INFINITY, 1e300] {
        assert!(
            included_vat(Amount::minor(1), Number::from(wrong)).is_err(),
            "{wrong}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn totals_are_the_sums(lines in proptest::collection::vec((any::<i64>(), any::<i64>()), 0..8)) {
        let items: Vec<_> = lines.iter().map(|(amount, vat)| item(*amount, Some(*vat), None)).collect();
        let exact = |values: Vec<i64>| -> Option<i64> {
            // Every sum on the way has to fit, from the first line on.
            values.into_iter().try_fold(0_i64, i64::checked_add)
        };
        let amount = exact(lines.iter().map(|line| line.0).collect());
        let vat = exact(lines.iter().map(|line| line.1).collect());
        match (Totals::of(&items), amount.zip(vat)) {
            (Ok(totals), Some((amount, vat))) => {
                prop_assert_eq!(totals.amount(), Amount::minor(amount));
                prop_assert_eq!(totals.vat_amount(), Some(Amount::minor(vat)));
            }
            (Err(_), None) => {}
            (found, expected) => prop_assert!(false, "{found:?} {expected:?}"),
        }
    }

    #[test]
    fn an_order_of_its_lines_is_right(lines in proptest::collection::vec(-1_000_000_i64..1_000_000, 1..20), by in 1_i64..100) {
        let items: Vec<_> = lines.iter().map(|amount| item(*amount, None, Some(25.0))).collect();
        let mut order = SessionOrder::builder()
            .lines(items, None)
            .unwrap()
            .currency(Currency::NOK)
            .merchant_reference("order-7")
            .build();
        prop_assert!(order.check_amount().is_ok());
        order.amount = order.amount.map(|amount| amount.checked_add(Amount::minor(by)).unwrap());
        prop_assert!(order.check_amount().is_err());
    }

    /// The nearest whole number, told without dividing: `vat * (100 + rate)` is within half of `(100 + rate)` of
    /// `amount * rate`.
    #[test]
    fn included_tax_is_the_nearest(amount in any::<i64>(), rate in 0_i128..=100_000) {
        #[allow(clippy::cast_precision_loss)]
        let percent = Number::from(rate as f64 / 100.0);
        let vat = included_vat(Amount::minor(amount), percent).unwrap();
        let (exact, found) = (i128::from(amount) * rate, i128::from(vat.minor_units()) * (10_000 + rate));
        prop_assert!((exact - found).abs() * 2 <= 10_000 + rate);
    }
}
