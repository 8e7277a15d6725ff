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

/// The same points in time and days as another crate tells their parts: year, month, day; hour, minute, second, nanosecond.
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
