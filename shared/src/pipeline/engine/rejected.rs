//! Rows that could not be used, kept where they can be looked at.

use std::{collections::HashSet, sync::Arc};

use anyhow::Context as _;
use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{StepContext, StepError, answer, watched::to_i32};
use crate::{
    ingest::{Reject, Rejects},
    runs::Severity,
    warehouse::Query,
};

/// Where they are kept.
pub const TABLE: &str = "rejected_rows";
/// How many are appended at once.
const CHUNK: usize = 4096;

/// The rows of a step that an attempt before this one kept already.
pub const KEPT: &str = "\
from rejected_rows
filter ingestion_date == $day
filter x_run_id == $run
filter step_id == $step
select {this.row_number, ordinal = ordinal ?? 0}
";

/// The day under which a run's rejected rows are kept: the UTC day it was asked for.
#[must_use]
pub fn ingestion_date(created_at: Timestamp) -> Date {
    created_at.to_zoned_datetime(TimeZone::UTC).date()
}

impl StepContext<'_> {
    /// Keeps what could not be used of a file; each row once, however often the step is tried.
    ///
    /// # Errors
    ///
    /// As the warehouse, and where the rows cannot be read again.
    pub async fn keep_rejected(&self, rejects: Rejects) -> Result<u64, StepError> {
        self.ensure_table(TABLE).await?;
        let (kept, rejects) = (self.kept_before().await?, Arc::new(rejects));
        let (dataset, mut count) = (self.job.dataset(), 0);
        loop {
            let reading = rejects.clone();
            let rows = tokio::task::spawn_blocking(move || reading.take(CHUNK)).await;
            let mut rows = rows.context("reading rejected rows panicked")??;
            if rows.is_empty() {
                break;
            }
            count += rows.len() as u64;
            rows.retain(|row| !kept.contains(&(row.row_number, row.ordinal.into())));
            if !rows.is_empty() {
                self.engine.warehouse.append(&dataset, TABLE, self.batch(&rows)?).await?;
            }
        }
        self.job.board.record(self.at, |step| step.rejected_rows = count);
        if count > 0 {
            let message =
                format!("{} could not be used; listed with the run", answer::counted(count));
            self.find(Severity::Warning, "rejected_rows", count, message);
        }
        Ok(count)
    }

    /// Numbers and ordinals of this step's rows that are kept; none where nobody can have kept any.
    async fn kept_before(&self) -> Result<HashSet<(u64, u64)>, StepError> {
        if self.job.attempt <= 1 && self.job.board.step(self.at).attempts <= 1 {
            return Ok(HashSet::new());
        }
        let query = Query::new("rejected_rows.kept", KEPT)
            .with("day", ingestion_date(self.job.created_at))
            .with("run", self.job.run_id.to_string())
            .with("step", self.step().id.clone())
            .labelled(self.labels());
        let found = self.engine.warehouse.query(&self.job.dataset(), &query).await?;
        let names = answer::rows(&found).map(|(batch, row)| {
            let whole = |column: usize| answer::whole(batch.column(column), row);
            Ok((whole(0)?, whole(1)?))
        });
        Ok(names.collect::<anyhow::Result<_>>()?)
    }

    /// Rows with the columns that say where they come from.
    fn batch(&self, rows: &[Reject]) -> anyhow::Result<RecordBatch> {
        let same = |value: &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(value, rows.len())))
        };
        let text = |value: fn(&Reject) -> Option<&str>| -> ArrayRef {
            Arc::new(rows.iter().map(value).collect::<StringArray>())
        };
        let day = to_i32(ingestion_date(self.job.created_at));
        let number = |row: &Reject| i64::try_from(row.row_number).unwrap_or(i64::MAX);
        let numbers = Int64Array::from_iter_values(rows.iter().map(number));
        let ordinals = Int64Array::from_iter_values(rows.iter().map(|row| i64::from(row.ordinal)));
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("x_source_id", same(self.job.source.as_str())),
            ("x_run_id", same(&self.job.run_id.to_string())),
            ("ingestion_date", Arc::new(Date32Array::from(vec![day; rows.len()]))),
            ("pipeline_id", same(self.job.plan.name.as_str())),
            ("step_id", same(&self.step().id)),
            ("table_name", same(self.step().processor.table().unwrap_or_default())),
            ("row_number", Arc::new(numbers)),
            ("ordinal", Arc::new(ordinals)),
            ("reason", text(|row| Some(&row.reason))),
            ("field", text(|row| row.field.as_deref())),
            ("value", text(|row| row.value.as_deref())),
            ("row", text(|row| Some(&row.row))),
        ];
        Ok(RecordBatch::try_from_iter(columns)?)
    }
}
