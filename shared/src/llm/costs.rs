//! What a source bills, held to its own sums: its lines first, then what they lack.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};

use super::{
    Asking, Cost, Line,
    cost_batch::{Biller, batch},
    cursor::Reading,
};
use crate::{
    decimal::Decimal,
    pipeline::engine::{Pages, StepError},
};

/// What a reading of costs found beside its rows.
#[derive(Debug, Default, Clone)]
pub struct Told {
    /// Amounts with more than 18 digits after the point, rounded half to even.
    pub rounded: u64,
    /// Days whose lines are not all of the provider's own sum, and what they lack.
    pub unattributed: Vec<(Date, String, Decimal)>,
}

/// Amounts by day and currency.
type Sums = BTreeMap<(Date, String), Decimal>;

/// The costs of some days, page by page.
pub struct Costs {
    asking: Asking,
    biller: Biller,
    days: Range<Date>,
    now: Timestamp,
    lines: Reading,
    ended: bool,
    sums: Sums,
    told: Arc<Mutex<Told>>,
    schema: SchemaRef,
}

impl Costs {
    /// Of an account, for `days` (the end not included); what was found beside is in the second.
    ///
    /// # Errors
    ///
    /// Fails where no batch can be made, which is a bug.
    pub fn new(
        asking: Asking,
        account: &str,
        days: Range<Date>,
        now: Timestamp,
    ) -> anyhow::Result<(Self, Arc<Mutex<Told>>)> {
        let source = asking.source;
        let biller = Biller { id: source.id(), name: source.name(), account: account.to_owned() };
        let (schema, told) = (batch(&[], &biller, now)?.schema(), Arc::<Mutex<Told>>::default());
        let lines = Reading::new(source.costs(), &days);
        let (sums, ended) = (Sums::new(), false);
        let costs =
            Self { asking, biller, days, now, lines, ended, sums, told: told.clone(), schema };
        Ok((costs, told))
    }

    fn read(&mut self, lines: &[Line]) -> Result<Vec<Cost>, StepError> {
        let mut rows = Vec::new();
        for line in lines {
            let row = self.asking.source.cost(line).map_err(Asking::strange)?;
            add(&mut self.sums, &row, row.amount)?;
            if row.residue > 0 {
                self.told.lock().unwrap_or_else(PoisonError::into_inner).rounded += 1;
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// What the provider's own sums have and its lines have not. They are asked for when the lines
    /// are there, so that what is billed meanwhile stands in neither or in the sum.
    async fn lacking(&mut self) -> Result<Vec<Cost>, StepError> {
        let Some(report) = self.asking.source.sums() else { return Ok(Vec::new()) };
        let (mut reading, mut sums) = (Reading::new(report, &self.days), Sums::new());
        while let Some(lines) = self.asking.next(&mut reading).await? {
            for line in &lines {
                let row = self.asking.source.cost(line).map_err(Asking::strange)?;
                add(&mut sums, &row, row.amount)?;
            }
        }
        for ((day, currency), amount) in &self.sums {
            let minus = Decimal::ZERO.checked_sub(*amount).ok_or_else(too_large)?;
            add(&mut sums, &Cost::unattributed(*day, currency, minus), minus)?;
        }
        sums.retain(|_, lacks| *lacks != Decimal::ZERO);
        let row = |((day, currency), lacks): (&(Date, String), &Decimal)| {
            Cost::unattributed(*day, currency, *lacks)
        };
        let rows = sums.iter().map(row).collect();
        let lacks = sums.into_iter().map(|((day, currency), lacks)| (day, currency, lacks));
        self.told.lock().unwrap_or_else(PoisonError::into_inner).unattributed = lacks.collect();
        Ok(rows)
    }
}

fn add(sums: &mut Sums, row: &Cost, amount: Decimal) -> Result<(), StepError> {
    let sum = sums.entry((row.day, row.currency.clone())).or_default();
    *sum = sum.checked_add(amount).ok_or_else(too_large)?;
    Ok(())
}

fn too_large() -> StepError {
    StepError::failed("amount_too_large", "a day's costs have more than 20 digits before the point")
}

#[async_trait]
impl Pages for Costs {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    async fn next(&mut self) -> Result<Option<RecordBatch>, StepError> {
        if self.ended {
            return Ok(None);
        }
        let lines = self.asking.next(&mut self.lines).await?;
        self.ended = lines.is_none();
        let rows = match lines {
            Some(lines) => self.read(&lines)?,
            None => self.lacking().await?,
        };
        Ok(Some(batch(&rows, &self.biller, self.now)?))
    }
}
