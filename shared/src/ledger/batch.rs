//! Rows as Arrow, by the schema of their table.

use std::sync::Arc;

use anyhow::Context as _;
use arrow::{
    array::RecordBatch,
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
    json::ReaderBuilder,
};
use serde_json::{Map, Value};

use crate::warehouse::{ColumnType, Mode, TableSchema};

/// A ledger's columns as Arrow has them.
pub(super) struct Table {
    pub(super) schema: TableSchema,
    columns: SchemaRef,
}

impl Table {
    pub(super) fn new(schema: TableSchema) -> Self {
        let field = |field: &crate::warehouse::Field| {
            let kind = kind(field.kind);
            match field.mode {
                Mode::Repeated => {
                    Field::new_list(&field.name, Field::new("item", kind, true), false)
                }
                mode => Field::new(&field.name, kind, mode == Mode::Nullable),
            }
        };
        let columns = schema.fields.iter().map(field).collect::<Vec<_>>();
        Self { columns: Arc::new(Schema::new(columns)), schema }
    }

    /// The rows; fails where one does not fit.
    pub(super) fn batch(&self, rows: &[&Map<String, Value>]) -> anyhow::Result<RecordBatch> {
        let mut decoder = ReaderBuilder::new(self.columns.clone())
            .with_batch_size(rows.len().max(1))
            .with_strict_mode(true)
            .build_decoder()?;
        for row in rows {
            let line = serde_json::to_vec(row)?;
            decoder.decode(&line)?;
        }
        decoder.flush()?.context("no rows")
    }
}

fn kind(of: ColumnType) -> DataType {
    match of {
        ColumnType::String => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Bignumeric => DataType::Decimal128(38, 18),
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())),
    }
}
