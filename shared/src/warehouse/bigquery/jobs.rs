//! Jobs: statements under ids of ours, run once, whatever happens to the calls.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context as _, anyhow};
use google_cloud_bigquery_v2::model::{
    DataFormatOptions, DatasetReference, ErrorProto, GetQueryResultsResponse, Job,
    JobConfiguration, JobConfigurationQuery, JobReference, QueryParameter,
};
use google_cloud_gax::{error::Error, options::RequestOptionsBuilder as _};

use super::{
    BigQuery,
    ended::Ended,
    failure::{explain, is_duplicate, is_missing, missed_something, of_job},
    params::parameter,
    sql::{NOTHING, Statement},
};
use crate::{google::Attempts, warehouse::WarehouseError};

/// How long one call waits for a job to end.
const PATIENCE: Duration = Duration::from_secs(25);
/// Jobs that are run for one question at most.
const TRIES: u32 = 3;

/// Labels of a job.
pub(super) type Labels = HashMap<String, String>;

/// What is to be run.
#[derive(Debug, Clone)]
pub(super) struct Work<'a> {
    /// The job's id.
    pub(super) id: String,
    pub(super) statement: Statement,
    /// Where tables without a dataset are.
    pub(super) dataset: Option<&'a str>,
    /// On whose account.
    pub(super) labels: Labels,
    /// How many rows of its answer are taken with its end.
    pub(super) rows: u32,
}

/// A job that ended, well or not, and what was seen of its answer meanwhile.
pub(super) type Settled = (Box<Job>, Option<Box<GetQueryResultsResponse>>);

impl BigQuery {
    /// Runs a job to its end, and another where BigQuery gave it up for a reason that may pass. The
    /// id of a failed job says so for ever: each has another.
    pub(super) async fn run(&self, work: &Work<'_>) -> Result<Ended, WarehouseError> {
        let mut attempts = Attempts::first(self.0.options.rest.waits());
        loop {
            let number = attempts.number();
            let id = if number == 1 { work.id.clone() } else { format!("{}-{number}", work.id) };
            match self.attempt(&Work { id, ..work.clone() }).await? {
                Err(WarehouseError::Unavailable(_)) if number < TRIES => {
                    attempts.next().await;
                }
                ended => return ended,
            }
        }
    }

    /// Runs one job to its end. An id that was used before is that job.
    pub(super) async fn run_once(&self, work: &Work<'_>) -> Result<Ended, WarehouseError> {
        self.attempt(work).await?
    }

    /// How one job ended, or why that is not known.
    async fn attempt(
        &self,
        work: &Work<'_>,
    ) -> Result<Result<Ended, WarehouseError>, WarehouseError> {
        let job = Box::pin(self.submit(work)).await?;
        let (job, answer) = Box::pin(self.settle(job, work.rows)).await?;
        match job.status.as_ref().and_then(|status| status.error_result.as_ref()) {
            None => Ok(Ok(Ended { job, answer })),
            Some(error) => Ok(Err(self.explain_job(work, error).await)),
        }
    }

    async fn submit(&self, work: &Work<'_>) -> Result<Box<Job>, WarehouseError> {
        match self.insert(work).await? {
            Ok(job) => Ok(job),
            Err(error) if is_duplicate(&error) => self.ours(work).await,
            Err(error) if is_missing(&error) => {
                let message = error.status().map(|status| status.message.clone());
                let reason = "notFound".to_owned();
                let missing = ErrorProto::new().set_reason(reason);
                Err(self.explain_job(work, &missing.set_message(message.unwrap_or_default())).await)
            }
            Err(error) => Err(explain(error)),
        }
    }

    /// Sends a job. The id makes it safe to send again: the second is told that there is one already.
    pub(super) async fn insert(
        &self,
        work: &Work<'_>,
    ) -> Result<Result<Box<Job>, Error>, WarehouseError> {
        let job = Job::new()
            .set_job_reference(self.reference(&work.id))
            .set_configuration(self.configuration(work));
        let request = self.clients().jobs().await?.insert_job();
        let request = request.set_project_id(self.project()).set_job(job);
        Ok(Box::pin(request.with_idempotency(true).send()).await.map(Box::new))
    }

