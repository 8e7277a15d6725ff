//! To and from `time` 0.3.

use time_03 as time;

use super::{Date, TimeError, Timestamp};

/// In UTC. Times that RFC 3339 can't write become the nearest one that it can (years 0 to 9999).
///
/// Needs the feature `time-03`.
impl From<time::OffsetDateTime> for Timestamp {
    fn from(time: time::OffsetDateTime) -> Self {
        Self::from_unix(time.unix_timestamp(), time.nanosecond())
    }
}

/// In UTC. Fails if the text is not RFC 3339, or after the year 9999 there.
///
/// Needs the feature `time-03`.
impl TryFrom<&Timestamp> for time::OffsetDateTime {
    type Error = TimeError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, TimeError> {
        let made = timestamp.instant().and_then(|(seconds, nanos)| {
            let second = Self::from_unix_timestamp(seconds).ok()?;
            second.replace_nanosecond(nanos).ok()
        });
        made.ok_or_else(|| timestamp.unfit("a point in time that `time` can hold"))
    }
}

/// Days that can't be written with a year of four digits become the nearest one that can.
///
/// Needs the feature `time-03`.
impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        Self::nearest(date.year(), date.month().into(), date.day())
    }
}

/// Fails if the text is not a date.
///
/// Needs the feature `time-03`.
impl TryFrom<&Date> for time::Date {
    type Error = TimeError;

    fn try_from(date: &Date) -> Result<Self, TimeError> {
        let made = date.ymd().and_then(|(year, month, day)| {
            let month = time::Month::try_from(month).ok()?;
            Self::from_calendar_date(year.into(), month, day).ok()
        });
        made.ok_or_else(|| date.unfit())
    }
}
