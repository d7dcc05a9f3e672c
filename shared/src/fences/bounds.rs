//! The days that a month may have rows of, so that replacing it touches only their partitions.

use std::{
    collections::BTreeMap,
    ops::{Range, RangeInclusive},
};

use jiff::civil::Date;

use super::Scopes;
use crate::{
    org::OrgSlug,
    store::{Collection, Held, List, Owner, PageRequest, Store, StoreError},
    warehouse::{Scope, ScopePart},
};

/// Months with the days from the first to the last that rows are of, the end not included.
pub type Spans = BTreeMap<Date, Range<Date>>;

/// Days that nobody knows.
const UNKNOWN: (Date, Date) = (Date::MIN, Date::MAX);
/// All days that charges may be of.
const EVER: (Date, Date) = (Date::constant(1900, 1, 1), Date::constant(2200, 1, 1));
/// How many documents are read at a time.
const PAGE: usize = 500;

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

    /// The days of all rows of some months.
    fn hull_of(&self, months: &RangeInclusive<Date>) -> Option<(Date, Date)> {
        let known = self.bounds.range(months.clone()).map(|(_, days)| Some(*days));
        // A month that has rows from before bounds were kept.
        let mut older = self.inputs.range(months.clone()).map(|(month, _)| month);
        let unknown = older.any(|month| !self.bounds.contains_key(month)).then_some(UNKNOWN);
        known.chain([self.any_month, unknown]).fold(None, hull)
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

/// The days that rows of some months may be of, in a table, whatever source they are of. All days
/// where nobody knows.
///
/// # Errors
///
/// As the store.
pub async fn days_of_months(
    store: &dyn Store,
    org: &OrgSlug,
    table: &str,
    months: RangeInclusive<Date>,
) -> Result<Range<Date>, StoreError> {
    let (mut after, mut days, mut seen) = (None, None, false);
    loop {
        let page = PageRequest { limit: PAGE, after };
        let owner = Some(Owner::Org(org.clone()));
        let list = List { collection: Collection::Scopes, owner, filters: Vec::new(), page };
        let page = store.list(&list).await?;
        for stored in page.items {
            if stored.key.id.split_once(':').is_some_and(|(of, _)| of == table) {
                let scopes = Held::<Scopes>::read(stored)?.value;
                (seen, days) = (true, hull(days, scopes.hull_of(&months)));
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // Whatever writes a table notes its days before.
    let none = if seen { (EVER.0, EVER.0) } else { EVER };
    let (first, end) = days.unwrap_or(none);
    Ok(first.max(EVER.0)..end.min(EVER.1))
}
