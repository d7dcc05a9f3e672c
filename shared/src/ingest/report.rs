//! What reading an input found.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::decimal::Decimal;

/// What was read so far; final when the input has ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows that can be used.
    pub rows: u64,
    /// Rows that cannot.
    pub rejected: u64,
    /// Bytes of the (unzipped) input.
    pub bytes: u64,
    /// What was read in spite of how it was written.
    pub notices: Vec<Notice>,
    /// Usable rows by billing month (its first day).
    pub months: BTreeMap<Date, u64>,
    /// The first UTC day with a charge.
    pub first_day: Option<Date>,
    /// The last UTC day with a charge.
    pub last_day: Option<Date>,
    /// Rows and costs by currency.
    pub currencies: BTreeMap<String, Currency>,
}

/// Something that was read in one way only, although it was written otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Stable name of the kind.
    pub kind: &'static str,
    /// What it means.
    pub message: &'static str,
    /// How often.
    pub count: u64,
    /// The first of them.
    pub sample: String,
}

/// Rows and costs of a currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Currency {
    /// Usable rows.
    pub rows: u64,
    /// By column: `BilledCost`, `EffectiveCost`, `ListCost`, `ContractedCost`.
    pub costs: BTreeMap<&'static str, CostSum>,
}

/// The sum of a cost column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostSum {
    /// The sum of what is known; `None` where it has too many digits.
    pub total: Option<Decimal>,
    /// Rows that lack it.
    pub missing: u64,
}

impl Default for CostSum {
    fn default() -> Self {
        Self { total: Some(Decimal::ZERO), missing: 0 }
    }
}

impl CostSum {
    /// Adds a row's cost.
    pub(super) fn add(&mut self, cost: Option<Decimal>) {
        match cost {
            Some(cost) => self.total = self.total.and_then(|total| total.checked_add(cost)),
            None => self.missing += 1,
        }
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.total = self.total.zip(other.total).and_then(|(a, b)| a.checked_add(b));
        self.missing += other.missing;
    }
}

impl Report {
    /// Adds that of a block, but for its notices.
    pub(super) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.rejected += other.rejected;
        self.bytes += other.bytes;
        for (month, rows) in other.months {
            *self.months.entry(month).or_default() += rows;
        }
        self.first_day = [self.first_day, other.first_day].into_iter().flatten().min();
        self.last_day = [self.last_day, other.last_day].into_iter().flatten().max();
        for (code, currency) in other.currencies {
            let sums = self.currencies.entry(code).or_default();
            sums.rows += currency.rows;
            for (column, sum) in currency.costs {
                sums.costs.entry(column).or_default().merge(sum);
            }
        }
    }
}
