//! What can be done with a transaction, by its status and events.

use dintero::Amount;
use dintero::payments::{Transaction, TransactionStatus};
use serde_json::{Value, json};

fn transaction(status: &str, product: &str, events: Value) -> Transaction {
    let json = json!({
        "id": "T1", "amount": 1000, "currency": "NOK", "status": status, "payment_product_type": product, "events": events
    });
    serde_json::from_value(json).unwrap()
}

fn event(kind: &str, amount: i64) -> Value {
    json!({"event": kind, "amount": amount, "success": true})
}

/// Capturable, refundable, voidable, in minor units.
type Left = [Option<i64>; 3];

fn left(transaction: &Transaction) -> Left {
    [
        transaction.capturable(),
        transaction.refundable(),
        transaction.voidable(),
    ]
    .map(|amount| amount.map(Amount::minor_units))
}

/// One row for each status, with the events that lead there.
#[test]
fn the_lifecycle() {
    let captured = |amount| event("CAPTURE", amount);
    let refunded = |amount| event("REFUND", amount);
    let rows: [(&str, Value, Left, bool); 13] = [
        ("INITIATED", json!([]), [Some(0), Some(0), Some(0)], false),
        ("ON_HOLD", json!([]), [Some(0), Some(0), None], false),
        (
            "AUTHORIZED",
            json!([]),
            [Some(1000), Some(0), Some(1000)],
            false,
        ),
        (
            "PARTIALLY_CAPTURED",
            json!([captured(300), captured(100)]),
            [Some(600), Some(400), Some(600)],
            false,
        ),
        (
            "PARTIALLY_CAPTURED_REFUNDED",
            json!([captured(400), refunded(150)]),
            [Some(600), Some(250), None],
            false,
        ),
        (
            "CAPTURED",
            json!([captured(400), captured(600)]),
            [Some(0), Some(1000), Some(0)],
            false,
        ),
        (
            "PARTIALLY_REFUNDED",
            json!([captured(1000), refunded(1)]),
            [Some(0), Some(999), Some(0)],
            false,
        ),
        (
            "REFUNDED",
            json!([captured(1000), refunded(1000)]),
            [Some(0); 3],
            true,
        ),
        (
            "AUTHORIZATION_VOIDED",
            json!([event("VOID", 1000)]),
            [Some(0); 3],
            true,
        ),
        ("DECLINED", json!([]), [Some(0); 3], true),
        ("FAILED", json!([]), [Some(0); 3], true),
        ("UNKNOWN", json!([]), [Some(0); 3], true),
        ("SOMETHING_NEW", json!([captured(400)]), [None; 3], false),
    ];
    for (status, events, expected, is_final) in rows {
        let transaction = transaction(status, "vipps", events);
        assert_eq!(left(&transaction), expected, "{status}");
        assert_eq!(transaction.is_final(), is_final, "{status}");
        assert_eq!(
            TransactionStatus::from(status).is_final(),
            is_final,
            "{status}"
        );
    }
}

#[test]
fn the_rest_is_released_for_some_methods_only() {
    for product in [
        "payex.creditcard",
        "payex.mobilepay",
        "payex.vipps",
        "payex.applepay",
        "payex.clicktopay",
        "payex.googlepay",
        "vipps",
        "klarna.klarna",
        "klarna.billie",
    ] {
        let partly = transaction(
            "PARTIALLY_CAPTURED",
            product,
            json!([event("CAPTURE", 400)]),
        );
        assert_eq!(left(&partly)[2], Some(600), "{product}");
    }
    for (product, voidable) in [
        ("dintero_psp.creditcard", Some(0)),
        ("swish.swish", Some(0)),
        ("new.method", None),
    ] {
        let partly = transaction(
            "PARTIALLY_CAPTURED",
            product,
            json!([event("CAPTURE", 400)]),
        );
        assert_eq!(left(&partly)[2], voidable, "{product}");
    }
}

#[test]
fn events_that_count_and_events_that_do_not() {
    let partly = |events| left(&transaction("PARTIALLY_CAPTURED", "vipps", events));
    let failed = json!({"event": "CAPTURE", "amount": 600, "success": false});
    let erred = json!({"event": "CAPTURE", "amount": 600, "error": {"message": "no"}});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), failed, erred])),
        [Some(600), Some(400), Some(600)]
    );
    // Nothing says that it failed.
    let silent = json!({"event": "CAPTURE", "amount": 100});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), silent])),
        [Some(500), Some(500), Some(500)]
    );

    // On its way: taken for done when it lessens, not when it adds.
    let asked = json!({"event": "INITIATE_CAPTURE", "amount": 250, "request_id": "r1"});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), asked])),
        [Some(350), Some(400), Some(350)]
    );
    let done =
        json!({"event": "CAPTURE", "amount": 250, "success": true, "correlation_request_id": "r1"});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), asked, done])),
        [Some(350), Some(650), Some(350)]
    );
    let failed = json!({"event": "CAPTURE", "amount": 250, "success": false, "correlation_request_id": "r1"});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), asked, failed])),
        [Some(600), Some(400), Some(600)]
    );
    let refund = json!({"event": "INITIATE_REFUND", "amount": 100, "request_id": "r2"});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), refund])),
        [Some(600), Some(300), Some(600)]
    );

    // Released: nothing left, although the status may stay.
    assert_eq!(
        partly(json!([event("CAPTURE", 400), event("VOID", 600)])),
        [Some(0), Some(400), Some(0)]
    );
    let void = json!({"event": "INITIATE_VOID", "request_id": "r3"});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), void])),
        [Some(0), Some(400), Some(0)]
    );

    // A correction that says less.
    let corrected = json!({"event": "CAPTURE", "success": false, "amount": 600, "correction": {
        "status": "PARTIALLY_CAPTURED", "remaining_capture_amount": 500, "remaining_refund_amount": 300,
        "remaining_void_amount": 200}});
    assert_eq!(
        partly(json!([event("CAPTURE", 400), corrected])),
        [Some(500), Some(300), Some(200)]
    );
}

