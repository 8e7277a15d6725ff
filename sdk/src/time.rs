//! Timestamps and dates of RFC 3339.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

#[cfg(feature = "chrono-04")]
mod chrono_04;
#[cfg(feature = "jiff-02")]
mod jiff_02;
#[cfg(test)]
mod tests;
#[cfg(feature = "time-03")]
mod time_03;

const DAY: i64 = 86_400;
/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds since 1970: the range of RFC 3339.
const FIRST: i64 = -62_167_219_200;
const LAST: i64 = 253_402_300_799;

/// A point in time: RFC 3339 text, kept as received.
///
/// Compared and ordered by instant: `2026-01-01T01:00:00+01:00` equals `2026-01-01T00:00:00Z`. Text from the API that
/// is not RFC 3339 is kept too: it equals only the same text, and sorts last.
///
/// Converts from and to [`SystemTime`] and, with the features `jiff-02`, `chrono-04` and `time-03`, the types of these
/// crates. Converting to them can fail: `jiff::Timestamp::try_from(&timestamp)?`.
#[derive(Clone)]
pub struct Timestamp {
    text: Box<str>,
}

/// A day: `2026-01-31`, kept as received.
///
/// Text from the API that is not a date is kept too: it equals only the same text, and sorts last.
///
/// Converts from and to the types of other crates as [`Timestamp`] does.
#[derive(Clone)]
pub struct Date {
    text: Box<str>,
}

/// The error for a text that is not a timestamp, or not a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeError {
    text: Box<str>,
    wanted: &'static str,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.text, self.wanted)
    }
}

impl std::error::Error for TimeError {}

impl Timestamp {
    /// Reads RFC 3339: `2026-01-31T12:00:00.5+01:00`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let timestamp = Self::received(text.into());
        match timestamp.instant() {
            Some(_) => Ok(timestamp),
            None => Err(timestamp.unfit("an RFC 3339 point in time, such as 2026-01-31T12:00:00Z")),
        }
    }

    /// Returns the current time of the system clock.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z, rounded down. `None` if the text is not RFC 3339.
    #[must_use]
    pub fn unix_seconds(&self) -> Option<i64> {
        self.instant().map(|(seconds, _)| seconds)
    }

    /// A place to read into.
    pub(crate) fn blank() -> Self {
        Self {
            text: Box::default(),
        }
    }

    /// Accepts any text of the API.
    pub(crate) fn received(text: Box<str>) -> Self {
        Self { text }
    }

    /// Returns the seconds since 1970 and the nanoseconds within the second. Parsed on demand, because most timestamps
    /// are only stored.
    fn instant(&self) -> Option<(i64, u32)> {
        instant(&self.text)
    }

    fn unfit(&self, wanted: &'static str) -> TimeError {
        TimeError {
            text: self.text.clone(),
            wanted,
        }
    }

    /// Returns the timestamp in UTC; the nearest one that RFC 3339 can write.
    fn from_unix(seconds: i64, nanos: u32) -> Self {
        let (seconds, nanos) = match seconds {
            ..FIRST => (FIRST, 0),
            FIRST..=LAST => (seconds, nanos),
            _ => (LAST, 0),
        };
        let (year, month, day) = civil(seconds.div_euclid(DAY));
        let time = seconds.rem_euclid(DAY);
        let mut text = format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
            time / 3600,
            time / 60 % 60,
            time % 60
        );
        if nanos != 0 {
            text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
        }
        text.push('Z');
        Self { text: text.into() }
    }
}

impl Date {
    /// Returns a day of the Gregorian calendar.
    ///
    /// # Errors
    /// There is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, TimeError> {
        Self::parse(&format!("{year:04}-{month:02}-{day:02}"))
    }

    /// Reads `2026-01-31`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let date = Self::received(text.into());
        match date.ymd() {
            Some(_) => Ok(date),
            None => Err(date.unfit()),
        }
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns year, month (1 to 12) and day of the month (1 to 31). `None` if the text is not a date.
    #[must_use]
    pub fn ymd(&self) -> Option<(u16, u8, u8)> {
        let mut rest = self.text.as_bytes();
        day(&mut rest).filter(|_| rest.is_empty())
    }

    /// A place to read into.
    pub(crate) fn blank() -> Self {
        Self {
            text: Box::default(),
        }
    }

    /// Accepts any text of the API.
    pub(crate) fn received(text: Box<str>) -> Self {
        Self { text }
    }

    fn unfit(&self) -> TimeError {
        TimeError {
            text: self.text.clone(),
            wanted: "a day, such as 2026-01-31",
        }
    }

    /// Returns the nearest day with a four-digit year.
    #[cfg(any(feature = "chrono-04", feature = "jiff-02", feature = "time-03"))]
    fn nearest(year: i32, month: u8, day: u8) -> Self {
        let (year, month, day) = match (u16::try_from(year), year) {
            (Ok(year @ ..=9999), _) => (year, month, day),
            (_, ..0) => (0, 1, 1),
            _ => (9999, 12, 31),
        };
        Self {
            text: format!("{year:04}-{month:02}-{day:02}").into(),
        }
    }
}

