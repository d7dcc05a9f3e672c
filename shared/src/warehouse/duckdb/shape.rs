//! Answers in the types that every backend gives: whole numbers as Int64, moments in `+00:00`.

use std::sync::Arc;

use anyhow::Context as _;
use arrow::{
    array::RecordBatch,
    compute::cast,
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
};

use crate::warehouse::WarehouseError;

/// The columns that callers see.
pub(super) fn schema(from: &Schema) -> SchemaRef {
    let field = |field: &Arc<Field>| match wanted(field.data_type()) {
        Some(data) => Arc::new(field.as_ref().clone().with_data_type(data)),
        None => Arc::clone(field),
    };
    Arc::new(Schema::new(from.fields().iter().map(field).collect::<Vec<_>>()))
}

/// The rows that callers see. Columns that are right already are not copied.
pub(super) fn batch(from: &RecordBatch, to: &SchemaRef) -> Result<RecordBatch, WarehouseError> {
    let columns = from.columns().iter().zip(to.fields()).map(|(column, field)| {
        if column.data_type() == field.data_type() {
            return Ok(Arc::clone(column));
        }
        cast(column, field.data_type())
    });
    let columns = columns.collect::<Result<Vec<_>, _>>().context("a column of an answer")?;
    Ok(RecordBatch::try_new(Arc::clone(to), columns).context("an answer")?)
}

/// What a column becomes. Sums of integers are 128 bits wide in DuckDB, and 64 elsewhere; Arrow
/// knows the name `UTC` only with a database of time zones.
fn wanted(data: &DataType) -> Option<DataType> {
    match data {
        DataType::Decimal128(_, 0) | DataType::Int32 => Some(DataType::Int64),
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            Some(DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())))
        }
        _ => None,
    }
}
