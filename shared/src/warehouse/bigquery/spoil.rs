//! A job that must not be done any more: its id is used up, or it is stopped and waited for.

use std::collections::{BTreeMap, HashMap};

use google_cloud_gax::options::RequestOptionsBuilder as _;

use super::{
    BigQuery,
    failure::{explain, is_duplicate},
    jobs::{Work, does_nothing},
    sql::{NOTHING, Statement},
};
use crate::warehouse::WarehouseError;

impl BigQuery {
    /// Says whether the job was done.
    pub(super) async fn spoil_job(&self, id: &str) -> Result<bool, WarehouseError> {
        let statement = Statement { sql: NOTHING.to_owned(), params: BTreeMap::new() };
        let (labels, rows) = (HashMap::new(), 0);
        let work = Work { id: id.to_owned(), statement, dataset: None, labels, rows };
        match self.insert(&work).await? {
            // Whoever sends a job under this id from now on is told that there is one.
            Ok(_) => Ok(false),
            Err(error) if is_duplicate(&error) => self.stop(id).await,
            Err(error) => Err(explain(error)),
        }
    }

    /// Ends a job, and says how it ended.
    async fn stop(&self, id: &str) -> Result<bool, WarehouseError> {
        let Some(job) = self.job(id).await? else { return Ok(false) };
        if does_nothing(&job) {
            return Ok(false);
        }
        if job.status.as_ref().is_none_or(|status| status.state != "DONE") {
            let request = self.clients().jobs().await?.cancel_job();
            let request = request.set_project_id(self.project()).set_job_id(id);
            let request = request.set_location(&self.0.options.location);
            // To stop it twice is to stop it.
            Box::pin(request.with_idempotency(true).send()).await.map_err(explain)?;
        }
        let (job, _) = self.settle(job, 0).await?;
        Ok(job.status.is_none_or(|status| status.error_result.is_none()))
    }
}
