//! Questions: small answers come with the job, large ones as Arrow through the Storage Read API.

use std::{collections::HashMap, time::Instant};

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use google_cloud_bigquery_v2::model::{DataFormatOptions, GetQueryResultsResponse};

use super::{
    BigQuery,
    failure::explain,
    jobs::{Ended, Work},
    names::Table,
    results,
    sql::Statement,
    types,
};
use crate::warehouse::{
    Answer, Dataset, Query, Rows, WarehouseError,
    prql::{self, Dialect},
};

/// Rows that are taken with the job; beyond them, or beyond the 10 MB of one page, Arrow is faster.
const INLINE: u32 = 10_000;

impl BigQuery {
    pub(super) async fn ask(
        &self,
        dataset: &Dataset,
        query: &Query,
    ) -> Result<Answer, WarehouseError> {
        let Rows { schema, stats, batches } = self.ask_for_stream(dataset, query).await?;
        Ok(Answer { schema, stats, batches: batches.try_collect().await? })
    }

    pub(super) async fn ask_for_stream(
        &self,
        dataset: &Dataset,
        query: &Query,
    ) -> Result<Rows, WarehouseError> {
        let began = Instant::now();
        let place = self.dataset(dataset);
        let ended = self.run(&self.work(dataset, &place, query)?).await?;
        let page = self.first_page(&ended).await?;
        let stats = ended.stats(began.elapsed());
        let schema = types::schema(page.schema.as_ref().context("an answer without columns")?)?;
        let batches = if page.page_token.is_empty() {
            let batch = results::batch(&page.rows, &schema)?;
            stream::iter([Ok(batch)]).boxed()
        } else {
            let kept = ended.destination().context("an answer is kept nowhere")?;
            let kept = Table {
                project: kept.project_id.clone(),
                dataset: kept.dataset_id.clone(),
                name: kept.table_id.clone(),
            };
            self.read(&kept, schema.clone()).await?
        };
        Ok(Rows { schema, stats, batches })
    }

    /// A query as a job over a dataset.
    pub(super) fn work<'a>(
        &self,
        dataset: &Dataset,
        place: &'a str,
        query: &Query,
    ) -> Result<Work<'a>, WarehouseError> {
        let bound = prql::compile(query, Dialect::BigQuery)?;
        let statement = Statement { sql: bound.sql, params: bound.params.into_iter().collect() };
        let id = format!("{}-{}", query.name, self.0.ids.new_id());
        Ok(Work { id, statement, dataset: Some(place), labels: labels(dataset, query) })
    }

    async fn first_page(&self, ended: &Ended) -> Result<GetQueryResultsResponse, WarehouseError> {
        let request = self.clients().jobs().await?.get_query_results();
        let request = request.set_project_id(self.project()).set_job_id(ended.id());
        let request = request
            .set_location(&self.0.options.location)
            .set_max_results(INLINE)
            .set_format_options(DataFormatOptions::new().set_use_int64_timestamp(true));
        Box::pin(request.send()).await.map_err(explain)
    }
}

/// On whose account a query is. Values are what
/// [labels may be](https://cloud.google.com/bigquery/docs/labels-intro#requirements).
fn labels(dataset: &Dataset, query: &Query) -> HashMap<String, String> {
    let org = match dataset {
        Dataset::System => "system".to_owned(),
        Dataset::Org(slug) => slug.key(),
    };
    let mut labels = HashMap::from([("org".to_owned(), org)]);
    labels.insert("query".to_owned(), label(query.name));
    if let Some(pipeline) = &query.labels.pipeline {
        labels.insert("pipeline".to_owned(), label(pipeline));
    }
    if let Some(run) = &query.labels.run {
        labels.insert("run".to_owned(), run.to_string());
    }
    labels
}

/// At most 63 of `a-z`, `0-9`, `_` and `-`.
fn label(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    text.to_ascii_lowercase().chars().map(allowed).take(63).collect()
}
