//! What later steps compute again: a covering range of what earlier ones touched.

use jiff::{ToSpan as _, civil::Date};

use crate::warehouse::ScopePart;

/// Months and days, as the queries of pipelines filter by them, and the scope that is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The first billing month.
    pub first_month: Date,
    /// The last billing month, included.
    pub last_month: Date,
    /// The first day.
    pub first_day: Date,
    /// The day after the last.
    pub end_day: Date,
    /// The same as a scope.
    pub parts: Vec<ScopePart>,
}

const FIRST: Date = Date::constant(1900, 1, 1);
const END: Date = Date::constant(2200, 1, 1);

impl Range {
    /// Covers all of `parts`; `None` where there is none.
    #[must_use]
    pub fn covering(parts: &[ScopePart]) -> Option<Self> {
        if parts.is_empty() {
            return None;
        }
        let months: Option<Vec<Date>> = parts.iter().map(|part| part.month).collect();
        let days: Option<Vec<_>> = parts.iter().map(|part| part.days.clone()).collect();
        let months = months.and_then(|months| bounds(months.iter().copied()));
        let days = days.and_then(|days| {
            let (first, _) = bounds(days.iter().map(|range| range.start))?;
            Some((first, bounds(days.iter().map(|range| range.end))?.1))
        });
        let (first_month, last_month) = months.unwrap_or((FIRST, END));
        let (first_day, end_day) = days.unwrap_or((FIRST, END));
        let range = days.map(|(first, end)| first..end);
        let parts = match (months, range) {
            (None, None) => vec![ScopePart { month: None, days: Some(FIRST..END) }],
            (None, days) => vec![ScopePart { month: None, days }],
            (Some((first, last)), days) => months_between(first, last)
                .map(|month| ScopePart { month: Some(month), days: days.clone() })
                .collect(),
        };
        Some(Self { first_month, last_month, first_day, end_day, parts })
    }
}

fn bounds(dates: impl Iterator<Item = Date> + Clone) -> Option<(Date, Date)> {
    dates.clone().min().zip(dates.max())
}

fn months_between(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |month| month.checked_add(1.month()).ok())
        .take_while(move |month| *month <= last)
}
