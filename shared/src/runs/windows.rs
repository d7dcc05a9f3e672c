//! Ranges of days, split into what one run may cover.

use jiff::{ToSpan as _, civil::Date};

use crate::{
    pipeline::config::{Unit, WindowLimit},
    queue::Window,
};

/// The windows of a range, in order: whole calendar months where the unit is months, cut at the
/// range's ends.
#[must_use]
pub fn split(range: Window, limit: WindowLimit) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut start = range.start;
    while start <= range.end {
        let next = match limit.unit {
            Unit::Day => start.saturating_add(i64::from(limit.max).days()),
            Unit::Month => start.first_of_month().saturating_add(i64::from(limit.max).months()),
        };
        let last = next.yesterday().unwrap_or(range.end);
        windows.push(Window { start, end: last.min(range.end) });
        if next <= start {
            break;
        }
        start = next;
    }
    windows
}

/// The first day of a month written `YYYY-MM`.
#[must_use]
pub(super) fn month(text: &str) -> Option<Date> {
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let (year, month) = text.split_once('-').filter(|(year, month)| {
        year.len() == 4 && month.len() == 2 && digits(year) && digits(month)
    })?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}
