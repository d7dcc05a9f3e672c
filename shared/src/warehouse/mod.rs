//! Where organizations' tables live: BigQuery on Google Cloud, DuckDB embedded.
//!
//! The trait speaks of what the product does (apply a table, replace a scope, ask a query), not of
//! SQL, so each backend keeps its dialect to itself. All pass
//! [`crate::testing::warehouse_suite`].

mod absent;
mod batches;
#[cfg(feature = "google")]
pub mod bigquery;
#[cfg(feature = "embedded")]
pub mod duckdb;
mod error;
#[cfg(any(feature = "embedded", feature = "google"))]
mod fit;
#[cfg(any(feature = "embedded", feature = "google"))]
mod growth;
pub mod meter;
pub mod prql;
mod query;
mod schema;
mod scope;

use std::{collections::BTreeMap, fmt, sync::Arc};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use async_trait::async_trait;
use futures::stream::BoxStream;

pub use self::{
    absent::AbsentWarehouse,
    batches::{Batches, Fixed},
    error::WarehouseError,
    query::{Labels, ParamType, ParamValue, Query, QueryStats},
    schema::{ColumnType, Field, Mode, TableSchema, ViewSchema},
    scope::{Scope, ScopePart, SourceId},
};
use crate::org::OrgSlug;

/// Whose tables. Every call takes one: there is no way to ask for everybody's rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Dataset {
    /// The 15 tables of the deployment.
    System,
    /// An organization's tables.
    Org(OrgSlug),
}

/// What a call to [`Warehouse::apply_table`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The table was not there.
    Created,
    /// It lacked these columns; none, where it lacked only rules of its partitions.
    Updated(Vec<String>),
    /// It was as it should be.
    Unchanged,
}

/// The columns of each table of a dataset that exist.
pub type Description = BTreeMap<String, Vec<Field>>;

/// What a replace did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replaced {
    /// Rows that are new in the scope.
    pub inserted: u64,
    /// Rows that were in the scope before.
    pub deleted: u64,
}

/// Rows of a query, in memory.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Columns and their types.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
    /// What it cost.
    pub stats: QueryStats,
}

/// Rows of a query, as they come.
pub struct Rows {
    /// Columns and their types.
    pub schema: SchemaRef,
    /// What it cost, as far as is known before the rows are read.
    pub stats: QueryStats,
    /// The rows.
    pub batches: BoxStream<'static, Result<RecordBatch, WarehouseError>>,
}

/// Rows that are in the warehouse, checked and typed, but not visible yet. Dropping it discards them.
#[async_trait]
pub trait Staged: Send {
    /// How many rows were staged.
    fn rows(&self) -> u64;

    /// What it cost to stage them, where a query computed them.
    fn stats(&self) -> QueryStats;

    /// Makes the staged rows visible and deletes all older rows of `scope`: both or neither.
    async fn replace(self: Box<Self>, scope: &Scope) -> Result<Replaced, WarehouseError>;

    /// As [`Staged::replace`], by a job of this name: [`Warehouse::spoil`] keeps it from being done.
    /// Backends whose work ends with the process need no name.
    #[expect(clippy::must_use_candidate, reason = "a future is that already")]
    async fn replace_as(
        self: Box<Self>,
        scope: &Scope,
        _job: &str,
    ) -> Result<Replaced, WarehouseError> {
        self.replace(scope).await
    }
}

/// A place to keep tables.
#[async_trait]
pub trait Warehouse: Send + Sync + fmt::Debug {
    /// Makes the dataset, or does nothing where it exists. Labels are set only when it is made.
    async fn create_dataset(
        &self,
        dataset: &Dataset,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError>;

    /// The labels of a dataset; `None` where it does not exist.
    async fn dataset_labels(
        &self,
        dataset: &Dataset,
    ) -> Result<Option<BTreeMap<String, String>>, WarehouseError>;

    /// The tables that exist with their columns; empty where the dataset does not exist.
    async fn describe(&self, dataset: &Dataset) -> Result<Description, WarehouseError>;

    /// Makes the table or adds the columns it lacks.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Incompatible`] where a column would have to go, or change type or mode.
    async fn apply_table(
        &self,
        dataset: &Dataset,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError>;

    /// Makes the view, or makes it again: all its tables together, with explicit columns.
    async fn apply_view(&self, dataset: &Dataset, view: &ViewSchema) -> Result<(), WarehouseError>;

    /// Adds a few rows (ledgers). Columns are matched by name; absent ones are null.
    async fn append(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: RecordBatch,
    ) -> Result<(), WarehouseError>;

    /// Loads rows for a replace whose scope is known only once they have been read. Columns are
    /// matched by name; absent ones are null; `constants` are text columns with the same value in
    /// every row.
    async fn stage(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
    ) -> Result<Box<dyn Staged>, WarehouseError>;

    /// As [`Warehouse::stage`], from a query over the same dataset, computed in the warehouse.
    async fn stage_query(
        &self,
        dataset: &Dataset,
        query: &Query,
        table: &str,
    ) -> Result<Box<dyn Staged>, WarehouseError>;

    /// Asks a query; everything it returns is kept in memory.
    async fn query(&self, dataset: &Dataset, query: &Query) -> Result<Answer, WarehouseError>;

    /// Asks a query whose answer may be large.
    async fn stream(&self, dataset: &Dataset, query: &Query) -> Result<Rows, WarehouseError>;

    /// Makes sure that a replace under this name, which a writer that died may have sent or may yet
    /// send, changes nothing from now on: it is kept from being done, or stopped and waited for.
    /// Says whether it was done. Backends whose work ends with the process have nothing to do.
    async fn spoil(&self, _job: &str) -> Result<bool, WarehouseError> {
        Ok(false)
    }

    /// Deletes the dataset and all its tables; does nothing where it does not exist.
    async fn drop_dataset(&self, dataset: &Dataset) -> Result<(), WarehouseError>;

    /// Succeeds when the backend answers.
    async fn ping(&self) -> Result<(), WarehouseError>;

    /// Replaces a scope with rows, atomically; the same call again changes nothing.
    async fn replace(
        &self,
        dataset: &Dataset,
        table: &str,
        scope: &Scope,
        rows: Arc<dyn Batches>,
    ) -> Result<Replaced, WarehouseError> {
        self.stage(dataset, table, rows, &[]).await?.replace(scope).await
    }

    /// Replaces a scope with what a query returns, atomically.
    async fn materialize(
        &self,
        dataset: &Dataset,
        query: &Query,
        table: &str,
        scope: &Scope,
    ) -> Result<Replaced, WarehouseError> {
        self.stage_query(dataset, query, table).await?.replace(scope).await
    }
}
