//! Questions: small answers come with the job, large ones as Arrow through the Storage Read API.

use std::time::Instant;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use google_cloud_bigquery_v2::model::GetQueryResultsResponse;
use sha2::{Digest as _, Sha256};

use super::{
    BigQuery,
    ended::Ended,
    failure::explain,
    jobs::{Labels, Work},
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
        let work = Work { rows: INLINE, ..self.work(dataset, &place, query)? };
        let mut ended = self.run(&work).await?;
        let page = self.first_page(&mut ended).await?;
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
        let id = self.id_of(query, &statement);
        Ok(Work { id, statement, dataset: Some(place), labels: labels(dataset, query), rows: 0 })
    }

    /// The id of a query's job. That of a step's query follows from what it asks and in which try,
    /// so that it can be found again; nobody else's question is ever the same as another.
    fn id_of(&self, query: &Query, statement: &Statement) -> String {
        let name = plain(query.name);
        match (&query.labels.run, &query.labels.step) {
            (Some(run), Some(step)) => {
                let hash = Sha256::digest(format!("{statement:?}"));
                format!("{name}-{run}-{}-{}", plain(step), hex::encode(&hash[..8]))
            }
            _ => format!("{name}-{}", self.0.ids.new_id()),
        }
    }

    /// What came with the job's end, unless it had ended when it was sent.
    async fn first_page(
        &self,
        ended: &mut Ended,
    ) -> Result<Box<GetQueryResultsResponse>, WarehouseError> {
        match ended.answer.take() {
            Some(answer) => Ok(answer),
            None => self.results(ended.id(), INLINE).await?.map_err(explain),
        }
    }
}

/// On whose account a query is. Values are what
/// [labels may be](https://cloud.google.com/bigquery/docs/labels-intro#requirements).
fn labels(dataset: &Dataset, query: &Query) -> Labels {
    let mut labels = whose(dataset);
    labels.insert("query".to_owned(), label(query.name));
    if let Some(pipeline) = &query.labels.pipeline {
        labels.insert("pipeline".to_owned(), label(pipeline));
    }
    if let Some(run) = &query.labels.run {
        labels.insert("run".to_owned(), run.to_string());
    }
    labels
}

/// On whose account anything about a dataset is.
pub(super) fn whose(dataset: &Dataset) -> Labels {
    let org = match dataset {
        Dataset::System => "system".to_owned(),
        Dataset::Org(slug) => slug.key(),
    };
    Labels::from([("org".to_owned(), org)])
}

/// At most 63 of `a-z`, `0-9`, `_` and `-`.
fn label(text: &str) -> String {
    plain(text).chars().take(63).collect()
}

/// As in labels and in the ids of jobs.
fn plain(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    text.to_ascii_lowercase().chars().map(allowed).collect()
}
