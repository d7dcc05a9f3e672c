//! FOCUS rows as a file, streamed: what is in memory is a batch, never the answer.

mod cell;
mod csv;
pub(super) mod json;
mod parquet;

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};

use super::{Costs, DayRange, Filters, source};
use crate::{
    Result,
    org::OrgSlug,
    warehouse::{Dataset, Query, Rows},
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
        let columns = self.columns().fields().iter().map(|field| field.name.as_str());
        let columns: Vec<&str> = columns.filter(|name| *name != "x_run_id").collect();
        let query = query(asked, &columns);
        let rows = self.warehouse.stream(&Dataset::Org(org.clone()), &query).await?;
        Ok(encode(rows, asked.format)?)
    }
}

fn query(asked: &ExportAsked, columns: &[&str]) -> Query {
    let days = (asked.range.start_date, asked.range.end());
    let query = source::rows("costs_export", source::ROWS, days, &asked.filters);
    source::then(query, &format!("select {{ {} }}\n", columns.join(", ")))
}

/// Turns batches into bytes; what a form keeps between batches is in it.
trait Encoder: Send {
    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<Vec<u8>>;

    fn finish(self: Box<Self>) -> anyhow::Result<Vec<u8>>;
}

fn encoder(format: Format, schema: &SchemaRef) -> anyhow::Result<Box<dyn Encoder>> {
    Ok(match format {
        Format::Csv => Box::new(csv::Csv::new(schema)),
        Format::Jsonl => Box::new(json::Jsonl),
        Format::Parquet => Box::new(parquet::Parquet::new(schema)?),
    })
}

fn encode(rows: Rows, format: Format) -> anyhow::Result<File> {
    let encoder = encoder(format, &rows.schema)?;
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
