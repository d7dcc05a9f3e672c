//! Reading the rows that a run could not use.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Run, Runs};
use crate::{
    Result,
    pipeline::engine::{REJECTED as TABLE, answer, ingestion_date},
    store::PageRequest,
    warehouse::{Answer, Dataset, Labels, Query},
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

/// The rows of one run after a place, in the order in which they stood. A place is a step, the number
/// of a record, and which of its rejects: the writer sees to it that each is there once.
pub const REJECTED_ROWS: &str = "\
from rejected_rows
filter ingestion_date == $day
filter x_run_id == $run
derive {nth = ordinal ?? 0}
filter step_id > $step || (step_id == $step && (this.row_number > $number || (this.row_number == $number && nth > $nth)))
sort {step_id, this.row_number, nth}
take 1..501
select {step_id, this.row_number, nth, reason, field, value, row}
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
        let Place { step, number, nth } = Place::read(page.after.as_deref());
        let query = Query::new("rejected_rows", REJECTED_ROWS)
            .with("day", ingestion_date(run.created_at))
            .with("run", run.run_id.to_string())
            .with("step", step)
            .with("number", number)
            .with("nth", nth)
            .labelled(Labels { run: Some(run.run_id), ..Labels::default() });
        let (dataset, warehouse) = (Dataset::Org(run.org_slug.clone()), &self.engine.warehouse);
        // The table comes with the first file that is read.
        if !warehouse.describe(&dataset).await?.contains_key(TABLE) {
            return Ok((Vec::new(), None));
        }
        let answer = warehouse.query(&dataset, &query).await?;
        let mut rows = read(&answer)?;
        let more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|(row, nth)| format!("{}:{}:{nth}", row.step_id, row.row_number));
        Ok((rows.into_iter().map(|(row, _)| row).collect(), next))
    }
}

/// After which row a page begins.
struct Place {
    step: String,
    number: i64,
    nth: i64,
}

impl Place {
    fn read(after: Option<&str>) -> Self {
        let read = |after: &str| {
            let (rest, nth) = after.rsplit_once(':')?;
            let (step, number) = rest.rsplit_once(':')?;
            let (step, number, nth) = (step.to_owned(), number.parse().ok()?, nth.parse().ok()?);
            Some(Self { step, number, nth })
        };
        after.and_then(read).unwrap_or_else(|| Self { step: String::new(), number: 0, nth: 0 })
    }
}

/// Each row with which of the rejects of its number it is.
fn read(answer: &Answer) -> anyhow::Result<Vec<(RejectedRow, u64)>> {
    answer::rows(answer)
        .map(|(batch, at)| {
            let text = |column: usize| answer::text(batch.column(column), at);
            let row = RejectedRow {
                step_id: text(0)?.unwrap_or_default(),
                row_number: answer::whole(batch.column(1), at)?,
                reason: text(3)?.unwrap_or_default(),
                field: text(4)?,
                value: text(5)?,
                row: text(6)?,
            };
            Ok((row, answer::whole(batch.column(2), at)?))
        })
        .collect()
}
