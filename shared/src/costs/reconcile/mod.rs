//! The provider's own total of each billing month against ours, to the last decimal.
//!
//! What is compared stands once, in the `reconciles` rules of the pipelines: the run that brings rows
//! checks what it touched, and [`Costs::quality`](super::Costs::quality) looks at whole months, however
//! many runs brought them.

mod difference;
mod lines;
mod queries;
mod sums;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use self::queries::{Months, daily_query, lines_query, sums_query};
use self::{
    difference::{Key, Sides},
    lines::explain,
};
pub use self::{lines::Line, sums::hundredth};
use super::{Costs, DayRange};
use crate::{
    Result,
    decimal::Decimal,
    fences,
    org::OrgSlug,
    warehouse::{Dataset, Query},
};

/// How many of the periods that differ are explained, those furthest apart first.
const MOST_EXPLAINED: usize = 5;

/// Where a provider's own amounts are, and which FOCUS rows came of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reconciliation {
    /// The table of FOCUS rows.
    pub table: String,
    /// The raw table.
    pub raw: String,
    /// Its columns of amounts, which are added; null counts as nothing.
    pub amounts: Vec<String>,
    /// Its column of the currency, in any case.
    pub currency: String,
    /// Whether its amounts are hundredths.
    pub cents: bool,
    /// Columns of the raw table and of FOCUS that mean the same, to find what differs.
    pub by: Vec<(String, String)>,
    /// How far apart both sides may be.
    pub tolerance: Decimal,
}

/// A billing month of a source in one currency: the provider's own total, and ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reconciled {
    /// The connection, as in `gcp/default`.
    pub source: String,
    /// The first day of the billing month.
    #[schema(value_type = String, format = Date)]
    pub month: Date,
    /// The currency.
    pub currency: String,
    /// The sum of `BilledCost`; null where there are no rows.
    #[schema(value_type = Option<String>, example = "20.52022672899")]
    pub ours: Option<Decimal>,
    /// How many rows it is of.
    pub our_rows: u64,
    /// What the provider says; null where it said nothing that we could compare.
    #[schema(value_type = Option<String>, example = "20.52022672899")]
    pub provider: Option<Decimal>,
    /// How many of its rows that is of.
    pub provider_rows: u64,
    /// Ours less the provider's, to the last decimal; null where there is nothing to compare.
    #[schema(value_type = Option<String>, example = "0")]
    pub difference: Option<Decimal>,
    /// Whether the difference is within what the pipeline tolerates; null where there is none.
    pub passed: Option<bool>,
    /// The table of what the provider said.
    pub compared_with: Option<String>,
    /// What explains the difference: at most 20 lines, the largest first, of at most 5 periods.
    pub lines: Vec<Line>,
}

impl Costs {
    /// Every billing month of the range, by source and currency.
    pub(super) async fn reconciled(
        &self,
        org: &OrgSlug,
        range: DayRange,
    ) -> Result<Vec<Reconciled>> {
        let dataset = Dataset::Org(org.clone());
        let there = self.warehouse.describe(&dataset).await?;
        let months = Months::of(range);
        let mut found = Vec::new();
        for it in &self.reconciliations {
            if there.contains_key(&it.table) && there.contains_key(&it.raw) {
                found.extend(self.compare(org, it, months).await?);
            }
        }
        if there.contains_key(super::source::DAILY_SUMS) {
            let days = self.days_of(org, super::source::DAILY_SUMS, months).await?;
            let sums = self.sums(&dataset, daily_query(months, &days), false).await?;
            found.extend(difference::alone(&sums, &found));
        }
        found.sort_by(|a, b| {
            (&a.source, a.month, &a.currency).cmp(&(&b.source, b.month, &b.currency))
        });
        Ok(found)
    }

    /// Both sides of one reconciliation; the periods that differ most with what explains them.
    async fn compare(
        &self,
        org: &OrgSlug,
        it: &Reconciliation,
        months: Months,
    ) -> Result<Vec<Reconciled>> {
        let dataset = Dataset::Org(org.clone());
        let (raw_days, our_days) = tokio::try_join!(
            self.days_of(org, &it.raw, months),
            self.days_of(org, &it.table, months)
        )?;
        let (theirs, ours) = tokio::try_join!(
            self.sums(&dataset, sums_query(&it.raw_side(), months, &raw_days), it.cents),
            self.sums(&dataset, sums_query(&it.our_side(), months, &our_days), false),
        )?;
        let mut compared = difference::compare(it, &ours, &theirs)?;
        for at in difference::furthest(&compared).into_iter().take(MOST_EXPLAINED) {
            let key = Key::of(&compared[at]);
            let days = (&raw_days, &our_days);
            compared[at].lines = explain(self, &dataset, it, (&key, days)).await?;
        }
        Ok(compared)
    }

    /// The sums of one side.
    async fn sums(&self, dataset: &Dataset, query: Query, cents: bool) -> Result<Sides> {
        let answer = self.warehouse.query(dataset, &query).await?;
        Ok(sums::read(&answer.batches, cents)?)
    }

    /// The days that rows of these months may be of in a table.
    async fn days_of(
        &self,
        org: &OrgSlug,
        table: &str,
        months: Months,
    ) -> Result<std::ops::Range<Date>> {
        let (first, last) = (months.first, months.last);
        Ok(fences::days_of_months(&*self.store, org, table, first..=last).await?)
    }
}
