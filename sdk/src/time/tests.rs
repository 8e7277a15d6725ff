use proptest::prelude::*;

use super::*;

fn seconds(text: &str) -> Option<i64> {
    Timestamp::parse(text)
        .ok()
        .and_then(|timestamp| timestamp.unix_seconds())
}

#[test]
fn reads_rfc_3339() {
    assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(seconds("2026-11-23T07:05:21Z"), Some(1_795_417_521));
    assert_eq!(seconds("2000-02-29T23:59:60Z"), Some(951_868_800));
    assert_eq!(seconds("1969-12-31t23:59:59.999z"), Some(-1));
    assert_eq!(
        seconds("2026-01-01 01:30:00.123456789123+01:30"),
        seconds("2026-01-01T00:00:00Z")
    );
    for wrong in [
        "",
        "2026",
        "2026-01-01",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00+1:00",
        "é",
    ] {
        assert!(Timestamp::parse(wrong).is_err(), "{wrong}");
    }
    let error = Timestamp::parse("soon").unwrap_err().to_string();
    assert_eq!(
        error,
        "\"soon\" is not an RFC 3339 point in time, such as 2026-01-31T12:00:00Z"
    );
}

#[test]
fn ordered_by_instant_and_unreadable_last() {
    let mut all = [
        "tomorrow",
        "2026-01-01T00:00:00+02:00",
        "2025-12-31T23:00:00Z",
        "later",
    ]
    .map(|text| Timestamp::received(text.into()));
    all.sort();
    let texts: Vec<_> = all.iter().map(Timestamp::as_str).collect();
    assert_eq!(
        texts,
        [
            "2026-01-01T00:00:00+02:00",
            "2025-12-31T23:00:00Z",
            "later",
            "tomorrow"
        ]
    );
    assert_eq!(
        Timestamp::received("2026-01-01T01:00:00.50+01:00".into()),
        Timestamp::received("2026-01-01T00:00:00.5Z".into())
    );
}