    /// The job under the id, unless somebody spoiled the id before it could be used.
    async fn ours(&self, work: &Work<'_>) -> Result<Box<Job>, WarehouseError> {
        let job = self.job(&work.id).await?.context("a job is there and is not")?;
        if does_nothing(&job) {
            let taken = anyhow!("the job `{}` was taken over by another writer", work.id);
            return Err(WarehouseError::Unavailable(taken));
        }
        Ok(job)
    }

    pub(super) fn configuration(&self, work: &Work<'_>) -> JobConfiguration {
        let Statement { sql, params } = &work.statement;
        let params = params.iter().map(|(name, value)| parameter(name, value));
        let params: Vec<QueryParameter> = params.collect();
        let mut query = JobConfigurationQuery::new()
            .set_query(sql)
            .set_use_legacy_sql(false)
            .set_maximum_bytes_billed(self.0.options.max_bytes_billed);
        if !params.is_empty() {
            query = query.set_parameter_mode("NAMED").set_query_parameters(params);
        }
        if let Some(dataset) = work.dataset {
            let named = DatasetReference::new().set_project_id(self.project());
            query = query.set_default_dataset(named.set_dataset_id(dataset));
        }
        JobConfiguration::new().set_labels(work.labels.clone()).set_query(query)
    }

    pub(super) fn reference(&self, id: &str) -> JobReference {
        let reference = JobReference::new().set_project_id(self.project()).set_job_id(id);
        reference.set_location(&self.0.options.location)
    }

    /// A job by its id; `None` where there is none.
    pub(super) async fn job(&self, id: &str) -> Result<Option<Box<Job>>, WarehouseError> {
        let request = self.clients().jobs().await?.get_job();
        let request = request.set_project_id(self.project()).set_job_id(id);
        match Box::pin(request.set_location(&self.0.options.location).send()).await {
            Ok(job) => Ok(Some(Box::new(job))),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(explain(error)),
        }
    }

    /// Waits for a job's end, good or bad. The call that waits brings so many rows of its answer.
    pub(super) async fn settle(
        &self,
        mut job: Box<Job>,
        rows: u32,
    ) -> Result<Settled, WarehouseError> {
        let mut answer = None;
        loop {
            if job.status.as_ref().is_some_and(|status| status.state == "DONE") {
                return Ok((job, answer));
            }
            let id = job.job_reference.as_ref().map(|reference| reference.job_id.clone());
            let id = id.context("a job has no id")?;
            // Answers when the job ends. Whether that was well, the job itself says.
            match self.results(&id, rows).await? {
                Ok(waited) => answer = waited.job_complete.unwrap_or_default().then_some(waited),
                Err(error) if error.http_status_code().is_none() => return Err(explain(error)),
                Err(_) => {}
            }
            job = self.job(&id).await?.context("a job is gone")?;
        }
    }

    /// So many rows of a job's answer, when it has one; without them after a while.
    pub(super) async fn results(
        &self,
        id: &str,
        rows: u32,
    ) -> Result<Result<Box<GetQueryResultsResponse>, Error>, WarehouseError> {
        let request = self.clients().jobs().await?.get_query_results();
        let millis = u32::try_from(PATIENCE.as_millis()).unwrap_or(u32::MAX);
        let request = request
            .set_project_id(self.project())
            .set_job_id(id)
            .set_location(&self.0.options.location)
            .set_max_results(rows)
            .set_timeout_ms(millis)
            .set_format_options(DataFormatOptions::new().set_use_int64_timestamp(true));
        Ok(Box::pin(request.send()).await.map(Box::new))
    }

    /// What a failure means; a table that is missing for want of its dataset is told as such.
    async fn explain_job(&self, work: &Work<'_>, error: &ErrorProto) -> WarehouseError {
        if let (true, Some(dataset)) = (missed_something(error), work.dataset)
            && let Err(missing) = self.require_dataset(dataset).await
        {
            return missing;
        }
        of_job(error)
    }
}

/// Whether a job is one that spoiled its id.
pub(super) fn does_nothing(job: &Job) -> bool {
    let query = job.configuration.as_ref().and_then(|it| it.query.as_ref());
    query.is_some_and(|query| query.query == NOTHING)
}
