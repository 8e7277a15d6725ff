//! Lists: filters and pages.

use std::fmt::Display;
use std::time::{Duration, SystemTime};

use dintero::payments::TransactionEvent;
use dintero::{Date, Timestamp};

use super::Outcome;
use crate::request::{Answer, Problem, Request};
use crate::state::State;
use crate::store::Record;

/// Items of a page without `limit`.
const LIMIT: usize = 10;

/// The filters of a request.
pub(super) struct Filters<'r> {
    request: &'r Request,
    /// Limits of times by the name of the parameter.
    times: Vec<(String, SystemTime)>,
}

impl<'r> Filters<'r> {
    /// Reads the filters.
    ///
    /// # Errors
    /// One is not a time.
    pub(super) fn of(request: &'r Request) -> Result<Self, Problem> {
        let mut times = Vec::new();
        for (name, value) in &request.query {
            let is_time = name.contains("_at.");
            if is_time && let Some(end) = [".gte", ".lte"].iter().find(|end| name.ends_with(**end))
            {
                let time = time(value, *end == ".lte").ok_or_else(|| {
                    let message = format!("query.{name} is not a time: `{value}`");
                    Problem::bad_request("ValidationError", message)
                })?;
                times.push((name.clone(), time));
            }
        }
        Ok(Self { request, times })
    }

    /// Whether one of the values is wanted. A filter that is not given wants all.
    pub(super) fn one_of(&self, name: &str, values: &[&str]) -> bool {
        let mut wanted = self.request.query_values(name).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| values.contains(&wanted))
    }

    /// As [`one_of`](Self::one_of), with values separated by commas.
    pub(super) fn one_of_separated(&self, name: &str, values: &[&str]) -> bool {
        let wanted = self.request.query_values(name);
        let mut wanted = wanted
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .peekable();
        wanted.peek().is_none() || wanted.any(|wanted| values.contains(&wanted))
    }

    /// Whether one of the times is within the limits `<name>.gte` and `<name>.lte`.
    pub(super) fn during<'t>(
        &self,
        name: &str,
        times: impl IntoIterator<Item = &'t Timestamp>,
    ) -> bool {
        let limits = |end: &str| {
            let full = format!("{name}{end}");
            self.times
                .iter()
                .find(|(known, _)| *known == full)
                .map(|(_, time)| *time)
        };
        let (from, to) = (limits(".gte"), limits(".lte"));
        if from.is_none() && to.is_none() {
            return true;
        }
        times.into_iter().any(|time| {
            SystemTime::try_from(time).is_ok_and(|time| {
                from.is_none_or(|from| time >= from) && to.is_none_or(|to| time <= to)
            })
        })
    }

    /// Whether a number equals `<name>` and is within `<name>.gte` and `<name>.lte`.
    pub(super) fn number(&self, name: &str, value: i64) -> bool {
        let limit = |name: &str| {
            let text = self.request.query_value(name)?;
            text.parse::<i64>().ok()
        };
        limit(name).is_none_or(|limit| value == limit)
            && limit(&format!("{name}.gte")).is_none_or(|limit| value >= limit)
            && limit(&format!("{name}.lte")).is_none_or(|limit| value <= limit)
    }

    /// Whether one of the texts contains the value of a filter, whatever the case.
    pub(super) fn contains<T: Display>(&self, name: &str, texts: impl FnOnce() -> Vec<T>) -> bool {
        let Some(wanted) = self.request.query_value(name) else {
            return true;
        };
        let wanted = wanted.to_lowercase();
        let mut texts = texts().into_iter();
        texts.any(|text| text.to_string().to_lowercase().contains(&wanted))
    }
}

/// Reads a time in ISO 8601; without a zone it is in UTC. A plain date is the start of the day, or for a last time that
/// of the following one.
pub(super) fn time(text: &str, is_last: bool) -> Option<SystemTime> {
    if Date::parse(text).is_ok() {
        let start = Timestamp::parse(&format!("{text}T00:00:00Z")).ok()?;
        let start = SystemTime::try_from(&start).ok()?;
        let day = Duration::from_secs(24 * 60 * 60);
        return Some(if is_last { start + day } else { start });
    }
    let zoned = Timestamp::parse(text).or_else(|_| Timestamp::parse(&format!("{text}Z")));
    SystemTime::try_from(&zoned.ok()?).ok()
}

/// Whether an event is of this kind and succeeded.
pub(super) fn is_done(event: &TransactionEvent, kind: &str) -> bool {
    event.success == Some(true) && event.event.as_ref().is_some_and(|own| own.as_str() == kind)
}

/// Returns the page that a request asks for, newest first: `limit` records after the one with the id `starting_after`.
pub(super) fn page<T: Record>(
    state: &State,
    request: &Request,
    wanted: impl Fn(&T) -> bool,
) -> Outcome {
    Answer::json(&items(state, request, wanted)?)
}

/// The items of [`page`].
pub(super) fn items<T: Record>(
    state: &State,
    request: &Request,
    wanted: impl Fn(&T) -> bool,
) -> Result<Vec<T>, Problem> {
    let limit = request
        .query_value("limit")
        .and_then(|text| text.parse().ok());
    let limit = limit.unwrap_or(LIMIT);
    let records = state.store.iter::<T>().rev();
    let Some(after) = request.query_value("starting_after") else {
        return Ok(records
            .map(|(_, record)| record)
            .filter(wanted)
            .take(limit)
            .collect());
    };
    if !state.store.contains::<T>(after) {
        let message = format!("query.starting_after is not an id of the list: `{after}`");
        return Err(Problem::bad_request("ValidationError", message));
    }
    let rest = records.skip_while(|(id, _)| *id != after).skip(1);
    Ok(rest
        .map(|(_, record)| record)
        .filter(wanted)
        .take(limit)
        .collect())
}
