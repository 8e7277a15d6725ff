//! Parts that several pages have.

use axum::extract::Request;

use super::query;

/// How many rows a page has.
pub(super) const PER_PAGE: usize = 50;

/// A status with the color and sign of its kind.
#[derive(Debug)]
pub(super) struct Badge {
    pub(super) text: String,
    /// `good`, `wait`, `bad` or `none`.
    pub(super) kind: &'static str,
    pub(super) sign: &'static str,
}

impl Badge {
    pub(super) fn new(text: impl Into<String>, kind: &'static str) -> Self {
        let sign = match kind {
            "good" => "✓",
            "wait" => "…",
            "bad" => "✕",
            _ => "–",
        };
        Self {
            text: text.into(),
            kind,
            sign,
        }
    }

    pub(super) fn status(status: &str) -> Self {
        let kind = match status {
            "AUTHORIZED" | "CAPTURED" | "PARTIALLY_CAPTURED" => "good",
            "INITIATED" | "ON_HOLD" | "OPEN" => "wait",
            "DECLINED" | "FAILED" => "bad",
            _ => "none",
        };
        Self::new(status, kind)
    }
}

/// Which rows of a list a page has.
#[derive(Debug)]
pub(super) struct Pager {
    pub(super) path: &'static str,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) count: usize,
    pub(super) newer: Option<usize>,
    pub(super) older: Option<usize>,
}

impl Pager {
    /// The page that the query asks for, and how many rows are before it.
    pub(super) fn of(request: &Request, path: &'static str, count: usize) -> (Self, usize) {
        let number = query(request).get("page").parse::<usize>().unwrap_or(1);
        let pages = count.div_ceil(PER_PAGE).max(1);
        let number = number.clamp(1, pages);
        let skip = (number - 1) * PER_PAGE;
        let pager = Self {
            path,
            first: skip + usize::from(count > 0),
            last: count.min(skip + PER_PAGE),
            count,
            newer: (number > 1).then(|| number - 1),
            older: (number < pages).then(|| number + 1),
        };
        (pager, skip)
    }
}
