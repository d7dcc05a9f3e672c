//! How steps read the run's file: opened away from the async threads, loaded, and what was found
//! of it told.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use arrow::{array::RecordBatch, datatypes::SchemaRef};

use super::{Meter, Replaces, StepContext, StepError};
use crate::{
    ingest::{FocusReader, Refused, Rejects, Report, TableReader},
    runs::{Severity, StepStatus},
    warehouse::Batches,
};

/// What reads a file.
pub trait FileReader: Batches + 'static {
    /// Bytes of the (unzipped) file that were read so far.
    fn bytes_read(&self) -> u64;
    /// What was found; final when the file has ended.
    fn report(&self) -> Report;
    /// The rows that cannot be used.
    ///
    /// # Errors
    ///
    /// Fails where they cannot be read back.
    fn rejects(&self) -> anyhow::Result<Rejects>;
    /// Columns of ours that have one value in all rows, beside those of every table.
    fn constants(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

macro_rules! file_reader {
    ($reader:ty $(, $constants:item)?) => {
        impl FileReader for $reader {
            fn bytes_read(&self) -> u64 {
                self.bytes_read()
            }
            fn report(&self) -> Report {
                self.report()
            }
            fn rejects(&self) -> anyhow::Result<Rejects> {
                self.rejects()
            }
            $($constants)?
        }
    };
}

file_reader!(TableReader);
file_reader!(
    FocusReader,
    fn constants(&self) -> Vec<(&'static str, String)> {
        vec![("x_focus_version", self.version().to_string())]
    }
);

/// A reader that says how far it is.
struct Counted<R> {
    reader: Arc<R>,
    meter: Arc<Meter>,
}

impl<R: FileReader> Batches for Counted<R> {
    fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        let batch = self.reader.next();
        self.meter.set_bytes(self.reader.bytes_read());
        batch
    }
}

impl StepContext<'_> {
    /// Reads the run's file into the step's table: replaces the part of it that the file's rows
    /// are of, and keeps the rows that cannot be used.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or is refused, and as [`StepContext::load`].
    pub async fn read_file<R: FileReader>(
        &self,
        replaces: Replaces,
        open: impl FnOnce(&Path) -> Result<R, Refused> + Send + 'static,
    ) -> Result<StepStatus, StepError> {
        let input = self.input()?;
        let ticket = self.begin(self.step().processor.table().unwrap_or_default()).await?;
        let path = input.path().to_owned();
        let opened = tokio::task::spawn_blocking(move || open(&path)).await;
        let reader = Arc::new(opened.context("opening a file panicked")??);
        let rows = Arc::new(Counted { reader: reader.clone(), meter: self.meter() });
        let constants = reader.constants();
        let status = self.load(ticket, rows, &constants, replaces).await?;
        if status == StepStatus::Completed {
            self.tell(&reader.report());
            self.keep_rejected(reader.rejects()?).await?;
        }
        Ok(status)
    }

    /// What was read in spite of how it was written.
    fn tell(&self, report: &Report) {
        for notice in &report.notices {
            let message = format!("{}, as in `{}`", notice.message, notice.sample);
            self.find(Severity::Notice, notice.kind, notice.count, message);
        }
        if report.currencies.len() > 1 {
            let currencies: Vec<_> = report.currencies.keys().map(String::as_str).collect();
            let message =
                format!("the file is in {}; no total adds them up", currencies.join(", "));
            self.find(Severity::Notice, "several_currencies", report.rows, message);
        }
    }
}
