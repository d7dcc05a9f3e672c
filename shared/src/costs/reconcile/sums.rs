//! Reading the sums of one side.

use anyhow::Context as _;
use arrow::array::RecordBatch;

use super::difference::{Key, Side, Sides};
use crate::{
    costs::read::{self, Row},
    decimal::Decimal,
};

/// A hundredth of an amount, where that can be said exactly.
#[must_use]
pub fn hundredth(amount: Decimal) -> Option<Decimal> {
    let scaled = amount.scaled();
    (scaled % 100 == 0).then(|| Decimal::from_scaled(scaled / 100)).flatten()
}

/// The sums by source, month and currency. A row without currency or month is of none.
pub(super) fn read(batches: &[RecordBatch], cents: bool) -> anyhow::Result<Sides> {
    let mut sums = Sides::new();
    for row in read::rows(batches) {
        let Some(month) = row.day("x_billing_month")? else { continue };
        let source = row.text("x_source_id")?.unwrap_or_default();
        let currency = row.text("x_currency")?.unwrap_or_default();
        sums.insert(Key { source, month, currency }, side(row, cents)?);
    }
    Ok(sums)
}

/// What a group adds up to.
pub(super) fn side(row: Row<'_>, cents: bool) -> anyhow::Result<Side> {
    let mut amount: Option<Decimal> = None;
    for name in (0..).map(|at| format!("sum_{at}")).take_while(|name| row.has(name)) {
        let Some(more) = row.amount(&name)? else { continue };
        let sum = amount.unwrap_or_default().checked_add(more);
        amount = Some(sum.context("a total has too many digits")?);
    }
    if cents {
        let exactly = |amount| hundredth(amount).context("cents have more than 16 decimals");
        amount = amount.map(exactly).transpose()?;
    }
    Ok(Side { amount, rows: row.count("row_count")? })
}
