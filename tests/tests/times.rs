//! Times are timestamps and currencies are currencies, in filters too.

#![allow(missing_docs)]

use tests::places::{self, Exception, Place};

/// What ends in `_at` and is no point in time.
const NO_TIMES: &[Exception] = &[
    ("opens_at", "a time of day"),
    ("closes_at", "a time of day"),
    ("last_modified_at", "milliseconds since 1970, deprecated"),
    ("last_send_at", "milliseconds since 1970, deprecated"),
];

/// What is called a currency and may be none of ISO 4217.
const NO_CURRENCIES: &[Exception] = &[
    (
        "sessions~1{session_id}~1bambora~1callback~1{callback_ref}/get/parameters/6",
        "from Bambora; form not documented",
    ),
    (
        "sessions~1{session_id}~1bambora~1redirect~1{redirect_ref}/get/parameters/7",
        "from Bambora; form not documented",
    ),
];

fn is_called_time(place: &Place) -> bool {
    let name = place.name.replace('.', "_");
    let bound = ["_gte", "_lte"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let name = bound.unwrap_or(&name);
    name.ends_with("_at") || name.ends_with("_datetime")
}

fn is_plain(place: &Place) -> bool {
    let format = |format: &str| ["date-time", "date"].contains(&format);
    let mut values = place.values.iter();
    values.any(|value| {
        ["string", "number", "integer"].contains(&value.ty.as_str())
            && !value.format.as_deref().is_some_and(format)
    })
}

#[test]
fn times_are_timestamps() {
    let places = places::all();
    let called = (places.iter()).filter(|place| is_called_time(place));
    let (plain, times): (Vec<&Place>, Vec<&Place>) = called.partition(|place| is_plain(place));
    assert_eq!(places::unlisted(&plain, NO_TIMES), [""; 0]);
    assert!(times.len() > 150, "only {} times found", times.len());
}

#[test]
fn currencies_have_their_type() {
    let places = places::all();
    let called = places.iter().filter(|place| {
        let words = places::words(&place.name);
        words.contains("currency") || words.contains("currencies")
    });
    let (plain, typed): (Vec<&Place>, Vec<&Place>) = called.partition(|place| {
        let mut values = place.values.iter();
        values
            .any(|value| value.ty == "string" && value.rust_type.as_deref() != Some("rt::Currency"))
    });
    assert_eq!(places::unlisted(&plain, NO_CURRENCIES), [""; 0]);
    assert!(typed.len() > 50, "only {} currencies found", typed.len());
}
