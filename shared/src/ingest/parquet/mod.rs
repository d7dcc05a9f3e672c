//! Parquet: every value as its exact text, so that the same checks hold as for CSV.

mod groups;
mod source;

use std::{fs::File, sync::Arc};

use anyhow::Context as _;
use arrow::{
    array::{Array, ArrayRef, RecordBatch},
    compute::{CastOptions, cast, cast_with_options},
    datatypes::{DataType, Field, Schema, TimeUnit},
    json::{LineDelimitedWriter, WriterBuilder},
    util::display::{ArrayFormatter, FormatOptions},
};
use parquet::{
    arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    file::reader::Length as _,
};

use self::{groups::Groups, source::Source};
use super::{
    Block, Blocks, Refused,
    block::{Form, Span},
    names,
};

/// A Parquet file.
pub(super) struct Parquet {
    columns: Vec<String>,
    groups: Groups,
    bytes_per_row: u64,
}

impl Parquet {
    /// Reads the footer.
    pub(super) fn new(file: File) -> Result<Self, Refused> {
        let source = Source::new(file).map_err(|error| Refused::unreadable(&error))?;
        let metadata = ArrowReaderMetadata::load(&source, ArrowReaderOptions::default());
        let metadata = metadata.map_err(|error| {
            Refused::new("bad_parquet", format!("this is no complete Parquet file: {error}"))
        })?;
        let columns = metadata.schema().fields().iter().map(|field| field.name().clone());
        let columns = names::columns(columns.collect())?;
        let rows = metadata.metadata().file_metadata().num_rows().max(1).unsigned_abs();
        let bytes_per_row = source.len() / rows;
        Ok(Self { columns, groups: Groups::new(source, metadata), bytes_per_row })
    }
}

impl Blocks for Parquet {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&self) -> Result<Option<Block>, Refused> {
        let Some((batch, first)) = self.groups.next()? else { return Ok(None) };
        let bytes = batch.num_rows() as u64 * self.bytes_per_row;
        let texts = batch.columns().iter().map(texts).collect::<anyhow::Result<Vec<_>>>();
        let texts = texts.map_err(|error| Refused::unreadable(&format!("{error:#}")))?;
        Ok(Some(block(&texts, batch.num_rows(), first, bytes)))
    }
}

/// The records whose columns have these texts.
fn block(columns: &[Vec<Option<String>>], rows: usize, first: u64, bytes: u64) -> Block {
    let short = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    let (mut text, mut spans) = (Vec::<u8>::new(), Vec::with_capacity(rows * columns.len()));
    for row in 0..rows {
        for column in columns {
            let start = text.len();
            let value = column[row].as_deref();
            text.extend(value.unwrap_or_default().as_bytes());
            let form = if value.is_some() { Form::Quoted } else { Form::Null };
            spans.push(Span { start: short(start), end: short(text.len()), form });
        }
    }
    let positions = (first..).take(rows).collect();
    let width = columns.len();
    Block { text: text.into(), spans, width, positions, misfits: Vec::new(), bytes }
}

/// The exact text of every value: doubles as the shortest text that reads back, nested values as JSON.
fn texts(column: &ArrayRef) -> anyhow::Result<Vec<Option<String>>> {
    if column.data_type().is_nested() {
        return nested(column);
    }
    // A moment without zone is UTC by the format's own convention.
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    let column = match column.data_type() {
        DataType::Timestamp(_, _) => &cast(column, &utc)?,
        // Older writers do not say that their bytes are text.
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => &text(column)?,
        _ => column,
    };
    let options = FormatOptions::default();
    let format = ArrayFormatter::try_new(column, &options)?;
    (0..column.len())
        .map(|row| {
            let known = !column.is_null(row);
            Ok(known.then(|| format.value(row).try_to_string()).transpose()?)
        })
        .collect()
}

/// Bytes as text, if they are UTF-8.
fn text(column: &ArrayRef) -> anyhow::Result<ArrayRef> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let text = cast_with_options(column, &DataType::Utf8, &options);
    text.context("a column has bytes that are no text")
}

/// Maps, structures and lists as JSON, one text a row.
fn nested(column: &ArrayRef) -> anyhow::Result<Vec<Option<String>>> {
    let field = Field::new("value", column.data_type().clone(), true);
    let schema = Arc::new(Schema::new(vec![field]));
    let batch = RecordBatch::try_new(schema, vec![ArrayRef::clone(column)])?;
    let mut writer: LineDelimitedWriter<Vec<u8>> =
        WriterBuilder::new().with_explicit_nulls(true).build(Vec::new());
    writer.write(&batch)?;
    writer.finish()?;
    let lines = String::from_utf8(writer.into_inner())?;
    lines
        .lines()
        .map(|line| {
            let mut row: serde_json::Value = serde_json::from_str(line)?;
            let value = row.get_mut("value").map(serde_json::Value::take).context("no value")?;
            Ok((!value.is_null()).then(|| value.to_string()))
        })
        .collect()
}
