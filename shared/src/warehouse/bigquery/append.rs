//! A few rows at a time, by a table's default stream: readable at once, at least once.

use std::time::Duration;

use arrow::array::RecordBatch;
use bytes::Bytes;
use google_cloud_bigquery::{
    model::{ArrowRecordBatch, ArrowSchema},
    write::{DefaultWriter, format::Arrow},
};
use tokio::time::Instant;

use super::{
    BigQuery,
    failure::{of_append, of_writer},
    names::Table,
    wire::{Outgoing, pieces},
};
use crate::{
    google::policy,
    warehouse::{WarehouseError, fit},
};

/// How long rows wait for a table that was made a moment ago and is not known everywhere yet. Whoever
/// appends keeps its rows and comes again.
const YOUNG: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(500);
/// How long one call may take.
const ATTEMPT: Duration = Duration::from_secs(20);

impl BigQuery {
    /// Adds rows to a table.
    pub(super) async fn add(
        &self,
        table: &Table,
        rows: &RecordBatch,
    ) -> Result<(), WarehouseError> {
        let outgoing = self.outgoing(table, rows).await?;
        let (schema, shaped) = (outgoing.schema_message()?, outgoing.shape(rows)?);
        for piece in pieces(&table.name, &shaped)? {
            let began = Instant::now();
            while let Err(error) = self.send(table, &schema, piece.message.clone()).await {
                let missing = matches!(error, WarehouseError::NoSuchTable(_));
                if !missing {
                    return Err(error);
                }
                self.0.columns.forget(table);
                self.columns_of(table).await?;
                if began.elapsed() > YOUNG {
                    let young = format!("table `{}` does not take rows yet", table.name);
                    return Err(WarehouseError::Unavailable(anyhow::anyhow!(young)));
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    /// How the rows are sent, if they fit. Columns that were remembered may be too few by now.
    async fn outgoing(
        &self,
        table: &Table,
        rows: &RecordBatch,
    ) -> Result<Outgoing, WarehouseError> {
        let incoming = rows.schema();
        if let Some(fields) = self.0.columns.get(table)
            && fit::check(&table.name, &fields, &incoming, &[]).is_ok()
        {
            return Ok(Outgoing::new(&table.name, &fields, &incoming, &[]));
        }
        let fields = self.0.columns.put(table, self.columns_of(table).await?);
        fit::check(&table.name, &fields, &incoming, &[])?;
        Ok(Outgoing::new(&table.name, &fields, &incoming, &[]))
    }

    async fn send(&self, table: &Table, schema: &Bytes, rows: Bytes) -> Result<(), WarehouseError> {
        let stream = self.clients().write().await?.open_default_stream(table.path());
        let stream = stream
            .with_retry_policy(policy())
            .with_backoff_policy(self.0.options.storage.waits().backoff())
            .with_attempt_timeout(ATTEMPT);
        let head = ArrowSchema::new().set_serialized_schema(schema.clone());
        let writer: DefaultWriter<Arrow> =
            Box::pin(stream.build_arrow(head)).await.map_err(|error| of_writer(error, table))?;
        let rows = ArrowRecordBatch::new().set_serialized_record_batch(rows);
        match writer.append(rows).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(of_append(error, table)),
        }
    }
}
