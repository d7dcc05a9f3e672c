//! Reading files: exactly, or with a reason.

mod blocks;
mod conformance;
mod formats;
mod imported;
mod notices;
mod refusals;
mod rejects;
mod row_groups;
mod sample;
mod versions;

use std::{
    io::Cursor,
    path::Path,
    sync::{Arc, LazyLock},
};

use arrow::{
    array::RecordBatch,
    compute::cast,
    datatypes::{DataType, TimeUnit},
};
use convergence::{
    configs::Configs,
    focus::{Model, Version},
    ingest::{FocusReader, Limits, Options, Refused, Reject, Report, from_reader},
    warehouse::Batches as _,
};

/// Where the repository is.
fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Read once: property tests need it thousands of times.
fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(&Configs::embedded()).unwrap());
    &MODEL
}

fn limits(block: usize) -> Limits {
    Limits { block, ..Limits::default() }
}

/// A reader over a text.
fn over(text: impl Into<Vec<u8>>, limits: Limits) -> Result<FocusReader, Refused> {
    new(text.into(), limits, None)
}

/// A reader over a text that is said to be of a version.
fn told(text: &str, version: Version) -> Result<FocusReader, Refused> {
    new(text.into(), Limits::default(), Some(version))
}

fn new(text: Vec<u8>, limits: Limits, version: Option<Version>) -> Result<FocusReader, Refused> {
    let expected: Vec<_> = model().columns.iter().map(|column| column.name.clone()).collect();
    let blocks = from_reader(Box::new(Cursor::new(text)), &expected, limits)?;
    FocusReader::new(blocks, model(), version)
}

/// A reader over a file of the repository.
fn file(path: &str) -> Result<FocusReader, Refused> {
    FocusReader::open(&repository().join(path), model(), Options::default())
}

/// Everything that a reader gives.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    version: Version,
    batch: RecordBatch,
    report: Report,
    rejects: Vec<Reject>,
}

/// Reads to the end.
fn read(reader: FocusReader) -> anyhow::Result<Read> {
    let reader = Arc::new(reader);
    let mut batches = Vec::new();
    while let Some(batch) = reader.next()? {
        batches.push(batch);
    }
    let batch = arrow::compute::concat_batches(&reader.schema(), &batches)?;
    let rejects = reader.rejects()?.take(usize::MAX)?;
    Ok(Read { version: reader.version(), batch, report: reader.report(), rejects })
}

impl Read {
    /// A column as text, `~` for null.
    fn column(&self, name: &str) -> Vec<String> {
        let column = self.batch.column_by_name(name).unwrap_or_else(|| panic!("no {name}"));
        let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
        let column = match column.data_type() {
            DataType::Timestamp(_, _) => &cast(column, &utc).unwrap(),
            _ => column,
        };
        let options = arrow::util::display::FormatOptions::default().with_null("~");
        let format = arrow::util::display::ArrayFormatter::try_new(column, &options).unwrap();
        (0..column.len()).map(|row| format.value(row).to_string()).collect()
    }

    /// Rejected rows, a line each.
    fn refused(&self) -> String {
        let lines =
            self.rejects.iter().map(|reject| format!("{}: {}", reject.row_number, reject.reason));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Notices about values, a line each.
    fn notices(&self) -> String {
        let lines = self
            .report
            .notices
            .iter()
            .filter(|notice| notice.kind != "mandatory_column_missing")
            .map(|notice| format!("{} × {}: {}", notice.count, notice.kind, notice.sample));
        lines.collect::<Vec<_>>().join("\n")
    }
}
