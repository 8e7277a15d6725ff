//! What metadata may be called.

use dintero::Number;
use dintero::payments::MetadataValue;
use dintero::payments::metadata::{EventMetadata, SessionMetadata};

#[test]
fn of_events() {
    let longest = format!("ext_{}", "å".repeat(124));
    let fine = EventMetadata::new([("ext_a", "ø".repeat(256)), (&longest, String::new())]).unwrap();
    let pairs: Vec<(String, String)> = fine.into_iter().collect();
    assert_eq!(pairs.len(), 2);
    for (name, value, why) in [
        ("order", "1", "start with `ext_`"),
        ("EXT_order", "1", "start with `ext_`"),
        ("", "1", "start with `ext_`"),
        ("ext_", "1", "no text after"),
        (&format!("{longest}b"), "1", "128"),
        ("ext_a", &"a".repeat(257), "256"),
    ] {
        let error = EventMetadata::new([("ext_first", "1"), (name, value)]).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains(why) && error.contains("entry 2"),
            "{name}: {error}"
        );
    }
    assert!(EventMetadata::new([("ext_a", "1"), ("ext_a", "2")]).is_err());
}

#[test]
fn of_sessions() {
    let number = MetadataValue::from(Number::from(7));
    let text = MetadataValue::from("7".to_owned());
    let fine =
        SessionMetadata::new([("ext_a", number.clone()), ("my_order", text.clone())]).unwrap();
    assert_eq!(fine.into_iter().count(), 2);
    for name in [
        "dintero",
        "merchant_id",
        "session:profile_id",
        "Event",
        "payout",
        "gateway",
        "bambora",
        "collector",
        "instabank",
        "klarna",
        "kravia",
        "netaxept",
        "payex",
        "santander",
        "swish",
        "vipps:id",
    ] {
        let error = SessionMetadata::new([(name, text.clone())])
            .unwrap_err()
            .to_string();
        assert!(error.contains("add the prefix `ext_`"), "{name}: {error}");
    }
    assert!(SessionMetadata::new([("", text.clone())]).is_err());
    assert!(
        SessionMetadata::new([("ext_a", MetadataValue::from(Number::from(f64::NAN)))]).is_err()
    );
    let many = |count: usize| {
        SessionMetadata::new((0..count).map(|index| (format!("ext_{index}"), number.clone())))
    };
    assert!(many(10).is_ok());
    assert!(many(11).unwrap_err().to_string().contains("maximum is 10"));
}

#[test]
fn goes_into_the_calls() {
    let metadata = EventMetadata::new([("ext_a", "1")]).unwrap();
    let session = SessionMetadata::new([("ext_a", "Kari".to_owned())]).unwrap();
    assert_eq!(format!("{session:?}"), r#"SessionMetadata{"ext_a"}"#);
    let client = dintero::Client::builder()
        .account("T12345678".parse().unwrap())
        .build()
        .unwrap();
    let capture = client
        .payments()
        .capture_transaction(dintero::payments::TransactionId::new("T1"))
        .amount(dintero::Amount::minor(1))
        .metadata(metadata)
        .build();
    let body = dintero::rt::Operation::request(&capture).unwrap();
    drop(body);
}