/// Takes `count` digits.
fn digits(rest: &mut &[u8], count: usize) -> Option<u32> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    taken.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

/// Takes one of these bytes.
fn one_of(rest: &mut &[u8], allowed: &[u8]) -> Option<u8> {
    let (&first, left) = rest.split_first()?;
    *rest = left;
    allowed.contains(&first).then_some(first)
}

fn two(rest: &mut &[u8], range: std::ops::RangeInclusive<u8>) -> Option<u8> {
    let number = u8::try_from(digits(rest, 2)?).ok()?;
    range.contains(&number).then_some(number)
}

/// Takes `2026-01-31`.
fn day(rest: &mut &[u8]) -> Option<(u16, u8, u8)> {
    let year = u16::try_from(digits(rest, 4)?).ok()?;
    one_of(rest, b"-")?;
    let month = two(rest, 1..=12)?;
    one_of(rest, b"-")?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    Some((year, month, two(rest, 1..=last)?))
}

/// Returns seconds since 1970 and nanoseconds. Digits beyond nanoseconds are dropped; a leap second is the first second
/// of the next minute.
fn instant(text: &str) -> Option<(i64, u32)> {
    let mut rest = text.as_bytes();
    let (year, month, day) = day(&mut rest)?;
    one_of(&mut rest, b"Tt ")?;
    let hour = i64::from(two(&mut rest, 0..=23)?);
    one_of(&mut rest, b":")?;
    let minute = i64::from(two(&mut rest, 0..=59)?);
    one_of(&mut rest, b":")?;
    let second = i64::from(two(&mut rest, 0..=60)?);
    let mut nanos = 0;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 {
            return None;
        }
        let mut kept = fraction.get(..length.min(9))?;
        let count = kept.len();
        nanos = digits(&mut kept, count)? * 10_u32.pow(u32::try_from(9 - count).ok()?);
        rest = fraction.get(length..)?;
    }
    let offset = match one_of(&mut rest, b"Zz+-")? {
        sign @ (b'+' | b'-') => {
            let hours = i64::from(two(&mut rest, 0..=23)?);
            one_of(&mut rest, b":")?;
            let minutes = i64::from(two(&mut rest, 0..=59)?);
            (hours * 3600 + minutes * 60) * if sign == b'+' { 1 } else { -1 }
        }
        _ => 0,
    };
    let seconds = days(i64::from(year), i64::from(month), i64::from(day)) * DAY
        + hour * 3600
        + minute * 60
        + second;
    rest.is_empty().then_some((seconds - offset, nanos))
}

/// Returns the days since 1970-01-01. Years begin in March here, so that the leap day is the last of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The reverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

impl From<SystemTime> for Timestamp {
    /// In UTC. Times that RFC 3339 can't write become the nearest one that it can (years 0 to 9999).
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self::from_unix(
                i64::try_from(after.as_secs()).unwrap_or(LAST + 1),
                after.subsec_nanos(),
            ),
            Err(error) => {
                let before = error.duration();
                let seconds = i64::try_from(before.as_secs()).map_or(FIRST - 1, |seconds| -seconds);
                match before.subsec_nanos() {
                    0 => Self::from_unix(seconds, 0),
                    nanos => Self::from_unix(seconds - 1, 1_000_000_000 - nanos),
                }
            }
        }
    }
}

impl TryFrom<&Timestamp> for SystemTime {
    type Error = TimeError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, TimeError> {
        let time = timestamp.instant().and_then(|(seconds, nanos)| {
            let whole = Duration::from_secs(seconds.unsigned_abs());
            let start = if seconds < 0 {
                UNIX_EPOCH.checked_sub(whole)
            } else {
                UNIX_EPOCH.checked_add(whole)
            };
            start?.checked_add(Duration::from_nanos(nanos.into()))
        });
        time.ok_or_else(|| timestamp.unfit("a point in time that this system can hold"))
    }
}

/// The traits of both types: order by value (unreadable text last, by text), text in and out.
macro_rules! common {
    ($name:ident, $value:ident) => {
        impl FromStr for $name {
            type Err = TimeError;
            fn from_str(text: &str) -> Result<Self, TimeError> {
                Self::parse(text)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(crate::rt::word(&self.text))
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                match (self.$value(), other.$value()) {
                    (Some(one), Some(two)) => one.cmp(&two),
                    (None, None) => self.text.cmp(&other.text),
                    (one, two) => one.is_none().cmp(&two.is_none()),
                }
            }
        }
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }
        impl Eq for $name {}
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                match self.$value() {
                    Some(value) => value.hash(state),
                    None => self.text.hash(state),
                }
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::rt::deserialize(deserializer)
            }
        }
    };
}
common!(Timestamp, instant);
common!(Date, ymd);
