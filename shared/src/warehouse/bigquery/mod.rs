//! BigQuery behind the trait: a dataset per organization, rows in and out as Arrow.
//!
//! Rows come in by the Storage Write API and go out by the Storage Read API; everything else is a
//! job whose statement is made in [`sql`].

mod append;
mod clients;
mod columns;
mod datasets;
pub mod decimals;
mod dry_run;
mod ended;
mod failure;
mod feed;
mod jobs;
mod names;
mod options;
mod params;
mod query;
mod read;
mod results;
mod shape;
mod spoil;
pub mod sql;
mod stage;
mod staged;
mod tables;
mod types;
mod views;
mod wire;

use std::{collections::BTreeMap, fmt, sync::Arc};

use arrow::array::RecordBatch;
use async_trait::async_trait;

pub use self::options::BigQueryOptions;
use self::{clients::Clients, columns::Columns};
use super::{
    Answer, Applied, Batches, Dataset, Description, Query, Rows, Staged, TableSchema, ViewSchema,
    Warehouse, WarehouseError,
};
use crate::ids::Ids;

/// Datasets of one project. Clients are made on first use.
#[derive(Clone)]
pub struct BigQuery(Arc<Shared>);

struct Shared {
    options: BigQueryOptions,
    clients: Clients,
    columns: Columns,
    ids: Arc<dyn Ids>,
}

impl BigQuery {
    /// Names the project; nothing is asked of the service yet.
    #[must_use]
    pub fn new(options: BigQueryOptions, ids: Arc<dyn Ids>) -> Self {
        let clients = Clients::new(options.rest.clone(), options.storage.clone());
        Self(Arc::new(Shared { options, clients, columns: Columns::default(), ids }))
    }

    fn clients(&self) -> &Clients {
        &self.0.clients
    }

    fn project(&self) -> &str {
        &self.0.options.project
    }

    /// The id of a dataset.
    fn dataset(&self, dataset: &Dataset) -> String {
        match dataset {
            Dataset::System => "organizations".to_owned(),
            Dataset::Org(slug) => slug.dataset(self.0.options.env),
        }
    }
}

impl fmt::Debug for BigQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BigQuery").field("project", &self.project()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Warehouse for BigQuery {
    async fn create_dataset(
        &self,
        dataset: &Dataset,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError> {
        self.make_dataset(&self.dataset(dataset), labels).await
    }

    async fn dataset_labels(
        &self,
        dataset: &Dataset,
    ) -> Result<Option<BTreeMap<String, String>>, WarehouseError> {
        self.labels_of(&self.dataset(dataset)).await
    }

    async fn describe(&self, dataset: &Dataset) -> Result<Description, WarehouseError> {
        self.tables_of(&self.dataset(dataset)).await
    }

    async fn apply_table(
        &self,
        dataset: &Dataset,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        self.grow(dataset, schema).await
    }

    async fn apply_view(&self, dataset: &Dataset, view: &ViewSchema) -> Result<(), WarehouseError> {
        self.make_view(dataset, view).await
    }

    async fn append(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: RecordBatch,
    ) -> Result<(), WarehouseError> {
        self.add(&self.table(&self.dataset(dataset), table), &rows).await
    }

    async fn stage(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        let target = self.table(&self.dataset(dataset), table);
        Ok(Box::new(self.stage_rows(dataset, target, rows, constants).await?))
    }

    async fn stage_query(
        &self,
        dataset: &Dataset,
        query: &Query,
        table: &str,
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        let target = self.table(&self.dataset(dataset), table);
        Ok(Box::new(self.stage_answer(dataset, query, target).await?))
    }

    async fn query(&self, dataset: &Dataset, query: &Query) -> Result<Answer, WarehouseError> {
        self.ask(dataset, query).await
    }

    async fn stream(&self, dataset: &Dataset, query: &Query) -> Result<Rows, WarehouseError> {
        self.ask_for_stream(dataset, query).await
    }

    async fn spoil(&self, job: &str) -> Result<bool, WarehouseError> {
        self.spoil_job(job).await
    }

    async fn drop_dataset(&self, dataset: &Dataset) -> Result<(), WarehouseError> {
        self.remove_dataset(&self.dataset(dataset)).await
    }

    async fn ping(&self) -> Result<(), WarehouseError> {
        self.list_one_dataset().await
    }
}
