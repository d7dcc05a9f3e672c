//! The days that a month may have rows of, so that replacing it touches only their partitions.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::Date;

use super::Scopes;
use crate::warehouse::{Scope, ScopePart};

/// Months with the days from the first to the last that rows are of, the end not included.
pub type Spans = BTreeMap<Date, Range<Date>>;

/// Days that nobody knows.
const UNKNOWN: (Date, Date) = (Date::MIN, Date::MAX);

impl Scopes {
    /// Widens the bounds by what goes in, and gives the parts their days.
    pub(super) fn bound(&mut self, scope: &Scope, spans: &Spans) -> Scope {
        for part in &scope.parts {
            self.widen(part, spans);
        }
        let bounded = |part: &ScopePart| match (part.month, &part.days) {
            (Some(month), None) => ScopePart { days: self.days_of(month), ..part.clone() },
            _ => part.clone(),
        };
        let parts = scope.parts.iter().map(bounded).collect();
        Scope { source: scope.source.clone(), parts }
    }

    fn widen(&mut self, part: &ScopePart, spans: &Spans) {
        let days = part.days.as_ref().map(|days| (days.start, days.end));
        let Some(month) = part.month else {
            self.any_month = hull(self.any_month, days);
            return;
        };
        let span = spans.get(&month).map(|days| (days.start, days.end));
        let mut bounds = hull(self.bounds.get(&month).copied(), days.or(span).or(Some(UNKNOWN)));
        if !self.bounds.contains_key(&month) && self.inputs.contains_key(&month) {
            // It has rows from before bounds were kept.
            bounds = Some(UNKNOWN);
        }
        if let Some(bounds) = bounds {
            self.bounds.insert(month, bounds);
        }
    }

    fn days_of(&self, month: Date) -> Option<Range<Date>> {
        let (first, end) = hull(self.bounds.get(&month).copied(), self.any_month)?;
        ((first, end) != UNKNOWN).then_some(first..end)
    }
}

fn hull(one: Option<(Date, Date)>, other: Option<(Date, Date)>) -> Option<(Date, Date)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}
