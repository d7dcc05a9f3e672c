//! Datasets: where they are, and their labels.

use std::collections::BTreeMap;

use google_cloud_bigquery_v2::model::{Dataset, DatasetReference};
use google_cloud_gax::options::RequestOptionsBuilder as _;

use super::{
    BigQuery,
    failure::{explain, is_duplicate, is_missing},
};
use crate::warehouse::WarehouseError;

type Labels = BTreeMap<String, String>;

impl BigQuery {
    pub(super) async fn make_dataset(
        &self,
        id: &str,
        labels: &Labels,
    ) -> Result<(), WarehouseError> {
        let name = DatasetReference::new().set_project_id(self.project()).set_dataset_id(id);
        let dataset = Dataset::new()
            .set_dataset_reference(name)
            .set_location(&self.0.options.location)
            .set_labels(labels.clone());
        let request = self.clients().datasets().await?.insert_dataset();
        let request = request.set_project_id(self.project()).set_dataset(dataset);
        match Box::pin(request.with_idempotency(true).send()).await {
            Ok(_) => Ok(()),
            Err(error) if is_duplicate(&error) => Ok(()),
            Err(error) => Err(explain(error)),
        }
    }

    pub(super) async fn labels_of(&self, id: &str) -> Result<Option<Labels>, WarehouseError> {
        let request = self.clients().datasets().await?.get_dataset();
        let request = request.set_project_id(self.project()).set_dataset_id(id);
        match Box::pin(request.send()).await {
            Ok(dataset) => Ok(Some(dataset.labels.into_iter().collect())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(explain(error)),
        }
    }

    /// Fails where the dataset does not exist.
    pub(super) async fn require_dataset(&self, id: &str) -> Result<(), WarehouseError> {
        match self.labels_of(id).await? {
            Some(_) => Ok(()),
            None => Err(WarehouseError::NoSuchDataset(id.to_owned())),
        }
    }

    pub(super) async fn remove_dataset(&self, id: &str) -> Result<(), WarehouseError> {
        self.0.columns.forget_dataset(id);
        let request = self.clients().datasets().await?.delete_dataset();
        let request =
            request.set_project_id(self.project()).set_dataset_id(id).set_delete_contents(true);
        match Box::pin(request.send()).await {
            Ok(()) => Ok(()),
            Err(error) if is_missing(&error) => Ok(()),
            Err(error) => Err(explain(error)),
        }
    }

    pub(super) async fn list_one_dataset(&self) -> Result<(), WarehouseError> {
        let request = self.clients().datasets().await?.list_datasets();
        let request = request.set_project_id(self.project()).set_max_results(1_u32);
        Box::pin(request.send()).await.map(drop).map_err(explain)
    }
}
