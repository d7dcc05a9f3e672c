//! Questions and their answers, whole or as they come.

use std::{sync::Arc, time::Instant};

use arrow::{
    array::RecordBatch,
    datatypes::{Schema, SchemaRef},
};
use duckdb::{Connection, ParamsFromIter, params_from_iter, types::Value};
use futures::StreamExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use super::{
    catalog, names,
    pool::{self, Interrupt, Pool},
    shape,
};
use crate::warehouse::{Answer, ParamValue, QueryStats, Rows, WarehouseError, prql::Bound};

/// Batches that wait for a slow reader of a stream.
const AHEAD: usize = 2;

/// Makes tables without a schema those of this dataset.
pub(super) fn enter(connection: &Connection, schema: &str) -> Result<(), WarehouseError> {
    catalog::require(connection, schema)?;
    Ok(connection.execute_batch(&format!("USE {}", names::quote(schema)))?)
}

/// The values of a query, for binding; the SQL casts each to its type.
pub(super) fn values(query: &Bound) -> ParamsFromIter<Vec<Value>> {
    params_from_iter(query.params.iter().map(|(_, param)| value(param)).collect())
}

fn value(param: &ParamValue) -> Value {
    match param {
        ParamValue::Date(day) => Value::Text(day.to_string()),
        ParamValue::Timestamp(moment) => Value::Text(moment.to_string()),
        ParamValue::Decimal(amount) => Value::Text(amount.to_string()),
        ParamValue::String(text) => Value::Text(text.clone()),
        ParamValue::Int(number) => Value::BigInt(*number),
        ParamValue::Bool(truth) => Value::Boolean(*truth),
        ParamValue::StringArray(texts) => {
            Value::List(texts.iter().cloned().map(Value::Text).collect())
        }
        ParamValue::Null(_) => Value::Null,
    }
}

/// The columns that a query returns.
pub(super) fn schema(connection: &Connection, query: &Bound) -> Result<Schema, WarehouseError> {
    let sql = format!("SELECT * FROM ({}) LIMIT 0", query.sql);
    let mut statement = connection.prepare(&sql)?;
    let none = statement.stream_arrow(values(query))?;
    Ok(none.get_schema().as_ref().clone())
}

pub(super) fn all(
    connection: &Connection,
    schema: &str,
    query: &Bound,
) -> Result<Answer, WarehouseError> {
    let began = Instant::now();
    enter(connection, schema)?;
    let mut statement = connection.prepare(&query.sql)?;
    let rows = statement.stream_arrow(values(query))?;
    let schema = shape::schema(&rows.get_schema());
    let shaped = rows.map(|batch| shape::batch(&batch?, &schema));
    let batches = shaped.collect::<Result<Vec<_>, _>>()?;
    let stats = QueryStats { duration: began.elapsed(), ..QueryStats::default() };
    Ok(Answer { schema, batches, stats })
}

type Item = Result<RecordBatch, WarehouseError>;

/// Starts a query; at most a few batches are in memory at once. Dropping the stream ends it.
///
/// Its connection is not pooled: an interrupt that comes late must not meet somebody else's call.
pub(super) async fn stream(
    pool: Arc<Pool>,
    schema: String,
    query: Bound,
) -> Result<Rows, WarehouseError> {
    let began = Instant::now();
    let (head, columns) = oneshot::channel();
    let (batches, received) = mpsc::channel(AHEAD);
    let connection = pool::blocking(move || pool.take()).await?;
    let guard = Interrupt::new(&connection);
    let work = pool::blocking(move || send(&connection, &schema, &query, head, &batches));
    let work = tokio::spawn(work);
    if let Ok(schema) = columns.await {
        let stats = QueryStats { duration: began.elapsed(), ..QueryStats::default() };
        let guarded = ReceiverStream::new(received).map(move |batch| {
            let _held = &guard;
            batch
        });
        return Ok(Rows { schema, stats, batches: guarded.boxed() });
    }
    // It failed before it had columns.
    match work.await {
        Ok(Err(error)) => Err(error),
        Ok(Ok(())) => Err(WarehouseError::Other(anyhow::anyhow!("a query gave no columns"))),
        Err(error) => Err(WarehouseError::Other(error.into())),
    }
}

fn send(
    connection: &Connection,
    schema: &str,
    query: &Bound,
    head: oneshot::Sender<SchemaRef>,
    to: &mpsc::Sender<Item>,
) -> Result<(), WarehouseError> {
    enter(connection, schema)?;
    let mut statement = connection.prepare(&query.sql)?;
    let rows = statement.stream_arrow(values(query))?;
    let schema = shape::schema(&rows.get_schema());
    if head.send(Arc::clone(&schema)).is_err() {
        return Ok(());
    }
    for batch in rows {
        let batch = batch.map_err(WarehouseError::from);
        if to.blocking_send(batch.and_then(|batch| shape::batch(&batch, &schema))).is_err() {
            return Ok(());
        }
    }
    Ok(())
}
