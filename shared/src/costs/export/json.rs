//! Rows as JSON objects, one a line or in a list.

use anyhow::Context as _;
use arrow::{
    array::{Array, RecordBatch},
    datatypes::DataType,
};
use serde_json::{Map, Value};

use super::{Encoder, cell};
use crate::costs::JSON;

pub(super) struct Jsonl;

impl Encoder for Jsonl {
    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        for row in 0..batch.num_rows() {
            serde_json::to_writer(&mut out, &object(batch, row)?)?;
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
    out: &mut Vec<Map<String, Value>>,
) -> anyhow::Result<()> {
    for row in 0..batch.num_rows() {
        out.push(object(batch, row)?);
    }
    Ok(())
}

fn object(batch: &RecordBatch, row: usize) -> anyhow::Result<Map<String, Value>> {
    let schema = batch.schema_ref();
    let fields = schema.fields().iter().zip(batch.columns());
    fields
        .map(|(field, column)| Ok((field.name().clone(), value(field.name(), column, row)?)))
        .collect()
}

/// Amounts, days and times are text; columns of JSON are what they say.
fn value(name: &str, column: &dyn Array, row: usize) -> anyhow::Result<Value> {
    if column.is_null(row) {
        return Ok(Value::Null);
    }
    let mut text = String::new();
    cell::write(column, row, &mut text)?;
    Ok(match column.data_type() {
        DataType::Int64 | DataType::Int32 | DataType::Boolean => {
            serde_json::from_str(&text).context("a number cannot be written")?
        }
        _ if JSON.contains(&name) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    })
}
