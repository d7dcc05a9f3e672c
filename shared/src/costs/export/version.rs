//! Columns as an older version of FOCUS names them.

use std::sync::Arc;

use anyhow::Context as _;
use arrow::{
    array::{ArrayRef, AsArray as _, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use futures::StreamExt as _;
use serde_json::{Map, Value};

use crate::{
    costs::Columns,
    focus::Version,
    warehouse::{Field as Column, Rows},
};

const PROVIDER: &str = "ProviderName";
const PUBLISHER: &str = "PublisherName";
/// Where a publisher is that is not the provider.
const EXTRA: &str = "x_extra";

/// A column of a file, and ours that it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::costs) struct Selected<'a> {
    pub(super) name: &'a str,
    pub(super) field: &'a Column,
}

impl Selected<'_> {
    pub(super) fn prql(&self) -> String {
        format!("{} = {}", self.name, self.field.name)
    }
}

/// What to select for a version: its own columns and nothing of ours, or else all that we keep.
/// Before 1.4 there are `ProviderName`, which is our `ServiceProviderName`, and `PublisherName`,
/// which is in `x_extra` where it differs; [`with_publishers`] makes it a column.
pub(in crate::costs) fn select(columns: &Columns, version: Option<Version>) -> Vec<Selected<'_>> {
    let mut selected: Vec<_> = columns
        .fields()
        .iter()
        .filter(|field| match version {
            Some(version) => columns.has(&field.name, version),
            None => field.name != "x_run_id",
        })
        .map(|field| Selected { name: &field.name, field })
        .collect();
    if is_old(version) {
        for (name, ours) in [(PROVIDER, "ServiceProviderName"), (EXTRA, EXTRA)] {
            let field = columns.fields().iter().find(|field| field.name == ours);
            selected.extend(field.map(|field| Selected { name, field }));
        }
    }
    selected
}

/// Whether the version has columns that 1.4 has no more.
pub(super) fn is_old(version: Option<Version>) -> bool {
    version.is_some_and(|version| version < Version::V1_4)
}

/// The rows with `PublisherName` in the place of `x_extra`.
pub(super) fn with_publishers(rows: Rows) -> Rows {
    let schema = schema(&rows.schema);
    let to = SchemaRef::clone(&schema);
    let batches = rows.batches.map(move |batch| Ok(publishers(&batch?, &to)?)).boxed();
    Rows { schema, stats: rows.stats, batches }
}

fn schema(schema: &Schema) -> SchemaRef {
    let column = |field: &Arc<Field>| match field.name().as_str() {
        EXTRA => Arc::new(Field::new(PUBLISHER, DataType::Utf8, true)),
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(column).collect::<Vec<_>>()))
}

fn publishers(batch: &RecordBatch, to: &SchemaRef) -> anyhow::Result<RecordBatch> {
    let text = |name: &str| -> anyhow::Result<ArrayRef> {
        let column = batch.column_by_name(name).with_context(|| format!("no column `{name}`"))?;
        Ok(cast(column, &DataType::Utf8)?)
    };
    let (extra, provider) = (text(EXTRA)?, text(PROVIDER)?);
    let rows = extra.as_string::<i32>().iter().zip(provider.as_string::<i32>());
    let publishers: StringArray = rows
        .map(|(extra, provider)| extra.and_then(publisher).or(provider.map(str::to_owned)))
        .collect();
    let publishers: ArrayRef = Arc::new(publishers);
    let column = |(field, column): (&Arc<Field>, &ArrayRef)| match field.name().as_str() {
        EXTRA => Arc::clone(&publishers),
        _ => Arc::clone(column),
    };
    let from = batch.schema_ref().fields().iter().zip(batch.columns());
    Ok(RecordBatch::try_new(SchemaRef::clone(to), from.map(column).collect())?)
}

fn publisher(extra: &str) -> Option<String> {
    let extra: Map<String, Value> = serde_json::from_str(extra).ok()?;
    extra.get(PUBLISHER)?.as_str().map(str::to_owned)
}
