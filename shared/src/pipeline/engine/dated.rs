//! Rows of any file with the columns that every data table has: the day and the billing month of
//! each row, and when it was loaded.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use arrow::{
    array::{
        Array as _, ArrayRef, AsArray as _, Date32Array, RecordBatch, TimestampMicrosecondArray,
    },
    compute::cast,
    datatypes::{DataType, Date32Type, Field, Schema, SchemaRef, TimeUnit},
};
use jiff::{Timestamp, civil::Date};

use super::{FileReader, watched};
use crate::{
    ingest::{Rejects, Report, TableReader},
    warehouse::Batches,
};

/// Where a table's own columns say which day and month a row is of.
#[derive(Debug, Clone)]
pub struct Days {
    /// The column of its day, DATE or TIMESTAMP, never null.
    pub day: String,
    /// The column of its billing month, the same; where null or not given, it is the day's.
    pub month: Option<String>,
    /// When the rows are loaded.
    pub now: Timestamp,
}

/// A reader's batches with `x_billing_month`, `x_charge_date` and `_ingested_at`.
pub struct Dated {
    reader: TableReader,
    days: Days,
    schema: SchemaRef,
}

impl Dated {
    /// Adds the columns to those of `reader`.
    #[must_use]
    pub fn new(reader: TableReader, days: Days) -> Self {
        let moment = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
        let mut fields: Vec<_> = reader.schema().fields().iter().cloned().collect();
        for (name, kind) in [
            ("x_billing_month", DataType::Date32),
            ("x_charge_date", DataType::Date32),
            ("_ingested_at", moment),
        ] {
            fields.push(Arc::new(Field::new(name, kind, false)));
        }
        Self { reader, days, schema: Arc::new(Schema::new(fields)) }
    }

    fn with_days(&self, batch: &RecordBatch) -> anyhow::Result<RecordBatch> {
        let days = days_of(batch, &self.days.day)?;
        ensure!(days.null_count() == 0, "column {} has nulls", self.days.day);
        let months = self.days.month.as_ref().map(|month| days_of(batch, month)).transpose()?;
        let month_of = |row: usize| {
            let known = months.as_ref().filter(|months| months.is_valid(row));
            first_of_month(known.map_or(days.value(row), |months| months.value(row)))
        };
        let months: Date32Array = (0..batch.num_rows()).map(|row| Some(month_of(row))).collect();
        let now = vec![self.days.now.as_microsecond(); batch.num_rows()];
        let now = TimestampMicrosecondArray::from(now).with_timezone("+00:00");
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        columns.extend([Arc::new(months) as ArrayRef, Arc::new(days), Arc::new(now)]);
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }
}

/// The UTC days of a column of days or moments.
fn days_of(batch: &RecordBatch, name: &str) -> anyhow::Result<Date32Array> {
    let column = batch.column_by_name(name).with_context(|| format!("no column {name}"))?;
    Ok(cast(column, &DataType::Date32)?.as_primitive::<Date32Type>().clone())
}

fn first_of_month(day: i32) -> i32 {
    let day: Date = watched::to_date(day);
    watched::to_i32(day.first_of_month())
}

impl Batches for Dated {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        self.reader.next()?.map(|batch| self.with_days(&batch)).transpose()
    }
}

impl FileReader for Dated {
    fn bytes_read(&self) -> u64 {
        self.reader.bytes_read()
    }

    fn report(&self) -> Report {
        self.reader.report()
    }

    fn rejects(&self) -> anyhow::Result<Rejects> {
        self.reader.rejects()
    }
}
