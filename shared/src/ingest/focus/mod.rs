//! FOCUS files of any version, as rows of FOCUS 1.4.

mod extra;
mod header;
mod rows;

use std::{path::Path, sync::Arc};

use arrow::{
    array::RecordBatch,
    datatypes::{DataType, Field, Schema, SchemaRef},
};

use self::header::Header;
use super::{
    Block, Blocks, Limits, Refused, Rejects, Report,
    notices::Notices,
    tally::Tally,
    typed::{Target, Work, usable},
};
use crate::{
    focus::{Model, Version},
    warehouse::Batches,
};

/// How to read a FOCUS file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The version, where the file does not show it.
    pub version: Option<Version>,
    /// How much is read at a time.
    pub limits: Limits,
}

/// A FOCUS file as checked batches: the FOCUS 1.4 columns that it has, then `x_billing_month`,
/// `x_charge_date` and `x_extra`. Rows that cannot be used are kept aside.
pub struct FocusReader {
    blocks: Arc<dyn Blocks>,
    header: Header,
    schema: SchemaRef,
    tally: Tally,
}

impl FocusReader {
    /// Opens a file of any format.
    ///
    /// # Errors
    ///
    /// Fails where it cannot be read, is not FOCUS, or lacks an indispensable column.
    pub fn open(path: &Path, model: &Model, options: Options) -> Result<Self, Refused> {
        let expected = header::expected(model);
        Self::new(super::records(path, &expected, options.limits)?, model, options.version)
    }

    /// Reads records.
    ///
    /// # Errors
    ///
    /// As [`FocusReader::open`].
    pub fn new(
        blocks: Arc<dyn Blocks>,
        model: &Model,
        version: Option<Version>,
    ) -> Result<Self, Refused> {
        let mut notices = Notices::default();
        let header = Header::read(&*blocks, model, version, &mut notices)?;
        let mut fields: Vec<_> = header.targets.iter().map(Target::field).collect();
        fields.push(Field::new("x_billing_month", DataType::Date32, false));
        fields.push(Field::new("x_charge_date", DataType::Date32, false));
        fields.push(Field::new("x_extra", DataType::Utf8View, true));
        Ok(Self {
            blocks,
            header,
            schema: Arc::new(Schema::new(fields)),
            tally: Tally::new(notices),
        })
    }

    /// The version of the file: as told, or as its columns show.
    #[must_use]
    pub fn version(&self) -> Version {
        self.header.version
    }

    /// Bytes of the (unzipped) input that were read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.tally.bytes_read()
    }

    /// What was found so far; final when the input has ended.
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

    /// The usable rows of a block.
    fn batch(&self, block: &Block) -> anyhow::Result<RecordBatch> {
        let mut work = Work::new(block);
        let targets = &self.header.targets;
        let mut columns = work.columns(targets)?;
        columns.extend(rows::days(&mut work, targets, &columns)?);
        columns.push(extra::column(&mut work, &self.header.extra)?);
        let batch = usable(&mut work, columns, &self.schema)?;
        self.tally.add(block, work, rows::report(&batch)?)?;
        Ok(batch)
    }
}

impl Batches for FocusReader {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        self.blocks.next()?.map(|block| self.batch(&block)).transpose()
    }
}
