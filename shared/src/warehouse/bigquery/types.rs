//! Column types: of schemas, of BigQuery, and of Arrow.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef, TimeUnit};
use google_cloud_bigquery_v2::model::{TableFieldSchema, TableSchema};

use crate::{
    decimal::{PRECISION, SCALE},
    warehouse::{ColumnType, Field, Mode, WarehouseError},
};

/// Moments as every backend answers them: Arrow knows the name `UTC` only with a database of time
/// zones.
const ZONE: &str = "+00:00";

/// The column that BigQuery is asked to make.
pub(super) fn column(field: &Field) -> TableFieldSchema {
    let column = TableFieldSchema::new()
        .set_name(&field.name)
        .set_type(name(field.kind))
        .set_mode(mode(field.mode))
        .set_description(&field.description);
    match field.kind {
        ColumnType::Bignumeric => {
            column.set_precision(i64::from(PRECISION)).set_scale(i64::from(SCALE))
        }
        _ => column,
    }
}

/// The type of a column in the REST API.
fn name(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::String => "STRING",
        ColumnType::Integer => "INTEGER",
        ColumnType::Bignumeric => "BIGNUMERIC",
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Nullable => "NULLABLE",
        Mode::Required => "REQUIRED",
        Mode::Repeated => "REPEATED",
    }
}

/// The column that BigQuery's catalogue describes; `None` for a type that is not ours.
pub(super) fn field(column: &TableFieldSchema) -> Option<Field> {
    Some(Field {
        name: column.name.clone(),
        kind: kind(&column.r#type)?,
        mode: match column.mode.as_str() {
            "REQUIRED" => Mode::Required,
            "REPEATED" => Mode::Repeated,
            _ => Mode::Nullable,
        },
        description: column.description.clone().unwrap_or_default(),
    })
}

/// Both the REST API's old names and SQL's.
fn kind(name: &str) -> Option<ColumnType> {
    Some(match name {
        "STRING" => ColumnType::String,
        "INTEGER" | "INT64" => ColumnType::Integer,
        // NUMERIC's 38 digits with 9 after the point fit as far as ours do.
        "BIGNUMERIC" | "NUMERIC" => ColumnType::Bignumeric,
        "BOOLEAN" | "BOOL" => ColumnType::Boolean,
        "DATE" => ColumnType::Date,
        "TIMESTAMP" => ColumnType::Timestamp,
        _ => return None,
    })
}

/// The columns of an answer as callers see them.
///
/// # Errors
///
/// Names a column of a type that none of our queries should return.
pub(super) fn schema(of: &TableSchema) -> Result<SchemaRef, WarehouseError> {
    let column = |column: &TableFieldSchema| {
        let Some(field) = field(column) else {
            let what = format!("column `{}` is a {}", column.name, column.r#type);
            return Err(WarehouseError::Query(what));
        };
        Ok(Column::new(&field.name, arrow(&field), true))
    };
    Ok(Arc::new(Schema::new(of.fields.iter().map(column).collect::<Result<Vec<_>, _>>()?)))
}

/// The type of a column in Arrow, as callers see it.
fn arrow(field: &Field) -> DataType {
    let item = match field.kind {
        ColumnType::String => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Bignumeric => DataType::Decimal128(PRECISION, SCALE.cast_signed()),
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(ZONE.into())),
    };
    if field.mode == Mode::Repeated { DataType::new_list(item, true) } else { item }
}
