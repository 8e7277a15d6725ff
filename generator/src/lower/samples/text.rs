//! Texts: points in time, and texts that a pattern matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Length of text that is made up.
pub(super) const LENGTH: std::ops::RangeInclusive<usize> = 1..=200;

/// Returns whether a text starts with a day that exists.
pub(super) fn is_day(text: &str) -> bool {
    let Some(text) = text.get(..10).filter(|text| has_form(text, "dddd-dd-dd")) else {
        return false;
    };
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Returns whether a text is a point in time as in RFC 3339.
pub(super) fn is_time(text: &str) -> bool {
    let (Some(time), true) = (text.get(10..), is_day(text)) else {
        return false;
    };
    let Some(clock) = time.get(..9).filter(|clock| has_form(clock, "Tdd:dd:dd")) else {
        return false;
    };
    let rest = &time[9..];
    let zone = match rest.strip_prefix('.') {
        Some(rest) => {
            let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == rest.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let is_offset = zone.starts_with(['+', '-']) && has_form(&zone[1..], "dd:dd");
    let below = |range: std::ops::Range<usize>, limit: u32| {
        let number = clock.get(range).and_then(|part| part.parse::<u32>().ok());
        number.is_some_and(|number| number < limit)
    };
    below(1..3, 24)
        && below(4..6, 60)
        && below(7..9, 60)
        && (zone == "Z" || is_offset && zone[1..3] < *"24" && zone[4..6] < *"60")
}

/// Returns whether a text has as many characters, with a digit for each `d`.
fn has_form(text: &str, form: &str) -> bool {
    let is_of = |(byte, wanted): (u8, u8)| match wanted {
        b'd' => byte.is_ascii_digit(),
        _ => byte == wanted,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(is_of)
}

/// A short text that a pattern matches and that has the right length. Patterns that look around are only understood if
/// that can't matter for a text of this length.
pub(super) fn matching(pattern: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    let (pattern, shortest) = without_looking_ahead(pattern)?;
    let hir = regex_syntax::parse(&pattern).ok()?;
    // Every quantifier matches once; more often if the text is too short then, not at all if it is too long.
    for times in (1..=*LENGTH.end() as u32).chain([0]) {
        let mut text = String::new();
        write_match(&hir, times, &mut text)?;
        let length = text.chars().count();
        if length > *LENGTH.end() && times > 0 {
            continue;
        }
        if LENGTH.contains(&length) && length < shortest && fits(&text) {
            return Some(text);
        }
    }
    None
}

/// Returns a pattern without its negative look-aheads, and the length from which a text may match one of them.
fn without_looking_ahead(pattern: &str) -> Option<(String, usize)> {
    let (mut rest, mut kept, mut shortest) = (pattern, String::new(), usize::MAX);
    while let Some(start) = rest.find("(?!") {
        kept.push_str(&rest[..start]);
        let inner = &rest[start + 3..];
        let mut depth = 1;
        let mut is_escaped = false;
        let end = inner.find(|c: char| {
            match c {
                _ if is_escaped => {
                    is_escaped = false;
                    return false;
                }
                '\\' => is_escaped = true,
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        let least = regex_syntax::parse(&inner[..end]).ok()?;
        shortest = shortest.min(least.properties().minimum_len()?);
        rest = &inner[end + 1..];
    }
    kept.push_str(rest);
    Some((kept, shortest))
}

fn write_match(hir: &Hir, times: u32, text: &mut String) -> Option<()> {
    if text.len() > 4 * LENGTH.end() {
        // Too long already.
        return Some(());
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(Class::Unicode(class)) => {
            let is_in = |c: &char| {
                let mut ranges = class.iter();
                ranges.any(|range| range.start() <= *c && *c <= range.end())
            };
            // Letters and digits before anything else.
            let usual = ('1'..='9').chain('A'..='Z').chain('a'..='z').find(is_in);
            text.push(usual.or_else(|| class.iter().next().map(|range| range.start()))?);
            Some(())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => {
            // An optional part is left out unless the text is too short without it.
            let wanted = match repetition.max {
                Some(1) => u32::from(times > 1),
                Some(most) => times.min(most),
                None => times,
            };
            let some = wanted.max(repetition.min);
            if some as usize > *LENGTH.end() {
                return None;
            }
            (0..some).try_for_each(|_| write_match(&repetition.sub, times, text))
        }
        HirKind::Capture(capture) => write_match(&capture.sub, times, text),
        HirKind::Concat(parts) => {
            (parts.iter()).try_for_each(|part| write_match(part, times, text))
        }
        HirKind::Alternation(ways) => write_match(ways.first()?, times, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_a_match() {
        let matching = |pattern: &str| super::matching(pattern, |_| true);
        assert_eq!(matching(r"^\+?\d{5,15}$").as_deref(), Some("11111"));
        assert_eq!(matching("^[PT]{1}[0-9]{3}0$").as_deref(), Some("P1110"));
        assert_eq!(matching("^[0-9]*$").as_deref(), Some("1"));
        assert_eq!(matching("^https?://.*").as_deref(), Some("http://1"));
        assert_eq!(matching("(a|b)c{300}"), None);
        assert_eq!(matching("^(?=x)y$"), None);
        assert_eq!(matching("^(?![0-9]{4}$)[0-9]{3}$").as_deref(), Some("111"));
        assert_eq!(matching("^(?![0-9]{3}$)[0-9]{3}$"), None);
        let long = super::matching("^[0-9a-z]*(-[a-z]+)?$", |text| (5..9).contains(&text.len()));
        assert_eq!(long.as_deref(), Some("11-aa"));
        let none = super::matching("^[A-Z]?$", |text| text.len() > 1);
        assert_eq!(none, None);
    }

    #[test]
    fn only_points_in_time_that_can_be_read_are_taken_over() {
        for text in [
            "2024-02-29T23:59:59Z",
            "2020-12-10T01:22:00.0000000+01:00",
            "2020-12-10T01:22:00-23:59",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "2020-12-10T01:22:00.0000000",
            "2023-02-29T00:00:00Z",
            "2020-13-10T00:00:00Z",
            "2020-12-10T24:00:00Z",
            "2020-12-10 01:22:00Z",
            "2020-12-10T01:22:00.Z",
            "2020-12-10T01:22:00+24:00",
            "2020-12-10",
            "2020-12-1é",
        ] {
            assert!(!is_time(text), "{text}");
        }
        assert!(is_day("2000-02-29") && !is_day("1900-02-29") && !is_day("2020-00-10"));
    }
}
