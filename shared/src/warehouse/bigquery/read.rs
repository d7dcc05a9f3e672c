//! Large answers, by the Storage Read API.

use anyhow::Context as _;
use arrow::{array::RecordBatch, datatypes::SchemaRef};
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use google_cloud_bigquery::{
    model::{DataFormat, ReadSession},
    read::Reader,
};
use google_cloud_gax::options::RequestOptionsBuilder as _;

use super::{BigQuery, failure::explain, names::Table, wire::Incoming};
use crate::{google::policy, warehouse::WarehouseError};

type Batches = BoxStream<'static, Result<RecordBatch, WarehouseError>>;

struct Reading {
    rows: Reader,
    decoder: Incoming,
}

impl BigQuery {
    /// All rows of a table, in its order: one stream keeps that of a sorted answer.
    pub(super) async fn read(
        &self,
        table: &Table,
        schema: SchemaRef,
    ) -> Result<Batches, WarehouseError> {
        let client = self.clients().read().await?;
        let wanted = ReadSession::new().set_data_format(DataFormat::Arrow).set_table(table.path());
        let request = client
            .create_read_session()
            .set_parent(format!("projects/{}", self.project()))
            .set_max_stream_count(1)
            .set_read_session(wanted);
        // A second session is only forgotten.
        let request = request.with_idempotency(true);
        let session = Box::pin(request.send()).await.map_err(explain)?;
        let Some(stream) = session.streams.first() else { return Ok(stream::empty().boxed()) };
        let head = session.arrow_schema().context("a session without a schema")?;
        let decoder = Incoming::new(&head.serialized_schema, schema)?;
        let rows = client.read_rows().set_read_stream(&stream.name).into_reader();
        let reading = Reading { rows: rows.with_retry_policy(policy()), decoder };
        Ok(stream::try_unfold(reading, next).boxed())
    }
}

/// The next batch. A broken connection goes on after the last row that came.
async fn next(mut reading: Reading) -> Result<Option<(RecordBatch, Reading)>, WarehouseError> {
    while let Some(response) = Box::pin(reading.rows.next()).await {
        let response = response.map_err(explain)?;
        if let Some(message) = response.arrow_record_batch() {
            let batch = reading.decoder.batch(message.serialized_record_batch.clone())?;
            return Ok(Some((batch, reading)));
        }
    }
    Ok(None)
}
