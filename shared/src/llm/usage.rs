//! What was consumed of a source, report by report, page by page.

use std::{ops::Range, sync::Arc};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use async_trait::async_trait;
use jiff::{Timestamp, civil::Date};

use super::{
    Asking, Line,
    cursor::Reading,
    usage_rows::{Dated, batch},
};
use crate::pipeline::engine::{Pages, StepError};

/// The usage of some days.
pub struct Usages {
    asking: Asking,
    now: Timestamp,
    left: Vec<Reading>,
    schema: SchemaRef,
}

impl Usages {
    /// For `days`, the end not included.
    ///
    /// # Errors
    ///
    /// Fails where no batch can be made, which is a bug.
    pub fn new(asking: Asking, days: &Range<Date>, now: Timestamp) -> anyhow::Result<Self> {
        let reports = asking.source.usage().iter().rev();
        let left = reports.map(|report| Reading::new(*report, days)).collect();
        let schema = batch(&[], now)?.schema();
        Ok(Self { asking, now, left, schema })
    }

    fn read(&self, reading: &Reading, lines: &[Line]) -> Result<Vec<Dated>, StepError> {
        let (report, mut rows) = (reading.report(), Vec::new());
        for line in lines {
            let usages = self.asking.source.usages(report, line).map_err(Asking::strange)?;
            let fields: Arc<str> = line.json().into();
            rows.extend(usages.into_iter().map(|usage| Dated {
                day: line.day,
                report: report.name,
                usage,
                fields: fields.clone(),
            }));
        }
        Ok(rows)
    }
}

#[async_trait]
impl Pages for Usages {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    async fn next(&mut self) -> Result<Option<RecordBatch>, StepError> {
        while let Some(mut reading) = self.left.pop() {
            if let Some(lines) = self.asking.next(&mut reading).await? {
                let rows = self.read(&reading, &lines)?;
                self.left.push(reading);
                return Ok(Some(batch(&rows, self.now)?));
            }
        }
        Ok(None)
    }
}