#[test]
fn what_cannot_be_told() {
    let status = |status, events| left(&transaction(status, "vipps", events));
    // No amount, a fraction of a minor unit, no event at all, more than there was.
    let silent = json!([{"event": "CAPTURE", "success": true}]);
    assert_eq!(status("PARTIALLY_CAPTURED", silent), [None; 3]);
    let fraction = json!([{"event": "CAPTURE", "success": true, "amount": 0.5}]);
    assert_eq!(status("PARTIALLY_CAPTURED", fraction), [None; 3]);
    assert_eq!(status("PARTIALLY_CAPTURED", json!([])), [None; 3]);
    assert_eq!(
        status("PARTIALLY_CAPTURED", json!([event("CAPTURE", 1001)])),
        [None, Some(1001), None]
    );
    let much = json!([event("CAPTURE", 1000), event("REFUND", 1001)]);
    assert_eq!(status("PARTIALLY_REFUNDED", much), [Some(0), None, Some(0)]);
    assert_eq!(
        status("PARTIALLY_REFUNDED", json!([event("CAPTURE", 1000)])),
        [Some(0), None, Some(0)]
    );
    // Captured is captured, whether or not the events came along.
    assert_eq!(
        status("CAPTURED", json!([])),
        [Some(0), Some(1000), Some(0)]
    );
    assert_eq!(
        status("PARTIALLY_REFUNDED", json!([event("REFUND", 1)])),
        [Some(0), Some(999), Some(0)]
    );
    // Huge amounts that would overflow one after the other.
    let huge = json!([event("CAPTURE", i64::MAX), event("CAPTURE", i64::MAX)]);
    assert_eq!(status("CAPTURED", huge), [Some(0), None, Some(0)]);
}

/// What nobody could read says nothing: no sum is worked out without it.
#[test]
fn each_member_that_a_sum_depends_on_is_unreadable_in_turn() {
    let second = json!({
        "event": "CAPTURE", "amount": 500, "success": true, "request_id": "r", "correlation_request_id": "c",
        "error": null, "correction": null
    });
    let whole = |second: &Value| {
        let events = json!([event("CAPTURE", 400), second]);
        transaction("PARTIALLY_CAPTURED", "payex.creditcard", events)
    };
    assert_eq!(left(&whole(&second)), [Some(100), Some(900), Some(100)]);
    let members: Vec<String> = second.as_object().unwrap().keys().cloned().collect();
    for name in members {
        for other in [
            json!([["x"]]),
            json!({"of": {"another": "kind"}}),
            json!(true),
        ] {
            let mut changed = second.clone();
            changed[&name] = other;
            let changed = whole(&changed);
            if changed.unread().is_empty() {
                // An object is an error or a correction like any other, `true` a success.
                continue;
            }
            assert_eq!(left(&changed), [None; 3], "{name}");
        }
    }
    for correction in [
        "remaining_capture_amount",
        "remaining_refund_amount",
        "remaining_void_amount",
    ] {
        let mut changed = second.clone();
        let mut left_of = json!({"remaining_capture_amount": 1, "remaining_refund_amount": 1, "remaining_void_amount": 1});
        changed["correction"] = left_of.clone();
        assert_eq!(left(&whole(&changed)), [Some(1); 3]);
        left_of[correction] = json!("1");
        changed["correction"] = left_of;
        assert_eq!(
            left(&whole(&changed))
                .iter()
                .filter(|left| left.is_none())
                .count(),
            1
        );
    }
    // The event itself, and the list.
    let broken = json!([event("CAPTURE", 400), 7]);
    let broken = transaction("PARTIALLY_CAPTURED", "payex.creditcard", broken);
    assert_eq!(left(&broken), [None; 3]);
    let none = transaction("CAPTURED", "payex.creditcard", json!({"a": 1}));
    assert_eq!(left(&none), [None; 3]);
    // What can be released depends on the payment method, too.
    let mut odd = serde_json::to_value(whole(&second)).unwrap();
    odd["payment_product_type"] = json!(7);
    let odd: Transaction = serde_json::from_value(odd).unwrap();
    assert_eq!(left(&odd), [Some(100), Some(900), None]);
}
