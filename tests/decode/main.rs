//! Reads answers into generated types: each value of a union as the type that it is of, and back without a loss.

use dintero::rt::serde::{Serialize, de::DeserializeOwned};
use recursion::Lists;
use serde_json::{Value, json};
use told_apart::{Event, Item, Zoo};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    each_value_is_of_its_type()?;
    what_no_type_is_stays()?;
    what_one_type_cannot_read_the_next_one_can()?;
    null_is_no_type()?;
    constants_are_sent()?;
    recursion()?;
    unions_in_unions_end()?;
    println!("values of unions are read as the types that they are of");
    Ok(())
}

/// Reads a value, which has to be written back as it was.
fn read<T: DeserializeOwned + Serialize>(json: &Value) -> Result<T, Failure> {
    let value: T = serde_json::from_value(json.clone())?;
    let text: T = serde_json::from_str(&json.to_string())?;
    for value in [&value, &text] {
        let back = serde_json::to_value(value)?;
        if back != *json {
            return Err(format!("{json} comes back as {back}").into());
        }
    }
    Ok(value)
}

/// The variant that a member of [`Zoo`] is read as.
fn variant(member: &str, value: Value) -> Result<String, Failure> {
    macro_rules! variant_of {
        ($zoo:ident, $($field:ident: $ty:ident [$($variant:ident)*],)*) => {
            match member {
                $(stringify!($field) => match $zoo.$field.as_deref() {
                    $(Some(told_apart::$ty::$variant(_)) => stringify!($variant),)*
                    Some(told_apart::$ty::Unrecognized(_)) => "Unrecognized",
                    Some(_) => "another",
                    None => "none",
                },)*
                _ => return Err(format!("no member {member}").into()),
            }
        };
    }
    let zoo: Zoo = read(&json!({ member: value }))?;
    if !zoo.unread().is_empty() {
        return Err(format!("{member}: {:?}", zoo.unread()).into());
    }
    Ok(variant_of!(zoo,
        event: Event [Created Deleted],
        state: State [Creating Detached Attached],
        item: Item [OutputMessage ToolCall Ping],
        animal: Animal [Mammal Dog],
        nested: Nested [Inner Outer],
        numbered: Numbered [VersionOne VersionTwo],
        flagged: ZooFlagged [On Off],
        parted: ZooParted [PartedA PartedB],
        both: Both [A B],
        beside: Beside [A B],
        mixed: ZooMixed [Left List],
        lists: ZooLists [List List2 List3],
        batch: ZooBatch [List List2 List3],
        when: ZooWhen [String Date Enum],
        number: ZooNumber [Number Integer],
        more: ZooMore [Object Object2],
        inside: ZooInside [Object Object2],
        growing: ZooGrowing [Open Closed],
        range: ZooRange [V4Range V6Range],
        net: ZooNet [String List],
        campaign: Campaign [PriceCampaign PeriodCampaign],
        twice: ZooTwice [Twin Brother],
        renamed: ZooRenamed [Parcel Letter],
        untold: ZooUntold [Near Far],
        vehicle: Vehicle [Car Vehicle],
        crossed: ZooCrossed [A B],
        deeper: ZooDeeper [Object Object2],
        nullable_tag: ZooNullableTag [A B],
    )
    .to_owned())
}

