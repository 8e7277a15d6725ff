//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// Returns how long to wait: seconds, or the time until a date. Dates are compared with the `Date` of the response, so
/// that a wrong local clock does no harm.
pub(super) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = match date.and_then(http_date) {
        Some(seconds) => seconds,
        None => now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs(),
    };
    Some(Duration::from_secs(http_date(text)?.saturating_sub(now)))
}

/// Returns the seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`. The two formats that HTTP calls
/// obsolete are not supported.
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, text) = text.trim().split_once(", ")?;
    let parts: Vec<&str> = text.split(' ').collect();
    let [day, month, year, time, "GMT"] = parts[..] else {
        return None;
    };
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts[..] else {
        return None;
    };
    let day = number(day, 2, 1, 31)?;
    let month = 1 + MONTHS.iter().position(|name| *name == month)? as u64;
    let year = number(year, 4, 1970, 9999)?;
    let time = number(hour, 2, 0, 23)? * 3600 + number(minute, 2, 0, 59)? * 60;
    Some(days(year, month, day) * 86_400 + time + number(second, 2, 0, 60)?)
}

/// Reads a number of a fixed count of digits, within bounds.
fn number(text: &str, digits: usize, least: u64, most: u64) -> Option<u64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| plain)?;
    (least..=most).contains(&number).then_some(number)
}

/// Returns the days since 1970-01-01. Years begin in March here, so that the leap day is their last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let before = 365 * year + year / 4 - year / 100 + year / 400;
    before + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn wait(retry_after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        read(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds() {
        assert_eq!(wait("120", None), Some(120));
        assert_eq!(wait(" 0 ", None), Some(0));
        assert_eq!(wait("99999999999999999999999", None), Some(u64::MAX));
        for text in ["-1", "+1", "1.5", "soon", ""] {
            assert_eq!(wait(text, None), None, "{text:?}");
        }
    }

    #[test]
    fn dates() {
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:47 GMT", None), Some(10));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:27 GMT", None), Some(0));
        let server = Some("Mon, 01 Jan 2024 00:00:00 GMT");
        assert_eq!(wait("Mon, 01 Jan 2024 00:01:30 GMT", server), Some(90));
        for text in [
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(wait(text, None), None, "{text:?}");
        }
    }

    #[test]
    fn days_of_known_dates() {
        for ((year, month, day), expected) in [
            ((1970, 1, 1), 0),
            ((1994, 11, 6), 9075),
            ((2000, 2, 29), 11016),
            ((2000, 3, 1), 11017),
            ((2024, 12, 31), 20088),
            ((2100, 3, 1), 47541),
        ] {
            assert_eq!(days(year, month, day), expected, "{year}-{month}-{day}");
        }
    }

    /// Formats a date for HTTP.
    fn printed(seconds: u64) -> String {
        let text = crate::Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let (date, time) = text.as_str().split_once('T').unwrap();
        let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else {
            panic!("{date}")
        };
        let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let month = 3 * (month.parse::<usize>().unwrap() - 1);
        let weekday =
            ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(seconds / 86_400 % 7) as usize];
        let (month, time) = (&months[month..month + 3], time.trim_end_matches('Z'));
        format!("{weekday}, {day} {month} {year} {time} GMT")
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes(asked in vec(any::<u8>(), 0..40), date in vec(any::<u8>(), 0..40), now in any::<u32>()) {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now.into());
            let mut headers = HeaderMap::new();
            for (name, bytes) in [(RETRY_AFTER, asked), (DATE, date)] {
                if let Ok(value) = http::HeaderValue::from_bytes(&bytes) {
                    headers.insert(name, value);
                }
            }
            let _ = read(&headers, now);
        }

        #[test]
        fn almost_a_date(text in "(Sun|Xyz)?,? ?[0-9]{1,3} (Jan|Feb|Foo) [0-9]{1,5} [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,3})? (GMT|UTC)?") {
            let _ = http_date(&text);
        }

        #[test]
        fn any_seconds(seconds in any::<u64>()) {
            prop_assert_eq!(wait(&seconds.to_string(), None), Some(seconds));
        }

        #[test]
        fn any_date(then in 0_u64..253_402_300_800, now in 0_u64..253_402_300_800) {
            prop_assert_eq!(http_date(&printed(then)), Some(then));
            prop_assert_eq!(wait(&printed(then), Some(&printed(now))), Some(then.saturating_sub(now)));
        }
    }
}
