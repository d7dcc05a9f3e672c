//! Files of any other shape, typed as a table's schema says.

use std::{path::Path, sync::Arc};

use arrow::{
    array::RecordBatch,
    datatypes::{Schema, SchemaRef},
};

use super::{
    Block, Blocks, Limits, Refused, Rejects, Report,
    block::cut,
    notices::{Kind as Notice, Notices},
    tally::Tally,
    typed::{Kind, Target, Work, usable},
};
use crate::warehouse::{Batches, Field, Mode, TableSchema};

/// A file as checked batches of a table's columns. Columns whose names begin with `x_` or `_` are
/// ours: whoever loads the rows fills them in.
pub struct TableReader {
    blocks: Arc<dyn Blocks>,
    targets: Vec<Target>,
    schema: SchemaRef,
    tally: Tally,
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
    pub fn over(blocks: Arc<dyn Blocks>, fields: &[Field]) -> Result<Self, Refused> {
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
        let names = blocks.columns().iter().map(String::as_str).enumerate();
        let others = names.filter(|(at, name)| Some(*at) != blocks.rest() && !known(name));
        let unknown: Vec<_> = others.map(|(_, name)| name).collect();
        notices.add_many(Notice::ColumnNotKept, unknown.len() as u64, || unknown.join(", "));
        let fields: Vec<_> = targets.iter().map(Target::field).collect();
        Ok(Self {
            blocks,
            targets,
            schema: Arc::new(Schema::new(fields)),
            tally: Tally::new(notices),
        })
    }

    /// Bytes of the (unzipped) input that were read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.tally.bytes_read()
    }

    /// What was found so far, without months, days and currencies; final when the input has ended.
    #[must_use]
    pub fn report(&self) -> Report {
        self.tally.report()
    }

    /// The rows that cannot be used.
    ///
    /// # Errors
    ///
    /// Fails where they cannot be read back from the file that keeps them.
    pub fn rejects(&self) -> anyhow::Result<Rejects> {
        self.tally.rejects()
    }

    fn batch(&self, block: &Block) -> anyhow::Result<RecordBatch> {
        let mut work = Work::new(block);
        let columns = work.columns(&self.targets)?;
        self.note_rest(&mut work);
        let batch = usable(&mut work, columns, &self.schema)?;
        let report = Report { rows: batch.num_rows() as u64, ..Report::default() };
        self.tally.add(block, work, report)?;
        Ok(batch)
    }

    /// Tells of members that no column is there for: the first records did not have them.
    fn note_rest(&self, work: &mut Work<'_>) {
        let Some(rest) = self.blocks.rest() else { return };
        let block = work.block();
        for row in 0..block.rows() {
            if let Some(members) = block.text(row, rest) {
                let sample = || format!("{} in line {}", cut(&members, 60), block.position(row));
                work.notices.add(Notice::MembersNotKept, sample);
            }
        }
    }
}

/// The columns that a file brings.
fn theirs(table: &TableSchema) -> impl Iterator<Item = &Field> {
    table
        .fields
        .iter()
        .filter(|field| !field.name.starts_with("x_") && !field.name.starts_with('_'))
}

fn targets(fields: &[Field], columns: &[String]) -> Vec<Target> {
    let target = |field: &Field| Target {
        name: field.name.clone(),
        column: columns.iter().position(|column| *column == field.name),
        fallback: None,
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
