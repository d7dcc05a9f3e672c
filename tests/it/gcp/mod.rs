//! Google Cloud Billing exports.

#![expect(clippy::unwrap_used, reason = "what a test needs and cannot have ends it")]

mod files;
mod focus;
mod pipeline;
mod sample;

use std::{io::Write as _, path::Path, sync::Arc};

use arrow::{
    array::{AsArray as _, RecordBatch},
    compute::cast,
    datatypes::{DataType, Decimal128Type},
};
use convergence::{
    configs::Configs,
    decimal::Decimal,
    gcp::billing,
    ingest::{Refused, Reject, TableReader},
    warehouse::{Batches as _, TableSchema},
};
use tempfile::NamedTempFile;

/// The demo's file: 500 synthetic rows.
pub(crate) const SAMPLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/gcp-billing-synthetic-500.csv");

pub(crate) fn raw_schema() -> TableSchema {
    let configs = Configs::embedded();
    let text = configs.get("setup/organization/gcp_billing_raw.json").unwrap();
    serde_json::from_str(text).unwrap()
}

pub(crate) fn open(path: &Path) -> Result<Arc<TableReader>, Refused> {
    let now = "2026-07-01T12:00:00Z".parse().unwrap();
    billing::open(path, &raw_schema(), now).map(Arc::new)
}

/// What was read of a file, and what was not.
struct Read {
    batches: Vec<RecordBatch>,
    rejects: Vec<Reject>,
}

fn read(path: &Path) -> Read {
    let reader = open(path).unwrap();
    let mut batches = Vec::new();
    while let Some(batch) = reader.next().unwrap() {
        batches.push(batch);
    }
    Read { batches, rejects: reader.rejects().unwrap().take(100).unwrap() }
}

fn written(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

impl Read {
    fn texts(&self, name: &str) -> Vec<Option<String>> {
        let column = |batch: &RecordBatch| {
            cast(batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap()
        };
        let columns = self.batches.iter().map(column);
        columns
            .flat_map(|column| {
                let text = |text: Option<&str>| text.map(str::to_owned);
                column.as_string::<i32>().iter().map(text).collect::<Vec<_>>()
            })
            .collect()
    }

    fn amounts(&self, name: &str) -> Vec<Option<Decimal>> {
        let column = |batch: &RecordBatch| batch.column_by_name(name).unwrap().clone();
        let columns = self.batches.iter().map(column);
        columns
            .flat_map(|column| {
                let amount = |value: Option<i128>| value.and_then(Decimal::from_scaled);
                column.as_primitive::<Decimal128Type>().iter().map(amount).collect::<Vec<_>>()
            })
            .collect()
    }
}
