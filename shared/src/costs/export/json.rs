//! Rows as JSON objects, one a line or in a list.

use std::sync::Arc;

use anyhow::Context as _;
use arrow::{
    array::{Array, RecordBatch},
    datatypes::{DataType, Field},
};
use serde_json::{Map, Value};

use super::{Encoder, cell};
use crate::costs::Columns;

pub(super) struct Jsonl(pub(super) Columns);

impl Encoder for Jsonl {
    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<Vec<u8>> {
        let (mut objects_here, mut out) = (Vec::new(), Vec::new());
        objects(batch, &self.0, &mut objects_here)?;
        for object in objects_here {
            serde_json::to_writer(&mut out, &object)?;
            out.push(b'\n');
        }
        Ok(out)
    }

    fn finish(self: Box<Self>) -> anyhow::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

/// Appends every row of a batch.
pub(in crate::costs) fn objects(
    batch: &RecordBatch,
    columns: &Columns,
    out: &mut Vec<Map<String, Value>>,
) -> anyhow::Result<()> {
    let schema = batch.schema_ref();
    let named = |field: &Arc<Field>| (field.name().clone(), columns.is_json(field.name()));
    let named: Vec<_> = schema.fields().iter().map(named).collect();
    for row in 0..batch.num_rows() {
        let mut object = Map::new();
        for ((name, json), column) in named.iter().zip(batch.columns()) {
            object.insert(name.clone(), value(*json, column, row)?);
        }
        out.push(object);
    }
    Ok(())
}

/// Amounts, days and times are text; columns of JSON are what they say.
fn value(json: bool, column: &dyn Array, row: usize) -> anyhow::Result<Value> {
    if column.is_null(row) {
        return Ok(Value::Null);
    }
    let mut text = String::new();
    cell::write(column, row, &mut text)?;
    Ok(match column.data_type() {
        DataType::Int64 | DataType::Int32 | DataType::Boolean => {
            serde_json::from_str(&text).context("a number cannot be written")?
        }
        _ if json => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    })
}
