//! The warehouse of a function that is not linked with the backend its settings name.

use std::{collections::BTreeMap, sync::Arc};

use arrow::array::RecordBatch;
use async_trait::async_trait;

use super::{
    Answer, Applied, Batches, Dataset, Description, Query, Rows, Staged, TableSchema, ViewSchema,
    Warehouse, WarehouseError,
};

/// Refuses everything, saying what to run instead: `/health` still answers.
#[derive(Debug)]
pub struct AbsentWarehouse {
    /// The setting, as in `duckdb:./data/convergence.duckdb`.
    pub url: String,
}

impl AbsentWarehouse {
    fn refuse<T>(&self) -> Result<T, WarehouseError> {
        Err(WarehouseError::Unavailable(anyhow::anyhow!(
            "this function alone has no embedded warehouse ({}); run `convergence serve`",
            self.url
        )))
    }
}

#[async_trait]
impl Warehouse for AbsentWarehouse {
    async fn create_dataset(
        &self,
        _: &Dataset,
        _: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError> {
        self.refuse()
    }

    async fn dataset_labels(
        &self,
        _: &Dataset,
    ) -> Result<Option<BTreeMap<String, String>>, WarehouseError> {
        self.refuse()
    }

    async fn describe(&self, _: &Dataset) -> Result<Description, WarehouseError> {
        self.refuse()
    }

    async fn apply_table(&self, _: &Dataset, _: &TableSchema) -> Result<Applied, WarehouseError> {
        self.refuse()
    }

    async fn apply_view(&self, _: &Dataset, _: &ViewSchema) -> Result<(), WarehouseError> {
        self.refuse()
    }

    async fn append(&self, _: &Dataset, _: &str, _: RecordBatch) -> Result<(), WarehouseError> {
        self.refuse()
    }

    async fn stage(
        &self,
        _: &Dataset,
        _: &str,
        _: Arc<dyn Batches>,
        _: &[(&str, String)],
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        self.refuse()
    }

    async fn stage_query(
        &self,
        _: &Dataset,
        _: &Query,
        _: &str,
    ) -> Result<Box<dyn Staged>, WarehouseError> {
        self.refuse()
    }

    async fn query(&self, _: &Dataset, _: &Query) -> Result<Answer, WarehouseError> {
        self.refuse()
    }

    async fn stream(&self, _: &Dataset, _: &Query) -> Result<Rows, WarehouseError> {
        self.refuse()
    }

    async fn drop_dataset(&self, _: &Dataset) -> Result<(), WarehouseError> {
        self.refuse()
    }

    async fn ping(&self) -> Result<(), WarehouseError> {
        self.refuse()
    }
}