#[test]
fn every_day_survives_a_round_trip() {
    for day in (-719_528..2_932_897)
        .step_by(17)
        .chain([-719_528, 2_932_896])
    {
        let (year, month, of_month) = civil(day);
        assert_eq!(days(year, month, of_month), day);
        let text = format!("{year:04}-{month:02}-{of_month:02}");
        assert_eq!(
            Timestamp::from_unix(day * DAY, 0).as_str(),
            format!("{text}T00:00:00Z")
        );
        assert!(Date::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn to_and_from_system_time() {
    for (seconds, nanos, text) in [
        (0, 0, "1970-01-01T00:00:00Z"),
        (-1, 500_000_000, "1969-12-31T23:59:59.5Z"),
        (1_795_417_521, 1, "2026-11-23T07:05:21.000000001Z"),
    ] {
        let timestamp = Timestamp::from_unix(seconds, nanos);
        assert_eq!(timestamp.as_str(), text);
        assert_eq!(Timestamp::parse(text).unwrap(), timestamp);
        let time = SystemTime::try_from(&timestamp).unwrap();
        assert_eq!(Timestamp::from(time).as_str(), text);
    }
    let far = UNIX_EPOCH + Duration::from_secs(300_000_000_000);
    assert_eq!(Timestamp::from(far).as_str(), "9999-12-31T23:59:59Z");
    assert!(SystemTime::try_from(&Timestamp::received("soon".into())).is_err());
}

#[test]
fn days_are_checked() {
    assert_eq!(Date::new(2024, 2, 29).unwrap().as_str(), "2024-02-29");
    assert_eq!(
        Date::parse("2024-02-29").unwrap().ymd(),
        Some((2024, 2, 29))
    );
    assert!(Date::new(2023, 2, 29).is_err());
    assert!(Date::parse("2024-2-9").is_err());
    assert!(Date::received("2024-02-29".into()) < Date::received("2024-03-01".into()));
    assert!(Date::received("3024-01-01".into()) < Date::received("20240229".into()));
}

#[test]
fn the_present_is_now() {
    let before = SystemTime::now();
    let now = SystemTime::try_from(&Timestamp::now()).unwrap();
    assert!(before <= now && now <= SystemTime::now());
}

/// The same timestamps and dates in parts of another crate: year, month, day; hour, minute, second, nanosecond.
#[cfg(any(feature = "chrono-04", feature = "jiff-02", feature = "time-03"))]
fn converts<T, D>(parts: fn(T) -> [i64; 7], parts_of_day: fn(D) -> [i64; 3])
where
    T: for<'a> TryFrom<&'a Timestamp, Error = TimeError> + Into<Timestamp> + Clone,
    D: for<'a> TryFrom<&'a Date, Error = TimeError> + Into<Date> + Clone,
{
    for (text, wanted, back) in [
        (
            "2026-11-23T07:05:21.123456789Z",
            [2026, 11, 23, 7, 5, 21, 123_456_789],
            "2026-11-23T07:05:21.123456789Z",
        ),
        (
            "2024-03-01T00:30:00+01:00",
            [2024, 2, 29, 23, 30, 0, 0],
            "2024-02-29T23:30:00Z",
        ),
        (
            "1969-12-31T23:59:59.25Z",
            [1969, 12, 31, 23, 59, 59, 250_000_000],
            "1969-12-31T23:59:59.25Z",
        ),
        (
            "0000-01-01T00:00:00.000000001Z",
            [0, 1, 1, 0, 0, 0, 1],
            "0000-01-01T00:00:00.000000001Z",
        ),
        (
            "0000-01-01T00:00:00+01:00",
            [-1, 12, 31, 23, 0, 0, 0],
            "0000-01-01T00:00:00Z",
        ),
        (
            "9999-12-30T00:00:00Z",
            [9999, 12, 30, 0, 0, 0, 0],
            "9999-12-30T00:00:00Z",
        ),
    ] {
        let theirs = T::try_from(&Timestamp::parse(text).unwrap()).unwrap();
        assert_eq!(parts(theirs.clone()), wanted, "{text}");
        let ours: Timestamp = theirs.into();
        assert_eq!(ours.as_str(), back);
        assert_eq!(ours, Timestamp::parse(back).unwrap());
    }
    for (text, wanted) in [
        ("2024-02-29", [2024, 2, 29]),
        ("0000-01-01", [0, 1, 1]),
        ("9999-12-31", [9999, 12, 31]),
    ] {
        let theirs = D::try_from(&Date::parse(text).unwrap()).unwrap();
        assert_eq!(parts_of_day(theirs.clone()), wanted);
        let ours: Date = theirs.into();
        assert_eq!(ours.as_str(), text);
        assert_eq!(ours, Date::parse(text).unwrap());
    }
    assert!(T::try_from(&Timestamp::received("soon".into())).is_err());
    assert!(D::try_from(&Date::received("soon".into())).is_err());
}

#[cfg(feature = "jiff-02")]
#[test]
fn to_and_from_jiff() {
    use ::jiff_02::{Timestamp as Theirs, civil, tz::Offset};

    converts::<Theirs, civil::Date>(
        |time| {
            let time = Offset::UTC.to_datetime(time);
            [
                time.year().into(),
                time.month().into(),
                time.day().into(),
                time.hour().into(),
                time.minute().into(),
                time.second().into(),
                time.subsec_nanosecond().into(),
            ]
        },
        |date| [date.year().into(), date.month().into(), date.day().into()],
    );
    assert_eq!(
        Timestamp::from(Theirs::MIN).as_str(),
        "0000-01-01T00:00:00Z"
    );
    assert_eq!(Date::from(civil::Date::MIN).as_str(), "0000-01-01");
    let late = Timestamp::parse("9999-12-31T23:59:59Z").unwrap();
    assert_eq!(
        Theirs::try_from(&late).unwrap_err().to_string(),
        "\"9999-12-31T23:59:59Z\" is not a point in time that `jiff` can hold"
    );
}

#[cfg(feature = "chrono-04")]
#[test]
fn to_and_from_chrono() {
    use ::chrono_04::{DateTime, Datelike, NaiveDate, Timelike, Utc};

    converts::<DateTime<Utc>, NaiveDate>(
        |time| {
            [
                time.year().into(),
                time.month().into(),
                time.day().into(),
                time.hour().into(),
                time.minute().into(),
                time.second().into(),
                time.nanosecond().into(),
            ]
        },
        |date| [date.year().into(), date.month().into(), date.day().into()],
    );
    let theirs = |text| DateTime::parse_from_rfc3339(text).unwrap();
    assert_eq!(
        Timestamp::from(theirs("2016-12-31T23:59:60.5Z")),
        Timestamp::parse("2016-12-31T23:59:60.5Z").unwrap()
    );
    assert_eq!(
        Timestamp::from(theirs("2026-01-01T01:00:00+01:00")).as_str(),
        "2026-01-01T00:00:00Z"
    );
    let last = Timestamp::from(DateTime::<Utc>::MAX_UTC);
    assert_eq!(last.as_str(), "9999-12-31T23:59:59Z");
    assert_eq!(Date::from(NaiveDate::MAX).as_str(), "9999-12-31");
    let next = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    assert_eq!(Date::from(next).as_str(), "9999-12-31");
    assert_eq!(Date::from(NaiveDate::MIN).as_str(), "0000-01-01");
}

#[cfg(feature = "time-03")]
#[test]
fn to_and_from_time() {
    use ::time_03::{OffsetDateTime, UtcOffset};

    converts::<OffsetDateTime, ::time_03::Date>(
        |time| {
            [
                time.year().into(),
                u8::from(time.month()).into(),
                time.day().into(),
                time.hour().into(),
                time.minute().into(),
                time.second().into(),
                time.nanosecond().into(),
            ]
        },
        |date| {
            [
                date.year().into(),
                u8::from(date.month()).into(),
                date.day().into(),
            ]
        },
    );
    let oslo = UtcOffset::from_hms(1, 0, 0).unwrap();
    let theirs = OffsetDateTime::from_unix_timestamp(0)
        .unwrap()
        .to_offset(oslo);
    assert_eq!(Timestamp::from(theirs).as_str(), "1970-01-01T00:00:00Z");
    let late = Timestamp::parse("9999-12-31T23:59:59-01:00").unwrap();
    assert!(OffsetDateTime::try_from(&late).is_err());
    assert_eq!(Date::from(::time_03::Date::MIN).as_str(), "0000-01-01");
}

/// A point in time as RFC 3339 may write it.
fn written() -> impl Strategy<Value = String> {
    (
        (0_i64..=9999, 1..=12_u8, 1..=28_u8),
        (0..24_u8, 0..60_u8, 0..60_u8),
        "(\\.[0-9]{1,12})?",
        prop_oneof![
            Just("Z".to_owned()),
            ((-23_i8..=23), 0..60_u8).prop_map(|(hours, minutes)| {
                let sign = if hours < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{minutes:02}", hours.unsigned_abs())
            }),
        ],
    )
        .prop_map(|((year, month, day), (hour, minute, second), fraction, offset)| {
            format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}"
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_time_is_kept(text in written()) {
        let time = Timestamp::parse(&text).unwrap();
        prop_assert_eq!(time.as_str(), &text);
        let (seconds, nanos) = time.instant().unwrap();
        let again = Timestamp::from_unix(seconds, nanos);
        if (FIRST..=LAST).contains(&seconds) {
            prop_assert_eq!(&again, &time);
            prop_assert_eq!(Timestamp::parse(again.as_str()).unwrap(), time);
        }
    }

    #[test]
    fn order_is_that_of_instants(one in written(), two in written(), junk in ".{0,20}") {
        let (one, two) = (Timestamp::parse(&one).unwrap(), Timestamp::parse(&two).unwrap());
        prop_assert_eq!(one.cmp(&two), one.instant().cmp(&two.instant()));
        prop_assert_eq!(one == two, one.cmp(&two).is_eq());
        let junk = Timestamp::received(junk.into());
        prop_assert!(junk.instant().is_some() || junk > one);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9TtZz:.+ -]{0,32}|.{0,20}") {
        let time = Timestamp::received(text.clone().into());
        prop_assert_eq!(Timestamp::parse(&text).is_ok(), time.instant().is_some());
        let date = Date::received(text.clone().into());
        prop_assert_eq!(Date::parse(&text).is_ok(), date.ymd().is_some());
        prop_assert_eq!((time.as_str(), date.as_str()), (&*text, &*text));
    }

    #[test]
    fn any_day_is_kept(year in 0..=9999_u16, month in 0..=13_u8, day in 0..=32_u8, later in any::<u16>()) {
        let Ok(date) = Date::new(year, month, day) else { return Ok(()) };
        prop_assert_eq!(date.ymd(), Some((year, month, day)));
        prop_assert_eq!(date.as_str(), format!("{year:04}-{month:02}-{day:02}"));
        if let Ok(other) = Date::new(later, month, day) {
            prop_assert_eq!(date.cmp(&other), year.cmp(&later));
        }
    }
}

#[cfg(feature = "jiff-02")]
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jiff_reads_the_same(one in written(), two in written()) {
        use ::jiff_02::Timestamp as Theirs;
        // It takes no more than nine decimals, and no year near the ends.
        let read = |text: &str| text.parse::<Theirs>().ok();
        let (Some(theirs), Some(others)) = (read(&one), read(&two)) else { return Ok(()) };
        let (ours, other) = (Timestamp::parse(&one).unwrap(), Timestamp::parse(&two).unwrap());
        prop_assert_eq!(Theirs::try_from(&ours).unwrap(), theirs);
        prop_assert_eq!(Timestamp::from(theirs), ours.clone());
        prop_assert_eq!(ours.cmp(&other), theirs.cmp(&others));
        prop_assert_eq!(ours.unix_seconds(), Some(theirs.as_nanosecond().div_euclid(1_000_000_000) as i64));
    }

    #[test]
    fn jiff_has_the_same_days(year in 0..=9999_i16, month in 1..=12_i8, day in 1..=31_i8) {
        use ::jiff_02::civil;
        let theirs = civil::Date::new(year, month, day).ok();
        let ours = Date::new(year.unsigned_abs(), month.unsigned_abs(), day.unsigned_abs()).ok();
        prop_assert_eq!(theirs.is_some(), ours.is_some());
        prop_assert_eq!(theirs.map(Date::from), ours);
    }
}
