//! One replaced part, with the number of who did it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::warehouse::{Scope, ScopePart, SourceId};

/// A part of a table that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The part.
    pub(super) part: ScopePart,
    /// The greatest number that replaced it.
    pub(super) number: u64,
    /// When that was.
    pub(super) at: Timestamp,
}

impl Entry {
    /// Whether the part has rows in common with a scope.
    pub(super) fn overlaps(&self, scope: &Scope) -> bool {
        let alone = Scope { source: scope.source.clone(), parts: vec![self.part.clone()] };
        alone.overlaps(scope)
    }

    /// Whether every row of `other` is one of this part, too.
    pub(super) fn covers(&self, other: &ScopePart) -> bool {
        let months = self.part.month.is_none() || self.part.month == other.month;
        let days = match (&self.part.days, &other.days) {
            (None, _) => true,
            (Some(mine), Some(theirs)) => mine.start <= theirs.start && theirs.end <= mine.end,
            (Some(_), None) => false,
        };
        months && days
    }
}

/// A scope of one part, for comparisons.
pub(super) fn whole_month(source: &SourceId, month: Date) -> Scope {
    Scope::months(source.clone(), [month])
}
