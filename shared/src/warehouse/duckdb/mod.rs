//! DuckDB behind the trait: one database file, a schema per dataset.
//!
//! DuckDB blocks, so every call runs on the runtime's blocking threads, on a connection of a small
//! pool. A call whose caller goes away is interrupted.

mod ask;
mod catalog;
mod failure;
mod history;
mod load;
mod names;
mod pool;
mod scan;
mod shape;
mod staged;
mod tables;
mod types;

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use tokio::sync::Semaphore;

use self::{history::History, pool::Pool};
use super::{
    Answer, Applied, Batches, Dataset, Description, Fixed, Query, Rows, Staged, TableSchema,
    ViewSchema, Warehouse, WarehouseError,
};
use crate::org::Env;

/// Loads that run at once; each uses all of DuckDB's threads.
const LOADS: usize = 2;

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct DuckDbOptions {
    /// The database file; spill files go to `{path}.tmp`.
    pub path: PathBuf,
    /// The suffix of organizations' datasets.
    pub env: Env,
    /// As in `200MB`: what queries may hold before they spill. The process needs about as much again
    /// while it imports.
    pub memory_limit: String,
    /// Worker threads for all queries together.
    pub threads: u16,
}

/// A database file. It belongs to one process, even for reading.
#[derive(Clone)]
pub struct DuckDb {
    env: Env,
    pool: Arc<Pool>,
    history: Arc<History>,
    loads: Arc<Semaphore>,
}

impl DuckDb {
    /// Opens or makes the file, and sweeps what a process before this one has spilled.
    ///
    /// # Errors
    ///
    /// Fails where another process has the file open, or it is no database of this version.
    pub fn open(options: &DuckDbOptions) -> Result<Self, WarehouseError> {
        let pool = Arc::new(Pool::open(options)?);
        pool.with(catalog::prepare)?;
        let loads = Arc::new(Semaphore::new(LOADS));
        Ok(Self { env: options.env, pool, history: Arc::default(), loads })
    }

    /// The version of the library, as in `v1.5.6`.
    ///
    /// # Errors
    ///
    /// Fails where the library does not answer.
    pub fn library_version(&self) -> Result<String, WarehouseError> {
        self.pool.with(|connection| Ok(connection.version()?))
    }

    fn schema(&self, dataset: &Dataset) -> String {
        names::schema(dataset, self.env)
    }
}

impl fmt::Debug for DuckDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DuckDb").field("env", &self.env).finish_non_exhaustive()
    }
}

#[async_trait]
impl Warehouse for DuckDb {
    async fn create_dataset(
        &self,
        dataset: &Dataset,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError> {
        let (schema, labels) = (self.schema(dataset), labels.clone());
        let _ddl = self.history.ddl().await;
        self.pool.run(move |connection| catalog::create(connection, &schema, &labels)).await
    }

    async fn dataset_labels(
        &self,
        dataset: &Dataset,
    ) -> Result<Option<BTreeMap<String, String>>, WarehouseError> {
        let schema = self.schema(dataset);
        self.pool.run(move |connection| catalog::labels(connection, &schema)).await
    }

    async fn describe(&self, dataset: &Dataset) -> Result<Description, WarehouseError> {
        let schema = self.schema(dataset);
        self.pool.run(move |connection| catalog::describe(connection, &schema)).await
    }

    async fn apply_table(
        &self,
        dataset: &Dataset,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        let (place, table) = (self.schema(dataset), schema.clone());
        let plan = {
            let (place, table) = (place.clone(), table.clone());
            self.pool.run(move |connection| tables::plan(connection, &place, &table)).await?
        };
        if plan == Applied::Unchanged {
            return Ok(plan);
        }
        // Nobody writes to the table while it changes, and it is looked at again.
        let key = names::table(&place, &table.name);
        let _alone = self.history.alone(&key).await;
        let _ddl = self.history.ddl().await;
        self.pool.run(move |connection| tables::apply(connection, &place, &table)).await
    }

    async fn apply_view(&self, dataset: &Dataset, view: &ViewSchema) -> Result<(), WarehouseError> {
        let (schema, view) = (self.schema(dataset), view.clone());
        let _ddl = self.history.ddl().await;
        self.pool.run(move |connection| tables::apply_view(connection, &schema, &view)).await
    }

    async fn append(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: RecordBatch,
    ) -> Result<(), WarehouseError> {
        let (schema, table) = (self.schema(dataset), table.to_owned());
        let _shared = self.history.shared(&names::table(&schema, &table)).await;
        let rows: Arc<dyn Batches> = Arc::new(Fixed::new(rows.schema(), vec![rows]));
        let insert = load::Insert { schema, table, constants: Vec::new() };
        self.pool.run(move |connection| insert.rows(connection, rows).map(drop)).await
    }

    async fn stage(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        let constants =
            constants.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let insert =
            load::Insert { schema: self.schema(dataset), table: table.to_owned(), constants };
        self.begin(insert, |insert, connection| insert.rows(connection, rows)).await
    }

    async fn stage_query(
        &self,
        dataset: &Dataset,
        query: &Query,
        table: &str,
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        let query = super::prql::compile(query, super::prql::Dialect::DuckDb)?;
        let (schema, table) = (self.schema(dataset), table.to_owned());
        let insert = load::Insert { schema, table, constants: Vec::new() };
        self.begin(insert, move |insert, connection| insert.query(connection, &query)).await
    }

    async fn query(&self, dataset: &Dataset, query: &Query) -> Result<Answer, WarehouseError> {
        let query = super::prql::compile(query, super::prql::Dialect::DuckDb)?;
        let schema = self.schema(dataset);
        self.pool.run(move |connection| ask::all(connection, &schema, &query)).await
    }

    async fn stream(&self, dataset: &Dataset, query: &Query) -> Result<Rows, WarehouseError> {
        let query = super::prql::compile(query, super::prql::Dialect::DuckDb)?;
        ask::stream(Arc::clone(&self.pool), self.schema(dataset), query).await
    }

    async fn drop_dataset(&self, dataset: &Dataset) -> Result<(), WarehouseError> {
        let schema = self.schema(dataset);
        let _ddl = self.history.ddl().await;
        self.pool.run(move |connection| catalog::drop(connection, &schema)).await
    }

    async fn ping(&self) -> Result<(), WarehouseError> {
        self.pool.run(|connection| Ok(connection.execute_batch("SELECT 1")?)).await
    }
}
