//! Reading, keeping, listing and writing back.

#![allow(dead_code, unreachable_pub, reason = "types that only this file has")]

use std::collections::BTreeSet;

use serde_json::json;

use crate::rt::{
    self, Extra, Json, JsonObject, List, Map, OneOrList, Unread, source, unread, write,
};
use crate::{Amount, Number, Timestamp};

#[derive(Clone, Default, PartialEq)]
struct Order {
    total: Option<Amount>,
    note: Option<String>,
    lines: List<Line>,
    tags: Map<String>,
    count: Option<i64>,
    rate: Option<Number>,
    ratio: Option<f64>,
    paid: Option<bool>,
    at: Option<Timestamp>,
    size: Option<Size>,
    errors: OneOrList<String>,
    address: Option<Box<Address>>,
    value: Option<Value>,
    any: Option<Json>,
    open: Option<JsonObject>,
    extra: Extra,
}
rt::object!(Order {
    required "total" total,
    optional "note" note,
    optional "lines" lines,
    optional "tags" tags,
    optional "count" count,
    optional "rate" rate,
    optional "ratio" ratio,
    optional "paid" paid,
    optional "at" at,
    optional "size" size,
    optional "errors" errors,
    optional "address" address,
    optional "value" value,
    optional "any" any,
    optional "open" open,
});

#[derive(Clone, PartialEq)]
struct Line {
    id: String,
    amount: Option<Amount>,
    status: Option<String>,
    extra: Extra,
}
rt::object!(Line, guaranteed ["id"] {
    guaranteed "id" id,
    required "amount" amount,
    read_only "status" status,
});

#[derive(Clone, Default, PartialEq)]
struct Address {
    city: Option<String>,
    additional: Map<i64>,
    extra: Extra,
}
rt::object!(Address, constant "type" "address", additional {
    optional "city" city,
});

#[derive(Clone, Default, PartialEq)]
struct Version {
    note: Option<String>,
    extra: Extra,
}
rt::object!(Version, constant "v" (integer 2), constant "stable" (bool true), constant "kind" "version" {
    optional "note" note,
});

/// Received constants are written back as received; a request always has the documented ones.
#[test]
fn constants_are_as_received_and_sent_as_documented() {
    let sent = serde_json::json!({"v": 2, "stable": true, "kind": "version"});
    for received in [
        sent.clone(),
        serde_json::json!({}),
        serde_json::json!({"v": 2}),
        serde_json::json!({"v": 3, "stable": false, "kind": "draft"}),
        serde_json::json!({"v": "2", "stable": null, "kind": 1}),
    ] {
        let version: Version = serde_json::from_value(received.clone()).unwrap();
        assert_eq!(serde_json::to_value(&version).unwrap(), received);
        assert!(version.unread().is_empty());
        let text = write::request_text(&version).unwrap();
        assert_eq!(serde_json::from_slice::<Json>(&text).unwrap(), sent);
        let others = received.as_object().unwrap().iter();
        let others = others.filter(|(name, json)| sent.get(name.as_str()) != Some(json));
        assert_eq!(version.extra.len(), others.count(), "{received}");
    }
    let built = Version::default();
    assert_eq!(serde_json::to_value(&built).unwrap(), sent);
    assert!(built == serde_json::from_value(serde_json::json!({})).unwrap());
}

#[derive(Clone, PartialEq)]
struct Customer {
    name: Option<String>,
    extra: Extra,
}
rt::object!(Customer, constant "object" "customer", constant "origin" (read_only "api"),
    constant "mode" (write_only integer 2), constant "gone" (null), guaranteed ["object"] {
    optional "name" name,
});

