//! Files of any other shape, typed as a table's schema says.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use arrow::{
    array::RecordBatch,
    datatypes::{Field, Schema, SchemaRef},
};

use super::{
    Block, Blocks, Limits, Refused, Rejects, Report,
    jsonl::REST,
    notices::{Kind as Notice, Notices},
    rejects::Spool,
    typed::{Kind, Target, Work, usable},
};
use crate::warehouse::{Batches, Mode, TableSchema};

/// A file as checked batches of a table's columns. Columns whose names begin with `x_` or `_` are
/// ours: whoever loads the rows fills them in.
pub struct TableReader {
    blocks: Arc<dyn Blocks>,
    targets: Vec<Target>,
    schema: SchemaRef,
    spool: Spool,
    bytes: AtomicU64,
    found: Mutex<(Report, Notices)>,
}

impl TableReader {
    /// Opens a file of any format.
    ///
    /// # Errors
    ///
    /// Fails where it cannot be read, or lacks a column that the table requires.
    pub fn open(path: &Path, table: &TableSchema, limits: Limits) -> Result<Self, Refused> {
        let fields: Vec<_> = theirs(table).cloned().collect();
        let expected: Vec<_> = fields.iter().map(|field| field.name.clone()).collect();
        Self::over(super::records(path, &expected, limits)?, &fields)
    }

    /// Reads records that bring these fields, whatever their names.
    ///
    /// # Errors
    ///
    /// Fails where the records lack a field that is required.
    pub fn over(
        blocks: Arc<dyn Blocks>,
        fields: &[crate::warehouse::Field],
    ) -> Result<Self, Refused> {
        let targets = targets(fields, blocks.columns());
        let missing: Vec<_> = targets
            .iter()
            .filter(|target| target.required && target.column.is_none())
            .map(|target| target.name.as_str())
            .collect();
        if !missing.is_empty() {
            let message = format!("the file lacks {}", missing.join(", "));
            return Err(Refused::new("missing_column", message));
        }
        let mut notices = Notices::default();
        let known = |name: &str| targets.iter().any(|target| target.name == name);
        let unknown: Vec<_> = blocks.columns().iter().map(String::as_str).collect();
        let unknown: Vec<_> =
            unknown.into_iter().filter(|name| *name != REST && !known(name)).collect();
        notices.add_many(Notice::ColumnNotKept, unknown.len() as u64, || unknown.join(", "));
        let fields: Vec<_> = targets
            .iter()
            .map(|target| Field::new(&target.name, target.kind.data_type(), !target.required))
            .collect();
        Ok(Self {
            blocks,
            targets,
            schema: Arc::new(Schema::new(fields)),
            spool: Spool::new(),
            bytes: AtomicU64::new(0),
            found: Mutex::new((Report::default(), notices)),
        })
    }

    /// Bytes of the (unzipped) input that were read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// What was found so far, without months, days and currencies; final when the input has ended.
    #[must_use]
    pub fn report(&self) -> Report {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        Report { notices: found.1.list(), ..found.0.clone() }
    }

    /// The rows that cannot be used.
    ///
    /// # Errors
    ///
    /// Fails where they cannot be read back from the file that keeps them.
    pub fn rejects(&self) -> anyhow::Result<Rejects> {
        self.spool.read()
    }

    fn batch(&self, block: &Block) -> anyhow::Result<RecordBatch> {
        let mut work = Work::new(block);
        let columns = self
            .targets
            .iter()
            .map(|target| work.column(target))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let batch = usable(&mut work, columns, &self.schema)?;
        self.spool.add(&work.rejects())?;
        let report = Report {
            rows: batch.num_rows() as u64,
            rejected: (work.faults.len() + block.misfits.len()) as u64,
            bytes: block.bytes,
            ..Report::default()
        };
        self.bytes.fetch_add(block.bytes, Relaxed);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.0.merge(report);
        found.1.merge(work.notices);
        Ok(batch)
    }
}

/// The columns that a file brings.
fn theirs(table: &TableSchema) -> impl Iterator<Item = &crate::warehouse::Field> {
    table
        .fields
        .iter()
        .filter(|field| !field.name.starts_with("x_") && !field.name.starts_with('_'))
}

fn targets(fields: &[crate::warehouse::Field], columns: &[String]) -> Vec<Target> {
    let target = |field: &crate::warehouse::Field| Target {
        name: field.name.clone(),
        column: columns.iter().position(|column| *column == field.name),
        kind: Kind::of(field.kind),
        required: field.mode == Mode::Required,
    };
    fields.iter().map(target).collect()
}

impl Batches for TableReader {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        self.blocks.next()?.map(|block| self.batch(&block)).transpose()
    }
}
