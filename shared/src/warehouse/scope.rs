//! What a replace replaces.

use std::{fmt, ops::Range};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One connection of an organization to a provider: `{provider}/{name}`, as in `x_source_id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

impl SourceId {
    /// The source `name` of `provider`.
    #[must_use]
    pub fn new(provider: &str, name: &str) -> Self {
        Self(format!("{provider}/{name}"))
    }

    /// As in `x_source_id`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The provider and the name.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once('/').unwrap_or((&self.0, ""))
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Rows of one source: any of the parts. No part at all is no row at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// A source replaces only itself.
    pub source: SourceId,
    /// Joined by OR.
    pub parts: Vec<ScopePart>,
}

/// A billing month, a range of days, or both, joined by AND; at least one is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopePart {
    /// First day of the billing month (`x_billing_month`).
    pub month: Option<Date>,
    /// Days of `x_charge_date`, the end not included.
    pub days: Option<Range<Date>>,
}

impl Scope {
    /// Whole billing months, given by their first days.
    #[must_use]
    pub fn months(source: SourceId, months: impl IntoIterator<Item = Date>) -> Self {
        let part = |month| ScopePart { month: Some(month), days: None };
        Self { source, parts: months.into_iter().map(part).collect() }
    }

    /// A range of days, the end not included.
    #[must_use]
    pub fn days(source: SourceId, days: Range<Date>) -> Self {
        Self { source, parts: vec![ScopePart { month: None, days: Some(days) }] }
    }

    /// Whether a row can be in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.source == other.source
            && self.parts.iter().any(|a| other.parts.iter().any(|b| a.overlaps(b)))
    }
}

impl ScopePart {
    fn overlaps(&self, other: &Self) -> bool {
        let months = match (self.month, other.month) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let days = match (&self.days, &other.days) {
            (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
            _ => true,
        };
        months && days
    }
}
