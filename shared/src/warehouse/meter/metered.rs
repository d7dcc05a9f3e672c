//! The trait of the warehouse behind a meter: the same answers, counted.

use std::{collections::BTreeMap, sync::Arc};

use arrow::array::RecordBatch;
use async_trait::async_trait;

use super::Meter;
use crate::warehouse::{
    Answer, Applied, Batches, Dataset, Description, Query, Rows, Staged, TableSchema, ViewSchema,
    Warehouse, WarehouseError,
};

#[async_trait]
impl Warehouse for Meter {
    async fn create_dataset(
        &self,
        dataset: &Dataset,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError> {
        self.inner.create_dataset(dataset, labels).await
    }

    async fn dataset_labels(
        &self,
        dataset: &Dataset,
    ) -> Result<Option<BTreeMap<String, String>>, WarehouseError> {
        self.inner.dataset_labels(dataset).await
    }

    async fn describe(&self, dataset: &Dataset) -> Result<Description, WarehouseError> {
        self.inner.describe(dataset).await
    }

    async fn apply_table(
        &self,
        dataset: &Dataset,
        schema: &TableSchema,
    ) -> Result<Applied, WarehouseError> {
        self.inner.apply_table(dataset, schema).await
    }

    async fn apply_view(&self, dataset: &Dataset, view: &ViewSchema) -> Result<(), WarehouseError> {
        self.inner.apply_view(dataset, view).await
    }

    async fn append(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: RecordBatch,
    ) -> Result<(), WarehouseError> {
        self.inner.append(dataset, table, rows).await
    }

    async fn stage(
        &self,
        dataset: &Dataset,
        table: &str,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        self.inner.stage(dataset, table, rows, constants).await
    }

    async fn stage_query(
        &self,
        dataset: &Dataset,
        query: &Query,
        table: &str,
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        let staged = self.inner.stage_query(dataset, query, table).await?;
        self.count(dataset, query, &staged.stats());
        Ok(staged)
    }

    async fn query(&self, dataset: &Dataset, query: &Query) -> Result<Answer, WarehouseError> {
        let answer = self.inner.query(dataset, query).await?;
        self.count(dataset, query, &answer.stats);
        Ok(answer)
    }

    async fn stream(&self, dataset: &Dataset, query: &Query) -> Result<Rows, WarehouseError> {
        let rows = self.inner.stream(dataset, query).await?;
        self.count(dataset, query, &rows.stats);
        Ok(rows)
    }

    async fn spoil(&self, job: &str) -> Result<bool, WarehouseError> {
        self.inner.spoil(job).await
    }

    async fn drop_dataset(&self, dataset: &Dataset) -> Result<(), WarehouseError> {
        self.inner.drop_dataset(dataset).await
    }

    async fn ping(&self) -> Result<(), WarehouseError> {
        self.inner.ping().await
    }
}
