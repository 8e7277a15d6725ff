//! To and from `jiff` 0.2.

use jiff_02 as jiff;

use super::{Date, TimeError, Timestamp};

/// In UTC. Times that RFC 3339 can't write become the nearest one that it can (years 0 to 9999).
///
/// Needs the feature `jiff-02`.
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        // Both parts have the sign of the whole there; here the nanoseconds count onwards from the second.
        let seconds = time.as_second();
        match u32::try_from(time.subsec_nanosecond()) {
            Ok(nanos) => Self::from_unix(seconds, nanos),
            Err(_) => Self::from_unix(
                seconds - 1,
                1_000_000_000_u32.saturating_add_signed(time.subsec_nanosecond()),
            ),
        }
    }
}

/// Fails if the text is not RFC 3339, or within a day of the end of the year 9999.
///
/// Needs the feature `jiff-02`.
impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = TimeError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, TimeError> {
        let (seconds, nanos) = timestamp.instant().unzip();
        let nanos = nanos.and_then(|nanos| i32::try_from(nanos).ok());
        seconds
            .zip(nanos)
            .and_then(|(seconds, nanos)| Self::new(seconds, nanos).ok())
            .ok_or_else(|| timestamp.unfit("a point in time that `jiff` can hold"))
    }
}

/// Days that can't be written with a year of four digits become the nearest one that can.
///
/// Needs the feature `jiff-02`.
impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self::nearest(
            date.year().into(),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    }
}

/// Fails if the text is not a date.
///
/// Needs the feature `jiff-02`.
impl TryFrom<&Date> for jiff::civil::Date {
    type Error = TimeError;

    fn try_from(date: &Date) -> Result<Self, TimeError> {
        let made = date.ymd().and_then(|(year, month, day)| {
            let year = i16::try_from(year).ok()?;
            Self::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        });
        made.ok_or_else(|| date.unfit())
    }
}