/// A constant of one direction is written in that direction only, unless the user sets it.
#[test]
fn constants_of_one_direction() {
    let all = json!({"object": "customer", "origin": "api", "mode": 2, "gone": null});
    let sent = json!({"object": "customer", "mode": 2, "gone": null});
    let answered = json!({"object": "customer", "origin": "api", "gone": null});
    let customer: Customer = serde_json::from_value(all.clone()).unwrap();
    assert!(customer.extra.is_empty() && customer.unread().is_empty());
    assert_eq!(serde_json::to_value(&customer).unwrap(), all);
    let request = |customer: &Customer| {
        let text = write::request_text(customer).unwrap();
        serde_json::from_slice::<Json>(&text).unwrap()
    };
    assert_eq!(request(&customer), sent);
    let text = write::response_text(&customer).unwrap();
    assert_eq!(serde_json::from_slice::<Json>(&text).unwrap(), answered);
    let mut other: Customer = rt::blank();
    other.extra.insert("object", "person");
    assert_eq!(
        request(&other),
        json!({"object": "person", "mode": 2, "gone": null})
    );
}

/// As of other guaranteed members, a missing one is an error; another value is none, and is written back.
#[test]
fn a_guaranteed_constant_is_there() {
    let error = serde_json::from_value::<Customer>(json!({"name": "Ola"})).unwrap_err();
    assert!(error.to_string().contains("object"), "{error}");
    let other = json!({"object": "person", "origin": null, "mode": 3});
    let customer: Customer = serde_json::from_value(other.clone()).unwrap();
    assert_eq!(customer.extra.get("object"), Some(&json!("person")));
    assert_eq!(serde_json::to_value(&customer).unwrap(), other);
    let text = write::request_text(&customer).unwrap();
    assert_eq!(
        serde_json::from_slice::<Json>(&text).unwrap(),
        json!({"object": "customer", "mode": 2, "gone": null})
    );
}

#[derive(Clone, PartialEq)]
struct Many {
    extra: Extra,
}

macro_rules! many {
    ($($name:literal)*) => {
        rt::object!(Many $(, constant $name "x")*, guaranteed [$($name),*] {});
        const NAMES: &[&str] = &[$($name),*];
    };
}
many! {
    "m00" "m01" "m02" "m03" "m04" "m05" "m06" "m07" "m08" "m09" "m10" "m11" "m12" "m13" "m14" "m15" "m16" "m17"
    "m18" "m19" "m20" "m21" "m22" "m23" "m24" "m25" "m26" "m27" "m28" "m29" "m30" "m31" "m32" "m33" "m34" "m35"
    "m36" "m37" "m38" "m39" "m40" "m41" "m42" "m43" "m44" "m45" "m46" "m47" "m48" "m49" "m50" "m51" "m52" "m53"
    "m54" "m55" "m56" "m57" "m58" "m59" "m60" "m61" "m62" "m63" "m64" "m65"
}

#[test]
fn more_than_64_members_can_be_guaranteed() {
    let all: serde_json::Map<String, Json> = (NAMES.iter())
        .map(|name| ((*name).to_owned(), json!("x")))
        .collect();
    assert!(serde_json::from_value::<Many>(all.clone().into()).is_ok());
    for missing in ["m00", "m01", "m63", "m64", "m65"] {
        let mut some = all.clone();
        some.remove(missing);
        let error = serde_json::from_value::<Many>(some.into()).unwrap_err();
        assert!(error.to_string().contains(missing), "{error}");
    }
}

