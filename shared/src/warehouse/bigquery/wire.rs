//! Batches in the form of the Storage APIs: Arrow IPC messages without their frame.

use std::sync::Arc;

use anyhow::Context as _;
use arrow::{
    array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray},
    buffer::Buffer,
    compute::cast,
    datatypes::{DataType, Decimal128Type, Field as Column, Schema, SchemaRef, TimeUnit},
    ipc::{
        reader::StreamDecoder,
        writer::{
            DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions, write_message,
        },
    },
};
use bytes::Bytes;

use super::decimals::{WIDE, narrow, widen};
use crate::warehouse::{ColumnType, Field, Mode, WarehouseError, fit};

/// Batches on their way into a table.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    table: String,
    schema: SchemaRef,
    /// Of the columns of the batches; the constants follow.
    required: Vec<bool>,
    constants: Vec<String>,
}

impl Outgoing {
    /// Of batches with the columns of `incoming`, which fit the table's `fields`.
    pub(super) fn new(
        table: &str,
        fields: &[Field],
        incoming: &Schema,
        constants: &[(&str, String)],
    ) -> Self {
        let find = |name: &str| fields.iter().find(|field| field.name == name);
        let sent = incoming.fields().iter().filter_map(|column| find(column.name()));
        let required = sent.clone().map(|field| field.mode == Mode::Required).collect();
        let mut columns: Vec<Column> = sent.map(column).collect();
        columns.extend(constants.iter().map(|(name, _)| Column::new(*name, DataType::Utf8, true)));
        let constants = constants.iter().map(|(_, value)| value.clone()).collect();
        let schema = Arc::new(Schema::new(columns));
        Self { table: table.to_owned(), schema, required, constants }
    }

    /// The schema as a message.
    pub(super) fn schema_message(&self) -> Result<Bytes, WarehouseError> {
        let (options, mut tracker) = (IpcWriteOptions::default(), DictionaryTracker::new(false));
        let data = IpcDataGenerator::default().schema_to_bytes_with_dictionary_tracker(
            &self.schema,
            &mut tracker,
            &options,
        );
        let mut message = Vec::new();
        write_message(&mut message, data, &options).context("a schema as Arrow")?;
        Ok(message.into())
    }

    /// A batch with the types that BigQuery takes, and the constants.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Incompatible`] where a required value is null.
    pub(super) fn shape(&self, batch: &RecordBatch) -> Result<RecordBatch, WarehouseError> {
        let mut columns = Vec::with_capacity(self.schema.fields().len());
        for (at, (column, field)) in batch.columns().iter().zip(self.schema.fields()).enumerate() {
            if self.required[at] && column.null_count() > 0 {
                let why = format!("column `{}` is required, and null in a row", field.name());
                return Err(fit::misfit(&self.table, &why));
            }
            columns.push(outgoing(column, field.data_type())?);
        }
        for value in &self.constants {
            let same = std::iter::repeat_n(Some(value), batch.num_rows());
            columns.push(Arc::new(same.collect::<StringArray>()));
        }
        let shaped = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        Ok(shaped.context("rows as BigQuery takes them")?)
    }
}

/// Bytes of one request: the API takes 10 MB, and several requests are in memory at once.
const LIMIT: usize = 4 << 20;

/// Rows that go into one request.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) message: Bytes,
    pub(super) rows: usize,
}

/// A shaped batch as messages of a size that BigQuery takes.
///
/// # Errors
///
/// [`WarehouseError::Incompatible`] where one row alone is too large.
pub(super) fn pieces(table: &str, batch: &RecordBatch) -> Result<Vec<Piece>, WarehouseError> {
    let (mut pieces, mut left) = (Vec::new(), vec![batch.clone()]);
    while let Some(batch) = left.pop() {
        let (message, rows) = (message(&batch)?, batch.num_rows());
        if message.len() <= LIMIT {
            pieces.push(Piece { message, rows });
        } else if rows > 1 {
            let (some, half) = (rows / 2, rows - rows / 2);
            left.extend([batch.slice(some, half), batch.slice(0, some)]);
        } else {
            return Err(fit::misfit(table, &format!("a row has {} bytes", message.len())));
        }
    }
    Ok(pieces)
}

fn message(batch: &RecordBatch) -> Result<Bytes, WarehouseError> {
    let (options, mut tracker) = (IpcWriteOptions::default(), DictionaryTracker::new(false));
    let data = IpcDataGenerator::default().encode(
        batch,
        &mut tracker,
        &options,
        &mut IpcWriteContext::default(),
    );
    let (_, data) = data.context("rows as Arrow")?;
    let mut message = Vec::new();
    write_message(&mut message, data, &options).context("rows as Arrow")?;
    Ok(message.into())
}

fn column(field: &Field) -> Column {
    let item = match field.kind {
        ColumnType::String => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Bignumeric => DataType::Decimal256(WIDE.0, WIDE.1),
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    };
    let list = field.mode == Mode::Repeated;
    Column::new(&field.name, if list { DataType::new_list(item, true) } else { item }, true)
}

fn outgoing(column: &ArrayRef, to: &DataType) -> Result<ArrayRef, WarehouseError> {
    match (column.data_type(), to) {
        (from, to) if from == to => Ok(Arc::clone(column)),
        (DataType::Decimal128(..), DataType::Decimal256(..)) => {
            Ok(Arc::new(widen(column.as_primitive::<Decimal128Type>())?))
        }
        _ => Ok(cast(column, to).context("a column as BigQuery takes it")?),
    }
}

/// Batches on their way out.
pub(super) struct Incoming {
    decoder: StreamDecoder,
    schema: SchemaRef,
}

/// What ends a stream of messages: some senders end the schema's with it already.
const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

impl Incoming {
    /// Messages under a schema message; batches get the columns of `schema`.
    pub(super) fn new(message: &[u8], schema: SchemaRef) -> Result<Self, WarehouseError> {
        let mut decoder = StreamDecoder::new();
        let message = message.strip_suffix(&END).unwrap_or(message);
        decoder.decode(&mut Buffer::from(message)).context("a schema of BigQuery")?;
        Ok(Self { decoder, schema })
    }

    /// The batch of a message.
    pub(super) fn batch(&mut self, message: Bytes) -> Result<RecordBatch, WarehouseError> {
        let batch = self.decoder.decode(&mut Buffer::from(message)).context("rows of BigQuery")?;
        let batch = batch.context("BigQuery sent half a batch")?;
        let columns = batch.columns().iter().zip(self.schema.fields());
        let columns = columns.map(|(column, field)| incoming(column, field.data_type()));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let shaped = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        Ok(shaped.context("rows of BigQuery")?)
    }
}

fn incoming(column: &ArrayRef, to: &DataType) -> Result<ArrayRef, WarehouseError> {
    match (column.data_type(), to) {
        (from, to) if from == to => Ok(Arc::clone(column)),
        (DataType::Decimal128(..) | DataType::Decimal256(..), DataType::Decimal128(..)) => {
            Ok(Arc::new(narrow(column)?))
        }
        _ => Ok(cast(column, to).context("a column of BigQuery")?),
    }
}
