//! A warehouse whose process dies after a write.

use std::{collections::BTreeMap, sync::Arc};

use arrow::array::RecordBatch;
use async_trait::async_trait;

use super::CrashPoint;
use crate::warehouse::{
    Answer, Applied, Batches, Dataset, Description, Query, QueryStats, Replaced, Rows, Scope,
    Staged, TableSchema, ViewSchema, Warehouse, WarehouseError,
};

/// The tables of another warehouse, reached by a process that dies. Staging is no write: nobody
/// sees it; replacing is one.
#[derive(Debug)]
pub struct CrashingWarehouse {
    inner: Arc<dyn Warehouse>,
    point: CrashPoint,
}

impl CrashingWarehouse {
    /// `inner` until `point`.
    #[must_use]
    pub fn new(inner: Arc<dyn Warehouse>, point: CrashPoint) -> Self {
        Self { inner, point }
    }

    fn staged(&self, inner: Box<dyn Staged>) -> Box<dyn Staged> {
        Box::new(CrashingStaged { inner, point: self.point.clone() })
    }
}

struct CrashingStaged {
    inner: Box<dyn Staged>,
    point: CrashPoint,
}

#[async_trait]
impl Staged for CrashingStaged {
    fn rows(&self) -> u64 {
        self.inner.rows()
    }

    fn stats(&self) -> QueryStats {
        self.inner.stats()
    }

    async fn replace(self: Box<Self>, scope: &Scope) -> Result<Replaced, WarehouseError> {
        self.point.alive().await;
        let done = self.inner.replace(scope).await?;
        self.point.wrote().await;
        Ok(done)
    }

    async fn replace_as(
        self: Box<Self>,
        scope: &Scope,
        job: &str,
    ) -> Result<Replaced, WarehouseError> {
        self.point.alive().await;
        let done = self.inner.replace_as(scope, job).await?;
        self.point.wrote().await;
        Ok(done)
    }
}

#[async_trait]
impl Warehouse for CrashingWarehouse {
    async fn create_dataset(
        &self,
        dataset: &Dataset,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError> {
        self.point.alive().await;
        self.inner.create_dataset(dataset, labels).await?;
        self.point.wrote().await;
        Ok(())
    }

    async fn dataset_labels(
        &self,
        dataset: &Dataset,
    ) -> Result<Option<BTreeMap<String, String>>, WarehouseError> {
        self.point.alive().await;
        self.inner.dataset_labels(dataset).await
    }

    async fn describe(&self, dataset: &Dataset) -> Result<Description, WarehouseError> {
        self.point.alive().await;
        self.inner.describe(dataset).await
    }

    async fn apply_table(
        &self,
        dataset: &Dataset,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        self.point.alive().await;
        let applied = self.inner.apply_table(dataset, schema).await?;
        if applied != Applied::Unchanged {
            self.point.wrote().await;
        }
        Ok(applied)
    }

    async fn apply_view(&self, dataset: &Dataset, view: &ViewSchema) -> Result<(), WarehouseError> {
        self.point.alive().await;
        self.inner.apply_view(dataset, view).await?;
        self.point.wrote().await;
        Ok(())
    }

    async fn append(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: RecordBatch,
    ) -> Result<(), WarehouseError> {
        self.point.alive().await;
        self.inner.append(dataset, table, rows).await?;
        self.point.wrote().await;
        Ok(())
    }

    async fn stage(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        self.point.alive().await;
        Ok(self.staged(self.inner.stage(dataset, table, rows, constants).await?))
    }

    async fn stage_query(
        &self,
        dataset: &Dataset,
        query: &Query,
        table: &str,
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        self.point.alive().await;
        Ok(self.staged(self.inner.stage_query(dataset, query, table).await?))
    }

    async fn query(&self, dataset: &Dataset, query: &Query) -> Result<Answer, WarehouseError> {
        self.point.alive().await;
        self.inner.query(dataset, query).await
    }

    async fn stream(&self, dataset: &Dataset, query: &Query) -> Result<Rows, WarehouseError> {
        self.point.alive().await;
        self.inner.stream(dataset, query).await
    }

    async fn spoil(&self, job: &str) -> Result<bool, WarehouseError> {
        self.point.alive().await;
        let done = self.inner.spoil(job).await?;
        self.point.wrote().await;
        Ok(done)
    }

    async fn drop_dataset(&self, dataset: &Dataset) -> Result<(), WarehouseError> {
        self.point.alive().await;
        self.inner.drop_dataset(dataset).await?;
        self.point.wrote().await;
        Ok(())
    }

    async fn ping(&self) -> Result<(), WarehouseError> {
        self.point.alive().await;
        self.inner.ping().await
    }
}
