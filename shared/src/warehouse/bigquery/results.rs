//! The first page of an answer, which comes as JSON: every value is text.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use arrow::{
    array::{
        ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListBuilder,
        RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
    },
    datatypes::{DataType, SchemaRef},
};
use google_cloud_wkt::Struct;
use jiff::civil::Date;
use serde_json::Value;

use crate::{decimal::Decimal, warehouse::WarehouseError};

/// Rows as a batch.
pub(super) fn batch(rows: &[Struct], schema: &SchemaRef) -> Result<RecordBatch, WarehouseError> {
    let columns = schema.fields().iter().enumerate().map(|(at, field)| {
        let cells = rows.iter().map(move |row| cell(row, at));
        column(cells, field.data_type()).with_context(|| format!("column `{}`", field.name()))
    });
    let columns = columns.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns).context("rows of BigQuery")?)
}

/// `{"f": [{"v": …}, …]}`
fn cell(row: &Struct, at: usize) -> Option<&Value> {
    row.get("f")?.get(at)?.get("v")
}

fn column<'a>(
    cells: impl Iterator<Item = Option<&'a Value>>,
    to: &DataType,
) -> anyhow::Result<ArrayRef> {
    if let DataType::List(_) = to {
        return texts(cells);
    }
    let cells = cells.map(text);
    macro_rules! build {
        ($builder:expr, $parse:expr) => {{
            let mut builder = $builder;
            for cell in cells {
                match cell? {
                    Some(text) => builder.append_value($parse(text)?),
                    None => builder.append_null(),
                }
            }
            Ok(Arc::new(builder.finish()) as ArrayRef)
        }};
    }
    match to {
        DataType::Utf8 => build!(StringBuilder::new(), anyhow::Ok),
        DataType::Int64 => build!(Int64Builder::new(), str::parse::<i64>),
        DataType::Boolean => build!(BooleanBuilder::new(), str::parse::<bool>),
        DataType::Date32 => build!(Date32Builder::new(), day),
        DataType::Decimal128(..) => {
            build!(Decimal128Builder::new().with_data_type(to.clone()), amount)
        }
        DataType::Timestamp(..) => {
            build!(TimestampMicrosecondBuilder::new().with_data_type(to.clone()), moment)
        }
        other => Err(anyhow!("{other} is no type of an answer")),
    }
}

fn text(cell: Option<&Value>) -> anyhow::Result<Option<&str>> {
    match cell {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(anyhow!("a value is not text")),
    }
}

fn texts<'a>(cells: impl Iterator<Item = Option<&'a Value>>) -> anyhow::Result<ArrayRef> {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for cell in cells {
        for item in cell.and_then(Value::as_array).into_iter().flatten() {
            lists.values().append_option(text(item.get("v"))?);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

fn day(text: &str) -> anyhow::Result<i32> {
    let epoch = Date::constant(1970, 1, 1);
    Ok(epoch.until(text.parse::<Date>()?)?.get_days())
}

/// Digits that are more than `DECIMAL(38,18)` has are refused, not rounded.
fn amount(text: &str) -> anyhow::Result<i128> {
    let reading = Decimal::read(text.as_bytes())?;
    anyhow::ensure!(!reading.rounded, "the amount {text} has more than 18 decimals");
    Ok(reading.value.scaled())
}

/// Microseconds since 1970, as was asked for.
fn moment(text: &str) -> anyhow::Result<i64> {
    text.parse().with_context(|| format!("`{text}` is no moment"))
}
