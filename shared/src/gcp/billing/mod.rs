//! Files of a Google Cloud Billing export: standard or detailed usage cost, as CSV, JSON lines or
//! Parquet, nested or flattened.
//!
//! They become rows of `gcp_billing_raw`: each charge is one row, and each of its credits another,
//! so that amounts only ever have to be added. What cannot be said in a query (credits in a list,
//! months in Pacific time, objects of JSON) is said here.

mod extra;
mod flat;
mod period;
mod record;
mod rows;

use std::{path::Path, sync::Arc};

use jiff::Timestamp;

use self::flat::Flat;
use crate::{
    ingest::{self, Limits, Refused, TableReader},
    warehouse::{Field, TableSchema},
};

/// What whoever loads the rows fills in.
const LEFT_OUT: [&str; 2] = ["x_source_id", "x_run_id"];

/// Opens a file as rows of `table`, which is `gcp_billing_raw`. Blocks while it reads.
///
/// # Errors
///
/// Fails where the file cannot be read, or is no billing export.
pub fn open(path: &Path, table: &TableSchema, now: Timestamp) -> Result<TableReader, Refused> {
    let expected: Vec<String> = record::COLUMNS.iter().map(|name| (*name).to_owned()).collect();
    let records = ingest::records(path, &expected, Limits::default())?;
    let brought = |field: &&Field| !LEFT_OUT.contains(&field.name.as_str());
    let fields: Vec<Field> = table.fields.iter().filter(brought).cloned().collect();
    let flat = Flat::new(records, &fields, now)?;
    TableReader::over(Arc::new(flat), &fields)
}