/// Numbers are compared by value.
#[test]
fn a_constant_is_a_number_however_it_is_written() {
    for (text, others) in [
        (r#"{"v": 2.0}"#, 0),
        (r#"{"v": 2e0}"#, 0),
        (r#"{"v": 2.5}"#, 1),
        (r#"{"v": "2"}"#, 1),
    ] {
        let (version, _) = source::json::<Version>(text.as_bytes()).ok().unwrap();
        assert_eq!(version.extra.len(), others, "{text}");
    }
}

#[derive(Clone, Default, PartialEq)]
struct Odd {
    plain: Option<bool>,
    quoted: Option<bool>,
    extra: Extra,
}
rt::object!(Odd {
    optional "plain" plain,
    optional "a \"b\" \\ c\n" quoted,
});

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Size {
    Small,
    Unrecognized(rt::Unrecognized<Self>),
}
rt::string_enum!(Size {
    Small "small",
});

#[derive(Clone, PartialEq)]
enum Value {
    Text(String),
    Number(Number),
    Address(Box<Address>),
    Unrecognized(rt::UnrecognizedJson<Self>),
}
rt::union!(Value {
    Text String,
    Number Integer Number,
    Address Object "city",
});

#[derive(Clone, PartialEq)]
enum Card {
    Line(Line),
    Other(Address),
    Unrecognized(rt::UnrecognizedJson<Self>),
}
rt::union!(Card, tag "type" {
    Line "line" "row",
    Other "other",
});

/// A list of texts, a list of numbers, or an object that is told by nothing but what it has.
#[derive(Clone, PartialEq)]
enum Loose {
    Address(Box<Address>),
    Odd(Box<Odd>),
    Line(Box<Line>),
    Texts(List<String>),
    Numbers(List<i64>),
    Size(Size),
    At(Timestamp),
    Text(String),
    Unrecognized(rt::UnrecognizedJson<Self>),
}
rt::union!(Loose {
    Line Object "kind" = "line" | "row",
    Address Object "kind"? = "home",
    Odd Object,
    Texts Array,
    Numbers Array,
    Size String,
    At String,
    Text String,
});

#[derive(Clone, PartialEq)]
enum Held {
    Line(JsonObject),
    Address(JsonObject),
    Odd(JsonObject),
    Unrecognized(rt::UnrecognizedJson<Self>),
}
rt::union!(Held {
    Line Object "data" "data"."kind" = "line",
    Address Object "data" "data"."kind"."name"? = "home" | "work",
    Odd Object "data",
});

/// A member of a member decides.
#[test]
fn a_member_of_a_member_distinguishes_types() {
    let of = |json: Json| match serde_json::from_value::<Held>(json).unwrap() {
        Held::Line(_) => "line",
        Held::Address(_) => "address",
        Held::Odd(_) => "odd",
        Held::Unrecognized(_) => "unrecognized",
    };
    assert_eq!(of(json!({"data": {"kind": "line"}})), "line");
    assert_eq!(of(json!({"data": {"kind": {"name": "work"}}})), "address");
    assert_eq!(of(json!({"data": {"kind": {"name": "else"}}})), "odd");
    assert_eq!(of(json!({"data": 1})), "address");
    assert_eq!(of(json!({"kind": "line"})), "unrecognized");
}

#[track_caller]
fn loose(json: &Json) -> Loose {
    let text = json.to_string();
    let (value, _) = source::json::<Loose>(text.as_bytes()).ok().unwrap();
    assert!(serde_json::from_str::<Loose>(&text).unwrap() == value);
    assert_eq!(serde_json::to_value(&value).unwrap(), *json);
    value
}

#[test]
fn what_one_type_of_a_union_can_not_read_the_next_one_is_tried_with() {
    assert!(matches!(loose(&json!(["1", "2"])), Loose::Texts(_)));
    assert!(matches!(loose(&json!([1, 2])), Loose::Numbers(_)));
    // No type reads all of it: the one that leaves the fewest values unread, and of equal ones the first.
    assert!(matches!(loose(&json!([1, 2, "x"])), Loose::Numbers(_)));
    assert!(matches!(loose(&json!("small")), Loose::Size(_)));
    assert!(matches!(
        loose(&json!("2026-01-31T12:00:00Z")),
        Loose::At(_)
    ));
    assert!(matches!(loose(&json!("else")), Loose::Text(_)));
}

#[test]
fn the_type_that_explains_most_of_a_value_is_its_type() {
    let of = |json: Json| match loose(&json) {
        Loose::Line(_) => "line",
        Loose::Address(_) => "address",
        Loose::Odd(_) => "odd",
        _ => "another",
    };
    assert_eq!(of(json!({"plain": true, "a \"b\" \\ c\n": false})), "odd");
    assert_eq!(
        of(json!({"type": "address", "city": "Oslo", "floor": 3})),
        "address"
    );
    // A text that is not a type's own excludes it; one that is goes before everything else.
    assert_eq!(
        of(json!({"kind": "work", "type": "address", "city": "Oslo"})),
        "odd"
    );
    assert_eq!(of(json!({"kind": "row", "id": "1", "plain": true})), "line");
    // Without its id it can't be read as what its text says.
    assert_eq!(of(json!({"kind": "row", "plain": true})), "odd");
}

/// Reads from text and through serde, which must be the same, and writes it back.
#[track_caller]
fn order(json: &Json) -> Order {
    let text = json.to_string();
    let order: Order = serde_json::from_str(&text).unwrap();
    let (same, _) = source::json::<Order>(text.as_bytes()).ok().unwrap();
    assert!(order == same);
    order
}

/// Comes back as it was, and lists these places.
#[track_caller]
fn comes_back(json: Json, places: &[(&str, &str)]) -> Order {
    let order = order(&json);
    assert_eq!(serde_json::to_value(&order).unwrap(), json);
    let listed = unread(&order);
    let listed = listed.iter().map(|place| (place.path(), place.reason()));
    let listed: BTreeSet<(&str, &str)> = listed.collect();
    assert_eq!(listed, places.iter().copied().collect());
    order
}

#[test]
fn what_is_documented() {
    let order = comes_back(
        json!({
            "total": 100, "note": "", "lines": [{"id": "1", "amount": 5, "status": "x"}], "tags": {"a": "b"}, "count": 1,
            "rate": 1.5, "ratio": 2.5, "paid": true, "at": "soon", "size": "huge", "errors": ["a"],
            "address": {"type": "address", "city": "Oslo", "floor": 3}, "value": "x", "any": [null], "open": {"x": null}
        }),
        &[],
    );
    assert_eq!(order.total, Some(Amount::minor(100)));
    assert_eq!(order.lines[0].amount, Some(Amount::minor(5)));
    assert_eq!(order.tags["a"], "b");
    assert_eq!(order.size, Some(Size::from("huge")));
    assert_eq!(order.address.as_ref().unwrap().additional["floor"], 3);
    assert!(order.extra.is_empty());
    assert!(!order.lines[0].extra.is_unread("id"));
}

#[test]
fn what_nobody_knows_is_kept() {
    let order = comes_back(
        json!({
            "ext_order": "1042", "deep": {"x": [1, null]}, "nothing": null,
            "lines": [{"id": "1", "more": false}], "value": {"type": "address", "city": "Oslo", "more": 1}
        }),
        &[],
    );
    assert_eq!(order.extra.get("ext_order"), Some(&json!("1042")));
    assert_eq!(order.lines[0].extra.get("more"), Some(&json!(false)));
    assert!(matches!(&order.value, Some(Value::Address(_))));
    assert!(!format!("{order:?}").contains("1042"));
    assert!(!format!("{order:?}").contains("ext_order"));
}

#[test]
fn another_kind_costs_the_field_only() {
    let order = comes_back(
        json!({
            "total": "100", "note": 5, "lines": "none", "tags": {"a": 1, "b": "c"}, "count": 1.5, "rate": "x",
            "ratio": true, "paid": "yes", "at": 1_700_000_000, "size": 3, "errors": {}, "address": [1], "value": true,
            "open": "x"
        }),
        &[
            ("$.tags.a", "expected text, found a number"),
            (
                "$.total",
                "expected a whole number of minor units, found text",
            ),
            ("$.note", "expected text, found a number"),
            ("$.lines", "expected a list, found text"),
            (
                "$.count",
                "expected a whole number, found one that is not whole",
            ),
            ("$.rate", "expected a number, found text"),
            ("$.ratio", "expected a number, found true or false"),
            ("$.paid", "expected true or false, found text"),
            ("$.at", "expected text, found a number"),
            ("$.size", "expected text, found a number"),
            ("$.errors", "expected text, found an object"),
            ("$.address", "expected an object, found a list"),
            (
                "$.value",
                "expected text or a number or an object, found true or false",
            ),
            ("$.open", "expected an object, found text"),
        ],
    );
    assert_eq!(order.total, None);
    assert!(order.extra.is_unread("total"));
    assert!(order.lines.is_empty());
    assert_eq!(order.tags.len(), 1);
    assert_eq!(order.tags["b"], "c");
}

#[test]
fn an_item_keeps_its_place() {
    let order = comes_back(
        json!({"lines": [7, {"id": "1"}, {"amount": 5, "status": "s", "x": 1}, {"id": 3}, null, {"id": "2", "amount": {}}]}),
        &[
            ("$.lines[0]", "expected an object, found a number"),
            ("$.lines[2].id", "missing"),
            ("$.lines[3].id", "expected text, found a number"),
            ("$.lines[4]", "unexpected `null`"),
            (
                "$.lines[5].amount",
                "expected a whole number of minor units, found an object",
            ),
        ],
    );
    let ids: Vec<&str> = order.lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    let unread: Vec<(usize, &Json)> = (order.lines.unread_items().iter())
        .map(|item| (item.index(), item.json()))
        .collect();
    assert_eq!(
        unread,
        [
            (0, &json!(7)),
            (2, &json!({"amount": 5, "status": "s", "x": 1})),
            (3, &json!({"id": 3})),
            (4, &Json::Null)
        ]
    );
}

#[test]
fn tolerances() {
    for (received, written) in [
        (
            json!({"total": null, "lines": null, "tags": null, "address": null, "value": null, "any": null}),
            json!({}),
        ),
        (
            json!({"count": "", "rate": "", "total": "", "at": "", "lines": "", "address": "", "paid": "", "open": ""}),
            json!({"count": "", "rate": "", "total": "", "at": "", "lines": "", "address": "", "paid": "", "open": ""}),
        ),
        (
            json!({"note": "", "size": "", "value": ""}),
            json!({"note": "", "size": "", "value": ""}),
        ),
        (
            json!({"address": [], "tags": [], "open": []}),
            json!({"address": {}, "tags": {}, "open": {}}),
        ),
        (
            json!({"count": 5.0, "total": 100.0}),
            json!({"count": 5, "total": 100}),
        ),
        (
            json!({"count": "5", "rate": "1.5", "ratio": "-2e3"}),
            json!({"count": 5, "rate": 1.5, "ratio": -2000}),
        ),
        (json!({"errors": "x"}), json!({"errors": ["x"]})),
        (
            json!({"lines": [], "errors": []}),
            json!({"lines": [], "errors": []}),
        ),
    ] {
        let order = order(&received);
        let as_numbers = |json: &Json| json.to_string().replace(".0", "");
        assert_eq!(
            as_numbers(&serde_json::to_value(&order).unwrap()),
            as_numbers(&written),
            "{received}"
        );
        assert_eq!(unread(&order), [], "{received}");
    }
    for text in [
        "1.", " 5", "5 ", "0x5", "+5", "05", "1e400", "NaN", "Infinity", "--1", "5,0",
    ] {
        comes_back(
            json!({"rate": text}),
            &[("$.rate", "expected a number, found text")],
        );
    }
}

#[test]
fn what_is_guaranteed_can_fail() {
    for (text, wrong) in [
        (r#"{}"#, "`id`: missing"),
        (r#"{"id":null}"#, "`id`: missing"),
        (r#"{"id":1}"#, "`id`: expected text, found a number"),
        (r#"{"id":"1","id":"2"}"#, "`id`: duplicate member"),
        (r#"[]"#, "`id`: missing"),
        (r#"[1]"#, "expected an object, found a list"),
        (r#"7"#, "expected an object, found a number"),
        (r#"null"#, "unexpected `null`"),
    ] {
        let by_text = match source::json::<Line>(text.as_bytes()) {
            Err(source::Fault::Invalid(invalid)) => invalid.to_string(),
            _ => panic!("{text}"),
        };
        assert_eq!(by_text, wrong, "{text}");
        let by_serde = serde_json::from_str::<Line>(text)
            .err()
            .unwrap()
            .to_string();
        assert!(by_serde.starts_with(wrong), "{by_serde}");
    }
}

#[test]
fn text_that_is_no_json() {
    for text in [
        r#"{"id":"1""#,
        r#"{"lines":[1"#,
        r#"{"id":1,}"#,
        "",
        r#"{"id":"1"} x"#,
    ] {
        let read = source::json::<Line>(text.as_bytes());
        assert!(matches!(read, Err(source::Fault::Syntax(_))), "{text}");
    }
    let read = source::json::<Line>(b"{\"id\":\"\xFF\"}");
    assert!(
        matches!(read, Err(source::Fault::Syntax(error)) if error.to_string().contains("unicode"))
    );
}

#[test]
fn unions_keep_what_they_do_not_know() {
    let text =
        r#"[{"type":"row","id":"1"},{"iban":"DE1","type":"bank"},{"a":1},{"type":"line"},5]"#;
    let cards: List<Card> = serde_json::from_str(text).unwrap();
    assert!(matches!(
        &cards[..],
        [Card::Line(_), Card::Unrecognized(bank), Card::Unrecognized(_)] if bank.json()["iban"] == "DE1"
    ));
    // The variant's own type writes the tag, if it has the member.
    let places: Vec<String> = unread(&cards)
        .iter()
        .map(|place| place.path().to_owned())
        .collect();
    assert_eq!(places, ["$[3].id", "$[4]"]);
    assert_eq!(format!("{:?}", cards[1]), "{…}");
}

#[test]
fn a_request_says_what_was_set() {
    let mut order = order(&json!({"total": 5, "unknown": 1, "note": 7, "lines": [
        {"id": "1", "amount": 5, "status": "open", "unknown": 1}
    ], "tags": {"a": 1}, "address": {"floor": "x", "way": {}}}));
    order.extra.insert("set", json!([1]));
    order.lines[0].extra.set_null("amount");
    order.lines[0].amount = None;
    let sent: Json = serde_json::from_slice(&write::request_text(&order).unwrap()).unwrap();
    assert_eq!(
        sent,
        json!({"total": 5, "note": 7, "set": [1], "lines": [{"id": "1", "amount": null}], "tags": {"a": 1},
            "address": {"type": "address", "floor": "x", "way": {}}})
    );
}

#[test]
fn a_request_is_checked() {
    let fault = |json: Json, change: fn(&mut Order)| {
        let mut order = order(&json);
        change(&mut order);
        write::request_text(&order)
            .err()
            .map(|fault| fault.to_string())
    };
    assert_eq!(fault(json!({"total": 1}), |_| {}), None);
    assert_eq!(
        fault(json!({}), |_| {}).unwrap(),
        "`total`: missing required value"
    );
    assert_eq!(
        fault(json!({"total": "1"}), |_| {}).unwrap(),
        "`total`: expected a whole number of minor units, found text"
    );
    assert_eq!(
        fault(
            json!({"total": 1, "lines": [{"id": "1", "amount": 1}, {"id": "1"}]}),
            |_| {}
        )
        .unwrap(),
        "`lines[1].amount`: missing required value"
    );
    assert_eq!(
        fault(json!({"total": 1}), |order| order.extra.insert("note", "x")).unwrap(),
        "`note`: is set with `extra`, but has its own setter"
    );
    assert_eq!(
        fault(json!({"total": 1}), |order| order.ratio = Some(f64::NAN)).unwrap(),
        "`ratio`: JSON can't represent the number NaN"
    );
    // A null that was said for a required member is a value.
    assert_eq!(
        fault(json!({}), |order| order.extra.set_null("total")),
        None
    );
}

#[test]
fn text_and_tree_are_the_same() {
    let order = order(
        &json!({"total": 1, "note": "a\"\\\n\u{1}å", "lines": [{"id": "1", "amount": 2}, 3], "x\"y": {"z": 1.5}}),
    );
    let mut stored = order.clone();
    stored.extra.insert("x\"y", 2);
    let text: Json = serde_json::from_slice(&write::request_text(&stored).unwrap()).unwrap();
    assert_eq!(text, write::request_tree(&stored).unwrap().into_json());
    assert_eq!(text["x\"y"], 2);
}

#[test]
fn names_are_escaped() {
    let json = json!({ "plain": true, "a \"b\" \\ c\n": false });
    let odd: Odd = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(odd.quoted, Some(false));
    let text = crate::rt::write::request_text(&odd).unwrap();
    assert_eq!(serde_json::from_slice::<Json>(&text).unwrap(), json);
}

#[test]
fn debug_hides_text_and_leaves_out_what_is_absent() {
    let order = order(
        &json!({"total": 1, "note": "Kari", "tags": {"name": "Kari"}, "size": "small", "kari": 1}),
    );
    assert_eq!(
        format!("{order:?}"),
        r#"Order { total: 1, note: "…", tags: {"…": "…"}, size: small, …: {…} }"#
    );
}

#[test]
fn places_in_maps_are_not_logged_by_name() {
    let order = order(&json!({"tags": {"kari": 1}, "it's": 1}));
    let places: Vec<Unread> = unread(&order);
    assert_eq!(places[0].path(), "$.tags.kari");
    assert_eq!(places[0].logged_path(), "$.tags.*");
    assert_eq!(places[0].json(), &json!(1));
    assert_eq!(
        places[0].to_string(),
        "`$.tags.*`: expected text, found a number"
    );
}

#[test]
fn a_null_among_additional_members_is_no_value() {
    let json = br#"{"address": {"city": "Oslo", "floor": null, "door": "", "gate": 7}}"#;
    let (order, has_unread) = source::json::<Order>(json).ok().unwrap();
    assert!(!has_unread);
    let address = order.address.as_ref().unwrap();
    assert_eq!(address.additional, Map::from([("gate".to_owned(), 7)]));
}

/// An empty text where the document has no text is not a value, and is written back.
#[test]
fn an_empty_text_is_written_back() {
    let received = json!({
        "count": "", "paid": "", "at": "", "size": "", "lines": "", "address": {"city": "", "door": ""}, "open": "",
    });
    let order: Order = serde_json::from_value(received.clone()).unwrap();
    assert!(order.count.is_none() && order.at.is_none() && order.unread().is_empty());
    assert_eq!(serde_json::to_value(&order).unwrap(), received);
    assert_eq!(order.extra.get("count"), Some(&json!("")));
    // A request has only what was meant.
    let mut order = order;
    order.total = Some(Amount::minor(1));
    let text = write::request_text(&order).unwrap();
    let sent = serde_json::from_slice::<Json>(&text).unwrap();
    assert!(sent.get("count").is_none(), "{sent}");
}

#[test]
fn an_empty_text_that_is_no_item_stays() {
    let lists = br#"[1, "", null, 2]"#;
    let (list, has_unread) = source::json::<List<i64>>(lists).ok().unwrap();
    assert!(has_unread);
    assert_eq!(list, [1, 2]);
    assert_eq!(write::json(&list), json!([1, "", null, 2]));
}