fn each_value_is_of_its_type() -> Result<(), Failure> {
    for (member, value, expected) in [
        ("event", json!({"type": "created", "id": "1"}), "Created"),
        ("event", json!({"type": "deleted", "id": "1", "reason": "gone"}), "Deleted"),
        ("event", json!({"type": "deleted", "id": "1", "later": true}), "Deleted"),
        ("event", json!({"type": "moved", "id": "1"}), "Unrecognized"),
        ("event", json!({"id": "1"}), "Unrecognized"),
        ("state", json!({"state": "creating"}), "Creating"),
        ("state", json!({"state": "detached"}), "Detached"),
        ("state", json!({"state": "attached", "instance": "i"}), "Attached"),
        ("item", json!({"type": "message", "text": "hi"}), "OutputMessage"),
        ("item", json!({"type": "tool_call", "name": "n"}), "ToolCall"),
        ("item", json!({"type": "tool_use", "name": "n"}), "ToolCall"),
        ("item", json!({"type": "ping", "sent": 1}), "Ping"),
        ("item", json!({"type": "OutputMessage", "text": "hi"}), "Unrecognized"),
        ("animal", json!({"kind": "Mammal", "fur": true}), "Mammal"),
        ("animal", json!({"kind": "Dog", "fur": true, "bark": "loud"}), "Dog"),
        ("nested", json!({"k": "one", "a": "x"}), "Inner"),
        ("nested", json!({"k": "two", "b": "x"}), "Inner"),
        ("nested", json!({"k": "Outer", "z": "x"}), "Outer"),
        ("numbered", json!({"v": 1, "a": "x"}), "VersionOne"),
        ("numbered", json!({"v": 2, "b": "x"}), "VersionTwo"),
        ("flagged", json!({"on": true}), "On"),
        ("flagged", json!({"on": false}), "Off"),
        ("parted", json!({"kind": "a", "x": 1}), "PartedA"),
        ("parted", json!({"kind": "b", "x": 1}), "PartedB"),
        ("parted", json!({"x": 1}), "PartedA"),
        ("parted", json!({"kind": "c", "x": 1}), "Unrecognized"),
        ("both", json!({"type": "a", "c": "cc", "x": 7}), "A"),
        ("both", json!({"type": "b", "c": "cc", "y": 7}), "B"),
        ("beside", json!({"type": "b", "c": "cc", "y": 7}), "B"),
        ("mixed", json!({"side": "Left", "a": "x"}), "Left"),
        ("mixed", json!(["x"]), "List"),
        ("lists", json!(["x", "1"]), "List"),
        ("lists", json!([1, 2]), "List2"),
        ("lists", json!([{"a": "x"}]), "List3"),
        ("lists", json!([{"b": 1}]), "List3"),
        ("batch", json!([{"text": "a", "model": "m"}]), "List"),
        ("batch", json!([{"image": {"url": "x"}, "model": "m"}]), "List2"),
        ("batch", json!([{"object": 1, "model": "m"}, {"object": "b", "model": "m"}]), "List3"),
        ("batch", json!([{"sound": 1, "model": "m"}]), "Unrecognized"),
        ("when", json!("2026-01-31"), "Date"),
        ("when", json!("auto"), "Enum"),
        ("when", json!("soon"), "String"),
        ("number", json!(1), "Integer"),
        ("number", json!(1.5), "Number"),
        ("more", json!({"a": "x"}), "Object"),
        ("more", json!({"a": "x", "b": "y"}), "Object2"),
        ("inside", json!({"at": 1}), "Object"),
        ("inside", json!({"at": "1"}), "Object2"),
        ("growing", json!({"status": "open"}), "Open"),
        ("growing", json!({"status": "gone"}), "Closed"),
        ("growing", json!({"status": "lost"}), "Unrecognized"),
        ("range", json!({"first": "192.0.2.1", "last": "192.0.2.9"}), "V4Range"),
        ("range", json!({"first": "2001:db8::1", "last": "2001:db8::2"}), "V6Range"),
        ("range", json!({"first": "here", "last": "there"}), "Unrecognized"),
        ("net", json!("2001:db8::1"), "String"),
        ("campaign", json!({"type": "PRICE", "price": 1}), "PriceCampaign"),
        ("campaign", json!({"type": "PERIOD", "period": "P1M"}), "PeriodCampaign"),
        ("twice", json!({"name": "x"}), "Twin"),
        ("renamed", json!({"sort": "pack", "weight": 1}), "Parcel"),
        ("renamed", json!({"sort": "parcel", "weight": 1}), "Parcel"),
        ("renamed", json!({"sort": "letter", "words": 1}), "Letter"),
        ("renamed", json!({"sort": "Letter", "words": 1}), "Unrecognized"),
        ("untold", json!({"range": "Far", "drive": "x"}), "Far"),
        ("untold", json!({"drive": "x"}), "Far"),
        ("untold", json!({"walk": "x"}), "Near"),
        ("untold", json!({"range": null, "drive": "x"}), "Far"),
        ("untold", json!({"range": "middle", "drive": "x"}), "Unrecognized"),
        ("vehicle", json!({"kind": "car", "doors": 4}), "Car"),
        ("vehicle", json!({"kind": "any", "wheels": 3}), "Vehicle"),
        ("vehicle", json!({"kind": "boat"}), "Unrecognized"),
        ("crossed", json!({"a": "x", "c": "y"}), "A"),
        ("crossed", json!({"b": "x", "d": "y"}), "B"),
        ("deeper", json!({"in": {"at": "x"}}), "Object"),
        ("deeper", json!({"in": {"at": 1}}), "Object2"),
        ("nullable_tag", json!({"k": "a"}), "A"),
        ("nullable_tag", json!({"k": "b"}), "B"),
    ] {
        let found = variant(member, value.clone())?;
        if found != expected {
            return Err(format!("{member} {value}: {found} instead of {expected}").into());
        }
    }
    Ok(())
}

