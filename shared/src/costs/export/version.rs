//! Columns as an older version of FOCUS names them.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;
use arrow::{
    array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray},
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

/// Where a column that we keep no more is, if it said something else than the one that we keep.
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

/// What to select for a version: its own columns and nothing of ours, in the order of their names, as
/// FOCUS lists them; or else all that we keep. Columns that we keep no more are those that say the
/// same today, until [`with_dropped`] has looked into `x_extra`, which is selected for it.
pub(in crate::costs) fn select(columns: &Columns, version: Option<Version>) -> Vec<Selected<'_>> {
    let ours = |name: &str| columns.fields().iter().find(|field| field.name == name);
    let Some(version) = version else {
        let kept = columns.fields().iter().filter(|field| field.name != "x_run_id");
        return kept.map(|field| Selected { name: &field.name, field }).collect();
    };
    let its = columns.fields().iter().filter(|field| columns.has(&field.name, version));
    let mut selected: Vec<_> = its.map(|field| Selected { name: &field.name, field }).collect();
    for dropped in columns.dropped(version) {
        let field = ours(&dropped.now);
        selected.extend(field.map(|field| Selected { name: &dropped.name, field }));
    }
    selected.sort_by_key(|column| column.name);
    if columns.dropped(version).next().is_some() {
        selected.extend(ours(EXTRA).map(|field| Selected { name: EXTRA, field }));
    }
    selected
}

/// The rows of a version: columns that we keep no more as they were delivered, and no `x_extra`.
pub(super) fn with_dropped(rows: Rows, columns: &Columns, version: Version) -> Rows {
    let dropped: Vec<_> = columns.dropped(version).map(|column| column.name.clone()).collect();
    if dropped.is_empty() {
        return rows;
    }
    let schema = schema(&rows.schema, &dropped);
    let to = SchemaRef::clone(&schema);
    let batches = rows.batches.map(move |batch| Ok(restored(&batch?, &to, &dropped)?)).boxed();
    Rows { schema, stats: rows.stats, batches }
}

fn schema(schema: &Schema, dropped: &[String]) -> SchemaRef {
    let kept = schema.fields().iter().filter(|field| field.name() != EXTRA);
    let column = |field: &Arc<Field>| {
        if dropped.contains(field.name()) {
            Arc::new(Field::new(field.name(), DataType::Utf8, true))
        } else {
            Arc::clone(field)
        }
    };
    Arc::new(Schema::new(kept.map(column).collect::<Vec<_>>()))
}

/// A batch without `x_extra`, and with what that says of columns that we keep no more.
fn restored(
    batch: &RecordBatch,
    to: &SchemaRef,
    dropped: &[String],
) -> anyhow::Result<RecordBatch> {
    let extra = batch.column_by_name(EXTRA).context("no column `x_extra`")?;
    let extra = cast(extra, &DataType::Utf8)?;
    let mut delivered = delivered(extra.as_string(), dropped);
    let column = |field: &Arc<Field>| -> anyhow::Result<ArrayRef> {
        let name = field.name();
        let column = batch.column_by_name(name).with_context(|| format!("no column `{name}`"))?;
        let Some(at) = dropped.iter().position(|it| it == name) else {
            return Ok(Arc::clone(column));
        };
        let today = cast(column, &DataType::Utf8)?;
        let rows = today.as_string::<i32>().iter().enumerate();
        let texts = rows
            .map(|(row, today)| delivered.remove(&(row, at)).or_else(|| today.map(str::to_owned)));
        Ok(Arc::new(texts.collect::<StringArray>()))
    };
    let columns = to.fields().iter().map(column).collect::<anyhow::Result<_>>()?;
    Ok(RecordBatch::try_new(SchemaRef::clone(to), columns)?)
}

/// What `x_extra` says, by row and column.
fn delivered(extra: &StringArray, dropped: &[String]) -> HashMap<(usize, usize), String> {
    let mut found = HashMap::new();
    for row in (0..extra.len()).filter(|row| extra.is_valid(*row)) {
        let Ok(members) = serde_json::from_str::<Map<String, Value>>(extra.value(row)) else {
            continue;
        };
        for (at, name) in dropped.iter().enumerate() {
            let text = members.get(name).and_then(Value::as_str);
            found.extend(text.map(|text| ((row, at), text.to_owned())));
        }
    }
    found
}
