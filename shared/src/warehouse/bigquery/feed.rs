//! One stream of rows into a table of staged rows, each row exactly once.
//!
//! Every request carries the number of rows before it. Whatever happens to a connection, the request
//! is sent again under the same number: a row that arrived the first time is refused the second.

use std::time::Duration;

use anyhow::anyhow;
use bytes::Bytes;
use google_cloud_bigquery::{
    error::AppendError,
    model::{ArrowRecordBatch, ArrowSchema},
    write::{CommittedWriter, format::Arrow, stream_type::CommittedStream},
};
use google_cloud_gax::error::rpc::Code;

use super::{
    BigQuery,
    failure::{of_append, of_writer},
    names::Table,
    wire::Piece,
};
use crate::{google::Attempts, warehouse::WarehouseError};

/// How often a request is sent before its load fails. A table that was made a moment ago may not be
/// known everywhere for a minute.
const TRIES: u32 = 12;
/// How long one request may take.
const ATTEMPT: Duration = Duration::from_secs(30);

/// A stream.
pub(super) struct Feed {
    to: BigQuery,
    table: Table,
    schema: Bytes,
    /// Its name, once it was opened.
    name: Option<String>,
    writer: Option<CommittedWriter<Arrow>>,
    /// Rows that are in.
    rows: i64,
}

impl Feed {
    pub(super) fn new(to: &BigQuery, table: &Table, schema: Bytes) -> Self {
        let (to, table) = (to.clone(), table.clone());
        Self { to, table, schema, name: None, writer: None, rows: 0 }
    }

    /// Rows that are in.
    pub(super) fn rows(&self) -> u64 {
        self.rows.unsigned_abs()
    }

    /// Sends rows, waiting out what may pass.
    pub(super) async fn send(&mut self, piece: &Piece) -> Result<(), WarehouseError> {
        let mut attempts = Attempts::first(self.to.0.options.storage.waits());
        loop {
            let error = match self.send_once(piece.message.clone()).await {
                Ok(()) => {
                    self.rows += i64::try_from(piece.rows).unwrap_or_default();
                    return Ok(());
                }
                Err(error) => error,
            };
            // The table exists: its writer has just made it.
            let passes =
                matches!(error, WarehouseError::Unavailable(_) | WarehouseError::NoSuchTable(_));
            if !passes || attempts.number() >= TRIES {
                return Err(error);
            }
            self.writer = None;
            attempts.next().await;
        }
    }

    async fn send_once(&mut self, message: Bytes) -> Result<(), WarehouseError> {
        if self.writer.is_none() {
            let writer = self.open().await?;
            self.name = Some(writer.write_stream().to_owned());
            self.writer = Some(writer);
        }
        let Some(writer) = &self.writer else { return Ok(()) };
        let rows = ArrowRecordBatch::new().set_serialized_record_batch(message);
        let sent = writer.append(rows).set_offset(self.rows).send();
        match tokio::time::timeout(ATTEMPT, sent).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if is_in(&error) => Ok(()),
            Ok(Err(error)) => Err(of_append(error, &self.table)),
            Err(_) => Err(WarehouseError::Unavailable(anyhow!("BigQuery takes no rows for now"))),
        }
    }

    async fn open(&self) -> Result<CommittedWriter<Arrow>, WarehouseError> {
        let client = self.to.clients().write().await?;
        let stream = match &self.name {
            Some(name) => client.attach_to_stream::<CommittedStream>(name),
            None => client.create_stream::<CommittedStream>(self.table.path()),
        };
        let head = ArrowSchema::new().set_serialized_schema(self.schema.clone());
        Box::pin(stream.build_arrow(head)).await.map_err(|error| of_writer(error, &self.table))
    }
}

/// Whether the rows are in already: an answer got lost.
fn is_in(error: &AppendError) -> bool {
    let AppendError::Rpc { source, .. } = error else { return false };
    source.status().is_some_and(|status| status.code == Code::AlreadyExists)
}