fn what_no_type_is_stays() -> Result<(), Failure> {
    let event = json!({"type": "moved", "to": {"x": [1, "a", null]}});
    let Event::Unrecognized(kept) = read::<Event>(&event)? else {
        return Err("a value of no type is one".into());
    };
    assert_eq!(*kept.json(), event);
    // Of another kind than any type: kept by what holds it, and listed.
    let zoo: Zoo = read(&json!({"event": 1, "lists": "x"}))?;
    let unread: Vec<String> = zoo.unread().iter().map(|place| place.path().to_owned()).collect();
    assert_eq!(unread, ["$.event", "$.lists"]);
    Ok(())
}

fn what_one_type_cannot_read_the_next_one_can() -> Result<(), Failure> {
    let answer = json!([1, 2]);
    let read: told_apart::SearchResponse = read(&answer)?;
    assert!(matches!(read, told_apart::SearchResponse::List2(numbers) if *numbers == [1, 2]));
    Ok(())
}

fn null_is_no_type() -> Result<(), Failure> {
    let zoo: Zoo = serde_json::from_value(json!({"maybe": null, "perhaps": null}))?;
    assert!(zoo.maybe.is_none() && zoo.perhaps.is_none() && zoo.unread().is_empty());
    let zoo: Zoo = read(&json!({"maybe": {"side": "Left", "a": "x"}}))?;
    assert_eq!(zoo.maybe.and_then(|left| left.a).as_deref(), Some("x"));
    let zoo = Zoo::builder().maybe_null().perhaps_null().build();
    assert_eq!(serde_json::to_value(&zoo)?, json!({"maybe": null, "perhaps": null}));
    Ok(())
}

fn constants_are_sent() -> Result<(), Failure> {
    let sent = told_apart::StateDetached::builder().build();
    assert_eq!(serde_json::to_value(sent)?, json!({"state": "detached"}));
    let sent = Item::from(told_apart::OutputMessage::builder().text("hi").build());
    assert_eq!(serde_json::to_value(sent)?, json!({"type": "message", "text": "hi"}));
    let sent = told_apart::VersionOne::builder().a("x").build();
    assert_eq!(serde_json::to_value(sent)?, json!({"a": "x", "v": 1}));
    let sent = told_apart::On::builder().since("x").build();
    assert_eq!(serde_json::to_value(sent)?, json!({"on": true, "since": "x"}));
    let sent = told_apart::PartedA::builder().x(1).build();
    assert_eq!(serde_json::to_value(sent)?, json!({"kind": "a", "x": 1}));
    // What the mapping says, not what the schema says.
    let sent = told_apart::Parcel::builder().weight(1).build();
    assert_eq!(serde_json::to_value(sent)?, json!({"sort": "pack", "weight": 1}));
    Ok(())
}

fn recursion() -> Result<(), Failure> {
    let lists: Lists = read(&json!({
        "tree": [[], [[[]]]],
        "map": {"a": {"b": {}}},
        "alternating": [{"a": [{}]}],
        "frame": {"children": [{"title": "t", "children": [{"width": 1}]}, {"width": 2}], "width": 3},
        "value": {"a": [1, "x", {"b": 1.5}]},
    }))?;
    assert!(lists.unread().is_empty(), "{:?}", lists.unread());
    let frame = lists.frame.ok_or("no frame")?;
    let [recursion::Part::Group(group), recursion::Part::Frame(_)] = frame.children.as_slice() else {
        return Err(format!("{frame:?}").into());
    };
    assert!(matches!(group.children.as_slice(), [recursion::Part::Frame(_)]));
    Ok(())
}

/// Whatever is read a second time is a multiple of what came, however deep unions lie in unions.
fn unions_in_unions_end() -> Result<(), Failure> {
    let mut part = json!({"strange": 1});
    for _ in 0..40 {
        part = json!({"children": [part], "strange": 1});
    }
    let before = std::time::Instant::now();
    read::<recursion::Part>(&part)?;
    assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
    Ok(())
}
