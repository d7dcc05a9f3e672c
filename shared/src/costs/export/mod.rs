//! FOCUS rows as a file, streamed: what is in memory is a batch, never the answer.

mod cell;
mod csv;
pub(super) mod json;
mod parquet;
mod version;

use std::sync::Arc;

use arrow::{
    array::RecordBatch,
    datatypes::{DataType, Field as Column, Schema, SchemaRef, TimeUnit},
};
use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};

pub(super) use self::version::{Selected, select};
use super::{
    Columns, Costs, DayRange, Filters,
    source::{Question, ROWS},
};
use crate::{
    Result,
    decimal::{PRECISION, SCALE},
    focus::Version,
    org::OrgSlug,
    warehouse::{ColumnType, Dataset, QueryStats, Rows},
};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, quoted where needed, the unknown empty.
    Csv,
    /// One JSON object a line, amounts as text.
    Jsonl,
    /// Apache Parquet, amounts as DECIMAL(38,18).
    Parquet,
}

impl Format {
    /// The form that a request names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Csv, Self::Jsonl, Self::Parquet].into_iter().find(|it| it.extension() == name)
    }

    /// How its files' names end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Jsonl => "application/jsonl",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct ExportAsked {
    /// The days.
    pub range: DayRange,
    /// Which rows.
    pub filters: Filters,
    /// The form.
    pub format: Format,
    /// The columns of this version alone; all that we keep unless given.
    pub version: Option<Version>,
}

/// The bytes of a file. An error in the middle cuts it off, so that it never looks whole.
pub type File = BoxStream<'static, anyhow::Result<Bytes>>;

impl Costs {
    /// The rows as a file. Their order is not defined.
    ///
    /// # Errors
    ///
    /// Fails where the warehouse does before the first row.
    pub async fn export(&self, org: &OrgSlug, asked: &ExportAsked) -> Result<File> {
        let columns = select(self.columns(), asked.version);
        let question = question(asked.range, &asked.filters, &columns);
        let dataset = Dataset::Org(org.clone());
        let rows = if self.has(&dataset, question.table).await? {
            self.warehouse.stream(&dataset, &question.query).await?
        } else {
            none(&columns)
        };
        let rows = match asked.version {
            Some(version) => version::with_dropped(rows, self.columns(), version),
            None => rows,
        };
        Ok(encode(rows, asked.format, self.columns())?)
    }
}

pub(super) fn question(range: DayRange, filters: &Filters, columns: &[Selected<'_>]) -> Question {
    let columns: Vec<String> = columns.iter().map(Selected::prql).collect();
    Question::over("costs_export", ROWS, range.half_open(), filters)
        .then(&format!("select {{ {} }}\n", columns.join(", ")))
}

/// No rows, of the columns that there will be.
fn none(columns: &[Selected<'_>]) -> Rows {
    let column = |column: &Selected<'_>| {
        let kind = match column.field.kind {
            ColumnType::String => DataType::Utf8,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Bignumeric => DataType::Decimal128(PRECISION, SCALE.cast_signed()),
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Date => DataType::Date32,
            ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        };
        Column::new(column.name, kind, true)
    };
    let schema = Arc::new(Schema::new(columns.iter().map(column).collect::<Vec<_>>()));
    let (stats, batches) = (QueryStats::default(), futures::stream::empty().boxed());
    Rows { schema, stats, batches }
}

/// Turns batches into bytes; what a form keeps between batches is in it.
trait Encoder: Send {
    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<Vec<u8>>;

    fn finish(self: Box<Self>) -> anyhow::Result<Vec<u8>>;
}

fn encoder(
    format: Format,
    schema: &SchemaRef,
    columns: &Columns,
) -> anyhow::Result<Box<dyn Encoder>> {
    Ok(match format {
        Format::Csv => Box::new(csv::Csv::new(schema)),
        Format::Jsonl => Box::new(json::Jsonl(columns.clone())),
        Format::Parquet => Box::new(parquet::Parquet::new(schema)?),
    })
}

fn encode(rows: Rows, format: Format, columns: &Columns) -> anyhow::Result<File> {
    let encoder = encoder(format, &rows.schema, columns)?;
    let state = (rows.batches, Some(encoder));
    let chunks = futures::stream::try_unfold(state, async |(mut batches, encoder)| {
        let Some(mut encoder) = encoder else { return anyhow::Ok(None) };
        let Some(batch) = batches.next().await else {
            return Ok(Some((Bytes::from(encoder.finish()?), (batches, None))));
        };
        let bytes = encoder.batch(&batch?)?;
        Ok(Some((Bytes::from(bytes), (batches, Some(encoder)))))
    });
    Ok(chunks.boxed())
}
