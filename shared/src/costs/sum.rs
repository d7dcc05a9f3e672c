//! Sums of a cost that never hide what is unknown.

use anyhow::Context as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::decimal::Decimal;

/// A sum of one cost in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Sum {
    /// The sum of the rows that have the cost; null where none has.
    #[schema(value_type = Option<String>, example = "20.52022672899")]
    pub amount: Option<Decimal>,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them lack the cost, so that the amount says less than it seems to.
    pub rows_without_cost: u64,
}

impl Sum {
    /// Adds another sum in the same currency.
    ///
    /// # Errors
    ///
    /// Fails where the total has more digits than an amount may have.
    pub fn add(&mut self, other: Self) -> anyhow::Result<()> {
        self.amount = match (self.amount, other.amount) {
            (Some(a), Some(b)) => Some(a.checked_add(b).context("a total has too many digits")?),
            (a, b) => a.or(b),
        };
        self.rows += other.rows;
        self.rows_without_cost += other.rows_without_cost;
        Ok(())
    }
}
