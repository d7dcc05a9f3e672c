//! Rows that could not be used: kept in a file while the input is read, so that none is lost and
//! memory stays bounded.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use arrow::{
    array::{Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use serde::{Deserialize, Serialize};

use crate::warehouse::Batches;

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Line of a text file, or number of the row in a Parquet file, from 1.
    pub row_number: u64,
    /// Which of the rejects of that number it is, from 0: a record of some formats makes several
    /// rows. Number and ordinal together name a reject, so each pair is there once.
    pub ordinal: u32,
    /// What is wrong with it.
    pub reason: String,
    /// The column that is wrong, where it is one.
    pub field: Option<String>,
    /// What stands there, cut.
    pub value: Option<String>,
    /// The row, cut.
    pub row: String,
}

/// Rejected rows on their way to a file.
pub(super) struct Spool {
    file: Mutex<Option<BufWriter<File>>>,
}

impl Spool {
    pub(super) fn new() -> Self {
        Self { file: Mutex::new(None) }
    }

    /// Adds rows.
    pub(super) fn add(&self, rejects: &[Reject]) -> anyhow::Result<()> {
        if rejects.is_empty() {
            return Ok(());
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *file {
            Some(file) => file,
            none => none.insert(BufWriter::new(
                tempfile::tempfile().context("cannot make a file for rejected rows")?,
            )),
        };
        for reject in rejects {
            serde_json::to_writer(&mut *file, reject)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    }

    /// All rows, from the first.
    pub(super) fn read(&self) -> anyhow::Result<Rejects> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = file.as_mut() else { return Ok(Rejects { lines: Mutex::new(None) }) };
        writer.flush()?;
        let mut copy = writer.get_ref().try_clone()?;
        copy.seek(SeekFrom::Start(0))?;
        Ok(Rejects { lines: Mutex::new(Some(BufReader::new(copy))) })
    }
}

/// Rejected rows as batches: `row_number`, `reason`, `field`, `value`, `row`.
pub struct Rejects {
    lines: Mutex<Option<BufReader<File>>>,
}

impl Rejects {
    /// The next rows, at most `count`.
    ///
    /// # Errors
    ///
    /// Fails where the file cannot be read back.
    pub fn take(&self, count: usize) -> anyhow::Result<Vec<Reject>> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lines) = &mut *lines else { return Ok(Vec::new()) };
        lines.lines().take(count).map(|line| Ok(serde_json::from_str(&line?)?)).collect()
    }
}

impl Batches for Rejects {
    fn schema(&self) -> SchemaRef {
        let text = |name: &str, null| Field::new(name, DataType::Utf8, null);
        Arc::new(Schema::new(vec![
            Field::new("row_number", DataType::Int64, false),
            text("reason", false),
            text("field", true),
            text("value", true),
            text("row", false),
        ]))
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        let rows = self.take(2_048)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut numbers = Int64Builder::new();
        let mut texts: [StringBuilder; 4] = std::array::from_fn(|_| StringBuilder::new());
        for row in &rows {
            numbers.append_value(i64::try_from(row.row_number)?);
            let values =
                [Some(&row.reason), row.field.as_ref(), row.value.as_ref(), Some(&row.row)];
            for (builder, value) in texts.iter_mut().zip(values) {
                builder.append_option(value);
            }
        }
        let mut columns: Vec<arrow::array::ArrayRef> = vec![Arc::new(numbers.finish())];
        for mut builder in texts {
            columns.push(Arc::new(builder.finish()));
        }
        Ok(Some(RecordBatch::try_new(self.schema(), columns)?))
    }
}
