//! To and from `chrono` 0.4.

use chrono_04::{DateTime, Datelike, NaiveDate, TimeZone, Utc};

use super::{Date, TimeError, Timestamp};

/// In UTC. Times that RFC 3339 can't write become the nearest one that it can (years 0 to 9999). A leap second is the
/// first of the next minute.
///
/// Needs the feature `chrono-04`.
impl<Tz: TimeZone> From<DateTime<Tz>> for Timestamp {
    fn from(time: DateTime<Tz>) -> Self {
        // A leap second is told by a billion nanoseconds and more there.
        match time.timestamp_subsec_nanos() {
            nanos @ ..1_000_000_000 => Self::from_unix(time.timestamp(), nanos),
            nanos => Self::from_unix(time.timestamp() + 1, nanos - 1_000_000_000),
        }
    }
}

/// Fails if the text is not RFC 3339.
///
/// Needs the feature `chrono-04`.
impl TryFrom<&Timestamp> for DateTime<Utc> {
    type Error = TimeError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, TimeError> {
        timestamp
            .instant()
            .and_then(|(seconds, nanos)| Self::from_timestamp(seconds, nanos))
            .ok_or_else(|| timestamp.unfit("a point in time that `chrono` can hold"))
    }
}

/// Days that can't be written with a year of four digits become the nearest one that can.
///
/// Needs the feature `chrono-04`.
impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        // Neither is ever above 31.
        let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        Self::nearest(date.year(), small(date.month()), small(date.day()))
    }
}

/// Fails if the text is not a date.
///
/// Needs the feature `chrono-04`.
impl TryFrom<&Date> for NaiveDate {
    type Error = TimeError;

    fn try_from(date: &Date) -> Result<Self, TimeError> {
        date.ymd()
            .and_then(|(year, month, day)| {
                Self::from_ymd_opt(year.into(), month.into(), day.into())
            })
            .ok_or_else(|| date.unfit())
    }
}
