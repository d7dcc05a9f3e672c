//! What a question would read, without asking it.

use anyhow::Context as _;
use google_cloud_bigquery_v2::model::Job;
use google_cloud_gax::options::RequestOptionsBuilder as _;

use super::{BigQuery, failure::explain};
use crate::warehouse::{Dataset, Query, WarehouseError};

impl BigQuery {
    /// The bytes that a question would process at most, by a
    /// [dry run](https://cloud.google.com/bigquery/docs/running-queries#dry-run): it costs nothing,
    /// and knows partitions and columns, not clusters.
    ///
    /// # Errors
    ///
    /// As for the question itself.
    pub async fn bytes_of(&self, dataset: &Dataset, query: &Query) -> Result<u64, WarehouseError> {
        let place = self.dataset(dataset);
        let mut work = self.work(dataset, &place, query)?;
        work.id = format!("dry-run-{}", self.0.ids.new_id());
        let job = Job::new()
            .set_job_reference(self.reference(&work.id))
            .set_configuration(self.configuration(&work).set_dry_run(true));
        let request = self.clients().jobs().await?.insert_job();
        let request = request.set_project_id(self.project()).set_job(job);
        let sent = Box::pin(request.with_idempotency(true).send()).await;
        let statistics = sent.map_err(explain)?.statistics.context("a dry run without figures")?;
        let bytes = statistics.total_bytes_processed.unwrap_or_default();
        Ok(u64::try_from(bytes).unwrap_or_default())
    }
}
