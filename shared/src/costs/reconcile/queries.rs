//! What is asked of each side of a reconciliation.

use std::{fmt::Write as _, ops::Range};

use jiff::{ToSpan as _, civil::Date};

use super::Reconciliation;
use crate::{
    costs::{
        DayRange,
        source::{DAILY_SUMS, FUNCTIONS},
    },
    warehouse::Query,
};

/// How many groups of one side are looked at to find what differs.
pub(super) const MOST_GROUPS: usize = 10_000;

/// Billing months, both included.
#[derive(Debug, Clone, Copy)]
pub(in crate::costs) struct Months {
    /// The first day of the first.
    pub(super) first: Date,
    /// The first day of the last.
    pub(super) last: Date,
}

impl Months {
    /// Those that a range of days is in.
    #[must_use]
    pub(in crate::costs) fn of(range: DayRange) -> Self {
        let (first, last) = (range.start_date.first_of_month(), range.end_date.first_of_month());
        Self { first, last }
    }
}

/// One of the two tables, and which of its columns are meant.
#[derive(Debug, Clone)]
pub(in crate::costs) struct Side<'a> {
    table: &'a str,
    currency: &'a str,
    amounts: Vec<&'a str>,
    /// How many rows a group is of.
    rows: &'static str,
    by: Vec<&'a str>,
}

/// A row of a table is one row.
const EACH: &str = "count this";

impl Reconciliation {
    /// The provider's.
    #[must_use]
    pub(in crate::costs) fn raw_side(&self) -> Side<'_> {
        Side {
            table: &self.raw,
            currency: &self.currency,
            amounts: self.amounts.iter().map(String::as_str).collect(),
            rows: EACH,
            by: self.by.iter().map(|(raw, _)| raw.as_str()).collect(),
        }
    }

    /// Ours.
    #[must_use]
    pub(in crate::costs) fn our_side(&self) -> Side<'_> {
        Side {
            table: &self.table,
            currency: "BillingCurrency",
            amounts: vec!["BilledCost"],
            rows: EACH,
            by: self.by.iter().map(|(_, focus)| focus.as_str()).collect(),
        }
    }
}

impl Side<'_> {
    /// By the day alone.
    #[must_use]
    pub(super) fn by_day(mut self) -> Self {
        self.by.clear();
        self
    }

    fn from(&self) -> String {
        format!(
            "{FUNCTIONS}from {}\n\
             filter x_charge_date >= $first_day && x_charge_date < $end_day\n",
            self.table
        )
    }

    fn sums(&self) -> String {
        let mut sums = format!("row_count = whole ({})", self.rows);
        for (at, column) in self.amounts.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(sums, ", sum_{at} = sum_known {column}");
        }
        sums
    }
}

/// The sums of each source, month and currency.
#[must_use]
pub(in crate::costs) fn sums_query(side: &Side<'_>, months: Months, days: &Range<Date>) -> Query {
    let text = format!(
        "{}filter x_billing_month >= $first_month && x_billing_month <= $last_month\n\
         derive {{ x_currency = text.upper {} }}\n\
         group {{ x_source_id, x_billing_month, x_currency }} (aggregate {{ {} }})\n",
        side.from(),
        side.currency,
        side.sums(),
    );
    within(Query::new("costs_reconciled", text), days)
        .with("first_month", months.first)
        .with("last_month", months.last)
}

/// Ours of every source, by the daily sums.
pub(in crate::costs) fn daily_query(months: Months, days: &Range<Date>) -> Query {
    let (amounts, by) = (vec!["BilledCost"], Vec::new());
    let (currency, rows) = ("BillingCurrency", "sum_known x_rows");
    sums_query(&Side { table: DAILY_SUMS, currency, amounts, rows, by }, months, days)
}

/// The sums of one source, month and currency by day and by what else is named; the source's own
/// order, so that what is cut off is the same each time.
#[must_use]
pub(in crate::costs) fn lines_query(
    side: &Side<'_>,
    (source, month, currency): (&str, Date, &str),
    days: &Range<Date>,
) -> Query {
    let mut named = String::new();
    let mut groups = String::from("x_charge_date");
    for (at, column) in side.by.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(named, ", by_{at} = {column}");
        let _ = write!(groups, ", by_{at}");
    }
    let text = format!(
        "{}filter x_source_id == $source && x_billing_month == $month\n\
         derive {{ x_currency = text.upper {}{named} }}\n\
         filter x_currency == $currency\n\
         group {{ {groups} }} (aggregate {{ {} }})\n\
         sort {{ {groups} }}\n\
         take 1..{}\n",
        side.from(),
        side.currency,
        side.sums(),
        MOST_GROUPS + 1,
    );
    within(Query::new("costs_difference", text), days)
        .with("source", source)
        .with("month", month)
        .with("currency", currency)
}

fn within(query: Query, days: &Range<Date>) -> Query {
    query.with("first_day", days.start).with("end_day", days.end)
}

/// From the first of these days to the last.
pub(super) fn hull(days: impl Iterator<Item = Date> + Clone) -> Option<Range<Date>> {
    let (first, last) = days.clone().min().zip(days.max())?;
    Some(first..last.checked_add(1.day()).ok()?)
}
