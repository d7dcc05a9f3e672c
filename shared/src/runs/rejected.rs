//! Reading the rows that a run could not use.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Run, Runs};
use crate::{
    Result,
    pipeline::engine::{answer, ingestion_date},
    store::PageRequest,
    warehouse::{Answer, Dataset, Labels, Query, WarehouseError},
};

/// A row that could not be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedRow {
    /// The step that refused it.
    pub step_id: String,
    /// Line of a text file, or number of the row in a Parquet file, from 1.
    pub row_number: u64,
    /// What is wrong with it.
    pub reason: String,
    /// The column that is wrong, where it is one.
    pub field: Option<String>,
    /// What stands there, cut after the first characters.
    pub value: Option<String>,
    /// The row as it was, cut after the first characters.
    pub row: Option<String>,
}

/// The rows of one run after a place, in the order in which they stood.
pub const REJECTED_ROWS: &str = "\
from rejected_rows
filter ingestion_date == $day
filter x_run_id == $run
filter step_id > $step || (step_id == $step && this.row_number > $number)
sort {step_id, this.row_number}
take 1..501
select {step_id, this.row_number, reason, field, value, row}
";

impl Runs {
    /// A page of the rows that a run could not use, and where the next begins.
    ///
    /// # Errors
    ///
    /// As the warehouse.
    pub async fn rejected(
        &self,
        run: &Run,
        page: &PageRequest,
    ) -> Result<(Vec<RejectedRow>, Option<String>)> {
        let (step, number) = place(page.after.as_deref());
        let query = Query::new("rejected_rows", REJECTED_ROWS)
            .with("day", ingestion_date(run.created_at))
            .with("run", run.run_id.to_string())
            .with("step", step)
            .with("number", number)
            .labelled(Labels { run: Some(run.run_id), ..Labels::default() });
        let dataset = Dataset::Org(run.org_slug.clone());
        let answer = match self.engine.warehouse.query(&dataset, &query).await {
            // The table comes with the first row that cannot be used.
            Err(WarehouseError::NoSuchTable(_)) => return Ok((Vec::new(), None)),
            answered => answered?,
        };
        let mut rows = read(&answer)?;
        let more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| format!("{}:{}", row.step_id, row.row_number));
        Ok((rows, next))
    }
}

fn place(after: Option<&str>) -> (String, i64) {
    let parsed = after.and_then(|after| {
        let (step, number) = after.rsplit_once(':')?;
        Some((step.to_owned(), number.parse().ok()?))
    });
    parsed.unwrap_or_else(|| (String::new(), 0))
}

fn read(answer: &Answer) -> anyhow::Result<Vec<RejectedRow>> {
    answer::rows(answer)
        .map(|(batch, at)| {
            let text = |column: usize| answer::text(batch.column(column), at);
            Ok(RejectedRow {
                step_id: text(0)?.unwrap_or_default(),
                row_number: answer::whole(batch.column(1), at)?,
                reason: text(2)?.unwrap_or_default(),
                field: text(3)?,
                value: text(4)?,
                row: text(5)?,
            })
        })
        .collect()
}
